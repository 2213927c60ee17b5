#!/usr/bin/python3
"""tests/scenario/s3_refuses_bad_requests.py: what S3 is asked that it cannot do: too large, too long, out of order, unknown, or XML
that attacks its reader. Each is refused by AWS's name for it, and where it can be by the head alone."""
import base64
import hashlib
import re
import time

from harness import DEADLINE_S, Server, policy, tap, until
from s3_wire import EMPTY_SHA256, SIGNED_CHUNKS, UNSIGNED_TRAILER, Wire, code_of, element_of, file_count, journal_records
from signer import signed

GIBIBYTE = 1 << 30
PART = 5 << 20


def refused_by_the_head(tap):
    """Trap 11, and more than it asks: a client that waits for 100 Continue is told at once."""
    with Server(tap) as server:
        wire = Wire(server)
        wire.ask("PUT", "/box")
        user = server.new_user("reader", policy("Allow", "s3:GetObject"))
        mine = Wire(server, user["AccessKeyId"], user["SecretAccessKey"])
        long_ago = time.time() - 3600
        for name, status, ask in (
                ("a wrong signature", 403, lambda *at: wire.head(*at, length=5, signature="0" * 64)),
                ("a wrong secret", 403, lambda *at: Wire(server, "test", "wrong").head(*at, length=5)),
                ("an unknown key", 403, lambda *at: Wire(server, "AKIAIOSFODNN7EXAMPLE", "x").head(*at, length=5)),
                ("a token that is none", 400, lambda *at: wire.head(*at, length=5, token="x")),
                ("a time long ago", 403, lambda *at: wire.head(*at, length=5, at=long_ago)),
                ("a scope of another day", 403, lambda *at: wire.head(*at, length=5, scope_date="20200101")),
                ("no hash of the payload", 400, lambda *at: wire.head(*at, length=5, payload_hash="none"))):
            for at in (("PUT", "/box/k"), ("PUT", "/box/k", "partNumber=1&uploadId=x"), ("PUT", "/box", "policy"),
                       ("PUT", "/other"), ("POST", "/box", "delete"), ("PUT", "/box/k", "tagging")):
                asked, got = wire.expecting(ask(*at), b"hello")
                tap.check(not asked and got in (status, 400), f"{name} gets no 100 Continue: {at}", (asked, got))
        tap.equal(wire.expecting(mine.head("PUT", "/box/k", length=5), b"hello"), (False, 403), "nor does who may not put")
        for at in (("PUT", "/none/k"), ("PUT", "/box/k", "partNumber=1&uploadId=x")):
            tap.equal(wire.expecting(wire.head(*at, length=5), b"hello"), (False, 404), f"nor what has no place: {at}")
        tap.equal(wire.expecting(wire.head("PUT", "/box/k", length=5), b"hello"), (True, 200), "everybody else does")
        tap.equal(wire.expecting(wire.head("PUT", "/box", "tagging", length=5), b"hello"), (True, 400), "for a document too")
        tap.equal(file_count(server), 1, "nothing else was written")


