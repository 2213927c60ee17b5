#!/usr/bin/python3
"""tests/scenario/match_is_grep_for_audit_logs.py: spoor match over a responder's folder: patterns, files of every kind, and what it says of broken ones."""
import contextlib
import csv
import fcntl
import gzip
import io
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import tempfile
import termios

from harness import BIN, tap, until

ROOT_USE = '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }'
NO_MFA = '{($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }'
DENIED = '{($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")}'


def match(*arguments, stdin=None):
    done = subprocess.run([BIN, "match", *arguments], capture_output=True, text=True, input=stdin)
    return done.returncode, done.stdout, done.stderr


def event(draw, number):
    record = {"eventVersion": "1.09", "eventID": f"event-{number}", "eventTime": f"2024-01-{number % 28 + 1:02}T10:00:00Z",
              "eventSource": "signin.amazonaws.com", "eventName": draw.choice(["ConsoleLogin", "GetObject", "DescribeInstances"]),
              "userIdentity": {"type": draw.choice(["Root", "IAMUser", "AssumedRole"]), "userName": "r\u00e9my \"r\""}}
    if draw.random() < 0.8:
        record["eventType"] = draw.choice(["AwsApiCall", "AwsServiceEvent"])
    if draw.random() < 0.3:
        record["errorCode"] = draw.choice(["AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation", "ThrottlingException"])
    if draw.random() < 0.5:
        record["additionalEventData"] = {"MFAUsed": draw.choice(["Yes", "No"])}
    if draw.random() < 0.2:
        record["userIdentity"]["invokedBy"] = "cloudformation.amazonaws.com"
    return record


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with (gzip.open(path, "wt") if path.endswith(".gz") else open(path, "w")) as file:
        file.write(text)


class Archive:
    """A folder as AWS makes it, and one of files as people keep them; the events in the order of the files' names."""

    def __init__(self, home):
        draw = random.Random(20260117)
        self.folder, self.events, self.files = home + "/logs", [], {}
        for day in range(1, 21):
            name = f"AWSLogs/111122223333/CloudTrail/us-east-1/2024/01/{day:02}/111122223333_CloudTrail_us-east-1_202401{day:02}T1005Z_AbCdEfGhIjKlMnOp.json.gz"
            self.add(name, [dict(event(draw, len(self.events) + i), eventTime=f"2024-01-{day:02}T10:00:00Z") for i in range(draw.randrange(60))],
                     lambda events: json.dumps({"Records": events}))
        self.add("x/lines.jsonl", [event(draw, 5000 + i) for i in range(40)], lambda events: "".join(json.dumps(e) + "\n" for e in events))
        self.add("x/lookup.json", [event(draw, 6000 + i) for i in range(40)],
                 lambda events: json.dumps({"Events": [{"EventId": e["eventID"], "CloudTrailEvent": json.dumps(e)} for e in events]}))
        self.add("x/pretty.json", [event(draw, 7000 + i) for i in range(40)], lambda events: json.dumps({"Records": events}, indent=2))

    def add(self, name, events, form):
        write(f"{self.folder}/{name}", form(events))
        self.files[name] = events
        self.events += events

    def having(self, condition):
        return [e["eventID"] for e in self.events if condition(e)]


def ids(out):
    return [json.loads(line)["eventID"] for line in out.splitlines()]


def is_root_use(e):
    return e["userIdentity"]["type"] == "Root" and "invokedBy" not in e["userIdentity"] and e.get("eventType", "AwsServiceEvent") != "AwsServiceEvent"


def is_no_mfa(e):
    return e["eventName"] == "ConsoleLogin" and e.get("additionalEventData", {}).get("MFAUsed", "Yes") != "Yes"


def is_denied(e):
    return e.get("errorCode", "").endswith("UnauthorizedOperation") or e.get("errorCode", "").startswith("AccessDenied")


