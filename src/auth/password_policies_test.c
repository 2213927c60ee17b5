/* auth/password_policies_test.c: stored and default policies, and what they refuse. */
#include "auth/password_policies.h"

#include "tests/auth_catalog.h"

TEST(password_policies_are_the_default_until_set)
{
	struct catalog *catalog = auth_catalog_open(t);
	const struct password_policy strict = { .minimum_length = 14, .require_symbols = true, .max_age_days = 90,
	                                        .reuse_prevention = 5, .hard_expiry = true };
	struct password_policy policy;
	bool deleted;

	CHECK(t, password_policies_get(catalog, ACCOUNT, &policy, &t->err) && policy.is_default && policy.minimum_length == 8);
	CHECK(t, password_policies_set(catalog, ACCOUNT, &strict, &t->err));
	CHECK(t, password_policies_get(catalog, ACCOUNT, &policy, &t->err));
	CHECK(t, !policy.is_default && policy.minimum_length == 14 && policy.require_symbols && !policy.require_numbers
	         && policy.max_age_days == 90 && policy.reuse_prevention == 5 && policy.hard_expiry);
	CHECK(t, password_policies_get(catalog, OTHER_ACCOUNT, &policy, &t->err) && policy.is_default);
	CHECK(t, password_policies_delete(catalog, ACCOUNT, &deleted, &t->err) && deleted);
	CHECK(t, password_policies_delete(catalog, ACCOUNT, &deleted, &t->err) && !deleted);
	catalog_close(catalog);
}

TEST(password_policies_name_what_is_missing)
{
	static const struct { struct password_policy policy; struct slice password; const char *message; } rows[] = {
		{ { .minimum_length = 8, .is_default = true }, S_INIT("Secret12"), NULL },
		{ { .minimum_length = 8, .is_default = true }, S_INIT("Secre12"), "Password should have a minimum length of 8" },
		{ { .minimum_length = 8, .is_default = true }, S_INIT("secret12"),
		  "Password should have at least three of: uppercase letters, lowercase letters, numbers, symbols" },
		{ { .minimum_length = 4, .is_default = true }, S_INIT("Acme-1"), "Password should not be the name of the account" },
		{ { .minimum_length = 6 }, S_INIT("aaaaaa"), NULL },
		{ { .minimum_length = 6 }, S_INIT("\xC3\xA4\xC3\xA4\xC3\xA4"), "Password should have a minimum length of 6" },
		{ { .minimum_length = 1, .require_uppercase = true }, S_INIT("a1!"), "Password should have at least one uppercase letter" },
		{ { .minimum_length = 1, .require_lowercase = true }, S_INIT("A1!"), "Password should have at least one lowercase letter" },
		{ { .minimum_length = 1, .require_numbers = true }, S_INIT("aA!"), "Password should have at least one number" },
		{ { .minimum_length = 1, .require_symbols = true }, S_INIT("aA1 ?"), "Password should have at least one symbol" },
		{ { .minimum_length = 1, .require_symbols = true }, S_INIT("a|"), NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (password_policies_check(&rows[i].policy, rows[i].password, ACCOUNT, S("acme-1"), &t->err))
			CHECK(t, !rows[i].message);
		else
			CHECK_REFUSED(t, "PasswordPolicyViolation", rows[i].message ? rows[i].message : "");
	}
}
