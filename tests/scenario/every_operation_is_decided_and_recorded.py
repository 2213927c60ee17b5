#!/usr/bin/python3
"""tests/scenario/every_operation_is_decided_and_recorded.py: without --lab: each operation that is served, asked by nobody, by the administrator, and without sense."""
import json
import subprocess

from harness import BIN, Server, policy, tap, trust
from signer import TARGETS, form, signed
from botocore.exceptions import ClientError

DOCUMENT = json.dumps(policy("Allow", "s3:*"))
ASKS_NOBODY = {"GetCallerIdentity", "GetSessionToken"}          # no policy can forbid them
HIDDEN = {"Password", "OldPassword", "NewPassword", "TokenCode", "AuthenticationCode1", "AuthenticationCode2"}
# verbs of reads, and what is one or is none against its verb
READS = ("Get", "List", "Simulate", "Lookup", "Describe")
AGAINST_ITS_VERB = {"AssumeRole": True, "GetSessionToken": False, "GetFederationToken": False, "GenerateCredentialReport": True}


SERVICES = ("iam", "sts", "cloudtrail")                        # S3 has ways of its own


def served():
    """(service, operation) of `spoor operations`."""
    lines = subprocess.run([BIN, "operations"], capture_output=True, text=True).stdout.split("\n")
    return [tuple(line.split()) for line in lines if line.startswith(SERVICES)]


def sensible(account):
    """A value for each required member: well-formed, about things that are not there."""
    arn, trail = f"arn:aws:iam::{account}:", f"arn:aws:cloudtrail:us-east-1:{account}:trail/ghost"
    return {
        "UserName": "ghost", "RoleName": "ghost", "GroupName": "ghost", "InstanceProfileName": "ghost", "PolicyName": "ghost",
        "PolicyArn": arn + "policy/ghost", "PolicyDocument": DOCUMENT, "AssumeRolePolicyDocument": json.dumps(trust(account)),
        "VersionId": "v1", "AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "Status": "Inactive", "AccountAlias": "ghost", "Description": "d",
        "PermissionsBoundary": arn + "policy/ghost", "Tags": [{"Key": "a", "Value": "b"}], "TagKeys": ["a"], "Password": "Zebra-12345!",
        "OldPassword": "Zebra-12345!", "NewPassword": "Zebra-123456!", "PolicySourceArn": arn + "user/ghost", "ActionNames": ["s3:GetObject"],
        "PolicyInputList": [DOCUMENT], "RoleArn": arn + "role/ghost", "RoleSessionName": "ghost", "Name": "ghost",
        "SerialNumber": arn + "mfa/ghost", "VirtualMFADeviceName": "ghost", "AuthenticationCode1": "123456",
        "AuthenticationCode2": "654321", "S3BucketName": "ghost", "TrailName": "ghost", "ResourceId": trail, "ResourceIdList": [trail],
        "TagsList": [{"Key": "a", "Value": "b"}], "InsightSelectors": [],
    }


def snake(name):
    return "".join("_" + letter.lower() if letter.isupper() and (not index or not name[index - 1].isupper()) else letter.lower()
                   for index, letter in enumerate(name)).lstrip("_")


def as_recorded(value):
    """A request as CloudTrail writes it: the first letter of each member lowered."""
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: as_recorded(inner) for name, inner in value.items() if name not in HIDDEN}
    return [as_recorded(inner) for inner in value] if isinstance(value, list) else value


def newest(server, trail, name):
    return server.events(trail, limit=1, EventName=name)[0]["record"]


def nobody_may(tap, server, trail, operation, method, arguments):
    try:
        method(**arguments)
        tap.check(operation in ASKS_NOBODY, f"{operation} is refused to whom no policy allows it", "it was answered")
        return
    except ClientError as error:
        code = error.response["Error"]["Code"]
    tap.check(code in ("AccessDenied", "AccessDeniedException"), f"{operation} is refused to whom no policy allows it", code)
    record = newest(server, trail, operation)
    tap.equal((record.get("errorCode"), record["requestParameters"], record["responseElements"], "resources" in record,
               record["userIdentity"]["userName"]), ("AccessDenied", None, None, False, "nobody"), f"the refusal of {operation} is recorded")


