/* services/cloudtrail/preflight_test.c: which policies let a trail in, what is written to find out, which keys are refused. */
#include "tests/cloudtrail_fixture.h"

#include "bucket/documents.h"

#define SERVICE "\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"cloudtrail.amazonaws.com\"}"
#define ACL     "{" SERVICE ",\"Action\":\"s3:GetBucketAcl\",\"Resource\":\"arn:aws:s3:::audit-logs\""
#define WRITE   "{" SERVICE ",\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::audit-logs/AWSLogs/111122223333/*\""
#define IF(key, value) ",\"Condition\":{\"StringEquals\":{\"" key "\":\"" value "\"}}}"
#define STANDARD ACL IF("aws:SourceArn", AUDIT) "," WRITE ",\"Condition\":{\"StringEquals\":{\"s3:x-amz-acl\":" \
	"\"bucket-owner-full-control\",\"aws:SourceArn\":\"" AUDIT "\"}}}"
#define REFUSED "InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket: audit-logs"

/* A8 to A11, T15, T16: the trail "audit" unless `body` says otherwise. */
TEST(preflight_asks_the_policy_with_every_key_of_a_delivery)
{
	static const struct { const char *statements, *more; bool is_enough; } rows[] = {
		{ STANDARD, "", true },
		{ STANDARD, ",\"S3KeyPrefix\":\"ct\"", false },
		{ STANDARD, ",\"Name\":\"audit2\"", false },
		{ ACL "}," WRITE "}", "", true },
		{ ACL "}," WRITE IF("s3:x-amz-acl", "bucket-owner-full-control"), "", true },
		{ ACL "}," WRITE IF("s3:x-amz-acl", "private"), "", false },
		{ ACL IF("aws:SourceAccount", "111122223333") "," WRITE IF("aws:SourceAccount", "111122223333"), "", true },
		{ ACL IF("aws:SourceAccount", "444455556666") "," WRITE IF("aws:SourceAccount", "444455556666"), "", false },
		{ ACL IF("aws:PrincipalIsAWSService", "true") "," WRITE IF("aws:PrincipalServiceName", "cloudtrail.amazonaws.com"), "", true },
		{ ACL "}," WRITE ",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}}}", "", true },
		{ ACL "}," WRITE ",\"Condition\":{\"StringLike\":{\"aws:SourceArn\":\"arn:aws:cloudtrail:*:111122223333:trail/*\"}}}", "", true },
		{ ACL "}", "", false },
		{ WRITE "}", "", false },
		{ "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":[\"arn:aws:s3:::audit-logs\",\"arn:aws:s3:::audit-logs/*\"]}",
		  "", true },
		{ "{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"config.amazonaws.com\"},\"Action\":\"s3:*\",\"Resource\":"
		  "[\"arn:aws:s3:::audit-logs\",\"arn:aws:s3:::audit-logs/*\"]}", "", false },
		{ ACL "}," WRITE "},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::audit-logs/*\"}",
		  "", false },
		/* A policy that lets in log files alone is enough only without digests. */
		{ ACL "},{" SERVICE ",\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::audit-logs/AWSLogs/111122223333/CloudTrail/*\"}", "", true },
		{ ACL "},{" SERVICE ",\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::audit-logs/AWSLogs/111122223333/CloudTrail/*\"}",
		  ",\"EnableLogFileValidation\":true", false },
		{ NULL, "", false },
	};
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *name = strstr(rows[i].more, "Name") ? "" : ",\"Name\":\"audit\"";
		trail_fixture_policy(&f, rows[i].statements);
		struct slice reply = trail_fixture_call(&f, "CreateTrail", arena_printf(&t->arena, "{\"S3BucketName\":\"audit-logs\"%s%s}", name,
		                                                                       rows[i].more));
		if (rows[i].is_enough ? !slice_has_prefix(reply, S("{\"Name\":")) : !slice_equal(reply, S(REFUSED)))
			test_failed(t, __FILE__, __LINE__, "row %zu: %.*s", i, SLICE_ARG(reply));
		CHECK_TEXT(t, trail_fixture_query(&f, "SELECT count(*) || '' FROM object_versions"), rows[i].is_enough ? S("1") : S("0"));
		if (rows[i].is_enough) {
			trail_fixture_call(&f, "DeleteTrail", "{\"Name\":\"audit\"}");
			CHECK(t, catalog_run(f.catalog, &t->err, "DELETE FROM object_versions", ""));
		}
	}
	trail_fixture_end(&f);
}

