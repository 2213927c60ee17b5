#!/usr/bin/python3
"""tests/scenario/accounts_share_a_role.py: a role of another account: both accounts find the call, each what it may know."""
import json

from harness import Server, policy, tap, trust

OTHER = "111122223333"


def each_account_has_its_copy(tap):
    with Server(tap, lab=True) as server:
        theirs, trail = (server.client(name, OTHER, "test") for name in ("iam", "cloudtrail"))
        for name, whom in (("Open", server.account), ("Closed", OTHER)):
            theirs.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust(whom)))
        arn, sts = f"arn:aws:iam::{OTHER}:role/", server.client("sts")
        answer = sts.assume_role(RoleArn=arn + "Open", RoleSessionName="visit")
        tap.equal(answer["AssumedRoleUser"]["Arn"], f"arn:aws:sts::{OTHER}:assumed-role/Open/visit", "the role of another account")
        tap.refused("one that does not let us in", "AccessDenied", sts.assume_role, RoleArn=arn + "Closed", RoleSessionName="visit")
        tap.refused("one of an account that is not there", "AccessDenied", sts.assume_role, RoleSessionName="visit",
                    RoleArn="arn:aws:iam::999999999999:role/Open")

        mine = [one for one in server.events(EventName="AssumeRole") if "errorCode" not in one["record"]]
        copy = server.events(trail, EventName="AssumeRole")
        tap.equal((len(mine), len(copy)), (1, 1), "both accounts have the call that worked, the role's owner no refusal")
        ours, other = mine[0]["record"], copy[0]["record"]
        same = ("eventTime", "eventSource", "eventName", "requestID", "sharedEventID", "requestParameters", "responseElements",
                "sourceIPAddress", "readOnly")
        tap.equal({name: other.get(name) for name in same}, {name: ours.get(name) for name in same}, "they tell the same")
        tap.check(ours["eventID"] != other["eventID"] and len(ours["sharedEventID"]) == 36, "each with an eventID of its own", other)
        tap.equal((ours["recipientAccountId"], other["recipientAccountId"]), (server.account, OTHER), "each to its account")
        tap.equal(other["userIdentity"], {"type": "AWSAccount", "principalId": ours["userIdentity"]["principalId"],
                                          "accountId": server.account}, "the role's owner learns id and account of the caller")
        tap.equal([one.get("Username") for one in mine + copy], ["admin", None], "and no name")
        tap.equal(ours["resources"], [{"accountId": "HIDDEN_DUE_TO_SECURITY_REASONS", "type": "AWS::IAM::Role", "ARN": arn + "Open"}],
                  "the caller's record does not say whose the role is")
        tap.check("resources" not in other and "AccessKeyId" not in copy[0], "the owner's has no resources", other)
        key = answer["Credentials"]["AccessKeyId"]
        tap.equal([len(server.events(who, ResourceName=key)) for who in (server.client("cloudtrail"), trail)], [1, 1],
                  "both find who made the session's key")
        server.kill()
        server.start()
        tap.equal([len(server.events(server.client("cloudtrail", who, "test"), EventName="AssumeRole")) for who in ("test", OTHER)],
                  [3, 1], "and still do after kill -9")


def a_session_works_in_the_roles_account(tap):
    with Server(tap, lab=True) as server:
        theirs, sts = server.client("iam", OTHER, "test"), server.client("sts")
        theirs.create_role(RoleName="Open", AssumeRolePolicyDocument=json.dumps(trust(server.account)))
        theirs.put_role_policy(RoleName="Open", PolicyName="all", PolicyDocument=json.dumps(policy("Allow", "*")))
        theirs.create_user(UserName="only-there")
        given = sts.assume_role(RoleArn=f"arn:aws:iam::{OTHER}:role/Open", RoleSessionName="visit")["Credentials"]
        session = server.session_client("iam", given)
        tap.check(session.get_user(UserName="only-there"), "the session sees the other account's users")
        tap.refused("and not those at home", "NoSuchEntity", server.client("iam").get_user, UserName="only-there")
        found = server.events(server.client("cloudtrail", OTHER, "test"), EventName="GetUser")[0]["record"]
        tap.equal((found["recipientAccountId"], found["userIdentity"]["accountId"], "sharedEventID" in found), (OTHER, OTHER, False),
                  "what it does there is recorded there")
        token = server.client("cloudtrail").lookup_events(MaxResults=1)["NextToken"]
        tap.refused("the page token of another account", "InvalidNextTokenException", server.client("cloudtrail", OTHER, "test").lookup_events,
                    MaxResults=1, NextToken=token, status=400)
        bob = theirs.create_user(UserName="bob")["User"]
        theirs.put_user_policy(UserName="bob", PolicyName="p", PolicyDocument=json.dumps(policy("Allow", "sts:*")))
        key = theirs.create_access_key(UserName="bob")["AccessKey"]
        server.client("iam").create_role(RoleName="Home", AssumeRolePolicyDocument=json.dumps(trust(bob["Arn"])))
        home = f"arn:aws:iam::{server.account}:role/Home"
        tap.check(server.session_client("sts", key).assume_role(RoleArn=home, RoleSessionName="back"), "whom a trust policy names may come")
        theirs.delete_user_policy(UserName="bob", PolicyName="p")
        tap.refused("across accounts the own policies must allow it too", "AccessDenied", server.session_client("sts", key).assume_role,
                    RoleArn=home, RoleSessionName="back", status=403)


def root_goes_by_the_accounts_alias(tap):
    with Server(tap, lab=True) as server:
        root = server.client("iam", "root", "root")
        root.list_users()
        server.client("iam").create_account_alias(AccountAlias="acme")
        root.list_users()
        server.client("iam").delete_account_alias(AccountAlias="acme")
        root.list_users()
        events = server.events(EventName="ListUsers")
        tap.equal([event["record"]["userIdentity"].get("userName") for event in events], [None, "acme", None],
                  "root has a user name while the account has an alias")
        tap.equal([event["Username"] for event in events], ["root"] * 3, "and is looked up as root")
        tap.equal(events[0]["record"]["userIdentity"], {"type": "Root", "principalId": server.account, "accountId": server.account,
                                                        "arn": f"arn:aws:iam::{server.account}:root", "accessKeyId": "root"}, "as AWS has it")


tap.run(each_account_has_its_copy, a_session_works_in_the_roles_account, root_goes_by_the_accounts_alias)
