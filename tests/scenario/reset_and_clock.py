#!/usr/bin/python3
"""tests/scenario/reset_and_clock.py: a lab is emptied thousands of times, and its clock is moved forward."""
import calendar
import json
import os
import threading
import time
import urllib.request

from harness import Server, policy, tap, trust, until
from signer import form, signed


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



def nothing_is_pending_after_a_reset(tap):
    with Server(tap, lab=True, flags=["--delivery-interval", "3600"]) as server:
        def pending():
            return server.health()["consumers"].get("delivery", {}).get("pendingRecords")

        for turn in range(10):
            trails = server.client("cloudtrail")
            server.client("s3").create_bucket(Bucket="logs")
            trails.create_trail(Name="audit", S3BucketName="logs")
            trails.start_logging(Name="audit")
            if not until(lambda: pending() == 1, "the record of StartLogging"):
                break
            reset(server)
            if pending() != 0:
                break
        tap.equal((turn, pending()), (9, 0), "the health page knows at once that nothing waits for delivery any more")


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
        print(f"# median reset {sorted(times)[50] * 1000:.1f} ms, slowest {max(times) * 1000:.1f} ms ({os.path.relpath(server.command()[0])})")
        # What was promised is 10 ms, of a release build on a machine that does nothing else; this notices a reset that
        # has become another kind of work, such as filling a journal file.
        limit = 0.04 if "build/" in server.command()[0] else 0.25
        tap.check(sorted(times)[50] < limit, f"a reset takes less than {limit * 1000:.0f} ms", sorted(times)[50])


def reset_refuses_web_pages(tap):
    with Server(tap, lab=True) as server:
        server.client("iam").create_user(UserName="kept")
        for name, headers in [("an Origin", {"Origin": "http://evil.example"}), ("a cross-site fetch", {"Sec-Fetch-Site": "cross-site"}),
                              ("a foreign Host", {"Host": "evil.example"}), ("one that looks like ours", {"Host": "127.0.0.1.evil.example"}),
                              ("a foreign number", {"Host": "192.0.2.7:4566"})]:
            for path, body in [("/_spoor/reset", b""), ("/_spoor/clock", b'{"advance": "15m"}')]:
                status, _, _ = server.get(path, "POST", body, headers)
                tap.equal(status, 403, f"{path} refuses {name}")
        tap.equal(server.get("/_spoor/reset")[0], 405, "GET does not reset")
        tap.check(server.client("iam").get_user(UserName="kept"), "nothing was emptied")
        for host in (f"localhost:{server.port}", "LOCALHOST", "127.0.0.1", "127.1.2.3:80", "[::1]", "[::1]:4566"):
            tap.equal(server.get("/_spoor/clock", "POST", b'{"advance": "1s"}', {"Host": host})[0], 200, f"Host {host} is ours")


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


def calls_meet_a_reset(tap):
    """Calls on their way when everything is forgotten are made in the new world or not at all."""
    with Server(tap, lab=True, flags=["--fronts", "3", "--workers", "2"]) as server:
        host = f"127.0.0.1:{server.port}"
        seen, late, found, statuses = set(), [], [], set()
        for turn in range(12):
            bob = server.new_user("bob", policy("Allow", "*"))
            has_returned = threading.Event()

            def call(number):
                for count in range(1000):
                    is_after = has_returned.is_set()
                    body = [form("CreateUser", UserName=f"u{turn}-{number}-{count}"), form("GetUser"),
                            form("CreateLoginProfile", UserName="bob", Password="Correct-Horse-7")][count % 3]
                    answer = server.raw(signed("iam", body, host, key=bob["AccessKeyId"], secret=bob["SecretAccessKey"]))
                    seen.add(answer[0] if answer else None)
                    if is_after:
                        late.extend([answer] if not answer or answer[0] != 403 else [])
                        return

            threads = [threading.Thread(target=call, args=[number]) for number in range(4)]
            for thread in threads:
                thread.start()
            time.sleep(0.05 + turn / 100)
            status = reset(server)[0]
            has_returned.set()
            for thread in threads:
                thread.join()
            statuses.add(status)
            found += server.events(AccessKeyId=bob["AccessKeyId"])
            found += [user for user in server.client("iam").list_users()["Users"] if user["UserName"] != "admin"]
        tap.equal(statuses, {200}, "every reset was done")
        tap.check(200 in seen and 403 in seen and seen <= {200, 403, 409}, "calls were answered before and after, all of them", seen)
        tap.equal(late, [], "what is asked after a reset is answered by the new world")
        tap.equal(found, [], "nothing that the old world's user did is in the new one")


def a_root_session_ends_with_its_world(tap):
    with Server(tap, lab=True) as server:
        for advance in (None, b'{"advance": "2d"}'):
            if advance:
                server.get("/_spoor/clock", "POST", advance)
            given = server.client("sts", "root", "root").get_session_token()["Credentials"]
            session = server.session_client("sts", given)
            tap.check(session.get_caller_identity(), "root's session works")
            reset(server)
            tap.refused("and not after a reset", "InvalidClientTokenId", session.get_caller_identity, status=403)


def the_clock_is_moved_by_many(tap):
    with Server(tap, lab=True, flags=["--fronts", "3"]) as server:
        threads = [threading.Thread(target=server.get, args=["/_spoor/clock", "POST", b'{"advance": "1h"}']) for _ in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        now = json.loads(server.get("/_spoor/clock", "POST", b'{"advance": "0s"}')[2])["now"]
        ahead = calendar.timegm(time.strptime(now[:19], "%Y-%m-%dT%H:%M:%S")) - time.time()
        tap.check(abs(ahead - 24 * 3600) < 60, "24 times an hour at once is a day", ahead)


def strangers_found_no_accounts(tap):
    with Server(tap, lab=True) as server:
        def events():
            return [line for line in server.get("/_spoor/metrics")[2].splitlines() if line.startswith("spoor_journal_events")]
        before = events()
        for number in range(3):
            tap.refused("a number with a wrong secret", "SignatureDoesNotMatch",
                        server.client("sts", f"99999999999{number}", "guessed").get_caller_identity, status=403)
        tap.equal(events(), before, "makes no account and no event")
        tap.equal(server.client("sts", "999999999990", "test").get_caller_identity()["Account"], "999999999990",
                  "with the secret `test` it does")
        tap.refused("a word is no account", "InvalidClientTokenId", server.client("sts", "someword", "test").get_caller_identity)


tap.run(calls_meet_a_reset, a_root_session_ends_with_its_world, the_clock_is_moved_by_many, strangers_found_no_accounts,
        reset_empties_everything, nothing_is_pending_after_a_reset, a_test_run_resets_often, reset_refuses_web_pages, the_clock_moves_forward_only,
        sessions_expire_by_the_labs_clock)
