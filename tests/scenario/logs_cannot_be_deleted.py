#!/usr/bin/python3
"""tests/scenario/logs_cannot_be_deleted.py: a bucket of logs is kept from everybody: by a policy that denies deletion, which holds for
administrators, sessions and the root, and by object lock, which in compliance mode nobody lifts."""
import datetime
import json

from harness import Server, policy, tap, trust
from s3_wire import journal_records

PLACE = {"Bucket": "logs", "Key": "AWSLogs/1.json.gz"}


def in_days(days):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)


def codes(answer):
    return [error["Code"] for error in answer.get("Errors", [])]


def callers(server):
    """The lab's administrator, the account's root, another user with every right, a role's session."""
    boss = server.new_user("boss", policy("Allow", "*"))
    iam = server.client("iam")
    iam.create_role(RoleName="janitor", AssumeRolePolicyDocument=json.dumps(trust(server.account)))
    iam.put_role_policy(RoleName="janitor", PolicyName="all", PolicyDocument=json.dumps(policy("Allow", "*")))
    session = server.client("sts").assume_role(RoleArn=f"arn:aws:iam::{server.account}:role/janitor", RoleSessionName="night")["Credentials"]
    return {"the administrator": server.client("s3"), "the root": server.client("s3", "root", "root"),
            "a user with every right": server.session_client("s3", boss), "a role's session": server.session_client("s3", session)}


def a_policy_denies_deletion_to_everybody(tap):
    """Traps 32, 42 and 45."""
    with Server(tap) as server:
        who = callers(server)
        s3, root = who["the administrator"], who["the root"]
        s3.create_bucket(Bucket="logs")
        s3.put_bucket_versioning(Bucket="logs", VersioningConfiguration={"Status": "Enabled"})
        version = s3.put_object(**PLACE, Body=b"records")["VersionId"]
        deny = {"Effect": "Deny", "Principal": "*", "Resource": "arn:aws:s3:::logs/*"}
        document = {"Version": "2012-10-17", "Statement": [{**deny, "Action": "s3:DeleteObject"}]}
        s3.put_bucket_policy(Bucket="logs", Policy=json.dumps(document))
        for name, client in who.items():
            tap.refused(f"{name} is denied", "AccessDenied", client.delete_object, **PLACE, status=403)
            for quiet in (False, True):
                answer = client.delete_objects(Bucket="logs", Delete={"Objects": [{"Key": PLACE["Key"]}, {"Key": "none"}], "Quiet": quiet})
                tap.equal((codes(answer), "Deleted" in answer), (["AccessDenied"] * 2, False), f"{name}, in DeleteObjects, quiet {quiet}")
        tap.equal(s3.get_object(**PLACE)["Body"].read(), b"records", "the log is there")
        mixed = s3.delete_objects(Bucket="logs", Delete={"Objects": [{"Key": PLACE["Key"]}, {"Key": PLACE["Key"], "VersionId": "A" * 32}], "Quiet": True})
        tap.equal((codes(mixed), "Deleted" in mixed), (["AccessDenied"], False), "Quiet hides what succeeded, and only that")
        second = s3.put_object(**PLACE, Body=b"other")["VersionId"]
        tap.equal(s3.delete_object(**PLACE, VersionId=second)["ResponseMetadata"]["HTTPStatusCode"], 204, "a version is another action")
        document["Statement"][0]["Action"] = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutBucketVersioning"]
        document["Statement"][0]["Resource"] = ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]
        s3.put_bucket_policy(Bucket="logs", Policy=json.dumps(document))
        for name, client in who.items():
            tap.refused(f"{name} keeps every version", "AccessDenied", client.delete_object, **PLACE, VersionId=version, status=403)
            tap.refused(f"{name} does not suspend versions", "AccessDenied", client.put_bucket_versioning, Bucket="logs",
                        VersioningConfiguration={"Status": "Suspended"}, status=403)
        s3.put_object(**PLACE, Body=b"more")
        tap.equal(s3.get_object(**PLACE, VersionId=version)["Body"].read(), b"records", "writing is not deleting")
        document["Statement"].append({"Effect": "Deny", "Principal": "*", "Action": ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"],
                                      "Resource": "arn:aws:s3:::logs"})
        s3.put_bucket_policy(Bucket="logs", Policy=json.dumps(document), ConfirmRemoveSelfBucketAccess=True)
        for name, client in who.items():
            if client is not root:
                tap.refused(f"{name} does not lift the policy", "AccessDenied", client.delete_bucket_policy, Bucket="logs", status=403)
        tap.equal(root.delete_bucket_policy(Bucket="logs")["ResponseMetadata"]["HTTPStatusCode"], 204, "the root does, so that a bucket is never lost")
        refused = [record["errorCode"] for record in journal_records(server, "DeleteObject") if "errorCode" in record]
        tap.equal(refused, ["AccessDenied"] * 8, "each attempt is on record")


