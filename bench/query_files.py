#!/usr/bin/python3
"""bench/query_files.py: spoor query over an archive beside DuckDB, zgrep, ripgrep and jq on the same files: query_files.py SPOOR DIR

DIR is what bench-archive_generate wrote. Each question is asked of spoor and of DuckDB in turns, and medians are compared: of spoor
the whole command from its start to its end, of DuckDB (from npm, within a process that is already running, with a table function
that reads only what the question names) the query alone. Their answers must agree. Needs tests/scenario/node_modules.

A core's second is one of CPU time, so that a busy machine changes the seconds but not the rates.
"""
import glob
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
NODE = os.path.join(HERE, "../tests/scenario/node_modules/.bin/node")
MODULE = os.path.join(HERE, "../tests/scenario/node_modules/@duckdb/node-api")
ROUNDS = int(os.environ.get("SPOOR_BENCH_ROUNDS", 3))
NEEDLE = "AKIASPOORNEEDLE00042"
NEWEST = "ORDER BY eventTime DESC LIMIT"

# name: query; SQL; which column of the answers is compared; what DuckDB has to read (None: the whole record, as JSON).
TOP, ARN = "eventName VARCHAR", "userIdentity STRUCT(arn VARCHAR)"
TIME, NAMED = "eventTime TIMESTAMP", "eventTime TIMESTAMP, eventName VARCHAR"
QUESTIONS = {
    "Q1": ("stats count(*) as c", "SELECT count(*) AS c FROM ev", "c", TOP),
    "Q2": ("stats count(*) as c by eventName | sort c desc | limit 20",
           "SELECT eventName, count(*) AS c FROM ev GROUP BY 1 ORDER BY c DESC LIMIT 20", "c", TOP),
    "Q3": ("fields eventTime, eventName, userIdentity.arn, sourceIPAddress | filter eventSource = 'iam.amazonaws.com' | sort @timestamp desc | limit 50",
           "SELECT eventTime, eventName, userIdentity.arn, sourceIPAddress FROM ev WHERE eventSource = 'iam.amazonaws.com' " + NEWEST + " 50",
           "sourceIPAddress", f"{NAMED}, {ARN}, sourceIPAddress VARCHAR, eventSource VARCHAR"),
    "Q4": ("fields eventTime, eventName, userIdentity.arn, errorCode | filter errorCode like /Denied|Unauthorized/ | sort @timestamp desc | limit 20",
           "SELECT eventTime, eventName, userIdentity.arn, errorCode FROM ev WHERE errorCode LIKE '%Denied%' OR errorCode LIKE '%Unauthorized%' "
           + NEWEST + " 20", "eventName", f"{NAMED}, {ARN}, errorCode VARCHAR"),
    "Q5": ("fields eventTime, eventName, userIdentity.arn | filter eventName like /Policy|Role|User/ | sort @timestamp desc | limit 20",
           "SELECT eventTime, eventName, userIdentity.arn FROM ev WHERE regexp_matches(eventName, 'Policy|Role|User') " + NEWEST + " 20",
           "eventName", f"{NAMED}, {ARN}"),
    "Q6": ("fields eventTime, eventName, userIdentity.arn | filter userIdentity.arn like 'admin' | sort @timestamp desc | limit 50",
           "SELECT eventTime, eventName, userIdentity.arn FROM ev WHERE userIdentity.arn LIKE '%admin%' " + NEWEST + " 50",
           "eventName", f"{NAMED}, {ARN}"),
    "Q7": ("stats count(*) as c by bin(1h), errorCode",
           "SELECT date_trunc('hour', eventTime), errorCode, count(*) AS c FROM ev GROUP BY 1, 2", "c", f"{TIME}, errorCode VARCHAR"),
    "Q8": ("stats count_distinct(sourceIPAddress) as c by userIdentity.arn | sort c desc | limit 20",
           "SELECT userIdentity.arn, count(DISTINCT sourceIPAddress) AS c FROM ev GROUP BY 1 ORDER BY c DESC LIMIT 20",
           "c", f"{ARN}, sourceIPAddress VARCHAR"),
    "Q9": ("fields eventID, @message | filter eventID = 'deadbeef-0000-4000-8000-00005f00d042'",
           "SELECT r->>'$.eventID' AS eventID, r FROM ev WHERE (r->>'$.eventID') = 'deadbeef-0000-4000-8000-00005f00d042'", "eventID", None),
    "Q10": (f"fields eventID, @message | filter @message like '{NEEDLE}'",
            f"SELECT r->>'$.eventID' AS eventID, r FROM ev WHERE contains(r::VARCHAR, '{NEEDLE}')", "eventID", None),
    "Q11": ("fields eventID, @message | filter userIdentity.userName = 'dana.whitfield' | sort @timestamp desc | limit 50",
            "SELECT r->>'$.eventID' AS eventID, r FROM ev WHERE (r->>'$.userIdentity.userName') = 'dana.whitfield' "
            "ORDER BY (r->>'$.eventTime')::TIMESTAMP DESC LIMIT 50", "eventID", None),
    "Q12": ("filter userIdentity.arn like 'admin' | stats count(*) as c by eventName | sort c desc | limit 20",
            "SELECT eventName, count(*) AS c FROM ev WHERE userIdentity.arn LIKE '%admin%' GROUP BY 1 ORDER BY c DESC LIMIT 20",
            "c", f"{TOP}, {ARN}"),
    "Q13": ("fields eventTime, eventName, userAgent | filter userAgent like 'Python/3.11.8' and eventName = 'CreateAccessKey' | sort @timestamp desc | limit 20",
            "SELECT eventTime, eventName, userAgent FROM ev WHERE userAgent LIKE '%Python/3.11.8%' AND eventName = 'CreateAccessKey' "
            + NEWEST + " 20", "userAgent", f"{NAMED}, userAgent VARCHAR"),
}
SLOW = {"Q6", "Q7", "Q8", "Q9", "Q10", "Q11"}           # the questions that DuckDB takes long for, once it has a table of its own
TWO_FIELDS = "filter eventName != 'x' and userIdentity.arn != 'y' | stats count(*) as c"    # nothing of it can be searched for beforehand


