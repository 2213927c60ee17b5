#!/usr/bin/python3
"""tests/scenario/tutorials_work_as_written.py: what public CloudTrail tutorials tell people to type, typed.

The commands are those of CloudTrail labs for beginners, shell and all; `aws` is Debian's AWS CLI with this
server as its endpoint, `awslocal` the script in bin/."""
import gzip
import json
import os
import subprocess
import time

from harness import ROOT, Server, policy, tap, trust, until


class Shell:
    """bash, with `aws` and `awslocal` on PATH."""

    def __init__(self, server):
        self.server, self.bin = server, os.path.join(server.home, "bin")
        os.mkdir(self.bin)
        path = os.path.join(self.bin, "aws")
        with open(path, "w") as file:
            file.write(f'#!/bin/sh\nexec /usr/bin/aws --endpoint-url {server.url} "$@"\n')
        os.chmod(path, 0o755)
        os.symlink(os.path.join(ROOT, "bin/awslocal"), os.path.join(self.bin, "awslocal"))

    def __call__(self, line, **who):
        env = self.server.environment(**who)
        env.update(PATH=f"{self.bin}:{env['PATH']}", AWS_ENDPOINT_URL=self.server.url)
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=env, cwd=self.server.home)
        return done.returncode, done.stdout, done.stderr.strip()

    def events(self, line):
        """The records of a lookup-events command."""
        code, out, error = self(line)
        if code:
            raise RuntimeError(f"{line}: exit {code}: {error}")
        return [json.loads(event["CloudTrailEvent"]) for event in json.loads(out)["Events"]]


def names(records):
    return [record["eventName"] for record in records]