def object_lock_holds(tap):
    """Traps 40 and 41."""
    with Server(tap) as server:
        who = callers(server)
        s3, root = who["the administrator"], who["the root"]
        s3.create_bucket(Bucket="logs", ObjectLockEnabledForBucket=True)

        def put(mode, days=2, key=PLACE["Key"]):
            return {"Bucket": "logs", "Key": key, "VersionId": s3.put_object(
                Bucket="logs", Key=key, Body=b"records", ObjectLockMode=mode, ObjectLockRetainUntilDate=in_days(days))["VersionId"]}

        def retain(client, place, mode, days, **more):
            return client.put_object_retention(**place, Retention={"Mode": mode, "RetainUntilDate": in_days(days)}, **more)

        kept = put("COMPLIANCE")
        for name, client in who.items():
            tap.refused(f"{name} deletes no version in compliance", "AccessDenied", client.delete_object, **kept, status=403)
            tap.refused(f"{name} does not bypass it", "AccessDenied", client.delete_object, **kept, BypassGovernanceRetention=True, status=403)
            answer = client.delete_objects(Bucket="logs", BypassGovernanceRetention=True, Delete={"Objects": [
                {"Key": kept["Key"], "VersionId": kept["VersionId"]}]})
            tap.equal(codes(answer), ["AccessDenied"], f"{name}, in DeleteObjects")
            for mode, days in (("COMPLIANCE", 1), ("GOVERNANCE", 3)):
                tap.refused(f"{name} makes it no weaker: {mode}, {days} days", "AccessDenied", retain, client, kept, mode, days,
                            BypassGovernanceRetention=True, status=403)
        retain(s3, kept, "COMPLIANCE", 5)
        tap.check(s3.get_object_retention(**kept)["Retention"]["RetainUntilDate"] > in_days(4), "it can be longer")
        marker = root.delete_object(Bucket="logs", Key=kept["Key"])
        tap.check(marker["DeleteMarker"], "a plain DELETE adds a marker")
        tap.equal(s3.get_object(**kept)["Body"].read(), b"records", "under which the version stays")
        tap.refused("its bucket stays", "BucketNotEmpty", root.delete_bucket, Bucket="logs", status=409)
        tap.refused("and its versions", "InvalidBucketState", root.put_bucket_versioning, Bucket="logs",
                    VersioningConfiguration={"Status": "Suspended"}, status=409)

        loose = put("GOVERNANCE", key="governed")
        tap.refused("governance without the header", "AccessDenied", s3.delete_object, **loose, status=403)
        plain = server.session_client("s3", server.new_user("plain", policy("Allow", ["s3:DeleteObject*", "s3:PutObjectRetention"])))
        tap.refused("and without the right", "AccessDenied", plain.delete_object, **loose, BypassGovernanceRetention=True, status=403)
        tap.refused("nor is it shortened", "AccessDenied", retain, plain, loose, "GOVERNANCE", 1, status=403)
        s3.put_object_legal_hold(**loose, LegalHold={"Status": "ON"})
        tap.refused("a legal hold knows no bypass", "AccessDenied", root.delete_object, **loose, BypassGovernanceRetention=True, status=403)
        s3.put_object_legal_hold(**loose, LegalHold={"Status": "OFF"})
        tap.equal(s3.delete_object(**loose, BypassGovernanceRetention=True)["ResponseMetadata"]["HTTPStatusCode"], 204, "with both it goes")
        for mode, days, code in (("COMPLIANCE", -1, "InvalidArgument"), ("FOREVER", 1, "InvalidArgument")):
            tap.refused(f"{mode} for {days} days", code, put, mode, days, status=400)
        s3.create_bucket(Bucket="open")
        tap.refused("a bucket without lock", "InvalidRequest", s3.put_object, Bucket="open", Key="k", Body=b"", ObjectLockMode="GOVERNANCE",
                    ObjectLockRetainUntilDate=in_days(1), status=400)
        tap.refused("has nothing to bypass", "InvalidArgument", s3.delete_object, Bucket="open", Key="k", BypassGovernanceRetention=True, status=400)
        server.get("/_spoor/clock", "POST", json.dumps({"advance": "6d"}).encode())
        tap.equal(s3.delete_object(**kept)["ResponseMetadata"]["HTTPStatusCode"], 204, "when its time is over the version goes")


def any_region_may_sign(tap):
    """Trap 78: one server is every region; regions are never strict here."""
    with Server(tap) as server:
        s3, far = server.client("s3"), server.client("s3", region="eu-central-1")
        s3.create_bucket(Bucket="logs")
        far.put_object(**PLACE, Body=b"x")
        tap.equal(s3.get_object(**PLACE)["Body"].read(), b"x", "a bucket of us-east-1 is used by a client of eu-central-1")
        tap.equal([record["awsRegion"] for record in journal_records(server, "PutObject")], ["eu-central-1"], "and its record says which")


if __name__ == "__main__":
    tap.run(a_policy_denies_deletion_to_everybody, object_lock_holds, any_region_may_sign)
