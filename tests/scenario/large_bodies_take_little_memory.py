#!/usr/bin/python3
"""tests/scenario/large_bodies_take_little_memory.py: a stream costs two windows, whatever its length, and all of them together
stay within their budget: large uploads and downloads, slow ones, and sixty-four that begin 5 GiB each.

Runs with the release build, where memory is what it seems; a sanitizer keeps what was freed.

    SPOOR_LARGE_BYTES=5368709120 tests/scenario/large_bodies_take_little_memory.py       the largest body there is
"""
import hashlib
import os
import socket
import threading
import time

LARGE = int(os.environ.get("SPOOR_LARGE_BYTES", 300_000_000))
os.environ.setdefault("SPOOR_BIN", "build/spoor")

from harness import DEADLINE_S, Server, tap, until                                       # noqa: E402
from s3_wire import EMPTY_SHA256, Wire, checksum, code_of, file_count, journal_records   # noqa: E402
from signer import form, hmac_sha256, signed                                             # noqa: E402

PIECE = bytes(1 << 20)
STREAM_BYTES = (512 + 72) << 10            # two windows, and the frame that is being sealed
REQUEST_BYTES = 80 << 10                   # everything else that a request is
BUDGET_BYTES = 64 << 20


def memory(server, name="VmHWM"):
    with open(f"/proc/{server.process.pid}/status") as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith(name))


class Watch:
    """The most memory that the server had inside the `with` block, above what it had at its begin."""

    def __init__(self, server):
        self.server = server

    def __enter__(self):
        with open(f"/proc/{self.server.process.pid}/clear_refs", "w") as file:
            file.write("5")                # the high-water mark begins anew
        self.before, self.start = memory(self.server, "VmRSS"), time.monotonic()
        return self

    def __exit__(self, *_):
        self.grown, self.seconds = memory(self.server) - self.before, time.monotonic() - self.start


def bounded(tap, watch, most, name):
    print(f"# {name}: {watch.grown >> 10} KiB in {watch.seconds:.1f} s")
    tap.check(watch.grown <= most, f"{name} takes at most {most >> 20} MiB", watch.grown)


