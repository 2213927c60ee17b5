#!/usr/bin/python3
"""tests/scenario/init_without_lab.py: a real account: secrets shown once, one holder of the directory, settings in order."""
import json
import os
import re
import shutil
import subprocess
import tempfile

from harness import BIN, Server, initialise, tap

NAMES = ["account_id", "root_access_key_id", "root_secret_access_key", "administrator_user_name", "administrator_access_key_id",
         "administrator_secret_access_key", "administrator_password", "root_password"]


def spoor(*args, **env):
    done = subprocess.run([BIN, *args], capture_output=True, text=True, timeout=60, env={**os.environ, **env})
    return done.returncode, done.stdout, done.stderr


def init_prints_the_secrets_once(tap):
    home = tempfile.mkdtemp(prefix="spoor-scenario-")
    data = os.path.join(home, "data")
    code, out, err = spoor("serve", "--data", data, "--listen", "127.0.0.1:0")
    tap.check(code == 3 and "spoor init" in err and out == "", "serve on an empty directory says to run spoor init",
              (code, out, err))
    secrets = initialise(data)
    tap.equal([name for name in NAMES if name not in secrets], [], "init prints account, keys and passwords")
    tap.check(re.fullmatch(r"\d{12}", secrets["account_id"]) and secrets["account_id"] != "000000000000"
              and re.fullmatch(r"AKIA[A-Z2-7]{16}", secrets["root_access_key_id"])
              and len(secrets["root_secret_access_key"]) == 40 and len(secrets["administrator_secret_access_key"]) == 40,
              "each of its kind", {name: value for name, value in secrets.items() if "secret" not in name})
    code, out, err = spoor("init", "--data", data)
    tap.check(code != 0 and out == "" and err != "", "a second time it refuses and prints no secret", (code, out, err))
    kept = b""
    for folder, _, files in os.walk(data):
        for name in files:
            with open(os.path.join(folder, name), "rb") as file:
                kept += file.read()
    for name in NAMES:
        if "secret" in name or "password" in name:
            tap.check(secrets[name].encode() not in kept, f"{name} is nowhere in the directory in clear")
    keys = os.path.join(data, "keys")
    modes = [oct(os.stat(os.path.join(keys, name)).st_mode & 0o777) for name in os.listdir(keys)]
    tap.check(modes and set(modes) == {"0o600"}, "only the owner reads the keys", modes)
    shutil.rmtree(home)


def the_administrator_and_root_work(tap):
    with Server(tap, lab=False) as server:
        account = server.account
        code, answer, error = server.aws("sts", "get-caller-identity")
        tap.check(code == 0 and answer["Arn"] == f"arn:aws:iam::{account}:user/{server.secrets['administrator_user_name']}",
                  "the administrator is an IAM user of the account", (answer, error))
        root = (server.secrets["root_access_key_id"], server.secrets["root_secret_access_key"])
        identity = server.client("sts", *root).get_caller_identity()
        tap.equal((identity["UserId"], identity["Account"], identity["Arn"]), (account, account, f"arn:aws:iam::{account}:root"),
                  "root is the account")
        event = server.events(EventName="GetCallerIdentity")[0]
        tap.equal((event["Username"], event["record"]["userIdentity"]["type"], event["record"]["userIdentity"]["principalId"]),
                  ("root", "Root", account), "and recorded as root")
        tap.refused("the lab's key is no key here", "InvalidClientTokenId", server.client("sts", "test", "test").get_caller_identity)
        for path in ("/_spoor/reset", "/_spoor/clock"):
            status, _, _ = server.get(path, "POST", b"{}")
            tap.check(status in (403, 404), f"{path} is not there without --lab", status)
        server.client("iam").create_user(UserName="kept")
        server.restart()
        tap.equal(server.client("iam").get_user(UserName="kept")["User"]["UserName"], "kept", "a restart forgets nothing")
        tap.equal(server.events(EventName="CreateUser")[0]["record"]["requestParameters"], {"userName": "kept"},
                  "and the history is still there")


def one_process_holds_the_directory(tap):
    with Server(tap, lab=False) as server:
        code, out, err = spoor("serve", "--data", server.data, "--listen", "127.0.0.1:0")
        tap.check(code == 3 and out == "", "a second server on the directory exits 3", (code, out, err))
        tap.check(str(server.process.pid) in err or f"{server.port}" in err, "and names the holder", err)
        code, out, err = spoor("init", "--data", server.data)
        tap.check(code != 0 and out == "", "init on a held directory refuses", (code, out, err))
        server.kill()
        server.start()
        tap.check(server.client("sts").get_caller_identity(), "kill -9 leaves no stale lock")
        server.stop()
        with open(os.path.join(server.data, "VERSION"), "w") as file:
            file.write("999\n")
        code, out, err = spoor("serve", "--data", server.data, "--listen", "127.0.0.1:0")
        tap.check(code == 3 and "999" in err, "a newer format is refused with a clear message", (code, out, err))


