#!/usr/bin/python3
"""tests/scenario/buckets_have_documented_defaults.py: a bucket answers every question that Terraform and the console ask of a
new one, keeps what may be configured, and each change is on record with the document that made it."""
import json
import urllib.request

from harness import ClientError, Server, Tap

DEFAULTS = [   # (call, code or None, what the answer has)
    ("get_bucket_policy", "NoSuchBucketPolicy", {}),
    ("get_bucket_policy_status", "NoSuchBucketPolicy", {}),
    ("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration", {}),
    ("get_bucket_tagging", "NoSuchTagSet", {}),
    ("get_bucket_cors", "NoSuchCORSConfiguration", {}),
    ("get_bucket_replication", "ReplicationConfigurationNotFoundError", {}),
    ("get_bucket_website", "NoSuchWebsiteConfiguration", {}),
    ("get_object_lock_configuration", "ObjectLockConfigurationNotFoundError", {}),
    ("get_bucket_logging", None, {}),
    ("get_bucket_notification_configuration", None, {}),
    ("get_bucket_accelerate_configuration", None, {}),
    ("get_bucket_versioning", None, {}),
    ("get_bucket_request_payment", None, {"Payer": "BucketOwner"}),
    ("get_bucket_location", None, {"LocationConstraint": None}),
    ("get_bucket_ownership_controls", None, {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}),
    ("get_public_access_block", None, {"PublicAccessBlockConfiguration": {
        "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}}),
    ("get_bucket_encryption", None, {"ServerSideEncryptionConfiguration": {"Rules": [{
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]}}),
]


def asked(s3, name, bucket):
    """(code, answer without its metadata)"""
    try:
        answer = getattr(s3, name)(Bucket=bucket)
    except ClientError as error:
        return error.response["Error"]["Code"], {}
    answer.pop("ResponseMetadata")
    return None, answer


def events(server, name):
    found = server.client("cloudtrail").lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}])["Events"]
    return [json.loads(event["CloudTrailEvent"]) for event in found]


def new_buckets_have_no_surprises(tap):
    with Server(tap) as server:
        s3 = server.client("s3")
        s3.create_bucket(Bucket="fresh")
        for name, code, content in DEFAULTS:
            tap.equal(asked(s3, name, "fresh"), (code, content), f"{name} of a new bucket")
            tap.equal(asked(s3, name, "nobodys")[0], "NoSuchBucket", f"{name} of no bucket")
        grants = s3.get_bucket_acl(Bucket="fresh")["Grants"]
        tap.equal([grant["Permission"] for grant in grants], ["FULL_CONTROL"], "the owner has full control")
        event = events(server, "GetBucketEncryption")[-1]
        tap.equal(event["requestParameters"], {"bucketName": "fresh", "Host": server.url.split("//")[1], "encryption": ""}, "its event says what was asked")
        tap.equal(event["resources"], [{"accountId": server.account, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::fresh"}],
                  "and about which bucket")
        tap.check("resources" not in events(server, "GetBucketEncryption")[0], "an event about no bucket names none")


def what_is_put_is_read_again(tap):
    with Server(tap) as server:
        s3 = server.client("s3")
        s3.create_bucket(Bucket="kept")
        tags = [{"Key": "team", "Value": "red & blue"}, {"Key": "cost", "Value": "12"}]
        tap.refused("a tag with an ampersand", "InvalidTag", s3.put_bucket_tagging, Bucket="kept", Tagging={"TagSet": tags})
        tags[0]["Value"] = "red"
        answer = s3.put_bucket_tagging(Bucket="kept", Tagging={"TagSet": tags})
        tap.equal(answer["ResponseMetadata"]["HTTPStatusCode"], 204, "tags are put with 204")
        tap.equal(s3.get_bucket_tagging(Bucket="kept")["TagSet"], tags, "tags are read again, in their order")
        event = events(server, "PutBucketTagging")[0]
        tap.equal(event["requestParameters"]["Tagging"]["TagSet"]["Tag"], [{"Key": "team", "Value": "red"}, {"Key": "cost", "Value": 12}],
                  "the event has the document, numbers as numbers")
        tap.equal(event["additionalEventData"]["AuthenticationMethod"], "AuthHeader", "the event says how it was signed")

        rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://*.example.com"], "MaxAgeSeconds": 60, "ExposeHeaders": ["ETag"]}
        s3.put_bucket_cors(Bucket="kept", CORSConfiguration={"CORSRules": [rule]})
        tap.equal(s3.get_bucket_cors(Bucket="kept")["CORSRules"], [rule], "CORS rules are read again")
        preflight = urllib.request.Request(server.url + "/kept/key", method="OPTIONS", headers={
            "Origin": "https://a.example.com", "Access-Control-Request-Method": "GET"})
        with urllib.request.urlopen(preflight) as answer:
            tap.equal(answer.headers["Access-Control-Allow-Origin"], "https://a.example.com", "a browser may ask from there")
        s3.delete_bucket_cors(Bucket="kept")
        tap.equal(asked(s3, "get_bucket_cors", "kept")[0], "NoSuchCORSConfiguration", "until the rules are deleted")

        policy = {"Version": "2012-10-17", "Statement": [{
            "Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketTagging", "Resource": "arn:aws:s3:::kept"}]}
        s3.put_bucket_policy(Bucket="kept", Policy=json.dumps(policy))
        tap.equal(json.loads(s3.get_bucket_policy(Bucket="kept")["Policy"]), policy, "a policy is read again")
        tap.equal(events(server, "PutBucketPolicy")[0]["requestParameters"]["bucketPolicy"], policy, "its event has it as an object")
        tap.refused("what the policy denies, at once", "AccessDenied", s3.put_bucket_tagging, Bucket="kept", Tagging={"TagSet": tags})
        s3.delete_bucket_policy(Bucket="kept")
        s3.put_bucket_tagging(Bucket="kept", Tagging={"TagSet": tags})
        tap.refused("a document nobody would act on", "NotImplemented", s3.put_bucket_lifecycle_configuration, Bucket="kept",
                    LifecycleConfiguration={"Rules": [{"ID": "r", "Filter": {}, "Status": "Enabled", "Expiration": {"Days": 1}}]})


def the_command_line_agrees(tap):
    with Server(tap) as server:
        def s3api(*words):
            return server.aws("s3api", *words)

        tap.equal(s3api("create-bucket", "--bucket", "typed")[0], 0, "create-bucket")
        tap.equal(s3api("put-public-access-block", "--bucket", "typed", "--public-access-block-configuration", "BlockPublicAcls=true")[0], 0,
                  "put-public-access-block")
        code, out, _ = s3api("get-public-access-block", "--bucket", "typed", "--query", "PublicAccessBlockConfiguration.BlockPublicPolicy")
        tap.equal((code, out), (0, False), "what was not said is false")
        code, _, err = s3api("get-bucket-website", "--bucket", "typed")
        tap.check(code == 254 and "NoSuchWebsiteConfiguration" in err, "get-bucket-website", err)
        code, _, err = s3api("list-bucket-inventory-configurations", "--bucket", "typed")
        tap.check(code == 254 and "NotImplemented" in err, "an inventory is no listing", err)


if __name__ == "__main__":
    Tap().run(new_buckets_have_no_surprises, what_is_put_is_read_again, the_command_line_agrees)
