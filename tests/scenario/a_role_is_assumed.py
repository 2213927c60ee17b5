#!/usr/bin/python3
"""tests/scenario/a_role_is_assumed.py: without --lab: trust policies, session policies, and the chain in the records."""
import json
import re

from harness import Server, policy, tap, trust
from signer import form, signed


def role(server, name, document, *policies, **more):
    iam = server.client("iam")
    answer = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document), **more)["Role"]
    for number, one in enumerate(policies):
        iam.put_role_policy(RoleName=name, PolicyName=f"p{number}", PolicyDocument=json.dumps(one))
    return answer


def alice_becomes_the_deployer(tap):
    with Server(tap, lab=False) as server:
        alice = server.new_user("alice", policy("Allow", "sts:AssumeRole"))
        made = role(server, "Deploy", trust(f"arn:aws:iam::{server.account}:root"), policy("Allow", "iam:ListUsers"),
                    Path="/ci/")
        code, answer, error = server.aws("sts", "assume-role", "--role-arn", made["Arn"], "--role-session-name", "build-7",
                                         key=alice["AccessKeyId"], secret=alice["SecretAccessKey"])
        tap.equal((code, error), (0, ""), "aws sts assume-role works")
        given = answer["Credentials"]
        tap.check(re.fullmatch(r"ASIA[A-Z2-7]{16}", given["AccessKeyId"]), "a session key is an ASIA key", given)
        session_arn = f"arn:aws:sts::{server.account}:assumed-role/Deploy/build-7"
        tap.equal(answer["AssumedRoleUser"], {"AssumedRoleId": f"{made['RoleId']}:build-7", "Arn": session_arn},
                  "the session's ARN has no path")
        code, who, error = server.aws("sts", "get-caller-identity", key=given["AccessKeyId"], secret=given["SecretAccessKey"],
                                      token=given["SessionToken"])
        tap.equal(who, {"UserId": f"{made['RoleId']}:build-7", "Account": server.account, "Arn": session_arn},
                  "get-caller-identity answers as the session")

        session = server.session_client("iam", given)
        tap.check(len(session.list_users()["Users"]) >= 2, "the role's policy counts")
        tap.refused("and nothing else does", "AccessDenied", session.create_user, UserName="x", status=403,
                    message=f"User: {session_arn} is not authorized to perform: iam:CreateUser on resource: "
                    f"arn:aws:iam::{server.account}:user/x because no identity-based policy allows the iam:CreateUser action")

        event = server.events(EventName="AssumeRole")[0]
        record = event["record"]
        tap.equal((event["Username"], record["readOnly"], record["userIdentity"]["userName"]), ("alice", True, "alice"),
                  "AssumeRole is recorded with its caller, as a read")
        tap.equal(record["requestParameters"], {"roleArn": made["Arn"], "roleSessionName": "build-7"},
                  "AssumeRole's request is recorded as sent")
        elements = record["responseElements"]
        tap.equal(elements["assumedRoleUser"], {"assumedRoleId": f"{made['RoleId']}:build-7", "arn": session_arn},
                  "AssumeRole records whom the caller became")
        tap.equal(sorted(elements["credentials"]), ["accessKeyId", "expiration"], "neither secret nor token is recorded")
        tap.check(re.fullmatch(r"[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d:\d\d [AP]M", elements["credentials"]["expiration"]),
                  "STS writes a comma after the year", elements)
        tap.equal(record["resources"], [{"accountId": server.account, "type": "AWS::IAM::Role", "ARN": made["Arn"]}],
                  "the role is the record's resource")
        entries = {(one["ResourceType"], one["ResourceName"]) for one in event["Resources"]}
        tap.check({("AWS::IAM::AccessKey", given["AccessKeyId"]), ("AWS::STS::AssumedRole", "build-7"),
                   ("AWS::STS::AssumedRole", session_arn), ("AWS::IAM::Role", made["Arn"])} <= entries,
                  "the entry's resources lead from the key to the role", entries)
        tap.equal([one["EventId"] for one in server.events(ResourceName=given["AccessKeyId"])], [event["EventId"]],
                  "who made this key? one lookup")

        used = [one for one in server.events(AccessKeyId=given["AccessKeyId"]) if one["EventName"] == "CreateUser"][0]
        identity = used["record"]["userIdentity"]
        issuer = identity["sessionContext"]["sessionIssuer"]
        tap.equal((used["Username"], identity["type"], identity["principalId"], identity["arn"], identity["accessKeyId"]),
                  ("build-7", "AssumedRole", f"{made['RoleId']}:build-7", session_arn, given["AccessKeyId"]),
                  "what the session did is recorded under it")
        tap.equal(issuer, {"type": "Role", "principalId": made["RoleId"], "arn": made["Arn"], "accountId": server.account,
                           "userName": "Deploy"}, "with the role behind it, path included")
        attributes = identity["sessionContext"]["attributes"]
        tap.check(attributes["mfaAuthenticated"] == "false"
                  and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", attributes["creationDate"]),
                  "and how it was made", attributes)
        everything = json.dumps([one["CloudTrailEvent"] for one in server.events(limit=200)])
        tap.check(given["SecretAccessKey"] not in everything and given["SessionToken"] not in everything
                  and alice["SecretAccessKey"] not in everything, "no secret is in any record")


