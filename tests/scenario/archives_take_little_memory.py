#!/usr/bin/python3
"""tests/scenario/archives_take_little_memory.py: what spoor match holds does not grow with what it reads: many files, large ones, records
and gzip data larger than any log, printed or counted, by one worker and by sixty-four.

Runs with the release build, where memory is what it seems; a sanitizer keeps what was freed.

    SPOOR_FILES=1000000 tests/scenario/archives_take_little_memory.py       as many files in one folder (31 MB)
"""
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zlib

FILES = int(os.environ.get("SPOOR_FILES", 30000))
os.environ.setdefault("SPOOR_BIN", "build/spoor")

from harness import BIN, Skip, tap                                                       # noqa: E402

MIB = 1 << 20
# A process of its own starts the command: what this one holds would be counted with it.
MEASURE = """import os, sys
null = os.open("/dev/null", os.O_WRONLY)
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
_, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)"""


def match(*arguments):
    """Exit code, the most memory in bytes, and what was said on standard error."""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", MEASURE, BIN, "match", *arguments], capture_output=True, text=True)
    code, kilobytes = done.stdout.split()
    return int(code), int(kilobytes) << 10, done.stderr


def bounded(tap, most, records, name, *arguments):
    code, used, err = match(*arguments)
    print(f"# {name}: {used >> 10} KiB")
    tap.check(used <= most and f"of {records} records" in err, f"{name}: at most {most // MIB} MiB", f"exit {code}, {used} bytes\n{err}")
    return err


def lines(draw, count):
    for i in range(count):
        yield json.dumps({"eventID": f"{draw.getrandbits(128):032x}", "eventName": "GetObject", "n": i, "x": f"{draw.getrandbits(2000):x}"}).encode() + b"\n"


def make(home):
    draw = random.Random(1)
    os.makedirs(home + "/many")
    for i in range(FILES):
        with open(f"{home}/many/{i:07}-{'x' * 60}.json", "wb") as file:
            file.write(b'{"n":1}')
    os.makedirs(home + "/large")
    part = b"".join(lines(draw, 20000))
    for i in range(6):
        with open(f"{home}/large/{i}.jsonl", "wb") as file:
            file.write(part * 5)                                     # 60 MB
        with gzip.open(f"{home}/large/{i}.jsonl.gz", "wb", 1) as file:
            file.write(part * 2)
    os.makedirs(home + "/odd")
    bomb = zlib.compressobj(9, wbits=31)
    with open(home + "/odd/bomb.json.gz", "wb") as file:
        for _ in range(300):
            file.write(bomb.compress(b" " * MIB))
        file.write(bomb.flush())
    with open(home + "/odd/record.json", "wb") as file:
        file.write(b'{"Records":[{"x":"' + b"y" * (40 * MIB) + b'"}]}')
    with open(home + "/odd/lines.jsonl", "wb") as file:
        file.write(b'{"x":"' + b"y" * (40 * MIB) + b'"}\n{"n":1}\n')


def memory_is_bounded(tap):
    if not os.path.exists(BIN):
        raise Skip("no release build: cmake --preset release && ninja -C build")
    home = tempfile.mkdtemp(prefix="spoor-scenario-")
    try:
        make(home)
        bounded(tap, 48 * MIB, FILES, f"{FILES} files in a folder", "-c", "{ $.n = 1 }", home + "/many", "--threads", "2")
        records = 6 * 7 * 20000
        for threads, most in ("1", 32), ("4", 128), ("64", 256):
            bounded(tap, most * MIB, records, f"large files counted, {threads} threads", "-c", "{ $.n >= 0 }", home + "/large", "--threads", threads)
            bounded(tap, most * MIB, records, f"large files printed, {threads} threads", "{ $.n >= 0 }", home + "/large", "--threads", threads)
        err = bounded(tap, 48 * MIB, 0, "what is larger than any log", "{ $.n = 1 }", home + "/odd", "--threads", "2")
        tap.check("1 file: inflates to more than a log would" in err and "odd/record.json" in err, "each is named", err)
    finally:
        shutil.rmtree(home)


tap.run(memory_is_bounded)
