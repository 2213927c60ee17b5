#!/usr/bin/python3
"""tests/scenario/users_groups_and_policies.py: an account is set up, looked at and torn down with boto3; limits and conflicts."""
import json
import re

from harness import Server, policy, tap, trust


def an_account_is_set_up(tap):
    with Server(tap, lab=True) as server:
        iam = server.client("iam")
        arn = f"arn:aws:iam::{server.account}:"
        group = iam.create_group(GroupName="developers", Path="/eng/")["Group"]
        tap.check(group["Arn"] == arn + "group/eng/developers" and re.fullmatch(r"AGPA[A-Z0-9]{17}", group["GroupId"]),
                  "a group has an ARN and an id", group)
        iam.create_user(UserName="alice", Tags=[{"Key": "team", "Value": "red"}])
        iam.add_user_to_group(GroupName="developers", UserName="alice")
        tap.equal([user["UserName"] for user in iam.get_group(GroupName="developers")["Users"]], ["alice"],
                  "get_group lists its members")
        tap.equal([one["GroupName"] for one in iam.list_groups_for_user(UserName="alice")["Groups"]], ["developers"],
                  "list_groups_for_user lists her groups")

        made = iam.create_policy(PolicyName="ReadUsers", PolicyDocument=json.dumps(policy("Allow", ["iam:Get*", "iam:List*"])),
                                 Description="reads")["Policy"]
        tap.check(made["Arn"] == arn + "policy/ReadUsers" and made["DefaultVersionId"] == "v1" and made["AttachmentCount"] == 0,
                  "a managed policy starts at v1, attached nowhere", made)
        iam.attach_group_policy(GroupName="developers", PolicyArn=made["Arn"])
        iam.attach_group_policy(GroupName="developers", PolicyArn=made["Arn"])
        tap.equal(iam.get_policy(PolicyArn=made["Arn"])["Policy"]["AttachmentCount"], 1, "attaching twice attaches once")
        key = iam.create_access_key(UserName="alice")["AccessKey"]
        tap.check(re.fullmatch(r"AKIA[A-Z2-7]{16}", key["AccessKeyId"]) and len(key["SecretAccessKey"]) == 40
                  and key["Status"] == "Active", "an access key looks like one", key)
        own = server.session_client("iam", key)
        tap.equal(own.get_user()["User"]["UserName"], "alice", "a member has the group's permissions")
        tap.refused("and no others", "AccessDenied", own.delete_user, UserName="alice", status=403)
        tap.equal(server.client("sts").get_access_key_info(AccessKeyId=key["AccessKeyId"])["Account"], server.account,
                  "a key id tells its account")

        version = iam.create_policy_version(PolicyArn=made["Arn"], SetAsDefault=True,
                                            PolicyDocument=json.dumps(policy("Allow", "iam:ListUsers")))["PolicyVersion"]
        tap.equal((version["VersionId"], version["IsDefaultVersion"]), ("v2", True), "a new version becomes the default")
        tap.refused("which the next call feels", "AccessDenied", own.get_user)
        document = iam.get_policy_version(PolicyArn=made["Arn"], VersionId="v1")["PolicyVersion"]["Document"]
        tap.equal(document, policy("Allow", ["iam:Get*", "iam:List*"]), "a document comes back as it was given")
        iam.set_default_policy_version(PolicyArn=made["Arn"], VersionId="v1")
        tap.equal(own.get_user()["User"]["UserName"], "alice", "and back")
        for number in range(3, 6):
            iam.create_policy_version(PolicyArn=made["Arn"], PolicyDocument=json.dumps(policy("Allow", f"iam:Get{number}*")))
        tap.refused("a sixth version", "LimitExceeded", iam.create_policy_version, PolicyArn=made["Arn"], status=409,
                    PolicyDocument=json.dumps(policy("Allow", "*")))
        tap.refused("the default version cannot be deleted", "DeleteConflict", iam.delete_policy_version, PolicyArn=made["Arn"],
                    VersionId="v1", status=409)
        tap.refused("an attached policy cannot be deleted", "DeleteConflict", iam.delete_policy, PolicyArn=made["Arn"])
        tap.equal([one["GroupName"] for one in iam.list_entities_for_policy(PolicyArn=made["Arn"])["PolicyGroups"]],
                  ["developers"], "list_entities_for_policy knows who has it")

        iam.attach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
        tap.equal(iam.list_attached_user_policies(UserName="alice")["AttachedPolicies"],
                  [{"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
                  "policies that AWS manages are there")
        iam.put_user_policy(UserName="alice", PolicyName="inline", PolicyDocument=json.dumps(policy("Deny", "iam:GetRole")))
        tap.equal(iam.get_user_policy(UserName="alice", PolicyName="inline")["PolicyDocument"], policy("Deny", "iam:GetRole"),
                  "an inline policy comes back")

        for name in ("DeleteUser with a key", "DeleteUser in a group", "DeleteUser with a policy"):
            tap.refused(name, "DeleteConflict", iam.delete_user, UserName="alice", status=409)
        iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])
        iam.remove_user_from_group(GroupName="developers", UserName="alice")
        iam.delete_user_policy(UserName="alice", PolicyName="inline")
        tap.refused("a policy is still attached", "DeleteConflict", iam.delete_user, UserName="alice")
        iam.detach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
        iam.delete_user(UserName="alice")
        tap.refused("she is gone", "NoSuchEntity", iam.get_user, UserName="alice", status=404)
        iam.detach_group_policy(GroupName="developers", PolicyArn=made["Arn"])
        iam.delete_group(GroupName="developers")
        for number in range(2, 6):
            iam.delete_policy_version(PolicyArn=made["Arn"], VersionId=f"v{number}")
        iam.delete_policy(PolicyArn=made["Arn"])
        tap.equal(iam.list_policies(Scope="Local")["Policies"], [], "and so is what she had")
        failed = [one["EventName"] for one in server.events(limit=200) if "errorCode" in one["record"]]
        tap.equal(failed.count("DeleteUser"), 5, "each refusal is an event, her own attempt too")


