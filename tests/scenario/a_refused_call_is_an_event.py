#!/usr/bin/python3
"""tests/scenario/a_refused_call_is_an_event.py: without --lab: no permission, AWS's words, and the refusal on record."""
import json
import time

from harness import Server, policy, tap
from signer import form, signed


def bob_may_not(tap):
    with Server(tap, lab=False) as server:
        bob = server.new_user("bob")
        arn = f"arn:aws:iam::{server.account}:user/bob"
        code, _, error = server.aws("iam", "create-user", "--user-name", "eve", key=bob["AccessKeyId"],
                                    secret=bob["SecretAccessKey"])
        want = (f"An error occurred (AccessDenied) when calling the CreateUser operation: User: {arn} is not authorized to "
                f"perform: iam:CreateUser on resource: arn:aws:iam::{server.account}:user/eve because no identity-based "
                "policy allows the iam:CreateUser action")
        tap.equal((code, error), (254, want), "the CLI shows AWS's refusal")
        event = server.events(EventName="CreateUser")[0]
        record = event["record"]
        tap.equal((record["errorCode"], record["errorMessage"]), ("AccessDenied", want.split("operation: ")[1]),
                  "the event has the error and its text")
        tap.check("requestParameters" in record and record["requestParameters"] is None and record["responseElements"] is None,
                  "the event of a denied IAM call withholds the parameters", record)
        tap.equal((record["userIdentity"]["arn"], event["Username"], event["AccessKeyId"]), (arn, "bob", bob["AccessKeyId"]),
                  "the event says who was refused")
        tap.equal([user["UserName"] for user in server.client("iam").list_users()["Users"] if user["UserName"] == "eve"], [],
                  "and nothing was made")


def an_explicit_deny_wins(tap):
    with Server(tap, lab=False) as server:
        iam = server.client("iam")
        denied = server.new_user("denied", policy("Allow", "*"), policy("Deny", "iam:*"))
        mallory = server.session_client("iam", denied)
        arn = f"arn:aws:iam::{server.account}:user/denied"
        tap.refused("a Deny beats an Allow", "AccessDenied", mallory.get_user, UserName="denied", status=403,
                    message=f"User: {arn} is not authorized to perform: iam:GetUser on resource: user denied with an explicit "
                    "deny in an identity-based policy")
        tap.equal(server.session_client("sts", denied).get_caller_identity()["Arn"], arn,
                  "GetCallerIdentity asks no policy")
        iam.put_user_policy(UserName="denied", PolicyName="all", PolicyDocument=json.dumps(policy("Deny", "*")))
        tap.equal(server.session_client("sts", denied).get_caller_identity()["Arn"], arn, "not even under Deny *")
        iam.delete_user_policy(UserName="denied", PolicyName="p1")
        iam.delete_user_policy(UserName="denied", PolicyName="all")
        tap.equal(mallory.get_user(UserName="denied")["User"]["Arn"], arn, "a changed policy counts for the very next call")


def a_json_service_refuses_in_its_own_way(tap):
    with Server(tap, lab=False) as server:
        bob = server.new_user("bob")
        trail = server.session_client("cloudtrail", bob)
        text = (f"User: arn:aws:iam::{server.account}:user/bob is not authorized to perform: cloudtrail:LookupEvents because no "
                "identity-based policy allows the cloudtrail:LookupEvents action")
        tap.refused("LookupEvents is refused", "AccessDeniedException", trail.lookup_events, status=400, message=text)
        record = [one["record"] for one in server.events(EventName="LookupEvents") if one["Username"] == "bob"][0]
        tap.equal((record["errorCode"], record["errorMessage"]), ("AccessDenied", text),
                  "the record says AccessDenied where the wire says AccessDeniedException")


def refusals_of_the_operation_are_recorded_too(tap):
    with Server(tap, lab=False) as server:
        iam = server.client("iam")
        tap.refused("an unknown user", "NoSuchEntity", iam.get_user, UserName="ghost", status=404,
                    message="The user with name ghost cannot be found.")
        record = server.events(EventName="GetUser")[0]["record"]
        tap.equal((record["errorCode"], record["requestParameters"]), ("NoSuchEntityException", {"userName": "ghost"}),
                  "is recorded as NoSuchEntityException, with the parameters")
        iam.create_user(UserName="Bob")
        tap.refused("names collide whatever their case", "EntityAlreadyExists", iam.create_user, UserName="bob", status=409)
        tap.equal(server.events(EventName="CreateUser")[0]["record"]["errorCode"], "EntityAlreadyExistsException",
                  "the second creation is recorded as refused")


def who_is_not_known_is_not_recorded(tap):
    with Server(tap, lab=False) as server:
        for name, code, client in [
                ("an unknown key", "InvalidClientTokenId", server.client("sts", key="AKIAIOSFODNN7EXAMPLE")),
                ("a wrong secret", "SignatureDoesNotMatch", server.client("sts", secret="not the secret")),
                ("a made-up session token", "InvalidClientTokenId",
                 server.client("sts", key="ASIAIOSFODNN7EXAMPLE", token="bm90IGEgdG9rZW4="))]:
            tap.refused(f"{name} is refused", code, client.get_caller_identity, status=403)
        tap.refused("to a JSON service an unknown key is an unrecognized client", "UnrecognizedClientException",
                    server.client("cloudtrail", key="AKIAIOSFODNN7EXAMPLE").lookup_events, status=400)
        host = f"127.0.0.1:{server.port}"
        old = server.raw(signed("iam", form("ListUsers"), host, server.key, server.secret, at=time.time() - 3600))
        tap.check(old[0] == 403 and b"Signature expired" in old[2], "an hour-old signature has expired", old)
        tap.equal(server.events(EventName="GetCallerIdentity") + server.events(EventName="ListUsers"), [],
                  "refused signatures are not events")
        metrics = server.get("/_spoor/metrics")[2]
        tap.check("spoor_" in metrics, "but they are counted", metrics[:500])


def an_inactive_key_is_no_key(tap):
    with Server(tap, lab=False) as server:
        bob = server.new_user("bob", policy("Allow", "*"))
        iam, own = server.client("iam"), server.session_client("iam", bob)
        tap.equal(own.get_user()["User"]["UserName"], "bob", "bob's key works")
        iam.update_access_key(UserName="bob", AccessKeyId=bob["AccessKeyId"], Status="Inactive")
        tap.refused("the next call with the inactive key is refused", "InvalidClientTokenId", own.get_user, status=403)
        iam.update_access_key(UserName="bob", AccessKeyId=bob["AccessKeyId"], Status="Active")
        tap.equal(own.get_user()["User"]["UserName"], "bob", "active again, it works again")
        iam.delete_access_key(UserName="bob", AccessKeyId=bob["AccessKeyId"])
        tap.refused("and a deleted key does not", "InvalidClientTokenId", own.get_user, status=403)


tap.run(bob_may_not, an_explicit_deny_wins, a_json_service_refuses_in_its_own_way, refusals_of_the_operation_are_recorded_too,
        who_is_not_known_is_not_recorded, an_inactive_key_is_no_key)