def too_large(tap):
    with Server(tap) as server:
        wire, limit = Wire(server), 5 * GIBIBYTE
        wire.ask("PUT", "/box")
        upload = element_of(wire.ask("POST", "/box/k", "uploads"), "UploadId")
        part = f"partNumber=1&uploadId={upload}"
        for length in (limit + 1, limit * 2, 1 << 62):
            for query in ("", part):
                head = wire.head("PUT", "/box/k", query, length=length)
                tap.equal(wire.expecting(head), (False, 400), f"{length} bytes are not asked for")
                answer = server.raw(head)
                tap.equal((code_of(answer), element_of(answer, "ProposedSize"), element_of(answer, "MaxSizeAllowed")),
                          ((400, "EntityTooLarge"), str(length), str(limit)), "and the limit is told")
            for kind in (SIGNED_CHUNKS, UNSIGNED_TRAILER):
                answer = wire.put_chunks("/box/k", kind, [b"x"], length=length)
                tap.equal(code_of(answer), (400, "EntityTooLarge"), f"{length} bytes in chunks")
        tap.equal(wire.expecting(wire.head("PUT", "/box/k", length=1 << 64))[1], 400, "no length at all")
        events = [record["errorCode"] for record in journal_records(server, "PutObject")]
        tap.equal(set(events), {"EntityTooLarge"}, "each is a failed call on record")
        tap.equal(len(events), 12, "once")
        answer = wire.ask("PUT", "/box", "tagging", b"<Tagging>" + b" " * (5 << 20))
        tap.equal(code_of(answer), (400, "MaxMessageLengthExceeded"), "no document has five megabytes")

        for key, code in (("k" * 1024, None), ("k" * 1025, "KeyTooLongError"), ("%C3%A9" * 512, None), ("%C3%A9" * 513, "KeyTooLongError"),
                          ("%ff", "InvalidURI"), ("%ED%A0%80", "InvalidURI")):
            for method, query in (("PUT", ""), ("POST", "uploads"), ("HEAD", "")):
                answer = wire.ask(method, f"/box/{key}", query, body=b"x" if method == "PUT" else b"")
                if method != "HEAD":
                    tap.equal(code_of(answer), (400 if code else 200, code), f"{method} of a key of {len(key)} characters: {key[:7]}")
                else:
                    tap.equal(answer[0], 400 if code else 200, "and HEAD")
        answer = wire.ask("GET", "/box/" + "k" * 1025)
        tap.equal((element_of(answer, "Size"), element_of(answer, "MaxSizeAllowed")), ("1025", "1024"), "it is told the limit")
        answer = wire.ask("PUT", "/box/copy", headers={"x-amz-copy-source": "/box/" + "k" * 1025})
        tap.equal(code_of(answer), (400, "KeyTooLongError"), "so is a source")

        def put(**metadata):
            return wire.ask("PUT", "/box/m", body=b"x", headers={f"x-amz-meta-{name}": value for name, value in metadata.items()})

        for sizes, code in (((2048,), None), ((2049,), "MetadataTooLarge"), ((1000, 1000, 48), None), ((1000, 1000, 49), "MetadataTooLarge")):
            answer = put(**{chr(ord("a") + at): "v" * (size - 1) for at, size in enumerate(sizes)})
            tap.equal(code_of(answer), (400 if code else 200, code), f"metadata of {'+'.join(map(str, sizes))} bytes")
        tap.equal((element_of(answer, "Size"), element_of(answer, "MaxSizeAllowed")), ("2049", "2048"), "with its sizes")
        answer = wire.ask("POST", "/box/m", "uploads", headers={"x-amz-meta-a": "v" * 2048})
        tap.equal(code_of(answer), (400, "MetadataTooLarge"), "metadata of an upload")
        answer = wire.ask("PUT", "/box/m2", headers={"x-amz-copy-source": "/box/m", "x-amz-metadata-directive": "REPLACE", "x-amz-meta-a": "v" * 2048})
        tap.equal(code_of(answer), (400, "MetadataTooLarge"), "and of a copy")


