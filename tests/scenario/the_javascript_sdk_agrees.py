#!/usr/bin/python3
"""tests/scenario/the_javascript_sdk_agrees.py: without --lab: npm's newest AWS SDK for JavaScript, by AWS_ENDPOINT_URL alone."""
from harness import Server, tap


def the_sdk_calls_and_finds(tap):
    with Server(tap, lab=False) as server:
        server.node("the_javascript_sdk_agrees.mjs", server.account)


tap.run(the_sdk_calls_and_finds)
