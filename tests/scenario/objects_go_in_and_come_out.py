#!/usr/bin/python3
"""tests/scenario/objects_go_in_and_come_out.py: bytes into S3 and out again: small, large, in parts, in chunks, and not at all."""
import base64
import contextlib
import hashlib
import io
import os
import shutil
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request
import zlib

from harness import DEADLINE_S, Server, policy, tap, until
from signer import changed, signed, signed_chunks

LARGE = 100_000_000


def s3_of(server, **config):
    return server.client("s3", signature_version="s3v4", s3={"addressing_style": "path"}, **config)


def copy(server, *args):
    return subprocess.run(["/usr/bin/aws", "--endpoint-url", server.url, "s3", "cp", "--no-progress", *args], capture_output=True,
                          env=server.environment(), cwd=server.home)


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else hashlib.sha256(file.read()).hexdigest()


def file_count(server):
    return sum(len(files) for _, _, files in os.walk(os.path.join(server.data, "objects")))


def metric(server, name):
    return float(next(line.split()[-1] for line in server.get("/_spoor/metrics")[2].splitlines() if line.startswith(name)))


def body_of(s3, key, **more):
    return s3.get_object(Bucket="box", Key=key, **more)["Body"].read()


def the_command_line_copies_a_hundred_megabytes_both_ways(tap):
    with Server(tap) as server:
        s3_of(server).create_bucket(Bucket="box")
        there, back = os.path.join(server.home, "there"), os.path.join(server.home, "back")
        with open(there, "wb") as file:
            for _ in range(LARGE // 1_000_000):
                file.write(os.urandom(1_000_000))
        up = copy(server, there, "s3://box/large")
        tap.check(up.returncode == 0, "aws s3 cp puts 100 MB in parts", up.stderr.decode())
        down = copy(server, "s3://box/large", back)
        tap.check(down.returncode == 0 and digest_of(there) == digest_of(back), "and gets the same bytes", down.stderr.decode())
        s3 = s3_of(server)
        head = s3.head_object(Bucket="box", Key="large")
        tap.check(head["ContentLength"] == LARGE and head["ETag"].rstrip('"').split("-")[1].isdigit(), "as one object of parts", head)
        with open(there, "rb") as file:
            file.seek(8 * 1024 * 1024 - 10)
            want = file.read(20)
        tap.equal(body_of(s3, "large", Range=f"bytes={8 * 1024 * 1024 - 10}-{8 * 1024 * 1024 + 9}"), want, "a range across two parts")
        part = s3.get_object(Bucket="box", Key="large", PartNumber=2)
        tap.equal((part["ContentLength"], part["ContentRange"]), (8 * 1024 * 1024, f"bytes {8 << 20}-{(16 << 20) - 1}/{LARGE}"),
                  "one part by its number")
        part["Body"].close()
        with open(there, "rb") as file:
            s3.put_object(Bucket="box", Key="whole", Body=file)
        tap.equal(s3.head_object(Bucket="box", Key="whole")["ContentLength"], LARGE, "100 MB in one request")
        with open(there, "rb") as file:
            begin = file.read(32)
        found = any(begin in open(os.path.join(folder, name), "rb").read(4096) for folder, _, names in
                    os.walk(os.path.join(server.data, "objects")) for name in names)
        tap.check(not found, "no file of the data directory begins as the object does")


def headers_come_back_as_they_were_sent(tap):
    with Server(tap) as server:
        s3 = s3_of(server)
        s3.create_bucket(Bucket="box")
        body = bytes(range(256)) * 1000
        put = s3.put_object(Bucket="box", Key="a//b/../c d", Body=body, ContentType="text/x", CacheControl="no-cache",
                            ContentEncoding="aws-chunked,gzip", ContentDisposition="inline", Metadata={"Color": "blue"})
        tap.equal(put["ETag"], f'"{hashlib.md5(body).hexdigest()}"', "the ETag is the MD5 of the body")
        tap.equal(put["ServerSideEncryption"], "AES256", "the reply tells of the encryption")
        tap.check("VersionId" not in put, "there is no version where nothing is versioned")
        got = s3.get_object(Bucket="box", Key="a//b/../c d", ChecksumMode="ENABLED")
        tap.equal(got["Body"].read(), body, "a key is no path")
        tap.equal([got[name] for name in ("ContentType", "CacheControl", "ContentEncoding", "ContentDisposition", "Metadata",
                                          "AcceptRanges")], ["text/x", "no-cache", "gzip", "inline", {"color": "blue"}, "bytes"],
                  "its headers come back, without the framing's")
        raw = s3.meta.events and got["ResponseMetadata"]["HTTPHeaders"]
        tap.check("x-amz-checksum-crc64nvme" in raw or "x-amz-checksum-crc32" in raw, "a checksum was made where none was sent", raw)
        got = s3.get_object(Bucket="box", Key="a//b/../c d", ResponseContentType="text/y", ResponseExpires="2030-01-01T00:00:00Z")
        tap.equal(got["ContentType"], "text/y", "a signed request chooses headers of the reply")
        s3.put_object(Bucket="box", Key="empty", Body=b"")
        tap.equal(body_of(s3, "empty"), b"", "an empty object")
        tap.equal(s3.head_object(Bucket="box", Key="empty")["ContentType"], "binary/octet-stream", "has a type")


def ranges_and_conditions_are_answered_as_by_aws(tap):
    with Server(tap) as server:
        s3 = s3_of(server)
        s3.create_bucket(Bucket="box")
        body = os.urandom(300_000)
        etag = s3.put_object(Bucket="box", Key="k", Body=body)["ETag"]
        for asked, first, last in (("0-0", 0, 0), ("65535-65536", 65535, 65536), ("100-", 100, 299_999), ("-7", 299_993, 299_999),
                                   ("0-999999", 0, 299_999)):
            got = s3.get_object(Bucket="box", Key="k", Range=f"bytes={asked}")
            tap.equal((got["Body"].read(), got["ContentRange"], got["ResponseMetadata"]["HTTPStatusCode"]),
                      (body[first:last + 1], f"bytes {first}-{last}/300000", 206), f"bytes={asked}")
        for asked in ("bytes=5-3", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b"):
            got = s3.get_object(Bucket="box", Key="k", Range=asked)
            tap.equal((got["ContentLength"], got["ResponseMetadata"]["HTTPStatusCode"]), (300_000, 200), f"{asked} is no range")
            got["Body"].close()
        error = tap.refused("a range behind the end", "InvalidRange", s3.get_object, Bucket="box", Key="k", Range="bytes=300000-", status=416)
        tap.equal(error and error.response["Error"].get("ActualObjectSize"), "300000", "is told the size")
        s3.put_object(Bucket="box", Key="empty", Body=b"")
        tap.refused("nothing has no range", "InvalidRange", s3.get_object, Bucket="box", Key="empty", Range="bytes=0-", status=416)
        tap.refused("a part of what has none", "InvalidPartNumber", s3.get_object, Bucket="box", Key="k", PartNumber=2)
        tap.refused("range and part", "InvalidRequest", s3.get_object, Bucket="box", Key="k", PartNumber=1, Range="bytes=0-1", status=400)
        tap.refused("If-None-Match", "304", s3.get_object, Bucket="box", Key="k", IfNoneMatch=etag, status=304)
        tap.refused("If-Match", "PreconditionFailed", s3.get_object, Bucket="box", Key="k", IfMatch='"0"', status=412)
        tap.equal(body_of(s3, "k", IfMatch=etag), body, "and if it matches")
        tap.refused("a key that is not there", "NoSuchKey", s3.get_object, Bucket="box", Key="none", status=404)
        tap.refused("HEAD has no body to say it", "404", s3.head_object, Bucket="box", Key="none", status=404)
        tap.refused("nor a bucket", "NoSuchBucket", s3.put_object, Bucket="none", Key="k", Body=b"x", status=404)


def what_a_client_promises_is_checked_before_anything_changes(tap):
    with Server(tap) as server:
        s3 = s3_of(server)
        s3.create_bucket(Bucket="box")
        s3.put_object(Bucket="box", Key="k", Body=b"before")
        files = file_count(server)
        wrong = base64.b64encode(b"0" * 16).decode()
        tap.refused("another MD5", "BadDigest", s3.put_object, Bucket="box", Key="k", Body=b"after", ContentMD5=wrong, status=400)
        tap.refused("no MD5 at all", "InvalidDigest", s3.put_object, Bucket="box", Key="k", Body=b"after", ContentMD5="x", status=400)
        tap.refused("another CRC32", "BadDigest", s3.put_object, Bucket="box", Key="k", Body=b"after", ChecksumCRC32="AAAAAA==", status=400)
        tap.refused("half a CRC32", "InvalidRequest", s3.put_object, Bucket="box", Key="k", Body=b"after", ChecksumCRC32="AAAA", status=400)
        host = f"127.0.0.1:{server.port}"
        empty = hashlib.sha256(b"").hexdigest()
        status, _, text = server.raw(signed("s3", b"", host, method="PUT", path="/box/k", payload=b"after",
                                            headers={"x-amz-content-sha256": empty}))
        tap.check(status == 400 and b"XAmzContentSHA256Mismatch" in text and empty.encode() in text, "another SHA-256 than was signed", text)
        status, _, text = server.raw(signed("s3", b"", host, method="PUT", path="/box/k", payload=b"after", headers={
            "x-amz-content-sha256": "UNSIGNED-PAYLOAD", "transfer-encoding": "chunked"}))
        tap.check(status in (400, 411), "a body without a length", text)
        tap.check(until(lambda: file_count(server) == files, "aborted files go"), "nothing is left of them", file_count(server))
        tap.equal(body_of(s3, "k"), b"before", "and the object is what it was")
        for algorithm, member in (("CRC32", "ChecksumCRC32"), ("SHA1", "ChecksumSHA1"), ("SHA256", "ChecksumSHA256")):
            put = s3.put_object(Bucket="box", Key=algorithm, Body=b"hello", ChecksumAlgorithm=algorithm)
            got = s3.get_object(Bucket="box", Key=algorithm, ChecksumMode="ENABLED")
            tap.equal((got[member], got["Body"].read()), (put[member], b"hello"), f"{algorithm} is verified, kept and told")


def chunks_of_s3s_own_are_read(tap):
    with Server(tap) as server:
        s3 = s3_of(server)
        s3.create_bucket(Bucket="box")
        host, data = f"127.0.0.1:{server.port}", os.urandom(200_000)
        pieces = [data[:65536], data[65536:131072], data[131072:]]
        crc = base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
        headers = {"content-encoding": "aws-chunked", "x-amz-decoded-content-length": str(len(data))}

        def put(key, keyword, body=None, trailer=None, spoil=None, **more):
            head = {**headers, **more, "x-amz-content-sha256": keyword}
            if trailer:
                head["x-amz-trailer"] = trailer[0]
            request = signed("s3", b"", host, method="PUT", path=f"/box/{key}", headers=head, unsigned=[("Content-Length", "0")])
            sent = body if body is not None else signed_chunks(request, pieces, trailer=trailer)
            if spoil is not None:
                sent = changed(sent, spoil)
            return server.raw(request.replace(b"Content-Length: 0", b"Content-Length: %d" % len(sent)) + sent)

        trailer, signed_payload = ("x-amz-checksum-crc32", crc), "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
        unsigned_body = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\nx-amz-checksum-crc32:%s\r\n\r\n" % crc.encode()
        tap.equal(put("signed", signed_payload)[0], 200, "signed chunks")
        tap.equal(body_of(s3, "signed"), data, "are the object's bytes")
        tap.check("ContentEncoding" not in s3.head_object(Bucket="box", Key="signed"), "and their encoding is not stored")
        tap.equal(put("trailer", signed_payload + "-TRAILER", trailer=trailer)[0], 200, "a signed trailer")
        tap.equal(put("unsigned", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", unsigned_body, trailer)[0], 200, "an unsigned one")
        tap.equal(body_of(s3, "unsigned"), data, "are the same bytes")
        for name, answer, code in (
                ("a bad last chunk", put("signed", signed_payload, spoil=199_000), b"SignatureDoesNotMatch"),
                ("a bad signature of the trailer", put("signed", signed_payload + "-TRAILER", trailer=trailer, spoil=-10), b"SignatureDoesNotMatch"),
                ("a trailer that is not there", put("signed", "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                                                    unsigned_body.split(b"x-amz")[0] + b"\r\n", trailer), b"MalformedTrailerError"),
                ("a wrong trailer", put("signed", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", unsigned_body.replace(crc.encode(), b"AAAAAA=="), trailer), b"BadDigest"),
                ("a shorter body", put("signed", signed_payload, **{"x-amz-decoded-content-length": "200001"}), b"IncompleteBody"),
                ("no length", put("signed", signed_payload, **{"x-amz-decoded-content-length": ""}), b"Invalid")):
            tap.check(answer and answer[0] >= 400 and code in answer[2], f"{name} is refused", answer)
        tap.equal(body_of(s3, "signed"), data, "and the object is what it was")


def presigned_urls_carry_bytes(tap):
    with Server(tap) as server:
        s3 = s3_of(server)
        s3.create_bucket(Bucket="box")
        url = s3.generate_presigned_url("put_object", Params={"Bucket": "box", "Key": "p"})
        with urllib.request.urlopen(urllib.request.Request(url, data=b"presigned", method="PUT"), timeout=DEADLINE_S) as answer:
            tap.equal(answer.status, 200, "a presigned PUT")
        url = s3.generate_presigned_url("get_object", Params={"Bucket": "box", "Key": "p"})
        with urllib.request.urlopen(url, timeout=DEADLINE_S) as answer:
            tap.equal(answer.read(), b"presigned", "a presigned GET")
        try:
            urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=DEADLINE_S)
            tap.check(False, "is not good for HEAD")
        except urllib.error.HTTPError as error:
            tap.equal(error.code, 403, "is not good for HEAD")


def a_client_that_goes_away_leaves_no_file_and_a_failed_call(tap):
    with Server(tap) as server:
        s3 = s3_of(server)
        s3.create_bucket(Bucket="box")
        request = signed("s3", b"", f"127.0.0.1:{server.port}", method="PUT", path="/box/gone",
                         headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"}, unsigned=[("Content-Length", "10000000")])
        failed = metric(server, 'spoor_calls_total{result="failed"}')
        with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_S) as connection:
            connection.sendall(request + b"x" * 3_000_000)
            tap.check(until(lambda: file_count(server) == 1, "the file is begun"), "bytes are written as they come")
        tap.check(until(lambda: file_count(server) == 0, "the file goes"), "and go with the client")
        tap.check(until(lambda: metric(server, 'spoor_calls_total{result="failed"}') == failed + 1, "the event"), "the call has failed")
        tap.refused("there is no object", "NoSuchKey", s3.get_object, Bucket="box", Key="gone", status=404)
        s3.put_object(Bucket="box", Key="large", Body=b"y" * 20_000_000)
        get = signed("s3", b"", f"127.0.0.1:{server.port}", method="GET", path="/box/large",
                     headers={"x-amz-content-sha256": hashlib.sha256(b"").hexdigest()})
        with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_S) as connection:
            connection.sendall(get)
            tap.check(connection.recv(100).startswith(b"HTTP/1.1 200"), "a download begins")
        tap.equal(len(body_of(s3, "large")), 20_000_000, "and another one does not mind that it was left")


def what_is_refused_is_refused_before_it_is_sent(tap):
    with Server(tap) as server:
        s3_of(server).create_bucket(Bucket="box")
        user = server.new_user("reader", policy("Allow", "s3:GetObject"))

        def ask(secret, key=user["AccessKeyId"]):
            request = signed("s3", b"", f"127.0.0.1:{server.port}", key=key, secret=secret, method="PUT", path="/box/k", headers={
                "x-amz-content-sha256": "UNSIGNED-PAYLOAD"}, unsigned=[("Content-Length", "5"), ("Expect", "100-continue")])
            with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_S) as connection:
                connection.sendall(request)
                first = connection.recv(4096)
                if b"100 Continue" in first:
                    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                        connection.sendall(b"hello")
                    return first + connection.recv(4096)
                return first
        tap.check(ask("wrong").startswith(b"HTTP/1.1 403"), "a wrong signature gets no 100 Continue")
        answer = ask(user["SecretAccessKey"])
        tap.check(b" 403 " in answer and b"AccessDenied" in answer, "who may not put is told so", answer)
        answer = ask("test", "test")
        tap.check(answer.startswith(b"HTTP/1.1 100") and b"HTTP/1.1 200" in answer, "who may, goes on", answer)
        tap.equal(file_count(server), 1, "and only that was written")


def a_slow_answer_is_not_taken_for_another(tap):
    """botocore asks for 100 Continue with empty bodies too. Where it gets none, and the next answer on that connection takes longer
    than its second of patience, it reads that answer as the one before."""
    with Server(tap) as server:
        s3 = s3_of(server, max_pool_connections=1)
        s3.create_bucket(Bucket="box")
        s3.put_object(Bucket="box", Key="first", Body=io.BytesIO(b""))
        os.kill(server.process.pid, signal.SIGSTOP)
        threading.Timer(1.5, os.kill, (server.process.pid, signal.SIGCONT)).start()
        tap.equal(s3.put_object(Bucket="box", Key="second", Body=io.BytesIO(b""))["ETag"], f'"{hashlib.md5(b"").hexdigest()}"',
                  "an answer that comes late is read as it is")


def many_uploads_at_once_are_all_there(tap):
    with Server(tap) as server:
        s3 = s3_of(server, max_pool_connections=16)
        s3.create_bucket(Bucket="box")
        bodies = {f"k{number}": os.urandom(1_500_000 + number) for number in range(16)}
        threads = [threading.Thread(target=lambda key=key: s3.put_object(Bucket="box", Key=key, Body=bodies[key])) for key in bodies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tap.check(all(body_of(s3, key) == body for key, body in bodies.items()), "sixteen uploads at once are sixteen objects")
        server.kill()
        server.start()
        s3 = s3_of(server)
        tap.check(all(body_of(s3, key) == body for key, body in bodies.items()), "also after kill -9")
        with open(os.path.join(server.data, "objects", "00", "0" * 32), "wb") if os.path.isdir(os.path.join(
                server.data, "objects", "00")) else contextlib.nullcontext():
            pass
        server.kill()
        server.start()
        tap.check(until(lambda: file_count(server) == 16, "the sweep"), "what no row names is swept at the next start")


def other_tools_agree(tap):
    with Server(tap) as server:
        s3_of(server).create_bucket(Bucket="box")
        path = os.path.join(server.home, "file")
        with open(path, "wb") as file:
            file.write(os.urandom(20_000_000))
        host = server.url.split("//")[1]
        tools = {
            "s3cmd": (["--no-ssl", f"--host={host}", f"--host-bucket={host}", f"--access_key={server.key}", f"--secret_key={server.secret}"],
                      ["put", path, "s3://box/s3cmd"], ["get", "--force", "s3://box/s3cmd", path + ".s3cmd"]),
            "rclone": ([f"--s3-endpoint={server.url}", "--s3-provider=Other", f"--s3-access-key-id={server.key}",
                        f"--s3-secret-access-key={server.secret}", "--s3-region=us-east-1", "--s3-acl=bucket-owner-full-control",
                        "--s3-no-check-bucket"],
                       ["copyto", path, ":s3:box/rclone"], ["copyto", ":s3:box/rclone", path + ".rclone"]),
        }
        for name, (settings, put, get) in tools.items():
            tool = shutil.which(name, path="/usr/bin:/bin")
            if not tool:
                tap.skip(f"{name} puts and gets", "not installed")
                continue
            for words in (put, get):
                done = subprocess.run([tool, *settings, *words], capture_output=True, text=True, env=server.environment(), cwd=server.home)
                tap.check(done.returncode == 0, f"{name} {words[0]}", done.stdout + done.stderr)
            tap.equal(digest_of(f"{path}.{name}"), digest_of(path), f"{name} gets what it put")


tap.run(the_command_line_copies_a_hundred_megabytes_both_ways, headers_come_back_as_they_were_sent,
        ranges_and_conditions_are_answered_as_by_aws, what_a_client_promises_is_checked_before_anything_changes,
        chunks_of_s3s_own_are_read, presigned_urls_carry_bytes, a_client_that_goes_away_leaves_no_file_and_a_failed_call,
        what_is_refused_is_refused_before_it_is_sent, a_slow_answer_is_not_taken_for_another, many_uploads_at_once_are_all_there, other_tools_agree)
