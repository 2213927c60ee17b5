#!/usr/bin/python3
"""tests/scenario/s3_tools_agree.py: the programs that people move files with: Debian's AWS CLI, s3cmd, rclone and, where there is
one, a newer CLI; buckets as paths and as host names, plain and over TLS."""
import hashlib
import json
import os
import shutil
import subprocess
import urllib.request

from harness import DEADLINE_S, HERE, Server, tap
from s3_wire import journal_records

CERTIFICATE = os.path.join(HERE, "tls/test-only.crt")
TLS = ["--tls-cert", CERTIFICATE, "--tls-key", os.path.join(HERE, "tls/test-only.key")]
MEBIBYTE = 1 << 20
DOMAIN = "s3.spoor.test"                   # resolved by nobody: the tools reach it through the server as their proxy


class Tool:
    """A program with its settings, run in the server's home; `ok` checks that it succeeds and gives what it printed."""

    def __init__(self, tap, server, *command, **environment):
        self.tap, self.server, self.command, self.environment = tap, server, list(command), environment

    def run(self, *words, **more):
        return subprocess.run([*self.command, *words], capture_output=True, cwd=self.server.home, timeout=10 * DEADLINE_S,
                              env={**self.server.environment(), **self.environment}, **more)

    def ok(self, name, *words, **more):
        done = self.run(*words, **more)
        self.tap.check(done.returncode == 0, name, (done.stdout + done.stderr).decode(errors="replace"))
        return done.stdout.decode(errors="replace")


def make_tree(home):
    """A folder `tree` of files small, large, empty and with difficult names; its files with their hashes."""
    files = {"small": b"text\n", "empty": b"", "sub/deep/er": os.urandom(300_000), "a b+c&d=é": b"named", "large": os.urandom(17 * MEBIBYTE + 3)}
    for name, content in files.items():
        path = os.path.join(home, "tree", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    return hashes(os.path.join(home, "tree"))


def hashes(folder):
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(place, name), "rb") as file:
                found[os.path.relpath(os.path.join(place, name), folder)] = hashlib.sha256(file.read()).hexdigest()
    return found


def keys(server, bucket):
    answer = server.client("s3").list_objects_v2(Bucket=bucket)
    return {entry["Key"]: entry["Size"] for entry in answer.get("Contents", [])}


def put_count(server):
    return len([record for record in journal_records(server, "PutObject") if "errorCode" not in record])


def the_command_line(tap, server, command, name):
    aws = Tool(tap, server, command, "--endpoint-url", server.url)
    tree, home = make_tree(server.home), server.home
    aws.ok(f"{name}: mb", "s3", "mb", "s3://cli")
    aws.ok(f"{name}: sync up", "s3", "sync", "--no-progress", "tree", "s3://cli/t")
    tap.equal(set(keys(server, "cli")), {f"t/{file}" for file in tree}, f"{name}: every file is an object")
    tap.equal(aws.ok(f"{name}: sync again", "s3", "sync", "--no-progress", "tree", "s3://cli/t"), "", f"{name}: nothing is sent twice")
    aws.ok(f"{name}: sync down", "s3", "sync", "--no-progress", "s3://cli/t", "back")
    tap.equal(hashes(os.path.join(home, "back")), tree, f"{name}: the same bytes come back")
    os.remove(os.path.join(home, "tree/small"))
    aws.ok(f"{name}: sync --delete", "s3", "sync", "--no-progress", "--delete", "tree", "s3://cli/t")
    tap.check("t/small" not in keys(server, "cli"), f"{name}: what is gone is deleted")
    aws.ok(f"{name}: mv", "s3", "mv", "--no-progress", "s3://cli/t/large", "s3://cli/moved")
    tap.equal(keys(server, "cli").get("moved"), 17 * MEBIBYTE + 3, f"{name}: moved by copying its parts")
    aws.ok(f"{name}: cp from a pipe", "s3", "cp", "-", "s3://cli/piped", input=b"p" * (9 * MEBIBYTE))
    tap.equal(aws.ok(f"{name}: cp to a pipe", "s3", "cp", "s3://cli/piped", "-"), "p" * (9 * MEBIBYTE), f"{name}: through pipes")
    aws.ok(f"{name}: get-object with a range", "s3api", "get-object", "--bucket", "cli", "--key", "moved", "--range", "bytes=8388600-8388615", "range")
    with open(os.path.join(home, "range"), "rb") as part, open(os.path.join(home, "back/large"), "rb") as whole:
        whole.seek(8388600)
        tap.equal(part.read(), whole.read(16), f"{name}: across two parts")
    aws.ok(f"{name}: cp with headers", "s3", "cp", "--no-progress", "back/small", "s3://cli/h", "--content-type", "text/x",
           "--metadata", "Colour=blue", "--acl", "bucket-owner-full-control")
    head = json.loads(aws.ok(f"{name}: head-object", "s3api", "head-object", "--bucket", "cli", "--key", "h", "--output", "json"))
    tap.equal((head["ContentType"], head["Metadata"]), ("text/x", {"colour": "blue"}), f"{name}: headers are kept")
    done = aws.run("s3", "cp", "--no-progress", "back/small", "s3://cli/h", "--acl", "public-read")
    tap.check(done.returncode == 1 and b"AccessControlListNotSupported" in done.stderr, f"{name}: a public ACL", done.stderr)
    aws.ok(f"{name}: rm --recursive", "s3", "rm", "--recursive", "--quiet", "s3://cli")
    tap.equal(keys(server, "cli"), {}, f"{name}: nothing is left")
    aws.ok(f"{name}: rb", "s3", "rb", "s3://cli")
    return aws


