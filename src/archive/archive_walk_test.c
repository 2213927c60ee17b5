/* archive/archive_walk_test.c: every file once, in the order of names, however few of them are held at a time. */
#include "archive/archive_walk.h"

#include "base/clock.h"
#include "base/limits.h"
#include "tests/test.h"

static void touch(const char *dir, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	for (char *at = path + strlen(dir) + 1; (at = strchr(at, '/')); *at++ = '/') {
		*at = 0;
		mkdir(path, 0700);
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert(fd >= 0);
	close(fd);
}

/* Numbers and paths, each on a line, with `dir` left away. */
static struct slice walk(struct test *t, const char *dir, const struct archive_scope *scope, struct scan_report *report,
                         size_t names_bytes)
{
	struct archive_walk *walk = archive_walk_new(&dir, 1, scope, NULL, report, names_bytes);
	struct archive_file *file;
	struct buffer out;

	buffer_init(&out, &t->arena, 16 << 20);
	while ((file = archive_walk_next(walk))) {
		CHECK(t, !file->is_named);
		buffer_printf(&out, "%" PRIu64 " %s\n", file->number, file->path + strlen(dir) + 1);
		free(file);
	}
	archive_walk_free(walk);
	return (struct slice){ out.len ? out.ptr : "", out.len };
}

TEST(archive_walk_gives_every_file_in_order_however_few_names_it_holds)
{
	const char *dir = test_dir(t, "walk");
	struct scan_report report = {0};

	static const char *const names[] = { "b/2", "a", "b/1/z", "b/10", "c", "b.json", "b/1/a", "aa" };
	for (size_t i = 0; i < COUNT(names); i++)
		touch(dir, names[i]);
	struct slice want = S("0 a\n1 aa\n2 b/1/a\n3 b/1/z\n4 b/10\n5 b/2\n6 b.json\n7 c\n");
	CHECK_TEXT(t, walk(t, dir, &ARCHIVE_SCOPE_ALL, &report, 0), want);
	for (int i = 0; i < 500; i++)
		touch(dir, arena_printf(&t->arena, "many/%03d", i * 7 % 500));
	struct slice all = walk(t, dir, &ARCHIVE_SCOPE_ALL, &report, 0);
	for (size_t names_bytes = 1; names_bytes < 20000; names_bytes = names_bytes * 3 + 1)
		CHECK_TEXT(t, walk(t, dir, &ARCHIVE_SCOPE_ALL, &report, names_bytes), all);
	CHECK(t, slice_has_suffix(all, S("507 many/499\n")));
	CHECK(t, !scan_report_has_faults(&report));
	scan_report_fini(&report);
}

TEST(archive_walk_counts_and_names_what_it_leaves_out)
{
	const char *dir = test_dir(t, "left");
	struct scan_report report = {0};
	struct archive_scope scope = ARCHIVE_SCOPE_ALL;

	touch(dir, "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/15/111122223333_CloudTrail_us-east-1_20260115T1005Z_x.json.gz");
	touch(dir, "AWSLogs/111122223333/CloudTrail/us-east-1/2025/01/15/111122223333_CloudTrail_us-east-1_20250115T1005Z_x.json.gz");
	touch(dir, "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/01/15/d.json.gz");
	touch(dir, "flat/111122223333_CloudTrail_us-east-1_20250115T1005Z_x.json.gz");
	touch(dir, "flat/x\xFF.json");
	CHECK(t, symlink("..", arena_printf(&t->arena, "%s/flat/up", dir)) == 0);
	CHECK(t, time_parse_iso(S("2026-01-15T00:00:00Z"), &scope.start_ms));
	CHECK_TEXT(t, walk(t, dir, &scope, &report, 0),
	           S("0 AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/15/111122223333_CloudTrail_us-east-1_20260115T1005Z_x.json.gz\n"
	             "2 flat/x\xFF.json\n"));
	CHECK_NUMBER(t, report.causes[SCAN_OUTSIDE_TIME].folders, 1);
	CHECK_NUMBER(t, report.causes[SCAN_OUTSIDE_TIME].files, 1);
	CHECK_NUMBER(t, report.causes[SCAN_DIGEST].folders, 1);
	CHECK_NUMBER(t, report.causes[SCAN_LINK].folders, 1);
	CHECK_NUMBER(t, report.causes[SCAN_NAME_NOT_UTF8].files, 1);
	CHECK(t, slice_has_suffix(slice_of(report.causes[SCAN_NAME_NOT_UTF8].names[0].text), S("flat/x\\xff.json")));
	CHECK(t, !scan_report_has_faults(&report));
	scan_report_fini(&report);
}

TEST(archive_walk_ends_below_many_folders_and_says_so)
{
	const char *dir = test_dir(t, "deep");
	struct scan_report report = {0};
	char name[4 * ARCHIVE_DEPTH_MAX + 8] = "";

	for (int i = 0; i < ARCHIVE_DEPTH_MAX; i++)
		snprintf(name + strlen(name), sizeof name - strlen(name), "d/");
	snprintf(name + strlen(name), sizeof name - strlen(name), "x");
	touch(dir, name);
	CHECK_TEXT(t, walk(t, dir, &ARCHIVE_SCOPE_ALL, &report, 0), S(""));
	CHECK_NUMBER(t, report.causes[SCAN_TOO_DEEP].folders, 1);
	CHECK(t, scan_report_has_faults(&report));
	scan_report_fini(&report);
}
