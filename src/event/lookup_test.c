/* event/lookup_test.c: what events can be found by. */
#include "event/lookup.h"

#include "base/limits.h"
#include "tests/test.h"

/* "TYPE NAME, TYPE NAME", with "AWS::" left out. */
static struct slice listed(struct test *t, const struct lookup_resources *resources)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 16);
	for (size_t i = 0; i < resources->count; i++)
		buffer_printf(&out, "%s%.*s %.*s", i ? ", " : "", SLICE_ARG(slice_from(resources->items[i].type, 5)),
		              SLICE_ARG(resources->items[i].name));
	return buffer_slice(&out);
}

struct row { struct slice source, name, request, response, want; };

static void check_rows(struct test *t, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct record record = { .event_source = rows[i].source, .event_name = rows[i].name,
		                         .request_parameters = rows[i].request, .response_elements = rows[i].response };
		struct lookup_resources resources;
		lookup_resources_derive(&t->arena, &record, NULL, NULL, &resources);
		CHECK_TEXT(t, listed(t, &resources), rows[i].want);

		/* the same from parsed pieces */
		const struct json *request = rows[i].request.ptr ? json_parse(&t->arena, rows[i].request, &JSON_LIMITS_DEFAULT, &t->err) : NULL;
		record.request_parameters = SLICE_NONE;
		lookup_resources_derive(&t->arena, &record, request, NULL, &resources);
		CHECK_TEXT(t, listed(t, &resources), rows[i].want);
	}
}

TEST(lookup_finds_resources_of_iam_calls)
{
	static const struct slice iam = S_INIT("iam.amazonaws.com");
	const struct row rows[] = {
		{ iam, S("CreateUser"), S("{\"userName\":\"bob\"}"),
		  S("{\"user\":{\"path\":\"/\",\"userName\":\"bob\",\"userId\":\"AIDA1\",\"arn\":\"arn:u\"}}"),
		  S("IAM::User bob, IAM::User AIDA1, IAM::User arn:u") },
		{ iam, S("AttachUserPolicy"), S("{\"userName\":\"bob\",\"policyArn\":\"arn:p\"}"), SLICE_NONE,
		  S("IAM::User bob, IAM::Policy arn:p") },
		{ iam, S("PutRolePolicy"), S("{\"roleName\":\"R\",\"policyName\":\"inline\",\"policyDocument\":\"{\\\"userName\\\":\\\"x\\\"}\"}"),
		  SLICE_NONE, S("IAM::Role R, IAM::Policy inline") },
		{ iam, S("CreateAccessKey"), SLICE_NONE, S("{\"accessKey\":{\"userName\":\"bob\",\"accessKeyId\":\"AKIA1\"}}"),
		  S("IAM::AccessKey AKIA1, IAM::User bob") },
		{ iam, S("DeleteAccessKey"), S("{\"userName\":\"bob\",\"accessKeyId\":\"AKIA1\"}"), SLICE_NONE,
		  S("IAM::AccessKey AKIA1, IAM::User bob") },
		{ iam, S("CreateRole"), S("{\"roleName\":\"R\"}"), S("{\"role\":{\"roleName\":\"R\",\"roleId\":\"AROA1\",\"arn\":\"arn:r\"}}"),
		  S("IAM::Role R, IAM::Role AROA1, IAM::Role arn:r") },
		{ iam, S("CreatePolicy"), S("{\"policyName\":\"P\"}"), S("{\"policy\":{\"policyId\":\"ANPA1\",\"arn\":\"arn:p\"}}"),
		  S("IAM::Policy P, IAM::Policy ANPA1, IAM::Policy arn:p") },
		{ iam, S("AddUserToGroup"), S("{\"groupName\":\"G\",\"userName\":\"bob\"}"), SLICE_NONE, S("IAM::User bob, IAM::Group G") },
		{ iam, S("UpdateUser"), S("{\"userName\":\"bob\",\"newUserName\":\"rob\"}"), SLICE_NONE, S("IAM::User bob, IAM::User rob") },
		{ iam, S("EnableMFADevice"), S("{\"userName\":\"bob\",\"serialNumber\":\"arn:m\"}"), SLICE_NONE,
		  S("IAM::User bob, IAM::MFADevice arn:m") },
		{ iam, S("GetUser"), SLICE_NONE, SLICE_NONE, S("") },
		{ iam, S("GetUser"), S("{\"userName\":7}"), SLICE_NONE, S("") },
		{ iam, S("GetUser"), S("{\"userName\":\"\"}"), SLICE_NONE, S("") },
	};
	check_rows(t, rows, COUNT(rows));
}

