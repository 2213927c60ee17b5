#!/usr/bin/python3
"""tests/scenario/trails_are_made_and_changed.py: trails by boto3, Debian's CLI and the JavaScript SDK: made, started, stopped, changed, shown from other regions, deleted; each refusal in AWS's words."""
import collections
import concurrent.futures
import json
import re

from harness import Server, policy, tap
from signer import TARGETS, signed

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


def each_refusal_is_in_the_words_of_aws(tap):
    with Server(tap, lab=False) as server:
        trails, s3, account = server.client("cloudtrail"), server.client("s3"), server.account
        here = f"arn:aws:cloudtrail:us-east-1:{account}:trail/"
        s3.create_bucket(Bucket="audit-logs")
        s3.put_bucket_policy(Bucket="audit-logs", Policy=any_trail("audit-logs", account))
        s3.create_bucket(Bucket="closed")
        asked = {"Name": "audit", "S3BucketName": "closed"}
        for what, bucket, code, message in (
                ("a bucket without policy", "closed", "InsufficientS3BucketPolicyException", "Incorrect S3 bucket policy is detected for bucket: closed"),
                ("a bucket that is not there", "no-such-bucket", "S3BucketDoesNotExistException", "S3 bucket no-such-bucket does not exist!")):
            asked["S3BucketName"] = bucket
            tap.refused(f"CreateTrail: {what}", code, trails.create_trail, message=message, status=400, **asked)
            record = record_of(server, "CreateTrail")
            tap.equal((record["errorCode"], record["errorMessage"], record["requestParameters"], record["responseElements"]),
                      (code, message, {"name": "audit", "s3BucketName": bucket}, None), f"{what}: an event, with its parameters")
        other = server.client("cloudtrail", region="eu-west-1")
        s3.put_bucket_policy(Bucket="closed", Policy=bucket_policy("closed", here + "another", account))
        tap.refused("a policy for another trail", "InsufficientS3BucketPolicyException", trails.create_trail, Name="audit", S3BucketName="closed")
        s3.put_bucket_policy(Bucket="closed", Policy=bucket_policy("closed", here + "audit", account))
        tap.refused("a policy without the prefix", "InsufficientS3BucketPolicyException", trails.create_trail, Name="audit", S3BucketName="closed",
                    S3KeyPrefix="ct")
        for number in range(1, 6):
            trails.create_trail(Name=f"audit{number}", S3BucketName="audit-logs", IsMultiRegionTrail=number == 1)
        tap.refused("a sixth trail", "MaximumNumberOfTrailsExceededException", trails.create_trail, Name="audit6", S3BucketName="audit-logs",
                    status=400, message=f"User: {account} already has 5 trails in us-east-1.")
        tap.refused("a duplicate, with equal parameters", "TrailAlreadyExistsException", trails.create_trail, Name="audit2",
                    S3BucketName="audit-logs", status=400, message=f"Trail audit2 already exists for customer: {account}")
        foreign = "arn:aws:cloudtrail:us-east-1:999999999999:trail/audit1"
        for what, name, shown in (("by name", "nope", here + "nope"), ("of another account", foreign, foreign)):
            for operation in ("start_logging", "stop_logging", "delete_trail", "update_trail", "get_trail_status"):
                tap.refused(f"{operation} of an unknown trail {what}", "TrailNotFoundException", getattr(trails, operation), Name=name,
                            status=400, message=f"Unknown trail: {shown} for the user: {account}")
        tap.refused("GetTrail says the name as given", "TrailNotFoundException", trails.get_trail, Name="nope", status=400,
                    message=f"Unknown trail: nope for the user: {account}")
        tap.refused("a shadow is not known by its name", "TrailNotFoundException", other.get_trail_status, Name="audit1",
                    message=f"Unknown trail: arn:aws:cloudtrail:eu-west-1:{account}:trail/audit1 for the user: {account}")
        tap.equal(bare(other.get_trail_status(Name=here + "audit1")), FRESH, "but by its ARN")
        for operation in ("start_logging", "stop_logging", "delete_trail", "update_trail"):
            tap.refused(f"{operation} of a shadow", "InvalidHomeRegionException", getattr(other, operation), Name=here + "audit1", status=400,
                        message=f"Trail {here}audit1 can be modified only from its home region us-east-1.")
        tap.equal([trail["Name"] for trail in trails.describe_trails()["trailList"]], [f"audit{n}" for n in range(1, 6)],
                  "all five are still there, as they were")
        tap.equal([(trail["TrailARN"], trail["HomeRegion"]) for trail in other.describe_trails()["trailList"]], [(here + "audit1", "us-east-1")],
                  "the other region sees the shadow alone")
        tap.equal(other.describe_trails(includeShadowTrails=False)["trailList"], [], "or nothing")
        tap.equal([trail["Name"] for trail in other.list_trails()["Trails"]], [f"audit{n}" for n in range(1, 6)], "ListTrails shows all")
        record = server.events(other, limit=1, EventName="StopLogging")[0]["record"]
        tap.equal((record["errorCode"], record["awsRegion"]), ("InvalidHomeRegionException", "eu-west-1"), "a refusal is where it was asked")