def documents_that_attack(tap):
    with Server(tap) as server:
        wire = Wire(server)
        wire.ask("PUT", "/box")
        wire.ask("PUT", "/box/k", body=b"x")
        upload = element_of(wire.ask("POST", "/box/k", "uploads"), "UploadId")
        tag = b"<Tagging><TagSet><Tag><Key>%s</Key><Value>v</Value></Tag></TagSet></Tagging>"
        entities = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
        good = tag % b"k"
        attacks = {
            "an entity bomb": b'<!DOCTYPE b [<!ENTITY a0 "ha">' + entities + b"]>" + tag % b"&a11;",
            "an entity from a file": b'<!DOCTYPE b [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + tag % b"&f;",
            "an entity from the network": b'<!DOCTYPE b [<!ENTITY f SYSTEM "http://127.0.0.1:%d/">]>' % server.port + tag % b"&f;",
            "an outer DTD": b'<!DOCTYPE b SYSTEM "http://127.0.0.1/b.dtd">' + good,
            "an empty DTD": b"<!DOCTYPE Tagging>" + good,
            "an unknown entity": tag % b"&nbsp;",
            "elements a hundred thousand deep": b"<Tagging>" + b"<a>" * 100_000,
            "closed as deep": b"<Tagging>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</Tagging>",
            "half a million attributes": b"<Tagging " + b" ".join(b"a%d=''" % n for n in range(300_000)) + b"/>",
            "half a million elements": b"<Tagging>" + b"<TagSet/>" * 300_000 + b"</Tagging>",
            "an attribute twice": b"<Tagging a='1' a='2'/>",
            "tags that cross": b"<Tagging><TagSet></Tagging></TagSet>",
            "no end": good[:-1], "two roots": good + good, "words behind it": good + b"x", "another root": b"<Tags/>", "no XML": b"{}",
            "an unknown element": good.replace(b"<Tag>", b"<Tag><Colour/>"),
            "bytes that are no UTF-8": tag % b"\xff", "a NUL": tag % b"a\0b", "a control character": tag % b"&#1;", "a surrogate": tag % b"&#xD800;",
            "an encoding nobody reads": b'<?xml version="1.0" encoding="EBCDIC"?>' + good, "nothing": b"", "blanks": b"  \n",
        }
        places = [("PUT", "/box", "tagging"), ("PUT", "/box", "versioning"), ("PUT", "/box", "cors"), ("PUT", "/box", "publicAccessBlock"),
                  ("PUT", "/box/k", "tagging"), ("POST", "/box/k", f"uploadId={upload}"), ("POST", "/box", "delete")]
        for name, body in attacks.items():
            start = time.monotonic()
            codes = set()
            for method, path, query in places:
                headers = {"content-md5": base64.b64encode(hashlib.md5(body).digest()).decode()}
                status, code = code_of(wire.ask(method, path, query, body, headers))
                codes.add(code if status == 400 else status)
            took = time.monotonic() - start
            fits = codes <= {"MalformedXML", "MissingRequestBodyError", "IllegalVersioningConfigurationException"}
            tap.check(fits and took < DEADLINE_S, f"{name} is refused everywhere", (codes, took))
        status = wire.ask("PUT", "/box", "tagging", b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- note -->' + good.replace(
            b"<Tagging>", b'<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'))[0]
        tap.equal(status, 204, "what clients send is read: with a declaration, a comment, S3's namespace")
        prefixed = re.sub(rb"<(/?)(\w)", rb"<\1s3:\2", good).replace(b"<s3:Tagging>", b'<s3:Tagging xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/">')
        tap.equal(wire.ask("PUT", "/box", "tagging", prefixed)[0], 204, "also with a prefix")
        tap.equal(wire.ask("PUT", "/box", "tagging", tag % b"<![CDATA[a]]>&#98;")[0], 204, "CDATA and references")
        tap.check(b"<Key>ab</Key>" in wire.ask("GET", "/box", "tagging")[2], "are text")


def parts_have_rules(tap):
    with Server(tap) as server:
        wire = Wire(server)
        wire.ask("PUT", "/box")
        upload = element_of(wire.ask("POST", "/box/k", "uploads"), "UploadId")
        for number in ("0", "10001", "-1", "x", "", "1x", "99999999999", "1.5"):
            answer = wire.ask("PUT", "/box/k", f"partNumber={number}&uploadId={upload}", b"x")
            tap.equal(code_of(answer), (400, "InvalidArgument"), f"part {number!r}")
        tags = {}
        for number, size in ((1, PART), (2, PART - 1), (3, PART), (10000, 1)):
            tags[number] = wire.ask("PUT", "/box/k", f"partNumber={number}&uploadId={upload}", b"x" * size)[1]["etag"]

        def complete(*parts, upload=upload, **headers):
            text = "".join(f"<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>" for number, tag in parts)
            return wire.ask("POST", "/box/k", f"uploadId={upload}", f"<CompleteMultipartUpload>{text}</CompleteMultipartUpload>",
                            {name.replace("_", "-"): value for name, value in headers.items()})

        def of(*numbers):
            return [(number, tags[number]) for number in numbers]

        for name, code, parts in (
                ("out of order", "InvalidPartOrder", of(3, 1)), ("a part twice", "InvalidPartOrder", of(1, 1)),
                ("a part that was never sent", "InvalidPart", [*of(1), (4, tags[1])]), ("part 0", "InvalidPart", [(0, tags[1])]),
                ("part 10,001", "InvalidPart", [*of(1), (10001, tags[1])]), ("another ETag", "InvalidPart", [(1, '"0"')]),
                ("the ETag of another part", "InvalidPart", [(1, tags[2])]), ("an empty ETag", "InvalidPart", [(1, "")]),
                ("no parts", "MalformedXML", []), ("a number that is none", "MalformedXML", [("x", tags[1])]),
                ("5 MiB less one byte, not last", "EntityTooSmall", of(1, 2, 3))):
            status, got = code_of(complete(*parts))
            tap.check(status == 400 and (got == code or got in ("MalformedXML", "InvalidArgument") and code == "InvalidPart"), name, (status, got))
        answer = complete(*of(1, 2, 3))
        tap.equal([element_of(answer, name) for name in ("PartNumber", "ProposedSize", "MinSizeAllowed")], ["2", str(PART - 1), str(PART)],
                  "the part and the limit are told")
        tap.equal(code_of(complete(*of(1), upload="x"))[1], "NoSuchUpload", "another upload")
        many = [(number % 10001 + 1, '"0"') for number in range(10_001)]
        tap.check(code_of(complete(*many))[0] == 400, "10,001 parts", code_of(complete(*many)))
        tap.equal(code_of(complete(*of(1, 3), x_amz_mp_object_size="1"))[1], "InvalidRequest", "another size than was promised")
        tap.equal(code_of(complete(*of(1, 3), if_match='"0"'))[1], "NoSuchKey", "a condition that does not hold")
        tap.equal(wire.ask("HEAD", "/box/k")[0], 404, "nothing of it made an object")
        answer = complete(*((number, tag.strip('"')) for number, tag in of(1, 3, 10000)), x_amz_mp_object_size=str(2 * PART + 1))
        tap.equal(answer[0], 200, "ETags without quotes, a short last part, and the right size are an object")
        tap.equal(wire.ask("HEAD", "/box/k")[1]["content-length"], str(2 * PART + 1), "of its parts' size")
        tap.equal(code_of(wire.ask("PUT", "/box/k", f"partNumber=1&uploadId={upload}", b"x"))[1], "NoSuchUpload", "which takes no more parts")