def debians_command_line(tap):
    with Server(tap) as server:
        aws = the_command_line(tap, server, "/usr/bin/aws", "aws")
        server.client("s3").create_bucket(Bucket="shown")
        aws.ok("aws: cp", "s3", "cp", "back/small", "s3://shown/k")
        url = aws.ok("aws: presign", "s3", "presign", "s3://shown/k", "--expires-in", "60").strip()
        with urllib.request.urlopen(url, timeout=DEADLINE_S) as answer:
            tap.equal(answer.read(), b"text\n", "its URL is good for anybody")


def over_tls_bodies_are_streamed(tap):
    """Plain HTTP carries the hash of the body in its head; over TLS the CLI sends trailers, and signs transfer-encoding (trap 6)."""
    with Server(tap, flags=TLS) as server:
        make_tree(server.home)
        aws = Tool(tap, server, "/usr/bin/aws", "--endpoint-url", server.url)
        aws.ok("a bucket", "s3", "mb", "s3://secure")
        for algorithm in ("CRC32", "SHA1", "SHA256"):
            out = json.loads(aws.ok(f"{algorithm} as a trailer", "s3api", "put-object", "--bucket", "secure", "--key", algorithm, "--body",
                                    "tree/sub/deep/er", "--checksum-algorithm", algorithm, "--output", "json"))
            with open(os.path.join(server.home, "tree/sub/deep/er"), "rb") as file:
                content = file.read()
            tap.check(out.get(f"Checksum{algorithm}"), "is told again", out)
            aws.ok("and checked on the way back", "s3api", "get-object", "--bucket", "secure", "--key", algorithm, "--checksum-mode", "ENABLED", "got")
            with open(os.path.join(server.home, "got"), "rb") as file:
                tap.check(file.read() == content, "the bytes are those that were sent")
            head = server.client("s3").head_object(Bucket="secure", Key=algorithm)
            tap.check("ContentEncoding" not in head and head["ContentLength"] == len(content), "without their chunks", head)
        aws.ok("a large file, in parts", "s3", "cp", "--no-progress", "tree/large", "s3://secure/large")
        aws.ok("and back", "s3", "cp", "--no-progress", "s3://secure/large", "back")
        tap.equal(hashes(server.home)["back"], hashes(os.path.join(server.home, "tree"))["large"], "are the same")


