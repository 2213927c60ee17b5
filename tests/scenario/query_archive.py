"""tests/scenario/query_archive.py: an archive of generated events, as AWS would lay it out, for what is asked of archives.

The same number of events is always the same events. They have what makes answers differ where a reader is careless: fields that
are missing, null, empty, or of another type than usual; equal times; escapes and other scripts in texts; numbers as numbers and
as texts; lists; keys with `-` and with `:`.
"""
import gzip
import json
import os
import random

ACCOUNTS = ["111122223333", "444455556666"]
REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-2"]
DAYS, FILES_A_DAY = 4, 2
START_S = 1768435200                   # 2026-01-15T00:00:00Z
CALLS = [                              # service, name, is it a read; the first come most often
    ("kms", "Decrypt", True), ("sts", "AssumeRole", True), ("ec2", "DescribeInstances", True), ("s3", "GetObject", True),
    ("s3", "PutObject", False), ("secretsmanager", "GetSecretValue", True), ("iam", "GetRole", True), ("ec2", "RunInstances", False),
    ("iam", "ListUsers", True), ("signin", "ConsoleLogin", False), ("iam", "CreateUser", False), ("iam", "PutRolePolicy", False),
    ("ec2", "AuthorizeSecurityGroupIngress", False), ("iam", "CreateAccessKey", False), ("cloudtrail", "StopLogging", False),
    ("lambda", "GetFunction20150331v2", True), ("iam", "AttachUserPolicy", False), ("iam", "DeleteUser", False),
]
AGENTS = [
    "aws-cli/2.15.30 Python/3.11.8 Linux/5.10.0-28-cloud-amd64 exe/x86_64.debian.11 prompt/off command/sts.get-caller-identity",
    "Boto3/1.34.69 md/Botocore#1.34.69 ua/2.0 os/linux#5.10.209 md/arch#x86_64 lang/python#3.11.3", "AWS Internal",
    "APN/1.0 HashiCorp/1.0 Terraform/1.7.4 (+https://www.terraform.io)", "[aws-cli/1.16.3 Python/3.11.3]",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) \"quoted\" back\\slash\ttab", "r\u00e9sum\u00e9/\u6f22\u5b57 \U0001f600", "",
]
USERS = ["admin", "dev", "ci-bot", "j\u00fcrgen"]
ERRORS = ["AccessDenied", "AccessDenied", "Client.UnauthorizedOperation", "ThrottlingException", "NoSuchEntityException",
          "AccessDeniedException"]
