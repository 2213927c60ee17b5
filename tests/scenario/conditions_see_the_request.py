#!/usr/bin/python3
"""tests/scenario/conditions_see_the_request.py: without --lab: every condition key that IAM and STS calls have, each deciding a call."""
import datetime
import json

from harness import Server, policy, tap, trust
from signer import form, signed

AWS = "arn:aws:iam::aws:policy/"
READ = AWS + "ReadOnlyAccess"
TAG = [{"Key": "a", "Value": "b"}]


class Asker:
    """A user whose only permission is one statement with one condition, and the calls that then work or do not."""

    def __init__(self, tap, server):
        self.tap, self.server, self.admin = tap, server, server.client("iam")
        self.key = server.new_user("kim")
        self.iam, self.sts = (server.session_client(name, self.key) for name in ("iam", "sts"))

    def allow(self, action, condition, *more):
        statements = policy("Allow", action, Condition=condition)["Statement"] + list(more)
        self.admin.put_user_policy(UserName="kim", PolicyName="p", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": statements}))

    def works(self, condition, call=None, action="iam:*", name=None, more=()):
        self.allow(action, condition, *more)
        try:
            (call or self.iam.list_users)()
            self.tap.check(True, name or f"{json.dumps(condition)} holds")
        except self.iam.exceptions.ClientError as error:
            self.tap.check(False, name or f"{json.dumps(condition)} holds", error)

    def fails(self, condition, call=None, action="iam:*", name=None, more=()):
        self.allow(action, condition, *more)
        self.tap.refused(name or f"{json.dumps(condition)} does not hold", "AccessDenied", call or self.iam.list_users, status=403)


def equals(key, value):
    return {"StringEquals": {key: value}}


def iso(when):
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def who_asks(tap):
    with Server(tap, lab=False) as server:
        kim = Asker(tap, server)
        kim.admin.tag_user(UserName="kim", Tags=[{"Key": "Team", "Value": "red"}])
        kim.works(equals("aws:PrincipalArn", f"arn:aws:iam::{server.account}:user/kim"))
        kim.works(equals("aws:username", "kim"))
        kim.works(equals("aws:userid", kim.admin.get_user(UserName="kim")["User"]["UserId"]))
        kim.works(equals("aws:PrincipalAccount", server.account))
        kim.works(equals("aws:PrincipalType", "User"))
        kim.works(equals("aws:PrincipalTag/team", "red"), name="a tag's key ignores case")
        kim.works({"Null": {"aws:MultiFactorAuthPresent": "true"}}, name="a long-term key knows nothing of MFA")
        kim.fails({"Bool": {"aws:MultiFactorAuthPresent": "false"}}, name="so Bool on it does not match")
        kim.works({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, name="and BoolIfExists does")
        kim.works({"Null": {"aws:TokenIssueTime": "true"}}, name="nor does it have a token's age")
        kim.works({"Bool": {"aws:ViaAWSService": "false", "aws:PrincipalIsAWSService": "false"}}, name="no service is in between")
        kim.allow("iam:GetUser", {})
        kim.admin.put_user_policy(UserName="kim", PolicyName="p", PolicyDocument=json.dumps(
            policy("Allow", "iam:GetUser", f"arn:aws:iam::{server.account}:user/${{aws:username}}")))
        tap.equal(kim.iam.get_user()["User"]["UserName"], "kim", "${aws:username} stands for the caller")
        tap.refused("and for nobody else", "AccessDenied", kim.iam.get_user, UserName=server.secrets["administrator_user_name"])
        kim.admin.delete_user_policy(UserName="kim", PolicyName="p")
        tap.refused("a refusal names the caller who did not name itself", "AccessDenied", kim.iam.get_user, status=403,
                    message=f"User: arn:aws:iam::{server.account}:user/kim is not authorized to perform: iam:GetUser on resource: "
                    "user kim because no identity-based policy allows the iam:GetUser action")


def how_it_is_asked(tap):
    with Server(tap, lab=False) as server:
        kim = Asker(tap, server)
        minutes = datetime.timedelta(minutes=2)
        kim.works({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}})
        kim.fails({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
        kim.works({"StringLike": {"aws:UserAgent": "Boto3*"}})
        kim.works(equals("aws:RequestedRegion", "us-east-1"))
        kim.works({"Bool": {"aws:SecureTransport": "false"}})
        now = datetime.datetime.now(datetime.timezone.utc)
        kim.works({"DateGreaterThan": {"aws:CurrentTime": iso(now - minutes)}, "DateLessThan": {"aws:CurrentTime": iso(now + minutes)}},
                  name="aws:CurrentTime is now")
        kim.fails({"DateGreaterThan": {"aws:CurrentTime": iso(now + minutes)}}, name="and not later")
        kim.works({"NumericGreaterThan": {"aws:EpochTime": str(int(now.timestamp()) - 120)}}, name="so is aws:EpochTime")
        host, body = f"127.0.0.1:{server.port}", form("ListUsers")

        def answer(**headers):
            return server.raw(signed("iam", body, host, kim.key["AccessKeyId"], kim.key["SecretAccessKey"], headers=headers))[0]
        kim.allow("iam:*", equals("aws:Referer", "https://intranet.example/"))
        tap.equal((answer(Referer="https://intranet.example/"), answer()), (200, 403), "aws:Referer is the header")
        kim.allow("iam:*", {"IpAddress": {"aws:SourceIp": "203.0.113.7"}})
        tap.equal(answer(**{"X-Forwarded-For": "203.0.113.7"}), 403, "X-Forwarded-For is nobody's address")
        kim.allow("iam:*", {"IpAddress": {"aws:SourceIp": "127.0.0.1"}})
        tap.equal(answer(**{"X-Forwarded-For": "203.0.113.7"}), 200, "the connection's is")
        tap.equal(server.events(EventName="ListUsers")[0]["record"]["sourceIPAddress"], "127.0.0.1", "also in the record")


def what_is_asked_for(tap):
    with Server(tap, lab=False) as server:
        kim = Asker(tap, server)
        iam = kim.iam
        kim.works(equals("aws:RequestTag/a", "b"), lambda: iam.create_user(UserName="t1", Tags=TAG))
        kim.works({"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}, lambda: iam.create_user(UserName="t2", Tags=TAG))
        kim.fails({"ForAllValues:StringEquals": {"aws:TagKeys": ["c"]}}, lambda: iam.create_user(UserName="t3", Tags=TAG))
        kim.works(equals("aws:ResourceTag/a", "b"), lambda: iam.get_user(UserName="t1"))
        kim.works(equals("iam:ResourceTag/a", "b"), lambda: iam.get_user(UserName="t1"))
        kim.fails(equals("iam:ResourceTag/a", "b"), lambda: iam.get_user(UserName="kim"))
        kim.works({"ArnEquals": {"iam:PolicyARN": READ}}, lambda: iam.attach_user_policy(UserName="t1", PolicyArn=READ))
        kim.fails({"ArnEquals": {"iam:PolicyARN": READ}}, lambda: iam.attach_user_policy(UserName="t1", PolicyArn=AWS + "SecurityAudit"))
        bound = equals("iam:PermissionsBoundary", READ)
        kim.works(bound, lambda: iam.create_user(UserName="t4", PermissionsBoundary=READ), name="a user may be made with this boundary")
        kim.fails(bound, lambda: iam.create_user(UserName="t5"), name="and not without")
        kim.works(bound, lambda: iam.attach_user_policy(UserName="t4", PolicyArn=READ), name="who has it may be given policies")
        kim.fails(bound, lambda: iam.attach_user_policy(UserName="t1", PolicyArn=READ), name="who has not, not")
        kim.works(bound, lambda: iam.delete_user_permissions_boundary(UserName="t4"), name="the boundary that goes is asked about")
        kim.admin.create_instance_profile(InstanceProfileName="i")
        kim.admin.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust(server.account)),
                              Tags=[{"Key": "env", "Value": "dev"}])

        def put():
            iam.add_role_to_instance_profile(InstanceProfileName="i", RoleName="r")
        only = policy("Allow", "iam:AddRoleToInstanceProfile")["Statement"]
        kim.fails({}, put, action="iam:AddRoleToInstanceProfile", name="who puts a role into a profile must be able to pass it")
        kim.fails(equals("iam:PassedToService", "lambda.amazonaws.com"), put, action="iam:PassRole", more=only)
        kim.works(equals("iam:PassedToService", "ec2.amazonaws.com"), put, action="iam:PassRole", more=only)

        def assume(**more):
            return kim.sts.assume_role(RoleArn=f"arn:aws:iam::{server.account}:role/r", RoleSessionName="sess", **more)
        for condition in (equals("aws:ResourceTag/env", "dev"), equals("iam:ResourceTag/env", "dev"),
                          equals("sts:RoleSessionName", "sess")):
            kim.works(condition, assume, action="sts:AssumeRole")
        kim.fails(equals("sts:RoleSessionName", "other"), assume, action="sts:AssumeRole")
        kim.works(equals("sts:ExternalId", "x1"), lambda: assume(ExternalId="x1"), action="sts:AssumeRole")
        kim.works({"NumericLessThanEquals": {"sts:DurationSeconds": "900"}}, lambda: assume(DurationSeconds=900),
                  action="sts:AssumeRole")


def a_session_is_judged_by_what_it_is(tap):
    with Server(tap, lab=False) as server:
        iam, now = server.client("iam"), datetime.datetime.now(datetime.timezone.utc)
        role = iam.create_role(RoleName="r", Path="/ci/", AssumeRolePolicyDocument=json.dumps(trust(server.account)))["Role"]
        kim = Asker(tap, server)
        kim.allow("sts:*", {})
        session = server.session_client("iam", kim.sts.assume_role(RoleArn=role["Arn"], RoleSessionName="sess")["Credentials"])

        def holds(name, condition, effect="Allow"):
            iam.put_role_policy(RoleName="r", PolicyName=effect, PolicyDocument=json.dumps(policy(effect, "*", Condition=condition)))
            try:
                session.list_users()
                tap.check(effect == "Allow", name)
            except session.exceptions.ClientError as error:
                tap.check(effect == "Deny" and error.response["Error"]["Code"] == "AccessDenied", name, error)
        holds("aws:PrincipalArn of a session is the role's, path included", equals("aws:PrincipalArn", role["Arn"]))
        holds("aws:userid is the role's id and the session's name", equals("aws:userid", role["RoleId"] + ":sess"))
        holds("it has no aws:username", {"Null": {"aws:username": "true"}})
        holds("and is an AssumedRole", equals("aws:PrincipalType", "AssumedRole"))
        holds("which knows of MFA that there was none", {"Bool": {"aws:MultiFactorAuthPresent": "false"}})
        holds("a session made before this moment is revoked", effect="Deny", condition={
            "DateLessThan": {"aws:TokenIssueTime": iso(now + datetime.timedelta(minutes=10))}})
        iam.delete_role_policy(RoleName="r", PolicyName="Deny")
        tap.check(session.list_users(), "and is back when the Deny is gone")


def sessions_follow_their_user(tap):
    with Server(tap, lab=False) as server:
        iam, account = server.client("iam"), server.account
        key = server.new_user("ann", policy("Allow", "*"))
        sts = server.session_client("sts", server.session_client("sts", key).get_session_token()["Credentials"])
        iam.update_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"], Status="Inactive")
        tap.equal(sts.get_caller_identity()["Arn"], f"arn:aws:iam::{account}:user/ann", "a session outlives the key that asked for it")
        iam.update_user(UserName="ann", NewUserName="anna")
        tap.equal(sts.get_caller_identity()["Arn"], f"arn:aws:iam::{account}:user/anna", "and follows its user's new name")
        iam.delete_access_key(UserName="anna", AccessKeyId=key["AccessKeyId"])
        iam.delete_user_policy(UserName="anna", PolicyName="p0")
        iam.delete_user(UserName="anna")
        tap.refused("but not into the grave", "InvalidClientTokenId", sts.get_caller_identity, status=403)


tap.run(who_asks, how_it_is_asked, what_is_asked_for, a_session_is_judged_by_what_it_is, sessions_follow_their_user)
