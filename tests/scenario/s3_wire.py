"""tests/scenario/s3_wire.py: S3 requests byte by byte, each part of which can be made wrong: bodies, chunks, trailers, checksums.

The checksums are computed bit by bit from their polynomials, apart from spoor's tables."""
import base64
import contextlib
import hashlib
import http.client
import json
import os
import re
import socket
import zlib

from harness import DEADLINE_S
from signer import signed, signed_chunks

SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


def reflected_crc(data, polynomial, bits):
    crc = ones = (1 << bits) - 1
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (polynomial if crc & 1 else 0)
    return (crc ^ ones).to_bytes(bits // 8, "big")


CHECKSUMS = {
    "crc32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
    "crc32c": lambda data: reflected_crc(data, 0x82F63B78, 32),
    "crc64nvme": lambda data: reflected_crc(data, 0x9A6C9329AC4BC9B5, 64),
    "sha1": lambda data: hashlib.sha1(data).digest(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
}


def checksum(algorithm, data):
    return base64.b64encode(CHECKSUMS[algorithm](data)).decode()


def code_of(answer):
    """(HTTP status, S3's error code or None) of an answer of Server.raw()."""
    if answer is None:
        return None, None
    found = re.search(rb"<Code>([^<]*)</Code>", answer[2])
    return answer[0], found and found.group(1).decode()


def element_of(answer, name):
    found = re.search(rb"<%s>([^<]*)</%s>" % (name.encode(), name.encode()), answer[2])
    return found and found.group(1).decode()


class Wire:
    """Requests to one server, by path, as its administrator or with another key."""

    def __init__(self, server, key=None, secret=None):
        self.server, self.key, self.secret = server, key or server.key, secret or server.secret
        self.host = f"127.0.0.1:{server.port}"

    def head(self, method, path, query="", headers=None, length=0, payload_hash="UNSIGNED-PAYLOAD", unsigned=(), **more):
        """A signed head that announces `length` bytes (None: says nothing of its length)."""
        said = [("Content-Length", str(length))] if length is not None else [("transfer-encoding", "chunked")]
        pairs = sorted((pair.partition("=")[0], pair.partition("=")[2]) for pair in query.split("&") if pair)
        canonical = "&".join(f"{name}={value}" for name, value in pairs)
        head = signed("s3", b"", self.host, key=self.key, secret=self.secret, method=method, path=path, query=canonical,
                      headers={"content-type": "application/xml", "x-amz-content-sha256": payload_hash, **(headers or {})},
                      unsigned=[*said, *unsigned], **more)
        return head.replace(f"?{canonical} ".encode(), f"?{query} ".encode(), 1)

    def ask(self, method, path, query="", body=b"", headers=None, **more):
        body = body.encode() if isinstance(body, str) else body
        return self.server.raw(self.head(method, path, query, headers, len(body), **more) + body)

    def put_chunks(self, path, kind, pieces, trailer=None, query="", change=None, length=None, headers=None):
        """A body in S3's chunks. `change` gets the bytes of the body and gives those that are sent."""
        size = sum(len(piece) for piece in pieces)
        said = {"content-encoding": "aws-chunked", "x-amz-decoded-content-length": str(size if length is None else length)}
        if trailer:
            said["x-amz-trailer"] = trailer[0]
        said = {name: value for name, value in {**said, **(headers or {})}.items() if value is not None}
        head = self.head("PUT", path, query, said, payload_hash=kind)
        if kind == UNSIGNED_TRAILER:
            body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n"
            body += (f"{trailer[0]}:{trailer[1]}\r\n".encode() if trailer else b"") + b"\r\n"
        else:
            body = signed_chunks(head, pieces, self.secret, trailer)
        body = change(body) if change else body
        return self.server.raw(head.replace(b"Content-Length: 0", b"Content-Length: %d" % len(body)) + body)

    def expecting(self, head, body=b""):
        """What comes after a head with Expect: 100-continue, and whether the body was asked for."""
        head = head[:-2] + b"Expect: 100-continue\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=DEADLINE_S) as connection:
            connection.sendall(head)
            first = b""
            while b"\r\n\r\n" not in first:
                more = connection.recv(1)
                if not more:
                    break
                first += more
            if not first.startswith(b"HTTP/1.1 100"):
                return False, int(first[9:12]) if first else None
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(body)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            return True, answer.status

    def cut(self, head, body):
        """Sends that much, and is gone."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=DEADLINE_S) as connection:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(head + body)


def file_count(server):
    return sum(len(files) for _, _, files in os.walk(os.path.join(server.data, "objects")))


def journal_records(server, name):
    """All records of that event, read from the journal's files: data events are in no LookupEvents."""
    found, folder = [], os.path.join(server.data, "journal")
    for file_name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, file_name), "rb") as file:
            for record in re.findall(rb'\{"eventVersion":.*?"eventCategory":"[^"]*"[^{}]*\}', file.read().rstrip(b"\0")):
                record = json.loads(record)
                found += [record] if record["eventName"] == name else []
    return found
