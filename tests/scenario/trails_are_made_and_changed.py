#!/usr/bin/python3
"""tests/scenario/trails_are_made_and_changed.py: trails by boto3: made, started, stopped, changed, shown from other regions, deleted; each refusal in AWS's words."""
import json
import re

from harness import Server, policy, tap

SERVICE = "cloudtrail.amazonaws.com"


def bucket_policy(bucket, arn, account, prefix=""):
    """The policy of the User Guide, for one trail."""
    about = {"Principal": {"Service": SERVICE}, "Effect": "Allow"}
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {**about, "Sid": "AWSCloudTrailAclCheck20150319", "Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{bucket}",
         "Condition": {"StringEquals": {"aws:SourceArn": arn}}},
        {**about, "Sid": "AWSCloudTrailWrite20150319", "Action": "s3:PutObject",
         "Resource": f"arn:aws:s3:::{bucket}/{prefix}AWSLogs/{account}/*",
         "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": arn}}}]})


def any_trail(bucket, account):
    """A policy for every trail of the account."""
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": SERVICE}, "Action": ["s3:GetBucketAcl", "s3:PutObject"],
         "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
         "Condition": {"StringEquals": {"aws:SourceAccount": account}}}]})


def bare(answer):
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def record_of(server, name):
    return server.events(limit=1, EventName=name)[0]["record"]


FRESH = {"IsLogging": False, "LatestDeliveryAttemptTime": "", "LatestNotificationAttemptTime": "", "LatestNotificationAttemptSucceeded": "",
         "LatestDeliveryAttemptSucceeded": "", "TimeLoggingStarted": "", "TimeLoggingStopped": ""}


def a_trail_lives(tap):
    with Server(tap, lab=False) as server:
        trails, s3, account = server.client("cloudtrail"), server.client("s3"), server.account
        arn = f"arn:aws:cloudtrail:us-east-1:{account}:trail/audit"
        s3.create_bucket(Bucket="audit-logs")
        s3.put_bucket_policy(Bucket="audit-logs", Policy=bucket_policy("audit-logs", arn, account))
        made = {"Name": "audit", "S3BucketName": "audit-logs", "IncludeGlobalServiceEvents": True, "IsMultiRegionTrail": False,
                "TrailARN": arn, "LogFileValidationEnabled": False, "IsOrganizationTrail": False}
        tap.equal(bare(trails.create_trail(Name="audit", S3BucketName="audit-logs", TagsList=[{"Key": "team", "Value": "sec"}, {"Key": "bare"}])),
                  made, "CreateTrail answers what was made, without HomeRegion and Has...")
        record = record_of(server, "CreateTrail")
        tap.equal((record["requestParameters"], record["responseElements"], record["readOnly"], "resources" in record),
                  ({"name": "audit", "s3BucketName": "audit-logs", "tagsList": [{"key": "team", "value": "sec"}, {"key": "bare"}]},
                   {name[0].lower() + name[1:]: value for name, value in made.items()}, False, False), "the event of CreateTrail")
        tap.equal([(item["Key"], item["Size"]) for item in s3.list_objects_v2(Bucket="audit-logs")["Contents"]],
                  [(f"AWSLogs/{account}/CloudTrail/", 0)], "an empty object marks the folder")
        head = s3.head_object(Bucket="audit-logs", Key=f"AWSLogs/{account}/CloudTrail/")
        tap.equal((head["ContentType"], head["ContentEncoding"], head["ContentLength"]), ("application/json", "gzip", 0), "as AWS's does")
        tap.equal(trails.get_trail(Name="audit")["Trail"],
                  {**made, "HomeRegion": "us-east-1", "HasCustomEventSelectors": False, "HasInsightSelectors": False}, "GetTrail shows all")
        tap.equal(trails.get_trail(Name=arn)["Trail"]["Name"], "audit", "by ARN too")
        tap.equal(bare(trails.get_trail_status(Name="audit")), FRESH, "a new trail does not log, and has no times")
        tap.equal(trails.list_tags(ResourceIdList=[arn])["ResourceTagList"],
                  [{"ResourceId": arn, "TagsList": [{"Key": "team", "Value": "sec"}, {"Key": "bare"}]}], "its tags")
        tap.equal(bare(trails.start_logging(Name="audit")), {}, "StartLogging answers nothing")
        record = record_of(server, "StartLogging")
        tap.equal((record["requestParameters"], record["responseElements"]), ({"name": "audit"}, None), "and is recorded as AWS does")
        first = trails.get_trail_status(Name="audit")
        tap.check(first["IsLogging"] and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first["TimeLoggingStarted"])
                  and "StartLoggingTime" in first and "StopLoggingTime" not in first, "it logs now", first)
        trails.start_logging(Name=arn)
        tap.equal(trails.get_trail_status(Name="audit")["StartLoggingTime"], first["StartLoggingTime"], "a second start moves nothing")
        tap.equal(record_of(server, "StartLogging")["requestParameters"], {"name": arn}, "the name is recorded as it was given")
        tap.equal(bare(trails.stop_logging(Name="audit")), {}, "StopLogging answers nothing")
        stopped = trails.get_trail_status(Name="audit")
        tap.check(not stopped["IsLogging"] and stopped["StopLoggingTime"] >= stopped["StartLoggingTime"], "it has stopped", stopped)
        trails.stop_logging(Name="audit")
        tap.equal(trails.get_trail_status(Name="audit")["StopLoggingTime"], stopped["StopLoggingTime"], "a second stop moves nothing")
        server.restart()
        trails = server.client("cloudtrail")
        tap.equal(bare(trails.get_trail_status(Name="audit")), bare(stopped), "all of it outlives a restart")
        tap.equal(bare(trails.delete_trail(Name="audit")), {}, "DeleteTrail answers nothing")
        tap.equal(record_of(server, "DeleteTrail")["requestParameters"], {"name": "audit"}, "and is recorded")
        tap.refused("what is gone is unknown", "TrailNotFoundException", trails.delete_trail, Name="audit", status=400,
                    message=f"Unknown trail: {arn} for the user: {account}")
        record = record_of(server, "DeleteTrail")
        tap.equal((record["errorCode"], record["requestParameters"], record["responseElements"]),
                  ("TrailNotFoundException", {"name": "audit"}, None), "a failed call keeps its parameters")


tap.run(a_trail_lives)
