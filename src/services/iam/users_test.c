/* services/iam/users_test.c: the operations on users, and each error they can answer. */
#include "auth/quotas.h"
#include "tests/iam_fixture.h"

extern const struct operation iam_create_user, iam_get_user, iam_list_users, iam_update_user, iam_delete_user,
	iam_create_access_key, iam_put_user_policy, iam_attach_user_policy, iam_add_user_to_group, iam_create_login_profile;

TEST(create_user_answers_with_what_was_made)
{
	struct iam_create_user_response out;
	struct fixture f;

	fixture_begin(t, &f);
	CALL(&f, &out, create_user, .user_name = S("Bob"), .path = S("/eng/"), .tags = TAGS({ S("Team"), S("red") }), .permissions_boundary = S("arn:aws:iam::aws:policy/AdministratorAccess"));
	REQUIRE(t, out.user);
	CHECK_TEXT(t, out.user->user_name, S("Bob"));
	CHECK_TEXT(t, out.user->path, S("/eng/"));
	CHECK_TEXT(t, out.user->arn, S("arn:aws:iam::111122223333:user/eng/Bob"));
	CHECK(t, slice_has_prefix(out.user->user_id, S("AIDA")) && out.user->user_id.len == 21);
	CHECK(t, out.user->create_date.is_set && out.user->create_date.ms == FIXTURE_NOW_MS);
	REQUIRE(t, out.user->tags.count == 1);
	CHECK_TEXT(t, out.user->tags.items[0].key, S("Team"));
	REQUIRE(t, out.user->permissions_boundary);
	CHECK_TEXT(t, out.user->permissions_boundary->permissions_boundary_type, S("Policy"));
	fixture_end(&f);
}

TEST(create_user_refuses_names_that_differ_only_in_case)
{
	struct fixture f;

	fixture_begin(t, &f);
	MUST(&f, create_user, .user_name = S("Bob"));
	REFUSED(&f, "EntityAlreadyExists", "User with name bob already exists.", create_user, .user_name = S("bob"));
	fixture_end(&f);
}

TEST(create_user_refuses_beyond_the_quota_and_leaves_nothing)
{
	struct fixture f;

	fixture_begin(t, &f);
	CHECK(t, quotas_set_allowed(f.catalog, FIXTURE_ACCOUNT, QUOTA_USERS, 1, &t->err));
	MUST(&f, create_user, .user_name = S("a"));
	REFUSED(&f, "LimitExceeded", "Cannot exceed quota for UsersPerAccount: 1", create_user, .user_name = S("b"));
	REFUSED(&f, "NoSuchEntity", "The user with name b cannot be found.", get_user, .user_name = S("b"));
	MUST(&f, delete_user, .user_name = S("a"));
	MUST(&f, create_user, .user_name = S("b"));
	fixture_end(&f);
}

TEST(create_user_refuses_a_boundary_that_is_no_policy)
{
	struct fixture f;

	fixture_begin(t, &f);
	REFUSED(&f, "InvalidInput", "ARN arn:aws:iam::111122223333:not_a_policy/x is not valid.", create_user,
	        .user_name = S("b"), .permissions_boundary = S("arn:aws:iam::111122223333:not_a_policy/x"));
	REFUSED(&f, "NoSuchEntity", "Scope ARN: arn:aws:iam::111122223333:policy/none does not exist or is not attachable.",
	        create_user, .user_name = S("b"), .permissions_boundary = S("arn:aws:iam::111122223333:policy/none"));
	fixture_end(&f);
}

TEST(create_user_refuses_tags_twice_and_those_of_aws)
{
	struct fixture f;

	fixture_begin(t, &f);
	REFUSED(&f, "InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.", create_user,
	        .user_name = S("b"), .tags = TAGS({ S("a"), S("1") }, { S("A"), S("2") }));
	REFUSED(&f, "InvalidInput", "System tags cannot be added/updated by requester.", create_user,
	        .user_name = S("b"), .tags = TAGS({ S("aws:x"), S("1") }));
	fixture_end(&f);
}

TEST(create_user_is_asked_about_the_whole_arn_and_about_tagging)
{
	struct fixture f;

	fixture_begin(t, &f);
	CHECK_TEXT(t, TARGETS(&f, create_user, .user_name = S("bob"), .path = S("/a/")),
	           S("-|arn:aws:iam::111122223333:user/a/bob|"));
	CHECK_TEXT(t, TARGETS(&f, create_user, .user_name = S("bob"), .tags = TAGS({ S("Team"), S("red") })),
	           S("-|arn:aws:iam::111122223333:user/bob|\niam:TagUser|arn:aws:iam::111122223333:user/bob|"));
	CHECK_TEXT(t, CONTEXT(&f, S("aws:RequestTag/team"), create_user, .user_name = S("b"), .tags = TAGS({ S("Team"), S("red") })),
	           S("red"));
	CHECK_TEXT(t, CONTEXT(&f, S("aws:TagKeys"), create_user, .user_name = S("b"), .tags = TAGS({ S("Team"), S("red") })),
	           S("Team"));
	CHECK_TEXT(t, CONTEXT(&f, S("iam:PermissionsBoundary"), create_user, .user_name = S("b"),
	                      .permissions_boundary = S("arn:aws:iam::aws:policy/X")), S("arn:aws:iam::aws:policy/X"));
	fixture_end(&f);
}

