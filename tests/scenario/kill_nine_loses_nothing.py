#!/usr/bin/python3
"""tests/scenario/kill_nine_loses_nothing.py: without --lab: kill -9 under load, again and again: acknowledged calls = events = catalog.

SPOOR_KILL_ROUNDS=200 is what .ci/run asks for. The moment of the kill is a number of acknowledged calls, drawn at random."""
import os
import random
import time

from caller import Caller, Load, compare, twice
from harness import Server, tap

ROUNDS = int(os.environ.get("SPOOR_KILL_ROUNDS", "6"))
KEPT_ROUNDS = 10        # older users are deleted, because an account has at most 5,000; what is deleted must stay so


def the_whole_history(tap, server, since, made, deleted, kept):
    """What each round found must still be there after all the kills that followed it, and nothing else."""
    caller = Caller(server)
    created = [record for record in caller.records("CreateUser", since) if "errorCode" not in record]
    removed = [record for record in caller.records("DeleteUser", since) if "errorCode" not in record]
    names = [record["requestParameters"]["userName"] for record in created]
    gone = [record["requestParameters"]["userName"] for record in removed]
    tap.equal((sorted(set(made) ^ set(names)), twice(names)), ([], set()), f"{len(made)} users were made: each has one event")
    tap.equal((sorted(set(deleted) ^ set(gone)), twice(gone)), ([], set()), f"{len(deleted)} were deleted: each has one event")
    tap.equal(sorted(caller.users("/r")), sorted(kept), f"the last {len(kept)} users are there, no others")
    times = [record["eventTime"] for record in created]
    tap.equal(times, sorted(times, reverse=True), "newest first, over all rounds")


def killed_under_load(tap):
    seed = random.randrange(1 << 32)
    dice = random.Random(seed)
    print(f"# seed {seed}, {ROUNDS} rounds")
    with Server(tap, lab=False) as server:
        kept, made, deleted, start = [], [], [], int(time.time()) - 1
        for number in range(ROUNDS):
            if len(kept) == KEPT_ROUNDS:
                caller = Caller(server)
                for name in kept.pop(0):
                    if caller.iam("DeleteUser", UserName=name)[0] == 200:
                        deleted.append(name)
                caller.close()
            path, since = f"/r{number}/", int(time.time()) - 1
            load = Load(server, path, threads=dice.choice((1, 4, 8, 16)))
            load.run_until(dice.randrange(1, 150))
            server.kill()
            load.join()
            server.start()
            caller = Caller(server)
            fine = compare(tap, caller, load, since, f"round {number}")
            if not tap.check(not load.refused, "no call was refused", load.refused) or not fine:
                return
            kept.append(caller.users(path))
            made += kept[-1]
            caller.close()
        the_whole_history(tap, server, start, made, deleted, [name for names in kept for name in names])


def killed_while_starting(tap):
    """Recovery itself is interrupted: what it did so far must not count twice."""
    with Server(tap, lab=False) as server:
        since = int(time.time()) - 1
        load = Load(server, "/start/", threads=8)
        load.run_until(100)
        server.kill()
        load.join()
        for _ in range(5):
            server.start()
            server.kill()
        server.start()
        compare(tap, Caller(server), load, since, "five kills right after the start")


tap.run(killed_under_load, killed_while_starting)
