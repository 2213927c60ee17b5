#!/usr/bin/python3
"""tests/scenario/one_time_codes_prove_presence.py: a virtual MFA device is enabled, asked for by policies, recorded without its secrets; and the credential report."""
import base64
import csv
import hmac
import json
import struct
import time

from harness import Server, policy, tap, trust


def code(seed, when):
    """RFC 6238, as an authenticator app does it: written apart from spoor's."""
    digest = hmac.new(base64.b32decode(seed), struct.pack(">Q", int(when) // 30), "sha1").digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"


class Phone:
    """An app whose clock is the lab's. Its codes are never repeated: each asks the lab for the next half minute."""

    def __init__(self, server, iam, user):
        self.server, self.iam, self.user, self.ahead = server, iam, user, 0
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=user)["VirtualMFADevice"]
        self.serial, self.seed, self.picture = device["SerialNumber"], device["Base32StringSeed"], device["QRCodePNG"]
        self.given = []

    def code(self, later=0):
        self.given.append(code(self.seed, time.time() + self.ahead + later))
        return self.given[-1]

    def two(self):
        """The code that has just ended and the present one: of one moment, so that no half minute ends between them."""
        now = time.time() + self.ahead
        self.given += [code(self.seed, now - 30), code(self.seed, now)]
        return self.given[-2:]

    def wait(self):
        self.server.get("/_spoor/clock", "POST", b'{"advance": "60s"}')
        self.ahead += 60

    def enable(self, first, second):
        self.iam.enable_mfa_device(UserName=self.user, SerialNumber=self.serial, AuthenticationCode1=first, AuthenticationCode2=second)


def a_device_is_enabled(tap):
    with Server(tap, lab=True) as server:
        iam = server.client("iam")
        iam.create_user(UserName="bob")
        phone = Phone(server, iam, "bob")
        tap.equal(phone.serial, f"arn:aws:iam::{server.account}:mfa/bob", "a device has a serial number")
        tap.check(len(base64.b32decode(phone.seed)) == 40 and phone.picture.startswith(b"\x89PNG"), "the seed is base32 in base64", phone.seed)
        one = phone.code()
        for name, pair in [("the same code twice", (one, one)), ("codes in the wrong order", (phone.code(30), one)),
                           ("made-up codes", ("000000", "000001"))]:
            tap.refused(name, "InvalidAuthenticationCode", phone.enable, *pair, status=403)
        phone.enable(*phone.two())
        tap.equal([one["SerialNumber"] for one in iam.list_mfa_devices(UserName="bob")["MFADevices"]], [phone.serial], "two in a row enable it")
        listed = iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
        tap.equal((listed[0]["User"]["UserName"], "Base32StringSeed" in listed[0]), ("bob", False), "lists show the owner and no seed")
        tap.refused("a device in use stays", "DeleteConflict", iam.delete_virtual_mfa_device, SerialNumber=phone.serial, status=409)
        tap.refused("and so does its owner", "DeleteConflict", iam.delete_user, UserName="bob", status=409)
        record = server.events(EventName="CreateVirtualMFADevice")[0]["record"]
        tap.equal((record["requestParameters"], record["responseElements"]), (
            {"virtualMFADeviceName": "bob"}, {"virtualMFADevice": {"serialNumber": phone.serial}}), "the record has neither seed nor picture")
        enabled = [event for event in server.events(EventName="EnableMFADevice") if "errorCode" not in event["record"]][0]
        tap.equal((enabled["record"]["requestParameters"], enabled["record"]["responseElements"]), (
            {"userName": "bob", "serialNumber": phone.serial}, None), "nor has EnableMFADevice its codes")
        tap.equal(server.events(EventName="EnableMFADevice")[-1]["record"]["errorCode"], "InvalidAuthenticationCodeException",
                  "a wrong code is recorded as one")
        tap.equal(len(server.events(ResourceName=phone.serial)), 6, "a device is looked up by its serial number")
        iam.deactivate_mfa_device(UserName="bob", SerialNumber=phone.serial)
        iam.delete_virtual_mfa_device(SerialNumber=phone.serial)
        iam.delete_user(UserName="bob")
        tap.equal(iam.list_virtual_mfa_devices()["VirtualMFADevices"], [], "deactivated, it can go")


def policies_ask_for_it(tap):
    with Server(tap, lab=True) as server:
        iam, account = server.client("iam"), server.account
        key = server.new_user("bob", policy("Allow", "sts:*"), policy("Allow", "iam:*", Condition={
            "Bool": {"aws:MultiFactorAuthPresent": "true"}}))
        phone = Phone(server, iam, "bob")
        phone.enable(*phone.two())
        role = iam.create_role(RoleName="Careful", AssumeRolePolicyDocument=json.dumps(trust(
            account, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})))["Role"]["Arn"]
        sts = server.session_client("sts", key)

        def assume(**more):
            return sts.assume_role(RoleArn=role, RoleSessionName="careful", **more)["Credentials"]
        tap.refused("a role that wants a code", "AccessDenied", assume, status=403)
        tap.refused("a wrong code", "AccessDenied", assume, SerialNumber=phone.serial, TokenCode="000000", status=403,
                    message="MultiFactorAuthentication failed with invalid MFA one time pass code. ")
        tap.refused("a code without a device", "AccessDenied", assume, TokenCode="000000", status=403)
        tap.refused("the code that enabled the device", "AccessDenied", assume, SerialNumber=phone.serial, TokenCode=phone.given[-1], status=403)
        phone.wait()
        now = phone.code()
        given = assume(SerialNumber=phone.serial, TokenCode=now)
        tap.refused("the same code again", "AccessDenied", assume, SerialNumber=phone.serial, TokenCode=now, status=403)
        event = [one for one in server.events(EventName="AssumeRole") if "errorCode" not in one["record"]][0]["record"]
        tap.equal(event["requestParameters"], {"roleArn": role, "roleSessionName": "careful", "serialNumber": phone.serial},
                  "the record names the device and not the code")
        server.session_client("sts", given).get_caller_identity()
        identity = server.events(AccessKeyId=given["AccessKeyId"])[0]["record"]["userIdentity"]
        tap.equal(identity["sessionContext"]["attributes"]["mfaAuthenticated"], "true", "what the session does is recorded with it")
        phone.wait()
        server.restart()
        sts, iam = server.session_client("sts", key), server.client("iam")
        tap.refused("IAM without a code", "AccessDenied", server.session_client("iam", key).list_users, status=403)
        given = sts.get_session_token(SerialNumber=phone.serial, TokenCode=phone.code())["Credentials"]
        tap.check(server.session_client("iam", given).list_users()["Users"], "a session with one may call IAM")
        tap.refused("a device of somebody else", "AccessDenied", server.client("sts").get_session_token, SerialNumber=phone.serial,
                    TokenCode=phone.code(30), status=403)
        refused = server.events(EventName="GetSessionToken")[0]["record"]
        tap.equal((refused["errorCode"], refused["requestParameters"]), ("AccessDenied", {"serialNumber": phone.serial}),
                  "a refused GetSessionToken keeps its parameters")
        trusting = trust(account, Condition={"NumericLessThan": {"aws:MultiFactorAuthAge": "300"}})
        iam.update_assume_role_policy(RoleName="Careful", PolicyDocument=json.dumps(trusting))
        tap.check(server.session_client("sts", given).assume_role(RoleArn=role, RoleSessionName="young"), "a fresh session is young enough")
        server.get("/_spoor/clock", "POST", b'{"advance": "10m"}')
        tap.refused("after ten minutes it is not", "AccessDenied", server.session_client("sts", given).assume_role, RoleArn=role,
                    RoleSessionName="old", status=403)


