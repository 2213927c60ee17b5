#!/usr/bin/python3
"""tests/scenario/query_answers_from_files.py: spoor query over a responder's folder: every format, what is said of what was read, and what is refused."""
import collections
import csv
import fcntl
import gzip
import io
import json
import os
import random
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios

from harness import BIN, tap

DENIED = 'filter errorCode like "Denied" | stats count(*) as n by userIdentity.arn | sort n desc'

# As people have written them down for the console.
CONSOLE_QUERIES = [
    ("""fields eventTime, eventName, sourceIPAddress, errorCode
| filter userIdentity.arn like "admin"
| sort eventTime desc
| limit 50""", lambda e: "admin" in e["userIdentity"].get("arn", ""), 50),
    ("""fields eventTime, eventName, userIdentity.arn, errorCode, errorMessage
| filter errorCode = "AccessDenied" or errorCode = "UnauthorizedOperation"
| sort eventTime desc
| limit 100""", lambda e: e.get("errorCode") in ("AccessDenied", "UnauthorizedOperation"), 100),
    ("""fields eventTime, eventName, userIdentity.arn, requestParameters
| filter eventSource = "iam.amazonaws.com"
  and (eventName like "Put" or eventName like "Attach"
       or eventName like "Detach" or eventName like "Delete")
| sort eventTime desc""", lambda e: e["eventSource"] == "iam.amazonaws.com" and any(w in e["eventName"] for w in ("Put", "Attach", "Detach", "Delete")), 10000),
    ("""fields eventTime, userIdentity.userName, sourceIPAddress,
       responseElements.ConsoleLogin, additionalEventData.MFAUsed
| filter eventName = "ConsoleLogin"
| sort eventTime desc""", lambda e: e["eventName"] == "ConsoleLogin", 10000),
    ("""fields eventTime, eventName, userIdentity.arn, sourceIPAddress
| filter eventSource = "iam.amazonaws.com"
| sort eventTime desc
| limit 50""", lambda e: e["eventSource"] == "iam.amazonaws.com", 50),
    ("""fields eventTime, eventName, userIdentity.arn, errorCode
| filter errorCode like "Denied" or errorCode like "Unauthorized"
| sort eventTime desc
| limit 20""", lambda e: "Denied" in e.get("errorCode", "") or "Unauthorized" in e.get("errorCode", ""), 20),
    ("""fields @timestamp, userIdentity.userName, eventName, sourceIPAddress
   | filter userIdentity.type != "AWSService"
   | sort @timestamp desc
   | limit 20""", lambda e: e["userIdentity"].get("type") != "AWSService", 20),
    ("""fields @timestamp, eventName, userIdentity.userName, requestParameters
   | filter eventName like /Policy|Role|User/
   | sort @timestamp desc
   | limit 20""", lambda e: any(w in e["eventName"] for w in ("Policy", "Role", "User")), 20),
]


def query(*arguments, stdin=None):
    done = subprocess.run([BIN, "query", *arguments], capture_output=True, input=stdin and stdin.encode())
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def rows(out):
    return [json.loads(line) for line in out.splitlines()]


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with (gzip.open(path, "wt") if path.endswith(".gz") else open(path, "w")) as file:
        file.write(text)


def event(draw, number, time):
    name = draw.choice(["ConsoleLogin", "GetObject", "PutUserPolicy", "AttachRolePolicy", "AssumeRole", "DeleteUser", "DescribeInstances"])
    record = {"eventID": f"event-{number}", "eventTime": time, "eventName": name, "eventSource": "iam.amazonaws.com" if "User" in name or "Role" in name else "s3.amazonaws.com",
              "sourceIPAddress": f"10.0.0.{number % 9}", "readOnly": name.startswith(("Get", "Describe")), "requestParameters": {"size": number, "name": f"n{number}"}}
    kind = draw.choice(["IAMUser", "AssumedRole", "AWSService", None])
    record["userIdentity"] = {} if kind is None else {"type": kind}
    if kind in ("IAMUser", "AssumedRole"):
        who = draw.choice(["admin", "r\u00e9my", "\u5c71\u7530", "bob"])
        record["userIdentity"].update(arn=f"arn:aws:iam::111122223333:user/{who}", userName=who)
    if draw.random() < 0.4:
        record["errorCode"] = draw.choice(["AccessDenied", "UnauthorizedOperation", "Client.UnauthorizedOperation", "ThrottlingException"])
    if name == "ConsoleLogin":
        record["additionalEventData"] = {"MFAUsed": draw.choice(["Yes", "No"])}
        record["responseElements"] = {"ConsoleLogin": "Success"}
    return record


