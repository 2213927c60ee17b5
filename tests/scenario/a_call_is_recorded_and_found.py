#!/usr/bin/python3
"""tests/scenario/a_call_is_recorded_and_found.py: what the README promises, with the stock CLI: a call, then its event."""
import calendar
import json
import re
import time

from harness import Server, tap
from signer import signed

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def lookup(server, key, value):
    code, answer, error = server.aws("cloudtrail", "lookup-events", "--lookup-attributes",
                                     f"AttributeKey={key},AttributeValue={value}")
    return answer["Events"] if code == 0 else error


def the_cli_creates_and_finds(tap):
    with Server(tap, lab=True) as server:
        before = int(time.time())
        code, answer, error = server.aws("iam", "create-user", "--user-name", "alice", "--path", "/eng/", "--tags",
                                         "Key=team,Value=red")
        tap.equal(code, 0, "aws iam create-user exits 0")
        user = answer["User"]
        tap.equal(user["Arn"], "arn:aws:iam::000000000000:user/eng/alice", "the new user's ARN has account and path")
        tap.check(re.fullmatch(r"AIDA[A-Z0-9]{17}", user["UserId"]), "the new user's id is an AIDA id", user)

        events = lookup(server, "EventName", "CreateUser")
        tap.equal(len(events), 1, "the event is there the moment the call returned")
        event = events[0]
        record = json.loads(event["CloudTrailEvent"])
        tap.equal((event["Username"], event["EventSource"], event["ReadOnly"], event["AccessKeyId"]),
                  ("admin", "iam.amazonaws.com", "false", "test"), "the entry names the caller, the service and the key")
        identity = record["userIdentity"]
        tap.equal({key: identity[key] for key in ("type", "arn", "accountId", "accessKeyId", "userName")},
                  {"type": "IAMUser", "arn": "arn:aws:iam::000000000000:user/admin", "accountId": "000000000000",
                   "accessKeyId": "test", "userName": "admin"}, "the record says who called")
        tap.check("sessionContext" not in identity, "a long-term key has no session context", identity)
        tap.check(record["userAgent"].startswith("aws-cli/2.9.19 "), "the record has the CLI's own user agent", record)
        tap.equal((record["sourceIPAddress"], record["awsRegion"], record["eventVersion"], record["eventType"],
                   record["eventCategory"], record["managementEvent"], record["readOnly"], record["recipientAccountId"]),
                  ("127.0.0.1", "us-east-1", "1.11", "AwsApiCall", "Management", True, False, "000000000000"),
                  "the record has address, region, version, type and category")
        tap.equal(record["requestParameters"], {"userName": "alice", "path": "/eng/", "tags": [
            {"key": "team", "value": "red"}]}, "the record has the request")
        created = record["responseElements"]["user"]
        tap.check(re.fullmatch(r"[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M", created.pop("createDate")),
                  "a date in the response is written as IAM writes it", record)
        tap.equal(created, {"path": "/eng/", "userName": "alice", "userId": user["UserId"], "arn": user["Arn"],
                            "tags": [{"key": "team", "value": "red"}]}, "the record has the answer")
        tap.check(re.fullmatch(UUID, record["requestID"]) and re.fullmatch(UUID, record["eventID"]),
                  "request and event have ids", record)
        when = time.strptime(record["eventTime"], "%Y-%m-%dT%H:%M:%SZ")
        tap.check(before <= calendar.timegm(when) <= time.time(), "the event's time is the call's", record["eventTime"])
        order = ["eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress",
                 "userAgent", "requestParameters", "responseElements", "requestID", "eventID", "readOnly", "eventType",
                 "managementEvent", "recipientAccountId", "eventCategory"]
        tap.equal([name for name in record if name != "tlsDetails"], order, "the members come in AWS's order")
        tap.check(": " not in event["CloudTrailEvent"] or json.dumps(record, separators=(",", ":"), ensure_ascii=False)
                  == event["CloudTrailEvent"], "the record is compact JSON", event["CloudTrailEvent"])

        for key, value in [("EventId", event["EventId"]), ("EventName", "CreateUser"), ("ReadOnly", "false"),
                           ("Username", "admin"), ("ResourceType", "AWS::IAM::User"), ("ResourceName", "alice"),
                           ("EventSource", "iam.amazonaws.com"), ("AccessKeyId", "test")]:
            found = lookup(server, key, value)
            tap.check(isinstance(found, list) and event["EventId"] in [one["EventId"] for one in found],
                      f"it is found by {key}", found)
        for key, value in [("EventName", "createuser"), ("Username", "alice"), ("ResourceName", "Alice"),
                           ("ReadOnly", "True")]:
            tap.equal(lookup(server, key, value), [], f"it is not found by {key}={value}")


