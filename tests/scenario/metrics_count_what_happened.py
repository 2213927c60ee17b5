#!/usr/bin/python3
"""tests/scenario/metrics_count_what_happened.py: each counter moves by what was done, and by nothing else."""
import http.client
import json
import socket

from harness import DEADLINE_S, Server, policy, tap
from signer import form, signed


def counters(server):
    """The counters by name and label; those of the pages themselves apart."""
    found = {}
    for line in server.get("/_spoor/metrics")[2].splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            found[name] = float(value)
    return found


def on_each_front(server, request):
    """Twelve connections at once, more than one front keeps while the other has none: keys are read and their first use is
    noted, which is a change, on both."""
    crowd = [socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_S) for _ in range(12)]
    for connection in crowd:
        connection.sendall(request)
    for connection in crowd:
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        answer.read()
        connection.close()


def each_counter_moves(tap):
    with Server(tap, lab=True, flags=["--fronts", "2"]) as server:
        host = f"127.0.0.1:{server.port}"
        bob = server.new_user("bob")
        key = (bob["AccessKeyId"], bob["SecretAccessKey"])
        session = server.client("sts").get_session_token()["Credentials"]
        temporary = (session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
        ok, failed, denied = (f'spoor_calls_total{{result="{word}"}}' for word in ("ok", "failed", "denied"))
        refused, unknown, events = "spoor_signatures_refused_total", "spoor_unknown_operations_total", "spoor_journal_events"
        unreadable = "spoor_unreadable_calls_total"
        loaded, changes, broken = "spoor_principals_loaded_total", "spoor_catalog_changes", "spoor_requests_refused_total"
        rows = [
            ("a call", signed("sts", form("GetCallerIdentity", "sts"), host), {ok: 1, events: 1}),
            ("a change", signed("iam", form("CreateUser", UserName="ann"), host), {ok: 1, events: 1, changes: 1}),
            ("a change that fails", signed("iam", form("CreateUser", UserName="ann"), host), {failed: 1, events: 1}),
            ("a wrong input", signed("iam", form("CreateUser", UserName="?"), host), {failed: 1, events: 1}),
            ("a denial", signed("iam", form("ListUsers"), host, *key), {denied: 1, events: 1}),
            ("a wrong signature", signed("iam", form("ListUsers"), host, key[0], "wrong"), {refused: 1}),
            ("an unknown key", signed("iam", form("ListUsers"), host, "AKIANOBODY2222222222", "x"), {refused: 1}),
            ("a session without MFA at IAM", signed("iam", form("ListUsers"), host, *temporary), {refused: 1}),
            ("an unknown operation", signed("iam", form("Nothing"), host), {unknown: 1}),
            ("a body that cannot be read", signed("cloudtrail", "{", host, headers={
                "X-Amz-Target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"}), {unreadable: 1}),
            ("no HTTP", b"HELLO\r\n\r\n", {broken: 1}),
        ]
        for who in ((), key):
            on_each_front(server, signed("sts", form("GetCallerIdentity", "sts"), host, *who))
        for _, request, _ in rows:
            server.raw(request)
        watched = (unreadable, ok, failed, denied, refused, unknown, events, broken, changes)
        server.raw(signed("iam", form("DeleteUser", UserName="ann"), host))
        for name, request, wanted in rows:
            before = counters(server)
            server.raw(request)
            after = counters(server)
            moved = {key: after[key] - before[key] for key in watched if after[key] != before[key]}
            tap.equal(moved, wanted, f"{name} moves {', '.join(wanted) or 'none of them'}")
        before = counters(server)
        server.client("iam").put_user_policy(UserName="bob", PolicyName="p",
                                             PolicyDocument=json.dumps(policy("Allow", "iam:ListUsers")))
        for _ in range(6):
            server.raw(signed("iam", form("ListUsers"), host, *key))
        more = counters(server)[loaded] - before[loaded]
        tap.check(1 <= more <= 4, "after a change of authority each front reads its callers again, once", more)


tap.run(each_counter_moves)
