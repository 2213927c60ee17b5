/* trail/trail_files_test.c: a window's files, once each, in order of delivery; the rest waits for the next digest. */
#include "trail/trail_files.h"

#include "store/catalog.h"
#include "tests/test.h"
#include "trail/schema.h"

#define ACCOUNT S("111122223333")
#define REGION  S("us-east-1")

static void add(struct test *t, struct catalog *catalog, const char *key, int64_t delivered_ms, const char *region)
{
	const struct trail_file file = {
		.account = ACCOUNT, .trail_id = 7, .region = slice_of(region), .delivered_ms = delivered_ms, .bucket = S("logs"),
		.key = slice_of(key), .hash = S("00ff"), .oldest_ms = delivered_ms - 20, .newest_ms = delivered_ms - 10,
	};

	CHECK(t, trail_files_insert(catalog, &file, &t->err));
}

static struct slice keys_before(struct test *t, struct catalog *catalog, int64_t before_ms)
{
	struct trail_file_list list;
	struct slice all = S("");

	CHECK(t, trail_files_list(catalog, &t->arena, ACCOUNT, 7, REGION, before_ms, &list, &t->err));
	for (size_t i = 0; i < list.count; i++)
		all = arena_format(&t->arena, "%.*s%.*s,", SLICE_ARG(all), SLICE_ARG(list.items[i].key));
	return all;
}

TEST(trail_files_of_a_window_are_listed_in_order_and_then_gone)
{
	struct catalog *catalog = catalog_open_writer(arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "c")), &t->err);
	struct trail_file_list list;
	int64_t newest_ms;

	REQUIRE(t, catalog && catalog_migrate(catalog, schema_trail_migrations, schema_trail_migration_count, &t->err));
	add(t, catalog, "b", 2000, "us-east-1");
	add(t, catalog, "c", 1000, "us-east-1");
	add(t, catalog, "a", 2000, "us-east-1");
	add(t, catalog, "late", 3000, "us-east-1");
	add(t, catalog, "elsewhere", 1000, "eu-north-1");
	CHECK_TEXT(t, keys_before(t, catalog, 3000), S("c,a,b,"));
	CHECK(t, trail_files_newest(catalog, ACCOUNT, 7, REGION, &newest_ms, &t->err));
	CHECK_NUMBER(t, newest_ms, 3000);
	CHECK(t, trail_files_newest(catalog, ACCOUNT, 8, REGION, &newest_ms, &t->err));
	CHECK_NUMBER(t, newest_ms, 0);
	CHECK(t, trail_files_list(catalog, &t->arena, ACCOUNT, 7, S("eu-north-1"), 3000, &list, &t->err));
	REQUIRE(t, list.count == 1);
	CHECK_TEXT(t, list.items[0].bucket, S("logs"));
	CHECK_TEXT(t, list.items[0].hash, S("00ff"));
	CHECK_NUMBER(t, list.items[0].oldest_ms, 980);
	CHECK_NUMBER(t, list.items[0].newest_ms, 990);
	CHECK(t, trail_files_delete(catalog, ACCOUNT, 7, REGION, 3000, &t->err));
	CHECK_TEXT(t, keys_before(t, catalog, 9000), S("late,"));
	CHECK(t, trail_files_list(catalog, &t->arena, ACCOUNT, 7, S("eu-north-1"), 9000, &list, &t->err) && list.count == 1);
	catalog_close(catalog);
}
