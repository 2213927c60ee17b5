/* services/audit_test.c: requests and replies as events show them: casing, types, dates, null, and no secrets. */
#include "services/audit.h"

#include "services/cloudtrail/shapes.h"
#include "services/decode_query.h"
#include "services/iam/shapes.h"
#include "services/sts/shapes.h"
#include "tests/sample_shapes.h"
#include "tests/test.h"

static struct slice requested(struct test *t, const struct operation_shape *operation, const char *form)
{
	struct uri_pairs pairs;

	if (!uri_pairs_read(&t->arena, slice_of(form), URI_PLUS_IS_BLANK, 100, &pairs, &t->err))
		return S("broken form");
	const void *input = decode_query(&t->arena, operation->input, &pairs, PROTOCOL_QUERY, &t->err);
	return input ? audit_request(&t->arena, operation, input, 0) : S("broken input");
}

static struct slice replied(struct test *t, const struct operation_shape *operation, const void *output)
{
	return audit_response(&t->arena, operation, output, false, 0);
}

TEST(request_parameters_have_only_their_first_letter_lowered_and_json_types)
{
	CHECK_TEXT(t, requested(t, &iam_create_user_shape, "Action=CreateUser&UserName=bob&Path=%2Feng%2F&Tags.member.1.Key=team"
		"&Tags.member.1.Value=true"), S("{\"path\":\"/eng/\",\"userName\":\"bob\",\"tags\":[{\"key\":\"team\",\"value\":\"true\"}]}"));
	CHECK_TEXT(t, requested(t, &iam_create_policy_version_shape, "PolicyArn=a&PolicyDocument=%7B+%7D&SetAsDefault=true"),
		S("{\"policyArn\":\"a\",\"policyDocument\":\"{ }\",\"setAsDefault\":true}"));
	CHECK_TEXT(t, requested(t, &sts_assume_role_shape, "RoleArn=r&RoleSessionName=s&DurationSeconds=900&PolicyArns.member.1.arn=p"),
		S("{\"roleArn\":\"r\",\"roleSessionName\":\"s\",\"policyArns\":[{\"arn\":\"p\"}],\"durationSeconds\":900}"));
	CHECK_TEXT(t, requested(t, &iam_untag_user_shape, "UserName=bob&TagKeys="), S("{\"userName\":\"bob\",\"tagKeys\":[]}"));
}

TEST(no_parameters_are_null_not_an_empty_object)
{
	CHECK(t, !requested(t, &iam_create_access_key_shape, "Action=CreateAccessKey").ptr);
	CHECK(t, !requested(t, &iam_list_users_shape, "").ptr);
	CHECK(t, !requested(t, &sts_get_caller_identity_shape, "").ptr);
	CHECK(t, !requested(t, &iam_get_account_summary_shape, "").ptr);
	CHECK(t, !replied(t, &iam_delete_user_shape, NULL).ptr);
}

TEST(change_password_leaves_null_because_nothing_but_secrets_was_sent)
{
	CHECK(t, !requested(t, &iam_change_password_shape, "OldPassword=hunter2&NewPassword=hunter3").ptr);
}

TEST(passwords_and_codes_never_reach_an_event)
{
	CHECK_TEXT(t, requested(t, &iam_create_login_profile_shape, "UserName=bob&Password=S3cret!&PasswordResetRequired=false"),
		S("{\"userName\":\"bob\",\"passwordResetRequired\":false}"));
	CHECK_TEXT(t, requested(t, &iam_update_login_profile_shape, "UserName=bob&Password=S3cret!"), S("{\"userName\":\"bob\"}"));
	CHECK_TEXT(t, requested(t, &sts_get_session_token_shape, "DurationSeconds=900&SerialNumber=arn:mfa&TokenCode=123456"),
		S("{\"durationSeconds\":900,\"serialNumber\":\"arn:mfa\"}"));
	CHECK_TEXT(t, requested(t, &sts_assume_role_shape, "RoleArn=r&RoleSessionName=s&TokenCode=123456"),
		S("{\"roleArn\":\"r\",\"roleSessionName\":\"s\"}"));
}

TEST(a_policy_padded_with_blanks_stays_in_its_record)
{
	char *padding = arena_alloc(&t->arena, 110001);

	memset(padding, ' ', 110000);
	padding[110000] = '\0';
	const struct iam_put_user_policy_request in = {
		.user_name = S("bob"), .policy_name = S("  kept  "),
		.policy_document = arena_format(&t->arena, "\n{ \"Sid\" : \"a  \\\" b\",%s\n\t\"Effect\":\"Allow%s\" } ", padding, padding),
	};
	CHECK_TEXT(t, audit_request(&t->arena, &iam_put_user_policy_shape, &in, 0),
		S("{\"userName\":\"bob\",\"policyName\":\"  kept  \","
		  "\"policyDocument\":\"{\\\"Sid\\\":\\\"a  \\\\\\\" b\\\",\\\"Effect\\\":\\\"Allow    \\\"}\"}"));

	struct iam_role role = { .role_name = S("r"), .assume_role_policy_document = arena_format(&t->arena, "{%s}", padding) };
	CHECK_TEXT(t, replied(t, &iam_create_role_shape, &(struct iam_create_role_response){ .role = &role }),
		S("{\"role\":{\"roleName\":\"r\",\"assumeRolePolicyDocument\":\"%7B%7D\"}}"));
}

