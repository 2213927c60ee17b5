#!/usr/bin/python3
"""tests/scenario/s3_requests_come_in_every_shape.py: path and host style, presigned and unsigned, from other accounts: each is
understood, answered in S3's words, and recorded with those who own what was asked about."""
import http.client
import json
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree

from harness import Server, Tap

STRANGER = "222222222222"


def events(server, name, **keys):
    found = server.client("cloudtrail", **keys).lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}])["Events"]
    return [json.loads(event["CloudTrailEvent"]) for event in found]


def fetch(url, method="GET", headers=None):
    """(status, headers, body)"""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers or {})) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def allow(actions, principal, bucket):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": principal, "Action": actions, "Resource": f"arn:aws:s3:::{bucket}"}]})


def by_host_and_by_path(tap):
    with Server(tap) as server:
        server.client("s3").create_bucket(Bucket="named")
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        url = server.client("s3", signature_version="s3v4").generate_presigned_url("get_bucket_versioning", Params={"Bucket": "named"})
        status, headers, body = fetch(url)
        tap.check(status == 200 and b"<VersioningConfiguration" in body, "a presigned address works", body)
        tap.equal(events(server, "GetBucketVersioning")[0]["additionalEventData"]["AuthenticationMethod"], "QueryString", "and its event says so")
        shown = events(server, "GetBucketVersioning")[0]["requestParameters"]
        tap.check("X-Amz-Date" in shown and not any("Signature" == key[-9:] or "Credential" in key for key in shown),
                  "without its signature", shown)
        status, _, body = fetch(url[:-8] + "00000000")
        tap.equal((status, ElementTree.fromstring(body).findtext("Code")), (403, "SignatureDoesNotMatch"), "a forged one does not")
        tap.check(ElementTree.fromstring(body).findtext("StringToSign"), "and it is told what should have been signed")

        connection.request("GET", "/?versioning", headers={"Host": f"named.localhost:{server.port}"})
        answer = connection.getresponse()
        body = answer.read()
        tap.equal((answer.status, ElementTree.fromstring(body).findtext("Code")), (403, "AccessDenied"), "unsigned, by the bucket's host")
        tap.equal(events(server, "GetBucketVersioning")[0]["requestParameters"]["bucketName"], "named", "it meant that bucket")


def what_s3_does_not_do(tap):
    with Server(tap) as server:
        s3 = server.client("s3")
        s3.create_bucket(Bucket="plain")
        tap.refused("an inventory is no listing", "NotImplemented", s3.list_bucket_inventory_configurations, Bucket="plain", status=501)
        status, _, body = fetch(server.url + "/plain?policy", "POST")
        error = ElementTree.fromstring(body)
        tap.equal((status, error.findtext("Code"), error.findtext("Method"), error.findtext("ResourceType")),
                  (405, "MethodNotAllowed", "POST", "BUCKETPOLICY"), "a method that a policy does not know")
        status, headers, body = fetch(server.url + "/nobodys", "HEAD")
        tap.equal((status, body), (404, b""), "an error of HEAD has no body")
        tap.check(len(headers["x-amz-request-id"]) == 16 and len(headers["x-amz-id-2"]) == 76, "but its ids")
        status, headers, _ = fetch(server.url + "/plain?versioning", headers={"Accept-Encoding": "gzip"})
        tap.equal(headers["Content-Encoding"], None, "nothing is ever compressed")
        tap.equal(fetch(server.url + "/plain/%zz")[0], 400, "a bad escape")


def everybody_and_another_account(tap):
    with Server(tap) as server:
        s3 = server.client("s3")
        stranger = server.client("s3", key=STRANGER, secret="test")
        s3.create_bucket(Bucket="shared")
        tap.refused("another account may not", "AccessDenied", stranger.get_bucket_location, Bucket="shared")
        s3.put_bucket_policy(Bucket="shared", Policy=allow("s3:GetBucketLocation", {"AWS": STRANGER}, "shared"))
        stranger.get_bucket_location(Bucket="shared")
        owners = [event for event in events(server, "GetBucketLocation") if "errorCode" not in event]
        theirs = [event for event in events(server, "GetBucketLocation", key=STRANGER, secret="test") if "errorCode" not in event]
        if not tap.equal((len(owners), len(theirs)), (1, 1), "a call across accounts is recorded in both"):
            return
        tap.equal(owners[0]["sharedEventID"], theirs[0]["sharedEventID"], "as one call")
        tap.equal(owners[0]["userIdentity"]["type"], "AWSAccount", "of which the owner learns the account")
        tap.equal(theirs[0]["resources"][0]["accountId"], "HIDDEN_DUE_TO_SECURITY_REASONS", "and the caller not the owner's")

        tap.equal(fetch(server.url + "/shared?location")[0], 403, "nobody may")
        s3.delete_public_access_block(Bucket="shared")
        s3.put_bucket_policy(Bucket="shared", Policy=allow("s3:GetBucketLocation", "*", "shared"))
        tap.equal(fetch(server.url + "/shared?location")[0], 200, "until everybody may")
        event = events(server, "GetBucketLocation")[0]
        tap.equal(event["userIdentity"], {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}, "which the owner sees")
        tap.equal(event["recipientAccountId"], server.account, "in his own records")


if __name__ == "__main__":
    Tap().run(by_host_and_by_path, what_s3_does_not_do, everybody_and_another_account)