def faults_of(record, operation, service, answer, arguments):
    """What is wrong with the event of a call that was let through, whatever came of it."""
    is_read = AGAINST_ITS_VERB.get(operation, operation.startswith(READS))
    if record["readOnly"] is not is_read:
        yield f"readOnly {record['readOnly']}"
    if record["requestParameters"] == {} or record["responseElements"] == {}:
        yield "an empty object where AWS writes null"
    wanted = None if operation == "ChangePassword" else as_recorded(arguments) or None
    if record["requestParameters"] != wanted and record.get("errorCode") != "AccessDenied":
        yield f"requestParameters {record['requestParameters']}, wanted {wanted}"
    if (is_read and operation != "AssumeRole" or "errorCode" in record) and record["responseElements"] is not None:
        yield f"responseElements {record['responseElements']}"
    if isinstance(answer, dict) == ("errorCode" in record):
        yield f"errorCode {record.get('errorCode')} of {answer}"
    if service == "iam" and record.get("errorCode", "Exception") not in ("AccessDenied",) \
            and not record.get("errorCode", "Exception").endswith("Exception"):
        yield f"errorCode {record['errorCode']} without Exception"
    if (record["awsRegion"], record["eventCategory"], record["managementEvent"]) != ("us-east-1", "Management", True):
        yield f"{record['awsRegion']} {record['eventCategory']}"
    if record["eventSource"] != service + ".amazonaws.com" or record["eventType"] != "AwsApiCall":
        yield f"{record['eventSource']} {record['eventType']}"


def each_call(tap):
    with Server(tap, lab=False) as server:
        nobody, values = server.new_user("nobody"), sensible(server.account)
        clients = {name: (server.client(name), server.session_client(name, nobody)) for name in SERVICES}
        trail = clients["cloudtrail"][0]
        for service, operation in served():
            mine, theirs = clients[service]
            model = mine.meta.service_model.operation_model(operation)
            required = model.input_shape.required_members if model.input_shape else []
            if not set(required) <= set(values):
                tap.skip(operation, f"sensible() has no value for {sorted(set(required) - set(values))}")
                continue
            arguments = {name: values[name] for name in required}
            name = {value: key for key, value in mine.meta.method_to_api_mapping.items()}[operation]
            nobody_may(tap, server, trail, operation, getattr(theirs, name), arguments)
            try:
                answer = getattr(mine, name)(**arguments)
                status = 200
            except ClientError as error:
                answer, status = error, error.response["ResponseMetadata"]["HTTPStatusCode"]
            faults = list(faults_of(newest(server, trail, operation), operation, service, answer, arguments))
            tap.check(status < 500 and not faults, f"{operation} is answered with {status} and recorded", "\n".join(map(str, faults)))


def each_call_without_sense(tap):
    """What a client does wrong is never the server's fault: a 5xx makes every SDK repeat the call four times."""
    with Server(tap, lab=False) as server:
        host, wrong = f"127.0.0.1:{server.port}", []
        texts = {"nothing": {}, "empty texts": "", "a long text": "x" * 70000, "a number": "-1", "letters from afar": "\U0001f63a\u0000"}
        clients = {name: server.client(name) for name in SERVICES}
        for service, operation in served():
            members = clients[service].meta.service_model.operation_model(operation).input_shape
            for name, text in texts.items():
                given = {} if text == {} else {member: text for member in (members.members if members else [])}
                headers = {"X-Amz-Target": TARGETS[service] + operation} if service in TARGETS else {}
                body = json.dumps(given) if service in TARGETS else form(operation, service, **given)
                answer = server.raw(signed(service, body, host, server.key, server.secret, headers=headers))
                if not answer or answer[0] >= 500 or (name == "a long text" and given and answer[0] == 200 and operation != "GetCallerIdentity"):
                    wrong.append((operation, name, answer and answer[::2]))
        tap.equal(wrong, [], "no operation fails on nonsense")
        tap.equal([user["UserName"] for user in server.client("iam").list_users()["Users"]], [server.secrets["administrator_user_name"]],
                  "and nothing was made of it")


tap.run(each_call, each_call_without_sense)
