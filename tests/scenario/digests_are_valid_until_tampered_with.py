#!/usr/bin/python3
"""tests/scenario/digests_are_valid_until_tampered_with.py: a trail signs its log files over hours of a lab's clock, through stop, start and another bucket; the
AWS CLI's own validator and `spoor verify` call everything valid, and every tampering by its name."""
import base64
import contextlib
import datetime
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from harness import BIN, HERE, Server, tap, until

TWO_HOURS = datetime.timedelta(hours=2)
FAST = {"SPOOR_DELIVERY_INTERVAL": "1", "SPOOR_DIGEST_INTERVAL": "3600"}      # seconds of the lab's clock


class Lab:
    """A lab with a trail that signs, and short ways to look at what it wrote."""

    def __init__(self, tap, server):
        self.tap, self.server = tap, server
        self.s3, self.trails = server.client("s3"), server.client("cloudtrail")
        self.offset = datetime.timedelta()
        self.arn = f"arn:aws:cloudtrail:us-east-1:{server.account}:trail/audit"
        self.prefix, self.made, self.validator = "", 0, None

    def create(self, **more):
        self.s3.create_bucket(Bucket="audit-logs")
        self.prefix = more["S3KeyPrefix"] + "/" if "S3KeyPrefix" in more else ""
        self.trails.create_trail(Name="audit", S3BucketName="audit-logs", EnableLogFileValidation=True, **more)
        self.trails.start_logging(Name="audit")

    def now(self):
        return (datetime.datetime.now(datetime.timezone.utc) + self.offset).replace(microsecond=0)

    def step(self, hours):
        self.server.get("/_spoor/clock", "POST", json.dumps({"advance": f"{hours * 3600}s"}).encode())
        self.offset += datetime.timedelta(hours=hours)

    def keys(self, kind, bucket="audit-logs", region="us-east-1"):
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=f"{self.prefix}AWSLogs/{self.server.account}/{kind}/{region}/")
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def wait_for(self, count, kind="CloudTrail-Digest", **where):
        """Until there are so many, by their keys."""
        until(lambda: len(self.keys(kind, **where)) >= count, f"{count} of {kind}")
        keys = self.keys(kind, **where)
        self.tap.equal(len(keys), count, f"{count} of {kind} {where or ''}")
        return keys

    def call(self, region="us-east-1"):
        """Something to record, and its log file."""
        logs = len(self.keys("CloudTrail", region=region))
        self.made += 1
        trails = self.server.client("cloudtrail", region=region)
        trails.describe_trails(trailNameList=[f"number-{self.made}"])
        until(lambda: len(self.keys("CloudTrail", region=region)) > logs, "a log file")

    def digest(self, key, bucket="audit-logs"):
        answer = self.s3.get_object(Bucket=bucket, Key=key)
        return json.loads(gzip.decompress(answer["Body"].read())), answer["Metadata"]

    def validate(self, start, region="us-east-1"):
        """Exit status of validate-logs up to now, and all that it prints."""
        if not self.validator:                   # ends with its standard input
            self.validator = subprocess.Popen(["/usr/bin/python3", os.path.join(HERE, "validate_logs.py")], stdin=subprocess.PIPE,
                                              stdout=subprocess.PIPE, text=True, env=self.server.environment())
        print(json.dumps([self.server.url, self.arn, iso(start), iso(self.now()), region]), file=self.validator.stdin, flush=True)
        return json.loads(self.validator.stdout.readline())


def counts(text):
    """(valid digests, all, valid logs, all) as the validator printed them."""
    found = {kind: (int(valid), int(total)) for valid, total, kind in re.findall(r"^(\d+)/(\d+) (digest|log) files valid", text, re.M)}
    return found.get("digest", (0, 0)) + found.get("log", (0, 0))


