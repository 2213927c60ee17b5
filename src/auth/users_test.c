/* auth/users_test.c: names, pages, renaming, quota. */
#include "auth/users.h"

#include "auth/quotas.h"
#include "tests/auth_catalog.h"

static struct user bob(const char *name, const char *path, const char *id)
{
	return (struct user){ .name = slice_of(name), .path = slice_of(path), .user_id = slice_of(id), .created_ms = 7 };
}

TEST(users_are_found_whatever_the_case_and_keep_theirs)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct user user = bob("Bob", "/eng/", "AIDA1"), other = bob("bOB", "/", "AIDA2");
	const struct user *found;

	CHECK(t, users_insert(catalog, ACCOUNT, &user, &t->err));
	CHECK(t, !users_insert(catalog, ACCOUNT, &other, &t->err));
	CHECK_REFUSED(t, "EntityAlreadyExists", "User with name bOB already exists.");
	CHECK(t, users_insert(catalog, OTHER_ACCOUNT, &other, &t->err));
	found = users_find(catalog, &t->arena, ACCOUNT, S("BOB"), &t->err);
	REQUIRE(t, found);
	CHECK_TEXT(t, found->name, S("Bob"));
	CHECK_TEXT(t, found->path, S("/eng/"));
	CHECK_TEXT(t, found->user_id, S("AIDA1"));
	CHECK_TEXT(t, found->boundary_arn, SLICE_NONE);
	CHECK_NUMBER(t, found->created_ms, 7);
	CHECK_NUMBER(t, found->password_last_used_ms, 0);
	CHECK(t, users_find_by_id(catalog, &t->arena, ACCOUNT, S("AIDA1"), &t->err));
	CHECK(t, !users_find(catalog, &t->arena, ACCOUNT, S("alice"), &t->err) && t->err.kind == ERR_NONE);
	CHECK(t, !users_get(catalog, &t->arena, ACCOUNT, S("alice"), &t->err));
	CHECK_REFUSED(t, "NoSuchEntity", "The user with name alice cannot be found.");
	catalog_close(catalog);
}

TEST(users_pages_follow_the_name_and_the_path)
{
	static const char *const names[][2] = {
		{ "delta", "/a/" }, { "Alpha", "/a/b/" }, { "charlie", "/ab/" }, { "Bravo", "/" }, { "echo", "/a/" },
	};
	struct catalog *catalog = auth_catalog_open(t);
	struct page page = { .limit = 2 };
	struct user_list list;

	for (size_t i = 0; i < COUNT(names); i++) {
		struct user user = bob(names[i][0], names[i][1], arena_printf(&t->arena, "AIDA%zu", i));
		CHECK(t, users_insert(catalog, ACCOUNT, &user, &t->err));
	}
	CHECK(t, users_list(catalog, &t->arena, ACCOUNT, &page, &list, &t->err));
	REQUIRE(t, list.count == 2 && list.is_truncated);
	CHECK_TEXT(t, list.items[0].name, S("Alpha"));
	CHECK_TEXT(t, list.items[1].name, S("Bravo"));
	page = (struct page){ .limit = 3, .after = users_key(&t->arena, &list.items[1]) };
	CHECK(t, users_list(catalog, &t->arena, ACCOUNT, &page, &list, &t->err));
	REQUIRE(t, list.count == 3 && !list.is_truncated);
	CHECK_TEXT(t, list.items[0].name, S("charlie"));
	page = (struct page){ .limit = 10, .path_prefix = S("/a/") };
	CHECK(t, users_list(catalog, &t->arena, ACCOUNT, &page, &list, &t->err));
	REQUIRE(t, list.count == 3);
	CHECK_TEXT(t, list.items[0].name, S("Alpha"));
	CHECK_TEXT(t, list.items[2].name, S("echo"));
	catalog_close(catalog);
}

TEST(users_keep_their_id_when_renamed)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct user user = bob("bob", "/", "AIDA1"), alice = bob("alice", "/", "AIDA2");
	const struct user *found;

	CHECK(t, users_insert(catalog, ACCOUNT, &user, &t->err) && users_insert(catalog, ACCOUNT, &alice, &t->err));
	CHECK(t, !users_rename(catalog, ACCOUNT, S("AIDA1"), S("ALICE"), S("/"), &t->err));
	CHECK_REFUSED(t, "EntityAlreadyExists", "User with name ALICE already exists.");
	CHECK(t, users_rename(catalog, ACCOUNT, S("AIDA1"), S("BOB"), S("/x/"), &t->err));
	found = users_find_by_id(catalog, &t->arena, ACCOUNT, S("AIDA1"), &t->err);
	REQUIRE(t, found);
	CHECK_TEXT(t, found->name, S("BOB"));
	CHECK_TEXT(t, found->path, S("/x/"));
	catalog_close(catalog);
}

TEST(users_remember_boundary_and_last_sign_in)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct user user = bob("bob", "/", "AIDA1");
	const struct user *found;
	int64_t count;

	CHECK(t, users_insert(catalog, ACCOUNT, &user, &t->err));
	CHECK(t, users_set_boundary(catalog, ACCOUNT, S("AIDA1"), S("arn:b"), &t->err));
	CHECK(t, users_set_password_last_used(catalog, ACCOUNT, S("AIDA1"), 99, &t->err));
	found = users_find(catalog, &t->arena, ACCOUNT, S("bob"), &t->err);
	REQUIRE(t, found);
	CHECK_TEXT(t, found->boundary_arn, S("arn:b"));
	CHECK_NUMBER(t, found->password_last_used_ms, 99);
	CHECK(t, users_count_by_boundary(catalog, ACCOUNT, S("arn:b"), &count, &t->err) && count == 1);
	CHECK(t, users_set_boundary(catalog, ACCOUNT, S("AIDA1"), SLICE_NONE, &t->err));
	CHECK(t, users_count_by_boundary(catalog, ACCOUNT, S("arn:b"), &count, &t->err) && count == 0);
	catalog_close(catalog);
}

TEST(users_count_against_their_quota_until_deleted)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct user first = bob("a", "/", "AIDA1"), second = bob("b", "/", "AIDA2");

	CHECK(t, quotas_set_allowed(catalog, ACCOUNT, QUOTA_USERS, 1, &t->err));
	CHECK(t, users_insert(catalog, ACCOUNT, &first, &t->err));
	CHECK(t, catalog_begin(catalog, &t->err));
	CHECK(t, !users_insert(catalog, ACCOUNT, &second, &t->err));
	catalog_rollback(catalog);
	CHECK_REFUSED(t, "LimitExceeded", "Cannot exceed quota for UsersPerAccount: 1");
	CHECK(t, users_delete(catalog, ACCOUNT, S("AIDA1"), &t->err));
	CHECK(t, users_insert(catalog, ACCOUNT, &second, &t->err));
	catalog_close(catalog);
}
