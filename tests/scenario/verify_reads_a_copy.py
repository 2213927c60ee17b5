#!/usr/bin/python3
"""tests/scenario/verify_reads_a_copy.py: spoor verify on a copy of a bucket: the published reference chain, sound and then tampered with, as a person would ask."""
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import tempfile

from harness import BIN, tap

VALUE = (
    "MIIBCgKCAQEAvZcrEWQw8WrKuyTNsv7w2bAddgjwsLLLpQusHl9YgQT05TuKYt7OlLTU4keb6A3qwN8IJl2cEC5zNm1SEJy4lMd0OiXNB/dqrkj4z3Yw8u/3"
    "aa+ZzJXdsvONXcvb280oO5jzb2Y0uPriStUO3lEuZRE5bPzQO2KpP/Rpv7jSnZtUKwx8DtsXKFbf2c/NC5DHrXJJF9lJjh6nnruWGBIik5d3XdeCMolQ3jWI"
    "x3rO7ZWR8h5LH1C9JblhTRNJSl/kP1Xy8dtFNDKB6GHVEsBESX0Wt5SrEXcEjc8OpRkcDo23z3XrNQ1TsRczDJgRCFgg+Fwt5vHB29P7s6Au/ZuJIQIDAQAB")
SIGNATURES = (
    "8a080ef2a4a9ae21f5bf2750cdb8f4cfb369db20c47dfddb04172646a9b47502285be79d5991cc4a8d5b7680dad1ed2bcce80962006b6638b3bfd785"
    "61bb4d49d7af69db33b4ce51165b2ff6371db1272665a4904b9630b4a1cb54bfdb984f3a8d55a307204ce9f3042dca4ec6416601a4652e690fcb9d6b"
    "70cb7dc494626f99bfc3471873ca4b11cdea20201b39f1efc910a2146f25598510845efd83a148e2624cdaacbcac617c1cc7722a5b60602d2a271f7e"
    "7cb17401c4ea4d8e1186f33dd786b42a4abf4a5967651126e40f1cb800a6179328f31c1abea9ca137a3c86f4cc25a4b1ddf9ebe5721a506ba04ab4a0"
    "713f468f7a8c01de659f0c2193f1bd9d"), (
    "bb325f101f12631a4c9807dc3b26a23a4d11ff5e84ffd7ca78f8d0a354a24bc506ad7d063752a86ccca58e0cd3bb228a8d9b4f9e61ade03081728f20"
    "69cb9c7ef408e184afdca12d544c5b01c61d17143969bb86e5017e98d700c81160becdcd7d58bcf9a646f5a630283e24238bdb49a315315ea96175e4"
    "5d20ccb146392448efd9e967fe0665be90adcb8601f8d061faca728e8058020228bcf8a3c3a2e77db782999cead2520bcc5c28af2864b116f0b2250f"
    "762c4f91fb275e41a08353a4f745dc686af7b960473d2d4ca7d77cd511e759c5890c5cc871ecefcc038d8e0ada3c91bb3c84777113b0374fd56a6d92"
    "fd6ce19b7cb1cc73daf719a6c7a2c842")
FINGERPRINT = "db751860a3b8171155214c5903123683"
BUCKET = "spoor-vector-bucket"
DIGEST = ("AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/01/15/"
          "111122223333_CloudTrail-Digest_us-east-1_vec-trail_us-east-1_%s.json.gz")
LOG = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/15/111122223333_CloudTrail_us-east-1_20260115T1005Z_AAAAAAAAAAAAAAAA.json.gz"


def digest(start, end, name, newest, oldest, previous, files):
    keys = ("previousDigestS3Bucket", "previousDigestS3Object", "previousDigestHashValue", "previousDigestHashAlgorithm",
            "previousDigestSignature")
    body = {"awsAccountId": "111122223333", "digestStartTime": start, "digestEndTime": end, "digestS3Bucket": BUCKET,
            "digestS3Object": name, "digestPublicKeyFingerprint": FINGERPRINT, "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": newest, "oldestEventTime": oldest}
    body.update(zip(keys, previous))
    body["logFiles"] = files
    return json.dumps(body, separators=(",", ":")).encode()


