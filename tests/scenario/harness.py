"""tests/scenario/harness.py: starts, stops and kills a spoor, hands out stock AWS clients for it, and prints TAP.

A scenario knows the command line and the wire, nothing of the insides. It waits for facts (a line, an answer, an exit),
never for a time. Only Debian's own AWS CLI and boto3 are used, whatever else is on PATH.

    SPOOR_BIN=build/spoor tests/scenario/a_role_is_assumed.py       another build than build-dev/spoor
    SPOOR_KEEP=1 ...                                                leaves the data directory and says where
"""
import contextlib
import http.client
import json
import os
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BIN = os.path.join(ROOT, os.environ.get("SPOOR_BIN", "build-dev/spoor"))
REGION = "us-east-1"
DEADLINE_S = 60            # for a server to start or stop; a sanitizer build on a busy machine is slow

# No setting of the person who runs the tests may reach the clients.
for name in [name for name in os.environ if name.startswith(("AWS_", "SPOOR_")) and name not in (
        "SPOOR_BIN", "SPOOR_KEEP", "SPOOR_KILL_ROUNDS")]:
    del os.environ[name]
os.environ.update(AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null", AWS_EC2_METADATA_DISABLED="true")

import boto3                          # noqa: E402  (after the environment is clean)
from botocore.config import Config    # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402


class Skip(Exception):
    """Raised by a scenario that cannot run here; the reason is its text."""


def compared(got, want):
    """Both, and of long ones the place where they part: who reads it may see nothing but the end of this output."""
    got, want = repr(got), repr(want)
    text = f"got    {got}\nwanted {want}"
    if max(len(got), len(want)) > 200:
        at = len(os.path.commonprefix([got, want]))
        text = f"at character {at} {got[at:at + 150]!r} is not {want[at:at + 150]!r}, behind {got[max(at - 60, 0):at]!r}\n{text}"
    return text


class Tap:
    """Counts checks and prints a TAP line for each. What failed is said once more, in short, at the end."""

    def __init__(self):
        self.count, self.failed, self.summary, self.start = 0, 0, [], time.monotonic()

    def check(self, condition, name, detail=""):
        self.count += 1
        print(f"{'ok' if condition else 'not ok'} {self.count} - {name}", flush=True)
        if not condition:
            self.failed += 1
            lines = str(detail).splitlines()
            short = lines[-3:] if lines[:1] == ["Traceback (most recent call last):"] else lines[:3]
            self.summary += [f"not ok {self.count} - {name}", *(f"  {line[:400]}" for line in short)]
            took, load = time.monotonic() - self.start, "/".join(f"{load:.1f}" for load in os.getloadavg())
            for line in [*lines[:40], f"after {took:.1f} s, at {time.strftime('%H:%M:%S', time.gmtime())} UTC, load {load}"]:
                print(f"# {line[:1500]}", flush=True)
        return condition

    def equal(self, got, want, name):
        return self.check(got == want, name, compared(got, want))

    def refused(self, name, code, call, *args, message=None, status=None, **kwargs):
        """`call` must fail with AWS's error `code`, and with this message and HTTP status where given."""
        try:
            answer = call(*args, **kwargs)
        except ClientError as error:
            got = error.response["Error"]
            http_status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            good = got["Code"] == code and message in (None, got.get("Message")) and status in (None, http_status)
            self.check(good, name, f"got    {http_status} {got}\nwanted {status or ''} {code} {message or ''}")
            return error
        self.check(False, name, f"it was answered: {answer}")
        return None

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {reason}", flush=True)

    def run(self, *stories):
        """Runs each story; an exception fails it and the next one goes on. Does not return."""
        for story in stories:
            print(f"# {story.__name__.replace('_', ' ')}", flush=True)
            try:
                story(self)
            except Skip as reason:
                self.skip(story.__name__, reason)
            except Exception:
                self.check(False, f"{story.__name__} runs to its end", traceback.format_exc())
        if self.failed:
            print(f"# ---- {self.failed} of {self.count} failed ----")
        for line in self.summary[:40]:
            print(f"# {line}")
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


def initialise(data, *flags):
    """`spoor init`: the secrets it prints once, by name."""
    done = subprocess.run([BIN, "init", "--data", data, *flags], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"spoor init: exit {done.returncode}: {done.stderr}")
    return dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)


def npm_node():
    """npm's Node; what is installed beside it is found by scripts of this folder."""
    node = os.path.join(HERE, "node_modules/.bin/node")
    if not os.path.exists(node):
        raise Skip("no node_modules: run tools/setup test")
    return node


