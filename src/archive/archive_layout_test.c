/* archive/archive_layout_test.c: only what AWS's names surely rule out is left out, with the margins for late deliveries. */
#include "archive/archive_layout.h"

#include "base/clock.h"
#include "tests/test.h"

static int64_t at(const char *time)
{
	int64_t ms = 0;

	assert(time_parse_iso(slice_of(time), &ms));
	return ms;
}

TEST(archive_layout_leaves_out_by_the_time_of_delivery_with_margins)
{
	struct archive_scope scope = { .start_ms = at("2026-01-15T10:00:00Z"), .end_ms = at("2026-01-15T11:00:00Z") };
	static const struct { const char *path; bool is_folder; enum scan_reason want; } rows[] = {
		{ "b/AWSLogs/111122223333/CloudTrail/us-east-1/2025", true, SCAN_OUTSIDE_TIME },
		{ "b/AWSLogs/111122223333/CloudTrail/us-east-1/2026", true, SCAN_READ },
		{ "b/AWSLogs/111122223333/CloudTrail/us-east-1/2027", true, SCAN_OUTSIDE_TIME },
		{ "b/AWSLogs/111122223333/CloudTrail/us-east-1/2026/01", true, SCAN_READ },
		{ "b/AWSLogs/111122223333/CloudTrail/us-east-1/2026/02", true, SCAN_OUTSIDE_TIME },
		{ "b/AWSLogs/o-abc123/111122223333/CloudTrail/us-east-1/2026/01/14", true, SCAN_OUTSIDE_TIME },
		{ "CloudTrail/us-east-1/2026/01/15", true, SCAN_READ },
		{ "CloudTrail/us-east-1/2026/01/16/", true, SCAN_READ },               /* delivered a day late */
		{ "CloudTrail/us-east-1/2026/01/17", true, SCAN_OUTSIDE_TIME },
		{ "CloudTrail/us-east-1/2026/1/1", true, SCAN_READ },                  /* not AWS's way of writing it */
		{ "photos/2025/01/01", true, SCAN_READ },
		{ "111122223333_CloudTrail_us-east-1_20260115T0944Z_x.json.gz", false, SCAN_OUTSIDE_TIME },
		{ "111122223333_CloudTrail_us-east-1_20260115T0945Z_x.json.gz", false, SCAN_READ },  /* clocks may differ by 15 min */
		{ "111122223333_CloudTrail_us-east-1_20260116T1100Z_x.json.gz", false, SCAN_READ },  /* 24 h late */
		{ "111122223333_CloudTrail_us-east-1_20260116T1101Z_x.json.gz", false, SCAN_OUTSIDE_TIME },
		{ "111122223333_CloudTrail_us-east-1_20269916T1101Z_x.json.gz", false, SCAN_READ },
		{ "111122223333_CloudTrail_us-east-1_2026Z_x.json.gz", false, SCAN_READ },
		{ "x/CloudTrail/us-east-1/2026/02/01/renamed.json.gz", false, SCAN_OUTSIDE_TIME },
		/* the name is more exact than the folder that somebody put it in */
		{ "CloudTrail/us-east-1/2025/01/01/111122223333_CloudTrail_us-east-1_20260115T1005Z_x.json.gz", false, SCAN_READ },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!CHECK_NUMBER(t, archive_layout_judge(&scope, slice_of(rows[i].path), rows[i].is_folder), rows[i].want))
			test_failed(t, __FILE__, __LINE__, "%s", rows[i].path);
}

TEST(archive_layout_leaves_out_by_region_and_account_and_names_what_holds_no_calls)
{
	const struct slice regions[] = { S("eu-west-1"), S("us-gov-west-1") }, accounts[] = { S("111122223333") };
	struct archive_scope scope = ARCHIVE_SCOPE_ALL;
	static const struct { const char *path; bool is_folder; enum scan_reason want; } rows[] = {
		{ "AWSLogs/111122223333", true, SCAN_READ },
		{ "AWSLogs/444455556666", true, SCAN_OUTSIDE_PLACE },
		{ "backup/444455556666", true, SCAN_READ },                            /* not surely an account */
		{ "AWSLogs/444455556666/CloudTrail", true, SCAN_OUTSIDE_PLACE },
		{ "AWSLogs/111122223333/CloudTrail/eu-west-1", true, SCAN_READ },
		{ "AWSLogs/111122223333/CloudTrail/us-gov-west-1", true, SCAN_READ },
		{ "AWSLogs/111122223333/CloudTrail/us-east-1", true, SCAN_OUTSIDE_PLACE },
		{ "AWSLogs/111122223333/CloudTrail/notes", true, SCAN_READ },
		{ "111122223333_CloudTrail_us-east-1_20260115T1005Z_x.json.gz", false, SCAN_OUTSIDE_PLACE },
		{ "111122223333_CloudTrail_eu-west-1_20260115T1005Z_x.json.gz", false, SCAN_READ },
		{ "AWSLogs/111122223333/CloudTrail-Digest", true, SCAN_DIGEST },
		{ "111122223333_CloudTrail-Digest_eu-west-1_t_eu-west-1_20260115T110000Z.json.gz", false, SCAN_DIGEST },
		{ "AWSLogs/111122223333/CloudTrail-Insight/eu-west-1", true, SCAN_INSIGHT },
		{ "111122223333_CloudTrail-Insight_eu-west-1_20260115T1005Z_x.json.gz", false, SCAN_INSIGHT },
		{ "", true, SCAN_READ }, { "/", true, SCAN_READ }, { "..", true, SCAN_READ },
	};
	scope.regions = regions;
	scope.region_count = COUNT(regions);
	scope.accounts = accounts;
	scope.account_count = COUNT(accounts);
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!CHECK_NUMBER(t, archive_layout_judge(&scope, slice_of(rows[i].path), rows[i].is_folder), rows[i].want))
			test_failed(t, __FILE__, __LINE__, "%s", rows[i].path);
}

TEST(archive_layout_of_a_path_with_many_steps_is_read_from_its_end)
{
	char path[400] = "";

	for (int i = 0; i < 40; i++)
		snprintf(path + strlen(path), sizeof path - strlen(path), "d%d/", i);
	snprintf(path + strlen(path), sizeof path - strlen(path), "CloudTrail-Digest");
	CHECK_NUMBER(t, archive_layout_judge(&ARCHIVE_SCOPE_ALL, slice_of(path), true), SCAN_DIGEST);
}
