/* services/iam/instance_profiles_test.c: instance profiles and the role they hold, and each error. */
#include "tests/iam_fixture.h"

extern const struct operation iam_create_instance_profile, iam_get_instance_profile, iam_list_instance_profiles,
	iam_list_instance_profiles_for_role, iam_delete_instance_profile, iam_add_role_to_instance_profile,
	iam_remove_role_from_instance_profile;

TEST(instance_profiles_hold_one_role)
{
	struct iam_create_instance_profile_response made;
	struct iam_get_instance_profile_response got;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_role(&f, "r");
	fixture_role(&f, "s");
	CALL(&f, &made, create_instance_profile, .instance_profile_name = S("Web"), .path = S("/x/"));
	CHECK_TEXT(t, made.instance_profile->arn, S("arn:aws:iam::111122223333:instance-profile/x/Web"));
	CHECK(t, slice_has_prefix(made.instance_profile->instance_profile_id, S("AIPA")) && made.instance_profile->roles.is_set);
	MUST(&f, add_role_to_instance_profile, .instance_profile_name = S("web"), .role_name = S("r"));
	REFUSED(&f, "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
	        add_role_to_instance_profile, .instance_profile_name = S("web"), .role_name = S("s"));
	CALL(&f, &got, get_instance_profile, .instance_profile_name = S("web"));
	REQUIRE(t, got.instance_profile->roles.count == 1 && got.instance_profile->tags.is_set);
	CHECK_TEXT(t, got.instance_profile->roles.items[0].role_name, S("r"));
	CHECK_TEXT(t, got.instance_profile->roles.items[0].assume_role_policy_document, TRUST);
	REFUSED(&f, "DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.",
	        delete_instance_profile, .instance_profile_name = S("web"));
	REFUSED(&f, "NoSuchEntity", "Role s in Instance Profile Web cannot be found.", remove_role_from_instance_profile,
	        .instance_profile_name = S("web"), .role_name = S("s"));
	MUST(&f, remove_role_from_instance_profile, .instance_profile_name = S("web"), .role_name = S("r"));
	MUST(&f, delete_instance_profile, .instance_profile_name = S("web"));
	fixture_end(&f);
}

TEST(instance_profiles_refuse_what_aws_refuses)
{
	struct fixture f;

	fixture_begin(t, &f);
	fixture_role(&f, "r");
	MUST(&f, create_instance_profile, .instance_profile_name = S("a"));
	REFUSED(&f, "EntityAlreadyExists", "Instance Profile A already exists.", create_instance_profile,
	        .instance_profile_name = S("A"));
	REFUSED(&f, "NoSuchEntity", "Instance Profile none cannot be found.", get_instance_profile,
	        .instance_profile_name = S("none"));
	REFUSED(&f, "NoSuchEntity", "Instance Profile none cannot be found.", delete_instance_profile,
	        .instance_profile_name = S("none"));
	REFUSED(&f, "NoSuchEntity", "Instance Profile none cannot be found.", add_role_to_instance_profile,
	        .instance_profile_name = S("none"), .role_name = S("r"));
	REFUSED(&f, "NoSuchEntity", "The role with name none cannot be found.", add_role_to_instance_profile,
	        .instance_profile_name = S("a"), .role_name = S("none"));
	REFUSED(&f, "NoSuchEntity", "The role with name none cannot be found.", list_instance_profiles_for_role,
	        .role_name = S("none"));
	CHECK_TEXT(t, TARGETS(&f, add_role_to_instance_profile, .instance_profile_name = S("a"), .role_name = S("r")),
	           S("-|arn:aws:iam::111122223333:instance-profile/a|instance profile a\n"
	             "iam:PassRole|arn:aws:iam::111122223333:role/r|"));
	fixture_end(&f);
}

TEST(instance_profiles_are_listed_by_name_path_and_role)
{
	struct iam_list_instance_profiles_response all;
	struct iam_list_instance_profiles_for_role_response of_role;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_role(&f, "r");
	MUST(&f, create_instance_profile, .instance_profile_name = S("b"), .path = S("/x/"));
	MUST(&f, create_instance_profile, .instance_profile_name = S("A"), .path = S("/x/"));
	MUST(&f, create_instance_profile, .instance_profile_name = S("c"));
	MUST(&f, add_role_to_instance_profile, .instance_profile_name = S("b"), .role_name = S("r"));
	CALL(&f, &all, list_instance_profiles, .path_prefix = S("/x/"), .max_items = SET_I64(1));
	REQUIRE(t, all.instance_profiles.count == 1 && all.is_truncated.value);
	CHECK_TEXT(t, all.instance_profiles.items[0].instance_profile_name, S("A"));
	CALL(&f, &all, list_instance_profiles, .path_prefix = S("/x/"), .marker = all.marker);
	REQUIRE(t, all.instance_profiles.count == 1 && !all.is_truncated.value);
	CHECK_NUMBER(t, all.instance_profiles.items[0].roles.count, 1);
	CALL(&f, &of_role, list_instance_profiles_for_role, .role_name = S("r"));
	REQUIRE(t, of_role.instance_profiles.count == 1);
	CHECK_TEXT(t, of_role.instance_profiles.items[0].instance_profile_name, S("b"));
	CHECK_TEXT(t, TARGETS(&f, list_instance_profiles, 0), S("-|arn:aws:iam::111122223333:instance-profile/|"));
	fixture_end(&f);
}