def the_trust_policy_decides(tap):
    with Server(tap, lab=False) as server:
        alice = server.new_user("alice", policy("Allow", "sts:*"))
        bob = server.new_user("bob")
        arn = f"arn:aws:iam::{server.account}:user/"
        role(server, "ForAlice", trust(arn + "alice"))
        role(server, "ForBob", trust(arn + "bob"))
        role(server, "WithId", trust(arn + "alice", Condition={"StringEquals": {"sts:ExternalId": "x-1"}}))
        sts = server.session_client("sts", alice)
        role_arn = f"arn:aws:iam::{server.account}:role/"

        def assume(client, name, **more):
            return client.assume_role(RoleArn=role_arn + name, RoleSessionName="work", **more)

        def text(name, resource):
            return f"User: {arn}{name} is not authorized to perform: sts:AssumeRole on resource: {role_arn}{resource}"
        tap.check(assume(sts, "ForAlice"), "whom the trust policy names may")
        tap.check(assume(server.session_client("sts", bob), "ForBob"), "also without an identity policy")
        tap.refused("whom it does not name may not", "AccessDenied", assume, sts, "ForBob", status=403,
                    message=text("alice", "ForBob"))
        tap.refused("a role that does not exist answers the same", "AccessDenied", assume, sts, "Nobody", status=403,
                    message=text("alice", "Nobody"))
        record = server.events(EventName="AssumeRole")[0]["record"]
        tap.equal((record["errorCode"], record["requestParameters"], record["responseElements"], "resources" in record),
                  ("AccessDenied", None, None, False), "a refused AssumeRole records neither parameters nor resources")
        tap.refused("a missing external id", "AccessDenied", assume, sts, "WithId")
        tap.refused("a wrong external id", "AccessDenied", assume, sts, "WithId", ExternalId="x-2")
        tap.check(assume(sts, "WithId", ExternalId="x-1"), "the right external id")
        root = server.client("sts", server.secrets["root_access_key_id"], server.secrets["root_secret_access_key"])
        tap.refused("root may not assume roles", "AccessDenied", assume, root, "ForAlice", status=403)


