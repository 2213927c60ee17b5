#!/usr/bin/python3
"""tests/scenario/s3_refuses_broken_bodies.py: bodies that are not what was promised: wrong checksums of every kind, chunks that
are no chunks, signatures that do not hold, clients that go in the middle. Each is refused by AWS's name for it and is a failed
call on record; what was there before stays, and no file is left."""
import base64
import collections
import hashlib
import os

from harness import Server, tap, until
from s3_wire import (CHECKSUMS, SIGNED_CHUNKS, SIGNED_TRAILER, UNSIGNED_TRAILER, Wire, checksum, code_of, element_of, file_count,
                     journal_records)
from signer import changed

BODY = bytes(range(256)) * 300             # 76,800 bytes: more than a frame
PIECES = [BODY[:30_000], BODY[30_000:60_000], BODY[60_000:]]


class Story:
    """A bucket with an object and an upload, and what must be left of them after every refusal."""

    def __init__(self, tap, server):
        self.tap, self.server, self.wire, self.refused = tap, server, Wire(server), collections.Counter()
        self.wire.ask("PUT", "/box")
        assert self.wire.ask("PUT", "/box/k", body=b"before")[0] == 200
        self.upload = element_of(self.wire.ask("POST", "/box/parts", "uploads"), "UploadId")
        self.files = file_count(server)
        self.places = (("PutObject", "/box/k", ""), ("UploadPart", "/box/parts", f"partNumber=1&uploadId={self.upload}"))

    def refuse(self, name, code, ask, status=400):
        """`ask(path, query)` must be refused as an object and as a part."""
        answers = [code_of(ask(path, query)) for _, path, query in self.places]
        self.tap.equal(answers, [(status, code)] * 2, name)
        self.refused[code] += 1

    def end(self):
        """Nothing has changed, and everything is on record."""
        self.tap.equal(self.wire.ask("GET", "/box/k")[2], b"before", "the object is what it was")
        self.tap.check(b"<Part>" not in self.wire.ask("GET", "/box/parts", f"uploadId={self.upload}")[2], "the upload has no part")
        self.tap.check(until(lambda: file_count(self.server) == self.files, "files go"), "no file is left", file_count(self.server))
        for name, _, _ in self.places:
            recorded = collections.Counter(record["errorCode"] for record in journal_records(self.server, name) if "errorCode" in record)
            self.tap.equal(recorded, self.refused, f"each refusal is a failed {name} on record")


def checksums_are_compared(tap):
    with Server(tap) as server:
        story = Story(tap, server)
        wire = story.wire

        def with_header(**headers):
            said = {name.replace("_", "-"): value for name, value in headers.items()}
            return lambda path, query: wire.ask("PUT", path, query, BODY, said)

        def with_trailer(kind, name, value):
            return lambda path, query: wire.put_chunks(path, kind, PIECES, (name, value), query)

        for algorithm, compute in CHECKSUMS.items():
            right, wrong = checksum(algorithm, BODY), base64.b64encode(bytes(len(compute(b"")))).decode()
            header = f"x-amz-checksum-{algorithm}"
            story.refuse(f"a wrong {algorithm} in a header", "BadDigest", with_header(**{header: wrong}))
            for kind in (SIGNED_TRAILER, UNSIGNED_TRAILER):
                story.refuse(f"a wrong {algorithm} in a trailer of {kind}", "BadDigest", with_trailer(kind, header, wrong))
            for text in ("", "AAAA", right[:-1], right + "AAAA", "*" * len(right)):
                story.refuse(f"{algorithm} {text!r}", "InvalidRequest", with_header(**{header: text}))
            answer = wire.ask("PUT", f"/box/{algorithm}", body=BODY, headers={header: right, "x-amz-sdk-checksum-algorithm": algorithm.upper()})
            tap.equal((answer[0], answer[1].get(header)), (200, right), f"a right {algorithm} is told again")
            for kind in (SIGNED_TRAILER, UNSIGNED_TRAILER):
                answer = wire.put_chunks(f"/box/{algorithm}-{kind}", kind, PIECES, (header, right))
                tap.equal((answer[0], answer[1].get(header)), (200, right), f"also as a trailer of {kind}")
                tap.equal(answer[1].get("etag"), f'"{hashlib.md5(BODY).hexdigest()}"', "whose ETag is the MD5 without the chunks")
            answer = wire.ask("GET", f"/box/{algorithm}", headers={"x-amz-checksum-mode": "ENABLED"})
            tap.equal((answer[1].get(header), answer[2] == BODY), (right, True), "and with the object")
            story.files += 3
        sum32, md5 = checksum("crc32", BODY), base64.b64encode(hashlib.md5(BODY).digest()).decode()
        story.refuse("two checksums", "InvalidRequest", with_header(x_amz_checksum_crc32=sum32, x_amz_checksum_sha1=checksum("sha1", BODY)))
        for name in ("md5", "sha512", "xxhash64", "xxhash3", "xxhash128", "crc33"):
            story.refuse(f"a checksum called {name}", "InvalidRequest", with_header(**{f"x-amz-checksum-{name}": sum32}))
        story.refuse("a named algorithm without its value", "InvalidRequest", with_header(x_amz_sdk_checksum_algorithm="CRC32"))
        story.refuse("an algorithm that is not the value's", "InvalidRequest",
                     with_header(x_amz_sdk_checksum_algorithm="SHA1", x_amz_checksum_crc32=sum32))
        story.refuse("an algorithm that nobody has", "InvalidRequest",
                     with_header(x_amz_sdk_checksum_algorithm="CRC33", x_amz_checksum_crc32=sum32))
        story.refuse("a wrong MD5", "BadDigest", with_header(content_md5=base64.b64encode(bytes(16)).decode()))
        for text in ("", "AAAA", md5[:-1], "*" * 24):
            story.refuse(f"MD5 {text!r}", "InvalidDigest", with_header(content_md5=text))
        story.refuse("another SHA-256 than was signed", "XAmzContentSHA256Mismatch",
                     lambda path, query: wire.ask("PUT", path, query, BODY, payload_hash=hashlib.sha256(b"").hexdigest()))
        answer = wire.ask("PUT", "/box/k", body=BODY, headers={"content-md5": base64.b64encode(bytes(16)).decode()})
        tap.equal((element_of(answer, "CalculatedDigest"), element_of(answer, "ExpectedDigest")), (md5, "A" * 22 + "=="),
                  "BadDigest says which was expected and which was found")
        wire.ask("PUT", "/box/parts", story.places[1][2], BODY, {"content-md5": base64.b64encode(bytes(16)).decode()})
        story.refused["BadDigest"] += 1
        story.end()