def what_does_not_exist_is_never_accepted(tap):
    """Topics, log groups and keys come with services that spoor does not have yet."""
    with Server(tap, lab=True) as server:
        trails, account = server.client("cloudtrail"), server.account
        for bucket in ("audit-logs", "second-logs"):
            server.client("s3").create_bucket(Bucket=bucket)
        trails.create_trail(Name="audit", S3BucketName="audit-logs")
        shown = trails.get_trail(Name="audit")["Trail"]
        key = f"arn:aws:kms:us-east-1:{account}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        group, role = f"arn:aws:logs:us-east-1:{account}:log-group:g:*", f"arn:aws:iam::{account}:role/r"
        for more, code in (({"SnsTopicName": "t"}, "InsufficientSnsTopicPolicyException"),
                           ({"CloudWatchLogsLogGroupArn": group, "CloudWatchLogsRoleArn": role}, "InvalidCloudWatchLogsLogGroupArnException"),
                           ({"CloudWatchLogsLogGroupArn": group}, "InvalidCloudWatchLogsRoleArnException"),
                           ({"KmsKeyId": key}, "InsufficientEncryptionPolicyException"), ({"KmsKeyId": "??"}, "InvalidKmsKeyIdException"),
                           ({"IsOrganizationTrail": True}, "OrganizationsNotInUseException")):
            tap.refused(f"CreateTrail with {list(more)[0]}: {code}", code, trails.create_trail, Name="second", S3BucketName="second-logs", **more)
            tap.refused("and UpdateTrail", code, trails.update_trail, Name="audit", **more)
        tap.equal(bare(trails.update_trail(Name="audit", SnsTopicName="", CloudWatchLogsLogGroupArn="", CloudWatchLogsRoleArn="", KmsKeyId="")),
                  {name: value for name, value in shown.items() if name not in ("HomeRegion", "HasCustomEventSelectors", "HasInsightSelectors")},
                  "clearing what is not there changes nothing")
        tap.equal(trails.get_trail(Name="audit")["Trail"], shown, "nothing of it was kept")
        tap.refused("not even a policy of the bucket", "NoSuchBucketPolicy", server.client("s3").get_bucket_policy, Bucket="second-logs")
        tap.refused("two trails of one bucket need one policy for both", "InsufficientS3BucketPolicyException", trails.create_trail,
                    Name="second", S3BucketName="audit-logs")
        tap.equal([statement["Sid"] for statement in json.loads(server.client("s3").get_bucket_policy(Bucket="audit-logs")["Policy"])["Statement"]],
                  ["AWSCloudTrailAclCheck20150319", "AWSCloudTrailWrite20150319"], "a lab attaches the policy of the User Guide")
    with Server(tap, lab=True, flags=["--trail-bucket-policy", "require"]) as server:
        server.client("s3").create_bucket(Bucket="audit-logs")
        tap.refused("which a setting turns off", "InsufficientS3BucketPolicyException", server.client("cloudtrail").create_trail, Name="audit",
                    S3BucketName="audit-logs")


def a_bucket_of_another_account(tap):
    """What counts is the bucket's policy; a lab attaches none to what is not the caller's."""
    with Server(tap, lab=True) as server:
        s3, theirs = server.client("s3"), server.client("cloudtrail", key="222222222222")
        s3.create_bucket(Bucket="central-logs")
        tap.refused("a bucket of another account, without policy", "InsufficientS3BucketPolicyException", theirs.create_trail, Name="audit",
                    S3BucketName="central-logs")
        tap.refused("gets none", "NoSuchBucketPolicy", s3.get_bucket_policy, Bucket="central-logs")
        s3.put_bucket_policy(Bucket="central-logs", Policy=any_trail("central-logs", "222222222222"))
        tap.equal(theirs.create_trail(Name="audit", S3BucketName="central-logs")["TrailARN"], "arn:aws:cloudtrail:us-east-1:222222222222:trail/audit",
                  "with a policy for that account it is a trail's")
        tap.equal([item["Key"] for item in s3.list_objects_v2(Bucket="central-logs")["Contents"]], ["AWSLogs/222222222222/CloudTrail/"],
                  "in the folder of the trail's account")
        tap.refused("the owner of the bucket has no such trail", "TrailNotFoundException", server.client("cloudtrail").get_trail_status,
                    Name="arn:aws:cloudtrail:us-east-1:222222222222:trail/audit")
        tap.equal(server.client("cloudtrail").list_trails()["Trails"], [], "nor sees it")