class Archive:
    """Files as AWS lays them out; no two events have the same time, so every order by time is known."""

    def __init__(self, home):
        draw = random.Random(20260118)
        self.folder, self.events = home + "/logs", []
        for day in range(1, 16):
            events = [event(draw, len(self.events) + i, f"2026-01-{day:02}T10:{i // 60:02}:{i % 60:02}Z") for i in range(draw.randrange(80))]
            self.events += events
            name = f"AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/{day:02}/111122223333_CloudTrail_us-east-1_202601{day:02}T1205Z_AbCdEfGhIjKlMnOp.json.gz"
            write(f"{self.folder}/{name}", json.dumps({"Records": events}, ensure_ascii=day % 2 == 0))
        self.newest = sorted(self.events, key=lambda e: e["eventTime"], reverse=True)


def leaf(record, path):
    for step in path.split("."):
        record = record.get(step) if isinstance(record, dict) else None
    return None if isinstance(record, dict) else record


def shown(record, names):
    """A row as JSON lines have it: of what the query names, what the event has."""
    cells = {}
    for name in names:
        if name == "@timestamp":
            cells[name] = record["eventTime"].replace("T", " ").replace("Z", ".000")
        elif leaf(record, name) is not None:
            value = leaf(record, name)
            cells[name] = int(value) if isinstance(value, bool) else value
    return cells


def console_queries(tap, home, archive):
    for text, condition, limit in CONSOLE_QUERIES:
        names = [name.strip() for name in text[len("fields"):text.index("|")].split(",")]
        want = [shown(e, names) for e in archive.newest if condition(e)]
        code, out, err = query("--files", archive.folder, text)
        tap.check(code == 0 and rows(out) == want[:limit], f"{len(want)} events: {' '.join(text.split())}", (code, out[:500], want[:3], err))
        tap.check(err.startswith(f"{min(len(want), limit)} rows from {len(want)} that match, of {len(archive.events)} records in 15 files, "), "what was read is said", err)
        tap.equal(query("--files", archive.folder, "--threads", "1", text)[1], out, "one worker and many print the same")
        tap.equal(query("--files", archive.folder, "--threads", "7", text)[1], out, "seven too")


