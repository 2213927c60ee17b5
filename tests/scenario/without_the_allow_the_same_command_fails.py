#!/usr/bin/python3
"""tests/scenario/without_the_allow_the_same_command_fails.py: policies decide every call: one row a service, the same CLI command twice."""
import json

from harness import Server, policy, tap

# service, the CLI's words, the action, the error's code, the resource in AWS's words
ROWS = [
    ("iam", ["create-group", "--group-name", "ops"], "iam:CreateGroup", "AccessDenied", "arn:aws:iam::ACCOUNT:group/ops"),
    ("iam", ["list-roles"], "iam:ListRoles", "AccessDenied", "arn:aws:iam::ACCOUNT:role/"),
    ("iam", ["get-account-summary"], "iam:GetAccountSummary", "AccessDenied", "*"),
    ("sts", ["get-access-key-info", "--access-key-id", "ASIAQNZGKIQY56JQ7WML"], "sts:GetAccessKeyInfo", "AccessDenied", None),
    ("cloudtrail", ["lookup-events", "--max-items", "1"], "cloudtrail:LookupEvents", "AccessDeniedException", None),
    ("cloudtrail", ["start-logging", "--name", "audit"], "cloudtrail:StartLogging", "AccessDeniedException",
     "arn:aws:cloudtrail:us-east-1:ACCOUNT:trail/audit"),
    ("cloudtrail", ["describe-trails"], "cloudtrail:DescribeTrails", "AccessDeniedException", None),
]


def the_allow_is_taken_away(tap):
    with Server(tap, lab=False) as server:
        iam = server.client("iam")
        bob = server.new_user("bob", policy("Allow", "*"))
        who = {"key": bob["AccessKeyId"], "secret": bob["SecretAccessKey"]}
        server.client("s3").create_bucket(Bucket="audit-logs")
        server.client("s3").put_bucket_policy(Bucket="audit-logs", Policy=json.dumps(policy(
            "Allow", "s3:*", ["arn:aws:s3:::audit-logs", "arn:aws:s3:::audit-logs/*"], Principal={"Service": "cloudtrail.amazonaws.com"})))
        server.client("cloudtrail").create_trail(Name="audit", S3BucketName="audit-logs")
        for service, words, action, code, resource in ROWS:
            name = f"aws {service} {words[0]}"
            iam.put_user_policy(UserName="bob", PolicyName="p0", PolicyDocument=json.dumps(policy("Allow", action)))
            done, _, error = server.aws(service, *words, **who)
            tap.equal((done, error), (0, ""), f"{name} works with {action} alone")
            iam.delete_user_policy(UserName="bob", PolicyName="p0")
            done, _, error = server.aws(service, *words, **who)
            about = f" on resource: {resource.replace('ACCOUNT', server.account)}" if resource else ""
            want = (f"User: arn:aws:iam::{server.account}:user/bob is not authorized to perform: {action}{about} because no "
                    f"identity-based policy allows the {action} action")
            tap.equal((done, error), (254, f"An error occurred ({code}) when calling the {action.split(':')[1]} operation: {want}"),
                      f"{name} fails without it")
            event = server.events(EventName=action.split(":")[1])[0]
            tap.equal((event["Username"], event["record"].get("errorCode"), event["record"].get("errorMessage")),
                      ("bob", "AccessDenied", want), f"the refusal of {name} is an event")
        done, _, error = server.aws("sts", "get-caller-identity", **who)
        tap.equal((done, error), (0, ""), "get-caller-identity needs no Allow")


tap.run(the_allow_is_taken_away)
