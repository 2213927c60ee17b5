#!/usr/bin/python3
"""tests/scenario/events_match_real_records.py: each call of which real records are known, made here: same members, casing, types.

tests/observed/*.json say what the real records have (tools/observe made them); differences that we accept are in
tests/observed/accepted.json, each with its reason. An accepted difference that no longer occurs is a failure too."""
import fnmatch
import importlib.machinery
import importlib.util
import json
import os
import subprocess
import sys

from harness import BIN, HERE, ROOT, Server, policy, tap, trust
from botocore.exceptions import ClientError

sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("observe", os.path.join(ROOT, "tools/observe"))
observe = importlib.util.module_from_spec(importlib.util.spec_from_loader("observe", loader))
loader.exec_module(observe)

TLS = ["--tls-cert", os.path.join(HERE, "tls/test-only.crt"), "--tls-key", os.path.join(HERE, "tls/test-only.key")]
TAGS = [{"Key": "team", "Value": "red"}]
DOCUMENT = json.dumps(policy("Allow", "s3:*"))
BUCKET = "audit-logs"


def calls(iam, sts, trail, account, made):
    """(eventName, the call), in an order in which each finds what it needs. `made` keeps what answers were."""
    arn = f"arn:aws:iam::{account}:"
    admin = "arn:aws:iam::aws:policy/AdministratorAccess"
    mine, edge, trusts = arn + "policy/p", arn + "policy/edge", json.dumps(trust(account))
    role = {"RoleName": "r"}
    user = {"UserName": "u"}
    profile = {"InstanceProfileName": "i"}

    def create_key():
        made["key"] = iam.create_access_key(**user)["AccessKey"]["AccessKeyId"]

    return [
        ("CreatePolicy", lambda: iam.create_policy(PolicyName="edge", PolicyDocument=DOCUMENT, Path="/", Description="d", Tags=TAGS)),
        ("CreatePolicy", lambda: iam.create_policy(PolicyName="p", PolicyDocument=DOCUMENT, Path="/", Description="d", Tags=TAGS)),
        ("CreatePolicyVersion", lambda: iam.create_policy_version(PolicyArn=mine, PolicyDocument=DOCUMENT)),
        ("SetDefaultPolicyVersion", lambda: iam.set_default_policy_version(PolicyArn=mine, VersionId="v2")),
        ("GetPolicy", lambda: iam.get_policy(PolicyArn=mine)),
        ("GetPolicyVersion", lambda: iam.get_policy_version(PolicyArn=mine, VersionId="v1")),
        ("ListPolicyVersions", lambda: iam.list_policy_versions(PolicyArn=mine)),
        ("CreateUser", lambda: iam.create_user(**user, Path="/", Tags=TAGS)),
        ("GetUser", lambda: iam.get_user(**user)),
        ("GetUser", lambda: iam.get_user()),
        ("ListUsers", lambda: iam.list_users()),
        ("CreateAccessKey", create_key),
        ("ListAccessKeys", lambda: iam.list_access_keys(**user)),
        ("UpdateAccessKey", lambda: iam.update_access_key(**user, AccessKeyId=made["key"], Status="Inactive")),
        ("DeleteAccessKey", lambda: iam.delete_access_key(**user, AccessKeyId=made["key"])),
        ("DeleteLoginProfile", lambda: iam.delete_login_profile(**user)),
        ("CreateLoginProfile", lambda: iam.create_login_profile(**user, Password="Abcdef12345!", PasswordResetRequired=False)),
        ("GetLoginProfile", lambda: iam.get_login_profile(**user)),
        ("UpdateLoginProfile", lambda: iam.update_login_profile(**user, Password="Abcdef123456!")),
        ("DeleteLoginProfile", lambda: iam.delete_login_profile(**user)),
        ("ChangePassword", lambda: iam.change_password(OldPassword="Abcdef123456!", NewPassword="Abcdef1234567!")),
        ("ListMFADevices", lambda: iam.list_mfa_devices()),
        ("ListMFADevices", lambda: iam.list_mfa_devices(**user)),
        ("ListVirtualMFADevices", lambda: iam.list_virtual_mfa_devices(AssignmentStatus="Any")),
        ("DeactivateMFADevice", lambda: iam.deactivate_mfa_device(**user, SerialNumber=arn + "mfa/none")),
        ("AttachUserPolicy", lambda: iam.attach_user_policy(**user, PolicyArn=admin)),
        ("ListAttachedUserPolicies", lambda: iam.list_attached_user_policies(UserName="ghost")),
        ("DetachUserPolicy", lambda: iam.detach_user_policy(**user, PolicyArn=admin)),
        ("PutUserPolicy", lambda: iam.put_user_policy(**user, PolicyName="x", PolicyDocument=DOCUMENT)),
        ("ListUserPolicies", lambda: iam.list_user_policies(UserName="ghost")),
        ("DeleteUserPolicy", lambda: iam.delete_user_policy(**user, PolicyName="x")),
        ("PutUserPermissionsBoundary", lambda: iam.put_user_permissions_boundary(**user, PermissionsBoundary=edge)),
        ("DeleteUserPermissionsBoundary", lambda: iam.delete_user_permissions_boundary(**user)),
        ("CreateGroup", lambda: iam.create_group(GroupName="g")),
        ("ListGroups", lambda: iam.list_groups()),
        ("AddUserToGroup", lambda: iam.add_user_to_group(GroupName="g", **user)),
        ("ListGroupsForUser", lambda: iam.list_groups_for_user(**user)),
        ("AttachGroupPolicy", lambda: iam.attach_group_policy(GroupName="g", PolicyArn=mine)),
        ("PutGroupPolicy", lambda: iam.put_group_policy(GroupName="g", PolicyName="x", PolicyDocument=DOCUMENT)),
        ("ListEntitiesForPolicy", lambda: iam.list_entities_for_policy(PolicyArn=mine)),
        ("GetRole", lambda: iam.get_role(RoleName="ghost")),
        ("CreateRole", lambda: iam.create_role(**role, AssumeRolePolicyDocument=trusts, Path="/", MaxSessionDuration=3600, Tags=TAGS,
                                               PermissionsBoundary=edge)),
        ("GetRole", lambda: iam.get_role(**role)),
        ("ListRoles", lambda: iam.list_roles()),
        ("PutRolePermissionsBoundary", lambda: iam.put_role_permissions_boundary(**role, PermissionsBoundary=edge)),
        ("DeleteRolePermissionsBoundary", lambda: iam.delete_role_permissions_boundary(**role)),
        ("UpdateAssumeRolePolicy", lambda: iam.update_assume_role_policy(**role, PolicyDocument=trusts)),
        ("PutRolePolicy", lambda: iam.put_role_policy(**role, PolicyName="x", PolicyDocument=DOCUMENT)),
        ("GetRolePolicy", lambda: iam.get_role_policy(**role, PolicyName="x")),
        ("ListRolePolicies", lambda: iam.list_role_policies(**role)),
        ("AttachRolePolicy", lambda: iam.attach_role_policy(**role, PolicyArn=mine)),
        ("ListAttachedRolePolicies", lambda: iam.list_attached_role_policies(**role)),
        ("AssumeRole", lambda: sts.assume_role(RoleArn=arn + "role/r", RoleSessionName="session", DurationSeconds=900)),
        ("AssumeRole", lambda: sts.assume_role(RoleArn=arn + "role/r", RoleSessionName="session", Policy=DOCUMENT)),
        ("AssumeRole", lambda: sts.assume_role(RoleArn=arn + "role/ghost", RoleSessionName="session")),
        ("GetInstanceProfile", lambda: iam.get_instance_profile(InstanceProfileName="ghost")),
        ("CreateInstanceProfile", lambda: iam.create_instance_profile(**profile, Path="/", Tags=TAGS)),
        ("TagInstanceProfile", lambda: iam.tag_instance_profile(**profile, Tags=TAGS)),
        ("AddRoleToInstanceProfile", lambda: iam.add_role_to_instance_profile(**profile, **role)),
        ("GetInstanceProfile", lambda: iam.get_instance_profile(**profile)),
        ("ListInstanceProfiles", lambda: iam.list_instance_profiles()),
        ("ListInstanceProfilesForRole", lambda: iam.list_instance_profiles_for_role(**role)),
        ("RemoveRoleFromInstanceProfile", lambda: iam.remove_role_from_instance_profile(**profile, **role)),
        ("DeleteInstanceProfile", lambda: iam.delete_instance_profile(**profile)),
        ("DetachRolePolicy", lambda: iam.detach_role_policy(**role, PolicyArn=mine)),
        ("DeleteRolePolicy", lambda: iam.delete_role_policy(**role, PolicyName="x")),
        ("DeleteRole", lambda: iam.delete_role(**role)),
        ("DeletePolicy", lambda: iam.delete_policy(PolicyArn=edge)),
        ("SimulatePrincipalPolicy", lambda: iam.simulate_principal_policy(PolicySourceArn=arn + "user/u", ActionNames=["s3:GetObject"])),
        ("GetAccountAuthorizationDetails", lambda: iam.get_account_authorization_details()),
        ("GetAccountSummary", lambda: iam.get_account_summary()),
        ("ListAccountAliases", lambda: iam.list_account_aliases()),
        ("DeleteUser", lambda: iam.delete_user(UserName="gone")),
        ("GetCallerIdentity", lambda: sts.get_caller_identity()),
        ("GetSessionToken", lambda: sts.get_session_token(DurationSeconds=900, SerialNumber="GAHT12345678",
                                                          TokenCode="123456")),
        ("GetFederationToken", lambda: sts.get_federation_token(Name="fed", Policy=DOCUMENT)),
        ("LookupEvents", lambda: trail.lookup_events(MaxResults=5, LookupAttributes=[
            {"AttributeKey": "EventName", "AttributeValue": "CreateUser"}])),
        ("CreateTrail", lambda: trail.create_trail(Name="audit", S3BucketName=BUCKET, IncludeGlobalServiceEvents=True, TagsList=TAGS)),
        ("StartLogging", lambda: trail.start_logging(Name="audit")),
        ("StartLogging", lambda: trail.start_logging(Name="ghost")),
        ("GetTrailStatus", lambda: trail.get_trail_status(Name="audit")),
        ("DescribeTrails", lambda: trail.describe_trails(trailNameList=["audit"])),
        ("DescribeTrails", lambda: trail.describe_trails(trailNameList=[], includeShadowTrails=True)),
        ("ListTags", lambda: trail.list_tags(ResourceIdList=[f"arn:aws:cloudtrail:us-east-1:{account}:trail/audit"])),
        ("PutEventSelectors", lambda: trail.put_event_selectors(TrailName="audit", EventSelectors=[
            {"ReadWriteType": "All", "IncludeManagementEvents": True, "ExcludeManagementEventSources": [],
             "DataResources": [{"Type": "AWS::S3::Object", "Values": []}]}])),
        ("GetEventSelectors", lambda: trail.get_event_selectors(TrailName="audit")),
        ("UpdateTrail", lambda: trail.update_trail(Name="audit", IsMultiRegionTrail=True)),
        ("StopLogging", lambda: trail.stop_logging(Name="audit")),
        ("StopLogging", lambda: trail.stop_logging(Name="ghost")),
        ("DeleteTrail", lambda: trail.delete_trail(Name="audit")),
        ("DeleteTrail", lambda: trail.delete_trail(Name="ghost")),
    ]