TEST(get_user_shows_boundary_and_tags_and_ignores_case)
{
	struct iam_get_user_response out;
	struct fixture f;

	fixture_begin(t, &f);
	MUST(&f, create_user, .user_name = S("Bob"), .tags = TAGS({ S("b"), S("2") }, { S("a"), S("1") }));
	CALL(&f, &out, get_user, .user_name = S("BOB"));
	REQUIRE(t, out.user && out.user->tags.count == 2);
	CHECK_TEXT(t, out.user->user_name, S("Bob"));
	CHECK_TEXT(t, out.user->tags.items[0].key, S("a"));
	CHECK(t, !out.user->permissions_boundary && !out.user->password_last_used.is_set);
	REFUSED(&f, "NoSuchEntity", "The user with name alice cannot be found.", get_user, .user_name = S("alice"));
	fixture_end(&f);
}

TEST(get_user_without_a_name_is_the_caller)
{
	struct iam_get_user_response out;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "Bob");
	CALL(&f, &out, get_user, 0);
	CHECK_TEXT(t, out.user->user_id, S("111122223333"));
	CHECK_TEXT(t, out.user->arn, S("arn:aws:iam::111122223333:root"));
	CHECK_TEXT(t, out.user->user_name, SLICE_NONE);
	fixture_as_user(&f, "bob");
	CALL(&f, &out, get_user, 0);
	CHECK_TEXT(t, out.user->user_name, S("Bob"));
	CHECK_TEXT(t, TARGETS(&f, get_user, 0), S("-|arn:aws:iam::111122223333:user/Bob|user Bob"));
	fixture_as_session(&f);
	REFUSED(&f, "ValidationError", "Must specify userName when calling with non-User credentials", get_user, 0);
	fixture_end(&f);
}

TEST(existing_entities_are_asked_by_arn_and_shown_by_name)
{
	struct fixture f;

	fixture_begin(t, &f);
	MUST(&f, create_user, .user_name = S("Bob"), .path = S("/eng/"), .tags = TAGS({ S("Team"), S("red") }),
	     .permissions_boundary = S("arn:aws:iam::aws:policy/AdministratorAccess"));
	CHECK_TEXT(t, TARGETS(&f, get_user, .user_name = S("bob")), S("-|arn:aws:iam::111122223333:user/eng/Bob|user bob"));
	CHECK_TEXT(t, TARGETS(&f, delete_user, .user_name = S("none")), S("-|arn:aws:iam::111122223333:user/none|user none"));
	CHECK_TEXT(t, CONTEXT(&f, S("aws:ResourceTag/team"), delete_user, .user_name = S("bob")), S("red"));
	CHECK_TEXT(t, CONTEXT(&f, S("iam:ResourceTag/team"), delete_user, .user_name = S("bob")), S("red"));
	CHECK_TEXT(t, CONTEXT(&f, S("iam:PermissionsBoundary"), delete_user, .user_name = S("bob")),
	           S("arn:aws:iam::aws:policy/AdministratorAccess"));
	fixture_end(&f);
}

TEST(list_users_pages_by_name_with_a_marker_of_its_own)
{
	struct iam_list_users_response out;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "charlie");
	fixture_user(&f, "Bravo");
	fixture_user(&f, "alpha");
	CALL(&f, &out, list_users, .max_items = SET_I64(2));
	REQUIRE(t, out.users.count == 2 && out.is_truncated.value);
	CHECK_TEXT(t, out.users.items[0].user_name, S("alpha"));
	CHECK_TEXT(t, out.users.items[1].user_name, S("Bravo"));
	CHECK(t, slice_find(out.marker, S("ravo")) == SLICE_NPOS);
	struct slice marker = out.marker;
	fixture_user(&f, "aaa");                        /* behind the marker: neither repeats nor hides anybody */
	CALL(&f, &out, list_users, .marker = marker);
	REQUIRE(t, out.users.count == 1 && !out.is_truncated.value);
	CHECK_TEXT(t, out.users.items[0].user_name, S("charlie"));
	CHECK_TEXT(t, out.marker, SLICE_NONE);
	REFUSED(&f, "ValidationError", "Invalid Marker.", list_users, .marker = S("nonsense"));
	REFUSED(&f, "ValidationError", "Invalid Marker.", list_users, .marker = marker, .path_prefix = S("/x/"));
	f.call.account = S("444455556666");
	REFUSED(&f, "ValidationError", "Invalid Marker.", list_users, .marker = marker);
	fixture_end(&f);
}

