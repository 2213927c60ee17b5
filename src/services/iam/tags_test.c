/* services/iam/tags_test.c: tags of users, roles, instance profiles and policies, and each error. */
#include "tests/iam_fixture.h"

extern const struct operation iam_tag_user, iam_untag_user, iam_list_user_tags, iam_tag_role, iam_untag_role,
	iam_list_role_tags, iam_tag_policy, iam_untag_policy, iam_list_policy_tags, iam_create_instance_profile,
	iam_tag_instance_profile, iam_untag_instance_profile, iam_list_instance_profile_tags;

TEST(tags_are_set_replaced_listed_and_removed)
{
	struct iam_list_user_tags_response out;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	CALL(&f, &out, list_user_tags, .user_name = S("bob"));
	CHECK(t, out.tags.is_set && out.tags.count == 0);
	MUST(&f, tag_user, .user_name = S("bob"), .tags = TAGS({ S("b"), S("1") }, { S("a"), S("") }));
	MUST(&f, tag_user, .user_name = S("bob"), .tags = TAGS({ S("B"), S("2") }));
	CALL(&f, &out, list_user_tags, .user_name = S("bob"), .max_items = SET_I64(1));
	REQUIRE(t, out.tags.count == 1 && out.is_truncated.value);
	CHECK_TEXT(t, out.tags.items[0].key, S("a"));
	CHECK_TEXT(t, out.tags.items[0].value, S(""));
	CALL(&f, &out, list_user_tags, .user_name = S("bob"), .marker = out.marker);
	REQUIRE(t, out.tags.count == 1 && !out.is_truncated.value);
	CHECK_TEXT(t, out.tags.items[0].key, S("B"));
	CHECK_TEXT(t, out.tags.items[0].value, S("2"));
	MUST(&f, untag_user, .user_name = S("bob"), .tag_keys = TEXTS(S("b"), S("never")));
	CALL(&f, &out, list_user_tags, .user_name = S("bob"));
	CHECK_NUMBER(t, out.tags.count, 1);
	fixture_end(&f);
}

TEST(tags_of_policies_and_profiles_tell_case_apart)
{
	struct iam_list_policy_tags_response policy;
	struct iam_list_instance_profile_tags_response profile;
	struct fixture f;
	struct slice arn;

	fixture_begin(t, &f);
	arn = fixture_policy(&f, "P");
	MUST(&f, create_instance_profile, .instance_profile_name = S("i"));
	MUST(&f, tag_policy, .policy_arn = arn, .tags = TAGS({ S("a"), S("1") }, { S("A"), S("2") }));
	CALL(&f, &policy, list_policy_tags, .policy_arn = arn);
	CHECK_NUMBER(t, policy.tags.count, 2);
	MUST(&f, untag_policy, .policy_arn = arn, .tag_keys = TEXTS(S("a")));
	CALL(&f, &policy, list_policy_tags, .policy_arn = arn);
	REQUIRE(t, policy.tags.count == 1);
	CHECK_TEXT(t, policy.tags.items[0].key, S("A"));
	MUST(&f, tag_instance_profile, .instance_profile_name = S("i"), .tags = TAGS({ S("a"), S("1") }));
	CALL(&f, &profile, list_instance_profile_tags, .instance_profile_name = S("i"));
	CHECK_NUMBER(t, profile.tags.count, 1);
	MUST(&f, untag_instance_profile, .instance_profile_name = S("i"), .tag_keys = TEXTS(S("A")));
	CALL(&f, &profile, list_instance_profile_tags, .instance_profile_name = S("i"));
	CHECK_NUMBER(t, profile.tags.count, 1);
	fixture_end(&f);
}

TEST(tags_refuse_what_aws_refuses)
{
	struct iam_tag many[26];
	struct fixture f;

	fixture_begin(t, &f);
	fixture_role(&f, "r");
	REFUSED(&f, "InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.", tag_role,
	        .role_name = S("r"), .tags = TAGS({ S("a"), S("1") }, { S("A"), S("2") }));
	REFUSED(&f, "InvalidInput", "System tags cannot be added/updated by requester.", tag_role, .role_name = S("r"),
	        .tags = TAGS({ S("AWS:x"), S("1") }));
	REFUSED(&f, "NoSuchEntity", "The role with name none cannot be found.", tag_role, .role_name = S("none"),
	        .tags = TAGS({ S("a"), S("1") }));
	REFUSED(&f, "NoSuchEntity", "The role with name none cannot be found.", untag_role, .role_name = S("none"),
	        .tag_keys = TEXTS(S("a")));
	REFUSED(&f, "NoSuchEntity", "The role with name none cannot be found.", list_role_tags, .role_name = S("none"));
	REFUSED(&f, "NoSuchEntity", "Policy arn:aws:iam::111122223333:policy/NotAPolicy was not found.", tag_policy,
	        .policy_arn = S("arn:aws:iam::111122223333:policy/NotAPolicy"), .tags = TAGS({ S("a"), S("1") }));
	REFUSED(&f, "AccessDenied", "Policy is outside your own account.", tag_policy,
	        .policy_arn = S("arn:aws:iam::aws:policy/AdministratorAccess"), .tags = TAGS({ S("a"), S("1") }));
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 26; i++)
			many[i] = (struct iam_tag){ arena_format(&t->arena, "k%d-%d", round, i), S("v") };
		if (round == 0)
			MUST(&f, tag_role, .role_name = S("r"), .tags = { .items = many, .count = 26 });
		else
			REFUSED(&f, "LimitExceeded", "The number of tags has reached the maximum limit.", tag_role, .role_name = S("r"),
			        .tags = { .items = many, .count = 26 });
	}
	fixture_end(&f);
}

TEST(tagging_is_asked_with_old_and_new_tags)
{
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	MUST(&f, tag_user, .user_name = S("bob"), .tags = TAGS({ S("old"), S("1") }));
	CHECK_TEXT(t, CONTEXT(&f, S("aws:ResourceTag/old"), tag_user, .user_name = S("bob"), .tags = TAGS({ S("new"), S("2") })), S("1"));
	CHECK_TEXT(t, CONTEXT(&f, S("aws:RequestTag/new"), tag_user, .user_name = S("bob"), .tags = TAGS({ S("new"), S("2") })), S("2"));
	CHECK_TEXT(t, CONTEXT(&f, S("aws:TagKeys"), untag_user, .user_name = S("bob"), .tag_keys = TEXTS(S("a"), S("b"))), S("a,b"));
	CHECK(t, iam_tag_user.changes_authority && iam_untag_user.changes_authority);
	fixture_end(&f);
}