def formats(tap, home, archive):
    counts = collections.Counter(e["userIdentity"].get("arn") for e in archive.newest if "Denied" in e.get("errorCode", ""))
    order = list(dict.fromkeys(e["userIdentity"].get("arn") for e in archive.newest if "Denied" in e.get("errorCode", "")))
    groups = sorted(((arn, counts[arn]) for arn in order), key=lambda group: -group[1])
    want = [{"n": n} if arn is None else {"userIdentity.arn": arn, "n": n} for arn, n in groups]
    code, out, _ = query("--files", archive.folder, DENIED)
    tap.equal((code, rows(out)), (0, want), "JSON lines are what a pipe gets; numbers are numbers, and an absent cell is no member")
    tap.equal(query("--files", archive.folder, "--format", "jsonl", DENIED)[1], out, "--format jsonl")
    tap.equal(query("--files", archive.folder, "--output", "jsonl", DENIED)[1], out, "--output is --format")
    code, out, err = query("--files", archive.folder, "--format", "json", DENIED)
    answer = json.loads(out)
    tap.equal((code, answer["columns"], answer["rows"]), (0, ["userIdentity.arn", "n"], want), "json: columns and rows")
    report = answer["report"]
    tap.equal([report[key] for key in ("is_complete", "is_cut", "rows", "rows_matched", "records_in_time", "records", "files", "notes")],
              [True, False, len(want), sum(counts.values()), len(archive.events), len(archive.events), 15, []], "and what was read is a member")
    tap.check(f"{report['bytes_read']} bytes, {report['bytes_json']} of JSON" in err, "the same as is said on standard error", (report, err))
    table = list(csv.reader(io.StringIO(query("--files", archive.folder, "--format", "csv", DENIED)[1], newline="")))
    tap.equal(table, [["userIdentity.arn", "n"], *([arn or "", str(n)] for arn, n in groups)], "csv")
    lines = query("--files", archive.folder, "--format", "table", DENIED)[1].splitlines()
    arns, ns = max(columns(arn or "") for arn, _ in groups), max(len(str(n)) for _, n in groups)
    want_lines = [f"{'userIdentity.arn':{arns}}  {'n':>{ns}}", *((arn or "") + " " * (arns - columns(arn or "")) + f"  {n:>{ns}}" for arn, n in groups)]
    tap.equal(lines, want_lines, "a table; a name in Chinese characters is as wide as it looks")
    code, out, err = query("--files", archive.folder, 'filter eventName = "none"')
    tap.check((code, out) == (0, "") and err.startswith("0 rows from 0 that match, of "), "nothing is an answer, too", (code, out, err))
    tap.equal(json.loads(query("--files", archive.folder, "--format", "json", 'filter eventName = "none"')[1])["rows"], [], "an empty list in JSON")
    out = query("--files", archive.folder, "--limit", "3", "fields eventID")[1]
    tap.equal([row["eventID"] for row in rows(out)], [e["eventID"] for e in archive.newest[:3]], "--limit; newest first")


def columns(text):
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)


def evil_cells(tap, home, archive):
    evil = {"eventTime": "2026-01-15T10:00:00Z", "a": "=cmd|' /C calc'!A0", "b": "x \"y\",\r\nz", "c": "\x1b[2J\u009b31m\u202eabc", "d": -5, "e": "-5", "f": "\u5c71" * 30}
    write(home + "/evil.json", json.dumps(evil))
    fields = "fields a, b, c, d, e, f"
    text = query("--files", home + "/evil.json", "--format", "csv", fields)[1]
    tap.equal(list(csv.reader(io.StringIO(text, newline=""))), [["a", "b", "c", "d", "e", "f"], ["'" + evil["a"], evil["b"], evil["c"], "-5", "'-5", evil["f"]]],
              "csv: no text of it is a formula, and a number is none")
    tap.equal(list(csv.reader(io.StringIO(query("--files", home + "/evil.json", "--format", "csv", "--raw", fields)[1], newline="")))[1][0], evil["a"], "--raw leaves it alone")
    tap.equal(rows(query("--files", home + "/evil.json", fields)[1]), [{key: evil[key] for key in "abcdef"}], "JSON has what the event has")
    line = query("--files", home + "/evil.json", "--format", "table", "fields a, c, d")[1].splitlines()[1]
    tap.equal(line, "=cmd|' /C calc'!A0  ?[2J?31m?abc  -5", "a table's cells do not command the terminal")
    shown_lines = in_terminal(50, "--files", home + "/evil.json", "fields a, d, f")
    tap.equal(shown_lines, ["a                    d  f", "=cmd|' /C calc'!A0  -5  " + "\u5c71" * 12 + "\u2026"], "a terminal's table is cut to fit, between characters")
    shown_lines = in_terminal(24, "--files", home + "/evil.json", "fields a, b, c, d, e")
    tap.equal(shown_lines[:2] + shown_lines[-1:], ["row 1", "a  =cmd|' /C calc'!A0", "e  -5"], "columns that cannot fit become lines")


