/* server/config_test.c: which source wins, and that a wrong value is named. */
#include "server/config.h"
#include "tests/test.h"

TEST(config_flag_beats_environment_beats_file_beats_default)
{
	struct config config;
	const char *path = arena_printf(&t->arena, "%s/spoor.conf", test_dir(t, "config"));
	FILE *file = fopen(path, "w");

	REQUIRE(t, file);
	fputs("# a comment\nhistory_days = 7\nregion = eu-west-1\naccount=111122223333\r\n", file);
	fclose(file);
	char *environment[] = { (char *)(uintptr_t)"SPOOR_HISTORY_DAYS=8", (char *)(uintptr_t)"SPOOR_REGION=eu-north-1", NULL };
	char *flags[] = { (char *)(uintptr_t)"--config", (char *)(uintptr_t)path, (char *)(uintptr_t)"--history-days=9",
	                  (char *)(uintptr_t)"--lab" };
	REQUIRE(t, config_load(&config, &t->arena, 4, flags, environment, &t->err));
	CHECK_NUMBER(t, config.history_days, 9);
	CHECK_TEXT(t, config.region, S("eu-north-1"));
	CHECK_TEXT(t, config.account, S("111122223333"));
	CHECK_TEXT(t, config.listen, S("127.0.0.1:4566"));
	CHECK(t, config.lab);
}

TEST(config_of_a_lab_delivers_soon_and_helps_with_policies)
{
	struct config config;
	char *lab[] = { (char *)(uintptr_t)"--lab" };

	REQUIRE(t, config_load(&config, &t->arena, 0, NULL, NULL, &t->err));
	CHECK_NUMBER(t, config.delivery_interval_s, 300);
	CHECK_NUMBER(t, config.digest_interval_s, 3600);
	CHECK_TEXT(t, config.trail_bucket_policy, S("require"));
	REQUIRE(t, config_load(&config, &t->arena, 1, lab, NULL, &t->err));
	CHECK_NUMBER(t, config.delivery_interval_s, 5);
	CHECK_NUMBER(t, config.digest_interval_s, 60);
	CHECK_TEXT(t, config.trail_bucket_policy, S("attach"));
}

TEST(config_names_the_setting_and_what_would_be_right)
{
	static const struct { const char *flags[3]; const char *message; } rows[] = {
		{ { "--history-days", "91" }, "--history-days: history_days is a number of days from 1 to 90, not '91'" },
		{ { "--account", "12" }, "--account: account is 12 digits, not '12'" },
		{ { "--nope" }, "unknown flag '--nope'; see spoor serve --help" },
		{ { "--data" }, "--data needs a value" },
		{ { "--lab=yes" }, "--lab: lab is true or false, not 'yes'" },
		{ { "--delivery-interval", "0" },
		  "--delivery-interval: delivery_interval is a number of seconds from 1 to 3600, not '0'" },
		{ { "--digest-interval=86401" },
		  "--digest-interval: digest_interval is a number of seconds from 1 to 86400, not '86401'" },
		{ { "--trail-bucket-policy", "none" },
		  "--trail-bucket-policy: trail_bucket_policy is one of require|attach, not 'none'" },
		{ { "--region", "Mars_1" }, "--region: region is a name such as us-east-1, not 'Mars_1'" },
		{ { "--region", "" }, "--region: region is a name such as us-east-1, not ''" },
		{ { "--regions", "eu-west-1,eu-west-2" },
		  "--regions: regions are names such as us-east-1 with blanks between, not 'eu-west-1,eu-west-2'" },
		{ { "--throttle", "on" }, "--throttle: throttle is one of off|aws, not 'on'" },
		{ { "--tls-cert", "x" }, "tls_cert and tls_key go together: one is set, the other is not" },
		{ { "stray" }, "'stray' is no flag; see spoor serve --help" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct config config;
		int argc = 0;
		char *flags[3];
		for (; argc < 3 && rows[i].flags[argc]; argc++)
			flags[argc] = (char *)(uintptr_t)rows[i].flags[argc];
		CHECK(t, !config_load(&config, &t->arena, argc, flags, NULL, &t->err));
		CHECK_TEXT(t, slice_of(t->err.message), slice_of(rows[i].message));
	}
}
