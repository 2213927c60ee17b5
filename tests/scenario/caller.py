"""tests/scenario/caller.py: a caller that is quick enough to load a server from Python: kept connections, own signer, threads."""
import collections
import http.client
import json
import re
import socket
import threading

from signer import form, signed

TARGET = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101."


class Caller:
    """One kept connection. A call answers (status, body), or None once the connection is gone."""

    def __init__(self, server, patience_s=60):
        self.server, self.patience_s, self.connection = server, patience_s, None

    def send(self, request):
        try:
            if self.connection is None:
                self.connection = socket.create_connection(("127.0.0.1", self.server.port), timeout=self.patience_s)
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection.sendall(request)
            answer = http.client.HTTPResponse(self.connection)
            answer.begin()
            body = answer.read()
            if answer.getheader("Connection", "").lower() == "close":
                self.close()
            return answer.status, body
        except (OSError, http.client.HTTPException):
            self.close()
            return None

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def iam(self, action, **members):
        return self.send(signed("iam", form(action, **members), f"127.0.0.1:{self.server.port}", self.server.key,
                                self.server.secret))

    def trail(self, operation, body):
        return self.send(signed("cloudtrail", json.dumps(body), f"127.0.0.1:{self.server.port}", self.server.key,
                                self.server.secret, headers={"X-Amz-Target": TARGET + operation}))

    def users(self, path):
        """The names of all users under `path`, from the catalog."""
        names, marker = [], {}
        while True:
            status, body = self.iam("ListUsers", PathPrefix=path, MaxItems=1000, **marker)
            text = body.decode()
            assert status == 200, text
            names += re.findall(r"<UserName>([^<]*)</UserName>", text)
            more = re.search(r"<Marker>([^<]*)</Marker>", text)
            if "<IsTruncated>true" not in text:
                return names
            marker = {"Marker": more.group(1)}

    def records(self, event_name, since):
        """The records of all events of that name since then (seconds), newest first."""
        found, token = [], {}
        while True:
            status, body = self.trail("LookupEvents", {"StartTime": since, "LookupAttributes": [
                {"AttributeKey": "EventName", "AttributeValue": event_name}], **token})
            assert status == 200, body
            page = json.loads(body)
            found += [json.loads(event["CloudTrailEvent"]) for event in page["Events"]]
            if "NextToken" not in page:
                return found
            token = {"NextToken": page["NextToken"]}


class Load:
    """Threads that create users under a path until their connection breaks or `stop`, and now and then ask for one that is
    not there. `acknowledged` holds the names whose creation was answered with 200, `answered` the request ids of all
    answers of the server's operations, `refused` how often each answer came that is neither."""

    def __init__(self, server, path, threads=8, patience_s=60):
        self.server, self.path, self.patience_s = server, path, patience_s
        self.acknowledged, self.answered, self.refused = set(), set(), {}
        self.enough, self.stopped, self.target = threading.Event(), threading.Event(), 1 << 30
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(threads)]

    def run_until(self, target):
        """Starts, and returns when `target` calls were acknowledged or all threads have ended."""
        self.target = target
        for thread in self.threads:
            thread.start()
        while not self.enough.wait(0.05) and any(thread.is_alive() for thread in self.threads):
            pass

    def join(self):
        self.stopped.set()
        self.wait()

    def wait(self):
        """Until each thread was refused with 503 or lost its connection."""
        for thread in self.threads:
            thread.join()

    def count(self, name, answer):
        """Notes one answer; false when the thread is to end."""
        status, body = answer
        with self.lock:
            if status == 200:
                self.acknowledged.add(name)
                if len(self.acknowledged) >= self.target:
                    self.enough.set()
            elif not (name is None and status == 404):
                self.refused[answer] = self.refused.get(answer, 0) + 1
                if status == 503 or b"LimitExceeded" in body:     # no more will be acknowledged
                    self.enough.set()
                    return False
                return True
            self.answered.add(re.search(rb"<RequestId>([^<]*)", body).group(1).decode())
        return True

    def work(self, number):
        caller, at = Caller(self.server, self.patience_s), 0
        prefix = self.path.strip("/")
        while not self.stopped.is_set():
            name = f"{prefix}-{number}-{at}"
            answer = caller.iam("CreateUser", UserName=name, Path=self.path)
            if answer is None or not self.count(name, answer):
                break
            if at % 4 == 0:
                answer = caller.iam("GetUser", UserName=f"{prefix}-nobody")
                if answer is None or not self.count(None, answer):
                    break
            at += 1
        caller.close()


def compare(tap, caller, load, since, name, also=()):
    """Acknowledged calls, users in the catalog and events must agree: none lost, none doubled, none without the other.
    `also`: names that were made in another way."""
    acknowledged = load.acknowledged | set(also)
    users = caller.users(load.path)
    created = caller.records("CreateUser", since)
    events = [record["requestParameters"]["userName"] for record in created
              if "errorCode" not in record and record["requestParameters"].get("path") == load.path]
    everything = created + caller.records("GetUser", since)
    requests = {record["requestID"] for record in everything}
    faults = []
    for what, names in [("acknowledged, no such user", acknowledged - set(users)),
                        ("acknowledged, no event", acknowledged - set(events)),
                        ("answered, no event", load.answered - requests),
                        ("a user without its event", set(users) - set(events)),
                        ("an event without its user", set(events) - set(users)),
                        ("two users", twice(users)), ("two events", twice(events)),
                        ("one event id twice", twice(record["eventID"] for record in everything)),
                        ("one request id twice", twice(record["requestID"] for record in everything))]:
        if names:
            faults.append(f"{what}: {sorted(names)[:5]} ({len(names)})")
    return tap.check(not faults, f"{name}: {len(acknowledged)} acknowledged, {len(users)} users, {len(events)} events",
                     "\n".join(faults))


def twice(names):
    return {name for name, count in collections.Counter(names).items() if count > 1}