def iso(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


# ---- a trail's life ----

def a_trail_is_valid_through_stop_start_and_another_bucket(tap):
    with Server(tap, env=FAST) as server:
        lab = Lab(tap, server)
        begin = lab.now()
        lab.create(IsMultiRegionTrail=True)
        first, = lab.wait_for(1)
        body, metadata = lab.digest(first)
        tap.equal(sorted(metadata), ["signature", "signature-algorithm"], "a digest's metadata")
        facts = lab.s3.head_object(Bucket="audit-logs", Key=first)
        tap.equal([facts[name] for name in ("ContentType", "ContentEncoding", "ServerSideEncryption")], ["application/json", "gzip", "AES256"],
                  "and what else its object says")
        tap.equal((metadata["signature-algorithm"], len(metadata["signature"])), ("SHA256withRSA", 512), "is its signature")
        tap.equal(seconds(body["digestEndTime"]) - seconds(body["digestStartTime"]), datetime.timedelta(hours=1), "the first covers the hour before")
        tap.equal([body[name] for name in body if name.startswith("previous")] + [body["logFiles"], body["newestEventTime"]],
                  [None] * 5 + [[], None], "follows nothing and lists nothing")
        started = lab.trails.get_trail_status(Name="audit")["StartLoggingTime"].replace(microsecond=0)
        tap.equal(seconds(body["digestEndTime"]), started.astimezone(datetime.timezone.utc).replace(tzinfo=None), "and ends when logging began")

        lab.call()
        lab.call("eu-north-1")
        lab.step(1)
        lab.wait_for(2)
        lab.wait_for(2, region="eu-north-1")
        lab.step(3)
        here = lab.wait_for(5)
        windows = [lab.digest(key)[0] for key in here]
        tap.equal([one["digestEndTime"] for one in windows[:-1]], [one["digestStartTime"] for one in windows[1:]], "no second is left out")
        tap.equal({seconds(one["digestEndTime"]) - seconds(one["digestStartTime"]) for one in windows}, {datetime.timedelta(hours=1)},
                  "each hour that was missed has a digest of its own")

        lab.call()
        lab.trails.stop_logging(Name="audit")
        last = lab.wait_for(6)[-1]
        body, _ = lab.digest(last)
        tap.check(body["logFiles"] and seconds(body["digestEndTime"]) - seconds(body["digestStartTime"]) < datetime.timedelta(minutes=30),
                  "StopLogging closes the window early", body)
        names = {record["eventName"] for entry in body["logFiles"] for record in json.loads(gzip.decompress(
            lab.s3.get_object(Bucket=entry["s3Bucket"], Key=entry["s3Object"])["Body"].read()))["Records"]}
        tap.check("StopLogging" in names, "behind the record of StopLogging", names)
        lab.wait_for(6, region="eu-north-1")
        lab.step(2)
        lab.trails.start_logging(Name="audit")
        body, _ = lab.digest(lab.wait_for(7)[-1])
        tap.equal(body["previousDigestS3Object"], None, "a restart begins a chain")
        lab.wait_for(7, region="eu-north-1")

        lab.call()
        lab.s3.create_bucket(Bucket="vault", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        lab.trails.update_trail(Name="audit", S3BucketName="vault")
        lab.step(1)
        moved, = lab.wait_for(1, bucket="vault")
        body, _ = lab.digest(moved, "vault")
        tap.equal((body["previousDigestS3Bucket"], body["digestS3Bucket"]), ("audit-logs", "vault"), "the chain goes on in another bucket")
        before = {key for bucket in ("audit-logs", "vault") for key in lab.keys("CloudTrail", bucket)}
        lab.step(1)
        lab.wait_for(2, bucket="vault")
        lab.wait_for(2, bucket="vault", region="eu-north-1")

        for region in "us-east-1", "eu-north-1":
            status, text = lab.validate(begin - TWO_HOURS, region)
            digests = sum(len(lab.keys("CloudTrail-Digest", bucket, region)) for bucket in ("audit-logs", "vault"))
            listed = sum(len(lab.digest(key, bucket)[0]["logFiles"]) for bucket in ("audit-logs", "vault")
                         for key in lab.keys("CloudTrail-Digest", bucket, region))
            tap.equal((status, counts(text)), (0, (digests, digests, listed, listed)), f"validate-logs finds all of {region} valid")
            tap.equal(text.count("No log files were delivered"), 1, "and the time between stop and start")
            if region == "us-east-1":
                tap.equal({key for key in before if f"/{key}\tvalid" not in text}, set(), "every log file is under a digest")
        newer_cli(tap, lab, begin)


def newer_command():
    """A CLI beside Debian's that takes every service's endpoint from the environment; None if there is none."""
    path = os.pathsep.join(place for place in os.environ.get("PATH", "").split(os.pathsep) if place not in ("/usr/bin", "/bin"))
    command = shutil.which("aws", path=path)
    version = subprocess.run([command, "--version"], capture_output=True, text=True, check=False).stdout if command else ""
    found = re.search(r"botocore/1\.(\d+)", version), re.search(r"aws-cli/2\.(\d+)", version)
    is_new = (found[0] and int(found[0][1]) >= 31) or (found[1] and int(found[1][1]) >= 13)
    return command if is_new else None


def newer_cli(tap, lab, begin):
    """validate-logs itself, where it can be told whom to ask."""
    command = newer_command()
    if not command:
        tap.skip("a newer AWS CLI's own validate-logs", "there is none on PATH")
        return
    env = {**lab.server.environment(), "PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": lab.server.url}
    done = subprocess.run([command, "cloudtrail", "validate-logs", "--trail-arn", lab.arn, "--start-time", iso(begin - TWO_HOURS),
                           "--end-time", iso(lab.now()), "--verbose"], capture_output=True, text=True, env=env, check=False)
    digests = len(lab.keys("CloudTrail-Digest")) + len(lab.keys("CloudTrail-Digest", "vault"))
    tap.equal((done.returncode, counts(done.stdout)[:2]), (0, (digests, digests)), "a newer AWS CLI's own validate-logs says so too")


# ---- tampering ----

class Tampering:
    """Two log files, six digests; each change is undone before the next."""

    def __init__(self, tap, lab, begin):
        self.tap, self.lab, self.begin = tap, lab, begin
        self.digests = lab.keys("CloudTrail-Digest")
        self.logs = lab.keys("CloudTrail")
        self.listing = [key for key in self.digests if lab.digest(key)[0]["logFiles"]]
        self.log = lab.digest(self.listing[0])[0]["logFiles"][0]["s3Object"]
        self.folder = os.path.join(lab.server.home, "copy")
        self.public_keys, self.head = (os.path.join(lab.server.home, name) for name in ("keys.json", "head.json"))
        body, metadata = lab.digest(self.digests[-1])
        with open(self.head, "w") as file:
            json.dump({"s3Object": body["digestS3Object"], "signature": metadata["signature"]}, file)

    def keys_file(self):
        status, answer, stderr = self.lab.server.aws("cloudtrail", "list-public-keys", "--start-time", "2000-01-01", "--end-time", "2100-01-01")
        with open(self.public_keys, "w") as file:
            json.dump(answer, file)
        return status, stderr

    def sync(self):
        """By the CLI once; then what it would have done, without a process that takes two seconds to begin."""
        if not os.path.isdir(self.folder):
            status, _, stderr = self.lab.server.aws("s3", "sync", "--only-show-errors", "s3://audit-logs", self.folder)
            self.tap.equal((status, stderr), (0, ""), "aws s3 sync")
            return
        shutil.rmtree(self.folder)
        for page in self.lab.s3.get_paginator("list_objects_v2").paginate(Bucket="audit-logs"):
            for key in (entry["Key"] for entry in page["Contents"] if not entry["Key"].endswith("/")):
                os.makedirs(os.path.dirname(os.path.join(self.folder, key)), exist_ok=True)
                self.lab.s3.download_file("audit-logs", key, os.path.join(self.folder, key))

    @contextlib.contextmanager
    def undone(self, *keys):
        kept = [self.lab.s3.get_object(Bucket="audit-logs", Key=key) for key in keys]
        bodies = [answer["Body"].read() for answer in kept]
        yield
        for key, answer, body in zip(keys, kept, bodies):
            self.put(key, body, answer["Metadata"])

    def put(self, key, body, metadata=None):
        self.lab.s3.put_object(Bucket="audit-logs", Key=key, Body=body, ContentType="application/json", ContentEncoding="gzip",
                               Metadata=metadata or {})

    def delete(self, *keys):
        for key in keys:
            self.lab.s3.delete_object(Bucket="audit-logs", Key=key)

    def look(self, name, theirs, ours):
        """`theirs`: what validate-logs must print, by (file, words), () for exit 0; `ours`: what spoor verify must find, by (finding, key)."""
        status, text = self.lab.validate(self.begin - TWO_HOURS)
        lines = [line for line in text.splitlines() if "INVALID:" in line]
        good = status == (1 if theirs else 0) and len(lines) == len(theirs) and all(
            any(f"/{key}\t{words}" in line for line in lines) for key, words in theirs)
        self.tap.check(good, f"{name}: validate-logs", f"exit {status}\n{text}")
        self.sync()
        self.look_ours(f"{name}: spoor verify of a copy", ours, self.folder, "--public-keys", self.public_keys, "--expect-head", self.head)
        self.look_ours(f"{name}: spoor verify of the trail", ours, "--trail", self.lab.arn, "--endpoint", self.lab.server.url)

    def look_ours(self, name, wanted, *arguments):
        """`wanted`: what must be found, by (finding, key); () for exit 0."""
        done = subprocess.run([BIN, "verify", *arguments, "--format", "json"], capture_output=True, text=True, check=False,
                              env=self.lab.server.environment())
        report = json.loads(done.stdout or '{"problems": []}')
        found = [(problem["finding"], problem.get("key", "")) for problem in report["problems"]]
        self.tap.check(done.returncode == (1 if wanted else 0) and set(wanted) <= set(found), name,
                       f"exit {done.returncode}, wanted {wanted}\n{done.stderr}{json.dumps(report, indent=1)}")


def every_tampering_is_found(tap):
    with Server(tap, env=FAST) as server:
        lab = Lab(tap, server)
        begin = lab.now()
        lab.create(S3KeyPrefix="proof")
        lab.wait_for(1)
        for hour in range(4):
            if hour in (0, 2):
                lab.call()
            lab.step(1)
            lab.wait_for(hour + 2)
        lab.call()
        lab.trails.stop_logging(Name="audit")
        lab.wait_for(6)
        here = Tampering(tap, lab, begin)
        tap.equal(here.keys_file(), (0, ""), "aws cloudtrail list-public-keys")
        one, two, three, four, five, newest = here.digests
        log = here.log

        here.look("nothing", (), ())
        with here.undone(log):
            here.put(log, gzip.compress(b'{"Records":[]}'))
            here.look("a changed log file", [(log, "INVALID: hash value doesn't match")], [("log changed", log)])
            here.put(log, b"no gzip")
            here.look("a log file that is none", [(log, "INVALID: invalid format")], [("log format", log)])
            here.delete(log)
            here.look("a deleted log file", [(log, "INVALID: not found")], [("log missing", log)])
        with here.undone(two):
            body, metadata = lab.digest(two)
            body["logFiles"] = []
            here.put(two, gzip.compress(json.dumps(body, separators=(",", ":")).encode()), metadata)
            here.look("a changed digest", [(two, "INVALID: signature verification failed")], [("digest signature", two)])
            here.put(two, b"no gzip", metadata)
            here.look("a digest that is none", [(two, "INVALID: invalid format")], [("digest format", two)])
            body, metadata = lab.digest(one)
            here.put(two, gzip.compress(json.dumps(body, separators=(",", ":")).encode()), metadata)
            here.look("a digest in another's place", [(two, "INVALID: has been moved from its original location")], [("digest moved", two)])
            here.delete(two)
            here.look("a deleted digest", [(two, "INVALID: not found")], [("digest missing", two)])
        with here.undone(three, four):
            here.delete(three, four)
            here.look("two digests in a row deleted", [(four, "INVALID: not found")], [("digest missing", four)])
        with here.undone(newest):
            here.delete(newest)
            here.look("the newest digest deleted", (), [("newest digest", newest)])
        with here.undone(four):
            body = lab.s3.get_object(Bucket="audit-logs", Key=four)["Body"].read()
            here.put(four, body, lab.digest(three)[1])
            status, text = lab.validate(begin - TWO_HOURS)
            tap.check(status == 1 and f"/{four}\tINVALID: signature verification failed" in text, "the signature of another digest: validate-logs", text)
            here.look_ours("the signature of another digest: spoor verify of the trail", [("digest chain", four)], "--trail", lab.arn, "--endpoint", server.url)
            here.put(four, body, {})
            status, text = lab.validate(begin - TWO_HOURS)
            tap.check(status == 1 and f"/{four}\tINVALID: signature verification failed" in text, "no signature: validate-logs", text)
            here.look_ours("no signature: spoor verify of the trail", [("digest signature", four)], "--trail", lab.arn, "--endpoint", server.url)
        with here.undone(newest):
            forged = forge(lab, newest)
            here.put(newest, *forged)
            fingerprint = json.loads(gzip.decompress(forged[0]))["digestPublicKeyFingerprint"]
            here.look("a digest signed by somebody else", [(newest, f"INVALID: public key not found in region us-east-1 for fingerprint {fingerprint}")],
                      [("digest key unknown", newest)])
        here.look("all put back", (), ())


def forge(lab, key):
    """The digest without its log files, signed properly by a key that is not the lab's."""
    body, _ = lab.digest(key)
    secret = rsa.generate_private_key(65537, 2048)
    der = secret.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    body.update(logFiles=[], digestPublicKeyFingerprint=hashlib.md5(der).hexdigest())
    text = json.dumps(body, separators=(",", ":")).encode()
    to_sign = "\n".join((body["digestEndTime"], f"{body['digestS3Bucket']}/{key}", hashlib.sha256(text).hexdigest(),
                         body["previousDigestSignature"] or "null"))
    signature = secret.sign(to_sign.encode(), padding.PKCS1v15(), hashes.SHA256()).hex()
    return gzip.compress(text), {"signature": signature, "signature-algorithm": "SHA256withRSA"}


def a_chain_follows_another_prefix_and_a_namesake_writes_over_nothing(tap):
    with Server(tap, env=FAST) as server:
        lab = Lab(tap, server)
        begin = lab.now()
        lab.create()
        lab.wait_for(1)
        lab.s3.put_bucket_policy(Bucket="audit-logs", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": ["s3:GetBucketAcl", "s3:PutObject"],
             "Resource": ["arn:aws:s3:::audit-logs", "arn:aws:s3:::audit-logs/*"]}]}))
        lab.trails.update_trail(Name="audit", S3KeyPrefix="proof/2")
        lab.step(1)
        lab.prefix = "proof/2/"
        second, = lab.wait_for(1)
        tap.check("previousDigestS3Object" in lab.digest(second)[0] and not lab.digest(second)[0]["previousDigestS3Object"].startswith("proof"),
                  "the next digest names the one under the old prefix")
        status, text = lab.validate(begin - TWO_HOURS)
        tap.equal((status, counts(text)[:2]), (0, (2, 2)), "validate-logs follows it")

        lab.trails.delete_trail(Name="audit")
        lab.trails.create_trail(Name="audit", S3BucketName="audit-logs", S3KeyPrefix="proof/2", EnableLogFileValidation=True)
        lab.trails.start_logging(Name="audit")
        keys = lab.wait_for(3)
        logs = {entry["s3Object"] for key in keys for entry in lab.digest(key)[0]["logFiles"]}
        tap.equal([lab.digest(key)[0]["previousDigestS3Object"] is None for key in keys].count(True), 1, "one of both trails' digests begins a chain")
        names = {record["eventName"] for key in logs for record in json.loads(gzip.decompress(
            lab.s3.get_object(Bucket="audit-logs", Key=key)["Body"].read()))["Records"]}
        tap.check("DeleteTrail" in names, "the last digest of the deleted trail is behind its DeleteTrail", names)
        status, text = lab.validate(begin - TWO_HOURS)
        tap.equal((status, counts(text)[:2]), (0, (4, 4)), "all are valid")


