#!/usr/bin/python3
"""tests/scenario/query_memory_is_bounded.py: spoor query stays under 256 MB whatever it reads and is asked; what would need more is refused.

Over very many small files, over one file that is larger than that, over a million records that differ in what is asked for, over
large records, and over files that each fill a worker's window. A query either answers, or exits 3 with an error that names the bound and what to do. Runs with the release
build, where memory is what it seems; a sanitizer keeps what was freed.
"""
import gzip
import os
import shutil
import subprocess
import tempfile
import time

os.environ.setdefault("SPOOR_BIN", "build/spoor")

from harness import BIN, tap                                       # noqa: E402  (after the environment is set)

MOST_BYTES = 256_000_000
FILES, MANY, HUGE_EVENTS, LARGE_EVENTS, WIDE_FILES, WIDE_BYTES = 10000, 1_500_000, 150_000, 2000, 10, 31 << 20

PLAIN = ["stats count(*) as n by eventName", "fields eventID, eventName | sort eventID desc | limit 20", "filter eventID = 'none' | limit 5",
         "fields @message | limit 10", "parse @message '\"eventID\":\"*\"' as id | stats count(id) as n"]
# Each keeps something of every record, or of all that differ.
GREEDY = ["stats count(*) by eventID", "stats count(*) as n by eventID | sort n desc | limit 5", "stats count_distinct(eventID)", "stats values(eventID)",
          "stats count(*) as n by eventID, eventName | stats count(*) by eventName", "fields eventID | dedup eventID | limit 5",
          "fields eventID | sort eventName asc, eventID asc | dedup eventID | limit 5", "stats pct(number, 50)",
          "stats count_distinct(number), pct(number, 99) by bin(1h)", "fields @message | sort eventID asc | limit 100000",
          "stats latest(@message) by eventID", "fields jsonParse(@message) as m | unnest m.list into x | stats count(*) by x",
          "fields @message | limit 100000", "pattern @message"]


def run(folder, text, *flags):
    """Exit code, output, what it said, and the most memory it was seen to have."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen([BIN, "query", "--files", folder, "--format", "jsonl", *flags, text], stdout=out, stderr=err)
        most = 0
        while process.poll() is None:
            try:
                with open(f"/proc/{process.pid}/status") as file:
                    most = max([most] + [int(line.split()[1]) << 10 for line in file if line.startswith("VmHWM")])
            except OSError:
                pass
            time.sleep(0.002)
        out.seek(0)
        err.seek(0)
        lines = sum(1 for _ in out)
        return process.returncode, lines, err.read().decode(errors="replace"), most


def bounded(tap, folder, texts, may_refuse, *flags):
    for text in texts:
        code, lines, err, most = run(folder, text, *flags)
        what = f"{lines} rows" if code == 0 else f"exit {code}"
        fine = code == 0 or (may_refuse and code == 3 and not lines and " MiB" in err and "; ask for " in err)
        tap.check(fine and 0 < most < MOST_BYTES, f"{' '.join(flags)} {text}", f"{what}, {most} bytes of memory, {err}")
        print(f"#     {what}, {most >> 20} MiB {err.splitlines()[0] if code else ''}")


def event(number, more=""):
    return (f'{{"eventVersion":"1.10","eventTime":"2026-01-{number % 28 + 1:02}T{number % 24:02}:{number % 60:02}:00Z","eventName":"Call{number % 50}",'
            f'"eventID":"{number * 2654435761 & 0xFFFFFFFF:08x}-{number:08x}"{more}}}')


def small_files(tap, home):
    folder = home + "/small"
    for number in range(FILES):
        if number % 1000 == 0:
            os.makedirs(f"{folder}/{number // 1000:03}")
        with open(f"{folder}/{number // 1000:03}/{number:06}.json", "w") as file:
            file.write(event(number))
    bounded(tap, folder, PLAIN + GREEDY[:6], False)


def a_huge_file(tap, home):
    """More than the bound in one piece: Records of 1.5 KB."""
    path = home + "/huge.json.gz"
    filler = "".join(chr(97 + i * i % 23) for i in range(1000))
    with gzip.open(path, "wt", compresslevel=1) as file:
        file.write('{"Records":[')
        for number in range(HUGE_EVENTS):
            at = number * 7 % 900
            file.write(("," if number else "") + event(number, f',"requestParameters":{{"text":"{filler[at:]}{number * 40503}{filler[:at]}","id":"{os.urandom(200).hex()}"}}'))
        file.write("]}")
    bounded(tap, path, PLAIN, False)
    bounded(tap, path, GREEDY, True)


def a_million_differences(tap, home):
    path = home + "/many.jsonl"
    with open(path, "w") as file:
        for number in range(MANY):
            file.write(event(number, f',"number":{number * 40503 % 1000003}.25,"list":["a{number}"]') + "\n")
    bounded(tap, path, PLAIN, False)
    bounded(tap, path, GREEDY, True, "--threads", "1")
    bounded(tap, path, GREEDY[:3] + GREEDY[7:10], True, "--threads", "8")
    code, lines, err, _ = run(path, "stats count(*) by eventID, number", "--threads", "2")
    tap.check(code == 3 and lines == 0 and "need more than the 160 MiB of memory" in err, "what needs more is refused, and nothing is printed", (code, lines, err))
    print(f"# {err.splitlines()[0] if err else ''}")


def large_records(tap, home):
    path = home + "/large.jsonl"
    with open(path, "w") as file:
        for number in range(LARGE_EVENTS):
            file.write(event(number, f',"requestParameters":{{"text":"{os.urandom(60000).hex()}"}}') + "\n")
    bounded(tap, path, PLAIN, False)
    bounded(tap, path, GREEDY, True)


def wide_files(tap, home):
    """Files of just the size that has the most of it in memory at once, for as many workers as there may be files."""
    folder = home + "/wide"
    os.mkdir(folder)
    filler = "x" * 4000
    for number in range(WIDE_FILES):
        text = ",".join(event(number * 1000 + i, f',"requestParameters":{{"text":"{filler}"}}') for i in range(1000))
        with gzip.open(f"{folder}/{number:02}.json.gz", "wt", compresslevel=1) as file:
            file.write('{"Records":[' + ",".join([text] * (WIDE_BYTES // len(text))) + "]}")
    for threads in ("1", "4", "16"):
        bounded(tap, folder, ["stats count(*) as n by eventName", "fields @message | sort eventID asc | limit 50000", "stats values(@message)"],
                True, "--threads", threads)


def memory_is_bounded(tap):
    home = tempfile.mkdtemp(prefix="spoor-scenario-")
    try:
        for story in (small_files, a_huge_file, a_million_differences, large_records, wide_files):
            print(f"# {story.__name__.replace('_', ' ')}")
            story(tap, home)
            for name in os.listdir(home):
                path = os.path.join(home, name)
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
    finally:
        shutil.rmtree(home)


tap.run(memory_is_bounded)