def chunks_keep_their_frame(tap):
    with Server(tap) as server:
        story = Story(tap, server)
        wire, trailer = story.wire, ("x-amz-checksum-crc32", checksum("crc32", BODY))

        def chunks(kind, change=None, trailer=trailer, **more):
            trailer = None if kind == SIGNED_CHUNKS else trailer
            return lambda path, query: wire.put_chunks(path, kind, PIECES, trailer, query, change, **more)

        for kind in (SIGNED_CHUNKS, SIGNED_TRAILER, UNSIGNED_TRAILER):
            is_signed = kind != UNSIGNED_TRAILER
            for name, change in (
                    ("a size that is no number", lambda body: b"x" + body), ("a size below nothing", lambda body: b"-" + body),
                    ("a size with a blank", lambda body: b" " + body), ("a size of seventeen digits", lambda body: b"0" * 13 + body),
                    ("a line that does not end", lambda body: b"0" * 2000 + body),
                    ("a line that ends with LF alone", lambda body: body.replace(b"\r\n", b"\n", 1)),
                    ("data without its end", lambda body: body.replace(PIECES[0] + b"\r\n", PIECES[0])),
                    ("more behind the end", lambda body: body + b"0\r\n"), ("no chunks at all", lambda body: BODY),
                    ("an extension nobody knows", lambda body: body.replace(b"7530", b"7530;x=y", 1))):
                story.refuse(f"{kind}: {name}", "InvalidRequest", chunks(kind, change))
            for name, change in (
                    ("an end that is missing", lambda body: body[:body.rindex(b"\r\n0") + 2]), ("half of it", lambda body: body[:len(body) // 2]),
                    ("a chunk longer than the body", lambda body: body.replace(b"7530", b"fffffff", 1)), ("nothing", lambda body: b"")):
                story.refuse(f"{kind}: {name}", "IncompleteBody", chunks(kind, change))
            for length in (len(BODY) - 1, len(BODY) + 1, 0):
                story.refuse(f"{kind}: {length} bytes promised", "IncompleteBody", chunks(kind, length=length))
            story.refuse(f"{kind}: no length promised", "MissingContentLength",
                         chunks(kind, headers={"x-amz-decoded-content-length": None}), status=411)
            for text in ("x", "-1", "1e3", "99999999999999999999"):
                story.refuse(f"{kind}: {text} bytes promised", "InvalidArgument", chunks(kind, headers={"x-amz-decoded-content-length": text}))
            if is_signed:
                story.refuse(f"{kind}: a byte changed in the middle", "SignatureDoesNotMatch", chunks(kind, lambda body: changed(body, 45_000)), status=403)
                story.refuse(f"{kind}: a signature changed in the middle", "SignatureDoesNotMatch",
                             chunks(kind, lambda body: changed(body, body.index(b"-signature=", 30_000) + 15)), status=403)
                story.refuse(f"{kind}: two chunks exchanged", "SignatureDoesNotMatch", chunks(kind, exchanged), status=403)
                story.refuse(f"{kind}: a signature that is none", "InvalidRequest", chunks(kind, lambda body: body.replace(b"-signature=", b"-signature=X", 1)))
                story.refuse(f"{kind}: an unsigned chunk", "InvalidRequest", chunks(kind, lambda body: body[:4] + body[body.index(b"\r\n"):]))
        for kind in (SIGNED_TRAILER, UNSIGNED_TRAILER):
            for name, change in (
                    ("another trailer", lambda body: body.replace(b"checksum-crc32:", b"checksum-sha1:")),
                    ("it twice", lambda body: body.replace(b"x-amz-checksum", b"x-amz-checksum-crc32:AAAAAA==\r\nx-amz-checksum", 1)),
                    ("a line that is no header", lambda body: body.replace(b"crc32:", b"crc32")),
                    ("one that does not end", lambda body: body.replace(b"crc32:", b"crc32:" + b"A" * 3000))):
                story.refuse(f"{kind}: {name}", "MalformedTrailerError", chunks(kind, change))
            for name in ("x-amz-checksum-md5", "x-amz-checksum-crc33"):
                story.refuse(f"{kind}: a trailer called {name}", "InvalidRequest", chunks(kind, trailer=(name, "AAAA")))
        story.refuse("no trailer", "MalformedTrailerError", chunks(UNSIGNED_TRAILER, without_trailer))
        story.refuse("none where one was signed", "SignatureDoesNotMatch", chunks(SIGNED_TRAILER, without_trailer), status=403)
        story.refuse("a trailer without its signature", "MalformedTrailerError",
                     chunks(SIGNED_TRAILER, lambda body: body[:body.index(b"x-amz-trailer-signature")] + b"\r\n"))
        story.refuse("a signature of another trailer", "SignatureDoesNotMatch", chunks(SIGNED_TRAILER, lambda body: changed(body, -8)), status=403)
        story.refuse("a trailer changed under its signature", "SignatureDoesNotMatch",
                     chunks(SIGNED_TRAILER, lambda body: body.replace(b"crc32:" + trailer[1].encode(), b"crc32:AAAAAA==")), status=403)
        for kind in ("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "STREAMING", "e3b0"):
            code = code_of(wire.ask("PUT", "/box/k", body=BODY, payload_hash=kind))
            tap.check(code[0] == 400 and code[1] in ("InvalidArgument", "InvalidRequest"), f"x-amz-content-sha256: {kind}", code)
        story.end()


def without_trailer(body):
    start = body.index(b"x-amz-checksum-crc32:")
    return body[:start] + body[body.index(b"\r\n", start) + 2:]


def exchanged(body):
    """The second and the third chunk, each whole with its signature, in each other's place."""
    second = body.index(b"7530;", 100)
    third = body.index(b"41a0;")
    end = body.index(b"\r\n0;", third) + 2
    return body[:second] + body[third:end] + body[second:third] + body[end:]


def who_goes_in_the_middle_leaves_nothing(tap):
    with Server(tap) as server:
        story = Story(tap, server)
        wire = story.wire
        for _, path, query in story.places:
            for sent in (0, 1, 70_000, 1_000_000):
                wire.cut(wire.head("PUT", path, query, length=2_000_000), os.urandom(sent))
            said = {"x-amz-decoded-content-length": "2000000", "content-encoding": "aws-chunked", "transfer-encoding": "chunked"}
            head = wire.head("PUT", path, query, said, length=0, payload_hash=UNSIGNED_TRAILER)
            head = head.replace(b"Content-Length: 0\r\n", b"")
            wire.cut(head, b"80000\r\n80000\r\n" + os.urandom(300_000))
            wire.cut(head, b"not a chunk\r\n")

        def recorded(name):
            return [record["errorCode"] for record in journal_records(server, name) if "errorCode" in record]

        for name, _, _ in story.places:
            until(lambda: len(recorded(name)) >= 6, "the records")
        story.refused["IncompleteBody"] = 6
        story.end()
        record = [record for record in journal_records(server, "PutObject") if "errorCode" in record][0]
        tap.equal((record["errorMessage"], record["requestParameters"]["key"], record["userIdentity"]["userName"]),
                  ("The request body terminated unexpectedly", "k", "admin"), "whose record says who wanted to put what")
        wire.cut(wire.head("PUT", "/box/k", length=2_000_000, signature="0" * 64), os.urandom(1000))
        wire.cut(wire.head("PUT", "/box/k", length=2_000_000)[:200], b"")
        story.end()


if __name__ == "__main__":
    tap.run(checksums_are_compared, chunks_keep_their_frame, who_goes_in_the_middle_leaves_nothing)
