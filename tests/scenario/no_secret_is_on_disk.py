#!/usr/bin/python3
"""tests/scenario/no_secret_is_on_disk.py: without --lab: passwords, secret keys and tokens are in no file of the data directory and in no log line."""
import json
import os

from harness import Server, policy, tap, trust
from signer import form, signed


def files(folder):
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            with open(path, "rb") as file:
                yield path, file.read()


def nothing_is_found(tap, server, secrets, when):
    data = list(files(server.data))
    logged = server.log().encode()
    tap.check(len(data) > 3 and any(b"CreateLoginProfile" in content for _, content in data), f"{when}: what is recorded is found", data[:0])
    for name, secret in secrets.items():
        found = [path for path, content in data if secret.encode() in content] + ["the log"] * (secret.encode() in logged)
        tap.equal(found, [], f"{when}: {name} is nowhere")


def secrets_stay_secret(tap):
    with Server(tap, lab=False) as server:
        iam = server.client("iam", parameter_validation=False)
        secrets = {"the root's secret key": server.secrets["root_secret_access_key"],
                   "the administrator's secret key": server.secret}
        key = server.new_user("kim", policy("Allow", "*"))
        secrets["a new secret key"] = key["SecretAccessKey"]
        iam.create_login_profile(UserName="kim", Password="Zebra-first-1", PasswordResetRequired=False)
        iam.update_login_profile(UserName="kim", Password="Zebra-second-2")
        server.session_client("iam", key).change_password(OldPassword="Zebra-second-2", NewPassword="Zebra-third-3")
        for name, call in [("a password that exists", lambda: iam.create_login_profile(UserName="kim", Password="Zebra-fourth-4")),
                           ("one for nobody", lambda: iam.create_login_profile(UserName="ghost", Password="Zebra-fifth-5")),
                           ("one that is too long", lambda: iam.update_login_profile(UserName="kim", Password="Zebra-sixth" * 20)),
                           ("one in another script", lambda: iam.update_login_profile(UserName="kim", Password="Zebra-\u20ac")),
                           ("a wrong old one", lambda: server.session_client("iam", key).change_password(
                               OldPassword="Zebra-wrong-7", NewPassword="Zebra-eighth-8"))]:
            try:
                call()
                tap.check(False, f"{name} is refused")
            except iam.exceptions.ClientError as error:
                tap.check("Zebra" not in str(error), f"{name} is refused without repeating it", error)
        secrets["every password"] = "Zebra-"
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust(server.account)))
        sts = server.session_client("sts", key)
        for what, given in [("role", sts.assume_role(RoleArn=f"arn:aws:iam::{server.account}:role/r", RoleSessionName="session")),
                            ("user session", sts.get_session_token()), ("federated user", sts.get_federation_token(Name="fed"))]:
            secrets[f"the secret of a {what}"] = given["Credentials"]["SecretAccessKey"]
            secrets[f"the token of a {what}"] = given["Credentials"]["SessionToken"]
        signature = "feedfacefeedface" * 4
        answer = server.raw(signed("iam", form("CreateLoginProfile", UserName="kim", Password="Zebra-ninth-9"), f"127.0.0.1:{server.port}",
                                   server.key, server.secret, signature=signature))
        tap.equal(answer[0], 403, "a call with a wrong signature is refused")
        nothing_is_found(tap, server, secrets, "running")
        server.restart()
        nothing_is_found(tap, server, secrets, "restarted")
        records = json.dumps([event["record"] for event in server.events(limit=200)])
        for name, secret in secrets.items():
            tap.check(secret not in records, f"{name} is in no record")
        tap.check(signature not in records and "Signature=" not in records, "nor any signature")


tap.run(secrets_stay_secret)
