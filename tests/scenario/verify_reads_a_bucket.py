#!/usr/bin/python3
"""tests/scenario/verify_reads_a_bucket.py: spoor verify over HTTP: a bucket behind a server, sound, tampered with in every way, refused, and absent."""
import base64
import concurrent.futures
import gzip
import hashlib
import json
import os
import subprocess

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from harness import BIN, Server, tap

ACCOUNT, BUCKET, HOURS = "111122223333", "audit-logs", 6
DIGEST = f"logs/AWSLogs/{ACCOUNT}/CloudTrail-Digest/us-east-1/2026/01/15/{ACCOUNT}_CloudTrail-Digest_us-east-1_audit_us-east-1_20260115T%02d0000Z.json.gz"
LOG = f"logs/AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2026/01/15/{ACCOUNT}_CloudTrail_us-east-1_20260115T%02d30Z_AAAAAAAAAAAAAAA%d.json.gz"


class Files:
    """A chain of digests, each with a log file, as a trail puts them; kept, so that whatever is tampered with is put back."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        der = self.key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
        self.fingerprint = hashlib.md5(der).hexdigest()
        self.keys = {"PublicKeyList": [{"Value": base64.b64encode(der).decode(), "Fingerprint": self.fingerprint}]}
        self.objects = {}
        previous = [None] * 5
        for hour in range(HOURS):
            log = json.dumps({"Records": [{"eventID": str(hour)}] * (hour + 1)}).encode()
            self.objects[LOG % (hour, hour)] = (gzip.compress(log), {})
            previous = self.digest(hour, log, previous)

    def digest(self, hour, log, previous, bucket=BUCKET):
        name, times = DIGEST % (hour + 1), {"newestEventTime": f"2026-01-15T{hour:02}:10:00Z", "oldestEventTime": f"2026-01-15T{hour:02}:05:00Z"}
        body = {"awsAccountId": ACCOUNT, "digestStartTime": f"2026-01-15T{hour:02}:00:00Z", "digestEndTime": f"2026-01-15T{hour + 1:02}:00:00Z",
                "digestS3Bucket": bucket, "digestS3Object": name, "digestPublicKeyFingerprint": self.fingerprint,
                "digestSignatureAlgorithm": "SHA256withRSA", **times}
        body.update(zip(("previousDigestS3Bucket", "previousDigestS3Object", "previousDigestHashValue", "previousDigestHashAlgorithm",
                         "previousDigestSignature"), previous))
        body["logFiles"] = [{"s3Bucket": bucket, "s3Object": LOG % (hour, hour), "hashValue": hashlib.sha256(log).hexdigest(),
                             "hashAlgorithm": "SHA-256", **times}]
        text = json.dumps(body, separators=(",", ":")).encode()
        digest = hashlib.sha256(text).hexdigest()
        to_sign = "\n".join([body["digestEndTime"], f"{bucket}/{name}", digest, previous[4] or "null"])
        signature = self.key.sign(to_sign.encode(), padding.PKCS1v15(), hashes.SHA256()).hex()
        self.objects[name] = (gzip.compress(text), {"signature": signature, "signature-algorithm": "SHA256withRSA"})
        return [bucket, name, digest, "SHA-256", signature]


def verify(server, *arguments, **env):
    environment = {**server.environment(), "AWS_ENDPOINT_URL": server.url, **env}
    done = subprocess.run([BIN, "verify", *arguments], capture_output=True, text=True, env=environment)
    return done.returncode, done.stdout, done.stderr


def findings(server, *arguments):
    code, out, err = verify(server, *arguments, "--format", "json")
    return code, sorted(problem["finding"] for problem in json.loads(out)["problems"]) if out else err


def a_bucket_is_verified(tap):
    files = Files()
    with Server(tap) as server:
        s3 = server.client("s3")
        keys = os.path.join(server.home, "keys.json")
        with open(keys, "w") as file:
            json.dump(files.keys, file)

        def put(key, body=None, metadata=None, bucket=BUCKET):
            stored = files.objects.get(key, (b"", {}))
            s3.put_object(Bucket=bucket, Key=key, Body=stored[0] if body is None else body,
                          Metadata=stored[1] if metadata is None else metadata)

        s3.create_bucket(Bucket=BUCKET)
        for key in files.objects:
            put(key)
        s3.put_object(Bucket=BUCKET, Key="elsewhere/AWSLogs/x", Body=b"not under the prefix")
        place = f"s3://{BUCKET}/logs/"
        code, out, err = verify(server, place, "--public-keys", keys)
        tap.equal((code, out.splitlines()[-1], err), (0, "sound", ""), "the chain is sound, signatures and all")
        tap.check("6 of 6 digests valid, 6 of 6 log files valid: 21 records" in out, "everything was read", out)
        code, out, _ = verify(server, f"s3://{BUCKET}", "--public-keys", keys, "--format", "json")
        tap.equal((code, json.loads(out)["otherObjects"]), (0, 1), "the whole bucket too, with one object that is neither")

        third, fourth, last = DIGEST % 3, DIGEST % 4, DIGEST % HOURS
        log = LOG % (2, 2)
        text = gzip.decompress(files.objects[third][0])
        for name, tamper, restore, want in (
                ("a log file with other records", lambda: put(log, gzip.compress(b'{"Records":[]}')), [log], ["log changed"]),
                ("a log file that is no gzip", lambda: put(log, b'{"Records":[]}'), [log], ["log format"]),
                ("a log file that is gone", lambda: s3.delete_object(Bucket=BUCKET, Key=log), [log], ["log missing"]),
                ("a log file compressed anew", lambda: put(log, gzip.compress(gzip.decompress(files.objects[log][0]), 1)), [log], []),
                ("a log file more", lambda: put(LOG % (3, 9), gzip.compress(b'{"Records":[]}')), [], ["log unlisted"]),
                ("a digest with other bytes", lambda: put(third, gzip.compress(text.replace(b"02:10:00", b"02:11:00"))), [third],
                 ["digest chain", "digest signature"]),
                ("a digest that is no gzip", lambda: put(third, b"x"), [third], ["digest format", "log unlisted"]),
                ("a digest without its signature", lambda: put(third, metadata={}), [third], ["digest chain", "digest signature"]),
                ("the newest digest without its signature", lambda: put(last, metadata={}), [last], ["digest signature"]),
                ("a digest that is gone", lambda: s3.delete_object(Bucket=BUCKET, Key=third), [third], ["digest missing", "log unlisted"]),
                ("two digests that are gone", lambda: [s3.delete_object(Bucket=BUCKET, Key=key) for key in (third, fourth)], [third, fourth],
                 ["digest missing", "log unlisted", "log unlisted"]),
                ("a digest under another name", lambda: put((DIGEST % 3).replace("030000Z", "031500Z"), *files.objects[third]), [],
                 ["digest moved"])):
            tamper()
            got = findings(server, place, "--public-keys", keys)
            tap.equal(got, (1 if want else 0, want), name)
            for key in restore:
                put(key)
            for key in (LOG % (3, 9), (DIGEST % 3).replace("030000Z", "031500Z")):
                s3.delete_object(Bucket=BUCKET, Key=key)
        tap.equal(findings(server, place, "--public-keys", keys), (0, []), "put back, all is sound again")

        s3.delete_object(Bucket=BUCKET, Key=last)
        s3.delete_object(Bucket=BUCKET, Key=LOG % (5, 5))
        tap.equal(findings(server, place, "--public-keys", keys), (0, []), "nothing in a bucket tells that its newest digest is gone")
        head = os.path.join(server.home, "head.json")
        with open(head, "w") as file:
            json.dump({"s3Object": last, "signature": files.objects[last][1]["signature"]}, file)
        tap.equal(findings(server, place, "--public-keys", keys, "--expect-head", head), (1, ["newest digest"]), "the expected head tells")
        put(last)
        put(LOG % (5, 5))

        s3.create_bucket(Bucket="copies")
        for key in files.objects:
            put(key, bucket="copies")
        code, got = findings(server, "s3://copies/logs/", "--public-keys", keys)
        tap.check(code == 1 and got.count("digest moved") == HOURS, "digests in another bucket were moved", (code, got))

        code, _, err = verify(server, "s3://nowhere", "--public-keys", keys)
        tap.check(code == 3 and "NoSuchBucket" in err, "exit 3: a bucket that is not there", (code, err))
        code, _, err = verify(server, place, "--public-keys", keys, AWS_SECRET_ACCESS_KEY="wrong")
        tap.check(code == 3 and "SignatureDoesNotMatch" in err, "exit 3: a wrong secret", (code, err))
        code, _, err = verify(server, place, AWS_ENDPOINT_URL="http://127.0.0.1:1")
        tap.check(code == 3 and "127.0.0.1:1" in err, "exit 3: nobody listens", (code, err))
        credentials = server.new_user("reader", {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]})
        code, out, _ = verify(server, place, "--public-keys", keys, "--format", "json", AWS_ACCESS_KEY_ID=credentials["AccessKeyId"],
                              AWS_SECRET_ACCESS_KEY=credentials["SecretAccessKey"])
        tap.equal((code, {problem["finding"] for problem in json.loads(out)["problems"]}), (3, {"unreadable"}),
                  "who may list and not read cannot tell")
        for arguments, words in (((place, server.home), "one at a time"), (("s3://",), "s3://audit-logs"), (("--trail", "audit"), "ARN"),
                                 ((server.home, "--endpoint", server.url, "--public-keys", keys), "--endpoint is for"),
                                 ((place, "--endpoint", "ftp://x"), "no URL")):
            code, _, err = verify(server, *arguments)
            tap.check(code == 2 and words in err, "exit 2: " + words, (code, err))


def a_bucket_of_many_pages_is_verified(tap):
    files = Files()
    with Server(tap) as server:
        s3 = server.client("s3", max_pool_connections=8)
        s3.create_bucket(Bucket=BUCKET)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:         # they sort before the digests: those are on the second page
            list(pool.map(lambda number: s3.put_object(Bucket=BUCKET, Key=f"logs/AWSLogs/+ {number} ü", Body=b""), range(1001)))
        for name, (body, metadata) in files.objects.items():
            s3.put_object(Bucket=BUCKET, Key=name, Body=body, Metadata=metadata)
        keys = os.path.join(server.home, "keys.json")
        with open(keys, "w") as file:
            json.dump(files.keys, file)
        code, out, err = verify(server, f"s3://{BUCKET}/logs/", "--public-keys", keys, "--format", "json")
        report = json.loads(out)
        tap.equal((code, report["digestsValid"], report["logFilesValid"], report["otherObjects"]), (0, HOURS, HOURS, 1001),
                  "all pages were read")


def a_bucket_behind_tls_is_verified(tap):
    files = Files()
    here = os.path.dirname(os.path.abspath(__file__))
    certificate, key = os.path.join(here, "tls", "test-only.crt"), os.path.join(here, "tls", "test-only.key")
    with Server(tap, flags=["--tls-cert", certificate, "--tls-key", key]) as server:
        s3 = server.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        for name, (body, metadata) in files.objects.items():
            s3.put_object(Bucket=BUCKET, Key=name, Body=body, Metadata=metadata)
        keys = os.path.join(server.home, "keys.json")
        with open(keys, "w") as file:
            json.dump(files.keys, file)
        code, out, err = verify(server, f"s3://{BUCKET}", "--public-keys", keys, AWS_CA_BUNDLE=certificate)
        tap.equal((code, out.splitlines()[-1:], err), (0, ["sound"], ""), "over TLS")
        environment = {**server.environment(), "AWS_ENDPOINT_URL": server.url}
        environment.pop("AWS_CA_BUNDLE", None)
        done = subprocess.run([BIN, "verify", f"s3://{BUCKET}", "--public-keys", keys], capture_output=True, text=True, env=environment)
        tap.check(done.returncode == 3 and "certificate" in done.stderr, "exit 3: a certificate that nobody vouches for", done.stderr)


tap.run(a_bucket_is_verified, a_bucket_of_many_pages_is_verified, a_bucket_behind_tls_is_verified)