def the_request_id_is_the_events(tap):
    with Server(tap, lab=True) as server:
        answer = server.client("iam").list_users()
        newest = server.events(EventName="ListUsers")[0]["record"]
        tap.equal(newest["requestID"], answer["ResponseMetadata"]["RequestId"], "a Query answer's request id is in the event")
        answer = server.client("cloudtrail").lookup_events()
        newest = server.events(EventName="LookupEvents")[0]["record"]
        tap.equal(newest["requestID"], answer["ResponseMetadata"]["RequestId"], "a JSON answer's request id is in the event")
        tap.equal(newest["requestParameters"], None, "a call without parameters records null")
        tap.equal(newest["responseElements"], None, "a read records no answer")


def newest_come_first_and_reads_are_recorded(tap):
    with Server(tap, lab=True) as server:
        sts, iam = server.client("sts"), server.client("iam")
        for name in ("one", "two", "three"):
            iam.create_user(UserName=name)
        sts.get_caller_identity()
        names = [(event["EventName"], (event["record"]["requestParameters"] or {}).get("userName"))
                 for event in server.events()]
        tap.equal(names[:4], [("GetCallerIdentity", None), ("CreateUser", "three"), ("CreateUser", "two"),
                              ("CreateUser", "one")], "the newest event comes first")
        tap.equal(server.events(EventName="GetCallerIdentity")[0]["ReadOnly"], "true", "reads are recorded as reads")


def a_query_call_may_be_a_get(tap):
    """GET with an Action works like the POST form, and is recorded the same."""
    with Server(tap, lab=True) as server:
        host = f"127.0.0.1:{server.port}"
        status, _, body = server.raw(signed("sts", "", host, method="GET",
                                            query="Action=GetCallerIdentity&Version=2011-06-15"))
        tap.check(status == 200 and b"<Arn>arn:aws:iam::000000000000:user/admin</Arn>" in body,
                  "GET /?Action=GetCallerIdentity answers", (status, body))
        tap.equal(len(server.events(EventName="GetCallerIdentity")), 1, "and is recorded")


def a_region_has_its_own_events(tap):
    """IAM has one region; STS is called in each, through its endpoint there."""
    with Server(tap, lab=True) as server:
        far = {"region_name": "eu-north-1"}
        server.client("sts", **far).get_caller_identity()
        server.client("iam", **far).list_users()
        trail, home = server.client("cloudtrail", **far), server.client("cloudtrail")
        names = lambda client: sorted(event["EventName"] for event in client.lookup_events()["Events"])
        tap.equal(names(trail), ["GetCallerIdentity"], "the far region has the call of STS in it")
        tap.equal(names(home), ["ListUsers", "SpoorAccountCreated"], "the home region has the call of IAM")
        record = json.loads(trail.lookup_events()["Events"][-1]["CloudTrailEvent"])
        tap.equal(record["awsRegion"], "eu-north-1", "and the record names the region")


tap.run(the_cli_creates_and_finds, the_request_id_is_the_events, newest_come_first_and_reads_are_recorded,
        a_query_call_may_be_a_get, a_region_has_its_own_events)
