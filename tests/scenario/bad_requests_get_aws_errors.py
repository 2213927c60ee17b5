#!/usr/bin/python3
"""tests/scenario/bad_requests_get_aws_errors.py: whatever arrives on the socket gets AWS's own error and leaves nothing half done."""
import json
import re
import socket
import time

from harness import Server, policy, tap, trust
from signer import form, signed


def code_of(answer):
    """(status, AWS error code) of an answer in XML or JSON."""
    if answer is None:
        return "closed"
    status, _, body = answer
    xml = re.search(rb"<Code>(\w+)</Code>", body)
    if xml:
        return status, xml.group(1).decode()
    try:
        return status, json.loads(body).get("__type", "").split("#")[-1]
    except ValueError:
        return status, body[:80]


class Sender:
    def __init__(self, tap, server):
        self.tap, self.server, self.host = tap, server, f"127.0.0.1:{server.port}"

    def iam(self, body, **how):
        return self.server.raw(signed("iam", body, self.host, self.server.key, self.server.secret, **how))

    def trail(self, body, operation="LookupEvents", **how):
        headers = {"X-Amz-Target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101." + operation}
        return self.server.raw(signed("cloudtrail", body, self.host, self.server.key, self.server.secret,
                                      headers={**headers, **how.pop("headers", {})}, **how))

    def expect(self, name, answer, *wanted):
        self.tap.check(code_of(answer) in wanted, name, f"got {answer}\nwanted one of {wanted}")

    def alive(self):
        self.tap.check(self.server.client("sts").get_caller_identity(), "and the server goes on")


def framing(tap):
    """What could be read in two ways is not read at all."""
    with Server(tap, lab=True) as server:
        send = Sender(tap, server)
        body = form("ListUsers")
        for name, headers in [
                ("two different Content-Lengths", [("Content-Length", str(len(body))), ("Content-Length", "5")]),
                ("two equal Content-Lengths", [("Content-Length", str(len(body)))] * 2),
                ("Content-Length beside Transfer-Encoding", [("Content-Length", str(len(body))), ("Transfer-Encoding", "chunked")]),
                ("a Content-Length that is no number", [("Content-Length", "5x")]),
                ("a negative Content-Length", [("Content-Length", "-1")]),
                ("a Content-Length past 64 bits", [("Content-Length", "99999999999999999999999")]),
                ("an unknown Transfer-Encoding", [("Transfer-Encoding", "gzip, chunked")]),
                ("a folded header", [("X-Fold", "a\r\n b"), ("Content-Length", str(len(body)))]),
                ("a blank before the colon", [("X-Blank ", "a"), ("Content-Length", str(len(body)))]),
                ("two Hosts", [("Host", "other"), ("Content-Length", str(len(body)))])]:
            answer = send.iam(body, unsigned=headers)
            status = 501 if name == "an unknown Transfer-Encoding" else 400       # RFC 9112, 6.1
            tap.check(answer is not None and answer[0] == status and answer[1].get("connection", "").lower() == "close",
                      f"{name}: {status} and the connection ends", answer)
        for name, request in [("no request line", b"hello\r\n\r\n"), ("an unknown version", b"GET / HTTP/3.7\r\nHost: a\r\n\r\n"),
                              ("a NUL in a header", b"GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n"),
                              ("no Host", b"GET / HTTP/1.1\r\n\r\n"),
                              ("a bare CR in a header", b"GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n")]:
            answer = server.raw(request)
            tap.check(answer is not None and answer[0] in (400, 505), f"{name}: refused", answer)
        chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7].encode(), body[7:].encode())) + b"0\r\n\r\n"
        answer = send.iam(body, unsigned=[("Transfer-Encoding", "chunked")], payload=chunked)
        tap.check(answer is not None and answer[0] == 200, "a chunked body is read and verified", answer)
        send.alive()


