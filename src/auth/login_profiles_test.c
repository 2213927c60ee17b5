/* auth/login_profiles_test.c: one a user. */
#include "auth/login_profiles.h"

#include "tests/auth_catalog.h"

TEST(login_profiles_are_one_a_user)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct login_profile profile = { .user_id = S("AIDA1"), .password_hash = S("hash"), .created_ms = 1, .changed_ms = 1,
	                                 .is_reset_required = true };
	const struct login_profile *found;

	CHECK(t, login_profiles_insert(catalog, ACCOUNT, &profile, S("bob"), &t->err));
	CHECK(t, !login_profiles_insert(catalog, ACCOUNT, &profile, S("bob"), &t->err));
	CHECK_REFUSED(t, "EntityAlreadyExists", "Login Profile for user bob already exists.");
	profile.password_hash = S("other");
	profile.changed_ms = 2;
	profile.is_reset_required = false;
	CHECK(t, login_profiles_update(catalog, ACCOUNT, &profile, &t->err));
	found = login_profiles_get(catalog, &t->arena, ACCOUNT, S("AIDA1"), S("bob"), &t->err);
	REQUIRE(t, found);
	CHECK_TEXT(t, found->password_hash, S("other"));
	CHECK(t, found->created_ms == 1 && found->changed_ms == 2 && !found->is_reset_required);
	CHECK(t, login_profiles_delete(catalog, ACCOUNT, S("AIDA1"), &t->err));
	CHECK(t, !login_profiles_find(catalog, &t->arena, ACCOUNT, S("AIDA1"), &t->err) && t->err.kind == ERR_NONE);
	CHECK(t, !login_profiles_get(catalog, &t->arena, ACCOUNT, S("AIDA1"), S("bob"), &t->err));
	CHECK_REFUSED(t, "NoSuchEntity", "Login Profile for User bob cannot be found.");
	catalog_close(catalog);
}