def in_terminal(width, *arguments):
    main, side = os.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    process = subprocess.Popen([BIN, "query", *arguments], stdout=side, stderr=subprocess.DEVNULL)
    os.close(side)
    text = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        text += part
    process.wait()
    return text.decode().splitlines()


def times(tap, home, archive):
    code, out, err = query("--files", archive.folder, "--start", "2026-01-05", "--end", "2026-01-06T10:00:00Z", "stats count(*) as n, min(eventTime) as first")
    inside = [e for e in archive.events if "2026-01-05" <= e["eventTime"] <= "2026-01-06T10:00:00Z"]
    tap.equal((code, rows(out)[0]["n"]), (0, len(inside)), "--start and --end, both included")
    tap.check("delivered outside the time asked for" in err and f"\n{len(inside)} of the records are of the time asked for\n" in err, "files of other days are not opened", err)
    epoch = query("--files", archive.folder, "--start", "1767571200", "--end", "1767693600000", "stats count(*) as n, min(eventTime) as first")
    tap.equal(epoch[:2], (code, out), "as seconds and milliseconds since 1970 they are the same")
    tap.equal(query("--files", archive.folder, "--start", "-1s", "fields eventID")[:2], (0, ""), "nothing is of the last second")
    code, out, err = query("--files", archive.folder, "--start", "2026-01-06", "--end", "2026-01-05", "fields eventID")
    tap.check(code == 2 and "--start is later than --end" in err, "an empty time is no answer", (code, err))


def broken_files(tap, home, archive):
    folder = home + "/broken"
    good = json.dumps({"eventTime": "2026-01-15T10:00:00Z", "a": 1})
    write(folder + "/a.jsonl", good + '\n{"a":1,"b"}\n')
    write(folder + "/b.json.gz", json.dumps({"Records": [json.loads(good)] * 5000}))
    write(folder + "/README.txt", "not a log")
    with open(folder + "/b.json.gz", "r+b") as file:
        file.truncate(60)
    code, out, err = query("--files", folder, "filter a = 1 | stats count(*) as n")
    tap.check(code == 1 and rows(out)[0]["n"] >= 1, "a broken file: what can be read is answered, exit 1", (code, out))
    tap.check("a.jsonl, record 1" in err and "b.json.gz" in err and "README.txt" in err, "what cannot is named", err)
    report = json.loads(query("--files", folder, "--format", "json", "stats count(*)")[1])["report"]
    notes = {note["reason"]: note for note in report["notes"]}
    tap.check(not report["is_complete"] and notes["ends too early"]["is_fault"] and notes["ends too early"]["names"] == [{"path": folder + "/b.json.gz"}]
              and notes["a record that is not JSON"]["names"] == [{"path": folder + "/a.jsonl", "record": 1}] and not notes["neither gzip nor JSON"]["is_fault"],
              "in JSON, too", report)
    code, out, err = query("--files", folder, "--strict", "stats count(*)")
    tap.check(code == 1 and out == "" and "spoor query: " in err and "no answer, of " in err, "--strict gives no answer", (code, out, err))
    code, out, err = query("--files", home + "/absent", "stats count(*)")
    tap.check(code == 3 and "absent" in err, "nothing could be read: exit 3", (code, out, err))
    code, out, err = query("--files", home + "/absent", archive.folder, "stats count(*) as n")
    tap.equal((code, rows(out)), (1, [{"n": len(archive.events)}]), "one of several could not: exit 1")