def sub_resources(tap):
    """Traps 2 and 3; and what is known and not served never falls through to something else."""
    with Server(tap) as server:
        wire = Wire(server)
        wire.ask("PUT", "/box")
        wire.ask("PUT", "/box/k", body=b"x")
        for path, query, methods in (
                ("/box", "analytics", "GET"), ("/box", "analytics&id=1", "GET PUT DELETE"), ("/box", "inventory", "GET"),
                ("/box", "inventory&id=1", "GET PUT DELETE"), ("/box", "metrics", "GET"), ("/box", "metrics&id=1", "GET PUT DELETE"),
                ("/box", "intelligent-tiering", "GET"), ("/box", "intelligent-tiering&id=1", "GET PUT DELETE"), ("/box", "abac", "GET PUT"),
                ("/box", "metadataTable", "GET POST DELETE"), ("/box", "metadataConfiguration", "GET POST DELETE"), ("/box", "session", "GET"),
                ("/box", "lifecycle", "PUT"), ("/box", "replication", "PUT"), ("/box", "website", "PUT"),
                ("/box/k", "torrent", "GET"), ("/box/k", "restore", "POST"), ("/box/k", "select&select-type=2", "POST"),
                ("/box/k", "renameObject", "PUT"), ("/box/k", "encryption", "PUT")):
            for method in methods.split():
                answer = wire.ask(method, path, query, b"<x/>" if method in ("PUT", "POST") else b"")
                tap.equal(code_of(answer), (501, "NotImplemented"), f"{method} {path}?{query}")
                tap.check(b"spoor" in answer[2], "names what is missing", answer[2])
        for method, query, kind in (("POST", "policy", "BUCKETPOLICY"), ("DELETE", "versioning", "VERSIONING"), ("PUT", "location", "LOCATION"),
                                    ("PUT", "versions", "VERSIONS"), ("GET", "delete", "DELETE")):
            answer = wire.ask(method, "/box", query)
            tap.equal((code_of(answer), element_of(answer, "Method"), element_of(answer, "ResourceType")),
                      ((405, "MethodNotAllowed"), method, kind), f"{method} ?{query}")
        body = b"<Delete><Object><Key>none</Key></Object></Delete>"
        headers = {"content-md5": base64.b64encode(hashlib.md5(body).digest()).decode()}
        for query in ("delete", "delete=", "delete=1", "delete&x-id=DeleteObjects", "x-id=PutObject&delete="):
            tap.check(b"<Deleted><Key>none</Key>" in wire.ask("POST", "/box", query, body, headers)[2], f"POST ?{query} deletes")
        for query in ("x-id=GetObject", "x-id=DeleteObject", "x-id=", "unheard-of", "unheard-of=1"):
            tap.equal(wire.ask("GET", "/box/k", query)[2], b"x", f"GET ?{query} gets")
        for key in ("policy", "acl", "uploads", "a//b", "a/../b", "..", ".", "/", "a%20b%2Bc", "%3Fpolicy", "_spoor"):
            put = wire.ask("PUT", f"/box/{key}", body=key.encode())[0]
            tap.equal((put, wire.ask("GET", f"/box/{key}")[2]), (200, key.encode()), f"/box/{key} is an object")
        tap.equal(code_of(wire.ask("GET", "/box", "policy"))[1], "NoSuchBucketPolicy", "and the policy is not")
        answer = server.raw(signed("s3", b"", wire.host, method="POST", path="/box", headers={
            "content-type": "multipart/form-data; boundary=x", "x-amz-content-sha256": EMPTY_SHA256}))
        tap.equal(code_of(answer), (501, "NotImplemented"), "uploads by HTML form")
        for query, header in (("partNumber=1", {}), ("uploadId=x", {})):
            tap.equal(code_of(wire.ask("PUT", "/box/k", query, b"y", header)), (400, "InvalidArgument"), f"PUT ?{query} is no whole object")
        tap.equal(wire.ask("GET", "/box/k")[2], b"x", "which it did not become")
        tap.check(until(lambda: file_count(server) > 0, "files"), "files are named by nobody but spoor")


