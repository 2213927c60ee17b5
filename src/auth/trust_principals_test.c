/* auth/trust_principals_test.c: what is stored and what is shown. */
#include "auth/trust_principals.h"

#include "auth/accounts.h"
#include "auth/roles.h"
#include "auth/users.h"
#include "tests/auth_catalog.h"

#define USER_ID "AIDAAAAAAAAAAAAAAAAAA"
#define ROLE_ID "AROAAAAAAAAAAAAAAAAAA"

static struct slice document(struct test *t, const char *principal)
{
	return arena_format(&t->arena, "{ \"Version\":\"2012-10-17\", \"Statement\":[{\"Effect\":\"Allow\","
	                    "\"Principal\":{\"AWS\":\"%s\"},\"Action\":\"sts:AssumeRole\"}]}", principal);
}

static struct catalog *populated(struct test *t)
{
	struct catalog *catalog = auth_catalog_open(t);
	const struct user user = { .name = S("bob"), .path = S("/p/"), .user_id = S(USER_ID) };
	const struct role role = { .name = S("R"), .path = S("/"), .role_id = S(ROLE_ID), .trust_policy = S("{}") };

	CHECK(t, accounts_insert(catalog, ACCOUNT, 1, &t->err));
	CHECK(t, accounts_insert(catalog, OTHER_ACCOUNT, 1, &t->err));
	CHECK(t, users_insert(catalog, ACCOUNT, &user, &t->err));
	CHECK(t, roles_insert(catalog, OTHER_ACCOUNT, &role, &t->err));
	return catalog;
}

TEST(trust_principals_are_stored_by_id_and_shown_by_arn)
{
	static const struct { const char *sent, *stored, *shown; } rows[] = {
		{ "arn:aws:iam::111122223333:user/p/bob", USER_ID, "arn:aws:iam::111122223333:user/p/bob" },
		{ "arn:aws:iam::444455556666:role/R", ROLE_ID, "arn:aws:iam::444455556666:role/R" },
		{ USER_ID, USER_ID, "arn:aws:iam::111122223333:user/p/bob" },
		{ "111122223333", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:root" },
		{ "*", "*", "*" },
		{ "arn:aws:iam::999900001111:user/x", "arn:aws:iam::999900001111:user/x", "arn:aws:iam::999900001111:user/x" },
		{ "arn:aws:sts::444455556666:assumed-role/R/s", "arn:aws:sts::444455556666:assumed-role/R/s",
		  "arn:aws:sts::444455556666:assumed-role/R/s" },
	};
	struct catalog *catalog = populated(t);

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice stored = trust_principals_store(catalog, &t->arena, POLICY_TRUST, document(t, rows[i].sent), &t->err);

		CHECK_TEXT(t, stored, document(t, rows[i].stored));
		CHECK_TEXT(t, trust_principals_show(catalog, &t->arena, stored, &t->err), document(t, rows[i].shown));
	}
	catalog_close(catalog);
}

TEST(trust_principals_that_cannot_be_are_refused)
{
	static const char *const principals[] = {
		"arn:aws:iam::111122223333:user/bob",                   /* another path */
		"arn:aws:iam::111122223333:user/alice",
		"arn:aws:iam::444455556666:role/None",
		"arn:aws:sts::444455556666:assumed-role/None/s",
		"AIDAAAAAAAAAAAAAAAAA2",
	};
	struct catalog *catalog = populated(t);

	for (size_t i = 0; i < COUNT(principals); i++) {
		CHECK(t, !trust_principals_store(catalog, &t->arena, POLICY_TRUST, document(t, principals[i]), &t->err).ptr);
		CHECK_REFUSED(t, "MalformedPolicyDocument",
		              arena_printf(&t->arena, "Invalid principal in policy: \"AWS\":\"%s\"", principals[i]));
	}
	catalog_close(catalog);
}

TEST(trust_principals_stay_ids_when_their_owner_is_gone)
{
	struct catalog *catalog = populated(t);
	struct slice stored = trust_principals_store(catalog, &t->arena, POLICY_TRUST, document(t, "arn:aws:iam::111122223333:user/p/bob"), &t->err);

	CHECK(t, users_delete(catalog, ACCOUNT, S(USER_ID), &t->err));
	CHECK_TEXT(t, trust_principals_show(catalog, &t->arena, stored, &t->err), document(t, USER_ID));
	catalog_close(catalog);
}
