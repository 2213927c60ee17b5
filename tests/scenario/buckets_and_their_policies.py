#!/usr/bin/python3
"""tests/scenario/buckets_and_their_policies.py: buckets by the AWS CLI and boto3: who may make, see, change and delete them."""
import hashlib
import json
import subprocess
from urllib.parse import quote

from harness import REGION, Server, policy, tap
from signer import signed

OTHER = "444455556666"          # in the lab any 12 digits with the secret "test" are an account's administrator


def s3_of(server, key=None, secret=None, region=REGION):
    return server.client("s3", key, secret, region=region, s3={"addressing_style": "path"})


def statement(effect, principal, action, resource, **more):
    return {"Effect": effect, "Principal": principal, "Action": action, "Resource": resource, **more}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def names(answer):
    return [bucket["Name"] for bucket in answer["Buckets"]]


def said(server, *args):
    """Exit code and text of the AWS CLI's `s3` commands, which print no JSON."""
    done = subprocess.run(["/usr/bin/aws", "--endpoint-url", server.url, "s3", *args], capture_output=True, text=True,
                          env=server.environment())
    return done.returncode, (done.stdout + done.stderr).strip()


def listed(server, query):
    """ListBuckets with parameters that Debian's boto3 does not know yet: the XML."""
    return server.raw(signed("s3", "", f"127.0.0.1:{server.port}", method="GET", query=query,
                             headers={"x-amz-content-sha256": hashlib.sha256(b"").hexdigest()}))[2].decode()


