#!/usr/bin/python3
"""tests/scenario/a_second_plan_sees_no_difference.py: what tools that manage whole buckets do, Terraform's AWS provider above all:
read every document of a bucket, put some, and read all of them again. Between two plans nothing differs that nobody changed."""
import base64
import hashlib
import json
import re

from harness import Server, tap
from s3_wire import Wire, code_of

# What the provider reads of a bucket, in its order; of a resource of its own for some of them.
READ = ["policy", "acl", "cors", "website", "versioning", "accelerate", "requestPayment", "logging", "lifecycle", "replication",
        "encryption", "object-lock", "tagging", "location", "publicAccessBlock", "ownershipControls", "notification", "policyStatus"]
OWN_IDS = re.compile(rb"<(RequestId|HostId)>[^<]*</\1>")

XML = '<?xml version="1.0" encoding="UTF-8"?><{0} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{1}</{0}>'
DOCUMENTS = {      # what is put, as the provider writes it; and DELETE's status, where there is one
    "versioning": ("VersioningConfiguration", "<Status>Enabled</Status>", None),
    "tagging": ("Tagging", "<TagSet><Tag><Key>team</Key><Value>red</Value></Tag><Tag><Key>env</Key><Value/></Tag></TagSet>", 204),
    "cors": ("CORSConfiguration", "<CORSRule><AllowedHeader>*</AllowedHeader><AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>"
             "<AllowedOrigin>https://example.com</AllowedOrigin><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>3000</MaxAgeSeconds></CORSRule>", 204),
    "encryption": ("ServerSideEncryptionConfiguration", "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>"
                   "</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule>", 204),
    "publicAccessBlock": ("PublicAccessBlockConfiguration", "<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>"
                          "<BlockPublicPolicy>false</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>", 204),
    "ownershipControls": ("OwnershipControls", "<Rule><ObjectOwnership>BucketOwnerPreferred</ObjectOwnership></Rule>", 204),
    "accelerate": ("AccelerateConfiguration", "<Status>Suspended</Status>", None),
    "requestPayment": ("RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>", None),
    "logging": ("BucketLoggingStatus", "", None),
    "notification": ("NotificationConfiguration", "", None),
    "object-lock": ("ObjectLockConfiguration", "<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode>"
                    "<Days>5</Days></DefaultRetention></Rule>", None),
}


class Bucket:
    def __init__(self, server, name="planned", **headers):
        self.wire, self.path = Wire(server), f"/{name}"
        assert self.wire.ask("PUT", self.path, headers={key.replace("_", "-"): value for key, value in headers.items()})[0] == 200

    def plan(self):
        """Every document, as it is answered."""
        return {name: self.read(name) for name in READ}

    def read(self, name):
        status, _, body = self.wire.ask("GET", self.path, name)
        return status, OWN_IDS.sub(b"", body)

    def put(self, name, body):
        body = body.encode() if isinstance(body, str) else body
        return code_of(self.wire.ask("PUT", self.path, name, body, {"content-md5": base64.b64encode(hashlib.md5(body).digest()).decode()}))


def changed(before, after):
    return {name: (before[name], after[name]) for name in READ if before[name] != after[name]}


def nothing_changes_by_itself(tap):
    with Server(tap) as server:
        bucket = Bucket(server)
        first = bucket.plan()
        tap.equal({name: answer[0] for name, answer in first.items() if answer[0] not in (200, 404)}, {}, "every document is there, or is said not to be")
        tap.equal(changed(first, bucket.plan()), {}, "a second plan sees no difference")
        Bucket(server)
        tap.equal(changed(first, bucket.plan()), {}, "nor after the bucket was made once more")
        server.kill()
        server.start()
        bucket.wire = Wire(server)
        tap.equal(changed(first, bucket.plan()), {}, "nor after kill -9")
        other = Bucket(server, "another").plan()
        tap.equal({name for name in READ if other[name][1].replace(b"another", b"planned") != first[name][1]}, set(), "each new bucket is the same")


def what_is_put_is_read_as_it_was_put(tap):
    with Server(tap) as server:
        bucket = Bucket(server)
        fresh, expected = bucket.plan(), {}
        for name, (root, inner, _) in DOCUMENTS.items():
            before = bucket.plan()
            status, code = bucket.put(name, XML.format(root, inner))
            tap.check(status in (200, 204), f"{name} is put", (status, code))
            after = bucket.plan()
            tap.check(set(changed(before, after)) <= {name}, "and no other document changes", changed(before, after))
            read = re.sub(rb"<(\w+)></\1>", rb"<\1/>", after[name][1])
            tap.check(inner.encode() in read, "it reads as it was put", read)
            tap.equal(bucket.put(name, after[name][1]), (status, None), "what was read can be put")
            tap.equal(changed(after, bucket.plan()), {}, "and changes nothing")
            expected[name] = after[name]
        policy = {"Version": "2012-10-17", "Statement": [{"Sid": "tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [
            "arn:aws:s3:::planned", "arn:aws:s3:::planned/*"], "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}}]}
        tap.equal(bucket.put("policy", json.dumps(policy)), (204, None), "a policy is put")
        tap.equal(json.loads(bucket.read("policy")[1]), policy, "and read as it was put")
        full = bucket.plan()
        tap.equal(set(changed(fresh, full)) - set(DOCUMENTS), {"policy", "policyStatus"}, "nothing else has changed")
        tap.equal(changed(full, bucket.plan()), {}, "a second plan sees no difference")
        server.restart()
        bucket.wire = Wire(server)
        tap.equal(changed(full, bucket.plan()), {}, "nor after a restart")
        for name, (_, _, deleted) in DOCUMENTS.items():
            if deleted:
                tap.equal(bucket.wire.ask("DELETE", bucket.path, name)[0], deleted, f"{name} is destroyed")
        for name in ("policy", "lifecycle", "replication", "website"):
            tap.equal(bucket.wire.ask("DELETE", bucket.path, name)[0], 204, f"{name} is destroyed")
        left = set(changed(fresh, bucket.plan()))
        tap.equal(left, {"versioning", "accelerate", "object-lock", "publicAccessBlock", "ownershipControls"},
                  "what has no way back stays, what is not a default is gone")
        tap.equal([code_of(bucket.wire.ask("GET", bucket.path, name))[1] for name in ("publicAccessBlock", "ownershipControls")],
                  ["NoSuchPublicAccessBlockConfiguration", "OwnershipControlsNotFoundError"], "by AWS's names")


if __name__ == "__main__":
    tap.run(nothing_changes_by_itself, what_is_put_is_read_as_it_was_put)
