#!/usr/bin/python3
"""tests/scenario/match_reads_a_bucket.py: spoor match over s3://: what a trail delivers, what AWS's CLI uploads, and a server at its worst."""
import gzip
import http.server
import json
import os
import re
import signal
import subprocess
import threading
import urllib.parse
from xml.sax.saxutils import escape

from harness import BIN, Server, policy, tap, until
from log_files_are_delivered import log_keys, start_trail

ALL = "{ $.eventID = * }"
ACCOUNT = "111122223333"


def match(server, *arguments, **env):
    done = subprocess.run([BIN, "match", *arguments], capture_output=True, text=True,
                          env={**server.environment(), "AWS_ENDPOINT_URL": server.url, **env})
    return done.returncode, done.stdout, done.stderr


def ids(out):
    return [json.loads(line)["eventID"] for line in out.splitlines()]


def key_of(region, day, number):
    return (f"AWSLogs/{ACCOUNT}/CloudTrail/{region}/2026/01/{day:02}/"
            f"{ACCOUNT}_CloudTrail_{region}_202601{day:02}T1005Z_{number:016}.json.gz")


def log_file(region, day, number, count=3):
    records = [{"eventID": f"{region}-{day:02}-{number}-{i}", "eventTime": f"2026-01-{day:02}T10:00:00Z", "awsRegion": region} for i in range(count)]
    return gzip.compress(json.dumps({"Records": records}).encode(), mtime=0)


def a_trails_bucket(tap):
    with Server(tap, flags=["--delivery-interval", "1"]) as server:
        start_trail(server, "audit-logs", IsMultiRegionTrail=True, EnableLogFileValidation=True)
        for i in range(5):
            server.client("iam").create_user(UserName=f"user-{i}")
        server.client("cloudtrail").stop_logging(Name="audit")

        def is_delivered():                                          # the last call that it admits, and all before it
            return len(match(server, "{ $.eventName = StopLogging }", "s3://audit-logs")[1].splitlines()) == 1
        tap.check(until(is_delivered, "the trail's files"), "a call is found in the bucket of its trail")
        tap.equal(len(match(server, "{ $.eventName = CreateUser }", "s3://audit-logs")[1].splitlines()), 5, "and all before it")
        code, _, err = server.aws("s3", "sync", "s3://audit-logs", "copy", "--quiet")
        tap.equal(code, 0, "the bucket is copied by AWS's CLI" + err)
        out = match(server, ALL, "s3://audit-logs")[1]
        tap.check(len(ids(out)) > 5 and out == match(server, ALL, server.home + "/copy")[1], "the bucket and its copy give the same")
        key = log_keys(server.client("s3"), "audit-logs")[-1]
        code, out, err = match(server, "-c", ALL, f"s3://audit-logs/{key}")
        tap.check(code == 0 and out.startswith(f"s3://audit-logs/{key}:"), "one object", (code, out, err))