def a_bucket_that_refuses_gets_the_same_digest_later(tap):
    with Server(tap, env=FAST) as server:
        lab = Lab(tap, server)
        begin = lab.now()
        lab.create()
        lab.wait_for(1)
        tap.check("LatestDigestDeliveryTime" in lab.trails.get_trail_status(Name="audit"), "GetTrailStatus has the time of the newest digest")
        kept = lab.s3.get_bucket_policy(Bucket="audit-logs")["Policy"]
        lab.s3.delete_bucket_policy(Bucket="audit-logs")
        lab.step(3)
        until(lambda: "LatestDigestDeliveryError" in lab.trails.get_trail_status(Name="audit"), "the failure")
        tap.equal(lab.trails.get_trail_status(Name="audit").get("LatestDigestDeliveryError"), "AccessDenied", "and S3's error when it cannot be put")
        lab.s3.put_bucket_policy(Bucket="audit-logs", Policy=kept)
        lab.trails.update_trail(Name="audit")
        windows = [lab.digest(key)[0] for key in lab.wait_for(4)]
        tap.equal([one["digestEndTime"] for one in windows[:-1]], [one["digestStartTime"] for one in windows[1:]],
                  "UpdateTrail tries at once, and nothing is left out")
        tap.check("LatestDigestDeliveryError" not in lab.trails.get_trail_status(Name="audit"), "the error is forgotten")
        status, text = lab.validate(begin - TWO_HOURS)
        tap.equal((status, counts(text)[:2]), (0, (4, 4)), "all are valid")