TEST(list_users_of_nobody_is_an_empty_list)
{
	struct iam_list_users_response out;
	struct fixture f;

	fixture_begin(t, &f);
	CALL(&f, &out, list_users, 0);
	CHECK(t, out.users.is_set && out.users.count == 0 && out.is_truncated.is_set && !out.is_truncated.value);
	CHECK_TEXT(t, TARGETS(&f, list_users, 0), S("-|arn:aws:iam::111122223333:user/|"));
	fixture_end(&f);
}

TEST(update_user_renames_and_is_asked_about_both_arns)
{
	struct iam_get_user_response before, after;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	fixture_user(&f, "alice");
	CALL(&f, &before, get_user, .user_name = S("bob"));
	CHECK_TEXT(t, TARGETS(&f, update_user, .user_name = S("bob"), .new_user_name = S("rob"), .new_path = S("/x/")),
	           S("-|arn:aws:iam::111122223333:user/bob|user bob\n-|arn:aws:iam::111122223333:user/x/rob|user bob"));
	REFUSED(&f, "EntityAlreadyExists", "User with name Alice already exists.", update_user, .user_name = S("bob"),
	        .new_user_name = S("Alice"));
	REFUSED(&f, "NoSuchEntity", "The user with name none cannot be found.", update_user, .user_name = S("none"));
	MUST(&f, update_user, .user_name = S("bob"), .new_user_name = S("rob"), .new_path = S("/x/"));
	REFUSED(&f, "NoSuchEntity", "The user with name bob cannot be found.", get_user, .user_name = S("bob"));
	CALL(&f, &after, get_user, .user_name = S("rob"));
	CHECK_TEXT(t, after.user->user_id, before.user->user_id);
	CHECK_TEXT(t, after.user->arn, S("arn:aws:iam::111122223333:user/x/rob"));
	fixture_end(&f);
}

TEST(delete_user_refuses_while_something_is_left)
{
	struct fixture f;

	fixture_begin(t, &f);
	REFUSED(&f, "NoSuchEntity", "The user with name none cannot be found.", delete_user, .user_name = S("none"));
	fixture_group(&f, "g");
	for (const char *const *name = (const char *const[]){ "a", "b", "c", "d", "e", NULL }; *name; name++)
		fixture_user(&f, *name);
	MUST(&f, create_access_key, .user_name = S("a"));
	REFUSED(&f, "DeleteConflict", "Cannot delete entity, must delete access keys first.", delete_user, .user_name = S("a"));
	MUST(&f, put_user_policy, .user_name = S("b"), .policy_name = S("p"), .policy_document = DOCUMENT);
	REFUSED(&f, "DeleteConflict", "Cannot delete entity, must delete policies first.", delete_user, .user_name = S("b"));
	MUST(&f, attach_user_policy, .user_name = S("c"), .policy_arn = S("arn:aws:iam::aws:policy/AdministratorAccess"));
	REFUSED(&f, "DeleteConflict", "Cannot delete entity, must detach all policies first.", delete_user, .user_name = S("c"));
	MUST(&f, add_user_to_group, .group_name = S("g"), .user_name = S("d"));
	REFUSED(&f, "DeleteConflict", "Cannot delete entity, must remove users from group first.", delete_user,
	        .user_name = S("d"));
	MUST(&f, create_login_profile, .user_name = S("e"), .password = S("Secret-123"));
	REFUSED(&f, "DeleteConflict", "Cannot delete entity, must delete login profile first.", delete_user,
	        .user_name = S("e"));
	fixture_end(&f);
}

/* Another user of the same name is somebody else: neither tags nor id come back. */
TEST(a_user_made_again_is_a_new_one)
{
	struct iam_get_user_response first, second;
	struct fixture f;

	fixture_begin(t, &f);
	MUST(&f, create_user, .user_name = S("bob"), .tags = TAGS({ S("a"), S("1") }));
	CALL(&f, &first, get_user, .user_name = S("bob"));
	MUST(&f, delete_user, .user_name = S("bob"));
	fixture_user(&f, "bob");
	CALL(&f, &second, get_user, .user_name = S("bob"));
	CHECK(t, !slice_equal(first.user->user_id, second.user->user_id) && second.user->tags.count == 0);
	fixture_end(&f);
}