def sizes(tap):
    with Server(tap, lab=True) as server:
        send = Sender(tap, server)
        answer = server.raw(b"GET / HTTP/1.1\r\nHost: a\r\nX-Big: " + b"a" * 300_000 + b"\r\n\r\n")
        tap.check(answer is not None and answer[0] == 431, "headers past their limit: 431", answer and answer[:2])
        answer = server.raw(b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        tap.check(answer is not None and answer[0] in (414, 431), "a target past its limit: 414", answer and answer[:2])
        answer = server.raw(b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(2000)) + b"\r\n")
        tap.check(answer is not None and answer[0] == 431, "2,000 headers: 431", answer and answer[:2])
        answer = send.iam(form("CreateUser", UserName="big", Path="/" + "a" * 64_000_000), payload=b"",
                          unsigned=[("Content-Length", "64000000")])
        tap.check(answer is not None and answer[0] == 413, "a body past its limit is refused before it is sent",
                  answer and answer[:2])
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 64000000\r\nExpect: 100-continue\r\n\r\n")
        first = connection.recv(100)
        tap.check(first.startswith(b"HTTP/1.1 4"), "Expect: 100-continue gets the final answer, not 100", first)
        connection.close()
        many = "&".join(f"Tags.member.{n}.Key=k{n}" for n in range(1, 3000))
        answer = send.iam(form("CreateUser", UserName="many") + "&" + many)
        tap.check(answer is not None and answer[0] in (400, 413), "3,000 tags in a form", code_of(answer))
        tap.refused("nothing of it was made", "NoSuchEntity", server.client("iam").get_user, UserName="many")
        send.alive()


def documents(tap):
    """Bodies that are signed well and say nothing well."""
    with Server(tap, lab=True) as server:
        send = Sender(tap, server)
        deep = "[" * 100_000 + "]" * 100_000
        for name, body, *wanted in [
                ("no JSON", "{", (400, "SerializationException")),
                ("a JSON text, not an object", '"x"', (400, "SerializationException")),
                ("rest after the object", "{} {}", (400, "SerializationException")),
                ("bad UTF-8", b'{"NextToken":"\xff\xfe"}', (400, "SerializationException")),
                ("a lone surrogate", '{"NextToken":"\\ud800"}', (400, "SerializationException"), (400, "InvalidNextTokenException")),
                ("a duplicate key", '{"MaxResults":1,"MaxResults":2}', (400, "SerializationException")),
                ("deep nesting", '{"LookupAttributes":' + deep + "}", (400, "SerializationException")),
                ("deep nesting in an unknown member", '{"Unknown":' + deep + "}", (400, "SerializationException")),
                ("a text for a number", '{"MaxResults":"1"}', (400, "SerializationException")),
                ("a number for a text", '{"NextToken":1}', (400, "SerializationException")),
                ("an object for a list", '{"LookupAttributes":{}}', (400, "SerializationException")),
                ("a fraction for an integer", '{"MaxResults":1.5}', (400, "SerializationException")),
                ("an integer past its bits", '{"MaxResults":99999999999999999999}', (400, "SerializationException"),
                 (400, "InvalidMaxResultsException"))]:
            send.expect(f"JSON: {name}", send.trail(body), *wanted)
        tap.equal(send.trail("")[0], 200, "an empty body is an empty object")
        tap.equal(send.trail('{"MaxResults":null,"Unknown":[1,{"a":2}]}')[0], 200, "null is absent, unknown members are ignored")
        for name, body, *wanted in [
                ("MaxResults 0", '{"MaxResults":0}', (400, "InvalidMaxResultsException")),
                ("MaxResults 51", '{"MaxResults":51}', (400, "InvalidMaxResultsException")),
                ("an unknown attribute", '{"LookupAttributes":[{"AttributeKey":"X","AttributeValue":"y"}]}',
                 (400, "InvalidLookupAttributesException")),
                ("two attributes", '{"LookupAttributes":[' + ",".join(['{"AttributeKey":"EventName","AttributeValue":"y"}'] * 2)
                 + "]}", (400, "InvalidLookupAttributesException")),
                ("an attribute without a value", '{"LookupAttributes":[{"AttributeKey":"EventName"}]}',
                 (400, "InvalidLookupAttributesException"), (400, "ValidationException")),
                ("a start after the end", '{"StartTime":200,"EndTime":100}', (400, "InvalidTimeRangeException")),
                ("a made-up token", '{"NextToken":"QUJD"}', (400, "InvalidNextTokenException")),
                ("an unknown category", '{"EventCategory":"data"}', (400, "InvalidEventCategoryException"))]:
            send.expect(f"LookupEvents: {name}", send.trail(body), *wanted)
        recorded = [one["record"].get("errorCode") for one in server.events(EventName="LookupEvents")]
        tap.check("InvalidMaxResultsException" in recorded, "what an operation refuses is an event", recorded)
        tap.check("SerializationException" not in recorded, "what cannot be read is none: nobody can say what was asked", recorded)

        for name, body, *wanted in [
                ("bad percent encoding", "Action=CreateUser&Version=2010-05-08&UserName=%zz", (404, "MalformedQueryString"),
                 (400, "ValidationError")),
                ("bad UTF-8", "Action=CreateUser&Version=2010-05-08&UserName=%ff%fe", (400, "ValidationError"),
                 (404, "MalformedQueryString")),
                ("a NUL", "Action=CreateUser&Version=2010-05-08&UserName=a%00b", (400, "ValidationError")),
                ("an unknown action", form("MakeUser"), (400, "InvalidAction")),
                ("a number that is none", form("ListUsers", MaxItems="ten"), (400, "MalformedInput"), (400, "ValidationError")),
                ("a boolean that is none", form("CreateLoginProfile", UserName="a", Password="b", PasswordResetRequired="yes"),
                 (400, "MalformedInput"), (400, "ValidationError")),
                ("a member given twice", form("CreateUser", UserName="a") + "&UserName=b", (400, "ValidationError"),
                 (404, "MalformedQueryString"), (400, "MalformedInput")),
                ("a list with a hole too far", form("CreateUser", UserName="a", **{"Tags.member.4000000000.Key": "x"}),
                 (400, "ValidationError"), (400, "MalformedInput"), (400, "InvalidInput"))]:
            send.expect(f"form: {name}", send.iam(body), *wanted)
        tap.equal([user["UserName"] for user in server.client("iam").list_users()["Users"]], ["admin"], "and nobody was made")
        send.alive()