def keys_rotate_and_every_digest_finds_its_own(tap):
    with Server(tap, env={**FAST, "SPOOR_DIGEST_INTERVAL": "86400"}) as server:
        lab = Lab(tap, server)
        begin = lab.now()
        lab.create()
        lab.wait_for(1)
        lab.step(24 * 29)
        lab.wait_for(30)
        lab.step(24 * 35)
        keys = lab.wait_for(65)
        used = []
        for key in keys:
            body, _ = lab.digest(key)
            # as validate-logs asks: for the time that it was told, which a digest's end may pass by an hour
            end = seconds(body["digestEndTime"]).replace(tzinfo=datetime.timezone.utc)
            time = max(end - datetime.timedelta(hours=1), begin + datetime.timedelta(minutes=1))
            there = {one["Fingerprint"] for one in lab.trails.list_public_keys(StartTime=time, EndTime=time)["PublicKeyList"]}
            if body["digestPublicKeyFingerprint"] not in there:
                tap.check(False, "the key is valid an hour before the digest's end", (body, there))
            if body["digestPublicKeyFingerprint"] not in used:
                used.append(body["digestPublicKeyFingerprint"])
        everything = {"StartTime": datetime.datetime(2000, 1, 1), "EndTime": datetime.datetime(2100, 1, 1)}
        listed = [one["Fingerprint"] for one in lab.trails.list_public_keys(**everything)["PublicKeyList"]]
        tap.equal(used, listed, f"{len(listed)} keys have signed, one after the other")
        status, text = lab.validate(begin - datetime.timedelta(days=2))
        tap.equal((status, counts(text)[:2]), (0, (65, 65)), "validate-logs finds all valid over the rotation")


