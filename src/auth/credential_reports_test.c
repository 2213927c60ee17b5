/* auth/credential_reports_test.c: what each column says of root and of users. */
#include "auth/credential_reports.h"

#include "auth/access_keys.h"
#include "auth/accounts.h"
#include "auth/keyring.h"
#include "auth/login_profiles.h"
#include "auth/password_policies.h"
#include "auth/users.h"
#include "tests/auth_catalog.h"

static const int64_t NOW_MS = 1768471267000;           /* 2026-01-15T10:01:07Z */

static struct slice report_of(struct test *t, struct catalog *catalog)
{
	struct slice csv = SLICE_NONE;

	CHECK(t, credential_reports_write(catalog, &t->arena, ACCOUNT, &csv, &t->err));
	return csv;
}

static struct slice line_of(struct test *t, struct catalog *catalog, int number)
{
	struct slice rest = report_of(t, catalog), line = SLICE_NONE;

	for (int i = 0; i <= number; i++)
		rest = slice_cut(rest, '\n', &line);
	return line;
}

TEST(credential_reports_begin_with_the_columns_and_root)
{
	struct catalog *catalog = auth_catalog_open(t);

	CHECK(t, accounts_insert(catalog, ACCOUNT, NOW_MS, &t->err));
	CHECK_TEXT(t, line_of(t, catalog, 0), S("user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
		"password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
		"access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
		"access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
		"cert_1_last_rotated,cert_2_active,cert_2_last_rotated"));
	CHECK_TEXT(t, line_of(t, catalog, 1), S("<root_account>,arn:aws:iam::111122223333:root,2026-01-15T10:01:07+00:00,not_supported,"
		"no_information,not_supported,not_supported,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"));
	CHECK(t, !line_of(t, catalog, 2).ptr);
	catalog_close(catalog);
}

TEST(credential_reports_show_passwords_and_keys_of_users)
{
	static const unsigned char master[AES256_KEY_BYTES] = { 7 };
	struct catalog *catalog = auth_catalog_open(t);
	struct keyring *keyring = keyring_from_key(master);
	struct random random;
	const struct user ann = { .name = S("ann"), .path = S("/a,b/"), .user_id = S("AIDA1"), .created_ms = NOW_MS };
	const struct access_key key = { .account = ACCOUNT, .access_key_id = S("AKIA1"), .owner_id = S("AIDA1"), .is_active = true,
	                                .created_ms = NOW_MS };
	const struct login_profile login = { .user_id = S("AIDA1"), .password_hash = S("x"), .created_ms = NOW_MS, .changed_ms = NOW_MS };
	const struct password_policy policy = { .minimum_length = 8, .max_age_days = 90 };

	random_init_seeded(&random, 3);
	CHECK(t, accounts_insert(catalog, ACCOUNT, NOW_MS, &t->err) && users_insert(catalog, ACCOUNT, &ann, &t->err));
	CHECK_TEXT(t, line_of(t, catalog, 2), S("ann,\"arn:aws:iam::111122223333:user/a,b/ann\",2026-01-15T10:01:07+00:00,false,N/A,N/A,N/A,"
		"false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"));
	CHECK(t, login_profiles_insert(catalog, ACCOUNT, &login, S("ann"), &t->err));
	CHECK(t, access_keys_insert(catalog, &t->arena, keyring, &random, &key, S("secret"), &t->err));
	CHECK_TEXT(t, line_of(t, catalog, 2), S("ann,\"arn:aws:iam::111122223333:user/a,b/ann\",2026-01-15T10:01:07+00:00,true,"
		"no_information,2026-01-15T10:01:07+00:00,N/A,false,true,2026-01-15T10:01:07+00:00,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,"
		"false,N/A,false,N/A"));
	CHECK(t, password_policies_set(catalog, ACCOUNT, &policy, &t->err));
	CHECK(t, users_set_password_last_used(catalog, ACCOUNT, S("AIDA1"), NOW_MS + 1000, &t->err));
	CHECK(t, access_keys_set_last_used(catalog, ACCOUNT, S("AKIA1"), NOW_MS + 2000, S("iam"), S("us-east-1"), &t->err));
	CHECK_TEXT(t, line_of(t, catalog, 2), S("ann,\"arn:aws:iam::111122223333:user/a,b/ann\",2026-01-15T10:01:07+00:00,true,"
		"2026-01-15T10:01:08+00:00,2026-01-15T10:01:07+00:00,2026-04-15T10:01:07+00:00,false,true,2026-01-15T10:01:07+00:00,"
		"2026-01-15T10:01:09+00:00,us-east-1,iam,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"));
	keyring_close(keyring);
	catalog_close(catalog);
}

TEST(credential_reports_keep_the_last_one)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct credential_report report;

	CHECK(t, credential_reports_get(catalog, &t->arena, ACCOUNT, &report, &t->err) && !report.csv.ptr);
	for (int64_t i = 1; i <= 2; i++)
		CHECK(t, credential_reports_put(catalog, ACCOUNT, &(struct credential_report){ .csv = S("user"), .generated_ms = i }, &t->err));
	CHECK(t, credential_reports_get(catalog, &t->arena, ACCOUNT, &report, &t->err));
	CHECK_NUMBER(t, report.generated_ms, 2);
	CHECK_TEXT(t, report.csv, S("user"));
	catalog_close(catalog);
}
