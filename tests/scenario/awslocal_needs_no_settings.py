#!/usr/bin/python3
"""tests/scenario/awslocal_needs_no_settings.py: bin/awslocal is `aws` with an endpoint, and says nothing that its caller has said."""
import json
import os
import subprocess

from harness import ROOT, Server, tap

AWSLOCAL = os.path.join(ROOT, "bin/awslocal")
SHOWN = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE")


def notes_work_as_written(tap):
    with Server(tap) as server:
        settings = {name: value for name, value in server.environment().items()
                    if not name.endswith(("_KEY_ID", "_ACCESS_KEY", "_REGION"))}

        def said(*words, **more):
            done = subprocess.run([AWSLOCAL, *words], capture_output=True, text=True, cwd=server.home,
                                  env={**settings, "AWS_ENDPOINT_URL": server.url, **more})
            return done.returncode, done.stdout.strip(), done.stderr.strip()

        code, text, error = said("sts", "get-caller-identity")
        tap.equal((code, code == 0 and json.loads(text)["Arn"]), (0, "arn:aws:iam::000000000000:user/admin"), "the administrator asks")
        tap.equal(said("s3", "mb", "s3://cloudtrail-logs-bucket")[1], "make_bucket: cloudtrail-logs-bucket", "a bucket is made")
        with open(os.path.join(server.home, "a file"), "w") as file:
            file.write("text")
        tap.equal(said("s3", "cp", "a file", "s3://cloudtrail-logs-bucket/a b")[0], 0, "words with blanks arrive whole")
        tap.equal(said("s3", "cp", "s3://cloudtrail-logs-bucket/a b", "-")[1], "text", "and so does the object")
        account = said("sts", "get-caller-identity", "--query", "Account", "--output", "text", AWS_ACCESS_KEY_ID="222222222222")
        tap.equal(account[1], "222222222222", "a key of the caller's own is used")
        code, _, error = said("s3", "ls", AWS_SECRET_ACCESS_KEY="wrong")
        tap.check(code != 0 and "SignatureDoesNotMatch" in error, "and a secret; its exit code is that of aws", error)


def only_what_is_unset_is_set(tap):
    """By an `aws` that tells what it was given."""
    with Server(tap) as server:
        place = os.path.join(server.home, "bin")
        os.mkdir(place)
        told = 'import json, os, sys; print(json.dumps([sys.argv[1:], {n: os.environ.get(n) for n in %r}]))' % (SHOWN,)
        with open(os.path.join(place, "aws"), "w") as file:
            file.write(f"#!/usr/bin/python3\n{told}\n")
        os.chmod(os.path.join(place, "aws"), 0o755)

        def given(*words, **settings):
            done = subprocess.run([AWSLOCAL, *words], capture_output=True, text=True, check=True,
                                  env={"PATH": f"{place}:/usr/bin:/bin", **settings})
            words, shown = json.loads(done.stdout)
            return words, [shown[name] for name in SHOWN]

        tap.equal(given("s3", "ls", "--x", ""), (["--endpoint-url", "http://127.0.0.1:4566", "s3", "ls", "--x", ""],
                                                 ["test", "test", "us-east-1", None, None]), "the lab's settings")
        tap.equal(given(AWS_REGION="eu-west-1")[1][2:4], ["eu-west-1", "eu-west-1"], "a region by either name is kept")
        tap.equal(given(AWS_DEFAULT_REGION="eu-west-2")[1][2], "eu-west-2", "and by the other")
        tap.equal(given(AWS_PROFILE="mine")[1], [None, None, None, None, "mine"], "a profile has settings of its own")
        tap.equal(given(AWS_ENDPOINT_URL="http://lab:1")[0], ["--endpoint-url", "http://lab:1"], "so has an endpoint")
        done = subprocess.run(["/bin/sh", AWSLOCAL], capture_output=True, text=True, env={"PATH": server.home})
        tap.check(done.returncode == 127 and "awscli" in done.stderr, "without an aws it says what to install", done.stderr)


tap.run(notes_work_as_written, only_what_is_unset_is_set)