def emit(name, value, unit):
    print(f"{name} {value} {unit}", flush=True)


def run(command):
    """Seconds, seconds of CPU time, most memory in KiB, output, errors. The memory is of the process itself, looked at while it runs."""
    start, most = time.monotonic(), 0
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            try:
                with open(f"/proc/{process.pid}/status") as file:
                    most = max([most] + [int(line.split()[1]) for line in file if line.startswith("VmHWM")])
            except OSError:
                pass
            time.sleep(0.002)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return seconds, usage.ru_utime + usage.ru_stime, most, out.read().decode(errors="replace"), err.read().decode(errors="replace")


class DuckDB:
    def __init__(self, folder):
        self.process = subprocess.Popen([NODE, os.path.join(HERE, "query_files_duckdb.mjs"), folder], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        print("# DuckDB " + json.loads(self.process.stdout.readline())["version"])

    def ask(self, sql, need):
        """Seconds and rows; the high-water mark of memory begins anew with each question."""
        with open(f"/proc/{self.process.pid}/clear_refs", "w") as file:
            file.write("5")
        self.process.stdin.write(json.dumps({"sql": sql, "need": need}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        with open(f"/proc/{self.process.pid}/status") as file:
            most = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
        return answer["seconds"], most, answer["rows"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Bench:
    def __init__(self, spoor, folder):
        self.spoor, self.folder, self.ratios, self.failed = spoor, folder, {}, False
        self.duckdb = DuckDB(folder) if os.path.exists(NODE) and os.path.exists(MODULE) else None
        if not self.duckdb:
            print("# DuckDB is not measured: tools/setup test installs tests/scenario/node_modules")

    def query(self, text, *flags):
        seconds, cpu, most, out, err = run([self.spoor, "query", "--files", self.folder, "--format", "jsonl", *flags, text])
        if not re.search("of JSON", err):
            raise RuntimeError(f"{text}: {err}")
        return seconds, cpu, most, [json.loads(line) for line in out.splitlines()], err

    def question(self, name):
        text, sql, column, need = QUESTIONS[name]
        ours, theirs, memory = [], [], [0, 0]
        for _ in range(ROUNDS):
            seconds, _, most, rows, _ = self.query(text)
            ours.append(seconds)
            memory[0] = max(memory[0], most)
            if self.duckdb:
                seconds, most, peer_rows = self.duckdb.ask(sql, need)
                theirs.append(seconds)
                memory[1] = max(memory[1], most)
        emit(f"query_{name}", f"{statistics.median(ours):.3f}", "s")
        emit(f"query_{name}_memory_high", memory[0], "kB")
        if not self.duckdb:
            return
        self.ratios[name] = statistics.median(theirs) / statistics.median(ours)
        emit(f"duckdb_{name}", f"{statistics.median(theirs):.3f}", "s")
        emit(f"duckdb_{name}_memory_high", memory[1], "kB")
        emit(f"duckdb_{name}_ratio", f"{self.ratios[name]:.2f}", "times spoor's")
        if sorted(str(row[column]) for row in rows) != sorted(str(row[column]) for row in peer_rows):
            self.failed = True
            print(f"# {name}: THE ANSWERS DIFFER: {[row[column] for row in rows][:5]}... and {[row[column] for row in peer_rows][:5]}...")

    def rates(self):
        """What a core reads in a second of its time, of JSON; the best of some runs, as what disturbs only takes away."""
        best = {}
        for name, text in (("two_fields", TWO_FIELDS), ("literal", QUESTIONS["Q10"][0])):
            for threads in ("1", str(os.cpu_count())):
                rates = []
                for _ in range(ROUNDS):
                    seconds, cpu, most, _, err = self.query(text, "--threads", threads)
                    rates.append(int(re.search(r"(\d+) of JSON", err).group(1)) / cpu / 1e6)
                best[name, threads] = max(rates)
                emit(f"query_{name}_{threads}_thread{'s' * (threads != '1')}_a_core", f"{max(rates):.0f}", "MB/s")
        return best

    def beside(self, name, ours, theirs, hits):
        """Both in turns; gives how many times as long the peer takes."""
        seconds, peer = [], []
        for _ in range(ROUNDS):
            seconds.append(ours())
            took, _, most, out, _ = run(theirs)
            peer.append(took)
        emit(name, f"{statistics.median(peer):.2f}", "s")
        ratio = statistics.median(peer) / statistics.median(seconds)
        emit(f"{name}_ratio", f"{ratio:.1f}", "times spoor's")
        if hits and len(out.split()) != hits:
            self.failed = True
            print(f"# {name}: {len(out.split())} HITS, NOT {hits}")
        return ratio

    def grep(self):
        """The needle of Q10 by those who know only text, and how often there is which call by jq. Gives zgrep's ratio."""
        def needle():
            return self.query(QUESTIONS["Q10"][0])[0]

        hits = len(self.query(QUESTIONS["Q10"][0])[3])
        ratio = self.beside("zgrep_Q10", needle, ["sh", "-c", f"find '{self.folder}' -name '*.gz' | xargs zgrep -ho {NEEDLE}"], hits)
        if shutil.which("rg"):
            self.beside("ripgrep_Q10", needle, ["rg", "-z", "--no-filename", "-o", NEEDLE, self.folder], hits)
        else:
            print("# ripgrep is not measured: on Debian: apt-get install ripgrep")
        if shutil.which("jq"):
            # a tenth of the files: all of them take a minute
            os.mkdir("tenth")
            for name in sorted(glob.glob(self.folder + "/**/*.gz", recursive=True))[::10]:
                os.link(name, f"tenth/{os.path.basename(name)}")
            self.beside("jq_Q2_of_a_tenth", lambda: run([self.spoor, "query", "--files", "tenth", "--format", "jsonl", QUESTIONS["Q2"][0]])[0],
                        ["sh", "-c", "zcat tenth/* | jq -r '.Records[].eventName' | sort | uniq -c | sort -rn | head -20"], 0)
            shutil.rmtree("tenth")
        else:
            print("# jq is not measured: on Debian: apt-get install jq")
        return ratio

    def aim(self, what, value, least, where=""):
        print(f"# aim: {what}, at least {least}: {'met' if value >= least else 'MISSED'}, {value:.1f}{where}", flush=True)

    def all(self):
        for name in QUESTIONS:
            self.question(name)
        rates = self.rates()
        zgrep = self.grep()
        if self.duckdb:
            worst = min(self.ratios, key=self.ratios.get)
            slow = min(SLOW, key=self.ratios.get)
            self.aim("times as fast as DuckDB on every question", self.ratios[worst], 2.5, f" at {worst}")
            self.aim("times as fast as DuckDB on Q6 to Q11", self.ratios[slow], 5, f" at {slow}")
            self.duckdb.close()
        self.aim("times as fast as zgrep", zgrep, 8)
        self.aim("MB of JSON a second and core, two fields named", min(rate for (name, _), rate in rates.items() if name == "two_fields"), 600)
        self.aim("MB of JSON a second and core, a literal searched for", min(rate for (name, _), rate in rates.items() if name == "literal"), 1000)
        return 1 if self.failed else 0


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: query_files.py SPOOR DIR")
    spoor, folder = map(os.path.abspath, sys.argv[1:])
    os.chdir(os.path.dirname(folder))
    sys.exit(Bench(spoor, folder).all())


main()