def routes(tap):
    with Server(tap, lab=True) as server:
        send = Sender(tap, server)
        send.expect("an unknown operation of a JSON service", send.trail("{}", "MakeTrail"), (400, "UnknownOperationException"))
        send.expect("an unknown target", send.trail("{}", headers={"X-Amz-Target": "Nobody_20200101.Do"}),
                    (400, "UnknownOperationException"))
        answer = server.raw(signed("sqs", "Action=ListQueues&Version=2012-11-05", send.host))
        send.expect("an unknown service", answer, (501, "NotImplemented"), (400, "InvalidAction"))
        send.expect("S3 wants the hash of the body", server.raw(signed("s3", "", send.host, method="GET", path="/bucket/key")),
                    (400, "InvalidRequest"))
        send.expect("the older target prefix works", send.trail("{}", headers={"X-Amz-Target": "CloudTrail_20131101.Nothing"}),
                    (400, "UnknownOperationException"))
        answer = server.raw(signed("cloudtrail", "{}", send.host,
                                   headers={"X-Amz-Target": "CloudTrail_20131101.LookupEvents"}))
        tap.equal(answer[0], 200, "CloudTrail_20131101.LookupEvents is LookupEvents")
        send.expect("a scope of another service than the target's", server.raw(signed("iam", "{}", send.host, headers={
            "X-Amz-Target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"})), (400, "InvalidSignatureException"))
        send.expect("a scope of another service than the version's", server.raw(signed("iam", form("GetCallerIdentity", "sts"), send.host)),
                    (403, "SignatureDoesNotMatch"))
        send.expect("a version that no service has", send.iam("Action=ListUsers&Version=2999-01-01"), (400, "InvalidAction"))
        send.expect("two actions", send.iam(form("ListUsers") + "&Action=ListRoles"), (404, "MalformedQueryString"))
        send.expect("no action", send.iam("Version=2010-05-08"), (400, "MissingAction"))
        send.expect("no body at all", send.iam(""), (400, "MissingAction"))
        send.expect("a known operation that is not served", send.iam(form("ListSAMLProviders")), (400, "InvalidAction"))
        tap.equal(server.events(EventName="ListSAMLProviders")[0]["record"]["errorCode"], "InvalidAction", "is an event all the same")
        send.expect("a long-term key with a session token", server.raw(signed("iam", form("ListUsers"), send.host, token="abc+/==")),
                    (403, "InvalidClientTokenId"))
        send.expect("Signature Version 2", server.raw(b"POST / HTTP/1.1\r\nHost: a\r\nAuthorization: AWS test:abc\r\nContent-Type: application/x-www-form-urlencoded"
                                                      b"\r\nContent-Length: 35\r\n\r\nAction=ListUsers&Version=2010-05-08"), (400, "IncompleteSignature"))
        request = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"
        body = form("ListUsers").encode()
        send.expect("no signature to a Query service", server.raw(request % (len(body), body)), (403, "MissingAuthenticationToken"))
        body = b"{}"
        request = (b"POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
                   b"\r\nContent-Length: %d\r\n\r\n%s")
        send.expect("no signature to a JSON service", server.raw(request % (len(body), body)),
                    (400, "MissingAuthenticationTokenException"))
        send.alive()


