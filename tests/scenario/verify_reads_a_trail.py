#!/usr/bin/python3
"""tests/scenario/verify_reads_a_trail.py: spoor verify --trail on what a trail delivered: while it writes, through stop and start and a move, and with its newest digests deleted."""
import gzip
import json
import subprocess
import threading

from harness import BIN, Server, tap, until

FAST = {"SPOOR_DELIVERY_INTERVAL": "1", "SPOOR_DIGEST_INTERVAL": "3600"}      # seconds of the lab's clock


class Lab:
    """A lab with a multi-region trail that signs."""

    def __init__(self, server):
        self.server, self.s3, self.trails = server, server.client("s3"), server.client("cloudtrail")
        self.arn = f"arn:aws:cloudtrail:us-east-1:{server.account}:trail/audit"
        self.s3.create_bucket(Bucket="audit-logs")
        self.trails.create_trail(Name="audit", S3BucketName="audit-logs", S3KeyPrefix="ct", IsMultiRegionTrail=True, EnableLogFileValidation=True)
        self.trails.start_logging(Name="audit")

    def keys(self, kind, region="us-east-1", bucket="audit-logs", prefix="ct/"):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix}AWSLogs/{self.server.account}/{kind}/{region}/")
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def call(self, region="us-east-1", **where):
        logs = len(self.keys("CloudTrail", region, **where))
        self.server.client("cloudtrail", region=region).describe_trails()
        until(lambda: len(self.keys("CloudTrail", region, **where)) > logs, "a log file")

    def ignore_reads(self):
        """What only looks is admitted no more, and what was is delivered: no log file comes while it is counted which there are."""
        def has_told():
            bodies = [self.s3.get_object(Bucket="audit-logs", Key=key)["Body"].read() for key in self.keys("CloudTrail")]
            return any(record["eventName"] == "PutEventSelectors" for body in bodies for record in json.loads(gzip.decompress(body))["Records"])
        self.trails.put_event_selectors(TrailName="audit", EventSelectors=[{"ReadWriteType": "WriteOnly"}])
        until(has_told, "the record of PutEventSelectors")

    def hour(self, *regions, **where):
        """Steps the clock by an hour and waits for a digest more in each region."""
        before = {region: len(self.keys("CloudTrail-Digest", region, **where)) for region in regions}
        self.server.get("/_spoor/clock", "POST", json.dumps({"advance": "3600s"}).encode())
        for region, count in before.items():
            until(lambda: len(self.keys("CloudTrail-Digest", region, **where)) > count, "a digest")

    def take(self, key, bucket="audit-logs"):
        """Deletes an object; gives what puts it back."""
        answer = self.s3.get_object(Bucket=bucket, Key=key)
        body, metadata = answer["Body"].read(), answer["Metadata"]
        self.s3.delete_object(Bucket=bucket, Key=key)
        return lambda: self.s3.put_object(Bucket=bucket, Key=key, Body=body, Metadata=metadata)

    def verify(self, *arguments):
        """Exit status, findings, the whole report."""
        environment = {**self.server.environment(), "AWS_ENDPOINT_URL": self.server.url}
        done = subprocess.run([BIN, "verify", "--trail", self.arn, "--format", "json", *arguments], capture_output=True, text=True, env=environment)
        report = json.loads(done.stdout) if done.stdout else {"problems": []}
        return done.returncode, sorted({problem["finding"] for problem in report["problems"]}), report if done.stdout else done.stderr


def check_data(tap, server):
    """What all that left in the data directory is sound too, and the catalog is what the journal's changes make."""
    server.stop()
    done = subprocess.run([BIN, "verify", "--data", server.data, "--format", "json"], capture_output=True, text=True)
    report = json.loads(done.stdout)
    tap.check(done.returncode == 0 and report["catalogTables"] > 20 and report["objectFilesValid"] > 0, "the data directory is sound", done.stdout)


