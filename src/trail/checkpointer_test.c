/* trail/checkpointer_test.c: the log of the catalog stays short, whoever copies it, and a failed copy is told. */
#include "trail/checkpointer.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/workers.h"
#include "store/catalog.h"
#include "store/catalog_vfs.h"
#include "tests/test.h"

static const struct migration pages_schema[] = {
	{ 1, "CREATE TABLE pages (number INTEGER PRIMARY KEY, bytes BLOB) STRICT" },
};

static struct catalog *open_pages(struct test *t, struct disk *disk, const char *path)
{
	struct catalog *catalog = catalog_open_writer_on(disk, path, &t->err);

	if (catalog && !catalog_migrate(catalog, pages_schema, COUNT(pages_schema), &t->err)) {
		catalog_close(catalog);
		return NULL;
	}
	return catalog;
}

/* Writes about a hundred pages in a transaction. */
static bool write_pages(struct catalog *catalog, int64_t round, struct error *err)
{
	static char bytes[200 * 1024];

	return catalog_begin(catalog, err)
	    && catalog_run(catalog, err, "INSERT OR REPLACE INTO pages VALUES (?, ?)", "ib", round % 4,
	                   (struct slice){ bytes, sizeof bytes / 2 + (size_t)(round % 2) * (sizeof bytes / 2) })
	    && catalog_commit(catalog, err);
}

static void check_that_the_log_stays_short(struct test *t, struct workers *workers)
{
	const char *path = arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "c"));
	struct catalog *writer = open_pages(t, NULL, path);
	struct checkpointer *checkpointer = writer ? checkpointer_open(NULL, path, workers, 0, &t->err) : NULL;
	size_t longest = 0, begun_anew = 0, before = 0;

	REQUIRE(t, checkpointer != NULL);
	for (int64_t round = 0; round < 1000; round++) {
		REQUIRE(t, write_pages(writer, round, &t->err));
		size_t pages = catalog_wal_pages(writer);
		longest = pages > longest ? pages : longest;
		begun_anew += pages < before;
		before = pages;
		REQUIRE(t, checkpointer_follow(checkpointer, writer, &t->err));
	}
	CHECK(t, begun_anew > 0);
	CHECK(t, longest <= RECORDER_WAL_PAGES_MAX + 100);
	if (!workers)
		CHECK(t, longest <= RECORDER_WAL_PAGES_LONG + RECORDER_WAL_PAGES);
	checkpointer_close(checkpointer);

	struct catalog *reader = catalog_open_reader(path, &t->err);
	struct rows rows = catalog_query(reader, &t->err, "SELECT count(*) FROM pages", "");
	CHECK(t, rows_next(&rows) && rows_i64(&rows, 0) == 4);
	CHECK(t, rows_close(&rows));
	catalog_close(reader);
	catalog_close(writer);
}

TEST(checkpointer_begins_the_log_anew_under_load_without_workers)
{
	check_that_the_log_stays_short(t, NULL);
}

TEST(checkpointer_begins_the_log_anew_under_load_beside_the_writer)
{
	struct workers *workers = workers_start(&(struct workers_options){ .thread_count = 1, .queue_max = 4 });

	check_that_the_log_stays_short(t, workers);
	workers_stop(workers);
}

/* A pass that nobody has collected is waited for, and its connection is whole when it is closed. */
TEST(checkpointer_closes_while_a_pass_is_under_way)
{
	struct workers *workers = workers_start(&(struct workers_options){ .thread_count = 1, .queue_max = 4 });
	const char *path = arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "c"));
	struct catalog *writer = open_pages(t, NULL, path);
	struct checkpointer *checkpointer = writer ? checkpointer_open(NULL, path, workers, 0, &t->err) : NULL;

	REQUIRE(t, checkpointer != NULL);
	for (int64_t round = 0; catalog_wal_pages(writer) < RECORDER_WAL_PAGES; round++)
		REQUIRE(t, write_pages(writer, round, &t->err));
	CHECK(t, checkpointer_follow(checkpointer, writer, &t->err));
	checkpointer_close(checkpointer);
	catalog_close(writer);
	workers_stop(workers);
}

struct full_disk {
	struct disk disk;                       /* first */
	bool        is_full;
};

static int refuse_when_full(struct disk *disk, struct disk_operation *operation)
{
	struct full_disk *full = (struct full_disk *)disk;

	return full->is_full && (operation->kind == DISK_WRITE || operation->kind == DISK_SYNC) ? ENOSPC : 0;
}

TEST(checkpointer_tells_of_a_failed_pass_once)
{
	struct full_disk full = { .disk = { .before = refuse_when_full } };
	const char *path = arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "c"));
	struct catalog *writer = open_pages(t, &full.disk, path);
	struct checkpointer *checkpointer = writer ? checkpointer_open(&full.disk, path, NULL, 0, &t->err) : NULL;

	REQUIRE(t, checkpointer != NULL);
	for (int64_t round = 0; catalog_wal_pages(writer) < RECORDER_WAL_PAGES; round++)
		REQUIRE(t, write_pages(writer, round, &t->err));
	full.is_full = true;
	CHECK(t, checkpointer_follow(checkpointer, writer, &t->err));          /* begins it */
	CHECK(t, !checkpointer_follow(checkpointer, writer, &t->err));
	CHECK(t, t->err.kind != ERR_NONE && t->err.message[0] != '\0');
	full.is_full = false;
	CHECK(t, checkpointer_follow(checkpointer, writer, &t->err));
	checkpointer_close(checkpointer);
	catalog_close(writer);
	catalog_vfs_unregister(&full.disk);
}
