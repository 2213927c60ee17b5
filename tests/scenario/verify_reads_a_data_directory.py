#!/usr/bin/python3
"""tests/scenario/verify_reads_a_data_directory.py: spoor verify on a server's data directory: held, stopped, killed, and tampered with."""
import contextlib
import glob
import json
import os
import shutil
import sqlite3
import subprocess

from harness import BIN, Server, tap


def verify(*arguments):
    done = subprocess.run([BIN, "verify", *arguments], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def flip(path, at):
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 1]))


def a_data_directory_is_verified(tap):
    with Server(tap) as server:
        s3 = server.client("s3")
        s3.create_bucket(Bucket="evidence")
        for number in range(3):
            s3.put_object(Bucket="evidence", Key=f"image-{number}", Body=os.urandom(200000))
        server.client("iam").create_user(UserName="alice")
        code, _, err = verify("--data", server.data)
        tap.check(code == 3 and f"process {server.process.pid}" in err, "a held directory is exit 3, and the holder is named", err)
        copy = os.path.join(server.home, "copy")
        server.kill()
        code, out, err = verify("--data", server.data)
        tap.equal((code, out.splitlines()[-1], err), (0, "sound", ""), "what a killed server left is sound")
        server.start()
        server.stop()
        code, out, err = verify(server.data)
        tap.equal((code, out.splitlines()[-1], err), (0, "sound", ""), "a stopped directory is sound, and known without --data")
        tap.check("3 of 3 object files valid" in out, "its objects were read", out)
        code, out, _ = verify("--data", server.data, "--format", "json")
        report = json.loads(out)
        tap.check(code == 0 and report["version"] == 1 and report["records"] >= 5 and report["journalEnd"]["sequence"] > 5,
                  "json counts records and says where the journal ends", out)
        head = os.path.join(server.home, "head.json")
        with open(head, "w") as file:
            json.dump(report["journalEnd"], file)
        shutil.copytree(server.data, copy)
        tap.equal(verify("--data", copy, "--expect-head", head)[0], 0, "a copy is sound, and has the end that was noted")
        older = os.path.join(server.home, "older")
        shutil.copytree(copy, older)
        with Server(tap, data=copy) as later:
            later.client("iam").create_user(UserName="bob")
        tap.equal(verify("--data", copy, "--expect-head", head)[0], 0, "the end that was noted is still in a journal that went on")
        with open(head, "w") as file:
            json.dump(json.loads(verify("--data", copy, "--format", "json")[1])["journalEnd"], file)
        code, out, _ = verify("--data", older, "--expect-head", head)
        tap.equal((code, out.split("\t")[0]), (1, "journal cut"), "a directory that was set back is found by the end that was noted")

        with contextlib.closing(sqlite3.connect(os.path.join(older, "catalog.db"))) as catalog, catalog:
            catalog.execute("DELETE FROM users WHERE name = 'alice'")
        code, out, _ = verify("--data", older)
        tap.check(code == 1 and out.startswith("catalog changed\t") and "table users" in out, "a row that was deleted with SQL is found", out)
        journal = sorted(glob.glob(os.path.join(copy, "journal", "*.journal")))[0]
        flip(journal, 4096 + 1000)
        code, out, _ = verify("--data", copy)
        tap.equal((code, out.split("\t")[0], out.splitlines()[-1]), (1, "journal changed", "NOT SOUND"), "one bit of the journal is found")
        flip(journal, 4096 + 1000)
        files = sorted(glob.glob(os.path.join(copy, "objects", "*", "*")))
        flip(files[0], 100000)
        os.unlink(files[1])
        code, out, _ = verify("--data", copy, "--format", "json")
        tap.equal((code, sorted(problem["finding"] for problem in json.loads(out)["problems"])), (1, ["object changed", "object missing"]),
                  "a changed object and a deleted one are found")
        for arguments, words in (((copy, "--public-keys", head), "data directory"), (("--data", copy, copy), "one at a time")):
            code, _, err = verify(*arguments)
            tap.check(code == 2 and words in err, "exit 2: " + words, (code, err))
        code, _, err = verify("--data", server.home)
        tap.check(code == 3 and "not a data directory" in err, "exit 3: what is no data directory", (code, err))


tap.run(a_data_directory_is_verified)
