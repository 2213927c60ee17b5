#!/usr/bin/python3
"""tests/scenario/disk_full_and_read_only.py: when it cannot record, spoor refuses every call, says why, and resumes by itself."""
import os
import re
import subprocess
import tempfile
import time

from caller import Caller, Load, compare
from harness import BIN, Server, Skip, initialise, tap, until

DISK_BYTES = 96 << 20
FLAGS = ["--journal-file-bytes", str(4 << 20)]          # so that it meets the end of the disk soon


def quietly(*command):
    """What a machine may refuse: then the story is skipped with its words."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Skip(f"{command[0]} does not work here: {done.stderr.strip()}")
    return done.stdout.strip()


class Disk:
    """A small file system of its own, as root."""

    def __init__(self):
        if os.geteuid() != 0:
            raise Skip("only root mounts a small disk")
        self.path = tempfile.mkdtemp(prefix="spoor-disk-")
        self.mount()

    def mount(self):
        quietly("mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", self.path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.unmount()
        os.rmdir(self.path)

    def unmount(self):
        subprocess.run(["umount", self.path], check=True)

    def fill(self):
        """Takes the rest of the disk; gives the file to delete."""
        path = os.path.join(self.path, "filler")
        with open(path, "ab", buffering=0) as file:
            size = 1 << 20
            while size:
                try:
                    file.write(b"\1" * size)
                except OSError:
                    size //= 2
        return path


class FailingDisk(Disk):
    """ext4 in a file, which the kernel makes read-only when told that it is broken, as it does with a dying disk."""

    def mount(self):
        self.image = tempfile.NamedTemporaryFile(prefix="spoor-disk-")
        self.image.truncate(DISK_BYTES)
        quietly("mkfs.ext4", "-q", "-F", "-e", "remount-ro", self.image.name)
        quietly("mount", "-o", "loop", self.image.name, self.path)

    def fail(self):
        device = os.path.basename(quietly("findmnt", "--noheadings", "--output", "SOURCE", self.path))
        with open(f"/sys/fs/ext4/{device}/trigger_fs_error", "w") as file:
            file.write("1")

    def replace(self):
        """What an operator does: unmount, repair, mount again."""
        self.unmount()
        subprocess.run(["fsck.ext4", "-y", "-f", self.image.name], capture_output=True)
        quietly("mount", "-o", "loop", self.image.name, self.path)


def everything_is_refused(tap, server, why):
    caller = Caller(server)
    status, body = caller.iam("GetUser", UserName="nobody")
    tap.check(status == 503 and b"<Code>ServiceUnavailable</Code>" in body, "a read is refused with ServiceUnavailable", (status, body))
    status, body = caller.trail("LookupEvents", {})
    tap.check(status == 503 and b'"ServiceUnavailableException"' in body, "a lookup too", (status, body))
    error = tap.refused("boto3 understands it", "ServiceUnavailable", server.client("sts").get_caller_identity, status=503)
    tap.check(error and "retry-after" in error.response["ResponseMetadata"]["HTTPHeaders"], "and is told to come again")
    health = server.health()
    tap.check(health.get("state") != "ok" and re.search(why, str(health)), "the health page says why", health)
    tap.check("spoor_" in server.get("/_spoor/metrics")[2], "metrics still answer")


def fill_until_refused(server, disk):
    """Takes the disk away under load until calls are refused; gives the load and the file to delete."""
    load = Load(server, "/full/", threads=8)
    load.run_until(200)
    filler = disk.fill()
    load.wait()
    return load, filler


def a_full_disk(tap):
    with Disk() as disk:
        with Server(tap, lab=True, data=os.path.join(disk.path, "data"), flags=FLAGS) as server:
            since = int(time.time()) - 1
            load, filler = fill_until_refused(server, disk)
            refusals = {status for status, _ in load.refused}
            tap.equal(refusals, {503}, f"after {len(load.acknowledged)} calls the disk is full and calls get 503")
            everything_is_refused(tap, server, "space|disk is full")
            os.unlink(filler)
            tap.check(until(lambda: server.health().get("state") == "ok", "state ok"), "with space again it resumes by itself",
                      server.health())
            server.client("iam").create_user(UserName="after")
            compare(tap, Caller(server), load, since, "nothing acknowledged was lost")
            server.kill()
            server.start()
            compare(tap, Caller(server), load, since, "nor by a kill -9 after it")


def a_kill_on_a_full_disk(tap):
    with Disk() as disk:
        with Server(tap, lab=True, data=os.path.join(disk.path, "data"), flags=FLAGS) as server:
            since = int(time.time()) - 1
            load, filler = fill_until_refused(server, disk)
            server.kill()
            os.unlink(filler)
            server.start()
            compare(tap, Caller(server), load, since, "killed while the disk was full")


def a_disk_that_cannot_be_written(tap):
    with Disk() as disk:
        data = os.path.join(disk.path, "data")
        initialise(data)
        subprocess.run(["mount", "-o", "remount,ro", disk.path], check=True)
        done = subprocess.run([BIN, "serve", "--data", data, "--listen", "127.0.0.1:0"], capture_output=True, text=True, timeout=60)
        tap.check(done.returncode == 3 and "ead-only" in done.stderr, "serve on a read-only disk says so and exits 3",
                  (done.returncode, done.stdout, done.stderr))
        subprocess.run(["mount", "-o", "remount,rw", disk.path], check=True)


def a_disk_that_fails(tap):
    with FailingDisk() as disk:
        with Server(tap, lab=True, data=os.path.join(disk.path, "data"), flags=FLAGS) as server:
            since = int(time.time()) - 1
            # Calls that are in the journal and not in the catalog wait for the disk, which never comes back.
            load = Load(server, "/fail/", threads=8, patience_s=5)
            load.run_until(200)
            disk.fail()
            load.wait()
            late = Caller(server).iam("CreateUser", UserName="late", Path="/fail/")      # all of the load may have met its patience
            tap.equal({status for status, _ in [*load.refused, late]}, {503}, f"after {len(load.acknowledged)} calls the disk fails")
            everything_is_refused(tap, server, "ead-only")
            server.kill()
            disk.replace()
            server.start()
            compare(tap, Caller(server), load, since, "on the repaired disk nothing is lost")


def files_that_cannot_be_written_for_a_while(tap):
    """The files are made immutable under the server: writes fail, reads go on. Not SQLite's -shm, which is memory that
    connections share: Linux ends a process that writes to a mapping of an immutable file."""
    if os.geteuid() != 0:
        raise Skip("only root makes files immutable")
    with Server(tap, lab=True) as server:
        since = int(time.time()) - 1
        server.client("iam").create_user(UserName="before", Path="/ro/")
        held = [os.path.join(folder, name) for folder, _, names in os.walk(server.data) for name in names
                if not name.endswith("-shm")]
        try:
            quietly("chattr", "+i", *held)
            answers = [Caller(server).iam("CreateUser", UserName=f"while{n}", Path="/ro/") for n in range(3)]
            if answers[-1] and answers[-1][0] == 200:
                raise Skip("this file system lets a holder write an immutable file")
            tap.equal({answer and answer[0] for answer in answers}, {503}, "calls are refused while nothing can be written")
            everything_is_refused(tap, server, "")
        finally:
            subprocess.run(["chattr", "-i", *held], capture_output=True)
        tap.check(until(lambda: server.health().get("state") == "ok", "state ok"), "writable again, it resumes by itself",
                  server.health())
        server.client("iam").create_user(UserName="later", Path="/ro/")
        compare(tap, Caller(server), Load(server, "/ro/", threads=0), since, "nothing was lost or made in between",
                also={"before", "later"})


tap.run(a_full_disk, a_kill_on_a_full_disk, a_disk_that_cannot_be_written, a_disk_that_fails,
        files_that_cannot_be_written_for_a_while)
