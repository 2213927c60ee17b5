/* trail/object_keys_test.c: the keys of the user guide, both ways. */
#include "trail/object_keys.h"

#include "base/clock.h"
#include "tests/test.h"

static int64_t at(const char *iso)
{
	int64_t ms = 0;

	time_parse_iso(slice_of(iso), &ms);
	return ms;
}

#define LOG    "AWSLogs/111122223333/CloudTrail/us-east-2/2026/01/15/111122223333_CloudTrail_us-east-2_20260115T1005Z_AbCd0123EfGh4567.json.gz"
#define DIGEST "AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2026/01/15/111122223333_CloudTrail-Digest_us-east-2_my_trail_us-east-1_20260115T110000Z.json.gz"

TEST(object_keys_of_log_files_are_made_and_taken_apart)
{
	struct object_key key = {
		.kind = OBJECT_KEY_LOG, .account = S("111122223333"), .region = S("us-east-2"), .time_ms = at("2026-01-15T10:05:59Z"),
		.unique = S("AbCd0123EfGh4567"),
	};

	CHECK_TEXT(t, object_keys_make(&t->arena, &key), S(LOG));
	key.prefix = S("a/b");
	CHECK_TEXT(t, object_keys_make(&t->arena, &key), S("a/b/" LOG));
	object_keys_parse(S("a/b/" LOG), &key);
	CHECK_NUMBER(t, key.kind, OBJECT_KEY_LOG);
	CHECK_TEXT(t, key.prefix, S("a/b"));
	CHECK_TEXT(t, key.account, S("111122223333"));
	CHECK_TEXT(t, key.region, S("us-east-2"));
	CHECK_TEXT(t, key.unique, S("AbCd0123EfGh4567"));
	CHECK_NUMBER(t, key.time_ms, at("2026-01-15T10:05:00Z"));
}

TEST(object_keys_of_digests_are_made_and_taken_apart)
{
	struct object_key key = {
		.kind = OBJECT_KEY_DIGEST, .account = S("111122223333"), .region = S("us-east-2"), .trail = S("my_trail"),
		.home_region = S("us-east-1"), .time_ms = at("2026-01-15T11:00:00Z"),
	};

	CHECK_TEXT(t, object_keys_make(&t->arena, &key), S(DIGEST));
	object_keys_parse(S(DIGEST), &key);
	CHECK_NUMBER(t, key.kind, OBJECT_KEY_DIGEST);
	CHECK_TEXT(t, key.prefix, S(""));
	CHECK_TEXT(t, key.trail, S("my_trail"));
	CHECK_TEXT(t, key.home_region, S("us-east-1"));
	CHECK_NUMBER(t, key.time_ms, at("2026-01-15T11:00:00Z"));
	CHECK(t, !key.is_backfill);
	key.is_backfill = true;
	struct slice text = object_keys_make(&t->arena, &key);
	object_keys_parse(text, &key);
	CHECK(t, key.kind == OBJECT_KEY_DIGEST && key.is_backfill);
	CHECK_TEXT(t, key.trail, S("my_trail"));
}

TEST(object_keys_of_organizations_have_their_id)
{
	struct object_key key;

	object_keys_parse(S("p/AWSLogs/o-abcdefghij/" "111122223333/CloudTrail/us-east-2/2026/01/15/"
	                    "111122223333_CloudTrail_us-east-2_20260115T1005Z_AbCd0123EfGh4567.json.gz"), &key);
	CHECK_NUMBER(t, key.kind, OBJECT_KEY_LOG);
	CHECK_TEXT(t, key.prefix, S("p"));
}

TEST(object_keys_that_contradict_themselves_are_none)
{
	static const char *const rows[] = {
		"", ".json.gz", "/", "AWSLogs/111122223333/CloudTrail/", "AWSLogs/x.json.gz",
		"AWSLogs/111122223333/CloudTrail/us-east-2/2026/01/16/111122223333_CloudTrail_us-east-2_20260115T1005Z_AbCd0123EfGh4567.json.gz",
		"AWSLogs/111122223333/CloudTrail/us-east-2/2026/01/15/999922223333_CloudTrail_us-east-2_20260115T1005Z_AbCd0123EfGh4567.json.gz",
		"AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/15/111122223333_CloudTrail_us-east-2_20260115T1005Z_AbCd0123EfGh4567.json.gz",
		"AWSLogs/111122223333/CloudTrail/us-east-2/2026/01/15/111122223333_CloudTrail_us-east-2_20260115T1065Z_AbCd0123EfGh4567.json.gz",
		"AWSLogs/111122223333/CloudTrail/us-east-2/2026/01/15/111122223333_CloudTrail_us-east-2_20260115T1005Z_.json.gz",
		"AWSLogs/111122223333/CloudTrail/us-east-2/2026/01/15/111122223333_CloudTrail_us-east-2_20260115T1005Z_AbCd.json",
		"Logs/111122223333/CloudTrail/us-east-2/2026/01/15/111122223333_CloudTrail_us-east-2_20260115T1005Z_AbCd0123EfGh4567.json.gz",
		"AWSLogs/111122223333/Config/us-east-2/2026/01/15/111122223333_Config_us-east-2_20260115T1005Z_AbCd0123EfGh4567.json.gz",
		"AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2026/01/15/111122223333_CloudTrail-Digest_us-east-2__us-east-1_20260115T110000Z.json.gz",
		"AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2026/01/15/111122223333_CloudTrail-Digest_us-east-2_t_us-east-1_20260115T1100Z.json.gz",
	};

	struct object_key with_nul;
	object_keys_parse(S("AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2026/01/15/"
	                    "111122223333_CloudTrail-Digest_us-east-2_t\0t_us-east-1_20260115T110000Z.json.gz"), &with_nul);
	CHECK_NUMBER(t, with_nul.kind, OBJECT_KEY_OTHER);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct object_key key;
		object_keys_parse(slice_of(rows[i]), &key);
		if (key.kind != OBJECT_KEY_OTHER)
			test_failed(t, __FILE__, __LINE__, "%s", rows[i]);
	}
}
