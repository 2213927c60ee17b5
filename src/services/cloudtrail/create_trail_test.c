/* services/cloudtrail/create_trail_test.c: what makes a trail, what refuses one, and what is told first. */
#include "tests/cloudtrail_fixture.h"

#define MADE(name, multi) "{\"Name\":\"" name "\",\"S3BucketName\":\"audit-logs\",\"IncludeGlobalServiceEvents\":true," \
	"\"IsMultiRegionTrail\":" multi ",\"TrailARN\":\"arn:aws:cloudtrail:us-east-1:111122223333:trail/" name "\"," \
	"\"LogFileValidationEnabled\":false,\"IsOrganizationTrail\":false}"

/* T9, T10. */
TEST(create_trail_answers_what_it_made)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\"}", MADE("audit", "false"));
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"everywhere\",\"S3BucketName\":\"audit-logs\",\"IsMultiRegionTrail\":true}",
	           MADE("everywhere", "true"));
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"all\",\"S3BucketName\":\"audit-logs\",\"S3KeyPrefix\":\"/ct/x/\",\"SnsTopicName\":\"\","
		"\"IncludeGlobalServiceEvents\":false,\"EnableLogFileValidation\":true,\"KmsKeyId\":\"\","
		"\"CloudWatchLogsLogGroupArn\":\"\",\"CloudWatchLogsRoleArn\":\"\",\"IsOrganizationTrail\":false}",
		"{\"Name\":\"all\",\"S3BucketName\":\"audit-logs\",\"S3KeyPrefix\":\"ct/x\",\"IncludeGlobalServiceEvents\":false,"
		"\"IsMultiRegionTrail\":false,\"TrailARN\":\"arn:aws:cloudtrail:us-east-1:111122223333:trail/all\","
		"\"LogFileValidationEnabled\":true,\"IsOrganizationTrail\":false}");
	TRAIL_SAYS(&f, "GetTrailStatus", "{\"Name\":\"audit\"}", "{\"IsLogging\":false,\"LatestDeliveryAttemptTime\":\"\","
		"\"LatestNotificationAttemptTime\":\"\",\"LatestNotificationAttemptSucceeded\":\"\",\"LatestDeliveryAttemptSucceeded\":\"\","
		"\"TimeLoggingStarted\":\"\",\"TimeLoggingStopped\":\"\"}");
	trail_fixture_end(&f);
}