def refused(tap, home, archive):
    for text, message, line, mark in (
            ("fields a | outlier b", "unexpected symbol found outlier at line 1 and position 11", "  fields a | outlier b", "             ^^^^^^^"),
            ("fields a\n| filter b = = 1", "unexpected symbol found = at line 2 and position 13", "  | filter b = = 1", "               ^"),
            ("filter a = '\u5c71\u7530' b", "unexpected symbol found b at line 1 and position 16", "  filter a = '\u5c71\u7530' b", "                    ^"),
            ("parse @message '*' as a | fields a", "Ephemeral field is already defined: a ([33,34])", "  parse @message '*' as a | fields a", " " * 35 + "^"),
            ("stats count(*) | filter b = 1", "Unknown symbols found in or after stats: b", "  stats count(*) | filter b = 1", " " * 26 + "^"),
            ("stats median(b)", "unexpected symbol found median at line 1 and position 6", "  stats median(b)", "        ^^^^^^")):
        code, out, err = query("--files", archive.folder, text)
        told = err.splitlines()
        tap.check(code == 2 and out == "" and told[0].startswith(f"spoor query: MalformedQueryException: {message}: ") and told[1:] == [line, mark],
                  "refused in AWS's words with a mark: " + " ".join(text.split()), err)
    for arguments, words in (((), "which query"), (("limit 1",), "which files"), (("--files", "a"), "which query"), (("--files",), "--files needs a value"),
                             (("--files", "a", "--nope", "limit 1"), "unknown flag '--nope'"), (("--files", "a", "limit 1", "--format", "xml"), "table, json, jsonl or csv"),
                             (("--files", "a", "limit 1", "--limit", "100001"), "--limit is 1 to 100000"), (("--files", "a", "limit 1", "--threads", "0"), "--threads is 1 to"),
                             (("--files", "a", "limit 1", "--start", "then"), "a time is such as"), (("x", "y", "--files", "a"), "one query at a time"),
                             (("-f", "q", "--files", "a", "--format", "csv", "limit 1"), "not both"), (("-f", "-", "--files", "-"), "standard input is the query or the events"),
                             (("--data", "d", "limit 1"), "--data) is not served yet"), (("--endpoint", "http://127.0.0.1:4566", "limit 1"), "--endpoint) is not served yet"),
                             (("--explain", "limit 1", "--format", "csv"), "--explain prints none")):
        code, out, err = query(*arguments)
        tap.check(code == 2 and words in err and not out, "exit 2: " + words, (code, err))
    code, out, _ = query("--help")
    tap.check(code == 0 and out.startswith("usage: spoor query") and out.split("examples:")[1].count("\n  spoor query --files ") == 2, "help has two examples")


def other_ways_to_ask(tap, home, archive):
    want = query("--files", archive.folder, DENIED)[:2]
    write(home + "/denied.query", "\ufeff# who is refused\n" + DENIED.replace(" | ", "\n| ") + "\n")
    tap.equal(query("--files", archive.folder, "-f", home + "/denied.query")[:2], want, "-f: the query is in a file, with comments and lines")
    tap.equal(query("--files", archive.folder, "-f", "-", stdin=DENIED)[:2], want, "or is standard input")
    tap.equal(query(DENIED, "--files", archive.folder)[:2], want, "the query may stand before the files")
    tap.equal(query("--files", archive.folder, "--threads=2", "--", DENIED)[:2], want, "or behind --")
    files = sorted(os.path.join(folder, name) for folder, _, names in os.walk(archive.folder) for name in names)
    tap.equal(query("--files", *files, DENIED)[:2], want, "files one by one")
    text = "".join(json.dumps(e) + "\n" for e in archive.events)
    tap.equal(rows(query("--files", "-", "stats count(*) as n", stdin=text)[1]), [{"n": len(archive.events)}], "events on standard input")
    code, _, err = query("--files", archive.folder, "-f", home + "/none.query")
    tap.check(code == 3 and "none.query" in err, "a file that is not there: exit 3", (code, err))
    write(home + "/long.query", "fields a" + " " * 50000)
    code, _, err = query("--files", archive.folder, "-f", home + "/long.query")
    tap.check(code == 2 and "10000 characters" in err, "a query has a bound", (code, err))
    code, out, err = query("--explain", DENIED)
    tap.equal((code, out.splitlines(), err), (0, ["reads    errorCode, userIdentity.arn", 'filter   errorCode like "Denied"', "stats    count(*) as n by userIdentity.arn",
                                                 "sort     n desc", "columns  userIdentity.arn, n", "rows     10000 at most: it has no limit",
                                                 'search   for "Denied": events without are counted, and not looked into',
                                                 "stage 1  of each event: looks at errorCode as written; keeps groups", "stage 2  of each row so far: keeps rows, the first 10000, sorted"], ""), "--explain says what it does")
    code, out, err = query("--explain", "--files", archive.folder, "--start", "2026-01-14", DENIED)
    tap.check(code == 0 and "\ntime     from 2026-01-14T00:00:00.000Z on" in out and "delivered outside the time asked for" in err, "and over files, what it skips", (out, err))