TEST(lookup_finds_resources_of_other_services)
{
	static const struct slice trail = S_INIT("cloudtrail.amazonaws.com"), sts = S_INIT("sts.amazonaws.com");
	const struct row rows[] = {
		{ sts, S("AssumeRole"), S("{\"roleArn\":\"arn:r\",\"roleSessionName\":\"s1\"}"),
		  S("{\"credentials\":{\"accessKeyId\":\"ASIA1\"},\"assumedRoleUser\":{\"assumedRoleId\":\"AROA1:s1\",\"arn\":\"arn:a\"}}"),
		  S("IAM::AccessKey ASIA1, STS::AssumedRole s1, STS::AssumedRole AROA1:s1, STS::AssumedRole arn:a, IAM::Role arn:r") },
		{ sts, S("GetSessionToken"), SLICE_NONE, S("{\"credentials\":{\"accessKeyId\":\"ASIA1\"}}"), S("IAM::AccessKey ASIA1") },
		{ sts, S("GetCallerIdentity"), SLICE_NONE, SLICE_NONE, S("") },
		{ trail, S("StopLogging"), S("{\"name\":\"audit\"}"), SLICE_NONE, S("CloudTrail::Trail audit") },
		{ trail, S("GetTrailStatus"), S("{\"name\":\"arn:t\"}"), SLICE_NONE, S("CloudTrail::Trail arn:t") },
		{ trail, S("CreateTrail"), S("{\"name\":\"audit\",\"s3BucketName\":\"b\",\"kmsKeyId\":\"k\"}"), S("{\"trailARN\":\"arn:t\"}"),
		  S("CloudTrail::Trail audit, CloudTrail::Trail arn:t, S3::Bucket b, KMS::Key k") },
		{ trail, S("DescribeTrails"), S("{\"trailNameList\":[\"a\",\"b\",\"a\"]}"), SLICE_NONE,
		  S("CloudTrail::Trail a, CloudTrail::Trail b") },
		{ trail, S("PutEventSelectors"), S("{\"trailName\":\"audit\"}"), SLICE_NONE, S("CloudTrail::Trail audit") },
		{ trail, S("CreateChannel"), S("{\"name\":\"c\"}"), SLICE_NONE, S("") },
		{ S("config.amazonaws.com"), S("PutConfigurationRecorder"), S("{\"configurationRecorder\":{\"name\":\"default\"}}"),
		  SLICE_NONE, S("Config::ConfigurationRecorder default") },
		{ S("signin.amazonaws.com"), S("ConsoleLogin"), SLICE_NONE, S("{\"ConsoleLogin\":\"Success\"}"), S("") },   /* A48 */
		{ S("s3.amazonaws.com"), S("CreateBucket"), S("{\"bucketName\":\"b\"}"), SLICE_NONE, S("S3::Bucket b") },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		check_rows(t, &rows[i], 1);
}

TEST(lookup_begins_with_the_records_own_resources_and_repeats_none)
{
	static const struct record_resource natives[] = {
		{ .type = S_INIT("AWS::S3::Object"), .arn = S_INIT("arn:aws:s3:::b/o") },
		{ .account_id = S_INIT("1"), .type = S_INIT("AWS::S3::Bucket"), .arn = S_INIT("arn:aws:s3:::b") },
		{ .type = S_INIT("AWS::S3::Object"), .arn_prefix = S_INIT("arn:aws:s3:::b/p") },
	};
	struct record record = { .event_source = S("s3.amazonaws.com"), .event_name = S("PutObject"), .resources = natives,
	                         .resource_count = COUNT(natives), .request_parameters = S("{\"bucketName\":\"b\"}") };
	struct lookup_resources resources;

	lookup_resources_derive(&t->arena, &record, NULL, NULL, &resources);
	CHECK_TEXT(t, listed(t, &resources), S("S3::Object arn:aws:s3:::b/o, S3::Bucket b, S3::Object arn:aws:s3:::b/p"));
}

TEST(lookup_of_a_changed_password_finds_the_caller)
{
	struct record record = { .event_source = S("iam.amazonaws.com"), .event_name = S("ChangePassword"),
	                         .identity = { .type = IDENTITY_IAM_USER, .user_name = S("alice") } };
	struct lookup_resources resources;

	lookup_resources_derive(&t->arena, &record, NULL, NULL, &resources);
	CHECK_TEXT(t, listed(t, &resources), S("IAM::User alice"));
	record.error_code = S("AccessDenied");
	lookup_resources_derive(&t->arena, &record, NULL, NULL, &resources);
	CHECK_NUMBER(t, resources.count, 0);
}

TEST(lookup_finds_no_more_resources_than_a_frame_takes)
{
	struct buffer request;
	struct lookup_resources resources;

	buffer_init(&request, &t->arena, 1 << 20);
	buffer_add(&request, S("{\"trailNameList\":["));
	for (int i = 0; i < 500; i++)
		buffer_printf(&request, "%s\"trail%d\"", i ? "," : "", i);
	buffer_add(&request, S("]}"));
	struct record record = { .event_source = S("cloudtrail.amazonaws.com"), .event_name = S("DescribeTrails"),
	                         .request_parameters = buffer_slice(&request) };
	lookup_resources_derive(&t->arena, &record, NULL, NULL, &resources);
	CHECK_NUMBER(t, resources.count, LOOKUP_RESOURCES_MAX);
}

static struct slice attribute(const struct event_frame *frame, enum frame_key key)
{
	for (size_t i = 0; i < frame->attribute_count; i++)
		if (frame->attributes[i].key == key)
			return frame->attributes[i].value;
	return SLICE_NONE;
}

TEST(lookup_frame_has_every_attribute_that_applies)
{
	struct record record = {
		.time_ms = 1768471267000, .category = RECORD_MANAGEMENT, .event_source = S("iam.amazonaws.com"),
		.event_name = S("DeleteUser"), .event_id = S("e1"), .region = S("us-east-1"),
		.recipient_account_id = S("111122223333"), .request_parameters = S("{\"userName\":\"bob\"}"),
		.identity = { .type = IDENTITY_ASSUMED_ROLE, .principal_id = S("AROA:s1"), .access_key_id = S("ASIA1") },
	};
	struct lookup_resources resources;
	struct event_frame frame = {0};

	lookup_resources_derive(&t->arena, &record, NULL, NULL, &resources);
	lookup_frame(&record, &resources, S("{}"), &frame);
	CHECK_NUMBER(t, frame.account, 111122223333);
	CHECK_NUMBER(t, frame.time_ms, 1768471267000);
	CHECK_NUMBER(t, frame.flags, FRAME_MANAGEMENT);
	CHECK_TEXT(t, frame.region, S("us-east-1"));
	CHECK_TEXT(t, attribute(&frame, FRAME_EVENT_ID), S("e1"));
	CHECK_TEXT(t, attribute(&frame, FRAME_EVENT_NAME), S("DeleteUser"));
	CHECK_TEXT(t, attribute(&frame, FRAME_READ_ONLY_TEXT), S("false"));
	CHECK_TEXT(t, attribute(&frame, FRAME_USERNAME), S("s1"));
	CHECK_TEXT(t, attribute(&frame, FRAME_EVENT_SOURCE), S("iam.amazonaws.com"));
	CHECK_TEXT(t, attribute(&frame, FRAME_ACCESS_KEY_ID), S("ASIA1"));
	CHECK_TEXT(t, attribute(&frame, FRAME_RESOURCE_TYPE), S("AWS::IAM::User"));
	CHECK_TEXT(t, attribute(&frame, FRAME_RESOURCE_NAME), S("bob"));

	/* a service has neither name nor key */
	record.identity = (struct identity){ .type = IDENTITY_AWS_SERVICE, .invoked_by = S("cloudtrail.amazonaws.com") };
	record.category = RECORD_DATA;
	record.is_read_only = true;
	record.error_code = S("AccessDenied");
	lookup_frame(&record, &resources, S("{}"), &frame);
	CHECK_NUMBER(t, frame.flags, FRAME_READ_ONLY | FRAME_HAS_ERROR);
	CHECK_TEXT(t, attribute(&frame, FRAME_USERNAME), SLICE_NONE);
	CHECK_TEXT(t, attribute(&frame, FRAME_ACCESS_KEY_ID), SLICE_NONE);
	CHECK_TEXT(t, attribute(&frame, FRAME_READ_ONLY_TEXT), S("true"));
}