TEST(preflight_marks_the_folders_with_empty_objects)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", ",\"S3KeyPrefix\":\"ct\",\"EnableLogFileValidation\":true");
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT group_concat(key) FROM (SELECT key FROM object_versions ORDER BY key)"),
	           S("ct/AWSLogs/111122223333/CloudTrail-Digest/,ct/AWSLogs/111122223333/CloudTrail/"));
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT DISTINCT bytes || ' ' || etag || ' ' || headers FROM object_versions"),
	           S("0 d41d8cd98f00b204e9800998ecf8427e content-type: application/json\ncontent-encoding: gzip\n"));
	trail_fixture_call(&f, "PutInsightSelectors", "{\"TrailName\":\"audit\",\"InsightSelectors\":[{\"InsightType\":\"ApiCallRateInsight\"}]}");
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT count(*) || '' FROM object_versions WHERE key LIKE '%/CloudTrail-Insight/'"), S("1"));
	trail_fixture_end(&f);
}

/* Only where there is none, only for the owner, only if the server is told to. */
TEST(preflight_attaches_the_standard_policy_where_there_is_none)
{
	struct trail_fixture f;
	struct document document;

	trail_fixture_begin(t, &f);
	f.environment.attaches_trail_policy = true;
	trail_fixture_policy(&f, ACL "}");
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\"}", REFUSED);
	trail_fixture_policy(&f, NULL);
	f.call.account = f.caller.account = OTHER_ACCOUNT;
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\"}", REFUSED);
	f.call.account = f.caller.account = ACCOUNT;
	trail_fixture_make(&f, "audit", ",\"S3KeyPrefix\":\"it's \\\"so\\\"\"");
	CHECK(t, documents_find(f.catalog, &t->arena, f.bucket, DOCUMENT_POLICY, &document, &t->err));
	CHECK_TEXT(t, document.text, S("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"AWSCloudTrailAclCheck20150319\","
		"\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"cloudtrail.amazonaws.com\"},\"Action\":\"s3:GetBucketAcl\","
		"\"Resource\":\"arn:aws:s3:::audit-logs\",\"Condition\":{\"StringEquals\":{\"aws:SourceArn\":\"" AUDIT "\"}}},"
		"{\"Sid\":\"AWSCloudTrailWrite20150319\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"cloudtrail.amazonaws.com\"},"
		"\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::audit-logs/it's \\\"so\\\"/AWSLogs/111122223333/*\","
		"\"Condition\":{\"StringEquals\":{\"s3:x-amz-acl\":\"bucket-owner-full-control\",\"aws:SourceArn\":\"" AUDIT "\"}}}]}"));
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"audit2\",\"S3BucketName\":\"audit-logs\"}", REFUSED);
	trail_fixture_end(&f);
}

/* The bucket is in eu-central-1, and spoor has no keys. */
TEST(preflight_tells_keys_that_are_missing_from_keys_that_cannot_be)
{
	static const struct { const char *key, *want; } rows[] = {
		{ "1234abcd-12ab-34cd-56ef-1234567890ab", "InsufficientEncryptionPolicyException: Insufficient permissions to access S3 bucket "
		  "audit-logs or KMS key arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab." },
		{ "mrk-1234abcd12ab34cd56ef1234567890ab", "InsufficientEncryptionPolicyException: Insufficient permissions to access S3 bucket "
		  "audit-logs or KMS key arn:aws:kms:eu-central-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab." },
		{ "arn:aws:kms:eu-central-1:111122223333:alias/x", "InsufficientEncryptionPolicyException: Insufficient permissions to access S3 "
		  "bucket audit-logs or KMS key arn:aws:kms:eu-central-1:111122223333:alias/x." },
		{ "arn:aws:kms:us-east-1:111122223333:key/x", "KmsKeyNotFoundException: KMS key arn:aws:kms:us-east-1:111122223333:key/x is not in "
		  "eu-central-1, the region of S3 bucket audit-logs." },
		{ "arn:aws:kms:eu-central-1:11:key/x", "KmsKeyNotFoundException: KMS key arn:aws:kms:eu-central-1:11:key/x does not exist." },
		{ "arn:aws:s3:::x", "KmsKeyNotFoundException: KMS key arn:aws:s3:::x does not exist." },
		{ "alias/", "KmsKeyNotFoundException: KMS key arn:aws:kms:eu-central-1:111122223333:alias/ does not exist." },
		{ "key", "InvalidKmsKeyIdException: key is neither id, ARN nor alias of a KMS key." },
	};
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, trail_fixture_call(&f, "CreateTrail", arena_printf(&t->arena,
			"{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"KmsKeyId\":\"%s\"}", rows[i].key)), slice_of(rows[i].want));
	trail_fixture_end(&f);
}