def a_newer_command_line(tap):
    """Sends checksums with everything, and no MD5; over TLS as trailers."""
    path = os.pathsep.join(place for place in os.environ.get("PATH", "").split(os.pathsep) if place not in ("/usr/bin", "/bin"))
    command = shutil.which("aws", path=path)
    version = subprocess.run([command, "--version"], capture_output=True, text=True).stdout if command else ""
    if "botocore/1." not in version and "aws-cli/2." not in version:
        tap.skip("a newer AWS CLI", "there is only Debian's")
        return
    for flags in ([], TLS):
        with Server(tap, flags=flags) as server:
            scheme = server.url.split(":")[0]
            environment = server.environment
            server.environment = lambda *args, **more: {**environment(*args, **more), "PATH": os.environ["PATH"]}
            if flags:
                the_command_line(tap, server, command, "newer aws")
            aws = Tool(tap, server, command, "--endpoint-url", server.url)
            server.client("s3").create_bucket(Bucket="sums")
            aws.ok(f"newer aws: cp over {scheme}", "s3", "cp", "-", "s3://sums/k", input=b"text")
            sums = server.client("s3").head_object(Bucket="sums", Key="k", ChecksumMode="ENABLED")["ResponseMetadata"]["HTTPHeaders"]
            tap.check("x-amz-checksum-crc32" in sums or "x-amz-checksum-crc64nvme" in sums, f"its checksum is kept over {scheme}", sums)
            tap.equal(aws.ok(f"newer aws: and back over {scheme}", "s3", "cp", "s3://sums/k", "-"), "text", "and checked on the way back")