def uploads_of_the_cli(tap):
    with Server(tap) as server:
        for region in ("eu-west-1", "us-east-1"):
            for day in range(1, 11):
                path = f"{server.home}/logs/{key_of(region, day, 1)}"
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(log_file(region, day, 1))
        extra = {"x/lines.jsonl": b'{"eventID":"1"}\n{"eventID":"2"}\n', "x/r\u00e9 sum\u00e9+%2F&.json": b'[{"eventID":"3"}]',
                 "x/large.jsonl": b"".join(b'{"eventID":"L%d","x":"%s"}\n' % (i, b"y" * 1000) for i in range(9000)), "x/README": b"no logs here"}
        for name, body in extra.items():
            os.makedirs(f"{server.home}/logs/x", exist_ok=True)
            with open(f"{server.home}/logs/{name}", "wb") as file:
                file.write(body)
        server.client("s3").create_bucket(Bucket="logs")
        code, _, err = server.aws("s3", "cp", "--recursive", "--quiet", "logs", "s3://logs")
        tap.equal(code, 0, "AWS's CLI uploads a folder, the large file in parts" + err)
        folder = match(server, ALL, server.home + "/logs")
        code, out, err = match(server, ALL, "s3://logs")
        tap.equal((code, len(ids(out)), out == folder[1]), (0, 60 + 3 + 9000, True), "the bucket gives what the folder gives")
        for text in ("stats count(*) as n by awsRegion | sort n", "fields eventID, @timestamp | limit 100"):
            answers = [subprocess.run([BIN, "query", "--files", place, text], capture_output=True, text=True, env={**server.environment(), "AWS_ENDPOINT_URL": server.url})
                       for place in ("s3://logs", server.home + "/logs")]
            tap.check([a.returncode for a in answers] == [0, 0] and answers[0].stdout == answers[1].stdout != "", "so it does to a query", [a.stdout[:300] + a.stderr for a in answers])
        tap.check("1 file: neither gzip nor JSON\n  s3://logs/x/README\n" in err, "what holds no records is named by its place", err)
        for threads in "1", "3", "64":
            tap.equal(match(server, "--threads", threads, ALL, "s3://logs")[1], out, f"{threads} threads give the same")
        code, out, err = match(server, ALL, "s3://logs/AWSLogs/", "--start", "2026-01-03", "--end", "2026-01-03T23:59:59Z")
        want = [f"{region}-03-1-{i}" for region in ("eu-west-1", "us-east-1") for i in range(3)]
        tap.equal((code, ids(out)), (0, want), "of one day")
        tap.check("in 4 files" in err and "folders: delivered outside the time" in err, "other days are not asked for, but for those around it", err)
        counts = match(server, "-c", ALL, "s3://logs/x/lines", server.home + "/logs/x/lines.jsonl")
        tap.equal(counts[:2], (0, f"s3://logs/x/lines.jsonl:2\n{server.home}/logs/x/lines.jsonl:2\n"), "buckets and folders in one run, in the order given")

        refused(tap, server)


