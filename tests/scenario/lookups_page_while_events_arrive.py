#!/usr/bin/python3
"""tests/scenario/lookups_page_while_events_arrive.py: without --lab: pages that do not shift, time ranges, tokens that bind."""
import datetime

from harness import Server, tap, until


def pages_do_not_shift(tap):
    with Server(tap, lab=False) as server:
        iam, trail = server.client("iam"), server.client("cloudtrail")
        for number in range(23):
            iam.create_user(UserName=f"u{number:02}")
        attribute = [{"AttributeKey": "EventName", "AttributeValue": "CreateUser"}]
        page = trail.lookup_events(LookupAttributes=attribute, MaxResults=10)
        seen = list(page["Events"])
        while "NextToken" in page:
            iam.create_user(UserName=f"later{len(seen)}")
            page = trail.lookup_events(LookupAttributes=attribute, MaxResults=7, NextToken=page["NextToken"])
            seen += page["Events"]
        names = [event["Resources"][0]["ResourceName"] for event in seen]
        tap.equal(names, [f"u{number:02}" for number in range(22, -1, -1)], "every event once, newest first, none that came later")
        server_side = trail.lookup_events(LookupAttributes=attribute, MaxResults=10)
        token = server_side["NextToken"]
        for name, change in [("another attribute", {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "GetUser"}]}),
                             ("another start", {"StartTime": datetime.datetime(2020, 1, 1)}), ("no attribute", {"LookupAttributes": []})]:
            tap.refused(f"the token with {name}", "InvalidNextTokenException", trail.lookup_events, status=400,
                        **{"LookupAttributes": attribute, "NextToken": token, **change})
        changed = ("A" if token[10] != "A" else "B")
        tap.refused("a token with one letter changed", "InvalidNextTokenException", trail.lookup_events, LookupAttributes=attribute,
                    NextToken=token[:10] + changed + token[11:], status=400)
        server.restart()
        again = server.client("cloudtrail").lookup_events(LookupAttributes=attribute, MaxResults=10, NextToken=token)
        tap.equal(len(again["Events"]), 10, "a token outlives a restart")


def times_narrow(tap):
    with Server(tap, lab=False) as server:
        sts, trail = server.client("sts"), server.client("cloudtrail")
        sts.get_caller_identity()
        when = server.events(EventName="GetCallerIdentity")[0]["EventTime"]
        second = datetime.timedelta(seconds=1)

        def found(**times):
            return len(trail.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "GetCallerIdentity"}],
                                           **times)["Events"])
        tap.equal(found(StartTime=when, EndTime=when), 1, "both ends are inclusive")
        tap.equal(found(StartTime=when + second), 0, "a start after it")
        tap.equal(found(EndTime=when - second), 0, "an end before it")
        tap.equal(found(StartTime=when - second, EndTime=when + second), 1, "a range around it")
        tap.equal(found(StartTime=when - datetime.timedelta(days=400)), 1, "a start before the 90 days is clamped")
        tap.equal(found(EndTime=when - datetime.timedelta(days=100)), 0, "an end before them finds nothing")
        tap.refused("a start after the end", "InvalidTimeRangeException", trail.lookup_events, StartTime=when, EndTime=when - second)


def each_region_and_account_has_its_own(tap):
    with Server(tap, lab=False) as server:
        server.client("iam", region="eu-west-1").list_users()
        server.client("cloudtrail", region="eu-west-1").lookup_events()
        here = [event["EventName"] for event in server.events()]
        tap.check("ListUsers" in here, "global services are found in us-east-1", here)
        there = [event["EventName"] for event in server.events(server.client("cloudtrail", region="eu-west-1"))]
        tap.check("LookupEvents" in there and "ListUsers" not in there, "a regional call is found in its region only", there)
        region = server.events(server.client("cloudtrail", region="eu-west-1"))[0]["record"]["awsRegion"]
        tap.equal(region, "eu-west-1", "and says so")


def many_events_are_found_one_by_one(tap):
    with Server(tap, lab=False) as server:
        iam = server.client("iam")
        for number in range(300):
            iam.create_user(UserName=f"user-{number}")
        for number in (0, 150, 299):
            found = server.events(ResourceName=f"user-{number}")
            tap.equal([event["EventName"] for event in found], ["CreateUser"], f"user-{number} is found among 300")
        tap.equal(len(server.events(limit=1000, EventName="CreateUser")), 300, "all 300 are found")
        trail, page = server.client("cloudtrail"), [{"AttributeKey": "EventName", "AttributeValue": "CreateUser"}]
        tap.equal(len(trail.lookup_events(LookupAttributes=page)["Events"]), 50, "fifty a page unless told")
        tap.equal(trail.lookup_events(EventCategory="insight")["Events"], [], "none of them is an Insights event")
        tap.refused("Insights events have no user name", "InvalidLookupAttributesException", trail.lookup_events, EventCategory="insight",
                    LookupAttributes=[{"AttributeKey": "Username", "AttributeValue": "x"}], status=400)
        server.restart()
        tap.equal(len(server.events(limit=1000, EventName="CreateUser")), 300, "after a restart too")
        tap.equal(len(server.events(ResourceName="user-150")), 1, "and one among them")


def lookups_are_throttled_as_by_aws(tap):
    with Server(tap, lab=False, flags=["--throttle", "aws"]) as server:
        trail = server.client("cloudtrail")
        answers = []
        for _ in range(20):
            try:
                trail.lookup_events(MaxResults=1)
                answers.append("ok")
            except trail.exceptions.ClientError as error:
                answers.append((error.response["Error"]["Code"], error.response["Error"]["Message"],
                                error.response["ResponseMetadata"]["HTTPStatusCode"]))
        tap.equal(answers[:2], ["ok", "ok"], "two lookups a second are answered")
        tap.check(("ThrottlingException", "Rate exceeded", 400) in answers, "the next ones are not", answers)
        until(lambda: len(answers) > 20 or retried(trail, answers), "a second later")
        tap.equal(answers[-1], "ok", "a moment later they are again")
        server.stop()
        server.flags = []
        server.start()
        records = [event["record"] for event in server.events(EventName="LookupEvents")]
        refused = [record for record in records if record.get("errorCode") == "ThrottlingException"]
        tap.check(len(refused) >= answers.count(("ThrottlingException", "Rate exceeded", 400)), "each refusal is recorded", len(refused))
        tap.check(all(record["requestParameters"] is None and record["errorMessage"] == "Rate exceeded" for record in refused),
                  "without its parameters", refused[:1])


def retried(trail, answers):
    try:
        trail.lookup_events(MaxResults=1)
        answers.append("ok")
        return True
    except trail.exceptions.ClientError:
        return False


tap.run(pages_do_not_shift, times_narrow, each_region_and_account_has_its_own, many_events_are_found_one_by_one,
        lookups_are_throttled_as_by_aws)