NEEDLE = "AKIASPOORNEEDLE00042"
RARE_EVENT = "deadbeef-0000-4000-8000-00005f00d042"


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, values):
        """The first ones come most often."""
        return values[int(len(values) * self.random.random() ** 3)]

    def sometimes(self, share):
        return self.random.random() < share

    def hexadecimal(self, digits):
        return f"{self.random.getrandbits(4 * digits):0{digits}x}"

    def uuid(self):
        return f"{self.hexadecimal(8)}-{self.hexadecimal(4)}-4{self.hexadecimal(3)}-8{self.hexadecimal(3)}-{self.hexadecimal(12)}"

    def address(self):
        kind = self.random.random()
        number = self.pick(range(400)) * 2654435761 & 0xFFFFFFFF
        if kind < 0.05:
            return f"2001:db8::{number & 0xFFFF:x}"
        if kind < 0.12:
            return self.pick(["ec2.amazonaws.com", "cloudformation.amazonaws.com", "AWS Internal"])
        if kind < 0.3:
            return f"10.{number >> 16 & 3}.{number >> 8 & 255}.{number & 255}"
        return f"{number >> 24 or 1}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def identity(self, account, time):
        number = self.pick(range(120))
        kind = "Root" if number == 77 else ["IAMUser", "AssumedRole", "AssumedRole", "AWSService"][number % 4]
        if kind == "AWSService":
            return {"type": kind, "invokedBy": "lambda.amazonaws.com"}
        if kind == "Root":
            return {"type": kind, "principalId": account, "arn": f"arn:aws:iam::{account}:root", "accountId": account,
                    "accessKeyId": ""}
        if kind == "IAMUser":
            name = "dana.whitfield" if number == 32 else f"{USERS[number % 16 // 4]}.{number}"
            return {"type": kind, "principalId": f"AIDA{number:017}", "arn": f"arn:aws:iam::{account}:user/{name}", "accountId": account,
                    "accessKeyId": f"AKIA{number:016}", "userName": name}
        role = f"{['payments', 'admin', 'ingest'][number % 3]}-prod"
        return {"type": kind, "principalId": f"AROA{number:017}:s{number}", "accountId": account, "accessKeyId": f"ASIA{self.hexadecimal(16).upper()}",
                "arn": f"arn:aws:sts::{account}:assumed-role/{role}/s{number}",
                "sessionContext": {"sessionIssuer": {"type": "Role", "arn": f"arn:aws:iam::{account}:role/{role}", "userName": role},
                                   "webIdFederationData": {}, "attributes": {"creationDate": time, "mfaAuthenticated": self.pick(["false", "true"])}}}

    def parameters(self, account):
        kind, word = self.random.randrange(8), self.pick(["alpha", "beta", "gamma", "delta"])
        if kind == 0:
            return None
        if kind == 1:
            return {}
        if kind == 2:
            return {"roleArn": f"arn:aws:iam::{account}:role/{word}", "roleSessionName": f"{word}-{self.random.randrange(40)}",
                    "durationSeconds": self.pick([3600, 900, 43200, "3600", 3600.0, 1e3])}
        if kind == 3:
            return {"bucketName": f"acme-{word}", "key": f"{word}/\u00fcber/part {self.random.randrange(9)}.csv", "x-amz-acl": "private",
                    "encryptionContext": {"aws:s3:arn": f"arn:aws:s3:::acme-{word}"}}
        if kind == 4:
            return {"filterSet": {"items": [{"name": f"tag:{word}", "valueSet": {"items": [{"value": str(i)} for i in range(self.random.randrange(4))]}}
                                            for _ in range(self.random.randrange(3))]}, "maxResults": self.random.randrange(5, 1000)}
        if kind == 5:
            return {"roleName": word, "policyDocument": json.dumps({"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": ["s3:GetObject", "kms:Decrypt"], "Resource": f"arn:aws:s3:::acme-{word}/*"}]}, indent=1)}
        if kind == 6:
            return {"instancesSet": {"items": [{"instanceId": f"i-{self.hexadecimal(8)}"} for _ in range(self.random.randrange(1, 4))]}, "empty": ""}
        return {"userName": word, "maxItems": self.pick([100, 50, None, "20", True])}

    def event(self, number, time_s, account, region):
        service, name, is_read = self.pick(CALLS)
        day, second = divmod(time_s - START_S, 86400)
        time = f"2026-01-{15 + day:02}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
        record = {"eventVersion": self.pick(["1.10", "1.9", "1.11"]), "userIdentity": self.identity(account, time), "eventTime": time,
                  "eventSource": f"{service}.amazonaws.com", "eventName": name, "awsRegion": region, "sourceIPAddress": self.address(),
                  "userAgent": self.pick(AGENTS)}
        if self.sometimes(0.1):
            record["errorCode"] = self.pick(ERRORS)
            if self.sometimes(0.8):
                record["errorMessage"] = f"User: arn:aws:iam::{account}:user/u{number % 30} is not authorized to perform: {service}:{name}"
        record["requestParameters"] = self.parameters(account)
        record["responseElements"] = {"ConsoleLogin": self.pick(["Success", "Failure"])} if name == "ConsoleLogin" else None
        if self.sometimes(0.5):
            record["additionalEventData"] = {"MFAUsed": self.pick(["Yes", "No"])} if name == "ConsoleLogin" else {
                "bytesTransferredIn": self.random.randrange(5) * 1024, "bytesTransferredOut": self.random.randrange(1 << 20) / 8,
                "retries": self.pick([0, 1, -1, 2.5])}
        record.update({"requestID": self.uuid(), "eventID": self.uuid(), "readOnly": is_read})
        if self.sometimes(0.3):
            record["resources"] = [{"ARN": f"arn:aws:s3:::acme-{self.pick(['alpha', 'beta', 'gamma'])}", "type": "AWS::S3::Bucket"}
                                   for _ in range(self.random.randrange(3))]
        record.update({"eventType": "AwsConsoleSignIn" if name == "ConsoleLogin" else "AwsApiCall", "managementEvent": service != "s3",
                       "recipientAccountId": account, "eventCategory": "Data" if service == "s3" else "Management"})
        if self.sometimes(0.7):
            record["tlsDetails"] = {"tlsVersion": self.pick(["TLSv1.3", "TLSv1.2"]), "cipherSuite": "TLS_AES_128_GCM_SHA256"}
        return record


def generate(folder, count):
    """Writes `count` events and gives the number of files. Every other file has what is not ASCII as escapes."""
    places = [(day, part, account, region) for day in range(DAYS) for part in range(FILES_A_DAY) for account in ACCOUNTS for region in REGIONS]
    step_s = 86400 // FILES_A_DAY
    for at, (day, part, account, region) in enumerate(places):
        first, end = count * at // len(places), count * (at + 1) // len(places)
        make = Generator(at)
        times = sorted(make.random.randrange(step_s) for _ in range(first, end))
        start_s = START_S + day * 86400 + part * step_s
        records = [make.event(number, start_s + time, account, region) for number, time in zip(range(first, end), times)]
        for nth, record in enumerate(records):
            if nth == 7 and at in (3, 20, 41):
                record["userIdentity"]["accessKeyId"] = NEEDLE
            if nth == 11 and at == 30:
                record["eventID"] = RARE_EVENT
        delivered = 15 + day + (part + 1) // FILES_A_DAY
        stamp = f"202601{delivered:02}T{24 // FILES_A_DAY * (part + 1) % 24:02}05Z"
        path = os.path.join(folder, "AWSLogs", account, "CloudTrail", region, "2026", "01", f"{delivered:02}",
                            f"{account}_CloudTrail_{region}_{stamp}_{make.hexadecimal(16)}.json.gz")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with gzip.open(path, "wb", compresslevel=1) as file:
            file.write(json.dumps({"Records": records}, separators=(",", ":"), ensure_ascii=at % 2 == 0).encode())
    return len(places)
