#!/usr/bin/python3
"""tests/scenario/a_change_binds_the_very_next_call.py: what is taken away is gone on every connection of every front, at once."""
import http.client
import json

from harness import Server, policy, tap, trust
from signer import form, signed

CONNECTIONS = 12            # on three fronts: each front has some, whatever way they are spread


class Callers:
    """Kept-alive connections that all carry the same caller's calls."""

    def __init__(self, server, credentials):
        self.host = f"127.0.0.1:{server.port}"
        self.credentials = credentials
        self.open = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=60) for _ in range(CONNECTIONS)]
        for connection in self.open:
            connection.connect()

    def answers(self, action, service="iam", **members):
        """The statuses and error codes that a call on each connection, one after the other, gets."""
        got = set()
        for connection in self.open:
            raw = signed(service, form(action, service, **members), self.host, self.credentials["AccessKeyId"],
                         self.credentials["SecretAccessKey"], self.credentials.get("SessionToken"))
            connection.sock.sendall(raw)
            answer = http.client.HTTPResponse(connection.sock)
            answer.begin()
            text = answer.read().decode()
            got.add((answer.status, text.partition("<Code>")[2].partition("</Code>")[0]))
        return got


ALLOWED, DENIED, UNKNOWN = {(200, "")}, {(403, "AccessDenied")}, {(403, "InvalidClientTokenId")}


def policies(tap):
    with Server(tap, lab=True, flags=["--fronts", "3"]) as server:
        iam = server.client("iam")
        bob = server.new_user("bob")
        callers = Callers(server, bob)
        reader = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
        own = iam.create_policy(PolicyName="own", PolicyDocument=json.dumps(policy("Allow", "iam:ListUsers")))["Policy"]["Arn"]
        iam.create_group(GroupName="readers")
        iam.put_group_policy(GroupName="readers", PolicyName="p", PolicyDocument=json.dumps(policy("Allow", "iam:ListUsers")))
        nothing = json.dumps(policy("Allow", "s3:GetObject"))
        pairs = [
            ("a managed policy", lambda: iam.attach_user_policy(UserName="bob", PolicyArn=reader),
             lambda: iam.detach_user_policy(UserName="bob", PolicyArn=reader)),
            ("an inline policy", lambda: iam.put_user_policy(UserName="bob", PolicyName="p", PolicyDocument=json.dumps(policy("Allow", "iam:*"))),
             lambda: iam.delete_user_policy(UserName="bob", PolicyName="p")),
            ("membership of a group", lambda: iam.add_user_to_group(UserName="bob", GroupName="readers"),
             lambda: iam.remove_user_from_group(UserName="bob", GroupName="readers")),
            ("a version of a policy", lambda: iam.attach_user_policy(UserName="bob", PolicyArn=own),
             lambda: iam.create_policy_version(PolicyArn=own, PolicyDocument=nothing, SetAsDefault=True)),
            ("the version before", lambda: iam.set_default_policy_version(PolicyArn=own, VersionId="v1"),
             lambda: iam.set_default_policy_version(PolicyArn=own, VersionId="v2")),
            ("a boundary taken away", lambda: [iam.attach_user_policy(UserName="bob", PolicyArn=reader),
                                               iam.put_user_permissions_boundary(UserName="bob", PermissionsBoundary=reader)],
             lambda: iam.put_user_permissions_boundary(UserName="bob", PermissionsBoundary=own)),
        ]
        tap.equal(callers.answers("ListUsers"), DENIED, "who has no policy may nothing")
        for name, give, take in pairs:
            give()
            tap.equal(callers.answers("ListUsers"), ALLOWED, f"{name}: counts at once on every connection")
            take()
            tap.equal(callers.answers("ListUsers"), DENIED, f"{name}: and is gone at once")


def keys_and_names(tap):
    with Server(tap, lab=True, flags=["--fronts", "3"]) as server:
        iam = server.client("iam")
        bob = server.new_user("bob", policy("Allow", "iam:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}}))
        callers = Callers(server, bob)
        tap.equal(callers.answers("ListUsers"), DENIED, "without the tag")
        iam.tag_user(UserName="bob", Tags=[{"Key": "team", "Value": "red"}])
        tap.equal(callers.answers("ListUsers"), ALLOWED, "with it")
        iam.update_access_key(UserName="bob", AccessKeyId=bob["AccessKeyId"], Status="Inactive")
        tap.equal(callers.answers("ListUsers"), UNKNOWN, "an inactive key")
        iam.update_access_key(UserName="bob", AccessKeyId=bob["AccessKeyId"], Status="Active")
        tap.equal(callers.answers("ListUsers"), ALLOWED, "active again")
        iam.untag_user(UserName="bob", TagKeys=["team"])
        tap.equal(callers.answers("ListUsers"), DENIED, "and the tag gone again")
        iam.delete_access_key(UserName="bob", AccessKeyId=bob["AccessKeyId"])
        tap.equal(callers.answers("ListUsers"), UNKNOWN, "a deleted key")


def sessions(tap):
    with Server(tap, lab=True, flags=["--fronts", "3"]) as server:
        iam, sts = server.client("iam"), server.client("sts")
        arn = f"arn:aws:iam::{server.account}:"
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust(server.account)))
        iam.put_role_policy(RoleName="r", PolicyName="all", PolicyDocument=json.dumps(policy("Allow", "iam:*")))
        limit = iam.create_policy(PolicyName="limit", PolicyDocument=json.dumps(policy("Allow", "iam:ListUsers")))["Policy"]["Arn"]
        given = sts.assume_role(RoleArn=arn + "role/r", RoleSessionName="work", PolicyArns=[{"arn": limit}])["Credentials"]
        callers = Callers(server, given)
        tap.equal(callers.answers("ListUsers"), ALLOWED, "what role and session policy allow")
        iam.delete_policy(PolicyArn=limit)
        tap.equal(callers.answers("ListUsers"), DENIED, "a session policy that is deleted allows nothing any more")
        wide = Callers(server, sts.assume_role(RoleArn=arn + "role/r", RoleSessionName="wide")["Credentials"])
        tap.equal(wide.answers("ListUsers"), ALLOWED, "another session of the role")
        iam.put_role_policy(RoleName="r", PolicyName="revoke", PolicyDocument=json.dumps(policy("Deny", "*")))
        tap.equal(wide.answers("ListUsers"), DENIED, "a role's sessions are revoked by a Deny")
        tap.equal(wide.answers("GetCallerIdentity", "sts"), ALLOWED, "which cannot forbid GetCallerIdentity")
        for name in ("all", "revoke"):
            iam.delete_role_policy(RoleName="r", PolicyName=name)
        iam.delete_role(RoleName="r")
        tap.equal(wide.answers("GetCallerIdentity", "sts"), UNKNOWN, "the sessions of a deleted role are nobody's")
        bob = server.new_user("bob")
        own = Callers(server, server.session_client("sts", bob).get_session_token()["Credentials"])
        iam.update_access_key(UserName="bob", AccessKeyId=bob["AccessKeyId"], Status="Inactive")
        tap.equal(own.answers("GetCallerIdentity", "sts"), ALLOWED, "a session outlives the key that asked for it")
        iam.delete_access_key(UserName="bob", AccessKeyId=bob["AccessKeyId"])
        iam.delete_user(UserName="bob")
        tap.equal(own.answers("GetCallerIdentity", "sts"), UNKNOWN, "and not its user")


tap.run(policies, keys_and_names, sessions)
