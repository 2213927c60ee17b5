#!/usr/bin/python3
"""tests/scenario/query_equals_duckdb.py: `spoor query` over files answers what DuckDB does, cell by cell and in the same order.

Over 20,000 generated events, over the records of real accounts that are in the repository, and, where they lie beside it, over
all that these were taken from. DuckDB reads the same files by itself. One worker and five print the same bytes.

    SPOOR_BIN=build/spoor tests/scenario/query_equals_duckdb.py
"""
import glob
import json
import os
import shutil
import subprocess
import tempfile

os.environ.setdefault("SPOOR_BIN", "build/spoor")       # a sanitizer build takes ten minutes for all of it

from harness import BIN, HERE, ROOT, npm_node, tap       # noqa: E402  (after the environment is set)
from query_archive import generate                       # noqa: E402
from query_questions import QUESTIONS                    # noqa: E402

EVENTS = 20000
ROWS_MAX = 10000                       # what is shown where no `limit` says otherwise
SHARED = os.path.join(ROOT, "..", "shared", "data")
RECORDS = ("SELECT filename AS file, generate_subscripts(Records, 1) AS i, unnest(Records) AS r FROM "
           "read_json('{}', columns = {{Records: 'JSON[]'}}, filename = true, maximum_object_size = 67108864)")
LISTS = ("SELECT filename AS file, generate_subscripts(records, 1) AS i, unnest(records) AS r FROM "
         "(SELECT filename, from_json(content, '[\"JSON\"]') AS records FROM read_text('{}'))")
LINES = ("SELECT file, i, CAST(line AS JSON) AS r FROM (SELECT filename AS file, generate_subscripts(lines, 1) AS i, unnest(lines) AS line FROM "
         "(SELECT filename, string_split(content, chr(10)) AS lines FROM read_text('{}'))) WHERE line != ''")
LOOKUPS = LINES.replace("CAST(line AS JSON)", "CAST(CAST(line AS JSON)->>'$.CloudTrailEvent' AS JSON)")


def number_text(number):
    """A number with a fraction as Insights shows it."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    text = f"{number:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def cell(value, kind):
    if value is None:
        return None
    if kind == "TIMESTAMP":
        day, time = value.split(" ")
        seconds, _, fraction = time.partition(".")
        return f"{day} {seconds}.{fraction:0<3.3}"
    if isinstance(value, (int, float)) or kind.startswith("DECIMAL"):
        return number_text(float(value))
    return value


def wanted(text, answer):
    """DuckDB's rows as spoor is to print them: what is absent is left out."""
    rows = []
    for row in answer["rows"] if "limit" in text else answer["rows"][:ROWS_MAX]:
        cells = {name: cell(value, kind) for name, value, kind in zip(answer["columns"], row, answer["types"])}
        rows.append({name: value for name, value in cells.items() if value is not None})
    return rows


def printed(out):
    """spoor's rows; a number is the text that it was printed as, a list its JSON."""
    rows = [json.loads(line, parse_int=str, parse_float=str) for line in out.splitlines()]
    return [{name: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False) for name, value in row.items()}
            for row in rows]


def same(name, got, want):
    """A whole record is compared by what it says: DuckDB writes it anew."""
    if got is None or want is None or name != "@message":
        return got == want
    return json.loads(got) == json.loads(want)


def difference(got, want):
    for number, (ours, theirs) in enumerate(zip(got, want)):
        for name in {**ours, **theirs}:
            if not same(name, ours.get(name), theirs.get(name)):
                return f"row {number}, {name}: {ours.get(name)!r}, DuckDB has {theirs.get(name)!r}\nrow of spoor  {ours}\nrow of DuckDB {theirs}"
    if len(got) != len(want):
        return f"{len(got)} rows, DuckDB has {len(want)}; the next is {(got + want)[min(len(got), len(want))]}"
    return None


