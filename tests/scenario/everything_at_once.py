#!/usr/bin/python3
"""tests/scenario/everything_at_once.py: calls, resets, clock changes, metrics and vanished clients all at the same time.

Under the thread sanitizer this is the test of what threads share; without it, of what must be true afterwards.
"""
import http.client
import json
import os
import random
import signal
import socket
import threading
import time
import urllib.error

from harness import Server, policy, tap, trust, until
from s3_wire import SIGNED_CHUNKS, Wire, element_of, file_count
from signer import form, signed

LOOKUP = {"X-Amz-Target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"}


class Crowd:
    """Threads that call functions over and over until told to stop; what they return is counted."""

    def __init__(self, *functions):
        self.is_over, self.counts = threading.Event(), {}
        self.threads = [threading.Thread(target=self.run, args=[function]) for function in functions]
        for thread in self.threads:
            thread.start()

    def run(self, function):
        while not self.is_over.is_set():
            try:
                what = function()
            except (OSError, http.client.HTTPException, urllib.error.URLError):
                what = "unanswered"
            except Exception as error:                           # a thread that ended in silence would be missed by nobody
                what = f"raised {error!r}"
            self.counts[what] = self.counts.get(what, 0) + 1

    def have_been(self, *everything):
        """Lets them go on for a while, and then until each of these was counted."""
        time.sleep(6)
        until(lambda: set(everything) <= set(self.counts), f"all of {everything}")

    def end(self):
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        return self.counts


def calls_resets_and_clocks(tap):
    with Server(tap, lab=True, flags=["--fronts", "3", "--workers", "3", "--throttle", "aws", "--keep-denied-parameters"]) as server:
        host = f"127.0.0.1:{server.port}"
        chance = random.Random(7)
        document = json.dumps(policy("Deny", "s3:*"))

        def bodies(number):
            return [("iam", form("CreateUser", UserName=f"u{number}")), ("iam", form("ListUsers")), ("sts", form("GetCallerIdentity", "sts")),
                    ("iam", form("GetAccountAuthorizationDetails")), ("cloudtrail", "{}"),
                    ("iam", form("CreateLoginProfile", UserName="admin", Password="Correct-Horse-7")),
                    ("iam", form("CreateRole", RoleName="r", AssumeRolePolicyDocument=json.dumps(trust(server.account)))),
                    ("sts", form("AssumeRole", "sts", RoleArn=f"arn:aws:iam::{server.account}:role/r", RoleSessionName="work")),
                    ("sts", form("AssumeRole", "sts", RoleArn="arn:aws:iam::111122223333:role/r", RoleSessionName="work")),
                    ("iam", form("PutUserPolicy", UserName="admin", PolicyName=f"p{number % 5}", PolicyDocument=document)),
                    ("iam", form("GetAccessKeyLastUsed", AccessKeyId="test"))]

        def call():
            number = chance.randrange(10 ** 6)
            service, body = chance.choice(bodies(number))
            key = chance.choice(["test", "test", "111122223333", "root"])
            answer = server.raw(signed(service, body, host, key=key, secret="root" if key == "root" else "test",
                                       headers=LOOKUP if service == "cloudtrail" else None))
            return answer[0] if answer else None

        def vanish():
            with socket.create_connection(("127.0.0.1", server.port)) as connection:
                connection.sendall(signed("iam", form("CreateUser", UserName=f"g{chance.randrange(10 ** 6)}"), host))
            time.sleep(0.005)
            return "vanished"

        def pages():
            time.sleep(0.005)
            return ("page", server.get(chance.choice(["/_spoor/health", "/_spoor/metrics", "/_localstack/health"]))[0])

        def reset():
            time.sleep(chance.random() * 0.4)
            return ("reset", server.get("/_spoor/reset", "POST", b"")[0])

        def advance():
            time.sleep(0.05)
            return ("clock", server.get("/_spoor/clock", "POST", b'{"advance": "1h"}')[0])

        crowd = Crowd(call, call, call, call, vanish, vanish, pages, reset, advance)
        everything = [200, ("page", 200), ("reset", 200), ("clock", 200)]
        crowd.have_been(*everything)
        counts = crowd.end()
        print(f"# {counts}")
        tap.check(set(everything) <= set(counts), "everything was done", counts)
        tap.check(set(counts) <= {200, 400, 403, 404, 409, "vanished", ("page", 200), ("reset", 200), ("clock", 200)},
                  "and nothing failed", counts)

    with Server(tap, lab=True, flags=["--fronts", "3"]) as server:
        host = f"127.0.0.1:{server.port}"
        reset()

        def users():
            return {user["UserName"] for page in server.client("iam").get_paginator("list_users").paginate() for user in page["Users"]}

        crowd = Crowd(vanish, vanish)
        until(lambda: len(users()) > 10, "users whose makers have vanished")
        crowd.end()

        def differ():
            made = {event["record"]["requestParameters"]["userName"]
                    for event in server.events(EventName="CreateUser", limit=10 ** 6) if "errorCode" not in event["record"]}
            return len(made) < 10 or users() ^ made != {"admin"}
        tap.check(until(lambda: not differ(), "users and their events"), "whose client vanished is there with its event, or not at all")


