#!/usr/bin/python3
"""tests/scenario/kill_nine_keeps_objects.py: kill -9 while objects are put, whole and in parts: what was acknowledged is there, byte
for byte, each with its event; what was not is there whole or not at all; and no file is left that nobody names."""
import os
import random
import threading

from harness import Server, tap, until
from s3_wire import Wire, element_of, file_count, journal_records

ROUNDS = int(os.environ.get("SPOOR_KILL_ROUNDS", "6"))
SIZES = (0, 1, 65535, 65536, 65537, 300_000, 1_000_000)
PART = 5 << 20


def content(key):
    """What belongs under a key, known from the key alone."""
    dice = random.Random(key)
    size = PART + dice.choice(SIZES) if "parts" in key else dice.choice(SIZES)
    return dice.randbytes(size)


class Uploads:
    """Threads that put objects until the server is gone; `acknowledged` are the keys of those that were answered with 200."""

    def __init__(self, server, number, threads):
        self.server, self.number = server, number
        self.acknowledged, self.other, self.lock = set(), [], threading.Lock()
        self.enough = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(thread,)) for thread in range(threads)]

    def run_until(self, target):
        self.target = target
        for thread in self.threads:
            thread.start()
        self.enough.wait(60)

    def put(self, wire, key):
        body = content(key)
        if "parts" not in key:
            return wire.ask("PUT", f"/box/{key}", body=body)
        upload = element_of(wire.ask("POST", f"/box/{key}", "uploads"), "UploadId")
        text = "<CompleteMultipartUpload>"
        for number, part in ((1, body[:PART]), (2, body[PART:])):
            tag = wire.ask("PUT", f"/box/{key}", f"partNumber={number}&uploadId={upload}", part)[1]["etag"]
            text += f"<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>"
        return wire.ask("POST", f"/box/{key}", f"uploadId={upload}", text + "</CompleteMultipartUpload>")

    def work(self, thread):
        wire = Wire(self.server)
        for at in range(10_000):
            key = f"{self.number}-{thread}-{at}{'-parts' if at % 5 == 4 else ''}"
            try:
                answer = self.put(wire, key)
            except (OSError, TypeError, EOFError):
                return                     # the connection, or the answer on it, was cut
            if answer is None:
                return
            with self.lock:
                if answer[0] == 200:
                    self.acknowledged.add(key)
                else:
                    self.other.append(answer)
                if len(self.acknowledged) >= self.target or self.other:
                    self.enough.set()


def there(server):
    """Every key, and how many files the objects and the parts of open uploads have: nothing is in no file."""
    s3, keys, files = server.client("s3"), set(), 0
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket="box"):
        for entry in page.get("Contents", []):
            keys.add(entry["Key"])
            files += (entry["Size"] > 0) + ("parts" in entry["Key"] and entry["Size"] > PART)
    for upload in s3.list_multipart_uploads(Bucket="box").get("Uploads", []):
        parts = s3.list_parts(Bucket="box", Key=upload["Key"], UploadId=upload["UploadId"]).get("Parts", [])
        files += sum(part["Size"] > 0 for part in parts)
    return keys, files


def is_as_it_was(server, keys):
    """The keys whose bytes are not theirs."""
    wire = Wire(server)
    return [key for key in keys if wire.ask("GET", f"/box/{key}")[2] != content(key)]


def killed_while_objects_are_put(tap):
    seed = random.randrange(1 << 32)
    dice = random.Random(seed)
    print(f"# seed {seed}, {ROUNDS} rounds")
    with Server(tap) as server:
        Wire(server).ask("PUT", "/box")
        before = set()
        for number in range(ROUNDS):
            uploads = Uploads(server, number, dice.choice((1, 4, 8)))
            uploads.run_until(dice.randrange(1, 60))
            server.kill()
            for thread in uploads.threads:
                thread.join()
            server.start()
            keys, files = there(server)
            tap.check(not uploads.other, "no call was refused", uploads.other[:2])
            tap.equal(sorted((before | uploads.acknowledged) - keys), [], f"round {number}: {len(uploads.acknowledged)} acknowledged, {len(keys - before)} there")
            tap.equal(is_as_it_was(server, keys - before), [], "each has its bytes")
            made = [record["requestParameters"]["key"] for name in ("PutObject", "CompleteMultipartUpload")
                    for record in journal_records(server, name) if "errorCode" not in record]
            tap.equal(sorted(made), sorted(keys), "each has one event")
            tap.check(until(lambda: file_count(server) == files, "files go"), "no file is left that nobody names", (file_count(server), files))
            before = keys
        tap.equal(is_as_it_was(server, before), [], "all of them, after all the kills that followed")


tap.run(killed_while_objects_are_put)