def s3cmd_of(tap, server, by_host):
    program = shutil.which("s3cmd", path="/usr/bin:/bin")
    host = f"127.0.0.1:{server.port}"
    settings = {"access_key": server.key, "secret_key": server.secret, "use_https": "False", "multipart_chunk_size_mb": "5",
                "host_base": DOMAIN if by_host else host, "host_bucket": f"%(bucket)s.{DOMAIN}" if by_host else host}
    if by_host:
        settings.update(proxy_host="127.0.0.1", proxy_port=str(server.port))
    path = os.path.join(server.home, "s3cfg")
    with open(path, "w") as file:
        file.write("[default]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items()))
    return program and Tool(tap, server, program, "--config", path, "--no-progress")


def s3cmd_by(tap, by_host):
    style = "by host name" if by_host else "by path"
    with Server(tap, flags=["--s3-domains", DOMAIN] if by_host else []) as server:
        s3cmd = s3cmd_of(tap, server, by_host)
        if not s3cmd:
            tap.skip(f"s3cmd {style}", "not installed")
            return
        tree = make_tree(server.home)
        s3cmd.ok(f"s3cmd {style}: mb", "mb", "s3://tool")
        s3cmd.ok(f"s3cmd {style}: put", "put", "tree/sub/deep/er", "s3://tool/once")
        tap.equal(put_count(server), 1, "an upload is sent once (trap 79)")
        s3cmd.ok(f"s3cmd {style}: sync up", "sync", "tree/", "s3://tool/t/")
        tap.equal({key for key in keys(server, "tool") if key != "once"}, {f"t/{name}" for name in tree}, "every file is an object")
        s3cmd.ok(f"s3cmd {style}: sync down", "sync", "s3://tool/t/", "back/")
        tap.equal(hashes(os.path.join(server.home, "back")), tree, "the same bytes come back")
        before = put_count(server)
        s3cmd.ok(f"s3cmd {style}: sync again", "sync", "tree/", "s3://tool/t/")
        tap.equal(put_count(server), before, "nothing is sent twice")
        tap.check("DIR" in s3cmd.ok(f"s3cmd {style}: ls", "ls", "s3://tool/t/"), "folders are folded")
        tap.check("MD5 sum" in s3cmd.ok(f"s3cmd {style}: info", "info", "s3://tool/once"), "it is told the MD5")
        done = s3cmd.run("cp", "s3://tool/once", "s3://tool/twice")
        tap.check(b"AccessControlListNotSupported" in done.stderr, "its copies name an ACL, which a new bucket refuses, as on AWS", done.stderr)
        server.client("s3").put_bucket_ownership_controls(Bucket="tool", OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
        s3cmd.ok(f"s3cmd {style}: cp", "cp", "s3://tool/once", "s3://tool/twice")
        s3cmd.ok(f"s3cmd {style}: mv", "mv", "s3://tool/twice", "s3://tool/a b/thrice")
        tap.check("a b/thrice" in keys(server, "tool"), "copies and moves")
        s3cmd.ok(f"s3cmd {style}: modify", "modify", "--add-header=Cache-Control:no-cache", "s3://tool/once")
        head = server.client("s3").head_object(Bucket="tool", Key="once")
        tap.equal(head.get("CacheControl"), "no-cache", "headers are changed by a copy onto itself")
        s3cmd.ok(f"s3cmd {style}: del", "del", "--recursive", "--force", "s3://tool/")
        tap.equal(keys(server, "tool"), {}, "nothing is left")
        s3cmd.ok(f"s3cmd {style}: rb", "rb", "s3://tool")


def s3cmd_by_path_and_by_host(tap):
    s3cmd_by(tap, False)
    s3cmd_by(tap, True)


def rclone_by(tap, by_host):
    style = "by host name" if by_host else "by path"
    with Server(tap, flags=["--s3-domains", DOMAIN] if by_host else []) as server:
        program = shutil.which("rclone", path="/usr/bin:/bin")
        if not program:
            tap.skip(f"rclone {style}", "not installed")
            return
        proxy = {"HTTP_PROXY": server.url} if by_host else {}
        rclone = Tool(tap, server, program, "--config", "/dev/null", "--s3-provider=Other", "--s3-region=us-east-1", "--s3-env-auth",
                      "--s3-acl=bucket-owner-full-control", "--s3-bucket-acl=private", "--s3-upload-cutoff=6M", "--s3-chunk-size=5M", "--retries=1", "--low-level-retries=1",
                      f"--s3-endpoint={'http://' + DOMAIN if by_host else server.url}", f"--s3-force-path-style={'false' if by_host else 'true'}",
                      **proxy)
        tree = make_tree(server.home)
        rclone.ok(f"rclone {style}: mkdir", "mkdir", ":s3:tool")
        rclone.ok(f"rclone {style}: sync up", "sync", "tree", ":s3:tool/t")
        tap.equal(set(keys(server, "tool")), {f"t/{name}" for name in tree}, "every file is an object")
        rclone.ok(f"rclone {style}: check", "check", "tree", ":s3:tool/t")
        rclone.ok(f"rclone {style}: check --download", "check", "--download", "tree", ":s3:tool/t")
        rclone.ok(f"rclone {style}: sync down", "sync", ":s3:tool/t", "back")
        tap.equal(hashes(os.path.join(server.home, "back")), tree, "the same bytes come back")
        before = put_count(server)
        rclone.ok(f"rclone {style}: sync again", "sync", "tree", ":s3:tool/t")
        tap.equal(put_count(server), before, "nothing is sent twice")
        rclone.ok(f"rclone {style}: moveto", "moveto", ":s3:tool/t/large", ":s3:tool/moved")
        tap.equal(keys(server, "tool").get("moved"), 17 * MEBIBYTE + 3, "moved by a copy")
        tap.equal(rclone.ok(f"rclone {style}: cat", "cat", "--offset=2", "--count=2", ":s3:tool/t/small"), "xt", "a range")
        rclone.ok(f"rclone {style}: rcat", "rcat", ":s3:tool/piped", input=b"p" * (7 * MEBIBYTE))
        tap.equal(keys(server, "tool").get("piped"), 7 * MEBIBYTE, "from a pipe")
        listed = json.loads(rclone.ok(f"rclone {style}: lsjson", "lsjson", "-R", "--hash", ":s3:tool"))
        tap.equal({entry["Path"] for entry in listed if not entry["IsDir"]}, set(keys(server, "tool")), "all are listed")
        rclone.ok(f"rclone {style}: purge", "purge", ":s3:tool")
        tap.equal([bucket["Name"] for bucket in server.client("s3").list_buckets()["Buckets"]], [], "bucket and all")


def rclone_by_path_and_by_host(tap):
    rclone_by(tap, False)
    rclone_by(tap, True)


if __name__ == "__main__":
    tap.run(debians_command_line, over_tls_bodies_are_streamed, a_newer_command_line, s3cmd_by_path_and_by_host, rclone_by_path_and_by_host)