def activity(shell):
    """Somebody works, and somebody may not."""
    server = shell.server
    given = {}
    for line in ("aws iam create-user --user-name test-user",
                 "aws iam attach-user-policy --user-name test-user --policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess",
                 "awslocal iam list-users"):
        given[line] = shell(line)
    key = json.loads(shell("aws iam create-access-key --user-name test-user")[1])["AccessKey"]
    who = {"key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
    given["denied"] = shell("aws iam create-user --user-name evil", **who)
    server.tap.equal([(line, code, error) for line, (code, _, error) in given.items() if code and line != "denied"], [],
                     "users, policies and keys are made")
    server.tap.check(given["denied"][0] == 254 and "AccessDenied" in given["denied"][2], "who may not is refused", given["denied"])
    return who


def recent_events_and_filters(tap):
    """A tutorial for an emulator: the newest events, by user, by resource, by time, errors with grep."""
    with Server(tap, lab=True) as server:
        shell = Shell(server)
        activity(shell)
        newest = shell.events("awslocal cloudtrail lookup-events --max-results 20")
        tap.equal(names(newest), ["CreateUser", "CreateAccessKey", "ListUsers", "AttachUserPolicy", "CreateUser", "SpoorAccountCreated"],
                  "--max-results 20 shows what was done, the newest first")
        mine = shell.events("awslocal cloudtrail lookup-events \\\n    --lookup-attributes AttributeKey=Username,AttributeValue=test-user")
        tap.equal([(record["eventName"], record.get("errorCode")) for record in mine], [("CreateUser", "AccessDenied")],
                  "by user: all that the user did")
        none = shell.events("awslocal cloudtrail lookup-events \\\n    --lookup-attributes AttributeKey=ResourceName,AttributeValue=my-bucket")
        tap.equal(none, [], "by a resource that nobody touched: an empty list")
        about = shell.events("awslocal cloudtrail lookup-events \\\n    --lookup-attributes AttributeKey=ResourceName,AttributeValue=test-user")
        tap.check({"CreateUser", "AttachUserPolicy", "CreateAccessKey"} <= set(names(about)), "by the user's name: what was done to it",
                  names(about))
        day = newest[-2]["eventTime"][:11]               # of the first CreateUser: it may be yesterday's by now
        today = shell.events(f"awslocal cloudtrail lookup-events \\\n    --start-time {day}00:00:00Z \\\n    --end-time {day}23:59:59Z")
        tap.check("CreateUser" in names(today), "today's events by --start-time and --end-time", names(today))
        code, out, _ = shell('awslocal cloudtrail lookup-events --max-results 50 | grep "errorCode"')
        tap.check(code == 0 and "AccessDenied" in out and out.count("\n") == 1, 'grep "errorCode" finds the refused call', out)
        raised = shell.events("awslocal cloudtrail lookup-events \\\n"
                              "    --lookup-attributes AttributeKey=EventName,AttributeValue=AttachUserPolicy")
        tap.equal([record["requestParameters"]["policyArn"] for record in raised], ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
                  "by event name: who attached which policy")
        buckets = shell.events("awslocal cloudtrail lookup-events \\\n"
                               "    --lookup-attributes AttributeKey=ResourceType,AttributeValue=AWS::S3::Bucket")
        tap.equal(buckets, [], "by a resource type that nobody touched")
        shell("awslocal iam list-users")
        code, out, _ = shell("awslocal cloudtrail lookup-events --max-results 5")
        page = json.loads(out)
        tap.check(len(page["Events"]) == 5 and page["NextToken"], "--max-results 5 shows five and where to go on", page)


def a_trail_is_looked_over_and_mended(tap):
    """A course on monitoring: which trails there are, whether they log and deliver, and what to do if one is too small."""
    with Server(tap, lab=True, flags=["--delivery-interval", "1"]) as server:
        shell = Shell(server)
        shell("aws s3 mb s3://management-logs")
        shell("aws cloudtrail create-trail --name management-trail --s3-bucket-name management-logs")
        shell("aws cloudtrail start-logging --name management-trail")
        listing = ('aws cloudtrail describe-trails --query "trailList[*].[Name,IsMultiRegionTrail,LogFileValidationEnabled,'
                   'HasCustomEventSelectors]" --output table')
        row = [cell.strip() for cell in shell(listing)[1].splitlines()[3].strip("| ").split("|")]
        tap.equal(row, ["management-trail", "False", "False", "False"], "describe-trails as a table")
        status = ('aws cloudtrail get-trail-status --name management-trail \\\n  --query "[IsLogging, LatestDeliveryTime, LatestDeliveryError]" '
                  "\\\n  --output table")
        tap.check(until(lambda: "+00:00" in shell(status)[1], "a first delivery"), "get-trail-status shows when it delivered", shell(status))
        tap.check("True" in shell(status)[1] and "None" in shell(status)[1], "that it logs, and no error", shell(status))
        code, _, error = shell("aws cloudtrail update-trail \\\n  --name management-trail \\\n  --is-multi-region-trail \\\n"
                               "  --enable-log-file-validation")
        tap.equal((code, error), (0, ""), "update-trail")
        row = [cell.strip() for cell in shell(listing)[1].splitlines()[3].strip("| ").split("|")]
        tap.equal(row, ["management-trail", "True", "True", "False"], "it covers all regions and signs digests now")


def a_policy_for_the_metric_filter(tap):
    """A lab on alarms: it makes a policy so that its filters see something, and may be run again."""
    line = """aws iam create-policy --policy-name CloudMart-Test-Policy --policy-document '{
     "Version": "2012-10-17",
     "Statement": [{
       "Effect": "Allow",
       "Action": "s3:GetObject",
       "Resource": "*"
     }]
   }' 2>/dev/null || echo "Policy creation attempted - may already exist" """
    with Server(tap, lab=False) as server:
        shell = Shell(server)
        code, out, _ = shell(line)
        tap.equal((code, json.loads(out)["Policy"]["Arn"]), (0, f"arn:aws:iam::{server.account}:policy/CloudMart-Test-Policy"),
                  "the policy is made")
        code, out, _ = shell(line)
        tap.equal((code, out.strip()), (0, "Policy creation attempted - may already exist"), "a second time it says so")
        found = shell.events("aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=CreatePolicy")
        tap.equal([(record["eventName"], record.get("errorCode")) for record in found],
                  [("CreatePolicy", "EntityAlreadyExistsException"), ("CreatePolicy", None)], "both are events that its filter matches")
        tap.check(all(record["userIdentity"]["type"] != "Root" for record in found), "and neither is root's")


def the_events_worth_an_alert(tap):
    """A table of IAM and security events to watch: each is made, and each is found by its name."""
    with Server(tap, lab=False) as server:
        shell = Shell(server)
        role, document = json.dumps(trust(server.account)), json.dumps(policy("Allow", "iam:ListUsers"))
        password = "Correct-horse-1-battery"
        lines = {
            "CreateUser": "aws iam create-user --user-name worker",
            "PutUserPolicy": f"aws iam put-user-policy --user-name worker --policy-name p --policy-document '{document}'",
            "AttachUserPolicy": "aws iam attach-user-policy --user-name worker --policy-arn "
                                "arn:aws:iam::aws:policy/IAMUserChangePassword",
            "CreateLoginProfile": f"aws iam create-login-profile --user-name worker --password {password}",
            "CreateRole": f"aws iam create-role --role-name night --assume-role-policy-document '{role}'",
            "AssumeRole": f"aws sts assume-role --role-arn arn:aws:iam::{server.account}:role/night --role-session-name shift",
            "GetSessionToken": "aws sts get-session-token",
            "CreateAccessKey": "aws iam create-access-key --user-name worker",
        }
        worker = {}
        for name, line in lines.items():
            code, out, error = shell(line)
            tap.equal((code, error), (0, ""), line.split(" --")[0])
            if name == "CreateAccessKey":
                key = json.loads(out)["AccessKey"]
                worker = {"key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
        code, _, error = shell(f"aws iam change-password --old-password {password} --new-password {password}2", **worker)
        tap.equal((code, error), (0, ""), "aws iam change-password, by the user")
        for line in (f"aws iam delete-access-key --user-name worker --access-key-id {worker['key']}",
                     "aws iam delete-user-policy --user-name worker --policy-name p",
                     "aws iam detach-user-policy --user-name worker --policy-arn arn:aws:iam::aws:policy/IAMUserChangePassword",
                     "aws iam delete-login-profile --user-name worker", "aws iam delete-user --user-name worker"):
            code, _, error = shell(line)
            tap.equal((code, error), (0, ""), line.split(" --")[0])
        for name in [*lines, "ChangePassword", "DeleteAccessKey", "DeleteUser"]:
            found = [event["record"] for event in server.events(EventName=name)]
            tap.check(len(found) >= 1 and not any("errorCode" in record for record in found), f"{name} is found", found)
            tap.check(password not in json.dumps(found), f"and no password is in {name}")
        old = shell.events("aws cloudtrail lookup-events --start-time 2025-01-01 --end-time 2025-01-31")
        tap.equal(old, [], "a month before the history: an empty list")


def a_trail_for_an_emulator(tap):
    """The manual set-up of a trail, its troubleshooting, and what is to be seen then."""
    with Server(tap, lab=True) as server:
        shell = Shell(server)
        tap.equal(shell("awslocal s3 mb s3://cloudtrail-logs-bucket"), (0, "make_bucket: cloudtrail-logs-bucket\n", ""), "a bucket for logs")
        code, out, error = shell("awslocal cloudtrail create-trail \\\n    --name security-audit-trail \\\n"
                                 "    --s3-bucket-name cloudtrail-logs-bucket")
        tap.check(code == 0 and json.loads(out)["TrailARN"] == f"arn:aws:cloudtrail:us-east-1:{server.account}:trail/security-audit-trail",
                  "create-trail", (code, out, error))
        status = "awslocal cloudtrail get-trail-status --name security-audit-trail"
        tap.equal(json.loads(shell(status)[1])["IsLogging"], False, "it does not log yet")
        tap.equal(shell("awslocal cloudtrail start-logging --name security-audit-trail"), (0, "", ""), "start-logging")
        tap.equal(json.loads(shell(status)[1])["IsLogging"], True, "get-trail-status: now it does")
        shell("awslocal s3 ls")
        shell("awslocal iam list-users")
        newest = shell.events("awslocal cloudtrail lookup-events --max-results 5")
        tap.equal(names(newest), ["ListUsers", "ListBuckets", "GetTrailStatus", "StartLogging", "GetTrailStatus"], "the newest five")
        tap.equal(names(shell.events("awslocal cloudtrail lookup-events --max-results 20"))[:3], ["LookupEvents", "ListUsers", "ListBuckets"],
                  "the newest twenty, with that look at them")
        buckets = shell.events("awslocal cloudtrail lookup-events \\\n"
                               "    --lookup-attributes AttributeKey=ResourceType,AttributeValue=AWS::S3::Bucket")
        tap.check({"CreateBucket", "CreateTrail"} <= set(names(buckets)), "what was done to buckets", names(buckets))
        about = shell.events("awslocal cloudtrail lookup-events \\\n"
                             "    --lookup-attributes AttributeKey=ResourceName,AttributeValue=cloudtrail-logs-bucket")
        tap.check({"CreateBucket", "CreateTrail"} <= set(names(about)), "and to this one", names(about))


def a_trail_for_security_monitoring(tap):
    """A practical: a trail of all regions for all management events, something is done, and its log file is opened."""
    with Server(tap, lab=True, flags=["--delivery-interval", "1"]) as server:
        shell = Shell(server)
        begun = time.time()
        for line in ("aws s3 mb s3://my-security-logs",
                     "aws cloudtrail create-trail --name SecurityTrail --s3-bucket-name my-security-logs --is-multi-region-trail",
                     "aws cloudtrail put-event-selectors --trail-name SecurityTrail --event-selectors "
                     "'[{\"ReadWriteType\": \"All\", \"IncludeManagementEvents\": true}]'",
                     "aws cloudtrail start-logging --name SecurityTrail",
                     "aws s3api put-object --bucket my-security-logs --key Sample/",
                     "aws iam create-user --user-name practical"):
            code, _, error = shell(line)
            tap.equal((code, error), (0, ""), " ".join(line.split()[:3]))
        folder, records = f"AWSLogs/{server.account}/CloudTrail/us-east-1/", []

        def downloaded():
            files = os.path.join(server.home, "logs")
            for day in sorted({time.strftime("%Y/%m/%d/", time.gmtime(when)) for when in (begun, time.time())}):
                shell(f"aws s3 sync s3://my-security-logs/{folder}{day} {files}")
            records[:] = []
            for name in sorted(os.listdir(files)) if os.path.isdir(files) else []:
                with gzip.open(os.path.join(files, name)) as file:
                    records.extend(json.load(file)["Records"])
            return "CreateUser" in names(records)

        tap.check(until(downloaded, "a log file with CreateUser"), f"log files lie in {folder}YYYY/MM/DD/", names(records))
        made = [record for record in records if record["eventName"] == "CreateUser"]
        tap.equal([record["requestParameters"] for record in made], [{"userName": "practical"}], "and tell what was done, once")
        tap.check("StartLogging" in names(records), "from the first moment", names(records))
        for line in ("aws cloudtrail delete-trail --name SecurityTrail", "aws s3 rb s3://my-security-logs --force"):
            code, _, error = shell(line)
            tap.equal((code, error), (0, ""), "cleaning up: " + " ".join(line.split()[:3]))


tap.run(recent_events_and_filters, a_trail_for_an_emulator, a_trail_for_security_monitoring,
        a_trail_is_looked_over_and_mended, a_policy_for_the_metric_filter, the_events_worth_an_alert)
