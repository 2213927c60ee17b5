/* services/iam/groups_test.c: the operations on groups and membership, and each error they can answer. */
#include "auth/quotas.h"
#include "tests/iam_fixture.h"

extern const struct operation iam_create_group, iam_get_group, iam_list_groups, iam_list_groups_for_user, iam_update_group,
	iam_delete_group, iam_add_user_to_group, iam_remove_user_from_group, iam_put_group_policy, iam_attach_group_policy;

TEST(create_group_answers_with_what_was_made)
{
	struct iam_create_group_response out;
	struct fixture f;

	fixture_begin(t, &f);
	CALL(&f, &out, create_group, .group_name = S("Admins"), .path = S("/x/"));
	CHECK_TEXT(t, out.group->arn, S("arn:aws:iam::111122223333:group/x/Admins"));
	CHECK(t, slice_has_prefix(out.group->group_id, S("AGPA")));
	REFUSED(&f, "EntityAlreadyExists", "Group with name admins already exists.", create_group, .group_name = S("admins"));
	CHECK_TEXT(t, TARGETS(&f, create_group, .group_name = S("g")), S("-|arn:aws:iam::111122223333:group/g|"));
	CHECK(t, quotas_set_allowed(f.catalog, FIXTURE_ACCOUNT, QUOTA_GROUPS, 1, &t->err));
	REFUSED(&f, "LimitExceeded", "Cannot exceed quota for GroupsPerAccount: 1", create_group, .group_name = S("g"));
	fixture_end(&f);
}

TEST(get_group_pages_its_members_by_name)
{
	struct iam_get_group_response out;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_group(&f, "g");
	CALL(&f, &out, get_group, .group_name = S("G"));
	CHECK(t, out.users.is_set && out.users.count == 0 && !out.is_truncated.value);
	for (const char *const *name = (const char *const[]){ "c", "A", "b", NULL }; *name; name++) {
		fixture_user(&f, *name);
		MUST(&f, add_user_to_group, .group_name = S("g"), .user_name = slice_of(*name));
	}
	CALL(&f, &out, get_group, .group_name = S("g"), .max_items = SET_I64(2));
	REQUIRE(t, out.users.count == 2 && out.is_truncated.value);
	CHECK_TEXT(t, out.users.items[0].user_name, S("A"));
	CALL(&f, &out, get_group, .group_name = S("g"), .marker = out.marker);
	REQUIRE(t, out.users.count == 1 && !out.is_truncated.value);
	CHECK_TEXT(t, out.users.items[0].user_name, S("c"));
	REFUSED(&f, "NoSuchEntity", "The group with name none cannot be found.", get_group, .group_name = S("none"));
	CHECK_TEXT(t, TARGETS(&f, get_group, .group_name = S("g")), S("-|arn:aws:iam::111122223333:group/g|group g"));
	fixture_end(&f);
}

TEST(membership_is_idempotent_and_needs_both)
{
	struct iam_list_groups_for_user_response out;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	fixture_group(&f, "b");
	fixture_group(&f, "A");
	for (int i = 0; i < 2; i++) {
		MUST(&f, add_user_to_group, .group_name = S("b"), .user_name = S("bob"));
		MUST(&f, add_user_to_group, .group_name = S("A"), .user_name = S("bob"));
	}
	CALL(&f, &out, list_groups_for_user, .user_name = S("bob"));
	REQUIRE(t, out.groups.count == 2);
	CHECK_TEXT(t, out.groups.items[0].group_name, S("A"));
	REFUSED(&f, "NoSuchEntity", "The user with name none cannot be found.", add_user_to_group, .group_name = S("none"),
	        .user_name = S("none"));
	REFUSED(&f, "NoSuchEntity", "The group with name none cannot be found.", remove_user_from_group,
	        .group_name = S("none"), .user_name = S("bob"));
	REFUSED(&f, "NoSuchEntity", "The user with name none cannot be found.", list_groups_for_user, .user_name = S("none"));
	MUST(&f, remove_user_from_group, .group_name = S("b"), .user_name = S("bob"));
	MUST(&f, remove_user_from_group, .group_name = S("b"), .user_name = S("bob"));
	CALL(&f, &out, list_groups_for_user, .user_name = S("bob"));
	CHECK_NUMBER(t, out.groups.count, 1);
	CHECK_TEXT(t, TARGETS(&f, add_user_to_group, .group_name = S("b"), .user_name = S("bob")),
	           S("-|arn:aws:iam::111122223333:group/b|group b"));
	CHECK(t, iam_add_user_to_group.changes_authority && iam_remove_user_from_group.changes_authority);
	fixture_end(&f);
}