def sessions_are_bounded(tap):
    with Server(tap, lab=False) as server:
        account = server.account
        alice = server.new_user("alice", policy("Allow", "*"))
        role(server, "Wide", trust(account), policy("Allow", "*"), MaxSessionDuration=7200)
        role(server, "Next", trust(account), policy("Allow", "*"), MaxSessionDuration=7200)
        sts = server.session_client("sts", alice)
        arn = f"arn:aws:iam::{account}:role/"
        narrow = sts.assume_role(RoleArn=arn + "Wide", RoleSessionName="narrow",
                                 Policy=json.dumps(policy("Allow", "iam:ListUsers")))["Credentials"]
        iam = server.session_client("iam", narrow)
        tap.check(iam.list_users()["Users"], "a session policy lets through what it allows")
        tap.refused("and stops what it does not", "AccessDenied", iam.list_roles, status=403,
                    message=f"User: arn:aws:sts::{account}:assumed-role/Wide/narrow is not authorized to perform: iam:ListRoles on "
                    f"resource: arn:aws:iam::{account}:role/ because no session policy allows the iam:ListRoles action")
        tap.refused("a session longer than the role's maximum", "ValidationError", sts.assume_role, RoleArn=arn + "Wide",
                    RoleSessionName="long", DurationSeconds=7201, status=400,
                    message="The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
        first = sts.assume_role(RoleArn=arn + "Wide", RoleSessionName="first", DurationSeconds=7200)["Credentials"]
        chained = server.session_client("sts", first)
        tap.refused("role chaining is capped at an hour", "ValidationError", chained.assume_role, RoleArn=arn + "Next",
                    RoleSessionName="second", DurationSeconds=3601, status=400)
        tap.check(chained.assume_role(RoleArn=arn + "Next", RoleSessionName="second"), "a chain within the hour works")
        for name, code, more in [("too short", "ValidationError", {"DurationSeconds": 899}),
                                 ("a bad session name", "ValidationError", {"RoleSessionName": "a b"})]:
            arguments = {"RoleArn": arn + "Wide", "RoleSessionName": "s", **more}
            answer = server.raw(signed("sts", form("AssumeRole", "sts", **arguments), f"127.0.0.1:{server.port}",
                                       alice["AccessKeyId"], alice["SecretAccessKey"]))
            tap.check(answer[0] == 400 and b"<Code>ValidationError</Code>" in answer[2], f"{name} is a {code}", answer)
        admin = server.client("iam")
        wide = server.session_client("sts", first)
        tap.check(wide.get_caller_identity(), "the session lives")
        for name in admin.list_role_policies(RoleName="Wide")["PolicyNames"]:
            admin.delete_role_policy(RoleName="Wide", PolicyName=name)
        admin.delete_role(RoleName="Wide")
        tap.refused("until its role is deleted", "InvalidClientTokenId", wide.get_caller_identity, status=403)


def a_users_own_session(tap):
    with Server(tap, lab=False) as server:
        alice = server.new_user("alice", policy("Allow", "*"))
        given = server.session_client("sts", alice).get_session_token(DurationSeconds=900)["Credentials"]
        session = server.session_client("sts", given)
        tap.equal(session.get_caller_identity()["Arn"], f"arn:aws:iam::{server.account}:user/alice",
                  "a session token acts as the user")
        identity = server.events(EventName="GetCallerIdentity")[0]["record"]["userIdentity"]
        tap.check(identity["type"] == "IAMUser" and identity["accessKeyId"] == given["AccessKeyId"]
                  and identity["sessionContext"]["attributes"]["mfaAuthenticated"] == "false",
                  "and is recorded as the user in a session", identity)
        tap.equal(server.events(EventName="GetSessionToken")[0]["ReadOnly"], "false", "GetSessionToken is a write")
        tap.refused("without MFA it may not call IAM", "InvalidClientTokenId", server.session_client("iam", given).list_users,
                    status=403)
        tap.refused("and not ask for another session", "AccessDenied", session.get_session_token, status=403)
        other = server.client("sts", given["AccessKeyId"], given["SecretAccessKey"])
        tap.refused("a session key without its token is unknown", "InvalidClientTokenId", other.get_caller_identity, status=403)
        server.client("iam").delete_user_policy(UserName="alice", PolicyName="p0")
        tap.refused("what the user loses the session loses", "AccessDeniedException",
                    server.session_client("cloudtrail", given).lookup_events)
        server.restart()
        tap.equal(server.session_client("sts", given).get_caller_identity()["Arn"],
                  f"arn:aws:iam::{server.account}:user/alice", "a restart ends no session")


def tags_travel_with_the_session(tap):
    with Server(tap, lab=False) as server:
        arn = f"arn:aws:iam::{server.account}:role/"
        trusting = trust(server.account)
        trusting["Statement"][0]["Action"] = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
        red = policy("Allow", "iam:ListUsers", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}})
        role(server, "Tagged", trusting, red, policy("Allow", "sts:*"))
        role(server, "Next", trusting, red)
        role(server, "Plain", trust(server.account), red)
        sts = server.session_client("sts", server.new_user("alice", policy("Allow", "sts:*")))

        def assume(client, name, **more):
            return client.assume_role(RoleArn=arn + name, RoleSessionName="session", **more)["Credentials"]

        def tags(**pairs):
            return [{"Key": key, "Value": value} for key, value in pairs.items()]
        tap.refused("without the tag the condition fails", "AccessDenied",
                    server.session_client("iam", assume(sts, "Tagged")).list_users)
        given = assume(sts, "Tagged", Tags=tags(team="red"), TransitiveTagKeys=["team"], SourceIdentity="alice@example")
        tap.check(server.session_client("iam", given).list_users()["Users"], "with the session tag it holds")
        record = server.events(AccessKeyId=given["AccessKeyId"])[0]["record"]
        tap.equal(record["userIdentity"]["sessionContext"].get("sourceIdentity"), "alice@example", "the source identity is on record")
        chained = assume(server.session_client("sts", given), "Next")
        tap.check(server.session_client("iam", chained).list_users()["Users"], "a transitive tag goes on to the next role")
        tap.refused("and cannot be replaced there", "InvalidParameterValue", assume, server.session_client("sts", given), "Next",
                    Tags=tags(team="blue"), status=400)
        tap.refused("a transitive key needs its tag", "InvalidParameterValue", assume, sts, "Tagged", TransitiveTagKeys=["team"])
        tap.refused("a key may not come twice", "InvalidParameterValue", assume, sts, "Tagged", Tags=tags(a="1", A="2"))
        tap.refused("nor begin with aws:", "InvalidParameterValue", assume, sts, "Tagged", Tags=tags(**{"aws:x": "1"}))
        tap.refused("a trust policy without sts:TagSession lets no tags in", "AccessDenied", assume, sts, "Plain",
                    Tags=tags(team="red"), status=403)