class Server:
    """A spoor with a data directory of its own. With lab=False the directory is first made by `spoor init`, and the
    default caller is the first administrator. Leaving the `with` block checks that it stops cleanly."""

    def __init__(self, tap, lab=True, data=None, flags=(), env=None):
        self.tap, self.lab, self.flags, self.env = tap, lab, list(flags), dict(env or {})
        self.home = tempfile.mkdtemp(prefix="spoor-scenario-")
        self.data = data or os.path.join(self.home, "data")
        self.log_path = os.path.join(self.home, "stderr")
        self.process, self.failed_before = None, tap.failed
        self.certificate = self.flags[self.flags.index("--tls-cert") + 1] if "--tls-cert" in self.flags else None
        self.secrets = {}
        if lab:
            self.key, self.secret, self.account = "test", "test", "000000000000"
        else:
            self.secrets = initialise(self.data)
            self.key = self.secrets["administrator_access_key_id"]
            self.secret = self.secrets["administrator_secret_access_key"]
            self.account = self.secrets["account_id"]

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        if self.process and kind is not None and not issubclass(kind, Skip):
            self.tap.check(False, "the story ran with the server", "".join(
                traceback.format_exception(kind, value, trace)) + self.log()[-3000:])
        if self.process:
            self.stop()
        if self.tap.failed > self.failed_before:
            for line in [line for line in self.log().splitlines() if " signature refused " not in line][-15:]:
                print(f"# spoor said: {line[:300]}")
        self.remove()
        return kind is not None and not issubclass(kind, (Skip, KeyboardInterrupt))

    def remove(self):
        if os.environ.get("SPOOR_KEEP"):
            print(f"# kept {self.home}")
        else:
            shutil.rmtree(self.home, ignore_errors=True)

    # ---- life ----

    def command(self, listen="127.0.0.1:0"):
        return [BIN, "serve", "--data", self.data, "--listen", listen] + (["--lab"] if self.lab else []) + self.flags

    def start(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=subprocess.PIPE, stderr=log, cwd=self.home,
                                            env={**os.environ, **self.env})
        line = self.read_line()
        if not line.startswith("spoor listening on http"):
            code = self.process.poll()
            self.process.kill()
            raise RuntimeError(f"no listening line but {line!r}, exit {code}, stderr: {self.log()[-2000:]}")
        self.url = line.split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])
        return self

    def read_line(self):
        deadline, line = time.monotonic() + DEADLINE_S, b""
        while not line.endswith(b"\n") and time.monotonic() < deadline:
            if select.select([self.process.stdout], [], [], 1)[0]:
                byte = os.read(self.process.stdout.fileno(), 1)
                if not byte:
                    break
                line += byte
        return line.decode()

    def wait(self):
        try:
            return self.process.wait(DEADLINE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return "did not end"

    def stop(self):
        """SIGTERM; checks that it had not ended before, exits 0, and that no sanitizer spoke."""
        early = self.process.poll()
        if early is not None:
            self.tap.check(False, "the server lived until it was stopped", f"exit {early}\n{self.log()[-6000:]}")
        self.process.send_signal(signal.SIGTERM)
        code, log = self.wait(), self.log()
        self.process.stdout.close()
        self.process = None
        clean = code == 0 and "Sanitizer" not in log and "runtime error:" not in log
        self.tap.check(clean, "the server stops cleanly on SIGTERM", f"exit {code}\n{log[-6000:]}")

    def kill(self):
        """kill -9; checks only that it had not died by itself before."""
        self.process.kill()
        code = self.process.wait()
        self.process.stdout.close()
        self.process = None
        if code != -signal.SIGKILL:
            self.tap.check(False, "the server lived until kill -9", f"exit {code}\n{self.log()[-4000:]}")

    def restart(self):
        self.stop()
        return self.start()

    def log(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    # ---- clients ----

    def client(self, service, key=None, secret=None, token=None, region=REGION, **config):
        """A boto3 client that never retries, so that one call is one event."""
        session = boto3.session.Session(key or self.key, secret or self.secret, token, region)
        settings = Config(retries={"max_attempts": 0}, connect_timeout=DEADLINE_S, read_timeout=DEADLINE_S, **config)
        return session.client(service, endpoint_url=self.url, config=settings, verify=self.certificate or True)

    def session_client(self, service, credentials, **config):
        """With the Credentials that STS or CreateAccessKey answered."""
        return self.client(service, credentials["AccessKeyId"], credentials["SecretAccessKey"],
                           credentials.get("SessionToken"), **config)

    def environment(self, key=None, secret=None, token=None):
        env = {"HOME": self.home, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "AWS_CONFIG_FILE": "/dev/null",
               "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true",
               "AWS_PAGER": "", "AWS_ACCESS_KEY_ID": key or self.key, "AWS_SECRET_ACCESS_KEY": secret or self.secret,
               "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION}
        if token:
            env["AWS_SESSION_TOKEN"] = token
        if self.certificate:
            env["AWS_CA_BUNDLE"] = self.certificate
        return env

    def aws(self, *args, key=None, secret=None, token=None):
        """Debian's AWS CLI. Gives exit code, answer (parsed JSON or None) and stderr."""
        done = subprocess.run(["/usr/bin/aws", "--endpoint-url", self.url, "--output", "json", "--no-cli-pager", *args],
                              capture_output=True, text=True, env=self.environment(key, secret, token), cwd=self.home)
        return done.returncode, json.loads(done.stdout) if done.stdout.strip() else None, done.stderr.strip()

    def node(self, script, *args):
        """Runs a script of this folder with npm's Node and passes its TAP lines on, renumbered."""
        done = subprocess.run([npm_node(), os.path.join(HERE, script), *args], capture_output=True, text=True, cwd=self.home,
                              env={**self.environment(), "AWS_ENDPOINT_URL": self.url})
        for line in done.stdout.splitlines():
            if line.startswith(("ok ", "not ok ")):
                self.tap.check(line.startswith("ok"), line.split(" - ", 1)[-1])
            else:
                print(line if line.startswith("#") else f"# {line}")
        self.tap.check(done.returncode == 0 and "1.." in done.stdout, f"{script} runs to its end", done.stderr)

    def new_user(self, name, *documents):
        """An IAM user with inline policies and an access key; gives its credentials."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        for number, document in enumerate(documents):
            iam.put_user_policy(UserName=name, PolicyName=f"p{number}", PolicyDocument=json.dumps(document))
        return iam.create_access_key(UserName=name)["AccessKey"]

    def events(self, client=None, limit=50, **attribute):
        """LookupEvents by one attribute, newest first, over all pages up to `limit`; each with its record parsed."""
        client = client or self.client("cloudtrail")
        lookup = [{"AttributeKey": key, "AttributeValue": value} for key, value in attribute.items()]
        found, token = [], {}
        while len(found) < limit:
            page = client.lookup_events(LookupAttributes=lookup, **token)
            for event in page["Events"]:
                event["record"] = json.loads(event["CloudTrailEvent"])
                found.append(event)
            if "NextToken" not in page:
                break
            token = {"NextToken": page["NextToken"]}
        return found[:limit]

    def has_read(self, connection):
        """Whether the server has accepted this socket and read all that was sent on it, as Linux counts: its own end has an
        inode once it is accepted."""
        ours, found = connection.getsockname()[1], {}
        with open("/proc/net/tcp") as file:
            for fields in map(str.split, list(file)[1:]):
                ports = tuple(int(address.rpartition(":")[2], 16) for address in fields[1:3])
                unsent, unread = (int(count, 16) for count in fields[4].split(":"))
                found[ports] = fields[9] != "0" and unsent == 0 and unread == 0
        return found.get((self.port, ours), False) and found[ours, self.port]

    # ---- plain HTTP ----

    def get(self, path, method="GET", body=None, headers=None):
        """Status, headers and text of a request without a signature."""
        request = urllib.request.Request(self.url + path, method=method, data=body, headers=headers or {})
        context = ssl.create_default_context(cafile=self.certificate) if self.certificate else None
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_S, context=context) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode()

    def health(self):
        return json.loads(self.get("/_spoor/health")[2])

    def raw(self, request):
        """Sends bytes as they are on a fresh connection; the first answer as (status, headers, body), None if the
        server only closed it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE_S) as connection:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(request)
            answer = http.client.HTTPResponse(connection, method="HEAD" if request.startswith(b"HEAD ") else None)
            try:
                answer.begin()
                return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
            except (http.client.BadStatusLine, http.client.RemoteDisconnected, ConnectionResetError):
                return None


def policy(effect, action, resource="*", **more):
    """A policy document of one statement."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": action, "Resource": resource, **more}]}


def trust(principal, **more):
    """A trust policy that lets `principal` assume the role."""
    return {"Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole", **more}]}


def until(fact, what, deadline_s=DEADLINE_S):
    """Waits for something that a background thread of the server does by itself."""
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        if fact():
            return True
        time.sleep(0.02)
    print(f"# gave up waiting for: {what}")
    return False


tap = Tap()