def keys_are_listed_as_clients_read_them(tap):
    with Server(tap) as server:
        trails = server.client("cloudtrail")
        until(lambda: trails.list_public_keys()["PublicKeyList"], "the first key")
        key, = trails.list_public_keys()["PublicKeyList"]
        tap.equal(hashlib.md5(key["Value"]).hexdigest(), key["Fingerprint"], "the fingerprint is the MD5 of the DER")
        serialization.load_der_public_key(key["Value"])
        tap.equal(key["ValidityEndTime"] - key["ValidityStartTime"], datetime.timedelta(days=31), "a key is valid for 31 days")
        _, answer, _ = server.aws("cloudtrail", "list-public-keys")
        tap.equal(base64.b64decode(answer["PublicKeyList"][0]["Value"]), key["Value"], "the CLI gets base64 once")
        server.get("/_spoor/clock", "POST", b'{"advance": "100d"}')
        everything = {"StartTime": datetime.datetime(2000, 1, 1), "EndTime": datetime.datetime(2100, 1, 1)}
        until(lambda: len(trails.list_public_keys(**everything)["PublicKeyList"]) > 1, "the next key")
        old, new = trails.list_public_keys(**everything)["PublicKeyList"]
        tap.equal(old, key, "old keys stay")
        tap.check(new["ValidityStartTime"] < old["ValidityEndTime"] and new["ValidityEndTime"] - old["ValidityEndTime"] > datetime.timedelta(days=90),
                  "and no time is without one", (old, new))
        server.restart()
        tap.equal([one["Fingerprint"] for one in server.client("cloudtrail").list_public_keys(**everything)["PublicKeyList"]],
                  [old["Fingerprint"], new["Fingerprint"]], "a restart makes none")
        server.get("/_spoor/reset", "POST")
        trails = server.client("cloudtrail")
        until(lambda: trails.list_public_keys()["PublicKeyList"], "a key after the reset")
        key, = trails.list_public_keys()["PublicKeyList"]
        tap.check(key["Fingerprint"] not in (old["Fingerprint"], new["Fingerprint"]), "a reset forgets them and makes another", key)


tap.run(a_trail_is_valid_through_stop_start_and_another_bucket, every_tampering_is_found,
        a_chain_follows_another_prefix_and_a_namesake_writes_over_nothing, a_bucket_that_refuses_gets_the_same_digest_later,
        keys_rotate_and_every_digest_finds_its_own, keys_are_listed_as_clients_read_them)