def send(server, head, size, piece=PIECE):
    """A body of `size` bytes out of nothing; the whole answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10 * DEADLINE_S) as connection:
        connection.sendall(head)
        for at in range(0, size, len(piece)):
            connection.sendall(piece[:size - at])
        return connection.recv(65536)


def signed_pieces(head, size):
    """The same in chunks of 1 MiB, each signed: made while they are sent. The last bytes are those of the empty chunk."""
    text = head.decode()
    scope = text.split("Credential=")[1].split(",")[0].split("/", 1)[1]
    stamp = text.split("x-amz-date: ")[1].split("\r\n")[0]
    previous, key, empty = text.split("Signature=")[1].split("\r\n")[0], b"AWS4test", hashlib.sha256(b"").hexdigest()
    for part in scope.split("/"):
        key = hmac_sha256(key, part)
    whole = hashlib.sha256(PIECE).hexdigest()
    for at in range(0, size + len(PIECE), len(PIECE)):
        piece = PIECE[:max(size - at, 0)]
        hashed = whole if len(piece) == len(PIECE) else hashlib.sha256(piece).hexdigest()
        previous = hmac_sha256(key, "\n".join(["AWS4-HMAC-SHA256-PAYLOAD", stamp, scope, previous, empty, hashed])).hex()
        yield b"%x;chunk-signature=%s\r\n%s\r\n" % (len(piece), previous.encode(), piece)
        if not piece:
            return


def one_large_body(tap):
    with Server(tap) as server:
        wire = Wire(server)
        wire.ask("PUT", "/box")
        wire.ask("PUT", "/box/k", body=b"x" * 1_000_000)
        with Watch(server) as watch:
            answer = send(server, wire.head("PUT", "/box/large", length=LARGE), LARGE)
        tap.check(answer.startswith(b"HTTP/1.1 200"), f"a body of {LARGE} bytes", answer[:500])
        bounded(tap, watch, 4 << 20, "an upload")

        overhead = sum(len(b"%x;chunk-signature=" % min(len(PIECE), LARGE - at)) + 68 for at in range(0, LARGE, len(PIECE))) + 86
        head = wire.head("PUT", "/box/chunks", headers={"x-amz-decoded-content-length": str(LARGE)}, length=LARGE + overhead,
                         payload_hash="STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
        with Watch(server) as watch, socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_S) as connection:
            connection.sendall(head)
            for piece in signed_pieces(head, LARGE):
                connection.sendall(piece)
            answer = connection.recv(65536)
        tap.check(answer.startswith(b"HTTP/1.1 200"), "the same in signed chunks", answer[:500])
        bounded(tap, watch, 4 << 20, "an upload in chunks")

        get = signed("s3", b"", wire.host, method="GET", path="/box/large", headers={"x-amz-content-sha256": EMPTY_SHA256})
        with Watch(server) as watch, socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_S) as connection:
            connection.sendall(get)
            got = -1
            while got < LARGE:
                piece = connection.recv(1 << 20)
                got += len(piece) if got >= 0 else len(piece.split(b"\r\n\r\n", 1)[1]) + 1
                if not piece or piece.strip(b"\0") and got > 1 << 20:
                    break
        tap.equal(got, LARGE, "all of it comes back")
        bounded(tap, watch, 4 << 20, "a download")
        with Watch(server) as watch:
            answer = send(server, wire.head("PUT", "/box/wrong", length=50_000_000, headers={
                "x-amz-checksum-crc32": checksum("crc32", b"x")}), 50_000_000)
        tap.check(b"BadDigest" in answer, "a body whose checksum is wrong", answer[:500])
        bounded(tap, watch, 4 << 20, "a refused upload")


def sixty_four_of_five_gibibytes(tap):
    with Server(tap) as server:
        wire = Wire(server)
        wire.ask("PUT", "/box")
        wire.ask("PUT", "/box/k", body=b"x" * 1_000_000)
        crowd, whoami = [], signed("sts", form("GetCallerIdentity", "sts"), wire.host)
        with Watch(server) as watch:
            for number in range(64):
                connection = socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_S)
                connection.sendall(wire.head("PUT", f"/box/k{number}", length=5 << 30))
                crowd.append(connection)
            for _ in range(4):
                for connection in crowd:
                    connection.sendall(PIECE)
            tap.equal(server.raw(whoami)[0], 200, "another caller is answered meanwhile")
            tap.check(until(lambda: file_count(server) == 65, "65 files"), "each writes its file", file_count(server))
        bounded(tap, watch, 64 * (STREAM_BYTES + REQUEST_BYTES), "64 uploads of 5 GiB that have begun")
        for connection in crowd:
            connection.close()
        tap.check(until(lambda: file_count(server) == 1, "files go"), "none is left of them")

        def aborted():
            return [record for record in journal_records(server, "PutObject") if record.get("errorCode") == "IncompleteBody"]
        tap.check(until(lambda: len(aborted()) == 64, "64 records"), "each is a failed call on record", len(aborted()))


def more_than_the_budget(tap):
    """Past it a new body waits or is told to come again; those that have begun get on."""
    with Server(tap) as server:
        wire = Wire(server)
        wire.ask("PUT", "/box")
        wire.ask("PUT", "/box/k", body=b"x" * 1_000_000)
        sizes, answers, lock = 3 << 20, [], threading.Lock()

        def upload(number):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_S)
            try:
                connection.sendall(wire.head("PUT", f"/box/{number}", length=sizes))
                for _ in range(sizes // len(PIECE)):
                    connection.sendall(PIECE)
                answer = connection.recv(65536)
            except OSError:
                answer = b"HTTP/1.1 503 cut"        # by the end of a connection that nobody reads any more
            connection.close()
            with lock:
                answers.append(answer)

        threads = [threading.Thread(target=upload, args=(number,)) for number in range(200)]
        with Watch(server) as watch:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        bounded(tap, watch, BUDGET_BYTES + 200 * REQUEST_BYTES, "200 uploads at once")
        stored = sum(answer.startswith(b"HTTP/1.1 200") for answer in answers)
        told = sum(answer.startswith(b"HTTP/1.1 503") for answer in answers)
        print(f"# {stored} stored, {told} told to come again")
        tap.check(stored > 0 and stored + told == 200, "each is stored or told ServiceUnavailable",
                  [answer[:200] for answer in answers if not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 503"))])
        tap.equal(code_of(wire.ask("PUT", "/box/after", body=b"x")), (200, None), "and then there is room again")


if __name__ == "__main__":
    tap.run(one_large_body, sixty_four_of_five_gibibytes, more_than_the_budget)
