/* services/iam/inline_policy_test.c: inline policies of users, groups and roles, and each error. */
#include "tests/iam_fixture.h"

extern const struct operation iam_put_user_policy, iam_get_user_policy, iam_list_user_policies, iam_delete_user_policy,
	iam_put_group_policy, iam_get_group_policy, iam_list_group_policies, iam_delete_group_policy, iam_put_role_policy,
	iam_get_role_policy, iam_list_role_policies, iam_delete_role_policy;

TEST(inline_policies_are_put_got_listed_and_deleted)
{
	struct iam_get_user_policy_response got;
	struct iam_list_user_policies_response list;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "Bob");
	CALL(&f, &list, list_user_policies, .user_name = S("bob"));
	CHECK(t, list.policy_names.is_set && list.policy_names.count == 0);
	MUST(&f, put_user_policy, .user_name = S("bob"), .policy_name = S("b"), .policy_document = DOCUMENT);
	MUST(&f, put_user_policy, .user_name = S("bob"), .policy_name = S("A"), .policy_document = DOCUMENT);
	MUST(&f, put_user_policy, .user_name = S("bob"), .policy_name = S("a"), .policy_document = DOCUMENT);
	CALL(&f, &list, list_user_policies, .user_name = S("bob"), .max_items = SET_I64(1));
	REQUIRE(t, list.policy_names.count == 1 && list.is_truncated.value);
	CHECK_TEXT(t, list.policy_names.items[0], S("a"));
	CALL(&f, &list, list_user_policies, .user_name = S("bob"), .marker = list.marker);
	REQUIRE(t, list.policy_names.count == 1 && !list.is_truncated.value);
	CALL(&f, &got, get_user_policy, .user_name = S("bob"), .policy_name = S("B"));
	CHECK_TEXT(t, got.user_name, S("Bob"));
	CHECK_TEXT(t, got.policy_name, S("b"));
	CHECK_TEXT(t, got.policy_document, DOCUMENT);
	MUST(&f, delete_user_policy, .user_name = S("bob"), .policy_name = S("b"));
	REFUSED(&f, "NoSuchEntity", "The user policy with name b cannot be found.", get_user_policy, .user_name = S("bob"),
	        .policy_name = S("b"));
	REFUSED(&f, "NoSuchEntity", "The user policy with name b cannot be found.", delete_user_policy, .user_name = S("bob"),
	        .policy_name = S("b"));
	fixture_end(&f);
}

TEST(inline_policies_of_groups_and_roles_are_their_own)
{
	struct iam_get_group_policy_response of_group;
	struct iam_get_role_policy_response of_role;
	struct iam_list_group_policies_response group_list;
	struct iam_list_role_policies_response role_list;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_group(&f, "g");
	fixture_role(&f, "r");
	MUST(&f, put_group_policy, .group_name = S("g"), .policy_name = S("p"), .policy_document = DOCUMENT);
	MUST(&f, put_role_policy, .role_name = S("r"), .policy_name = S("q"), .policy_document = DOCUMENT);
	CALL(&f, &of_group, get_group_policy, .group_name = S("g"), .policy_name = S("p"));
	CHECK_TEXT(t, of_group.group_name, S("g"));
	CALL(&f, &of_role, get_role_policy, .role_name = S("r"), .policy_name = S("q"));
	CHECK_TEXT(t, of_role.role_name, S("r"));
	CALL(&f, &group_list, list_group_policies, .group_name = S("g"));
	CHECK_NUMBER(t, group_list.policy_names.count, 1);
	CALL(&f, &role_list, list_role_policies, .role_name = S("r"));
	CHECK_TEXT(t, role_list.policy_names.items[0], S("q"));
	REFUSED(&f, "NoSuchEntity", "The group policy with name q cannot be found.", delete_group_policy, .group_name = S("g"),
	        .policy_name = S("q"));
	REFUSED(&f, "NoSuchEntity", "The role policy with name p cannot be found.", delete_role_policy, .role_name = S("r"),
	        .policy_name = S("p"));
	REFUSED(&f, "NoSuchEntity", "The role with name none cannot be found.", put_role_policy, .role_name = S("none"),
	        .policy_name = S("p"), .policy_document = DOCUMENT);
	CHECK(t, iam_put_group_policy.changes_authority && iam_delete_role_policy.changes_authority);
	CHECK_TEXT(t, TARGETS(&f, put_group_policy, .group_name = S("g"), .policy_name = S("p"), .policy_document = DOCUMENT),
	           S("-|arn:aws:iam::111122223333:group/g|group g"));
	fixture_end(&f);
}

static struct slice long_document(struct test *t, int characters)
{
	struct buffer document;

	buffer_init(&document, &t->arena, 65536);
	buffer_printf(&document, "{\"Version\":\"2012-10-17\",\n\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Sid\":\"");
	for (int i = 0; i < characters; i++)
		buffer_byte(&document, 'x');
	buffer_printf(&document, "\"}}");
	return buffer_slice(&document);
}

TEST(inline_policies_of_one_entity_share_a_quota)
{
	struct iam_list_user_policies_response list;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	fixture_group(&f, "g");
	fixture_role(&f, "r");
	MUST(&f, put_user_policy, .user_name = S("bob"), .policy_name = S("a"), .policy_document = long_document(t, 1000));
	REFUSED(&f, "LimitExceeded", "Maximum policy size of 2048 bytes exceeded for user bob", put_user_policy,
	        .user_name = S("bob"), .policy_name = S("b"), .policy_document = long_document(t, 1000));
	MUST(&f, put_user_policy, .user_name = S("bob"), .policy_name = S("A"), .policy_document = long_document(t, 1900));
	CALL(&f, &list, list_user_policies, .user_name = S("bob"));
	CHECK_NUMBER(t, list.policy_names.count, 1);
	REFUSED(&f, "LimitExceeded", "Maximum policy size of 5120 bytes exceeded for group g", put_group_policy,
	        .group_name = S("g"), .policy_name = S("b"), .policy_document = long_document(t, 5120));
	REFUSED(&f, "LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role r", put_role_policy,
	        .role_name = S("r"), .policy_name = S("b"), .policy_document = long_document(t, 10240));
	fixture_end(&f);
}

TEST(inline_policies_must_be_well_formed)
{
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	REFUSED(&f, "MalformedPolicyDocument", "Syntax errors in policy.", put_user_policy, .user_name = S("bob"),
	        .policy_name = S("p"), .policy_document = S("{"));
	REFUSED(&f, "MalformedPolicyDocument", "Policy document should not specify a principal.", put_user_policy,
	        .user_name = S("bob"), .policy_name = S("p"),
	        .policy_document = S("{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\","
	                             "\"Action\":\"s3:*\",\"Resource\":\"*\"}}"));
	fixture_end(&f);
}