def names_are_one_whatever_their_case(tap):
    with Server(tap, lab=True) as server:
        iam = server.client("iam")
        iam.create_user(UserName="Bob", Path="/a/")
        tap.refused("bob collides with Bob", "EntityAlreadyExists", iam.create_user, UserName="bob", Path="/b/", status=409)
        tap.equal(iam.get_user(UserName="bOB")["User"]["UserName"], "Bob", "reading ignores case and answers as created")
        before = iam.get_user(UserName="Bob")["User"]
        iam.update_user(UserName="Bob", NewUserName="Robert", NewPath="/c/")
        after = iam.get_user(UserName="Robert")["User"]
        tap.check(after["UserId"] == before["UserId"] and after["Arn"].endswith(":user/c/Robert"),
                  "a renamed user keeps its id", after)
        iam.create_user(UserName="Bob")
        tap.check(iam.get_user(UserName="Bob")["User"]["UserId"] != before["UserId"], "and its old name is free for another")


def lists_come_in_pages(tap):
    with Server(tap, lab=True) as server:
        iam = server.client("iam")
        for number in range(25):
            iam.create_user(UserName=f"u{number:02}", Path="/many/")
        pages = list(iam.get_paginator("list_users").paginate(PathPrefix="/many/", PaginationConfig={"PageSize": 10}))
        tap.equal([len(page["Users"]) for page in pages], [10, 10, 5], "25 users in pages of 10")
        tap.equal([user["UserName"] for page in pages for user in page["Users"]], [f"u{n:02}" for n in range(25)],
                  "each once, by name")
        tap.equal(iam.list_users(PathPrefix="/few/")["Users"], [], "a path prefix narrows")
        tap.refused("a made-up marker", "ValidationError", iam.list_users, Marker="AAAA", status=400)


def limits_are_aws_limits(tap):
    with Server(tap, lab=True) as server:
        iam = server.client("iam", parameter_validation=False)
        iam.create_user(UserName="u" * 64)
        tap.check(True, "a user name of 64 characters is taken")
        tap.refused("one of 65 is not", "ValidationError", iam.create_user, UserName="u" * 65, status=400,
                    message=f"1 validation error detected: Value '{'u' * 65}' at 'userName' failed to satisfy constraint: "
                    "Member must have length less than or equal to 64")
        tap.refused("an empty one is not", "ValidationError", iam.create_user, UserName="", status=400)
        tap.refused("nor one with a blank", "ValidationError", iam.create_user, UserName="a b", status=400)
        tap.refused("nor none at all", "ValidationError", iam.create_user, status=400)
        tap.refused("a path must begin with a slash", "ValidationError", iam.create_user, UserName="p", Path="x/", status=400)
        iam.create_user(UserName="keys")
        for _ in range(2):
            iam.create_access_key(UserName="keys")
        tap.refused("a third access key", "LimitExceeded", iam.create_access_key, UserName="keys", status=409,
                    message="Cannot exceed quota for AccessKeysPerUser: 2")
        for number in range(10):
            iam.create_group(GroupName=f"g{number}")
            iam.add_user_to_group(GroupName=f"g{number}", UserName="keys")
        iam.create_group(GroupName="g10")
        tap.refused("an eleventh group", "LimitExceeded", iam.add_user_to_group, GroupName="g10", UserName="keys", status=409)
        tags = [{"Key": f"k{number}", "Value": "v"} for number in range(51)]
        tap.refused("a fifty-first tag", "ValidationError", iam.create_user, UserName="tagged", Tags=tags, status=400)
        iam.create_user(UserName="tagged", Tags=tags[:50])
        tap.equal(len(iam.list_user_tags(UserName="tagged")["Tags"]), 50, "fifty are kept")
        iam.tag_user(UserName="tagged", Tags=[{"Key": "K0", "Value": "other"}])
        first = [tag for tag in iam.list_user_tags(UserName="tagged")["Tags"] if tag["Key"].lower() == "k0"]
        tap.equal([tag["Value"] for tag in first], ["other"], "a tag's key ignores case")