def comparable(text):
    """The forms of one member as a set; the mark of members that are not always there is taken off."""
    return set(text.removesuffix(" ?").split("|"))


def differences(real, ours, values):
    """What our record has otherwise than the real ones."""
    members = real["members"]
    for path, forms in members.items():
        parent = path.rsplit(".", 1)[0] if "." in path else "" if "[" not in path else path[:-2]
        if not forms.endswith(" ?") and path not in ours and (parent in ours or parent == "") and not path.endswith("[]"):
            if ours.get(parent) != {"null"}:
                yield f"missing {path}"
    for path, forms in ours.items():
        if path not in members:
            yield f"extra {path}"
        elif not forms <= comparable(members[path]) and not (comparable(members[path]) & {"text"} and forms <= {"text (JSON)"}):
            yield f"form of {path}: {'|'.join(sorted(forms))}, real {'|'.join(sorted(comparable(members[path])))}"
    for name, known in real.get("values", {}).items():
        if values.get(name) not in known:
            yield f"value of {name}: {values.get(name)}, real {known}"


def shape_of(value):
    result = {}
    for path, form in observe.paths(value):
        result.setdefault(path, set()).add(form)
    return result


class Accepted:
    def __init__(self):
        with open(os.path.join(ROOT, "tests/observed/accepted.json"), encoding="utf-8") as file:
            self.rows = json.load(file)
        self.used = set()

    def excuses(self, entry, difference):
        for number, row in enumerate(self.rows):
            if fnmatch.fnmatchcase(entry, row["entry"]) and fnmatch.fnmatchcase(difference, row["difference"]):
                self.used.add(number)
                return True
        return False


