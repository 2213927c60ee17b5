#!/usr/bin/python3
"""tests/scenario/trails_get_what_they_select.py: each trail's files have what its selectors admit and nothing else, in the place that it had then."""
import gzip
import json

from harness import Server, tap, until

SOON = ["--delivery-interval", "1"]


def bucket_policy(bucket, account):
    statement = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": ["s3:GetBucketAcl", "s3:PutObject"],
                 "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
                 "Condition": {"StringEquals": {"aws:SourceAccount": account}}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def records(s3, bucket, prefix=""):
    """Of all log files under the prefix; which of two files of a minute comes first is nobody's choice."""
    found = []
    for item in s3.list_objects_v2(Bucket=bucket, Prefix=prefix + "AWSLogs/").get("Contents", []):
        if item["Key"].endswith(".json.gz"):
            found += json.loads(gzip.decompress(s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()))["Records"]
    return found


def names(s3, bucket, prefix=""):
    return [record["eventName"] for record in records(s3, bucket, prefix)]


def wait_for(s3, event_name, bucket, prefix=""):
    return until(lambda: event_name in names(s3, bucket, prefix), f"{event_name} in {bucket}/{prefix}")


def each_trail_gets_its_own(tap):
    with Server(tap, lab=True, flags=SOON) as server:
        trails, s3, iam = server.client("cloudtrail"), server.client("s3"), server.client("iam")
        for bucket in ("logs", "mine", "other"):
            s3.create_bucket(Bucket=bucket)
        s3.put_bucket_policy(Bucket="logs", Policy=bucket_policy("logs", server.account))
        for prefix in "rwd":
            trails.create_trail(Name=f"trail-{prefix}", S3BucketName="logs", S3KeyPrefix=prefix)
        trails.put_event_selectors(TrailName="trail-r", EventSelectors=[{"ReadWriteType": "ReadOnly"}])
        trails.put_event_selectors(TrailName="trail-w", EventSelectors=[{"ReadWriteType": "WriteOnly"}])
        trails.put_event_selectors(TrailName="trail-d", AdvancedEventSelectors=[{"FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::mine/"]}]}])
        for prefix in "rdw":
            trails.start_logging(Name=f"trail-{prefix}")
        iam.create_user(UserName="bob")
        iam.get_user(UserName="bob")
        s3.put_object(Bucket="mine", Key="x", Body=b"x")
        s3.put_object(Bucket="other", Key="x", Body=b"x")
        s3.get_object(Bucket="mine", Key="x")
        wait_for(s3, "GetUser", "logs", "r/")
        wait_for(s3, "CreateUser", "logs", "w/")
        wait_for(s3, "GetObject", "logs", "d/")
        tap.equal([record["requestParameters"]["bucketName"] for record in records(s3, "logs", "d/")], ["mine", "mine"],
                  "data events of the selected bucket")
        tap.equal(sorted(names(s3, "logs", "d/")), ["GetObject", "PutObject"], "each once")
        tap.equal({record["readOnly"] for record in records(s3, "logs", "w/")}, {False}, "WriteOnly has no reads")
        tap.check("StartLogging" in names(s3, "logs", "w/") and "GetUser" not in names(s3, "logs", "w/"), "but its own start")
        read = records(s3, "logs", "r/")
        tap.check({record["readOnly"] for record in read} == {True} and {record["managementEvent"] for record in read} == {True},
                  "ReadOnly has no writes, and no data events", read)
        for prefix in "rw":
            ids = [record["eventID"] for record in records(s3, "logs", f"{prefix}/")]
            tap.equal(len(ids), len(set(ids)), f"trail-{prefix}: each record once")


def a_trail_moves(tap):
    with Server(tap, lab=True, flags=SOON) as server:
        trails, s3, iam = server.client("cloudtrail"), server.client("s3"), server.client("iam")
        for bucket in ("before", "after"):
            s3.create_bucket(Bucket=bucket)
        trails.create_trail(Name="audit", S3BucketName="before")
        trails.start_logging(Name="audit")
        iam.create_user(UserName="first")
        trails.update_trail(Name="audit", S3BucketName="after", S3KeyPrefix="deep/down")
        iam.create_user(UserName="second")
        trails.stop_logging(Name="audit")
        wait_for(s3, "StopLogging", "after", "deep/down/")
        wait_for(s3, "CreateUser", "before")
        old, new = records(s3, "before"), records(s3, "after", "deep/down/")
        tap.equal([record["requestParameters"]["userName"] for record in old + new if record["eventName"] == "CreateUser"],
                  ["first", "second"], "what was admitted before the move lies in the old bucket, the rest in the new one")
        tap.equal(sum(record["eventName"] == "UpdateTrail" for record in old + new), 1, "the move itself is in one of them")