def rates_are_those_of_aws(tap):
    with Server(tap, lab=True, flags=["--throttle", "aws"]) as server:
        trails = server.client("cloudtrail")

        def throttled(call, count):
            for _ in range(count):
                try:
                    call(Name="ghost")
                except trails.exceptions.TrailNotFoundException:
                    continue
                except trails.exceptions.ClientError as error:
                    return error.response["Error"]["Code"]
            return None

        tap.equal(throttled(trails.stop_logging, 30), "ThrottlingException", "changes are throttled")
        record = record_of(server, "StopLogging")
        tap.equal((record["errorCode"], record["errorMessage"], record["requestParameters"]), ("ThrottlingException", "Rate exceeded", None),
                  "which is an event")
        tap.equal(throttled(trails.get_trail_status, 5), None, "reading is not, at that rate")


def many_at_once(tap):
    """The quota and the name hold among calls that come together."""
    with Server(tap, lab=True) as server:
        s3, account = server.client("s3"), server.account
        s3.create_bucket(Bucket="audit-logs")
        s3.put_bucket_policy(Bucket="audit-logs", Policy=any_trail("audit-logs", account))

        def make(name):
            trails = server.client("cloudtrail")
            try:
                return trails.create_trail(Name=name, S3BucketName="audit-logs")["Name"]
            except trails.exceptions.ClientError as error:
                return error.response["Error"]["Code"]

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            same = collections.Counter(pool.map(make, ["same"] * 8))
            more = collections.Counter(pool.map(make, [f"more{n}" for n in range(8)]))
        tap.equal(same, {"same": 1, "TrailAlreadyExistsException": 7}, "of eight equal ones one is made")
        tap.equal(more["MaximumNumberOfTrailsExceededException"], 4, "of eight others the four that fit")
        tap.equal(len(server.client("cloudtrail").describe_trails()["trailList"]), 5, "five are there")
        outcomes = collections.Counter(event["record"].get("errorCode") for event in server.events(EventName="CreateTrail"))
        tap.equal(outcomes, {None: 5, "TrailAlreadyExistsException": 7, "MaximumNumberOfTrailsExceededException": 4}, "and each is an event")


