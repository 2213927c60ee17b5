/* services/encode_query_test.c: replies as Query clients read them. */
#include "services/encode_query.h"

#include "services/iam/shapes.h"
#include "services/sts/shapes.h"
#include "tests/sample_shapes.h"
#include "tests/test.h"

static struct slice encoded(struct test *t, const struct operation_shape *operation, const void *value)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 16);
	encode_query(&out, operation, value, S("r-1"));
	return buffer_slice(&out);
}

TEST(encode_query_wraps_the_result_and_names_the_request)
{
	const struct sts_get_caller_identity_response out = { .user_id = S("AIDA"), .account = S("111122223333"), .arn = S("arn:<&>") };

	CHECK_TEXT(t, encoded(t, &sts_get_caller_identity_shape, &out),
		S("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult><UserId>AIDA</UserId>"
		  "<Account>111122223333</Account><Arn>arn:&lt;&amp;&gt;</Arn></GetCallerIdentityResult><ResponseMetadata>"
		  "<RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"));
}

TEST(encode_query_without_output_has_no_result)
{
	CHECK_TEXT(t, encoded(t, &iam_delete_user_shape, NULL),
		S("<DeleteUserResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ResponseMetadata><RequestId>r-1</RequestId>"
		  "</ResponseMetadata></DeleteUserResponse>"));
}

TEST(encode_query_lists_are_members_and_empty_ones_of_the_result_are_there)
{
	struct iam_tag tag = { S("team"), S("") };
	struct iam_user user = { .path = S("/"), .user_name = S("bob"), .create_date = SET_TIME(1768471267250),
		.tags = { &tag, 1, true } };
	struct iam_list_users_response out = { .users = { &user, 1, true }, .is_truncated = SET_BOOL(false) };

	CHECK_TEXT(t, encoded(t, &iam_list_users_shape, &out),
		S("<ListUsersResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ListUsersResult><Users><member><Path>/</Path>"
		  "<UserName>bob</UserName><CreateDate>2026-01-15T10:01:07Z</CreateDate><Tags><member><Key>team</Key><Value></Value></member>"
		  "</Tags></member></Users><IsTruncated>false</IsTruncated></ListUsersResult><ResponseMetadata><RequestId>r-1</RequestId>"
		  "</ResponseMetadata></ListUsersResponse>"));
	out.users = (struct iam_user_list){0};
	CHECK(t, slice_find(encoded(t, &iam_list_users_shape, &out), S("<Users></Users>")) != SLICE_NPOS);
}

TEST(policy_documents_are_percent_encoded_once_in_iam_responses)
{
	struct iam_role role = { .role_name = S("R"), .assume_role_policy_document = S("{\"a b\": \"%20/\"}") };
	const struct iam_get_role_response out = { .role = &role };

	CHECK(t, slice_find(encoded(t, &iam_get_role_shape, &out), S("<AssumeRolePolicyDocument>%7B%22a%20b%22%3A%20%22%2520%2F%22%7D"
		"</AssumeRolePolicyDocument>")) != SLICE_NPOS);
}

TEST(encode_query_maps_are_entries)
{
	struct iam_summary_map_type_entry entries[] = { { S("Users"), SET_I64(3) }, { S("Groups"), SET_I64(0) } };
	const struct iam_get_account_summary_response out = { .summary_map = { entries, 2, true } };

	CHECK(t, slice_find(encoded(t, &iam_get_account_summary_shape, &out), S("<SummaryMap><entry><key>Users</key><value>3</value></entry>"
		"<entry><key>Groups</key><value>0</value></entry></SummaryMap>")) != SLICE_NPOS);
}

TEST(encode_query_flattened_lists_have_no_wrapper)
{
	static const struct service_shape service = { .xml_namespace = S_INIT("urn:x") };
	static const struct operation_shape operation = { .name = S_INIT("Do"), .service = &service, .output = &sample_shape,
		.result_wrapper = S_INIT("DoResult") };
	struct slice texts[] = { S("a"), S("b") };
	const struct sample out = { .flat = { texts, 2, true }, .blob = S("hi"), .fraction = SET_DOUBLE(0.5) };

	CHECK_TEXT(t, encoded(t, &operation, &out), S("<DoResponse xmlns=\"urn:x\"><DoResult><Blob>aGk=</Blob><Fraction>0.5</Fraction>"
		"<Texts></Texts><Flat>a</Flat><Flat>b</Flat></DoResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>"
		"</DoResponse>"));
}

TEST(encode_query_errors_have_type_first_and_the_request_id_beside_them)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 16);
	encode_query_error(&out, iam_shapes.xml_namespace, S("NoSuchEntity"), false, S("The user with name <x> cannot be found."), S("r-1"));
	CHECK_TEXT(t, buffer_slice(&out), S("<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>"
		"<Code>NoSuchEntity</Code><Message>The user with name &lt;x&gt; cannot be found.</Message></Error><RequestId>r-1</RequestId>"
		"</ErrorResponse>"));
	buffer_truncate(&out, 0);
	encode_query_error(&out, SLICE_NONE, S("InternalFailure"), true, SLICE_NONE, S("r-1"));
	CHECK_TEXT(t, buffer_slice(&out), S("<ErrorResponse><Error><Type>Receiver</Type><Code>InternalFailure</Code><Message></Message>"
		"</Error><RequestId>r-1</RequestId></ErrorResponse>"));
}