def put(root, key, data):
    path = os.path.join(root, key)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with gzip.open(path, "wb") as file:
        file.write(data)


def make(root):
    one, two = DIGEST % "20260115T100000Z", DIGEST % "20260115T110000Z"
    first = digest("2026-01-15T09:00:00Z", "2026-01-15T10:00:00Z", one, None, None, [None] * 5, [])
    log = b'{"Records":[]}'
    times = {"newestEventTime": "2026-01-15T10:04:00Z", "oldestEventTime": "2026-01-15T10:01:00Z"}
    listed = {"s3Bucket": BUCKET, "s3Object": LOG, "hashValue": hashlib.sha256(log).hexdigest(), "hashAlgorithm": "SHA-256", **times}
    second = digest("2026-01-15T10:00:00Z", "2026-01-15T11:00:00Z", two, times["newestEventTime"], times["oldestEventTime"],
                    [BUCKET, one, hashlib.sha256(first).hexdigest(), "SHA-256", SIGNATURES[0]], [listed])
    put(root, one, first)
    put(root, two, second)
    put(root, LOG, log)
    return two


def verify(*arguments):
    done = subprocess.run([BIN, "verify", *arguments], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def a_copy_is_verified(tap):
    home = tempfile.mkdtemp(prefix="spoor-verify-")
    try:
        root, keys, head = (os.path.join(home, name) for name in ("bucket", "keys.json", "head.json"))
        newest = make(root)
        with open(keys, "w") as file:
            json.dump({"PublicKeyList": [{"Value": VALUE, "Fingerprint": FINGERPRINT, "ValidityStartTime": 1768435200.0}]}, file)
        with open(head, "w") as file:
            json.dump({"s3Object": newest, "signature": SIGNATURES[1]}, file)

        code, out, err = verify(root, "--public-keys", keys, "--expect-head", head)
        tap.equal((code, out.splitlines()[-1], err), (0, "sound", ""), "the reference chain is sound")
        tap.check("2 of 2 digests valid, 1 of 1 log files valid: 0 records" in out, "both digests and the log file are valid", out)
        code, out, _ = verify(root, "--public-keys", keys)
        tap.equal((code, out.splitlines()[-1]), (3, "could not tell"), "without the head it cannot tell")
        code, out, _ = verify(root, "--public-keys", keys, "--expect-head", head, "--format", "json")
        report = json.loads(out)
        tap.equal((code, report["version"], report["verdict"], report["digestsValid"], report["problems"]), (0, 1, "sound", 2, []),
                  "json says the same")

        put(root, LOG, b'{"Records":[{}]}')
        code, out, _ = verify(root, "--public-keys", keys, "--expect-head", head)
        tap.equal((code, out.split("\t")[:2], out.splitlines()[-1]), (1, ["log changed", LOG], "NOT SOUND"),
                  "a changed log file is found")
        put(root, LOG, b'{"Records":[]}')
        os.unlink(os.path.join(root, newest))
        code, out, _ = verify(root, "--public-keys", keys, "--expect-head", head, "--format", "json")
        tap.equal((code, [p["finding"] for p in json.loads(out)["problems"]][:1]), (1, ["newest digest"]),
                  "a deleted newest digest is found")

        for arguments, words in (((), "which folder"), ((root,), "--public-keys"), ((root, "--publik"), "unknown flag"),
                                 ((root, "--public-keys", keys, "--format", "xml"), "text or json"),
                                 ((root, "--public-keys", keys, "--start", "then"), "--start is a time"),
                                 ((root, "--public-keys", keys, "--threads", "0"), "--threads is 1 to")):
            code, _, err = verify(*arguments)
            tap.check(code == 2 and words in err, "exit 2: " + words, (code, err))
        for arguments, words in (((home + "/absent", "--public-keys", keys), "absent"), ((root, "--public-keys", head), "PublicKeyList"),
                                 ((root, "--public-keys", home + "/absent"), "absent")):
            code, _, err = verify(*arguments)
            tap.check(code == 3 and words in err, "exit 3: " + words, (code, err))
    finally:
        shutil.rmtree(home)


tap.run(a_copy_is_verified)
