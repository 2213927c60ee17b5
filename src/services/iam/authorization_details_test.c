/* services/iam/authorization_details_test.c: everything of an account in one listing. */
#include "tests/iam_fixture.h"

extern const struct operation iam_get_account_authorization_details, iam_add_user_to_group, iam_put_user_policy,
	iam_put_group_policy, iam_attach_user_policy, iam_attach_role_policy, iam_tag_user, iam_create_instance_profile,
	iam_add_role_to_instance_profile, iam_create_user;

#define ADMINISTRATOR S("arn:aws:iam::aws:policy/AdministratorAccess")

static void populate(struct fixture *f)
{
	struct slice arn = fixture_policy(f, "P");

	fixture_user(f, "b");
	fixture_user(f, "A");
	fixture_group(f, "g");
	fixture_role(f, "r");
	MUST(f, add_user_to_group, .group_name = S("g"), .user_name = S("b"));
	MUST(f, put_user_policy, .user_name = S("b"), .policy_name = S("inline"), .policy_document = DOCUMENT);
	MUST(f, put_group_policy, .group_name = S("g"), .policy_name = S("inline"), .policy_document = DOCUMENT);
	MUST(f, attach_user_policy, .user_name = S("b"), .policy_arn = arn);
	MUST(f, attach_role_policy, .role_name = S("r"), .policy_arn = ADMINISTRATOR);
	MUST(f, tag_user, .user_name = S("b"), .tags = TAGS({ S("k"), S("v") }));
	MUST(f, create_instance_profile, .instance_profile_name = S("i"));
	MUST(f, add_role_to_instance_profile, .instance_profile_name = S("i"), .role_name = S("r"));
}

TEST(authorization_details_show_how_all_hangs_together)
{
	struct iam_get_account_authorization_details_response out;
	const struct iam_user_detail *user;
	const struct iam_role_detail *role;
	struct fixture f;

	fixture_begin(t, &f);
	populate(&f);
	CALL(&f, &out, get_account_authorization_details, 0);
	REQUIRE(t, out.user_detail_list.count == 2 && out.group_detail_list.count == 1 && out.role_detail_list.count == 1);
	CHECK(t, !out.is_truncated.value);
	user = &out.user_detail_list.items[1];
	CHECK_TEXT(t, user->user_name, S("b"));
	REQUIRE(t, user->group_list.count == 1 && user->user_policy_list.count == 1 && user->attached_managed_policies.count == 1);
	CHECK_TEXT(t, user->group_list.items[0], S("g"));
	CHECK_TEXT(t, user->user_policy_list.items[0].policy_document, DOCUMENT);
	CHECK_TEXT(t, user->attached_managed_policies.items[0].policy_name, S("P"));
	CHECK_NUMBER(t, user->tags.count, 1);
	CHECK_NUMBER(t, out.group_detail_list.items[0].group_policy_list.count, 1);
	role = &out.role_detail_list.items[0];
	CHECK_TEXT(t, role->assume_role_policy_document, TRUST);
	REQUIRE(t, role->instance_profile_list.count == 1 && role->attached_managed_policies.count == 1);
	CHECK_NUMBER(t, role->instance_profile_list.items[0].roles.count, 1);
	REQUIRE(t, out.policies.count == 2);
	CHECK_TEXT(t, out.policies.items[0].arn, S("arn:aws:iam::111122223333:policy/P"));
	REQUIRE(t, out.policies.items[0].policy_version_list.count == 1);
	CHECK_TEXT(t, out.policies.items[0].policy_version_list.items[0].document, DOCUMENT);
	CHECK_TEXT(t, out.policies.items[1].arn, ADMINISTRATOR);
	CHECK_NUMBER(t, out.policies.items[1].attachment_count.value, 1);
	CHECK_TEXT(t, TARGETS(&f, get_account_authorization_details, 0), S("-|*|*"));
	fixture_end(&f);
}

TEST(authorization_details_are_filtered_by_kind)
{
	static const struct { const char *filter; size_t users, groups, roles, policies; } rows[] = {
		{ "User", 2, 0, 0, 0 }, { "Group", 0, 1, 0, 0 }, { "Role", 0, 0, 1, 0 },
		{ "LocalManagedPolicy", 0, 0, 0, 1 }, { "AWSManagedPolicy", 0, 0, 0, 1 },
	};
	struct iam_get_account_authorization_details_response out;
	struct fixture f;

	fixture_begin(t, &f);
	populate(&f);
	for (size_t i = 0; i < COUNT(rows); i++) {
		CALL(&f, &out, get_account_authorization_details, .filter = TEXTS(slice_of(rows[i].filter)));
		CHECK_NUMBER(t, out.user_detail_list.count, rows[i].users);
		CHECK_NUMBER(t, out.group_detail_list.count, rows[i].groups);
		CHECK_NUMBER(t, out.role_detail_list.count, rows[i].roles);
		CHECK_NUMBER(t, out.policies.count, rows[i].policies);
		CHECK(t, out.user_detail_list.is_set && out.policies.is_set);
	}
	fixture_end(&f);
}

TEST(authorization_details_pages_add_up_to_the_whole)
{
	struct iam_get_account_authorization_details_response out;
	struct fixture f;

	fixture_begin(t, &f);
	populate(&f);
	for (int64_t size = 1; size <= 7; size++) {
		struct slice marker = SLICE_NONE;
		size_t users = 0, groups = 0, roles = 0, policies = 0, pages = 0;

		do {
			CALL(&f, &out, get_account_authorization_details, .max_items = SET_I64(size), .marker = marker);
			users += out.user_detail_list.count;
			groups += out.group_detail_list.count;
			roles += out.role_detail_list.count;
			policies += out.policies.count;
			CHECK(t, out.user_detail_list.count + out.group_detail_list.count + out.role_detail_list.count
			         + out.policies.count <= (size_t)size);
			marker = arena_copy(&t->arena, out.marker);
		} while (out.is_truncated.value && ++pages < 20);
		CHECK(t, users == 2 && groups == 1 && roles == 1 && policies == 2);
	}
	fixture_end(&f);
}