def who_asks_and_how(tap):
    """Signatures in S3's words, in headers and in URLs; and those who have none."""
    with Server(tap) as server:
        wire, s3 = Wire(server), server.client("s3", signature_version="s3v4")
        wire.ask("PUT", "/box")
        wire.ask("PUT", "/box/k", body=b"text")
        url = s3.generate_presigned_url("get_object", Params={"Bucket": "box", "Key": "k", "ResponseContentType": "text/z"})
        path = url[len(server.url):]

        def get(path, *headers, method="GET"):
            return server.raw("\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {wire.host}", *headers, "", ""]).encode())

        answer = get(path)
        tap.equal((answer[0], answer[1]["content-type"], answer[2]), (200, "text/z", b"text"), "a URL says how the object is to be shown")
        key = "Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=" + "0" * 64
        for name, code, answer in (
                ("signed twice", "InvalidArgument", get(path, f"Authorization: AWS4-HMAC-SHA256 {key}")),
                ("an unsigned x-amz- header beside a URL", "AccessDenied", get(path, "x-amz-meta-a: 1")),
                ("an unsigned x-amz- header", "AccessDenied", wire.ask("GET", "/box/k", unsigned=[("x-amz-meta-a", "1")])),
                ("a URL without its date", "AuthorizationQueryParametersError", get(path.replace("X-Amz-Date", "X-Amz-Data"))),
                ("a URL for more than a week (trap 16)", "AuthorizationQueryParametersError", get(path.replace("Expires=3600", "Expires=604801"))),
                ("a URL for no time", "AuthorizationQueryParametersError", get(path.replace("Expires=3600", "Expires=0"))),
                ("a URL for another key", "SignatureDoesNotMatch", get(path.replace("/box/k?", "/box/l?"))),
                ("no hash of the payload", "InvalidRequest",
                 server.raw(wire.head("GET", "/box/k").replace(b"x-amz-content-sha256: UNSIGNED-PAYLOAD\r\n", b""))),
                ("an hour ago", "RequestTimeTooSkewed", wire.ask("GET", "/box/k", at=time.time() - 3600)),
                ("in an hour", "RequestTimeTooSkewed", wire.ask("GET", "/box/k", at=time.time() + 3600)),
                ("Signature Version 2", "InvalidRequest", get("/box/k", "Authorization: AWS test:AAAA")),
                ("Signature Version 2 in a URL", "InvalidRequest", get("/box/k?AWSAccessKeyId=test&Expires=9999999999&Signature=AAAA")),
                ("an Authorization that is none", "AuthorizationHeaderMalformed", get("/box/k", "Authorization: AWS4-HMAC-SHA256 x")),
                ("nobody", "AccessDenied", get("/box/k")), ("a preflight where nothing is allowed", "AccessForbidden",
                 get("/box/k", "Origin: http://x", "Access-Control-Request-Method: GET", method="OPTIONS")),
                ("a preflight from nowhere", "BadRequest", get("/box/k", method="OPTIONS"))):
            tap.check(answer[0] in (400, 403) and code_of(answer)[1] == code, name, answer)
            tap.check(len(answer[1].get("x-amz-request-id", "")) == 16 and "x-amz-id-2" in answer[1] and "date" in answer[1], "with its ids and the time")
        tap.equal(element_of(wire.ask("GET", "/box/k", at=time.time() - 3600), "MaxAllowedSkewMilliseconds"), "900000", "it is told how late it may be")
        tap.equal(element_of(get(path, "x-amz-meta-a: 1"), "HeadersNotSigned"), "x-amz-meta-a", "and which header was not signed")
        wire.ask("DELETE", "/box", "publicAccessBlock")
        everybody = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::box/*"}]}'
        tap.equal(wire.ask("PUT", "/box", "policy", everybody)[0], 204, "everybody may read")
        tap.equal(get("/box/k")[2], b"text", "and reads")
        tap.equal(code_of(get("/box/k?response-content-type=text/x")), (400, "InvalidRequest"), "but does not say how it is to be shown")
        tap.equal(code_of(server.raw(f"PUT /box/k HTTP/1.1\r\nHost: {wire.host}\r\nContent-Length: 1\r\n\r\nx".encode())), (403, "AccessDenied"),
                  "nor writes")
        tap.equal(get("/box/k")[2], b"text", "the object is what it was")


def what_is_not_done_is_said(tap):
    """A setting that is kept and not obeyed would be a lie."""
    with Server(tap) as server:
        wire = Wire(server)
        wire.ask("PUT", "/box")
        wire.ask("PUT", "/box/k", body=b"x")
        encryption, customer = "x-amz-server-side-encryption", "x-amz-server-side-encryption-customer-algorithm"
        for name, headers, code in (
                ("KMS", {encryption: "aws:kms"}, "NotImplemented"), ("KMS twice", {encryption: "aws:kms:dsse"}, "NotImplemented"),
                ("a key of the caller's", {customer: "AES256"}, "NotImplemented"), ("a cipher nobody has", {encryption: "rot13"}, "InvalidArgument"),
                ("a key without KMS", {encryption + "-aws-kms-key-id": "alias/k"}, "InvalidArgument"),
                ("an archive", {"x-amz-storage-class": "GLACIER"}, "NotImplemented"), ("a deep one", {"x-amz-storage-class": "DEEP_ARCHIVE"}, "NotImplemented"),
                ("a class nobody has", {"x-amz-storage-class": "GOLD"}, "InvalidStorageClass"),
                ("a public ACL", {"x-amz-acl": "public-read"}, "AccessControlListNotSupported"),
                ("a grant", {"x-amz-grant-read": 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'}, "AccessControlListNotSupported")):
            for method, path, query, more in (("PUT", "/box/n", "", {}), ("POST", "/box/n", "uploads", {}),
                                              ("PUT", "/box/n", "", {"x-amz-copy-source": "/box/k"})):
                answer = wire.ask(method, path, query, headers={**headers, **more})
                tap.equal(code_of(answer)[1], code, f"{name}: {method} {path}?{query} {'of a copy' if more else ''}")
        rule = b"<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>"
        answer = wire.ask("PUT", "/box", "encryption", b"<ServerSideEncryptionConfiguration>%s</ServerSideEncryptionConfiguration>" % rule)
        tap.equal(code_of(answer), (501, "NotImplemented"), "KMS as a bucket's default")
        tap.equal(wire.ask("HEAD", "/box/n")[0], 404, "nothing came of it")
        answer = wire.ask("PUT", "/box/n", body=b"x", headers={"x-amz-storage-class": "STANDARD_IA", encryption: "AES256", "x-amz-acl": "bucket-owner-full-control"})
        tap.equal((answer[0], wire.ask("HEAD", "/box/n")[1].get("x-amz-storage-class")), (200, "STANDARD_IA"), "what costs nothing is noted and told")
        status = b"<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>"
        tap.equal(code_of(wire.ask("PUT", "/box", "versioning", status)), (501, "NotImplemented"), "MFA delete")
        tap.check(b"<Status>" not in wire.ask("GET", "/box", "versioning")[2], "and nothing else of that document")
        lifecycle = b"<Rule><ID>r</ID><Filter/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>"
        answer = wire.ask("PUT", "/box", "lifecycle", b"<LifecycleConfiguration>%s</LifecycleConfiguration>" % lifecycle)
        tap.equal(code_of(answer), (501, "NotImplemented"), "a rule that nobody would follow")
        tap.equal(code_of(wire.ask("GET", "/box", "lifecycle"))[1], "NoSuchLifecycleConfiguration", "there is none")
        tap.equal(server.events(EventName="PutBucketLifecycle")[0]["record"]["errorCode"], "NotImplemented", "its record has the event's name (trap 68)")


if __name__ == "__main__":
    tap.run(refused_by_the_head, too_large, documents_that_attack, parts_have_rules, sub_resources, who_asks_and_how,
            what_is_not_done_is_said)
