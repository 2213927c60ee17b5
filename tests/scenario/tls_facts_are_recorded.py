#!/usr/bin/python3
"""tests/scenario/tls_facts_are_recorded.py: TLS on the same port, and what a record says of the connection."""
import json
import os
import socket
import ssl

from harness import HERE, Server, policy, tap
from signer import form, signed

CERTIFICATE = os.path.join(HERE, "tls/test-only.crt")
FLAGS = ["--tls-cert", CERTIFICATE, "--tls-key", os.path.join(HERE, "tls/test-only.key")]


def over_tls(server, request, version):
    context = ssl.create_default_context(cafile=CERTIFICATE)
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as plain:
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as secure:
            secure.sendall(request)
            return secure.recv(65536), secure.cipher()[0]


def the_connection_is_in_the_record(tap):
    with Server(tap, lab=True, flags=FLAGS) as server:
        tap.check(server.url.startswith("https://127.0.0.1:"), "the line names https", server.url)
        host = f"127.0.0.1:{server.port}"
        for version, name in [(ssl.TLSVersion.TLSv1_3, "TLSv1.3"), (ssl.TLSVersion.TLSv1_2, "TLSv1.2")]:
            answer, cipher = over_tls(server, signed("iam", form("ListUsers"), host), version)
            tap.check(answer.startswith(b"HTTP/1.1 200"), f"a call over {name}", answer[:300])
            record = server.events(EventName="ListUsers")[0]["record"]
            tap.equal(record.get("tlsDetails"), {"tlsVersion": name, "cipherSuite": cipher, "clientProvidedHostHeader": host},
                      f"its record names {name}, OpenSSL's name of the cipher, and the host")
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            answer = plain.recv(1000)
            tap.check(not answer.startswith(b"HTTP/1.1 200"), "plain text on the TLS port is not served", answer)
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            try:
                over_tls(server, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", version)
                tap.check(False, f"{version.name} is refused")
            except (ssl.SSLError, ConnectionError):
                tap.check(True, f"{version.name} is refused")
        tap.check(server.client("sts").get_caller_identity(), "boto3 over TLS")
        code, answer, error = server.aws("sts", "get-caller-identity")
        tap.check(code == 0 and answer["Account"] == server.account, "the AWS CLI with AWS_CA_BUNDLE", error)
        record = server.events(EventName="GetCallerIdentity")[0]["record"]
        tap.check(record["userAgent"].startswith("aws-cli/") and record["tlsDetails"]["clientProvidedHostHeader"] == host,
                  "and it is on record with the host it asked", record)
        code, _, error = server.aws("--ca-bundle", "/etc/ssl/certs/ca-certificates.crt", "sts", "get-caller-identity")
        tap.check(code == 255 and "CERTIFICATE_VERIFY_FAILED" in error, "a caller that does not know the certificate refuses it",
                  (code, error))


def policies_see_it(tap):
    only_tls = policy("Allow", "iam:ListUsers", Condition={"Bool": {"aws:SecureTransport": "true"}})
    with Server(tap, lab=True, flags=FLAGS) as server:
        bob = server.new_user("bob", only_tls)
        tap.check(server.session_client("iam", bob).list_users()["Users"], "aws:SecureTransport is true over TLS")
    with Server(tap, lab=True) as server:
        bob = server.new_user("bob", only_tls)
        tap.refused("and false without", "AccessDenied", server.session_client("iam", bob).list_users)
        record = server.events(EventName="CreateUser")[0]["record"]
        tap.check("tlsDetails" not in record or "tlsVersion" not in record["tlsDetails"], "a plain call's record has no TLS facts",
                  json.dumps(record))


tap.run(the_connection_is_in_the_record, policies_see_it)