def policies_that_aws_refuses(tap):
    with Server(tap, lab=True) as server:
        iam = server.client("iam", parameter_validation=False)
        iam.create_user(UserName="bob")
        ok = policy("Allow", "iam:GetUser")
        statement = ok["Statement"][0]
        cases = [
            ("no JSON", "{", "Syntax errors in policy."),
            ("an old version", {**ok, "Version": "2008-10-17"}, None),
            ("a principal", {**ok, "Statement": [{**statement, "Principal": "*"}]},
             "Policy document should not specify a principal."),
            ("no action", {**ok, "Statement": [{"Effect": "Allow", "Resource": "*"}]}, None),
            ("no resource", {**ok, "Statement": [{"Effect": "Allow", "Action": "*"}]}, None),
            ("a resource that is no ARN", {**ok, "Statement": [{**statement, "Resource": "bucket"}]}, None),
            ("an action without a service", {**ok, "Statement": [{**statement, "Action": "GetUser"}]}, None),
            ("an unknown effect", {**ok, "Statement": [{**statement, "Effect": "allow"}]}, None),
            ("an unknown element", {**ok, "Statement": [{**statement, "Extra": 1}]}, None),
            ("an unknown operator", {**ok, "Statement": [{**statement, "Condition": {"StringSimilar": {"a:b": "c"}}}]}, None),
            ("the same Sid twice", {**ok, "Statement": [{**statement, "Sid": "a"}, {**statement, "Sid": "a"}]}, None),
        ]
        for name, document, message in cases:
            text = document if isinstance(document, str) else json.dumps(document)
            tap.refused(f"a policy with {name}", "MalformedPolicyDocument", iam.put_user_policy, UserName="bob", PolicyName="p",
                        PolicyDocument=text, status=400, message=message)
        tap.equal(iam.list_user_policies(UserName="bob")["PolicyNames"], [], "none of them is there")
        tap.equal(server.events(EventName="PutUserPolicy")[0]["record"]["errorCode"], "MalformedPolicyDocumentException",
                  "the refusals are recorded")
        tap.refused("a trust policy with a resource", "MalformedPolicyDocument", iam.create_role, RoleName="r", status=400,
                    AssumeRolePolicyDocument=json.dumps(policy("Allow", "sts:AssumeRole")), message="Has prohibited field Resource")
        tap.refused("a trust policy that names nobody", "MalformedPolicyDocument", iam.create_role, RoleName="r", status=400,
                    AssumeRolePolicyDocument=json.dumps(trust(f"arn:aws:iam::{server.account}:user/ghost")),
                    message=f"Invalid principal in policy: \"AWS\":\"arn:aws:iam::{server.account}:user/ghost\"")


def padding_hides_nothing(tap):
    with Server(tap, lab=True) as server:
        iam = server.client("iam")
        iam.create_user(UserName="bob")
        document = json.dumps(policy("Allow", "*", Condition={"StringLike": {"aws:username": "bob BLANKS"}}))
        for name, text in [("between the tokens", document.replace('"Resource"', " " * 120000 + '"Resource"')),
                           ("before them", "\n" * 120000 + document), ("in a text", document.replace("BLANKS", " " * 120000))]:
            iam.put_user_policy(UserName="bob", PolicyName="p", PolicyDocument=text)
            parameters = server.events(EventName="PutUserPolicy")[0]["record"]["requestParameters"]
            tap.check(parameters.get("userName") == "bob" and '"Action":"*"' in parameters.get("policyDocument", ""),
                      f"a policy padded with blanks {name} stays on record", str(parameters)[:300])
            tap.equal(len(iam.get_user_policy(UserName="bob", PolicyName="p")["PolicyDocument"]["Statement"]), 1, "and is kept as it was given")