def the_report_tells_who_has_what(tap):
    with Server(tap, lab=False) as server:
        iam = server.client("iam")
        tap.refused("no report at first", "ReportNotPresent", iam.get_credential_report, status=410)
        server.new_user("ann")
        iam.create_login_profile(UserName="ann", Password="Zebra-12345!")
        phone = Phone(server, iam, "ann")
        phone.enable(*phone.two())
        tap.equal([iam.generate_credential_report()["State"] for _ in range(2)], ["STARTED", "COMPLETE"], "it is started, then complete")
        answer = iam.get_credential_report()
        rows = {row["user"]: row for row in csv.DictReader(answer["Content"].decode().splitlines())}
        tap.equal((answer["ReportFormat"], sorted(rows)), ("text/csv", sorted(["<root_account>", "ann", server.secrets["administrator_user_name"]])),
                  "a line for root and each user")
        ann = rows["ann"]
        tap.equal((ann["password_enabled"], ann["mfa_active"], ann["access_key_1_active"], ann["access_key_2_active"], ann["password_last_used"]),
                  ("true", "true", "true", "false", "no_information"), "which says what ann has")
        admin = rows[server.secrets["administrator_user_name"]]
        tap.equal((admin["password_enabled"], admin["mfa_active"], admin["access_key_1_active"]), ("true", "false", "true"), "and the administrator")
        tap.equal([server.events(EventName=name)[0]["ReadOnly"] for name in ("GenerateCredentialReport", "GetCredentialReport")], ["true"] * 2,
                  "both calls are reads")


tap.run(a_device_is_enabled, policies_ask_for_it, the_report_tells_who_has_what)
