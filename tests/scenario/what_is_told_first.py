#!/usr/bin/python3
"""tests/scenario/what_is_told_first.py: of several things that are wrong with a call, the earliest is told; and what is on record then."""
import time

from harness import Server, policy, tap
from signer import form, signed

LOOKUP = {"X-Amz-Target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"}


def code_of(answer):
    """Status and code of an answer, of either protocol."""
    status, _, body = answer
    text = body.decode()
    return status, text.partition("<Code>")[2].partition("</Code>")[0] or text.partition('"__type":"')[2].partition('"')[0]


def who_before_what(tap):
    """Key, token, scope, clock, signature: in this order."""
    with Server(tap, lab=True) as server:
        host = f"127.0.0.1:{server.port}"
        iam = server.client("iam")
        bob, off = server.new_user("bob", policy("Allow", "*")), server.new_user("off", policy("Allow", "*"))
        iam.update_access_key(UserName="off", AccessKeyId=off["AccessKeyId"], Status="Inactive")
        session = server.session_client("sts", bob).get_session_token(DurationSeconds=900)["Credentials"]
        old = time.time() - 3600
        bad = {"signature": "0" * 64}
        key, secret = bob["AccessKeyId"], bob["SecretAccessKey"]
        rows = [
            ("an unknown operation without a signature", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 35\r\n"
             b"Content-Type: application/x-www-form-urlencoded\r\n\r\nAction=Nothing&Version=2010-05-08&a", (400, "InvalidAction")),
            ("an unknown key, a bad signature, an old date", ["AKIANOBODY2222222222", "x"], {**bad, "at": old}, (403, "InvalidClientTokenId")),
            ("an inactive key and a bad signature", [off["AccessKeyId"], off["SecretAccessKey"]], bad, (403, "InvalidClientTokenId")),
            ("a token of another key and a bad signature", [key, secret, session["SessionToken"]], bad, (403, "InvalidClientTokenId")),
            ("a session key without its token", [session["AccessKeyId"], session["SecretAccessKey"]], {}, (403, "InvalidClientTokenId")),
            ("a wrong scope and an old date", [key, secret], {"scope_date": "20200101", "at": old}, (403, "SignatureDoesNotMatch")),
            ("an old date and a bad signature", [key, secret], {**bad, "at": old}, (403, "SignatureDoesNotMatch")),
            ("a bad signature and an operation that is not served", [key, secret], {**bad, "action": "CreateSAMLProvider"},
             (403, "SignatureDoesNotMatch")),
            ("a bad signature and a wrong input", [key, secret], {**bad, "name": "?"}, (403, "SignatureDoesNotMatch")),
        ]
        before = len(server.events(limit=10 ** 6))
        for name, what, *rest in rows:
            if isinstance(what, bytes):
                answer, wanted = server.raw(what), rest[0]
            else:
                more, wanted = dict(rest[0]), rest[1]
                body = form(more.pop("action", "CreateUser"), UserName=more.pop("name", "eve"))
                answer = server.raw(signed("iam", body, host, *what, **more))
            tap.equal(code_of(answer), wanted, name)
        answer = server.raw(signed("iam", form("ListUsers"), host, key, secret, at=old, **bad))
        tap.check(b"Signature expired" in answer[2], "of an old date and a bad signature, the date", answer)
        answer = server.raw(signed("iam", form("ListUsers"), host, key, secret, at=old, scope_date="20200101"))
        tap.check(b"Date in Credential scope" in answer[2], "of a wrong scope and an old date, the scope", answer)
        tap.equal(len(server.events(limit=10 ** 6)) - before, 1, "none of them is an event (the lookup is)")
        server.get("/_spoor/clock", "POST", b'{"advance": "1h"}')
        answer = server.raw(signed("iam", form("ListUsers"), host, session["AccessKeyId"], "wrong", session["SessionToken"], at=old))
        tap.equal(code_of(answer), (403, "ExpiredToken"), "an expired token, an old date and a bad signature")


def input_before_permission(tap):
    """Reading, checking the input, policies, what is there: in this order. From the second on it is an event."""
    with Server(tap, lab=True, flags=["--throttle", "aws"]) as server:
        host = f"127.0.0.1:{server.port}"
        bob = server.new_user("bob")
        key = (bob["AccessKeyId"], bob["SecretAccessKey"])
        rows = [
            ("what cannot be read, by who may not", signed("cloudtrail", "{", host, *key, headers=LOOKUP), (400, "SerializationException"), None),
            ("a wrong input, by who may not", signed("iam", form("CreateUser", UserName="?"), host, *key), (400, "ValidationError"), "ValidationException"),
            ("a missing member, by who may not", signed("iam", form("CreateUser"), host, *key), (400, "ValidationError"), "ValidationException"),
            ("a missing user, by who may not", signed("iam", form("DeleteUser", UserName="ghost"), host, *key), (403, "AccessDenied"), "AccessDenied"),
            ("a name that is taken, by who may not", signed("iam", form("CreateUser", UserName="bob"), host, *key), (403, "AccessDenied"), "AccessDenied"),
            ("a policy that says nothing, by who may not", signed("iam", form("PutUserPolicy", UserName="bob", PolicyName="p", PolicyDocument="{}"),
             host, *key), (403, "AccessDenied"), "AccessDenied"),
            ("a role that is not there, by who may not", signed("sts", form("AssumeRole", "sts", RoleArn=f"arn:aws:iam::{server.account}:role/r",
             RoleSessionName="work", DurationSeconds=43200), host, *key), (403, "AccessDenied"), "AccessDenied"),
            ("an operation that is not served", signed("iam", form("CreateSAMLProvider"), host, *key), (400, "InvalidAction"), "InvalidAction"),
        ]
        for name, request, wanted, recorded in rows:
            tap.equal(code_of(server.raw(request)), wanted, name)
        codes = [event["record"].get("errorCode") for event in server.events(AccessKeyId=key[0])]
        tap.equal(codes, [recorded for _, _, _, recorded in reversed(rows) if recorded], "on record in that order, but what could not be read")
        answers = [code_of(server.raw(signed("cloudtrail", "{}", host, *key, headers=LOOKUP))) for _ in range(6)]
        tap.equal(set(answers), {(400, "AccessDeniedException")}, "who may not is denied, and uses up nobody's rate")


def denied_parameters_are_kept_if_wanted(tap):
    for flags, wanted in ([], None), (["--keep-denied-parameters"], {"userName": "eve"}):
        with Server(tap, lab=True, flags=flags) as server:
            bob = server.new_user("bob")
            tap.refused("bob may not", "AccessDenied", server.session_client("iam", bob).create_user, UserName="eve")
            record = server.events(AccessKeyId=bob["AccessKeyId"])[0]["record"]
            tap.equal((record["requestParameters"], record["responseElements"]), (wanted, None), f"what he asked for is {wanted}")


tap.run(who_before_what, input_before_permission, denied_parameters_are_kept_if_wanted)