def events_are_found(tap, home, archive):
    for pattern, condition in ((ROOT_USE, is_root_use), (NO_MFA, is_no_mfa), (DENIED, is_denied)):
        code, out, err = match(pattern, archive.folder)
        want = archive.having(condition)
        tap.equal((code, ids(out)), (0, want), f"{len(want)} events in the order of the files: {pattern}")
        tap.check(err.startswith(f"matched {len(want)} of {len(archive.events)} records in {len(archive.files)} files, "), "the count is said", err)
        tap.equal(ids(match("-v", pattern, archive.folder)[1]), archive.having(lambda e: not condition(e)), "-v gives the others")
        tap.equal(match("--threads", "1", pattern, archive.folder)[1], out, "one worker and many print the same")
        tap.equal(match("--threads", "7", pattern, archive.folder)[1], out, "seven too")
    write(home + "/patterns", f"{ROOT_USE}\n\n  {NO_MFA}\r\n")
    either = archive.having(lambda e: is_root_use(e) or is_no_mfa(e) or is_denied(e))
    tap.equal(ids(match("-f", home + "/patterns", "-e", DENIED, archive.folder)[1]), either, "-f and -e: one of the patterns")
    tap.equal(ids(match("ThrottlingException ConsoleLogin", archive.folder)[1]),
              archive.having(lambda e: e.get("errorCode") == "ThrottlingException" and e["eventName"] == "ConsoleLogin"), "terms")
    tap.equal(ids(match("-e", "-ConsoleLogin", archive.folder)[1]), archive.having(lambda e: e["eventName"] != "ConsoleLogin"), "an excluded term")
    tap.equal(ids(match('{ $.userIdentity.userName = "r\u00e9my \\"r\\"" && $.eventID = %^event-[0-9]{2}$% }', archive.folder)[1]),
              archive.having(lambda e: len(e["eventID"]) == 8), "escapes in the file and in the pattern; a regular expression")


def counts_and_names(tap, home, archive):
    counts = [(name, sum(map(is_denied, events))) for name, events in archive.files.items()]
    code, out, _ = match("-c", DENIED, archive.folder)
    tap.equal((code, out), (0, "".join(f"{archive.folder}/{name}:{count}\n" for name, count in counts if count)), "-c counts by file")
    lines = f"{archive.folder}/x/lines.jsonl"
    tap.equal(match("-c", DENIED, lines)[1], f"{dict(counts)['x/lines.jsonl']}\n", "-c of one file is a number")
    tap.equal(match("-c", "{ $.no = 1 }", lines)[:2], (1, "0\n"), "which may be zero")
    tap.equal(match("-l", DENIED, archive.folder)[1], "".join(f"{archive.folder}/{name}\n" for name, count in counts if count), "-l names files")
    none = [name for name, events in archive.files.items() if any(e["eventName"] != "GetObject" for e in events)]
    tap.equal(match("-vl", "{ $.eventName = GetObject }", archive.folder)[1], "".join(f"{archive.folder}/{name}\n" for name in none), "-vl")
    with open(lines) as file:
        tap.equal(match("-c", DENIED, "-", stdin=file.read())[1], f"{dict(counts)['x/lines.jsonl']}\n", "standard input")
    with open(f"{archive.folder}/x/pretty.json") as file:
        out = match("{ $.eventID = * }", "-", stdin=file.read())[1]
    tap.equal([json.loads(line) for line in out.splitlines()], archive.files["x/pretty.json"], "an event of many lines is printed on one, unchanged")


