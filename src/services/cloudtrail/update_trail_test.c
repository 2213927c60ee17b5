/* services/cloudtrail/update_trail_test.c: what is not named stays, what is refused changes nothing. */
#include "tests/cloudtrail_fixture.h"

#define NOW(prefix, global, multi, validation) "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\"," prefix \
	"\"IncludeGlobalServiceEvents\":" global ",\"IsMultiRegionTrail\":" multi ",\"TrailARN\":\"" AUDIT "\"," \
	"\"LogFileValidationEnabled\":" validation ",\"IsOrganizationTrail\":false}"

/* A22, T14. */
TEST(update_trail_gives_and_takes_global_events_with_the_regions)
{
	static const struct { const char *body, *want; } rows[] = {
		{ "{\"Name\":\"audit\"}", NOW("", "true", "false", "false") },
		{ "{\"Name\":\"audit\",\"IncludeGlobalServiceEvents\":false}", NOW("", "false", "false", "false") },
		{ "{\"Name\":\"audit\",\"IsMultiRegionTrail\":false}", NOW("", "false", "false", "false") },
		{ "{\"Name\":\"audit\",\"IsMultiRegionTrail\":true}", NOW("", "true", "true", "false") },
		{ "{\"Name\":\"audit\",\"IncludeGlobalServiceEvents\":false}",
		  "InvalidParameterCombinationException: Multi-Region trail must include global service events." },
		{ "{\"Name\":\"audit\",\"IsMultiRegionTrail\":false,\"IncludeGlobalServiceEvents\":true}", NOW("", "true", "false", "false") },
		{ "{\"Name\":\"audit\",\"IsMultiRegionTrail\":true,\"IncludeGlobalServiceEvents\":false}",
		  "InvalidParameterCombinationException: Multi-Region trail must include global service events." },
		{ "{\"Name\":\"" AUDIT "\",\"IsMultiRegionTrail\":true}", NOW("", "true", "true", "false") },
		{ "{\"Name\":\"audit\",\"IsMultiRegionTrail\":false}", NOW("", "false", "false", "false") },
	};
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, trail_fixture_call(&f, "UpdateTrail", rows[i].body), slice_of(rows[i].want));
	trail_fixture_end(&f);
}

/* What was admitted keeps its place: each move is a new one, and moving back is too. */
TEST(update_trail_numbers_the_places)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	static const char *const prefixes[] = { "a", "a", "/a/", "", "b" };
	for (size_t i = 0; i < COUNT(prefixes); i++)
		CHECK(t, slice_has_prefix(trail_fixture_call(&f, "UpdateTrail", arena_printf(&t->arena,
			"{\"Name\":\"audit\",\"S3KeyPrefix\":\"%s\"}", prefixes[i])), S("{\"Name\":\"audit\"")));
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT group_concat(number || '=' || ifnull(prefix, '-')) FROM trail_targets ORDER BY number"),
	           S("1=-,2=a,3=-,4=b"));
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT target || '' FROM trails"), S("4"));
	trail_fixture_end(&f);
}

TEST(update_trail_asks_the_bucket_again_and_changes_nothing_when_refused)
{
	static const struct { const char *body, *want; } rows[] = {
		{ "{\"Name\":\"audit\",\"EnableLogFileValidation\":true}",
		  "InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket: audit-logs" },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"nowhere\"}", "S3BucketDoesNotExistException: S3 bucket nowhere does not exist!" },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"\"}", "InvalidS3BucketNameException:  is not a valid name of an S3 bucket." },
		{ "{\"Name\":\"audit\",\"IsOrganizationTrail\":true}",
		  "OrganizationsNotInUseException: The account 111122223333 is not a member of an organization." },
	};
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	trail_fixture_policy(&f, NULL);
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, trail_fixture_call(&f, "UpdateTrail", rows[i].body), slice_of(rows[i].want));
	TRAIL_SAYS(&f, "GetTrail", "{\"Name\":\"audit\"}", "{\"Trail\":{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\","
		"\"IncludeGlobalServiceEvents\":true,\"IsMultiRegionTrail\":false,\"HomeRegion\":\"us-east-1\",\"TrailARN\":\"" AUDIT "\","
		"\"LogFileValidationEnabled\":false,\"HasCustomEventSelectors\":false,\"HasInsightSelectors\":false,\"IsOrganizationTrail\":false}}");
	trail_fixture_end(&f);
}

/* Nothing of it exists, so it is refused; and "" clears what is not there. */
TEST(update_trail_refuses_topics_groups_and_keys_and_clears_them)
{
	static const struct { const char *more, *want; } rows[] = {
		{ "\"SnsTopicName\":\"t\"", "InsufficientSnsTopicPolicyException: SNS Topic does not exist or the topic policy is incorrect!" },
		{ "\"SnsTopicName\":\"arn:aws:sns:us-east-1:111122223333:t\"",
		  "InsufficientSnsTopicPolicyException: SNS Topic does not exist or the topic policy is incorrect!" },
		{ "\"CloudWatchLogsLogGroupArn\":\"arn:aws:logs:us-east-1:111122223333:log-group:g:*\","
		  "\"CloudWatchLogsRoleArn\":\"arn:aws:iam::111122223333:role/r\"",
		  "InvalidCloudWatchLogsLogGroupArnException: CloudTrail cannot validate the specified log group ARN." },
		{ "\"CloudWatchLogsLogGroupArn\":\"\",\"CloudWatchLogsRoleArn\":\"arn:aws:iam::111122223333:role/r\"",
		  "InvalidCloudWatchLogsLogGroupArnException: CloudWatchLogsRoleArn arn:aws:iam::111122223333:role/r needs CloudWatchLogsLogGroupArn too." },
		{ "\"CloudWatchLogsLogGroupArn\":\"g\",\"CloudWatchLogsRoleArn\":\"\"",
		  "InvalidCloudWatchLogsRoleArnException: CloudWatchLogsLogGroupArn g needs CloudWatchLogsRoleArn too." },
		{ "\"KmsKeyId\":\"alias/k\"", "InsufficientEncryptionPolicyException: Insufficient permissions to access S3 bucket audit-logs or "
		  "KMS key arn:aws:kms:eu-central-1:111122223333:alias/k." },
		{ "\"SnsTopicName\":\"\",\"CloudWatchLogsLogGroupArn\":\"\",\"CloudWatchLogsRoleArn\":\"\",\"KmsKeyId\":\"\",\"S3KeyPrefix\":\"\"",
		  NOW("", "true", "false", "false") },
		{ "\"CloudWatchLogsLogGroupArn\":\"\",\"EnableLogFileValidation\":true", NOW("", "true", "false", "true") },
		{ "\"S3KeyPrefix\":\"ct\"", NOW("\"S3KeyPrefix\":\"ct\",", "true", "false", "true") },
	};
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, trail_fixture_call(&f, "UpdateTrail", arena_printf(&t->arena, "{\"Name\":\"audit\",%s}", rows[i].more)),
		           slice_of(rows[i].want));
	trail_fixture_end(&f);
}