def boundaries_bound(tap):
    with Server(tap, lab=True) as server:
        iam = server.client("iam")
        boundary = iam.create_policy(PolicyName="Edge", PolicyDocument=json.dumps(policy("Allow", "iam:List*")))["Policy"]["Arn"]
        key = server.new_user("bob", policy("Allow", "*"))
        own = server.session_client("iam", key)
        own.get_user()
        iam.put_user_permissions_boundary(UserName="bob", PermissionsBoundary=boundary)
        tap.refused("a boundary takes away", "AccessDenied", own.get_user, UserName="bob", status=403,
                    message=f"User: arn:aws:iam::{server.account}:user/bob is not authorized to perform: iam:GetUser on resource: "
                    "user bob because no permissions boundary allows the iam:GetUser action")
        tap.check(own.list_users()["Users"], "and leaves what it allows")
        tap.equal(iam.get_user(UserName="bob")["User"]["PermissionsBoundary"],
                  {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary}, "the user shows it")
        iam.delete_user_permissions_boundary(UserName="bob")
        tap.check(own.get_user(), "without it all is back")


def the_account_itself(tap):
    with Server(tap, lab=True) as server:
        iam = server.client("iam")
        tap.refused("no password policy at first", "NoSuchEntity", iam.get_account_password_policy, status=404)
        iam.update_account_password_policy(MinimumPasswordLength=12, RequireSymbols=True)
        tap.equal(iam.get_account_password_policy()["PasswordPolicy"]["MinimumPasswordLength"], 12, "then the one that was set")
        iam.create_user(UserName="bob")
        tap.refused("a weak password", "PasswordPolicyViolation", iam.create_login_profile, UserName="bob", Password="short",
                    status=400)
        iam.create_login_profile(UserName="bob", Password="Long-enough-1234!", PasswordResetRequired=True)
        tap.equal(iam.get_login_profile(UserName="bob")["LoginProfile"]["PasswordResetRequired"], True, "a login profile is kept")
        record = [one["record"] for one in server.events(EventName="CreateLoginProfile") if "errorCode" not in one["record"]][0]
        tap.equal(record["requestParameters"], {"userName": "bob", "passwordResetRequired": True}, "its password is not recorded")
        tap.check("Long-enough" not in json.dumps([one["CloudTrailEvent"] for one in server.events()]), "nor anywhere else")
        iam.create_account_alias(AccountAlias="acme")
        tap.equal(iam.list_account_aliases()["AccountAliases"], ["acme"], "an alias is kept")
        summary = iam.get_account_summary()["SummaryMap"]
        tap.check(summary["Users"] >= 2 and summary["AccessKeysPerUserQuota"] == 2, "the summary counts", summary)
        iam.create_instance_profile(InstanceProfileName="web")
        iam.create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps({
            "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                                                    "Principal": {"Service": "ec2.amazonaws.com"}}]}))
        iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
        tap.refused("a profile has one role", "LimitExceeded", iam.add_role_to_instance_profile, InstanceProfileName="web",
                    RoleName="web", status=409)
        tap.refused("a role in a profile stays", "DeleteConflict", iam.delete_role, RoleName="web", status=409)
        tap.equal(iam.list_instance_profiles_for_role(RoleName="web")["InstanceProfiles"][0]["InstanceProfileName"], "web",
                  "the role knows its profile")
        answer = iam.simulate_principal_policy(PolicySourceArn=f"arn:aws:iam::{server.account}:user/bob",
                                               ActionNames=["iam:GetUser", "s3:GetObject"])["EvaluationResults"]
        tap.equal([one["EvalDecision"] for one in answer], ["implicitDeny"] * 2, "simulate answers for somebody who has nothing")
        answer = iam.simulate_custom_policy(PolicyInputList=[json.dumps(policy("Allow", "s3:Get*"))],
                                            ActionNames=["s3:GetObject", "s3:PutObject"])["EvaluationResults"]
        tap.equal([one["EvalDecision"] for one in answer], ["allowed", "implicitDeny"], "and for a policy that is only thought of")


tap.run(an_account_is_set_up, names_are_one_whatever_their_case, lists_come_in_pages, limits_are_aws_limits,
        policies_that_aws_refuses, padding_hides_nothing, boundaries_bound, the_account_itself)