def readers_that_stop(tap, home, archive):
    write(home + "/many.jsonl", "".join(json.dumps({"eventID": str(i), "x": "y" * 300}) + "\n" for i in range(20000)))
    process = subprocess.Popen([BIN, "query", "--files", home + "/many.jsonl", "fields eventID, x"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    tap.check(process.wait() == 0 and err.startswith("10000 rows from 20000 that match") and "Broken pipe" not in err, "`| head` is no error", err)
    tap.check("more rows than these: without a limit it is 10000" in err, "rows that the default limit cuts are said to be", err)
    report = json.loads(query("--files", home + "/many.jsonl", "--format", "json", "fields eventID")[1])["report"]
    tap.equal((report["is_cut"], report["rows"], report["rows_matched"]), (True, 10000, 20000), "in JSON, too")
    report = json.loads(query("--files", home + "/many.jsonl", "--format", "json", "fields eventID | limit 10000")[1])["report"]
    tap.equal((report["is_cut"], report["rows"]), (False, 10000), "a limit that was asked for cuts nothing")


def interrupted(tap, home, archive):
    """More than a pipe holds is written, so when that is done, it is reading; then it waits for the rest for ever."""
    fifo = home + "/events.jsonl"
    os.mkfifo(fifo)
    for arguments in (("--files", "-"), ("--files", fifo, "--format", "json")):
        process = subprocess.Popen([BIN, "query", *arguments, "stats count(*)"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with process.stdin if arguments[1] == "-" else open(fifo, "wb", buffering=0) as feed:
            feed.write(b'{"eventID":"1","x":"y"}\n' * 60000)
            feed.flush()
            process.send_signal(signal.SIGINT)
            code = process.wait(60)
            out, err = process.stdout.read(), process.stderr.read().decode()
        process.stdout.close()
        process.stderr.close()
        tap.check(code == 3 and out == b"" and "spoor query: cancelled" in err and "no answer, of " in err, "Ctrl-C: no rows, and what was read so far", (code, out, err))


def progress(tap, home, archive):
    """Events go in until the line is there; a scan of a second or more has one."""
    main, side = os.openpty()
    process = subprocess.Popen([BIN, "query", "--files", "-", "stats count(*) as n"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=side)
    os.close(side)
    count, said = 0, b""
    while b" records in " not in said and process.poll() is None:
        process.stdin.write(b'{"eventID":"1","x":"y"}\n' * 1000)
        count += 1000
        if select.select([main], [], [], 0)[0]:
            said += os.read(main, 65536)
    process.stdin.close()
    out = process.stdout.read()
    while True:
        try:
            said += os.read(main, 65536)
        except OSError:
            break
    os.close(main)
    process.stdout.close()
    tap.equal((process.wait(), json.loads(out)), (0, {"n": count}), "a long scan counts everything")
    tap.check(said.startswith(b"\r\x1b[K") and b" records in " in said, "and says on a terminal how far it is", said[:300])
    tap.check(said.split(b"\r\x1b[K")[-1].startswith(b"1 row from "), "in a line that goes when it is done", said[-300:])


def query_answers(tap):
    home = tempfile.mkdtemp()
    try:
        archive = Archive(home)
        for story in (console_queries, formats, evil_cells, times, broken_files, refused, other_ways_to_ask, readers_that_stop, interrupted, progress):
            story(tap, home, archive)
    finally:
        shutil.rmtree(home)


tap.run(query_answers)