def objects_and_resets(tap):
    """Uploads, downloads and deletions, whole, refused and left in the middle, while everything is emptied now and then."""
    with Server(tap, lab=True, flags=["--fronts", "3", "--workers", "3"]) as server:
        wire, wrong = Wire(server), Wire(server, "test", "wrong")
        chance = random.Random(11)

        def body_of(key):
            return random.Random(key).randbytes(int(key) * 7919 % 400_000)

        def ask(wire, *words, **more):
            answer = wire.ask(*words, **more)
            return answer[0] if answer else None

        def put():
            key = str(chance.randrange(40))
            status = ask(wrong if chance.random() < 0.05 else wire, "PUT", f"/box/{key}", body=body_of(key))
            return ask(wire, "PUT", "/box") if status == 404 else status

        def chunks():
            key = str(chance.randrange(40))
            change = (lambda body: body[:-9]) if chance.random() < 0.2 else None
            answer = wire.put_chunks(f"/box/{key}", SIGNED_CHUNKS, [body_of(key)[at:at + 65536] for at in range(0, len(body_of(key)), 65536)],
                                     change=change)
            return answer[0] if answer else None

        def get():
            key = str(chance.randrange(40))
            answer = wire.ask("GET", f"/box/{key}")
            if answer and answer[0] == 200 and answer[2] != body_of(key):
                return "other bytes"
            return answer[0] if answer else None

        def delete():
            return ask(wire, "DELETE", f"/box/{chance.randrange(40)}")

        def parts():
            upload = element_of(wire.ask("POST", "/box/parts", "uploads"), "UploadId")
            ask(wire, "PUT", "/box/parts", f"partNumber=1&uploadId={upload}", b"x" * 100_000)
            return ask(wire, "DELETE", "/box/parts", f"uploadId={upload}")

        def vanish():
            wire.cut(wire.head("PUT", "/box/gone", length=1_000_000), b"x" * chance.randrange(600_000))
            with socket.create_connection(("127.0.0.1", server.port)) as connection:
                connection.sendall(wire.head("GET", f"/box/{chance.randrange(40)}"))
                connection.recv(1000)
            return "vanished"

        def reset():
            time.sleep(chance.random() * 0.8)
            return ("reset", server.get("/_spoor/reset", "POST", b"")[0])

        wire.ask("PUT", "/box")
        crowd = Crowd(put, put, put, chunks, chunks, get, get, delete, parts, vanish, reset)
        everything = [200, 204, 404, "vanished", ("reset", 200)]
        crowd.have_been(*everything)
        counts = crowd.end()
        print(f"# {counts}")
        tap.check(set(everything) <= set(counts), "everything was done", counts)
        # 503: its bytes went with what a reset took away. 400: chunks cut short. 409: a bucket made twice at once.
        tap.check(set(counts) <= {200, 204, 400, 403, 404, 409, 503, "vanished", ("reset", 200)}, "and nothing else happened", counts)
        wire.ask("PUT", "/box")
        crowd = Crowd(put, put, put, chunks, get, get, vanish)
        time.sleep(1)
        counts = crowd.end()
        tap.check(set(counts) <= {200, 400, 403, 404, "vanished"}, "without resets nothing is unavailable", counts)
        keys = [entry["Key"] for entry in server.client("s3").list_objects_v2(Bucket="box").get("Contents", [])]
        tap.check(keys and all(wire.ask("GET", f"/box/{key}")[2] == body_of(key) for key in keys), f"{len(keys)} objects have their bytes")
        server.restart()
        files = sum(len(body_of(key)) > 0 for key in keys)
        server.get("/_spoor/clock", "POST", b'{"advance": "2m"}')
        tap.check(until(lambda: file_count(server) == files, "files go"), "and no file is left that nobody names", (file_count(server), files))


def a_stop_answers_what_it_has_begun(tap):
    with Server(tap, lab=True, flags=["--fronts", "3"]) as server:
        host = f"127.0.0.1:{server.port}"
        numbers, answered = iter(range(10 ** 6)), set()

        def create():
            name = f"u{next(numbers)}"
            answer = server.raw(signed("iam", form("CreateUser", UserName=name), host))
            if answer and answer[0] == 200:
                answered.add(name)
            return answer[0] if answer else None

        for _ in range(3):
            crowd = Crowd(create, create, create, create)
            until(lambda: answered, "a first answer")
            time.sleep(0.3)
            server.process.send_signal(signal.SIGTERM)
            code = server.wait()
            crowd.end()
            server.process.stdout.close()
            server.process = None
            tap.equal(code, 0, "SIGTERM under load ends with 0")
            server.start()
            host = f"127.0.0.1:{server.port}"
            users = {user["UserName"] for page in server.client("iam").get_paginator("list_users").paginate() for user in page["Users"]}
            tap.equal(answered - users, set(), f"{len(answered)} users that were answered are there")


def who_asks_too_early_is_answered(tap):
    # A loopback address of this process's own: of 127.0.0.1 a port that nobody listens on may become the other end of anybody's
    # connection, even of one to itself, while the server is down.
    process = os.getpid()
    address = f"127.{1 + (process >> 16)}.{process >> 8 & 255}.{process & 255}"
    with socket.create_server((address, 0)) as free:
        port = free.getsockname()[1]
    server = Server(tap, lab=True)
    server.port, server.url = port, f"http://{address}:{port}"
    command = server.command
    server.command = lambda: command(f"{address}:{port}")
    crowd = Crowd(*[lambda: server.get("/_spoor/metrics")[0]] * 4)
    with server:
        for _ in range(3):
            server.restart()
    tap.check(set(crowd.end()) <= {200, "unanswered"}, "metrics are asked for while it starts", crowd.counts)


tap.run(calls_resets_and_clocks, objects_and_resets, a_stop_answers_what_it_has_begun, who_asks_too_early_is_answered)
