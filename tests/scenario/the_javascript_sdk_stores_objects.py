#!/usr/bin/python3
"""tests/scenario/the_javascript_sdk_stores_objects.py: npm's newest S3 client: its checksums and streams, lib-storage, presigned URLs."""
from harness import Server, tap


def objects_go_in_and_come_out(tap):
    with Server(tap, lab=False) as server:
        server.node("the_javascript_sdk_stores_objects.mjs")


tap.run(objects_go_in_and_come_out)