def a_large_file_is_shared(tap, home, archive):
    large = home + "/large"
    for name in "a.jsonl", "b.jsonl.gz":
        write(f"{large}/{name}", "".join(json.dumps({"eventID": f"{name}-{i}", "n": i % 10}) + "\n" for i in range(40000)))
    write(f"{large}/c.jsonl", '{"eventID":"c","n":3}\n')
    os.symlink("c.jsonl", f"{large}/d.jsonl")
    for flags, count in ((), 16002), (("-c",), 4), (("-l",), 4), (("-vc",), 2), (("-v",), 64000):
        one = match(*flags, "--threads", "1", "{ $.n = 3 || $.n = 7 }", large)
        tap.equal((one[0], one[1].count("\n")), (0, count), f"large files: {' '.join(flags)}")
        for threads in "2", "7":
            tap.check(match(*flags, "--threads", threads, "{ $.n = 3 || $.n = 7 }", large) == one, f"{threads} workers that share them give the same, and say the same")
    tap.equal(match("-c", "{ $.n = 3 }", large)[1], f"{large}/a.jsonl:4000\n{large}/b.jsonl.gz:4000\n{large}/c.jsonl:1\n{large}/d.jsonl:1\n", "counts of shared files add up; a link is read")


def formats(tap, home, archive):
    code, out, _ = match("--format", "json", DENIED, archive.folder)
    tap.equal((code, [e["eventID"] for e in json.loads(out)]), (0, archive.having(is_denied)), "json is one array")
    tap.equal(match("--format", "json", "{ $.no = 1 }", archive.folder)[:2], (1, "[]\n"), "an empty one if nothing matches")
    tap.equal(match("--format", "jsonl", DENIED, archive.folder)[1], match(DENIED, archive.folder)[1], "jsonl is what a pipe gets")
    evil = {"eventTime": "2024-01-15T10:00:00Z", "eventName": "=cmd|' /C calc'!A0", "errorCode": "a \"b\",\nc", "userIdentity": {"type": "Root"},
            "sourceIPAddress": "\x1b[2J\u009b", "awsRegion": "-1", "eventSource": 5}
    write(home + "/evil.json", json.dumps(evil))
    rows = list(csv.reader(io.StringIO(match("--format", "csv", "{ $.eventName = * }", home + "/evil.json")[1], newline="")))
    tap.equal(rows, [["eventTime", "eventName", "errorCode", "who", "sourceIPAddress", "awsRegion", "eventSource"],
                     [evil["eventTime"], "'" + evil["eventName"], evil["errorCode"], "Root", evil["sourceIPAddress"], "'-1", "5"]], "csv, no value of which is a formula")
    rows = list(csv.reader(io.StringIO(match("--raw", "--format", "csv", "{ $.eventName = * }", home + "/evil.json")[1], newline="")))
    tap.equal(rows[1][1:3], [evil["eventName"], evil["errorCode"]], "--raw leaves them alone")
    lines = match("--format", "table", "{ $.eventName = * }", home + "/evil.json")[1].split("\n")
    cells = zip((evil["eventTime"], evil["eventName"], 'a "b", c', "Root", "?[2J?", "-1"), (20, 26, 20, 48, 15, 14))
    tap.equal(lines[1], "  ".join(cell.ljust(width) for cell, width in cells) + "  5", "a table; nothing in it commands the terminal")
    main, side = os.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    process = subprocess.Popen([BIN, "match", DENIED, archive.folder], stdout=side, stderr=subprocess.DEVNULL)
    os.close(side)
    shown = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        shown += part
    process.wait()
    lines = shown.decode().splitlines()
    tap.check(lines[0].startswith("eventTime   ") and len(lines) == len(archive.having(is_denied)) + 1 and all(len(line) <= 60 for line in lines),
              "a terminal gets a table that is no wider than it", shown[:300])


def time_is_looked_at(tap, home, archive):
    code, out, err = match("{ $.eventID = * }", archive.folder, "--start", "2024-01-05", "--end", "2024-01-06T10:00:00Z")
    tap.equal((code, ids(out)), (0, archive.having(lambda e: "2024-01-05" <= e["eventTime"] <= "2024-01-06T10:00:00Z")), "--start and --end, both included")
    tap.check("delivered outside the time asked for" in err, "files of other days are not opened", err)
    tap.equal(match("{ $.eventID = * }", archive.folder, "--start", "-1s")[0], 1, "nothing is of the last second")


