#!/usr/bin/python3
"""tests/scenario/reset_and_clock.py: a lab is emptied thousands of times, and its clock is moved forward."""
import json
import os
import time
import urllib.request

from harness import Server, policy, tap, trust


def reset(server):
    return server.get("/_spoor/reset", "POST", b"")


def reset_empties_everything(tap):
    with Server(tap, lab=True) as server:
        iam = server.client("iam")
        bob = server.new_user("bob", policy("Allow", "*"))
        own = server.session_client("sts", bob)
        own.get_caller_identity()
        status, _, text = reset(server)
        tap.equal(status, 200, "reset answers 200")
        tap.refused("no user is left", "NoSuchEntity", iam.get_user, UserName="bob", status=404)
        tap.refused("and no key", "InvalidClientTokenId", own.get_caller_identity)
        tap.equal([event["EventName"] for event in server.events()], ["GetUser"],
                  "no event from before is found")
        iam.create_user(UserName="bob")
        tap.equal(len(server.events(EventName="CreateUser")), 1, "the same name can be made again")
        server.restart()
        tap.equal(sorted(user["UserName"] for user in server.client("iam").list_users()["Users"]), ["admin", "bob"],
                  "a restart does not bring the old ones back")
        server.kill()
        server.start()
        reset(server)
        server.kill()
        server.start()
        tap.equal([user["UserName"] for user in server.client("iam").list_users()["Users"]], ["admin"], "nor does kill -9 after a reset")



def a_test_run_resets_often(tap):
    with Server(tap, lab=True) as server:
        times = []
        iam = server.client("iam")
        for number in range(100):
            iam.create_user(UserName="again")
            start = time.monotonic()
            status = urllib.request.urlopen(urllib.request.Request(server.url + "/_spoor/reset", method="POST")).status
            times.append(time.monotonic() - start)
            if status != 200:
                break
        tap.equal(len(times), 100, "a hundred times: create, reset, and the name is free again")
        print(f"# median reset {sorted(times)[50] * 1000:.1f} ms, slowest {max(times) * 1000:.1f} ms ({os.path.basename(server.command()[0])})")
        tap.check(sorted(times)[50] < 0.25, "a reset takes milliseconds", sorted(times)[50])


def reset_refuses_web_pages(tap):
    with Server(tap, lab=True) as server:
        server.client("iam").create_user(UserName="kept")
        for name, headers in [("an Origin", {"Origin": "http://evil.example"}), ("a cross-site fetch", {"Sec-Fetch-Site": "cross-site"}),
                              ("a foreign Host", {"Host": "evil.example"})]:
            for path, body in [("/_spoor/reset", b""), ("/_spoor/clock", b'{"advance": "15m"}')]:
                status, _, _ = server.get(path, "POST", body, headers)
                tap.equal(status, 403, f"{path} refuses {name}")
        tap.equal(server.get("/_spoor/reset")[0], 405, "GET does not reset")
        tap.check(server.client("iam").get_user(UserName="kept"), "nothing was emptied")


def the_clock_moves_forward_only(tap):
    with Server(tap, lab=True) as server:
        before = time.time()
        status, _, text = server.get("/_spoor/clock", "POST", b'{"advance": "15m"}')
        tap.equal(status, 200, "advance 15m")
        server.client("sts").get_caller_identity()
        stamp = server.events(EventName="GetCallerIdentity")[0]["EventTime"].timestamp()
        tap.check(before + 890 < stamp < time.time() + 910, "events carry the lab's time", stamp - before)
        for body in (b'{"advance": "-1m"}', b'{"advance": "soon"}', b'{', b'{"advance": 5}', b'{}', b'{"advance": "999999999999d"}'):
            tap.equal(server.get("/_spoor/clock", "POST", body)[0], 400, f"{body.decode()} is refused")
        server.restart()
        server.client("sts").get_caller_identity()
        stamp = server.events(EventName="GetCallerIdentity")[0]["EventTime"].timestamp()
        tap.check(stamp > before + 890, "a restart keeps the offset", stamp - before)
        server.get("/_spoor/clock", "POST", b'{"advance": "91d"}')
        names = [event["EventName"] for event in server.events()]
        tap.check("GetCallerIdentity" not in names, "after 91 days the history has forgotten", names)
        server.client("iam").create_user(UserName="later")
        made = server.client("iam").get_user(UserName="later")["User"]["CreateDate"].timestamp()
        tap.check(made > before + 91 * 86400, "creation dates are the lab's too", made - before)


def sessions_expire_by_the_labs_clock(tap):
    with Server(tap, lab=True) as server:
        server.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust(server.account)))
        given = server.client("sts").assume_role(RoleArn=f"arn:aws:iam::{server.account}:role/r", RoleSessionName="session",
                                                 DurationSeconds=900)["Credentials"]
        session = server.session_client("sts", given)
        server.get("/_spoor/clock", "POST", b'{"advance": "14m"}')
        tap.check(session.get_caller_identity(), "after 14 minutes the session lives")
        server.get("/_spoor/clock", "POST", b'{"advance": "2m"}')
        tap.refused("after 16 it has expired", "ExpiredToken", session.get_caller_identity, status=403)


tap.run(reset_empties_everything, a_test_run_resets_often, reset_refuses_web_pages, the_clock_moves_forward_only,
        sessions_expire_by_the_labs_clock)