TEST(a_user_is_in_at_most_ten_groups)
{
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	for (int i = 0; i < 11; i++) {
		const char *name = arena_printf(&t->arena, "g%02d", i);

		fixture_group(&f, name);
		if (i < 10)
			MUST(&f, add_user_to_group, .group_name = slice_of(name), .user_name = S("bob"));
		else
			REFUSED(&f, "LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10", add_user_to_group,
			        .group_name = slice_of(name), .user_name = S("bob"));
	}
	fixture_end(&f);
}

TEST(list_groups_pages_by_name_and_path)
{
	struct iam_list_groups_response out;
	struct fixture f;

	fixture_begin(t, &f);
	MUST(&f, create_group, .group_name = S("c"), .path = S("/x/"));
	MUST(&f, create_group, .group_name = S("B"), .path = S("/x/y/"));
	MUST(&f, create_group, .group_name = S("a"));
	CALL(&f, &out, list_groups, .path_prefix = S("/x"), .max_items = SET_I64(1));
	REQUIRE(t, out.groups.count == 1 && out.is_truncated.value);
	CHECK_TEXT(t, out.groups.items[0].group_name, S("B"));
	CALL(&f, &out, list_groups, .path_prefix = S("/x"), .marker = out.marker);
	REQUIRE(t, out.groups.count == 1 && !out.is_truncated.value);
	CHECK_TEXT(t, out.groups.items[0].group_name, S("c"));
	CHECK_TEXT(t, TARGETS(&f, list_groups, 0), S("-|arn:aws:iam::111122223333:group/|"));
	fixture_end(&f);
}

TEST(update_group_renames_and_is_asked_about_both_arns)
{
	struct iam_get_group_response out;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_group(&f, "g");
	fixture_group(&f, "h");
	fixture_user(&f, "bob");
	MUST(&f, add_user_to_group, .group_name = S("g"), .user_name = S("bob"));
	CHECK_TEXT(t, TARGETS(&f, update_group, .group_name = S("g"), .new_group_name = S("n")),
	           S("-|arn:aws:iam::111122223333:group/g|group g\n-|arn:aws:iam::111122223333:group/n|group g"));
	REFUSED(&f, "EntityAlreadyExists", "Group with name H already exists.", update_group, .group_name = S("g"),
	        .new_group_name = S("H"));
	REFUSED(&f, "NoSuchEntity", "The group with name none cannot be found.", update_group, .group_name = S("none"));
	MUST(&f, update_group, .group_name = S("g"), .new_group_name = S("n"), .new_path = S("/p/"));
	CALL(&f, &out, get_group, .group_name = S("n"));
	CHECK_TEXT(t, out.group->arn, S("arn:aws:iam::111122223333:group/p/n"));
	CHECK_NUMBER(t, out.users.count, 1);
	fixture_end(&f);
}

TEST(delete_group_refuses_while_something_is_left)
{
	struct fixture f;

	fixture_begin(t, &f);
	for (const char *const *name = (const char *const[]){ "a", "b", "c", "d", NULL }; *name; name++)
		fixture_group(&f, *name);
	fixture_user(&f, "bob");
	MUST(&f, add_user_to_group, .group_name = S("a"), .user_name = S("bob"));
	REFUSED(&f, "DeleteConflict", "Cannot delete entity, must remove users from group first.", delete_group,
	        .group_name = S("a"));
	MUST(&f, put_group_policy, .group_name = S("b"), .policy_name = S("p"), .policy_document = DOCUMENT);
	REFUSED(&f, "DeleteConflict", "Cannot delete entity, must delete policies first.", delete_group, .group_name = S("b"));
	MUST(&f, attach_group_policy, .group_name = S("c"), .policy_arn = S("arn:aws:iam::aws:policy/AdministratorAccess"));
	REFUSED(&f, "DeleteConflict", "Cannot delete entity, must detach all policies first.", delete_group,
	        .group_name = S("c"));
	MUST(&f, delete_group, .group_name = S("d"));
	REFUSED(&f, "NoSuchEntity", "The group with name d cannot be found.", delete_group, .group_name = S("d"));
	fixture_end(&f);
}