def records_of(server, who):
    """All records of that caller, by eventName and outcome."""
    found = {}
    for event in server.events(limit=1000, Username=who):
        record = event["record"]
        found.setdefault(f"{record['eventName']} {record.get('errorCode', 'ok')}", []).append(record)
    return found


def make(server, key=None):
    """Makes every call, by the administrator or by the owner of `key`; gives the names of those made."""
    iam, sts, trail = (server.session_client(name, key) if key else server.client(name) for name in ("iam", "sts", "cloudtrail"))
    names, made = [], {"key": "AKIAIOSFODNN7EXAMPLE"}
    for name, call in calls(iam, sts, trail, server.account, made):
        names.append(name)
        try:
            call()
        except ClientError:
            pass                    # which error it was stands in the event, and that is compared
    return names


def each_known_event_is_compared(tap):
    real = {}
    for service in ("iam", "sts", "cloudtrail"):
        with open(os.path.join(ROOT, f"tests/observed/{service}.json"), encoding="utf-8") as file:
            for entry, shape in json.load(file).items():
                real.setdefault(entry, []).append(shape)
    accepted = Accepted()
    served = set(subprocess.run([BIN, "operations"], capture_output=True, text=True).stdout.replace("|", " ").split())
    with Server(tap, lab=False, flags=TLS) as server:
        nobody = server.new_user("nobody")
        server.client("iam").create_user(UserName="gone")
        server.client("s3").create_bucket(Bucket=BUCKET)
        server.client("s3").put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy(
            "Allow", "s3:*", [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"], Principal={"Service": "cloudtrail.amazonaws.com"})))
        called = make(server)
        make(server, nobody)
        ours = records_of(server, server.secrets["administrator_user_name"])
        for entry, records in records_of(server, "nobody").items():
            ours.setdefault(entry, []).extend(records)
        compared = 0
        for entry, shapes in sorted(real.items()):
            name, _, outcome = entry.partition(" ")
            if name == "userIdentity" or not (name in served or name in called):
                continue
            if entry not in ours:
                tap.check(accepted.excuses(entry, "not made"), f"{entry}: an event of it is made", f"ours: {sorted(ours)}")
                continue
            faults = set()
            for record in ours[entry]:
                identity = record["userIdentity"]
                faults |= set(differences(shapes[0], shape_of({k: v for k, v in record.items() if k != "userIdentity"}), record))
                kind = f"userIdentity {observe.kind_of(identity)}"
                faults |= {f"userIdentity: {fault}" for fault in differences(real[kind][0], shape_of(identity), {})} \
                    if kind in real else {f"no real identity is known as {kind}"}
            left = sorted(fault for fault in faults if not accepted.excuses(entry, fault))
            compared += 1
            tap.check(not left, f"{entry}: {len(ours[entry])} of ours as {shapes[0]['records']} real ones", "\n".join(left))
        unused = [row for number, row in enumerate(accepted.rows) if number not in accepted.used]
        tap.check(not unused, "every accepted difference still occurs", json.dumps(unused, indent=1))
        tap.check(all(row.get("reason") for row in accepted.rows), "and has a reason")
        tap.check(compared >= 80, f"{compared} kinds of event were compared")


tap.run(each_known_event_is_compared)