def presigned(tap):
    with Server(tap, lab=False) as server:
        sts = server.client("sts")
        for method in ("GET", "POST"):
            url = sts.generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod=method)[len(server.url):]
            status, _, text = server.get(url, method)
            tap.check(status == 200 and f"<Account>{server.account}</Account>" in text, f"a presigned {method} says who signed it", text)
        for name, change, code in [("longer than a week", ("Expires=60", "Expires=604801"), 400),
                                   ("with a letter changed", ("X-Amz-Date=2", "X-Amz-Date=1"), 403)]:
            url = sts.generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")[len(server.url):].replace(*change)
            tap.equal(server.get(url)[0], code, f"one {name} is refused")
        session = server.session_client("sts", sts.get_session_token()["Credentials"])
        url = session.generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")[len(server.url):]
        tap.equal(server.get(url)[0], 200, "a session presigns too, its token in the address")
    with Server(tap, lab=True) as server:
        iam = server.client("iam")
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust(server.account)))

        def long_url():
            given = server.client("sts").assume_role(RoleArn=f"arn:aws:iam::{server.account}:role/r", RoleSessionName="session",
                                                     DurationSeconds=900)["Credentials"]
            return server.session_client("sts", given).generate_presigned_url(
                "get_caller_identity", ExpiresIn=3600, HttpMethod="GET")[len(server.url):]
        first = long_url()
        tap.equal(server.get(first)[0], 200, "one for an hour by a session of a quarter")
        server.get("/_spoor/clock", "POST", b'{"advance": "16m"}')
        status, _, text = server.get(first)
        tap.check(status == 403 and "<Code>ExpiredToken</Code>" in text, "ends with the session", text)
        second = long_url()
        iam.delete_role(RoleName="r")
        status, _, text = server.get(second)
        tap.check(status == 403 and "<Code>InvalidClientTokenId</Code>" in text, "and with the session's role", text)