/* A1 to A6, and each member's own words. None of these trails comes to be. */
TEST(create_trail_refuses_each_member_in_its_own_words)
{
	static const struct { const char *body, *want; } rows[] = {
		{ "{}", "InvalidTrailNameException: 2 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must "
		  "not be null; Value null at 's3BucketName' failed to satisfy constraint: Member must not be null" },
		{ "{\"Name\":\"audit\"}", "InvalidS3BucketNameException: 1 validation error detected: Value null at 's3BucketName' failed to satisfy "
		  "constraint: Member must not be null" },
		{ "{\"Name\":\"ab\",\"S3BucketName\":\"audit-logs\"}", "InvalidTrailNameException: Trail name too short. Minimum allowed length: "
		  "3 characters. Specified name length: 2 characters." },
		{ "{\"Name\":\"" AUDIT "\",\"S3BucketName\":\"audit-logs\"}", "InvalidTrailNameException: Trail name or ARN can only contain uppercase "
		  "letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_)." },
		{ "{\"Name\":\"my--trail\",\"S3BucketName\":\"audit-logs\"}", "InvalidTrailNameException: Trail name cannot have adjacent periods, "
		  "underscores, or dashes." },
		{ "{\"Name\":\"192.168.5.4\",\"S3BucketName\":\"audit-logs\"}", "InvalidTrailNameException: Trail name cannot be in IP address format." },
		{ "{\"Name\":\"-trail\",\"S3BucketName\":\"audit-logs\"}", "InvalidTrailNameException: Trail name must starts with a letter or number." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"Audit_Logs\"}", "InvalidS3BucketNameException: Audit_Logs is not a valid name of an S3 bucket." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"a.-b\"}", "InvalidS3BucketNameException: a.-b is not a valid name of an S3 bucket." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"1.2.3.4\"}", "InvalidS3BucketNameException: 1.2.3.4 is not a valid name of an S3 bucket." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"S3KeyPrefix\":\"a\\tb\"}",
		  "InvalidS3PrefixException: S3 prefix a\tb has characters that are not printable ASCII." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"SnsTopicName\":\"a b\"}",
		  "InvalidSnsTopicNameException: a b is not a valid name or ARN of an SNS topic." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"SnsTopicName\":\"t\\u0000t\"}",
		  "InvalidSnsTopicNameException: t is not a valid name or ARN of an SNS topic." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"SnsTopicName\":\"topic.fifo\"}",
		  "InvalidSnsTopicNameException: topic.fifo is not a valid name or ARN of an SNS topic." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"SnsTopicName\":\"arn:aws:sqs:us-east-1:111122223333:q\"}",
		  "InvalidSnsTopicNameException: arn:aws:sqs:us-east-1:111122223333:q is not a valid name or ARN of an SNS topic." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"KmsKeyId\":\"no key\"}",
		  "InvalidKmsKeyIdException: no key is neither id, ARN nor alias of a KMS key." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"CloudWatchLogsLogGroupArn\":\"g\"}",
		  "InvalidCloudWatchLogsRoleArnException: CloudWatchLogsLogGroupArn g needs CloudWatchLogsRoleArn too." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"CloudWatchLogsRoleArn\":\"r\"}",
		  "InvalidCloudWatchLogsLogGroupArnException: CloudWatchLogsRoleArn r needs CloudWatchLogsLogGroupArn too." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"IsOrganizationTrail\":true}",
		  "OrganizationsNotInUseException: The account 111122223333 is not a member of an organization." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"TagsList\":[{\"Key\":\"aws:x\"}]}",
		  "InvalidTagParameterException: The key of a tag must not begin with aws:, which is reserved: \"aws:x\"." },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"TagsList\":[{\"Key\":\"\"}]}",
		  "InvalidTagParameterException: 1 validation error detected: Value '' at 'tagsList.1.member.key' failed to satisfy constraint: "
		  "Member must have length greater than or equal to 1" },
		{ "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"TagsList\":[{\"Key\":\"k\",\"Value\":\"\"}]}",
		  "InvalidTagParameterException: 1 validation error detected: Value '' at 'tagsList.1.member.value' failed to satisfy constraint: "
		  "Member must have length greater than or equal to 1" },
	};
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, trail_fixture_call(&f, "CreateTrail", rows[i].body), slice_of(rows[i].want));
	TRAIL_SAYS(&f, "ListTrails", "{}", "{\"Trails\":[]}");
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT count(*) || '' FROM object_versions"), S("0"));
	trail_fixture_end(&f);
}

TEST(create_trail_bounds_the_prefix)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	for (size_t length = 200; length <= 201; length++) {
		char *prefix = arena_zalloc(&t->arena, length + 1);
		memset(prefix, 'p', length);
		struct slice reply = trail_fixture_call(&f, "CreateTrail", arena_printf(&t->arena,
			"{\"Name\":\"audit%zu\",\"S3BucketName\":\"audit-logs\",\"S3KeyPrefix\":\"%s\"}", length, prefix));
		CHECK(t, slice_has_prefix(reply, length == 200 ? S("{\"Name\":") : S("InvalidS3PrefixException: ")));
	}
	trail_fixture_end(&f);
}