def a_copy_is_a_backup(tap):
    with Server(tap, lab=False) as server:
        server.client("iam").create_user(UserName="before")
        server.stop()
        copy = server.data + "-copy"
        shutil.copytree(server.data, copy)
        server.start()
        server.client("iam").create_user(UserName="after")
        server.stop()
        server.data = copy
        server.start()
        users = {user["UserName"] for user in server.client("iam").list_users()["Users"]}
        tap.check("before" in users and "after" not in users, "a copied directory serves what it held when copied", users)


def settings_beat_each_other_in_order(tap):
    home = tempfile.mkdtemp(prefix="spoor-scenario-")
    config = os.path.join(home, "spoor.conf")
    with open(config, "w") as file:
        file.write("# a comment\nregion = eu-west-1\naccount = 111122223333\n")
    code, out, err = spoor("config", "--config", config)
    tap.check(code == 0 and "eu-west-1" in out and "history_days" in out, "spoor config prints settings and values",
              (code, out[-2000:], err))
    code, out, err = spoor("config", "--config", config, SPOOR_REGION="eu-west-3")
    tap.check(code == 0 and "eu-west-3" in out and "eu-west-1" not in "".join(
        line for line in out.splitlines(True) if line.lstrip().startswith("region ")), "the environment beats --config",
        (code, out[-2000:], err))
    code, out, err = spoor("config", "--config", config, "--region", "sa-east-1", SPOOR_REGION="eu-west-3")
    tap.check(code == 0 and "\nregion = sa-east-1\n" in out, "a flag beats the environment", (code, out[-2000:], err))
    for name, value in [("history_days", "0"), ("history_days", "91"), ("history_days", "many"), ("throttle", "maybe"),
                        ("account", "12"), ("lab", "perhaps")]:
        code, out, err = spoor("config", **{f"SPOOR_{name.upper()}": value})
        tap.check(code == 2 and name in err.lower() and out == "", f"{name} = {value} is refused by name", (code, out[-300:], err))
    with open(config, "a") as file:
        file.write("no_such_setting = 1\n")
    code, out, err = spoor("config", "--config", config)
    tap.check(code == 2 and "no_such_setting" in err and ":4" in err, "an unknown setting is named with its line",
              (code, out[-300:], err))
    code, out, err = spoor("serve", "--no-such-flag")
    tap.check(code == 2 and "--no-such-flag" in err, "an unknown flag is a usage error", (code, out, err))
    code, out, err = spoor("--version")
    tap.check(code == 0 and out.startswith("spoor "), "spoor --version", (code, out, err))
    code, out, err = spoor("serve", "--help")
    tap.check(code == 0 and "--lab" in out and out.count("spoor serve") >= 2, "spoor serve --help shows flags and examples",
              (code, out, err))
    code, out, err = spoor("operations", "--markdown")
    tap.check(code == 0 and "CreateUser" in out and "LookupEvents" in out and "|" in out, "spoor operations --markdown",
              (code, out[:300], err))
    shutil.rmtree(home)
    with Server(tap, lab=True, flags=["--account", "111122223333"]) as server:
        tap.equal(server.client("sts").get_caller_identity()["Arn"], "arn:aws:iam::111122223333:user/admin",
                  "--account is the account of key test")
        tap.equal(server.client("sts", "444455556666", "test").get_caller_identity()["Arn"],
                  "arn:aws:iam::444455556666:user/admin", "an account id as key is the admin of that account")
        tap.equal(server.client("sts", "root", "root").get_caller_identity()["Arn"], "arn:aws:iam::111122223333:root",
                  "key root is the account's root")
        server.client("iam").create_user(UserName="here")
        other = server.client("iam", "444455556666", "test")
        tap.refused("accounts do not see each other", "NoSuchEntity", other.get_user, UserName="here")
        there = server.events(server.client("cloudtrail", "444455556666", "test"))
        tap.check("CreateUser" not in [event["EventName"] for event in there], "nor each other's events", there)


def the_address_is_loopback_unless_told(tap):
    with Server(tap, lab=True) as server:
        tap.check(server.url.startswith("http://127.0.0.1:"), "it listens on the address it prints", server.url)
        status, headers, text = server.get("/_spoor/health")
        health = server.health()
        tap.check(status == 200 and "application/json" in headers["Content-Type"] and "version" in health,
                  "the health page is JSON", text)
        status, headers, text = server.get("/_localstack/health")
        known = json.loads(text)
        tap.check(status == 200 and known["edition"] == "spoor" and known["version"] == health["version"]
                  and all(known["services"].get(name) == "running" for name in ("iam", "sts", "cloudtrail")),
                  "existing wait scripts work", text)
        status, headers, text = server.get("/_localstack/health", "HEAD")
        tap.equal((status, text), (200, ""), "with HEAD too")


tap.run(init_prints_the_secrets_once, the_administrator_and_root_work, one_process_holds_the_directory, a_copy_is_a_backup,
        settings_beat_each_other_in_order, the_address_is_loopback_unless_told)