def signatures(tap):
    with Server(tap, lab=True) as server:
        send = Sender(tap, server)
        body = form("ListUsers")

        def ago(seconds):
            return time.time() - seconds
        send.expect("a wrong signature", send.iam(body, signature="0" * 64), (403, "SignatureDoesNotMatch"))
        send.expect("a signature of another body", send.iam(body, payload=form("ListRoles").encode()), (403, "SignatureDoesNotMatch"))
        send.expect("16 minutes late", send.iam(body, at=ago(960)), (403, "SignatureDoesNotMatch"))
        late = send.iam(body, at=ago(960))
        tap.check(b"Signature expired: " in late[2] and b" is now earlier than " in late[2] and b"15 min.)" in late[2],
                  "says by how much", late)
        tap.check("date" in late[1], "and sends the Date by which SDKs set their clocks", late[1])
        send.expect("16 minutes early", send.iam(body, at=ago(-960)), (403, "SignatureDoesNotMatch"))
        tap.check(b"Signature not yet current: " in send.iam(body, at=ago(-960))[2], "says that it is too early")
        tap.equal(server.raw(signed("iam", body, f"LOCALHOST:{server.port}"))[0], 200, "Host is signed as it is written")
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body.encode())
        tap.equal(send.iam(body, headers={"Transfer-Encoding": "chunked"}, payload=chunked)[0], 200,
                  "a signed Transfer-Encoding verifies although the body was unchunked")
        tap.check("retry-after" not in late[1], "nobody is told to repeat what was wrong", late[1])
        tap.equal(send.iam(body, at=ago(840))[0], 200, "14 minutes late is in time")
        tap.equal(send.iam(body, at=ago(-840))[0], 200, "14 minutes early is in time")
        send.expect("a scope of another day", send.iam(body, scope_date="20200101"), (403, "SignatureDoesNotMatch"))
        send.expect("a region that there is not", send.iam(body, region="mars-north-9"), (403, "SignatureDoesNotMatch"))
        tap.check(b"Credential should be scoped to a valid region." in send.iam(body, region="mars-north-9")[2], "in AWS's words")
        send.expect("the same to a JSON service", send.trail("{}", region="mars-north-9"), (400, "InvalidSignatureException"))
        s3 = server.client("s3", region="mars-north-9")
        tap.refused("the same to S3", "AuthorizationHeaderMalformed", s3.list_buckets, status=400,
                    message="The authorization header is malformed; the region 'mars-north-9' is wrong; expecting 'us-east-1'")
        tap.refused("a bucket there", "InvalidLocationConstraint", server.client("s3").create_bucket, Bucket="far-away", status=400,
                    CreateBucketConfiguration={"LocationConstraint": "me-south-1"})
        send.expect("to a JSON service", send.trail("{}", at=ago(960)), (400, "InvalidSignatureException"))
        send.expect("a wrong signature to a JSON service", send.trail("{}", signature="0" * 64), (400, "InvalidSignatureException"))
        raw = signed("iam", body, send.host)
        send.expect("an Authorization without Signature", server.raw(re.sub(rb", Signature=\w+", b"", raw)), (400, "IncompleteSignature"))
        send.expect("an Authorization of another scheme", server.raw(re.sub(rb"AWS4-HMAC-SHA256 Cred", b"AWS4-ECDSA-P256-SHA256 Cred", raw)),
                    (400, "IncompleteSignature"))
        send.expect("a session key without a token", server.raw(signed("iam", body, send.host, "ASIAIOSFODNN7EXAMPLE", "x")),
                    (403, "InvalidClientTokenId"))
        send.expect("a signed host that is not the one sent", server.raw(signed("iam", body, "elsewhere").replace(
            b"host: elsewhere", b"host: " + send.host.encode())), (403, "SignatureDoesNotMatch"))
        iam = server.client("iam")
        iam.create_role(RoleName="short", AssumeRolePolicyDocument=json.dumps(trust(server.account)))
        iam.put_role_policy(RoleName="short", PolicyName="all", PolicyDocument=json.dumps(policy("Allow", "*")))
        given = server.client("sts").assume_role(RoleArn=f"arn:aws:iam::{server.account}:role/short", RoleSessionName="session",
                                                 DurationSeconds=900)["Credentials"]
        session = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        tap.equal(server.raw(signed("iam", body, send.host, *session))[0], 200, "a session signs too")
        broken = given["SessionToken"][:40] + ("A" if given["SessionToken"][40] != "A" else "B") + given["SessionToken"][41:]
        send.expect("a token with one letter changed", server.raw(signed("iam", body, send.host, *session[:2], broken)),
                    (403, "InvalidClientTokenId"))
        server.get("/_spoor/clock", "POST", b'{"advance": "16m"}')
        send.expect("an expired session", server.raw(signed("iam", body, send.host, *session)), (403, "ExpiredToken"))
        send.expect("an expired session to a JSON service", server.raw(signed(
            "cloudtrail", "{}", send.host, *session, headers={
                "X-Amz-Target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"})),
            (400, "ExpiredTokenException"))
        names = {event["EventName"] for event in server.events(limit=200, ReadOnly="true")}
        tap.check("ListUsers" in names, "good ones among them are recorded", names)
        listed = server.events(EventName="ListUsers")
        tap.equal(len([one for one in listed if "errorCode" in one["record"]]), 0, "none of the refused ones is")


def halves(tap):
    """A request that ends in the middle changes nothing and holds nobody up."""
    with Server(tap, lab=True) as server:
        send = Sender(tap, server)
        whole = signed("iam", form("CreateUser", UserName="half"), send.host)
        for cut in (1, 20, len(whole) // 2, len(whole) - 1):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
            connection.sendall(whole[:cut])
            connection.close()
        slow = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        slow.sendall(whole[:-1])
        tap.equal([user["UserName"] for user in server.client("iam").list_users()["Users"]], ["admin"], "half a call makes no user")
        slow.sendall(whole[-1:])
        tap.check(slow.recv(20).startswith(b"HTTP/1.1 200"), "the other half, later, completes it")
        slow.close()
        pipeline = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        pipeline.sendall(b"".join(signed("iam", form("GetUser", UserName=name), send.host) for name in ("half", "nobody", "admin")))
        text = b""
        while text.count(b"HTTP/1.1 ") < 3 or not text.rstrip().endswith(b"</GetUserResponse>"):
            part = pipeline.recv(65536)
            if not part:
                break
            text += part
        tap.equal(re.findall(rb"HTTP/1.1 (\d+)", text), [b"200", b"404", b"200"], "three calls in one write are answered in order")
        pipeline.close()


tap.run(framing, sizes, documents, routes, presigned, signatures, halves)