def query(threads, text, folder, *flags):
    done = subprocess.run([BIN, "query", "--files", folder, "--format", "jsonl", "--threads", str(threads), *flags, text], capture_output=True)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def duckdb(home, sources, questions):
    asked = os.path.join(home, "asked.json")
    with open(asked, "w") as file:
        json.dump({"sources": sources, "questions": [[q[1], q[3] if len(q) > 3 else None] for q in questions]}, file)
    done = subprocess.run([npm_node(), os.path.join(HERE, "query_equals_duckdb.mjs"), asked], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def compare(tap, home, folder, sources, questions):
    theirs = duckdb(home, sources, questions)
    rows = 0
    for (text, _, *flags), answer in zip(questions, theirs["answers"]):
        if not tap.check("error" not in answer, f"DuckDB answers: {text}", answer.get("error")):
            continue
        want = wanted(text, answer)
        rows += len(want)
        code, out, err = query(1, text, folder, *(flags[0] if flags else []))
        found = difference(printed(out), want) if code == 0 else f"exit {code}: {err}"
        if not found and query(5, text, folder, *(flags[0] if flags else [])) != (0, out, err):
            found = "five workers print something else"
        tap.check(not found, f"{len(want)} rows: {text}", found)
    print(f"# DuckDB {theirs['version']}, {theirs['events']} events, {len(questions)} questions, {rows} rows")
    return theirs["events"]


def generated_events(tap):
    home = tempfile.mkdtemp(prefix="spoor-scenario-")
    try:
        generate(home + "/logs", EVENTS)
        count = compare(tap, home, home + "/logs", [RECORDS.format(home + "/logs/AWSLogs/**/*.json.gz")], QUESTIONS)
        tap.equal(count, EVENTS, "of all generated events")
    finally:
        shutil.rmtree(home)


def link(folder, name, paths):
    """Links to `paths`, in a folder of their own: the files only, and their order is that of the names."""
    os.makedirs(os.path.join(folder, name))
    for number, path in enumerate(sorted(paths)):
        os.symlink(os.path.realpath(path), os.path.join(folder, name, f"{number:04}.json"))
    return os.path.join(folder, name, "*.json")


def real_events_of_the_repository(tap):
    home = tempfile.mkdtemp(prefix="spoor-scenario-")
    try:
        records = os.path.join(ROOT, "tests", "data", "cloudtrail-records")
        lookups = os.path.join(records, "lookup-events.jsonl")
        sources = [LINES.format(link(home + "/logs", "a", set(glob.glob(records + "/*.jsonl")) - {lookups})), LOOKUPS.format(link(home + "/logs", "b", [lookups]))]
        count = compare(tap, home, home + "/logs", sources, QUESTIONS)
        tap.check(count > 200, "of some hundred real events", count)
    finally:
        shutil.rmtree(home)


def has_events(path):
    """Is it a list of events, and nothing else? Some files of the collection are empty, some are examples of other things."""
    with open(path) as file:
        text = file.read()
    return text.strip().startswith("[{") or (text.strip() and all(isinstance(event, dict) and "eventName" in event for event in json.loads(text)))


def real_events_beside_the_repository(tap):
    if not os.path.isdir(SHARED):
        tap.skip("the whole collections of real events", "they are not beside the repository")
        return
    home = tempfile.mkdtemp(prefix="spoor-scenario-")
    try:
        logs = home + "/logs"
        lists = glob.glob(SHARED + "/stratus*/**/*.json", recursive=True) + glob.glob(SHARED + "/traildiscover/**/*.cloudtrail", recursive=True)
        sources = [RECORDS.format(link(logs, "a", glob.glob(SHARED + "/invictus*/CloudTrail/*.json"))),
                   LISTS.format(link(logs, "b", filter(has_events, lists))),
                   LOOKUPS.format(link(logs, "c", glob.glob(SHARED + "/plaso*/test_data/jsonl/*.jsonl")))]
        count = compare(tap, home, logs, sources, QUESTIONS)
        tap.check(count > 3000, "of all real events that there are", count)
    finally:
        shutil.rmtree(home)


tap.run(generated_events, real_events_of_the_repository, real_events_beside_the_repository)