def refused(tap, server):
    reader = server.new_user("reader", policy("Allow", "s3:ListBucket"), policy("Allow", "s3:GetObject", "arn:aws:s3:::logs/x/l*"))
    keys = {"AWS_ACCESS_KEY_ID": reader["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": reader["SecretAccessKey"]}
    code, out, err = match(server, ALL, "s3://logs/x/", **keys)
    tap.equal((code, len(ids(out))), (1, 9002), "what may be read is searched; exit 1")
    tap.check("2 files: access denied" in err and "s3://logs/x/README (AccessDenied: " in err, "what may not is named, with the server's words", err)
    nobody = server.new_user("nobody")
    keys = {"AWS_ACCESS_KEY_ID": nobody["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": nobody["SecretAccessKey"]}
    code, out, err = match(server, ALL, "s3://logs", **keys)
    tap.check(code == 3 and "1 folder: access denied\n  s3://logs (AccessDenied: " in err and "s3:ListBucket" in err, "a bucket that may not be listed", (code, err))
    code, _, err = match(server, ALL, "s3://absent")
    tap.check(code == 3 and "s3://absent (NoSuchBucket: " in err, "no such bucket", (code, err))
    code, _, err = match(server, ALL, "s3://logs/nothing/")
    tap.check(code == 3 and "1 folder: nothing is there\n  s3://logs/nothing/\n" in err, "a prefix that no key has", (code, err))
    code, _, err = match(server, "--strict", ALL, "s3://logs/nothing/")
    tap.equal(code, 1, "--strict refuses that too")
    for words, arguments, env in (("no place such as", ["s3://"], {}), ("no place such as", ["s3://a b/c"], {}), ("which server?", ["s3://logs"], {"AWS_ENDPOINT_URL": ""}),
                                  ("no credentials", ["s3://logs"], {"AWS_ACCESS_KEY_ID": ""}), ("--endpoint is for", ["--endpoint", "http://x", "."], {})):
        code, _, err = match(server, ALL, *arguments, **env)
        tap.check(code == 2 and words in err, f"exit 2: {words}", (code, err))
    with open(server.home + "/credentials", "w") as file:
        file.write(f"[lab]\naws_access_key_id = {server.key}\naws_secret_access_key = {server.secret}\n")
    code, out, _ = match(server, ALL, "s3://logs/x/lines.jsonl", "--profile", "lab", "--endpoint", server.url, AWS_ENDPOINT_URL="",
                         AWS_ACCESS_KEY_ID="", AWS_SHARED_CREDENTIALS_FILE=server.home + "/credentials")
    tap.equal((code, ids(out)), (0, ["1", "2"]), "endpoint and profile by flags")


class Bucket:
    """An S3 that does what a test wants with a key: `faults` has a function that gets the handler and the body."""

    def __init__(self, objects, page=5):
        self.objects, self.page, self.faults, self.requests = objects, page, {}, []
        bucket = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16           # head and body in one piece

            def do_GET(self):
                url = urllib.parse.urlsplit(self.path)
                name, _, key = urllib.parse.unquote(url.path[1:]).partition("/")
                query = dict(urllib.parse.parse_qsl(url.query))
                bucket.requests.append((key, query, self.headers.get("Range")))
                if not key:
                    return self.answer(200, bucket.list(query))
                if key in bucket.faults:
                    return bucket.faults[key](self, bucket.objects.get(key, b""))
                return self.part(bucket.objects[key])

            def part(self, body, tag='"1"'):
                if self.headers.get("If-Match", tag) != tag:
                    return self.error(412, "PreconditionFailed")
                first, last = map(int, re.match(r"bytes=(\d+)-(\d+)", self.headers["Range"]).groups())
                part = body[first:last + 1]
                return self.answer(206, part, {"Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(body)}", "ETag": tag})

            def error(self, status, code):
                return self.answer(status, f"<Error><Code>{code}</Code><Message>As told.</Message></Error>".encode())

            def answer(self, status, body, headers=None, length=None):
                self.send_response(status)
                for header, value in (headers or {}).items():
                    self.send_header(header, value)
                self.send_header("Content-Length", str(len(body) if length is None else length))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def list(self, query):
        after = query.get("continuation-token") or query.get("start-after") or ""
        keys = sorted((key for key in self.objects if key.startswith(query.get("prefix", "")) and key.encode() > after.encode()), key=str.encode)
        page, rest = keys[:self.page], keys[self.page:]
        items = "".join(f"<Contents><Key>{escape(urllib.parse.quote(key))}</Key><LastModified>2026-01-15T10:00:00.000Z</LastModified><Size>{len(self.objects[key])}</Size></Contents>" for key in page)
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if rest else ""
        return (f'<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>{"true" if rest else "false"}</IsTruncated>{items}{token}</ListBucketResult>').encode()

    def environment(self):
        return {"PATH": "/usr/bin:/bin", "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "HOME": "/nonexistent"}

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.server.shutdown()
        self.server.server_close()


def pages_and_jumps(tap):
    objects = {key_of(region, day, number): log_file(region, day, number, 1) for region in ("eu-west-1", "us-east-1") for day in range(1, 21) for number in range(12)}
    objects.update({key.replace("/CloudTrail/", "/CloudTrail-Digest/"): b"x" for key in list(objects)})
    objects.update({key_of("us-east-1", 15, 3) + "\U0001f600": log_file("us-east-1", 15, 99, 1), "AWSLogs/": b"", "AWSLogs\U0001f600/a.json": b'{"eventID":"other"}'})
    with Bucket(objects) as bucket:
        code, out, err = match(bucket, ALL, "s3://b/AWS")
        listed = [query for key, query, _ in bucket.requests if not key]
        want = [f"{region}-{day:02}-{number}-0" for region in ("eu-west-1", "us-east-1") for day in range(1, 21) for number in range(12)]
        want.insert(want.index("us-east-1-15-3-0") + 1, "us-east-1-15-99-0")
        tap.equal((code, ids(out)), (0, want + ["other"]), "every key of a hundred pages, once and in order")
        tap.check(len(listed) < 105, "the digests, a quarter of a hundred pages, are passed over", len(listed))
        tap.check("1 folder: a digest\n" in err and "1 file: empty\n" in err, "and said to be", err)
        tap.equal(match(bucket, "--threads", "1", ALL, "s3://b/AWS")[1], out, "one thread gives the same")
        bucket.requests.clear()
        code, out, err = match(bucket, ALL, "s3://b/AWSLogs/", "--start", "2026-01-15", "--end", "2026-01-15T23:00:00Z")
        listed = [query for key, query, _ in bucket.requests if not key]
        tap.equal(ids(out), [i for i in want if "-15-" in i], "of one day in two regions")
        tap.check(len(listed) < 60, "whole days are passed over, a page each at most", len(listed))


def a_bad_server(tap):
    line = b'{"eventID":"%d","x":"' + b"y" * 1000 + b'"}\n'
    large = b"".join(line % i for i in range(12000))                 # of three parts, and some
    objects = {f"{name}.jsonl": b'{"eventID":"%s"}\n' % name.encode() for name in ("denied", "gone", "good", "once", "short", "whole", "wrong")}
    objects.update({"large.jsonl": large, "mixed.jsonl": large})
    with Bucket(objects) as bucket:
        tried = []

        def short_once(handler, body):
            tried.append(1)
            if len(tried) > 1:
                return handler.part(body)
            handler.answer(206, body[:3], {"Content-Range": f"bytes 0-{len(body) - 1}/{len(body)}"}, len(body))
            handler.close_connection = True

        def short(handler, body):
            handler.answer(206, body[:3], {"Content-Range": f"bytes 0-{len(body) - 1}/{len(body)}"}, len(body))
            handler.close_connection = True

        def replaced(handler, body):
            return handler.part(body, '"1"' if handler.headers["Range"].startswith("bytes=0-") else '"2"')

        bucket.faults = {
            "denied.jsonl": lambda handler, body: handler.error(403, "AccessDenied"), "gone.jsonl": lambda handler, body: handler.error(404, "NoSuchKey"),
            "once.jsonl": short_once, "short.jsonl": short, "whole.jsonl": lambda handler, body: handler.answer(200, body),
            "wrong.jsonl": lambda handler, body: handler.answer(206, body, {"Content-Range": "bytes 5-21/22"}), "mixed.jsonl": replaced,
        }
        code, out, err = match(bucket, "--threads", "1", ALL, "s3://b/")
        got = ids(out)
        tap.equal((code, [i for i in got if not i.isdigit()]), (1, ["good", "once", "whole"]), "what can be had is searched, a lost connection is made again, a server without ranges is read")
        tap.equal(got.count("11999"), 1, "a large object comes in parts")
        tap.equal(sum(key == "large.jsonl" for key, _, _ in bucket.requests), 3, "of 4 MiB, with one thread")
        for words in ("1 file: listed, and gone when it was asked for\n  s3://b/gone.jsonl (NoSuchKey: As told.)\n", "1 file: access denied\n  s3://b/denied.jsonl (AccessDenied: As told.)\n",
                      "s3://b/short.jsonl (127.0.0.1", "the connection ended within a reply)", "s3://b/wrong.jsonl (the server gives another part", "s3://b/mixed.jsonl (PreconditionFailed: "):
            tap.check(words in err, "named: " + words.replace("\n", " "), err)
        tap.check("3 files: could not be read\n" in err, "and counted", err)
        code, out, err = match(bucket, "--strict", ALL, "s3://b/g")
        tap.check(code == 1 and "s3://b/gone.jsonl" in err, "--strict stops at it", (code, err))


def interrupted(tap):
    with Bucket({"slow.json": b"{}"}) as bucket:
        asked, go_on = threading.Event(), threading.Event()

        def slow(handler, body):
            asked.set()
            go_on.wait(60)
            handler.answer(200, body)

        bucket.faults = {"slow.json": slow}
        process = subprocess.Popen([BIN, "match", ALL, "s3://b"], env={**bucket.environment(), "AWS_ENDPOINT_URL": bucket.url}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        asked.wait(60)
        process.send_signal(signal.SIGINT)
        code, err = process.wait(50), process.stderr.read()          # a call that nobody stops waits for a minute
        tap.check(code == 3 and "cancelled" in err and "could not be read" not in err, "Ctrl-C ends a call that waits", (code, err))
        go_on.set()


if __name__ == "__main__":
    tap.run(a_trails_bucket, uploads_of_the_cli, pages_and_jumps, a_bad_server, interrupted)
