"""tests/scenario/signer.py: requests as bytes, signed by Signature Version 4, with every part open to being wrong.

Written from the public description, apart from botocore's signer and from spoor's, so that three agree.
"""
import hashlib
import hmac
import time

TARGETS = {"cloudtrail": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101."}
VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}


def hmac_sha256(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signed(service, body, host, key="test", secret="test", token=None, region="us-east-1", method="POST", path="/", query="",
           headers=None, at=None, scope_date=None, signature=None, payload=None, unsigned=None):
    """The bytes of one HTTP request. `headers` are signed, `unsigned` are (name, value) pairs added after signing; `payload`
    is what is sent instead of `body`; `at` is the time in seconds; `signature` replaces the true one. S3's payload hash is
    the header x-amz-content-sha256, true or not."""
    body = body.encode() if isinstance(body, str) else body
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() if at is None else at))
    day = scope_date or stamp[:8]
    all_headers = {"host": host, "x-amz-date": stamp}
    if service in TARGETS:
        all_headers["content-type"] = "application/x-amz-json-1.1"
    else:
        all_headers["content-type"] = "application/x-www-form-urlencoded; charset=utf-8"
    if token:
        all_headers["x-amz-security-token"] = token
    all_headers.update({name.lower(): value for name, value in (headers or {}).items()})
    names = ";".join(sorted(all_headers))
    body_hash = service == "s3" and all_headers.get("x-amz-content-sha256") or hashlib.sha256(body).hexdigest()
    canonical = "\n".join([method, path, query, "".join(f"{name}:{all_headers[name]}\n" for name in sorted(all_headers)),
                           names, body_hash])
    scope = f"{day}/{region}/{service}/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signing_key = ("AWS4" + secret).encode()
    for part in (day, region, service, "aws4_request"):
        signing_key = hmac_sha256(signing_key, part)
    signature = signature or hmac_sha256(signing_key, to_sign).hex()
    sent = body if payload is None else payload
    lines = [f"{method} {path}{'?' + query if query else ''} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in all_headers.items()]
    lines.append(f"Authorization: AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}")
    given = [*all_headers, *(name.lower() for name, _ in unsigned or [])]
    if "content-length" not in given and "transfer-encoding" not in given:
        lines.append(f"Content-Length: {len(sent)}")
    lines += [f"{name}: {value}" for name, value in unsigned or []]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + sent


def form(action, service="iam", **members):
    """The body of a Query call."""
    from urllib.parse import quote
    pairs = {"Action": action, "Version": VERSIONS.get(service, "2010-05-08"), **members}
    return "&".join(f"{quote(str(name), safe='')}={quote(str(value), safe='')}" for name, value in pairs.items())


def signed_chunks(request, pieces, secret="test", trailer=None):
    """The body of a request by signed(), in S3's own chunks whose signatures continue the request's. `trailer`: (name, value)."""
    head = request.split(b"\r\n\r\n")[0].decode()
    scope = head.split("Credential=")[1].split(",")[0].split("/", 1)[1]
    stamp = next(line.split(": ")[1] for line in head.split("\r\n") if line.lower().startswith("x-amz-date"))
    previous = head.split("Signature=")[1].split("\r\n")[0]
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = hmac_sha256(key, part)
    empty, out = hashlib.sha256(b"").hexdigest(), b""
    for piece in [*pieces, b""]:
        previous = hmac_sha256(key, "\n".join(["AWS4-HMAC-SHA256-PAYLOAD", stamp, scope, previous, empty,
                                               hashlib.sha256(piece).hexdigest()])).hex()
        out += b"%x;chunk-signature=%s\r\n" % (len(piece), previous.encode()) + (piece + b"\r\n" if piece else b"")
    if trailer:
        line = f"{trailer[0]}:{trailer[1]}"
        last = hmac_sha256(key, "\n".join(["AWS4-HMAC-SHA256-TRAILER", stamp, scope, previous,
                                           hashlib.sha256(line.encode() + b"\n").hexdigest()])).hex()
        out += f"{line}\r\nx-amz-trailer-signature:{last}\r\n".encode()
    return out + b"\r\n"


def changed(body, at):
    """The body with another byte at `at`: a digit, so that in a signature it is still one."""
    at %= len(body)
    return body[:at] + (b"1" if body[at:at + 1] == b"0" else b"0") + body[at + 1:]
