#!/usr/bin/python3
"""tests/scenario/last_use_is_remembered.py: when, where and for what a key or a role was used last."""
import json
import time

from harness import Server, policy, tap, trust, until


def keys_and_roles(tap):
    with Server(tap, lab=True, flags=["--fronts", "2"]) as server:
        iam = server.client("iam")
        bob = server.new_user("bob", policy("Allow", "iam:ListUsers"))

        def used():
            return iam.get_access_key_last_used(AccessKeyId=bob["AccessKeyId"])

        first = used()
        tap.equal((first["UserName"], first["AccessKeyLastUsed"]), ("bob", {"Region": "N/A", "ServiceName": "N/A"}),
                  "a key that was never used says so")
        client = server.client("sts", bob["AccessKeyId"], bob["SecretAccessKey"], region="eu-west-1")
        client.get_caller_identity()
        tap.check(until(lambda: "LastUsedDate" in used()["AccessKeyLastUsed"], "the note"), "its first use is noted")
        last = used()["AccessKeyLastUsed"]
        tap.check((last["Region"], last["ServiceName"]) == ("eu-west-1", "sts") and abs(last["LastUsedDate"].timestamp() - time.time()) < 120,
                  "with region, service and time", last)
        server.get("/_spoor/clock", "POST", b'{"advance": "20m"}')
        server.session_client("iam", bob).list_users()
        tap.check(until(lambda: used()["AccessKeyLastUsed"]["ServiceName"] == "iam", "the next note"), "and what came a while later")

        iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust(server.account)))
        tap.equal(iam.get_role(RoleName="r")["Role"].get("RoleLastUsed"), {}, "a role that was never used")
        given = server.client("sts").assume_role(RoleArn=f"arn:aws:iam::{server.account}:role/r", RoleSessionName="work")["Credentials"]
        server.session_client("sts", given).get_caller_identity()
        tap.check(until(lambda: iam.get_role(RoleName="r")["Role"]["RoleLastUsed"].get("Region") == "us-east-1", "the role's note"),
                  "a role is used by its sessions")


tap.run(keys_and_roles)
