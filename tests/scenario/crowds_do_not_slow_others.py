#!/usr/bin/python3
"""tests/scenario/crowds_do_not_slow_others.py: idle, dripping and greedy connections take memory and time from nobody else.

How little they slow others is measured by bench/run; here it is that they are served, bounded and ended."""
import contextlib
import os
import resource
import socket
import time

from harness import Server, tap, until
from signer import form, signed


def resident_kb(server):
    with open(f"/proc/{server.process.pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def connect(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=60)


def idle_connections_cost_little(tap):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(10_000, hard - 200)
    with Server(tap, lab=True) as server:
        request = signed("sts", form("GetCallerIdentity", "sts"), f"127.0.0.1:{server.port}")
        server.client("sts").get_caller_identity()
        before = resident_kb(server)
        crowd = [connect(server) for _ in range(count)]
        for connection in crowd[:2000]:
            connection.sendall(request)
        for connection in crowd[:2000]:
            if not connection.recv(65536).startswith(b"HTTP/1.1 200"):
                tap.check(False, "each of them is served")
                break
        start = time.monotonic()
        tap.check(server.client("sts").get_caller_identity(), f"a call is answered among {count} idle connections")
        took, each = time.monotonic() - start, (resident_kb(server) - before) * 1024 // count
        print(f"# it took {took * 1000:.0f} ms; {each} bytes of memory a connection")
        if "build-dev" not in server.command()[0]:
            tap.check(each < 8192, "an idle connection, also one that once spoke, costs less than 8 KiB", each)
        for connection in crowd:
            connection.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def too_many_connections(tap):
    with Server(tap, lab=True, flags=["--connections-max", "50"]) as server:
        crowd = [connect(server) for _ in range(60)]
        ended = 0
        for connection in crowd:
            connection.setblocking(False)
        deadline = time.monotonic() + 30
        while ended < 10 and time.monotonic() < deadline:
            ended = 0
            for connection in crowd:
                try:
                    ended += connection.recv(1000, socket.MSG_PEEK) is not None
                except BlockingIOError:
                    pass
                except ConnectionResetError:
                    ended += 1
            time.sleep(0.05)
        tap.check(ended >= 10, "connections past the limit are ended", ended)
        for connection in crowd:
            connection.close()
        whoami = signed("sts", form("GetCallerIdentity", "sts"), f"127.0.0.1:{server.port}")
        tap.check(until(lambda: (server.raw(whoami) or [0])[0] == 200, "room"), "and with room again callers are served")


def bodies_share_a_budget(tap):
    """Callers that are not yet known may hold so much memory together, whatever each announces."""
    with Server(tap, lab=True, flags=["--body-budget-bytes", str(1 << 20)]) as server:
        host = f"127.0.0.1:{server.port}"
        whole = signed("iam", form("CreateUser", UserName="big") + "&x=" + "a" * 700_000, host)
        greedy = []
        for _ in range(4):
            connection = connect(server)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):      # who is refused may be cut off while it sends
                connection.sendall(whole[:-100])
            connection.setblocking(False)
            greedy.append(connection)
        answers = []

        def is_told():
            for connection in greedy:
                with contextlib.suppress(BlockingIOError, ConnectionResetError):
                    answers.append(connection.recv(1000))
            return any(b"503" in answer.split(b"\r\n")[0] for answer in answers)

        tap.check(until(is_told, "a refusal", 30), "past the budget they get 503", answers[:2])
        for connection in greedy:
            connection.close()
        whoami = signed("sts", form("GetCallerIdentity", "sts"), host)
        tap.check(until(lambda: (server.raw(whoami) or [0])[0] == 200, "room", 30), "once they are gone others are served")


def the_last_calls_are_answered(tap):
    """SIGTERM: what is in flight is answered, what comes after is not taken."""
    with Server(tap, lab=True) as server:
        request = signed("iam", form("CreateUser", UserName="last"), f"127.0.0.1:{server.port}")
        busy, idle = connect(server), connect(server)
        busy.sendall(request[:-1])
        until(lambda: server.has_read(busy) and server.has_read(idle), "both to be in")
        os.kill(server.process.pid, 15)
        deadline = time.monotonic() + 30
        refused = False
        while not refused and time.monotonic() < deadline:
            try:
                connect(server).close()
            except OSError:
                refused = True
        tap.check(refused, "no new connection is accepted")
        busy.sendall(request[-1:])
        tap.check(busy.recv(1000).startswith(b"HTTP/1.1 200"), "a request that had begun is answered")
        tap.equal(idle.recv(10), b"", "an idle connection is closed")
        tap.equal(server.wait(), 0, "it exits 0")
        server.start()
        tap.equal(server.client("iam").get_user(UserName="last")["User"]["UserName"], "last", "and what it answered is there")


tap.run(idle_connections_cost_little, too_many_connections, bodies_share_a_budget, the_last_calls_are_answered)