/* A7, A12 to A14, T6, T13: each row breaks what the rows before it break, and one thing more that is told earlier. */
TEST(create_trail_tells_what_is_wrong_in_the_order_of_aws)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"KmsKeyId\":\"alias/none\"}",
	           "InsufficientEncryptionPolicyException: Insufficient permissions to access S3 bucket audit-logs or KMS key "
	           "arn:aws:kms:eu-central-1:111122223333:alias/none.");
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"KmsKeyId\":\"alias/none\","
	           "\"CloudWatchLogsLogGroupArn\":\"arn:aws:logs:us-east-1:111122223333:log-group:none:*\",\"CloudWatchLogsRoleArn\":"
	           "\"arn:aws:iam::111122223333:role/none\"}", "InvalidCloudWatchLogsLogGroupArnException: CloudTrail cannot validate the "
	           "specified log group ARN.");
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"KmsKeyId\":\"alias/none\",\"SnsTopicName\":\"none\"}",
	           "InsufficientSnsTopicPolicyException: SNS Topic does not exist or the topic policy is incorrect!");
	trail_fixture_policy(&f, NULL);
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"SnsTopicName\":\"none\"}",
	           "InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket: audit-logs");
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"audit\",\"S3BucketName\":\"no-such-bucket\",\"SnsTopicName\":\"none\"}",
	           "S3BucketDoesNotExistException: S3 bucket no-such-bucket does not exist!");
	f.environment.attaches_trail_policy = true;
	for (int i = 1; i <= 5; i++) {
		trail_fixture_policy(&f, NULL);
		trail_fixture_make(&f, arena_printf(&t->arena, "audit%d", i), "");
	}
	f.environment.attaches_trail_policy = false;
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"audit\",\"S3BucketName\":\"no-such-bucket\"}",
	           "MaximumNumberOfTrailsExceededException: User: 111122223333 already has 5 trails in us-east-1.");
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"audit1\",\"S3BucketName\":\"no-such-bucket\"}",
	           "TrailAlreadyExistsException: Trail audit1 already exists for customer: 111122223333");
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"audit1\",\"S3BucketName\":\"audit-logs\"}",
	           "TrailAlreadyExistsException: Trail audit1 already exists for customer: 111122223333");
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"audit1\",\"S3BucketName\":\"no-such-bucket\",\"IsMultiRegionTrail\":true,"
	           "\"IncludeGlobalServiceEvents\":false}",
	           "InvalidParameterCombinationException: Multi-Region trail must include global service events.");
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"a\",\"S3BucketName\":\"no-such-bucket\",\"IsMultiRegionTrail\":true,"
	           "\"IncludeGlobalServiceEvents\":false}",
	           "InvalidTrailNameException: Trail name too short. Minimum allowed length: 3 characters. Specified name length: 1 characters.");
	trail_fixture_end(&f);
}

/* A multi-region trail counts everywhere. */
TEST(create_trail_counts_the_trails_of_each_region)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	f.call.region = S("eu-north-1");
	for (int i = 1; i <= 4; i++)
		trail_fixture_make(&f, arena_printf(&t->arena, "north%d", i), "");
	f.call.region = S("us-east-1");
	trail_fixture_make(&f, "shadow", ",\"IsMultiRegionTrail\":true");
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"second\",\"S3BucketName\":\"audit-logs\",\"IsMultiRegionTrail\":true}",
	           "MaximumNumberOfTrailsExceededException: User: 111122223333 already has 5 trails in eu-north-1.");
	trail_fixture_make(&f, "second", "");
	TRAIL_SAYS(&f, "UpdateTrail", "{\"Name\":\"second\",\"IsMultiRegionTrail\":true}",
	           "MaximumNumberOfTrailsExceededException: User: 111122223333 already has 5 trails in eu-north-1.");
	f.call.region = S("eu-north-1");
	TRAIL_SAYS(&f, "CreateTrail", "{\"Name\":\"north5\",\"S3BucketName\":\"audit-logs\"}",
	           "MaximumNumberOfTrailsExceededException: User: 111122223333 already has 5 trails in eu-north-1.");
	f.call.region = S("eu-west-1");
	trail_fixture_make(&f, "second", "");                  /* the name is free in another region */
	trail_fixture_end(&f);
}

TEST(create_trail_refuses_more_than_fifty_tags)
{
	struct trail_fixture f;
	struct buffer tags;

	trail_fixture_begin(t, &f);
	buffer_init(&tags, &t->arena, 65536);
	for (int i = 0; i < 51; i++)
		buffer_printf(&tags, "%s{\"Key\":\"k%d\"}", i ? "," : "", i);
	struct slice text = buffer_slice(&tags);
	CHECK_TEXT(t, trail_fixture_call(&f, "CreateTrail", arena_printf(&t->arena,
		"{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"TagsList\":[%.*s]}", SLICE_ARG(text))),
		S("TagsLimitExceededException: A trail has at most 50 tags; this one would have 51."));
	TRAIL_SAYS(&f, "ListTrails", "{}", "{\"Trails\":[]}");
	trail_fixture_end(&f);
}