def broken_files_are_named(tap, home, archive):
    folder = home + "/broken"
    good = json.dumps({"eventID": "1", "a": 1})
    write(folder + "/a.jsonl", good + '\n{"eventID":"2","a":1,"b":[1 2]}\n{"eventID":"3","a":1,"b":"\\ud800"}\n' + good[:-3])
    write(folder + "/b.json.gz", json.dumps({"Records": [json.loads(good)] * 5000}))
    with open(folder + "/b.json.gz", "r+b") as file:
        file.truncate(60)
    code, out, err = match("{ $.a = 1 }", folder)
    tap.equal((code, ids(out)[:2]), (1, ["1", "3"]), "what can be read is searched, half a surrogate pair does not hide an event; exit 1")
    tap.check("a.jsonl, record 1" in err and "b.json.gz" in err, "what cannot is named", err)
    tap.equal(match("-v", "{ $.a = 2 }", folder)[1], out, "a broken record is none with -v either")
    code, out, err = match("--strict", "{ $.a = 1 }", folder)
    tap.check(code == 1 and "spoor match: " in err, "--strict stops", (code, err))
    code, _, err = match("{ $.a = 1 }", home + "/absent")
    tap.check(code == 3 and "absent" in err, "nothing could be read: exit 3", (code, err))


def usage(tap, home, archive):
    for arguments, words in (((), "which pattern"), (("{ $.a = 1 }",), "which files"), (("-x", "a", "b"), "unknown flag '-x'"), (("-c", "-l", "a", "b"), "not both"), (("-c", "--format", "csv", "a", "b"), "is for events"), (("a", "b", "--format", "xml"), "table, json, jsonl or csv"),
                             (("a", "b", "--threads", "0"), "--threads is 1 to"), (("a", "b", "--start", "then"), "a time is such as"), (("-e",), "-e needs a value")):
        code, out, err = match(*arguments)
        tap.check(code == 2 and words in err and not out, "exit 2: " + words, (code, err))
    code, out, err = match("{ $.r\u00e9 = x }", archive.folder)
    tap.check(code == 2 and err.startswith("spoor match: Invalid character(s) in term '\u00e9': "), "a refused pattern is told in AWS's words", err)
    code, out, err = match("{ $.a = x && $.b IS NOT NULL }", archive.folder)
    tap.equal((code, err.splitlines()[1:]), (2, ["  { $.a = x && $.b IS NOT NULL }", " " * 22 + "^"]), "with a mark under what is wrong")
    code, out, _ = match("--help")
    tap.check(code == 0 and out.startswith("usage: spoor match") and out.count("\n  spoor match '{") + out.count("\n  spoor match -c '{") == 2, "help has two examples")


def readers_that_stop(tap, home, archive):
    write(home + "/many.jsonl", "".join(json.dumps({"eventID": str(i), "x": "y" * 300}) + "\n" for i in range(60000)))
    process = subprocess.Popen([BIN, "match", "{ $.eventID = * }", home + "/many.jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    first = process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.wait()
    tap.equal((json.loads(first)["eventID"], err), ("0", ""), "`| head` is no error worth a word")
    process = subprocess.Popen([BIN, "match", "{ $.eventID = nothing }", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdin.write('{"eventID":"1"}\n')
    process.stdin.flush()
    until(lambda: "interrupt" in threads(process.pid), "the thread that takes signals")
    process.send_signal(signal.SIGINT)
    code = process.wait(60)
    err = process.stderr.read()
    process.stdin.close()
    tap.check(code == 3 and "cancelled" in err and "matched 0 of " in err, "Ctrl-C ends it with what was read so far", (code, err))


def threads(pid):
    names = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(f"/proc/{pid}/task/{task}/comm") as file:
            names.append(file.read().strip())                # one that has ended since has no name
    return names


def match_is_grep(tap):
    home = tempfile.mkdtemp()
    try:
        archive = Archive(home)
        for story in (events_are_found, counts_and_names, a_large_file_is_shared, formats, time_is_looked_at, broken_files_are_named, usage, readers_that_stop):
            story(tap, home, archive)
    finally:
        shutil.rmtree(home)


tap.run(match_is_grep)
