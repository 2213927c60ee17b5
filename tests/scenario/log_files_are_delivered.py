#!/usr/bin/python3
"""tests/scenario/log_files_are_delivered.py: what a trail admitted lies in its bucket, once: by the AWS CLI, over a bucket that is lost, over kill -9."""
import collections
import gzip
import json
import os
import random
import re
import time

from caller import Caller, Load, twice
from harness import Server, tap, until

SOON = ["--delivery-interval", "1"]
KEY = re.compile(r"AWSLogs/(\d{12})/CloudTrail/([a-z0-9-]+)/(\d{4})/(\d\d)/(\d\d)/(\d{12})_CloudTrail_([a-z0-9-]+)_(\d{8})T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz")


def bucket_policy(bucket, account):
    """The policy of the User Guide, for every trail of the account."""
    about = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    source = {"aws:SourceAccount": account}
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {**about, "Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{bucket}", "Condition": {"StringEquals": source}},
        {**about, "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/AWSLogs/{account}/*",
         "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", **source}}}]})


def make_bucket(server, bucket):
    s3 = server.client("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=bucket_policy(bucket, server.account))


def start_trail(server, bucket, **settings):
    trails = server.client("cloudtrail")
    make_bucket(server, bucket)
    trails.create_trail(Name="audit", S3BucketName=bucket, **settings)
    trails.start_logging(Name="audit")
    return trails


def log_keys(s3, bucket):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [item["Key"] for page in pages for item in page.get("Contents", []) if item["Key"].endswith(".json.gz")]


class Files:
    """The records of all log files of a bucket; a file is read once, for it never changes."""

    def __init__(self, server, bucket):
        self.server, self.bucket, self.records = server, bucket, {}

    def read(self):
        s3 = self.server.client("s3")
        for key in log_keys(s3, self.bucket):
            if key not in self.records:
                body = s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
                self.records[key] = json.loads(gzip.decompress(body))["Records"]
        return [record for records in self.records.values() for record in records]

    def has(self, event_name, count=1):
        return sum(record["eventName"] == event_name for record in self.read()) >= count


def metric(server, name):
    for line in server.get("/_spoor/metrics")[2].splitlines():
        if line.startswith(name):
            return float(line.rsplit(" ", 1)[1])
    return None


def by_the_cli(tap):
    with Server(tap, lab=False, flags=SOON) as server:
        def cli(*words):
            code, answer, err = server.aws(*words)
            tap.check(code == 0, " ".join(words[:2]), err)
            return answer

        account = server.account
        cli("s3api", "create-bucket", "--bucket", "audit-logs")
        cli("s3api", "put-bucket-policy", "--bucket", "audit-logs", "--policy", bucket_policy("audit-logs", account))
        cli("cloudtrail", "create-trail", "--name", "audit", "--s3-bucket-name", "audit-logs", "--is-multi-region-trail")
        cli("cloudtrail", "start-logging", "--name", "audit")
        cli("iam", "create-user", "--user-name", "bob")
        cli("cloudtrail", "list-trails", "--region", "eu-north-1")
        code, _, _ = server.aws("iam", "get-user", "--user-name", "nobody")
        tap.equal(code, 254, "a call that fails")
        cli("cloudtrail", "stop-logging", "--name", "audit")
        cli("iam", "delete-user", "--user-name", "bob")
        files = Files(server, "audit-logs")
        until(lambda: files.has("StopLogging"), "the record of StopLogging in the bucket")
        delivered = files.read()
        keys = sorted(files.records)
        parsed = [KEY.fullmatch(key) for key in keys]
        tap.check(all(parsed) and all(match[1] == match[6] == account and match[2] == match[7] and match[3] + match[4] + match[5] == match[8]
                                      for match in parsed), "keys are AWS's", keys)
        tap.equal({match[2] for match in parsed}, {"us-east-1", "eu-north-1"}, "a file has events of one region")
        tap.check(all(record["awsRegion"] == KEY.fullmatch(key)[2] for key in keys for record in files.records[key]), "that of its key")
        names = sorted(record["eventName"] for record in delivered)
        tap.equal(names, ["CreateUser", "GetUser", "ListTrails", "StartLogging", "StopLogging"],
                  "from StartLogging to StopLogging, both included, each once")
        found = {}
        for region in ("us-east-1", "eu-north-1"):
            answer = cli("cloudtrail", "lookup-events", "--region", region)
            found.update((event["EventId"], json.loads(event["CloudTrailEvent"])) for event in answer["Events"])
        tap.check(all(found.get(record["eventID"]) == record for record in delivered), "each as lookup-events shows it", delivered)

        path = os.path.join(server.home, "log.json.gz")
        code, _, err = server.aws("s3", "cp", "--only-show-errors", f"s3://audit-logs/{keys[0]}", path)
        tap.check(code == 0, "aws s3 cp", err)
        with open(path, "rb") as file:
            raw = file.read()
        text = gzip.decompress(raw).decode()
        tap.check(raw[:2] == b"\x1f\x8b" and text.startswith('{"Records":[{"eventVersion"') and "\n" not in text
                  and json.loads(text)["Records"] == files.records[keys[0]], "reads it: gzip, one line", text[:200])
        head = cli("s3api", "head-object", "--bucket", "audit-logs", "--key", keys[0])
        tap.equal((head["ContentType"], head["ContentEncoding"], head["ServerSideEncryption"], head["Metadata"]),
                  ("application/json", "gzip", "AES256", {}), "its properties")
        status = cli("cloudtrail", "get-trail-status", "--name", "audit")
        tap.check(not status["IsLogging"] and "LatestDeliveryTime" in status and "LatestDeliveryError" not in status, "the status tells", status)


def a_bucket_is_lost_for_a_while(tap):
    with Server(tap, lab=True, flags=SOON) as server:
        trails = start_trail(server, "audit-logs")
        iam, s3 = server.client("iam"), server.client("s3")
        files = Files(server, "audit-logs")
        iam.create_user(UserName="first")
        until(lambda: files.has("CreateUser"), "the first file")
        before = {record["eventID"] for record in files.read()}
        until(lambda: metric(server, "spoor_trail_pending_records") == 0, "everything delivered")
        before |= {record["eventID"] for record in files.read()}
        for item in s3.list_objects_v2(Bucket="audit-logs")["Contents"]:
            s3.delete_object(Bucket="audit-logs", Key=item["Key"])
        lost_ids = set()
        while True:                      # until no delivery comes between the last object and the bucket
            try:
                s3.delete_bucket(Bucket="audit-logs")
                break
            except s3.exceptions.ClientError as error:
                if error.response["Error"]["Code"] != "BucketNotEmpty":
                    raise
                lost_ids |= {record["eventID"] for record in files.read()}
                for item in s3.list_objects_v2(Bucket="audit-logs").get("Contents", []):
                    s3.delete_object(Bucket="audit-logs", Key=item["Key"])
        iam.create_user(UserName="second")
        until(lambda: trails.get_trail_status(Name="audit").get("LatestDeliveryError"), "the error in the status")
        status = trails.get_trail_status(Name="audit")
        tap.equal(status.get("LatestDeliveryError"), "NoSuchBucket", "GetTrailStatus says what is wrong")
        tap.check(status["LatestDeliveryAttemptTime"] >= status["LatestDeliveryAttemptSucceeded"], "and when it was tried", status)
        def failing():
            health = server.health()["consumers"]["delivery"]
            return health["failingTrails"] == 1 and health["pendingRecords"] > 0
        tap.check(until(failing, "the backlog"), "the health page shows the backlog", server.health())
        server.kill()
        server.start()
        iam, trails = server.client("iam"), server.client("cloudtrail")
        iam.create_user(UserName="third")
        make_bucket(server, "audit-logs")
        server.get("/_spoor/clock", "POST", b'{"advance": "2h"}')
        late = Files(server, "audit-logs")
        until(lambda: late.has("CreateUser", 2), "what was pending")
        trails.stop_logging(Name="audit")
        until(lambda: late.has("StopLogging"), "the end")
        tap.check("LatestDeliveryError" not in trails.get_trail_status(Name="audit"), "the error is forgotten")
        after = [record["eventID"] for record in late.read()]
        names = [record["requestParameters"]["userName"] for record in late.read() if record["eventName"] == "CreateUser"]
        tap.equal(sorted(names), ["second", "third"], "what was recorded meanwhile comes when the bucket is back")
        tap.equal((twice(after), set(after) & (before | lost_ids)), (set(), set()), "nothing is delivered twice")


def one_region_is_denied(tap):
    """A policy that denies the log files of one region holds up no other region of the trail."""
    with Server(tap, lab=True, flags=SOON) as server:
        start_trail(server, "audit-logs", IsMultiRegionTrail=True)
        s3, north = server.client("s3"), server.client("cloudtrail", region="eu-north-1")
        policy = json.loads(bucket_policy("audit-logs", server.account))
        policy["Statement"].append({"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
                                    "Resource": "arn:aws:s3:::audit-logs/*/eu-north-1/*"})
        s3.put_bucket_policy(Bucket="audit-logs", Policy=json.dumps(policy))
        arn = f"arn:aws:cloudtrail:us-east-1:{server.account}:trail/audit"
        north.describe_trails()
        until(lambda: north.get_trail_status(Name=arn).get("LatestDeliveryError"), "the refusal")
        tap.equal(north.get_trail_status(Name=arn).get("LatestDeliveryError"), "AccessDenied", "its own region's status shows it")
        files = Files(server, "audit-logs")
        server.client("iam").create_user(UserName="meanwhile")
        tap.check(until(lambda: files.has("CreateUser"), "another region's file"), "other regions are delivered meanwhile")
        status = server.client("cloudtrail").get_trail_status(Name="audit")
        tap.check("LatestDeliveryError" not in status, "and their status is clean", status)
        tap.equal([record for record in files.read() if record["awsRegion"] == "eu-north-1"], [], "nothing of the denied one came")
        server.kill()
        server.start()
        s3, north = server.client("s3"), server.client("cloudtrail", region="eu-north-1")
        s3.put_bucket_policy(Bucket="audit-logs", Policy=bucket_policy("audit-logs", server.account))
        server.get("/_spoor/clock", "POST", b'{"advance": "2h"}')
        files = Files(server, "audit-logs")
        until(lambda: files.has("DescribeTrails"), "what was held up")
        came = [record["eventName"] for record in files.read() if record["awsRegion"] == "eu-north-1"]
        tap.equal(came.count("DescribeTrails"), 1, "once it may, what was held up comes, once")
        ids = [record["eventID"] for record in files.read()]
        tap.equal(twice(ids), set(), "nothing is delivered twice")


def deliveries_are_no_events(tap):
    with Server(tap, lab=True, flags=SOON) as server:
        trails = start_trail(server, "audit-logs")
        trails.put_event_selectors(TrailName="audit", EventSelectors=[{
            "ReadWriteType": "All", "IncludeManagementEvents": True,
            "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}])
        s3 = server.client("s3")
        files = Files(server, "audit-logs")
        until(lambda: files.has("PutEventSelectors"), "a delivery")
        s3.put_object(Bucket="audit-logs", Key="mine", Body=b"x")
        until(lambda: files.has("PutObject"), "the data event")
        trails.stop_logging(Name="audit")
        until(lambda: files.has("StopLogging"), "the end")
        put = [record for record in files.read() if record["eventName"] == "PutObject"]
        tap.equal([record["requestParameters"]["key"] for record in put], ["mine"],
                  f"{len(files.records)} log files were put, and the only PutObject that is recorded is the caller's")


def killed_under_load(tap):
    rounds = int(os.environ.get("SPOOR_KILL_ROUNDS", "5"))
    seed = random.randrange(1 << 32)
    dice = random.Random(seed)
    print(f"# seed {seed}, {rounds} rounds")
    with Server(tap, lab=False, flags=SOON) as server:
        since = int(time.time()) - 1
        start_trail(server, "audit-logs")
        for number in range(rounds):
            load = Load(server, f"/r{number}/", threads=dice.choice((1, 4, 8)))
            load.run_until(dice.randrange(1, min(200, 6000 // rounds)))     # an account has 5,000 users
            server.kill()
            load.join()
            server.start()
        server.client("cloudtrail").stop_logging(Name="audit")
        files = Files(server, "audit-logs")
        until(lambda: files.has("StopLogging"), "the end")
        caller = Caller(server)
        recorded = [record["eventID"] for name in ("CreateUser", "GetUser", "StartLogging", "StopLogging")
                    for record in caller.records(name, since)]
        delivered = [record["eventID"] for record in files.read()
                     if record["eventName"] in ("CreateUser", "GetUser", "StartLogging", "StopLogging")]
        tap.equal(twice(delivered), set(), f"{len(delivered)} records in {len(files.records)} files, each once")
        tap.equal(set(recorded) ^ set(delivered), set(), f"those of the {len(recorded)} events of the journal")
        tap.equal(collections.Counter(recorded), collections.Counter(delivered), "none is missing, none is new")


if __name__ == "__main__":
    tap.run(by_the_cli, a_bucket_is_lost_for_a_while, one_region_is_denied, deliveries_are_no_events, killed_under_load)
