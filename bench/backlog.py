#!/usr/bin/python3
"""bench/backlog.py: PORT COMMAND...: runs the command that lets a trail deliver again, and prints how fast its backlog goes.

For bench/run delivery. Time counts from the last look that found nothing delivered."""
import subprocess
import sys
import time
import urllib.request


def look(port):
    """Pending and delivered records."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_spoor/metrics", timeout=60) as page:
        lines = page.read().decode().splitlines()
    value = {line.rsplit(" ", 1)[0].split("{")[0]: float(line.rsplit(" ", 1)[1]) for line in lines if not line.startswith("#")}
    return value["spoor_trail_pending_records"], value["spoor_delivered_records_total"]


port = sys.argv[1]
pending, before = look(port)
command = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL)
begun = time.monotonic()
deadline, delivered, left = begun + 300, before, pending
while left > 0 and time.monotonic() < deadline:
    now = time.monotonic()
    left, delivered = look(port)
    if delivered == before:
        begun = now
    time.sleep(0.01)
if command.wait() or left > 0:
    sys.exit("bench/backlog.py: the backlog does not go")
print(f"backlog_records {delivered - before:.0f} records")
print(f"backlog_per_second {(delivered - before) / (time.monotonic() - begun):.0f} records/s")
