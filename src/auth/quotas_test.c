/* auth/quotas_test.c: counting, the default limit and a raised one. */
#include "auth/quotas.h"

#include "tests/auth_catalog.h"

TEST(quotas_refuse_one_more_than_allowed_and_name_the_quota)
{
	struct catalog *catalog = auth_catalog_open(t);
	int64_t used, allowed;

	CHECK(t, quotas_set_allowed(catalog, ACCOUNT, QUOTA_USERS, 2, &t->err));
	CHECK(t, quotas_take(catalog, ACCOUNT, QUOTA_USERS, &t->err));
	CHECK(t, quotas_take(catalog, ACCOUNT, QUOTA_USERS, &t->err));
	CHECK(t, !quotas_take(catalog, ACCOUNT, QUOTA_USERS, &t->err));
	CHECK_REFUSED(t, "LimitExceeded", "Cannot exceed quota for UsersPerAccount: 2");
	CHECK(t, quotas_take(catalog, OTHER_ACCOUNT, QUOTA_USERS, &t->err));
	CHECK(t, quotas_take(catalog, ACCOUNT, QUOTA_ROLES, &t->err));
	CHECK(t, quotas_give_back(catalog, ACCOUNT, QUOTA_USERS, &t->err));
	CHECK(t, quotas_get(catalog, ACCOUNT, QUOTA_USERS, &used, &allowed, &t->err));
	CHECK_NUMBER(t, used, 1);
	CHECK_NUMBER(t, allowed, 2);
	CHECK(t, quotas_take(catalog, ACCOUNT, QUOTA_USERS, &t->err));
	catalog_close(catalog);
}

TEST(quotas_of_a_new_account_are_the_documented_ones)
{
	static const struct { enum quota quota; int64_t allowed; } rows[] = {
		{ QUOTA_USERS, 5000 }, { QUOTA_GROUPS, 300 }, { QUOTA_ROLES, 1000 }, { QUOTA_POLICIES, 1500 },
		{ QUOTA_INSTANCE_PROFILES, 1000 },
	};
	struct catalog *catalog = auth_catalog_open(t);

	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t used, allowed;

		CHECK(t, quotas_get(catalog, ACCOUNT, rows[i].quota, &used, &allowed, &t->err));
		CHECK_NUMBER(t, used, 0);
		CHECK_NUMBER(t, allowed, rows[i].allowed);
	}
	catalog_close(catalog);
}