def a_trail_is_verified_against_what_it_says_of_itself(tap):
    with Server(tap, env=FAST) as server:
        lab = Lab(server)
        for _ in range(2):
            lab.call()
            lab.call("eu-north-1")
            lab.hour("us-east-1", "eu-north-1")
        code, findings, report = lab.verify()
        tap.equal((code, findings), (0, []), "what it delivered is sound")
        tap.check(report["digests"] == report["digestsValid"] == 6 and report["logFiles"] == report["logFilesValid"] >= 4
                  and report["records"] >= report["logFiles"], "digests of two regions, and their log files", report)
        lab.call()
        code, findings, report = lab.verify()
        tap.check(code == 0 and report["logFilesPending"] >= 1, "a log file that is too new for a digest is pending", report)

        newest = lab.keys("CloudTrail-Digest")[-1]
        back = lab.take(newest)
        tap.equal(lab.verify()[:2], (1, ["newest digest"]), "the newest digest is missed")
        logs = [lab.take(key) for key in lab.keys("CloudTrail")[-3:]]
        code, findings, _ = lab.verify()
        tap.check(code == 1 and "newest digest" in findings, "also when its log files went with it", findings)
        for put in [back, *logs]:
            put()
        tap.equal(lab.verify()[:2], (0, []), "put back, all is sound")
        lab.ignore_reads()
        digests = [lab.take(key) for key in lab.keys("CloudTrail-Digest", "eu-north-1")]
        tap.equal(lab.verify()[:2], (1, ["newest digest", "no digest"]), "a region whose digests are all gone is missed")
        logs = [lab.take(key) for key in lab.keys("CloudTrail", "eu-north-1")]
        tap.equal(lab.verify()[:2], (1, ["newest digest"]), "even if its log files went with them")
        for put in digests + logs:
            put()
        two = [lab.take(key) for key in lab.keys("CloudTrail-Digest")[:2]]
        code, findings, _ = lab.verify()
        tap.check(code == 1 and "digest missing" in findings, "two digests in a row", findings)
        for put in two:
            put()
        tap.equal(lab.verify()[:2], (0, []), "put back, all is sound again")
        check_data(tap, server)


def a_trail_is_verified_while_it_writes(tap):
    with Server(tap, env={"SPOOR_DELIVERY_INTERVAL": "1", "SPOOR_DIGEST_INTERVAL": "2"}) as server:
        lab, done = Lab(server), threading.Event()

        def write():
            client = server.client("cloudtrail")
            while not done.is_set():
                client.describe_trails()

        writer = threading.Thread(target=write)
        writer.start()
        try:
            lab.call()
            results = [lab.verify()]

            def has_grown():
                results.append(lab.verify())
                return results[-1][2]["digests"] >= results[0][2]["digests"] + 2
            until(has_grown, "two more digests")
        finally:
            done.set()
            writer.join()
        tap.equal({result[:2] for result in [(code, tuple(findings)) for code, findings, _ in results]}, {(0, ())}, "asked over and over, always sound")
        tap.check(results[-1][2]["digests"] > results[0][2]["digests"], "and it did write meanwhile", (results[0][2], results[-1][2]))


def a_trail_that_stopped_and_moved_is_verified(tap):
    with Server(tap, env=FAST) as server:
        lab = Lab(server)
        lab.call()
        lab.hour("us-east-1")
        lab.trails.stop_logging(Name="audit")
        until(lambda: len(lab.keys("CloudTrail-Digest")) == 3, "the last digest of the chain")
        server.get("/_spoor/clock", "POST", json.dumps({"advance": "7200s"}).encode())
        lab.trails.start_logging(Name="audit")
        until(lambda: len(lab.keys("CloudTrail-Digest")) == 4, "the first digest of the next chain")
        code, findings, report = lab.verify()
        tap.equal((code, findings, report["gapsExplained"]), (0, [], 1), "the gap of a stop is explained by the record of the stop")

        lab.s3.create_bucket(Bucket="new-logs")
        lab.trails.update_trail(Name="audit", S3BucketName="new-logs", S3KeyPrefix="")
        moved = {"bucket": "new-logs", "prefix": ""}
        lab.call(**moved)
        lab.hour("us-east-1", **moved)
        code, findings, report = lab.verify()
        tap.check(code == 3 and findings == ["unreadable"] and "audit-logs" in report["problems"][0]["detail"],
                  "the new bucket alone: the chain comes from another one, which is named", report)
        code, findings, report = lab.verify("s3://new-logs", "s3://audit-logs/ct/")
        tap.equal((code, findings), (0, []), "both together are sound")
        lab.trails.delete_trail(Name="audit")
        check_data(tap, server)


tap.run(a_trail_is_verified_against_what_it_says_of_itself, a_trail_is_verified_while_it_writes, a_trail_that_stopped_and_moved_is_verified)