def who_deletes_and_makes_again_starts_anew(tap):
    """A trust policy names the user that there was, not whoever gets the name."""
    with Server(tap, lab=False) as server:
        arn = f"arn:aws:iam::{server.account}:"
        iam = server.client("iam")
        first = server.new_user("bob")
        role(server, "ForBob", trust(arn + "user/bob"))
        sts = server.session_client("sts", first)
        tap.check(sts.assume_role(RoleArn=arn + "role/ForBob", RoleSessionName="work"), "bob may")
        iam.delete_access_key(UserName="bob", AccessKeyId=first["AccessKeyId"])
        iam.delete_user(UserName="bob")
        second = server.session_client("sts", server.new_user("bob", policy("Allow", "sts:*")))
        tap.refused("another bob may not", "AccessDenied", second.assume_role, RoleArn=arn + "role/ForBob", RoleSessionName="work",
                    status=403)


def what_is_recorded_can_be_as_much_as_aws_does(tap):
    for flags, has_token in (([], False), (["--log-session-token"], True)):
        with Server(tap, lab=True, flags=flags) as server:
            role(server, "R", trust(server.account))
            given = server.client("sts").assume_role(RoleArn=f"arn:aws:iam::{server.account}:role/R",
                                                     RoleSessionName="session")["Credentials"]
            recorded = server.events(EventName="AssumeRole")[0]["CloudTrailEvent"]
            tap.equal(given["SessionToken"] in recorded, has_token, f"the session token is on record: {has_token}")
            tap.check(given["AccessKeyId"] in recorded and given["SecretAccessKey"] not in recorded,
                      "the key's id is, its secret never", recorded)


tap.run(alice_becomes_the_deployer, the_trust_policy_decides, sessions_are_bounded, a_users_own_session,
        tags_travel_with_the_session, who_deletes_and_makes_again_starts_anew, what_is_recorded_can_be_as_much_as_aws_does)
