#!/usr/bin/python3
"""bench/validators.py: spoor verify and the AWS CLI's validator on the same files, which bench/verify.c made: DIR NAME, for each a `name value unit` line.

Rates, of inflated bytes and of files, are by CPU time, so that they are a core's, however busy the machine is.

The validator's traversal, checks and words are the CLI's own; only its clients read a folder, so that neither network nor
server is in its time: it is faster here than it is at work."""
import contextlib
import io
import json
import os
import resource
import subprocess
import sys
import time

try:
    from awscli.customizations.cloudtrail import validation
except ImportError:
    sys.exit("bench/validators.py: Debian's awscli is needed")

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit"


class Folder:
    """What the validator asks of S3 and CloudTrail, from a folder."""

    def __init__(self, home):
        self.bucket = os.path.join(home, "bucket")
        with open(os.path.join(home, "keys.json"), encoding="utf-8") as file:
            self.keys = json.load(file)
        with open(os.path.join(home, "signatures.json"), encoding="utf-8") as file:
            self.signatures = json.load(file)

    def get_client(self, _bucket):
        return self

    def get_paginator(self, _operation):
        return self

    def paginate(self, Marker="", **_where):
        return self.pages(Marker)

    def pages(self, marker):
        outer = self

        class Pages:
            def search(self, _expression):
                return [key for key in sorted(outer.signatures) if key > marker]

            def __iter__(self):
                return iter([{"Contents": [{"Key": key} for key in self.search("")]}])

        return Pages()

    def get_object(self, Bucket, Key):
        del Bucket
        metadata = {"signature": self.signatures[Key], "signature-algorithm": "SHA256withRSA"} if Key in self.signatures else {}
        return {"Body": open(os.path.join(self.bucket, Key), "rb"), "Metadata": metadata}

    def list_public_keys(self, **_range):
        return self.keys

    def describe_trails(self, **_which):
        return {"trailList": [{"TrailARN": ARN, "S3BucketName": "audit-logs"}]}


class Validator(validation.CloudTrailValidateLogs):
    def __init__(self, folder):
        self.__dict__.update(trail_arn=ARN, is_verbose=False, s3_bucket="audit-logs", s3_prefix=None, account_id=None, organization_client=None,
                             s3_client_provider=folder, cloudtrail_client=folder, _source_region="us-east-1", _valid_digests=0,
                             _invalid_digests=0, _valid_logs=0, _invalid_logs=0, _is_last_status_double_space=True, _found_end_time=None)
        self.start_time, self.end_time = (validation.normalize_date(validation.parse_date(text)) for text in ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"))
        self._found_start_time = self.start_time


def run_cli(home):
    validator = Validator(Folder(home))
    start, cpu = time.monotonic(), time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        validator._call()
    spent, cpu = time.monotonic() - start, time.process_time() - cpu
    assert validator._invalid_logs == validator._invalid_digests == 0, "the CLI finds fault"
    return spent, cpu, validator._valid_logs


def run_spoor(home, *flags):
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([os.path.join(ROOT, "build/spoor"), "verify", os.path.join(home, "bucket"), "--public-keys", os.path.join(home, "keys.json"),
                           "--expect-head", os.path.join(home, "head.json"), "--format", "json", *flags], capture_output=True, text=True)
    spent, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    report = json.loads(done.stdout)
    assert done.returncode == 0 and report["verdict"] == "sound", done.stdout + done.stderr
    return spent, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, report


def show(name, spent, cpu, report):
    print(f"{name} {spent:.2f} s", f"{name}_rate {report['inflatedBytes'] / cpu / 1e9:.3f} GB/s",
          f"{name}_files {report['logFiles'] / cpu:.0f} files/s", sep="\n", flush=True)


def main(home, name):
    run_spoor(home)                         # the files are in memory for all
    show(f"verify_{name}_one_core", *run_spoor(home, "--threads", "1"))
    spent, cpu, report = run_spoor(home)
    show(f"verify_{name}_all_cores", spent, cpu, report)
    spent, cpu, logs = run_cli(home)
    assert logs == report["logFiles"], "the CLI saw other files"
    show(f"validate_logs_{name}", spent, cpu, report)


main(*sys.argv[1:])