def selectors_insights_and_tags(tap):
    with Server(tap, lab=True) as server:
        trails, account = server.client("cloudtrail"), server.account
        arn = f"arn:aws:cloudtrail:us-east-1:{account}:trail/audit"
        server.client("s3").create_bucket(Bucket="audit-logs")
        trails.create_trail(Name="audit", S3BucketName="audit-logs")
        default = [{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [], "ExcludeManagementEventSources": []}]
        tap.equal(bare(trails.get_event_selectors(TrailName="audit")), {"TrailARN": arn, "EventSelectors": default}, "a new trail has the default")
        wanted = [{**default[0], "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::b/"]}]}]
        tap.equal(bare(trails.put_event_selectors(TrailName="audit", EventSelectors=[{"DataResources": wanted[0]["DataResources"]}])),
                  {"TrailARN": arn, "EventSelectors": wanted}, "what is left out is filled in")
        record = record_of(server, "PutEventSelectors")
        tap.equal((record["requestParameters"], record["responseElements"]),
                  ({"trailName": "audit", "eventSelectors": [{"dataResources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3:::b/"]}]}]},
                   {"trailARN": arn, "eventSelectors": [{"readWriteType": "All", "includeManagementEvents": True, "dataResources":
                    [{"type": "AWS::S3::Object", "values": ["arn:aws:s3:::b/"]}], "excludeManagementEventSources": []}]}), "and recorded as AWS does")
        tap.refused("a wildcard for objects", "InvalidEventSelectorsException", trails.put_event_selectors, TrailName="audit", EventSelectors=[
            {"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::*/*"]}]}],
            message="Value arn:aws:s3:::*/* for DataResources.Values is invalid.")
        advanced = [{"Name": "writes", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]},
                                                          {"Field": "readOnly", "Equals": ["false"]}]}]
        tap.refused("both kinds at once", "InvalidEventSelectorsException", trails.put_event_selectors, TrailName="audit",
                    EventSelectors=default, AdvancedEventSelectors=advanced)
        trails.put_event_selectors(TrailName="audit", AdvancedEventSelectors=advanced)
        tap.equal(bare(trails.get_event_selectors(TrailName=arn)), {"TrailARN": arn, "AdvancedEventSelectors": advanced}, "one kind replaces the other")
        tap.equal(trails.get_trail(Name="audit")["Trail"]["HasCustomEventSelectors"], True, "and GetTrail knows")
        tap.refused("no insights", "InsightNotEnabledException", trails.get_insight_selectors, TrailName="audit", message=
                    "Trail audit does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again.")
        for kind in ("ApiCallRateInsight", "ApiErrorRateInsight"):
            trails.put_insight_selectors(TrailName="audit", InsightSelectors=[{"InsightType": kind}])
        tap.equal(trails.get_insight_selectors(TrailName="audit")["InsightSelectors"], [{"InsightType": "ApiErrorRateInsight"}], "a put replaces")
        record = record_of(server, "PutInsightSelectors")
        tap.equal((record["requestParameters"], record["responseElements"]),
                  ({"trailName": "audit", "insightSelectors": [{"insightType": "ApiErrorRateInsight"}]},
                   {"trailARN": arn, "insightSelectors": [{"insightType": "ApiErrorRateInsight"}]}), "and is recorded")
        trails.put_insight_selectors(TrailName="audit", InsightSelectors=[])
        tap.equal(trails.get_trail(Name="audit")["Trail"]["HasInsightSelectors"], False, "an empty list disables")
        trails.add_tags(ResourceId=arn, TagsList=[{"Key": "a", "Value": "1"}, {"Key": "b"}])
        trails.remove_tags(ResourceId=arn, TagsList=[{"Key": "b"}])
        tap.equal(trails.list_tags(ResourceIdList=[arn])["ResourceTagList"], [{"ResourceId": arn, "TagsList": [{"Key": "a", "Value": "1"}]}], "tags")
        tap.equal(record_of(server, "AddTags")["requestParameters"], {"resourceId": arn, "tagsList": [{"key": "a", "value": "1"}, {"key": "b"}]},
                  "which are recorded")
        tap.refused("a tag by a trail's name", "CloudTrailARNInvalidException", trails.add_tags, ResourceId="audit", TagsList=[{"Key": "a"}])
        found = server.events(trails, ResourceType="AWS::CloudTrail::Trail", limit=100)
        tap.check({"CreateTrail", "AddTags", "PutEventSelectors"} <= {event["EventName"] for event in found}, "LookupEvents finds what was done to trails",
                  [event["EventName"] for event in found])
        named = server.events(trails, ResourceName="audit-logs", limit=100)
        tap.check({"CreateTrail", "CreateBucket"} <= {event["EventName"] for event in named}, "and to their bucket", [event["EventName"] for event in named])


