/* trail/trail_names_test.c: the naming rules of the user guide, and references by name and ARN. */
#include "trail/trail_names.h"

#include "tests/test.h"

TEST(trail_names_are_checked_in_the_order_and_words_of_aws)
{
	static const struct { const char *name, *words; } rows[] = {
		{ "audit", NULL }, { "a.b-c_d", NULL }, { "A1z", NULL }, { "1.2.3", NULL }, { "1.2.3.4.5", NULL }, { "1.2.3.x", NULL },
		{ "", "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 0 characters." },
		{ "ab", "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters." },
		{ "-ab", "Trail name must starts with a letter or number." },
		{ "ab-", "Trail name must ends with a letter or number." },
		{ "a b", "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), "
		         "and underscores (_)." },
		{ "a\xc3\xa4" "b", "Trail name or ARN can only contain" },
		{ "my--name", "Trail name cannot have adjacent periods, underscores, or dashes." },
		{ "my-_name", "Trail name cannot have adjacent periods, underscores, or dashes." },
		{ "192.168.5.4", "Trail name cannot be in IP address format." },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = {0};
		bool ok = trail_names_check(slice_of(rows[i].name), &err);
		CHECK(t, ok || strcmp(err.name, "InvalidTrailNameException") == 0);
		if (ok != !rows[i].words || (rows[i].words && strncmp(err.message, rows[i].words, strlen(rows[i].words)) != 0))
			test_failed(t, __FILE__, __LINE__, "%s: \"%s\"", rows[i].name, err.message);
	}
}

TEST(trail_names_have_at_most_128_characters)
{
	char name[130];

	memset(name, 'a', sizeof name);
	CHECK(t, trail_names_check((struct slice){ name, 128 }, &t->err));
	CHECK(t, !trail_names_check((struct slice){ name, 129 }, &t->err));
	CHECK(t, strstr(t->err.message, "too long. Maximum allowed length: 128 characters. Specified name length: 129") != NULL);
}

TEST(trail_names_complete_a_name_and_take_an_arn_apart)
{
	struct trail_reference reference;
	struct slice arn = trail_names_arn(&t->arena, S("eu-north-1"), S("111122223333"), S("audit"));

	CHECK_TEXT(t, arn, S("arn:aws:cloudtrail:eu-north-1:111122223333:trail/audit"));
	CHECK(t, trail_names_read(arn, S("us-east-1"), S("444455556666"), &reference, &t->err));
	CHECK(t, reference.is_arn);
	CHECK_TEXT(t, reference.parts.region, S("eu-north-1"));
	CHECK_TEXT(t, reference.parts.account, S("111122223333"));
	CHECK_TEXT(t, reference.parts.name, S("audit"));
	CHECK(t, trail_names_read(S("audit"), S("us-east-1"), S("444455556666"), &reference, &t->err));
	CHECK(t, !reference.is_arn);
	CHECK_TEXT(t, reference.parts.region, S("us-east-1"));
	CHECK(t, !trail_names_read(S("x"), S("us-east-1"), S("444455556666"), &reference, &t->err));
}

TEST(trail_names_refuse_arns_of_anything_else)
{
	static const char *const rows[] = {
		"arn:aws:s3:::bucket", "arn:aws:cloudtrail:us-east-1:111122223333:trail/", "arn:aws:cloudtrail:us-east-1:1111:trail/audit",
		"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/x", "arn:aws:cloudtrail::111122223333:trail/audit", "arn:",
		"arn::cloudtrail:us-east-1:111122223333:trail/audit", "arn:aws:cloudtrail:us-east-1:111122223333:trail/a\nb",
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct trail_reference reference;
		struct error err = {0};
		if (trail_names_read(slice_of(rows[i]), S("us-east-1"), S("111122223333"), &reference, &err)
		    || !err.name || strcmp(err.name, "CloudTrailARNInvalidException") != 0)
			test_failed(t, __FILE__, __LINE__, "%s: \"%s\"", rows[i], err.message);
	}
}