TEST(create_access_key_shows_everything_but_the_secret)
{
	struct iam_access_key key = { .user_name = S("bob"), .access_key_id = S("AKIA1"), .status = S("Active"),
		.secret_access_key = S("wJalr"), .create_date = SET_TIME(1768471267000) };
	const struct iam_create_access_key_response out = { .access_key = &key };

	CHECK_TEXT(t, replied(t, &iam_create_access_key_shape, &out), S("{\"accessKey\":{\"userName\":\"bob\",\"accessKeyId\":\"AKIA1\","
		"\"status\":\"Active\",\"createDate\":\"Jan 15, 2026 10:01:07 AM\"}}"));
}

TEST(iam_dates_are_us_english_without_a_second_comma)
{
	static const struct { int64_t ms; const char *text; } rows[] = {
		{ 1768435509000, "Jan 15, 2026 12:05:09 AM" }, { 1768482000000, "Jan 15, 2026 1:00:00 PM" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct iam_user user = { .user_name = S("bob"), .create_date = SET_TIME(rows[i].ms) };
		const struct iam_create_user_response out = { .user = &user };
		CHECK_TEXT(t, replied(t, &iam_create_user_shape, &out),
			arena_format(&t->arena, "{\"user\":{\"userName\":\"bob\",\"createDate\":\"%s\"}}", rows[i].text));
	}
}

TEST(assume_role_is_a_read_and_keeps_its_response_without_secrets)
{
	struct sts_credentials credentials = { .access_key_id = S("ASIA1"), .secret_access_key = S("x"), .session_token = S("y"),
		.expiration = SET_TIME(1722375975000) };
	struct sts_assumed_role_user user = { .assumed_role_id = S("AROA1:s"), .arn = S("arn") };
	const struct sts_assume_role_response out = { .credentials = &credentials, .assumed_role_user = &user };

	CHECK_TEXT(t, audit_response(&t->arena, &sts_assume_role_shape, &out, true, 0), S("{\"credentials\":{\"accessKeyId\":\"ASIA1\","
		"\"expiration\":\"Jul 30, 2024, 9:46:15 PM\"},\"assumedRoleUser\":{\"assumedRoleId\":\"AROA1:s\",\"arn\":\"arn\"}}"));
	CHECK(t, slice_find(audit_response(&t->arena, &sts_assume_role_shape, &out, true, AUDIT_KEEP_SESSION_TOKEN),
		S("\"sessionToken\":\"y\"")) != SLICE_NPOS);
}

TEST(reads_have_no_response_elements)
{
	struct iam_user user = { .user_name = S("bob") };
	const struct iam_get_user_response out = { .user = &user };
	const struct sts_get_caller_identity_response who = { .arn = S("arn") };

	CHECK(t, !audit_response(&t->arena, &iam_get_user_shape, &out, true, 0).ptr);
	CHECK(t, !audit_response(&t->arena, &sts_get_caller_identity_shape, &who, true, 0).ptr);
}

TEST(the_policy_document_is_raw_in_requests_and_percent_encoded_in_responses)
{
	struct iam_role role = { .role_name = S("R"), .assume_role_policy_document = S("{\"Version\": \"1\"}") };
	const struct iam_create_role_response out = { .role = &role };

	CHECK_TEXT(t, requested(t, &iam_create_role_shape, "RoleName=R&AssumeRolePolicyDocument=%7B%22Version%22%3A+%221%22%7D"),
		S("{\"roleName\":\"R\",\"assumeRolePolicyDocument\":\"{\\\"Version\\\": \\\"1\\\"}\"}"));
	CHECK_TEXT(t, replied(t, &iam_create_role_shape, &out),
		S("{\"role\":{\"roleName\":\"R\",\"assumeRolePolicyDocument\":\"%7B%22Version%22%3A%20%221%22%7D\"}}"));
}

TEST(cloudtrail_shows_times_as_iso_text)
{
	const struct cloudtrail_lookup_events_request in = { .start_time = SET_TIME(1768471200000), .max_results = SET_I64(50) };

	CHECK_TEXT(t, audit_request(&t->arena, &cloudtrail_lookup_events_shape, &in, 0),
		S("{\"startTime\":\"2026-01-15T10:00:00Z\",\"maxResults\":50}"));
}

TEST(what_is_hidden_or_removed_says_so)
{
	static struct shape_member members[2] = {
		SAMPLE_MEMBER("Message", "message", sample_text, offsetof(struct sample, text)),
		SAMPLE_MEMBER("UserData", "userData", sample_text, offsetof(struct sample, blob)),
	};
	static const struct shape shape = { .kind = SHAPE_STRUCTURE, .members = members, .member_count = 2, .bytes = sizeof(struct sample) };
	static const struct operation_shape operation = { .service = &iam_shapes, .input = &shape };
	const struct sample in = { .text = S("secret"), .blob = S("secret") };

	members[0].redaction = REDACT_HIDDEN;
	members[1].redaction = REDACT_REMOVED;
	CHECK_TEXT(t, audit_request(&t->arena, &operation, &in, 0),
		S("{\"message\":\"HIDDEN_DUE_TO_SECURITY_REASONS\",\"userData\":\"<sensitiveDataRemoved>\"}"));
}

TEST(a_structure_that_would_be_empty_is_left_out)
{
	struct sample_inner inner = {0};
	static const struct operation_shape operation = { .service = &iam_shapes, .input = &sample_shape };

	CHECK(t, !audit_request(&t->arena, &operation, &(struct sample){ .inner = &inner }, 0).ptr);
	CHECK_TEXT(t, audit_request(&t->arena, &operation, &(struct sample){ .inner = &inner, .number = SET_I64(1) }, 0), S("{\"number\":1}"));
}