def buckets_are_made_listed_and_deleted(tap):
    with Server(tap) as server:
        s3, other, west = s3_of(server), s3_of(server, OTHER, "test"), s3_of(server, region="eu-west-1")
        answer = s3.create_bucket(Bucket="first")
        tap.equal(answer["Location"], "/first", "a bucket of us-east-1 is located by its name")
        tap.equal(s3.create_bucket(Bucket="first")["Location"], "/first", "us-east-1 makes the owner's bucket once more")
        error = tap.refused("nobody else can have the name", "BucketAlreadyExists", other.create_bucket, Bucket="first", status=409)
        tap.equal(error and error.response["Error"].get("BucketName"), "first", "and the error names it")
        west.create_bucket(Bucket="second", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        tap.refused("elsewhere the owner is told", "BucketAlreadyOwnedByYou", west.create_bucket, Bucket="second", status=409,
                    CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        tap.refused("a region's endpoint wants its constraint", "IllegalLocationConstraintException", west.create_bucket,
                    Bucket="third", status=400)
        tap.refused("which must be its own", "IllegalLocationConstraintException", west.create_bucket, Bucket="third",
                    CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
        tap.refused("us-east-1 is none", "InvalidLocationConstraint", s3.create_bucket, Bucket="third",
                    CreateBucketConfiguration={"LocationConstraint": "us-east-1"})
        tap.equal(s3.get_bucket_location(Bucket="first")["LocationConstraint"], None, "us-east-1 has no location")
        tap.equal(s3.get_bucket_location(Bucket="second")["LocationConstraint"], "eu-west-1", "eu-west-1 has one")
        headers = s3.head_bucket(Bucket="second")["ResponseMetadata"]["HTTPHeaders"]
        tap.equal(headers.get("x-amz-bucket-region"), "eu-west-1", "HeadBucket tells the region")

        answer = s3.list_buckets()
        tap.equal(names(answer), ["first", "second"], "buckets are listed by name")
        tap.check(len(answer["Owner"]["ID"]) == 64, "with the owner's canonical id")
        tap.equal(names(other.list_buckets()), [], "only one's own")
        page = listed(server, "max-buckets=1")
        token = quote(page.partition("<ContinuationToken>")[2].partition("<")[0], safe="")
        rest = listed(server, f"continuation-token={token}&max-buckets=1")
        tap.check("<Name>first<" in page and "<Name>second<" not in page and "<Name>second<" in rest
                  and "ContinuationToken" not in rest, "page by page", page + rest)
        for query, region in (("prefix=sec", "eu-west-1"), ("bucket-region=us-east-1", "us-east-1")):
            text = listed(server, query)
            tap.check(text.count("<Bucket>") == 1 and f"<BucketRegion>{region}</BucketRegion>" in text, f"by {query}", text)
        tap.check("<Code>InvalidArgument</Code>" in listed(server, "continuation-token=x"), "not from a made-up token")

        error = tap.refused("strangers are refused", "403", other.head_bucket, Bucket="second")
        tap.equal(error and error.response["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region"), "eu-west-1",
                  "and told the region all the same")
        tap.refused("a bucket that is not there", "NoSuchBucket", other.list_objects_v2, Bucket="never-made", status=404)
        for name in ("UPPER", "a_b", "192.168.5.4", "xn--x", "x-s3alias"):
            tap.refused(f"{name} is no name of a bucket", "InvalidBucketName", s3.list_objects_v2, Bucket=name, status=400)
        tap.refused("another owner was expected", "AccessDenied", s3.list_objects_v2,
                    Bucket="first", ExpectedBucketOwner=OTHER, status=403)
        tap.refused("an owner is 12 digits", "InvalidBucketOwnerAWSAccountID", s3.list_objects_v2, Bucket="first",
                    ExpectedBucketOwner="me", status=400)
        tap.refused("not another's bucket", "AccessDenied", other.delete_bucket, Bucket="first", message="Access Denied", status=403)
        s3.delete_bucket(Bucket="first")
        tap.equal(names(s3.list_buckets()), ["second"], "a deleted bucket is gone")
        other.create_bucket(Bucket="first")
        tap.equal(names(other.list_buckets()), ["first"], "and its name is free")


def the_cli_makes_versioned_buckets(tap):
    with Server(tap) as server:
        tap.equal(server.aws("s3api", "create-bucket", "--bucket", "trail-logs")[0], 0, "aws s3api create-bucket")
        tap.equal(said(server, "mb", "s3://more-logs"), (0, "make_bucket: more-logs"), "aws s3 mb")
        code, answer, error = server.aws("s3api", "list-buckets")
        tap.equal(answer and names(answer), ["more-logs", "trail-logs"], "aws s3api list-buckets")
        tap.equal(server.aws("s3api", "get-bucket-versioning", "--bucket", "trail-logs")[1], None, "a new bucket has no versioning")
        for status in ("Enabled", "Suspended"):
            server.aws("s3api", "put-bucket-versioning", "--bucket", "trail-logs", "--versioning-configuration", f"Status={status}")
            tap.equal(server.aws("s3api", "get-bucket-versioning", "--bucket", "trail-logs")[1], {"Status": status}, status)
        s3 = s3_of(server)
        tap.refused("there is no way back", "IllegalVersioningConfigurationException", s3.put_bucket_versioning, Bucket="trail-logs",
                    VersioningConfiguration={}, status=400)
        code, answer, error = server.aws("s3api", "delete-object", "--bucket", "trail-logs", "--key", "never")
        tap.equal(answer, {"DeleteMarker": True, "VersionId": "null"}, "a suspended bucket gets a null marker")
        tap.equal(said(server, "rb", "s3://more-logs"), (0, "remove_bucket: more-logs"), "aws s3 rb")
        code, text = said(server, "rb", "s3://trail-logs")
        tap.check(code != 0 and "BucketNotEmpty" in text, "a bucket with a marker is not empty", text)
        s3.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
        tap.equal(s3.get_bucket_versioning(Bucket="locked")["Status"], "Enabled", "object lock brings versioning")
        tap.refused("which stays", "InvalidBucketState", s3.put_bucket_versioning, Bucket="locked",
                    VersioningConfiguration={"Status": "Suspended"}, status=409)
        tap.refused("no ACLs", "AccessControlListNotSupported", s3.create_bucket, Bucket="open-to-all", ACL="public-read", status=400)


def policies_let_in_and_keep_out(tap):
    with Server(tap) as server:
        s3, other = s3_of(server), s3_of(server, OTHER, "test")
        ann = server.new_user("ann", policy("Allow", "s3:*"))
        bob = server.new_user("bob")
        by_ann, by_bob = (s3_of(server, key["AccessKeyId"], key["SecretAccessKey"]) for key in (ann, bob))
        s3.create_bucket(Bucket="books")
        tap.refused("no policy at first", "NoSuchBucketPolicy", s3.get_bucket_policy, Bucket="books", status=404)
        tap.refused("bob may not", "AccessDenied", by_bob.list_objects_v2, Bucket="books", status=403,
                    message=f"User: arn:aws:iam::{server.account}:user/bob is not authorized to perform: s3:ListBucket on resource: "
                            "\"arn:aws:s3:::books\" because no identity-based policy allows the s3:ListBucket action")
        tap.refused("nor strangers", "AccessDenied", other.list_objects_v2, Bucket="books", message="Access Denied", status=403)

        bucket, objects = "arn:aws:s3:::books", "arn:aws:s3:::books/*"
        text = document(statement("Allow", {"AWS": [f"arn:aws:iam::{server.account}:user/bob", OTHER]}, "s3:ListBucket", bucket))
        answer = s3.put_bucket_policy(Bucket="books", Policy=text)
        tap.equal(answer["ResponseMetadata"]["HTTPStatusCode"], 204, "PutBucketPolicy answers 204")
        tap.equal(json.loads(s3.get_bucket_policy(Bucket="books")["Policy"])["Statement"][0]["Action"], "s3:ListBucket",
                  "the policy is shown")
        tap.equal(s3.get_bucket_policy_status(Bucket="books")["PolicyStatus"], {"IsPublic": False}, "and not public")
        tap.equal(by_bob.list_objects_v2(Bucket="books")["KeyCount"], 0, "who is named may")
        tap.equal(other.list_objects_v2(Bucket="books")["KeyCount"], 0, "another account too")
        iam = server.client("iam")
        iam.delete_access_key(UserName="bob", AccessKeyId=bob["AccessKeyId"])
        iam.delete_user(UserName="bob")
        bob = server.new_user("bob")
        by_bob = s3_of(server, bob["AccessKeyId"], bob["SecretAccessKey"])
        tap.refused("a new bob is not the one who was named", "AccessDenied", by_bob.list_objects_v2, Bucket="books")
        tap.check("AIDA" in s3.get_bucket_policy(Bucket="books")["Policy"], "the policy shows the old one's id")

        everybody = document(statement("Allow", "*", "s3:ListBucket", bucket))
        tap.refused("a public policy is blocked", "AccessDenied", s3.put_bucket_policy, Bucket="books", Policy=everybody, status=403,
                    message=f"User: {server.client('sts').get_caller_identity()['Arn']} is not authorized to perform: "
                            "s3:PutBucketPolicy on resource: \"arn:aws:s3:::books\" because public policies are prevented by the "
                            "BlockPublicPolicy setting in S3 Block Public Access.")
        block = dict(BlockPublicAcls=True, IgnorePublicAcls=True, BlockPublicPolicy=False, RestrictPublicBuckets=True)
        answer = s3.put_public_access_block(Bucket="books", PublicAccessBlockConfiguration=block)
        tap.equal(answer["ResponseMetadata"]["HTTPStatusCode"], 200, "PutPublicAccessBlock answers 200")
        tap.equal(s3.get_public_access_block(Bucket="books")["PublicAccessBlockConfiguration"], block, "the block is shown")
        s3.put_bucket_policy(Bucket="books", Policy=everybody)
        tap.equal(s3.get_bucket_policy_status(Bucket="books")["PolicyStatus"], {"IsPublic": True}, "the policy is public")
        tap.equal(by_bob.list_objects_v2(Bucket="books")["KeyCount"], 0, "the owner's account comes in")
        tap.refused("others are restricted", "AccessDenied", other.list_objects_v2, Bucket="books")
        tap.equal(server.get("/books?list-type=2")[0], 403, "the anonymous too")
        s3.delete_public_access_block(Bucket="books")
        tap.refused("no block any more", "NoSuchPublicAccessBlockConfiguration", s3.get_public_access_block, Bucket="books", status=404)
        tap.equal(other.list_objects_v2(Bucket="books")["KeyCount"], 0, "then others come in")
        tap.equal(server.get("/books?list-type=2")[0], 200, "and everybody")

        hard = document(statement("Deny", "*", ["s3:DeleteObject", "s3:PutBucketVersioning"], [bucket, objects]))
        s3.put_bucket_policy(Bucket="books", Policy=hard)
        for who, client in (("the administrator", s3), ("ann", by_ann)):
            tap.refused(f"{who} is denied", "AccessDenied", client.delete_object, Bucket="books", Key="k", status=403)
        answer = s3.delete_objects(Bucket="books", Delete={"Objects": [{"Key": "k"}, {"Key": "j"}], "Quiet": True})
        tap.equal([error["Code"] for error in answer.get("Errors", [])], ["AccessDenied", "AccessDenied"],
                  "each key of DeleteObjects is refused, and Quiet does not hide it")
        tap.equal(s3.delete_object(Bucket="books", Key="k", VersionId="null")["ResponseMetadata"]["HTTPStatusCode"], 204,
                  "DeleteObject does not mean DeleteObjectVersion")

        lock_out = document(statement("Deny", {"AWS": f"arn:aws:iam::{server.account}:user/ann"}, "s3:PutBucketPolicy", bucket))
        tap.refused("nobody locks himself out", "AccessDenied", by_ann.put_bucket_policy, Bucket="books", Policy=lock_out, status=403)
        tap.equal(json.loads(s3.get_bucket_policy(Bucket="books")["Policy"]), json.loads(hard), "and nothing was changed")
        by_ann.put_bucket_policy(Bucket="books", Policy=lock_out, ConfirmRemoveSelfBucketAccess=True)
        tap.refused("but by confirmation", "AccessDenied", by_ann.put_bucket_policy, Bucket="books", Policy=hard)
        for text, message in (("nonsense", "Policies must be valid JSON and the first byte must be '{'"),
                              (document(statement("Allow", "*", "s3:GetObject", "arn:aws:s3:::other/*")), "Policy has invalid resource"),
                              (document(statement("Allow", "*", "s3:GetObject", bucket)),
                               "Action does not apply to any resource(s) in statement")):
            tap.refused(message, "MalformedPolicy", s3.put_bucket_policy, Bucket="books", Policy=text, message=message, status=400)
        s3.delete_bucket_policy(Bucket="books")
        tap.refused("the policy is gone", "NoSuchBucketPolicy", s3.get_bucket_policy, Bucket="books")

        record = server.events(EventName="PutBucketPolicy", limit=1)[0]["record"]
        tap.equal(record.get("errorCode"), "MalformedPolicy", "the refused policy is an event")
        record = server.events(EventName="PutBucketPublicAccessBlock", limit=1)[0]["record"]
        tap.equal(record["resources"], [{"accountId": server.account, "type": "AWS::S3::Bucket", "ARN": bucket}],
                  "events name the bucket and its owner")


tap.run(buckets_are_made_listed_and_deleted, the_cli_makes_versioned_buckets, policies_let_in_and_keep_out)
