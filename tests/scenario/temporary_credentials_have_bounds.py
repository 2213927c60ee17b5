#!/usr/bin/python3
"""tests/scenario/temporary_credentials_have_bounds.py: without --lab: what STS refuses, what federated users and root's sessions may do, and how it is recorded."""
import email.utils
import json

from harness import Server, policy, tap, trust


def bounded(name, value, constraint):
    return f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: Member must have {constraint}"


def requests_are_bounded(tap):
    with Server(tap, lab=False) as server:
        iam, sts = server.client("iam"), server.client("sts", parameter_validation=False)
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust(server.account)))
        arn = f"arn:aws:iam::{server.account}:role/r"

        def assume(**more):
            return sts.assume_role(**{"RoleArn": arn, "RoleSessionName": "session", **more})
        for name, code, message, more in [
                ("a session of 14 minutes", "ValidationError", bounded("durationSeconds", 899, "value greater than or equal to 900"),
                 {"DurationSeconds": 899}),
                ("one longer than 12 hours", "ValidationError", bounded("durationSeconds", 43201, "value less than or equal to 43200"),
                 {"DurationSeconds": 43201}),
                ("a session name of one letter", "ValidationError", bounded("roleSessionName", "s", "length greater than or equal to 2"),
                 {"RoleSessionName": "s"}),
                ("a session policy that is none", "MalformedPolicyDocument", "Syntax errors in policy.", {"Policy": "{"}),
                ("a session policy with a principal", "MalformedPolicyDocument", "Policy document should not specify a principal.",
                 {"Policy": json.dumps(trust("*"))}),
                ("a session policy that is too long", "PackedPolicyTooLarge", None,
                 {"Policy": json.dumps(policy("Allow", "s3:" + "a" * 2100))}),
                ("eleven managed policies", "ValidationError", None, {"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}] * 11}),
                ("a managed policy that is not there", "ValidationError", None, {"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/Nope"}]}),
                ("a user's ARN", "ValidationError", f"arn:aws:iam::{server.account}:user/x is invalid",
                 {"RoleArn": f"arn:aws:iam::{server.account}:user/x"}),
                ("an account of eleven digits", "ValidationError", "arn:aws:iam::00000000000:role/x is invalid",
                 {"RoleArn": "arn:aws:iam::00000000000:role/x"}),
                ("what is no ARN", "ValidationError", "nothing-like-an-arn-at-all is invalid", {"RoleArn": "nothing-like-an-arn-at-all"}),
                ("a token code of four digits", "ValidationError", None, {"SerialNumber": "arn:aws:iam::1:mfa/x", "TokenCode": "1234"})]:
            tap.refused(name, code, assume, status=400, message=message, **more)
        recorded = [event["record"] for event in server.events(EventName="AssumeRole")]
        tap.equal({record["errorCode"] for record in recorded},
                  {"ValidationException", "MalformedPolicyDocumentException", "PackedPolicyTooLargeException"}, "each is recorded as what it was")
        tap.check(all(record["requestParameters"]["roleArn"] for record in recorded), "with what was asked")
        tap.refused("a user session of 14 minutes", "ValidationError", sts.get_session_token, DurationSeconds=899, status=400)
        tap.refused("a federated name of one letter", "ValidationError", sts.get_federation_token, Name="f", status=400)
        tap.refused("a key id that is too short", "ValidationError", sts.get_access_key_info, AccessKeyId="short", status=400)
        tap.refused("one of no known form", "ValidationError", sts.get_access_key_info, AccessKeyId="XKIAIOSFODNN7EXAMPLE", status=400)