def a_trail_is_deleted(tap):
    with Server(tap, lab=True, flags=SOON) as server:
        trails, s3, iam = server.client("cloudtrail"), server.client("s3"), server.client("iam")
        s3.create_bucket(Bucket="logs")
        trails.create_trail(Name="audit", S3BucketName="logs")
        trails.start_logging(Name="audit")
        iam.create_user(UserName="first")
        trails.delete_trail(Name="audit")
        iam.create_user(UserName="second")
        wait_for(s3, "DeleteTrail", "logs")
        tap.equal(sorted(names(s3, "logs")), ["CreateUser", "DeleteTrail", "StartLogging"], "to the end, its own deletion included")
        tap.check(until(lambda: "spoor_trail_pending_records{" not in server.get("/_spoor/metrics")[2], "its end"), "nothing of it is left")
        trails.create_trail(Name="audit", S3BucketName="logs")
        trails.start_logging(Name="audit")
        iam.create_user(UserName="third")
        trails.stop_logging(Name="audit")
        wait_for(s3, "StopLogging", "logs")
        tap.equal({record["requestParameters"]["userName"] for record in records(s3, "logs") if record["eventName"] == "CreateUser"},
                  {"first", "third"}, "another trail of that name begins anew")


def another_account_owns_the_bucket(tap):
    with Server(tap, lab=True, flags=SOON) as server:
        trails, theirs = server.client("cloudtrail"), server.client("s3", "111122223333", "test")
        theirs.create_bucket(Bucket="central")
        tap.refused("without their policy", "InsufficientS3BucketPolicyException", trails.create_trail, Name="audit", S3BucketName="central")
        theirs.put_bucket_policy(Bucket="central", Policy=bucket_policy("central", server.account))
        trails.create_trail(Name="audit", S3BucketName="central")
        trails.start_logging(Name="audit")
        wait_for(theirs, "StartLogging", "central")
        theirs.delete_bucket_policy(Bucket="central")
        server.client("iam").create_user(UserName="bob")
        until(lambda: trails.get_trail_status(Name="audit").get("LatestDeliveryError"), "the error")
        tap.equal(trails.get_trail_status(Name="audit")["LatestDeliveryError"], "AccessDenied", "they may forbid it again")
        theirs.put_bucket_policy(Bucket="central", Policy=bucket_policy("central", server.account))
        trails.start_logging(Name="audit")
        tap.check(wait_for(theirs, "CreateUser", "central"), "and allow it: StartLogging tries again at once")


def a_reset_forgets_what_was_pending(tap):
    with Server(tap, lab=True, flags=SOON) as server:
        for world in range(6):
            trails, s3, iam = server.client("cloudtrail"), server.client("s3"), server.client("iam")
            s3.create_bucket(Bucket="logs")
            trails.create_trail(Name="audit", S3BucketName="logs")
            trails.start_logging(Name="audit")
            iam.create_user(UserName=f"user-{world}")
            if world == 5:
                break
            if world % 2:                        # one of two resets meets a delivery
                wait_for(s3, "CreateUser", "logs")
                iam.create_user(UserName=f"late-{world}")
            server.get("/_spoor/reset", "POST", b"")
        trails.stop_logging(Name="audit")
        wait_for(s3, "StopLogging", "logs")
        tap.equal(sorted(names(s3, "logs")), ["CreateUser", "StartLogging", "StopLogging"], "the last world has its own records")
        tap.equal([record["requestParameters"]["userName"] for record in records(s3, "logs") if record["eventName"] == "CreateUser"],
                  ["user-5"], "and nothing of the worlds before")


tap.run(each_trail_gets_its_own, a_trail_moves, a_trail_is_deleted, another_account_owns_the_bucket, a_reset_forgets_what_was_pending)
