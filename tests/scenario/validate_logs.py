"""tests/scenario/validate_logs.py: `aws cloudtrail validate-logs` as Debian has it, but that its S3 clients ask the given endpoint: its own ask AWS whatever the
endpoint. A program of its own, since Debian's CLI and boto3 each bring a botocore.

    AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test python3 validate_logs.py http://127.0.0.1:4566 TRAIL-ARN START END REGION

Without arguments it reads them from lines, each a JSON list, and answers each with a line [exit status, all that was printed]. Loading the CLI takes longer than a
validation: every one is a fork of what is loaded once.
"""
import json
import os
import sys
import tempfile
import traceback

from awscli.customizations.cloudtrail import validation
from awscli.testutils import create_clidriver


class Validator(validation.CloudTrailValidateLogs):
    """All of it is the CLI's, from the traversal to the words, but for where the clients are made."""

    def __init__(self, url, arn, start, end, region):
        super().__init__(create_clidriver().session)
        self._session.get_component("response_parser_factory").set_parser_defaults(blob_parser=lambda text: text)   # as its main() does
        self.url, self.trail_arn = url, arn
        self.start_time, self.end_time = (validation.normalize_date(validation.parse_date(text)) for text in (start, end))
        self._found_start_time, self._source_region, self.is_verbose = self.start_time, region, True
        self.cloudtrail_client, self.organization_client = self.create("cloudtrail", region), None
        self.s3_client_provider, self.regions = self, {}

    def create(self, service, region):
        return self._session.create_client(service, region, endpoint_url=self.url)

    def get_client(self, bucket):
        if bucket not in self.regions:
            answer = self.create("s3", "us-east-1").get_bucket_location(Bucket=bucket)
            self.regions[bucket] = self.create("s3", answer["LocationConstraint"] or "us-east-1")
        return self.regions[bucket]

    def run(self):
        self._call()
        return int(self._invalid_digests > 0 or self._invalid_logs > 0)


def run_child(arguments, out):
    os.dup2(out.fileno(), sys.stdout.fileno())
    os.dup2(out.fileno(), sys.stderr.fileno())
    status = 255
    try:
        status = Validator(*arguments).run()
    except BaseException:                                        # whatever it is, the parent must hear of it
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def serve():
    for line in sys.stdin:
        with tempfile.TemporaryFile() as out:
            child = os.fork()
            if child == 0:
                run_child(json.loads(line), out)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            out.seek(0)
            print(json.dumps([status, out.read().decode()]), flush=True)


if __name__ == "__main__":
    sys.exit(Validator(*sys.argv[1:]).run() if sys.argv[1:] else serve())