def policies_see_trails_and_their_tags(tap):
    with Server(tap, lab=False) as server:
        trails, s3, account = server.client("cloudtrail"), server.client("s3"), server.account
        here = f"arn:aws:cloudtrail:us-east-1:{account}:trail/"
        s3.create_bucket(Bucket="audit-logs")
        s3.put_bucket_policy(Bucket="audit-logs", Policy=any_trail("audit-logs", account))
        for name, team in (("red", "r"), ("blue", "b")):
            trails.create_trail(Name=name, S3BucketName="audit-logs", TagsList=[{"Key": "team", "Value": team}])
        one = server.session_client("cloudtrail", server.new_user("one", policy("Allow", "cloudtrail:StartLogging", here + "red")))
        one.start_logging(Name="red")
        error = tap.refused("a policy names one trail", "AccessDeniedException", one.start_logging, Name="blue", status=400)
        tap.check(f"on resource: {here}blue because" in str(error), "in AWS's words", error)
        record = record_of(server, "StartLogging")
        tap.equal((record["errorCode"], record["requestParameters"], record["responseElements"]), ("AccessDenied", None, None),
                  "a refusal keeps no parameters")
        tagged = server.session_client("cloudtrail", server.new_user("tagged", policy(
            "Allow", "cloudtrail:*", Condition={"StringEquals": {"aws:ResourceTag/team": "r"}}), policy(
            "Allow", ["cloudtrail:CreateTrail", "cloudtrail:AddTags"], Condition={"StringEquals": {"aws:RequestTag/team": "r"},
                                                                               "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}})))
        tagged.stop_logging(Name="red")
        tap.refused("by the trail's tags", "AccessDeniedException", tagged.stop_logging, Name="blue")
        tap.refused("by the tags of the request", "AccessDeniedException", tagged.create_trail, Name="green", S3BucketName="audit-logs",
                    TagsList=[{"Key": "team", "Value": "g"}])
        tap.refused("and their keys", "AccessDeniedException", tagged.create_trail, Name="green", S3BucketName="audit-logs",
                    TagsList=[{"Key": "team", "Value": "r"}, {"Key": "more", "Value": "r"}])
        tagged.create_trail(Name="green", S3BucketName="audit-logs", TagsList=[{"Key": "team", "Value": "r"}])
        maker = server.session_client("cloudtrail", server.new_user("maker", policy("Allow", "cloudtrail:CreateTrail")))
        error = tap.refused("tags at birth need AddTags too", "AccessDeniedException", maker.create_trail, Name="grey", S3BucketName="audit-logs",
                            TagsList=[{"Key": "a", "Value": "b"}])
        tap.check("not authorized to perform: cloudtrail:AddTags" in str(error), "which is what is missing", error)
        maker.create_trail(Name="grey", S3BucketName="audit-logs")


# Source: CloudTrail API Reference (2013-11-01): what spoor does not serve, of stores, channels, queries, dashboards and organizations.
NOT_SERVED = """CancelQuery CreateChannel CreateDashboard CreateEventDataStore DeleteChannel DeleteDashboard DeleteEventDataStore
DeleteResourcePolicy DeregisterOrganizationDelegatedAdmin DescribeQuery DisableFederation EnableFederation GenerateQuery GetChannel GetDashboard
GetEventConfiguration GetEventDataStore GetImport GetQueryResults GetResourcePolicy ListChannels ListDashboards ListEventDataStores ListImportFailures
ListImports ListInsightsData ListInsightsMetricData ListQueries PutEventConfiguration PutResourcePolicy RegisterOrganizationDelegatedAdmin
RestoreEventDataStore SearchSampleQueries StartDashboardRefresh StartEventDataStoreIngestion StartImport StartQuery StopEventDataStoreIngestion
StopImport UpdateChannel UpdateDashboard UpdateEventDataStore""".split()


def what_is_not_served_says_so(tap):
    with Server(tap, lab=False) as server:
        host, wrong = f"127.0.0.1:{server.port}", []
        for operation in NOT_SERVED:
            status, _, body = server.raw(signed("cloudtrail", "{}", host, server.key, server.secret,
                                                headers={"X-Amz-Target": TARGETS["cloudtrail"] + operation}))
            answer = json.loads(body)
            if (status, answer["__type"]) != (400, "UnsupportedOperationException") or operation not in answer["message"]:
                wrong.append((operation, status, answer))
        tap.equal(wrong, [], f"{len(NOT_SERVED)} operations of AWS's answer UnsupportedOperationException and their name")
        tap.equal(record_of(server, "CreateEventDataStore")["errorCode"], "UnsupportedOperationException", "and are events")
        status, _, body = server.raw(signed("cloudtrail", "{}", host, server.key, server.secret,
                                            headers={"X-Amz-Target": "CloudTrail_20131101.ListTrails"}))
        tap.equal((status, body), (200, b'{"Trails":[]}'), "the short target works")
        status, _, body = server.raw(signed("cloudtrail", "{}", host, server.key, server.secret,
                                            headers={"X-Amz-Target": TARGETS["cloudtrail"] + "Nope"}))
        tap.equal((status, json.loads(body)["__type"]), (400, "UnknownOperationException"), "what AWS does not have is unknown")


def by_the_cli(tap):
    with Server(tap, lab=False) as server:
        account = server.account
        arn = f"arn:aws:cloudtrail:us-east-1:{account}:trail/audit"

        def run(*words):
            code, answer, error = server.aws(*words)
            return (code, answer) if code == 0 else (code, error)

        def trail(*words):
            return run("cloudtrail", *words)

        tap.equal(run("s3api", "create-bucket", "--bucket", "audit-logs")[0], 0, "a bucket")
        tap.equal(run("s3api", "put-bucket-policy", "--bucket", "audit-logs", "--policy", any_trail("audit-logs", account)), (0, None), "its policy")
        made = {"Name": "audit", "S3BucketName": "audit-logs", "S3KeyPrefix": "ct", "IncludeGlobalServiceEvents": True, "IsMultiRegionTrail": True,
                "TrailARN": arn, "LogFileValidationEnabled": True, "IsOrganizationTrail": False}
        tap.equal(trail("create-trail", "--name", "audit", "--s3-bucket-name", "audit-logs", "--s3-key-prefix", "ct", "--is-multi-region-trail",
                        "--enable-log-file-validation", "--tags-list", "Key=team,Value=sec"), (0, made), "create-trail")
        tap.equal(trail("start-logging", "--name", "audit"), (0, None), "start-logging")
        code, status = trail("get-trail-status", "--name", "audit")
        tap.check(code == 0 and status["IsLogging"] and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", status["TimeLoggingStarted"]),
                  "get-trail-status", status)
        tap.equal(trail("get-trail", "--name", "audit")[1]["Trail"]["HomeRegion"], "us-east-1", "get-trail")
        tap.equal(trail("describe-trails", "--region", "eu-west-1")[1]["trailList"][0]["TrailARN"], arn, "describe-trails elsewhere")
        tap.equal(trail("list-trails")[1], {"Trails": [{"TrailARN": arn, "Name": "audit", "HomeRegion": "us-east-1"}]}, "list-trails")
        tap.equal(trail("update-trail", "--name", "audit", "--no-is-multi-region-trail", "--s3-key-prefix", "")[1],
                  {**{name: value for name, value in made.items() if name != "S3KeyPrefix"}, "IsMultiRegionTrail": False,
                   "IncludeGlobalServiceEvents": False}, "update-trail")
        tap.equal(trail("put-event-selectors", "--trail-name", "audit", "--event-selectors", '[{"ReadWriteType":"WriteOnly"}]')[0], 0,
                  "put-event-selectors")
        tap.equal(trail("get-event-selectors", "--trail-name", "audit")[1]["EventSelectors"][0]["ReadWriteType"], "WriteOnly", "get-event-selectors")
        tap.equal(trail("put-insight-selectors", "--trail-name", "audit", "--insight-selectors", '[{"InsightType":"ApiCallRateInsight"}]')[0], 0,
                  "put-insight-selectors")
        tap.equal(trail("get-insight-selectors", "--trail-name", "audit")[1]["InsightSelectors"], [{"InsightType": "ApiCallRateInsight"}],
                  "get-insight-selectors")
        tap.equal(trail("add-tags", "--resource-id", arn, "--tags-list", "Key=a,Value=b"), (0, None), "add-tags")
        tap.equal(trail("remove-tags", "--resource-id", arn, "--tags-list", "Key=team"), (0, None), "remove-tags")
        tap.equal(trail("list-tags", "--resource-id-list", arn)[1]["ResourceTagList"][0]["TagsList"], [{"Key": "a", "Value": "b"}], "list-tags")
        code, keys = trail("list-public-keys", "--start-time", "2020-01-01")
        tap.check(code == 0 and isinstance(keys["PublicKeyList"], list), "list-public-keys", keys)
        unknown = f"Unknown trail: arn:aws:cloudtrail:us-east-1:{account}:trail/nope for the user: {account}"
        tap.equal(trail("stop-logging", "--name", "nope"),
                  (254, f"An error occurred (TrailNotFoundException) when calling the StopLogging operation: {unknown}"), "an error as the CLI prints it")
        tap.equal(trail("stop-logging", "--name", arn), (0, None), "stop-logging")
        tap.equal(trail("delete-trail", "--name", "audit"), (0, None), "delete-trail")
        tap.equal(trail("describe-trails", "--trail-name-list", "audit")[1], {"trailList": []}, "it is gone")


def by_the_javascript_sdk(tap):
    with Server(tap, lab=True) as server:
        server.client("s3").create_bucket(Bucket="audit-logs")
        server.node("trails_by_the_javascript_sdk.mjs", server.account)


tap.run(a_trail_lives, each_refusal_is_in_the_words_of_aws, what_does_not_exist_is_never_accepted, a_bucket_of_another_account,
        rates_are_those_of_aws, many_at_once, selectors_insights_and_tags, policies_see_trails_and_their_tags,
        what_is_not_served_says_so, by_the_cli, by_the_javascript_sdk)