def managed_session_policies_narrow(tap):
    with Server(tap, lab=False) as server:
        iam = server.client("iam")
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust(server.account)))
        iam.put_role_policy(RoleName="r", PolicyName="all", PolicyDocument=json.dumps(policy("Allow", "*")))
        mine = iam.create_policy(PolicyName="Lists", PolicyDocument=json.dumps(policy("Allow", "iam:List*")))["Policy"]["Arn"]
        given = server.client("sts").assume_role(RoleArn=f"arn:aws:iam::{server.account}:role/r", RoleSessionName="narrow",
                                                 PolicyArns=[{"arn": mine}])
        session = server.session_client("iam", given["Credentials"])
        tap.check(session.list_users()["Users"] and given["PackedPolicySize"] >= 0, "a managed session policy lets through what it allows")
        tap.refused("and nothing else", "AccessDenied", session.get_account_summary, status=403)
        record = server.events(EventName="AssumeRole")[0]["record"]
        tap.equal((record["requestParameters"]["policyArns"], "packedPolicySize" in record["responseElements"]), ([{"arn": mine}], True),
                  "the record shows it")


def federated_users_have_what_they_are_given(tap):
    with Server(tap, lab=False) as server:
        account, sts = server.account, server.client("sts")
        answer = sts.get_federation_token(Name="fed")
        tap.equal(answer["FederatedUser"], {"FederatedUserId": f"{account}:fed", "Arn": f"arn:aws:sts::{account}:federated-user/fed"},
                  "a federated user has an id and an ARN")
        poor = answer["Credentials"]
        tap.equal(server.session_client("sts", poor).get_caller_identity()["UserId"], f"{account}:fed", "and knows who it is")
        tap.refused("without a session policy it may nothing", "AccessDeniedException", server.session_client("cloudtrail", poor).lookup_events,
                    status=400, message=f"User: arn:aws:sts::{account}:federated-user/fed is not authorized to perform: "
                    "cloudtrail:LookupEvents because no session policy allows the cloudtrail:LookupEvents action")
        document = json.dumps(policy("Allow", "*"))
        rich = sts.get_federation_token(Name="fed", Policy=document)["Credentials"]
        tap.check(server.session_client("cloudtrail", rich).lookup_events()["Events"], "with one it may what both allow")
        tap.refused("but never call IAM", "InvalidClientTokenId", server.session_client("iam", rich).list_users, status=403)
        tap.refused("nor make sessions", "AccessDenied", server.session_client("sts", rich).get_federation_token, Name="fed2", status=403)
        event = server.events(AccessKeyId=rich["AccessKeyId"], limit=50)[-1]
        identity = event["record"]["userIdentity"]
        issuer = identity["sessionContext"]["sessionIssuer"]
        tap.equal((event["Username"], identity["type"], identity["principalId"], issuer["type"], issuer["userName"]),
                  ("fed", "FederatedUser", f"{account}:fed", "IAMUser", server.secrets["administrator_user_name"]),
                  "its calls are recorded under its name, with the user behind it")
        record = server.events(EventName="GetFederationToken")[1]["record"]
        tap.equal((record["readOnly"], record["requestParameters"], sorted(record["responseElements"])),
                  (False, {"name": "fed", "policy": document}, ["credentials", "federatedUser", "packedPolicySize"]),
                  "GetFederationToken is a write and keeps its response")
        tap.equal(sorted(record["responseElements"]["credentials"]), ["accessKeyId", "expiration"], "but for secret and token")


def roots_sessions_are_short(tap):
    with Server(tap, lab=False) as server:
        root = (server.secrets["root_access_key_id"], server.secrets["root_secret_access_key"])
        answer = server.client("sts", *root).get_session_token(DurationSeconds=7200)
        sent = answer["ResponseMetadata"]["HTTPHeaders"]["date"]
        given = answer["Credentials"]
        left = given["Expiration"] - email.utils.parsedate_to_datetime(sent)
        tap.check(3500 < left.total_seconds() <= 3601, "an hour at most, however long was asked for", left)
        session = server.session_client("sts", given)
        tap.equal(session.get_caller_identity()["Arn"], f"arn:aws:iam::{server.account}:root", "it is root")
        identity = [event for event in server.events(EventName="GetCallerIdentity")][0]["record"]["userIdentity"]
        tap.equal((identity["type"], sorted(identity["sessionContext"])), ("Root", ["attributes"]), "recorded with the session's attributes only")


tap.run(requests_are_bounded, managed_session_policies_narrow, federated_users_have_what_they_are_given, roots_sessions_are_short)
