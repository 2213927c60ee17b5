/* trail/trail_targets_test.c: the places of a trail stay as they were, each under its number. */
#include "trail/trail_targets.h"

#include "store/catalog.h"
#include "tests/test.h"
#include "trail/schema.h"

#define ACCOUNT S("111122223333")

TEST(trail_targets_keep_every_place_under_its_number)
{
	struct catalog *catalog = catalog_open_writer(arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "c")), &t->err);
	struct trail_target first = { .account = ACCOUNT, .trail_id = 7, .number = 1, .bucket = S("old"), .prefix = SLICE_NONE };
	struct trail_target second = { .account = ACCOUNT, .trail_id = 7, .number = 2, .bucket = S("new"), .prefix = S("p/q") };
	struct error err = {0};

	REQUIRE(t, catalog && catalog_migrate(catalog, schema_trail_migrations, schema_trail_migration_count, &t->err));
	CHECK(t, trail_targets_insert(catalog, &first, &t->err) && trail_targets_insert(catalog, &second, &t->err));
	CHECK(t, !trail_targets_insert(catalog, &second, &err));
	CHECK_NUMBER(t, err.kind, ERR_CONFLICT);

	const struct trail_target *found = trail_targets_find(catalog, &t->arena, ACCOUNT, 7, 1, &t->err);
	REQUIRE(t, found != NULL);
	CHECK_TEXT(t, found->bucket, S("old"));
	CHECK(t, !found->prefix.ptr);
	found = trail_targets_find(catalog, &t->arena, ACCOUNT, 7, 2, &t->err);
	REQUIRE(t, found != NULL);
	CHECK_TEXT(t, found->prefix, S("p/q"));
	found = trail_targets_newest(catalog, &t->arena, ACCOUNT, 7, &t->err);
	REQUIRE(t, found != NULL);
	CHECK_NUMBER(t, found->number, 2);
	CHECK_TEXT(t, found->bucket, S("new"));
	CHECK(t, !trail_targets_newest(catalog, &t->arena, ACCOUNT, 8, &t->err));
	CHECK(t, !trail_targets_find(catalog, &t->arena, ACCOUNT, 8, 1, &t->err));
	CHECK(t, !trail_targets_find(catalog, &t->arena, S("999999999999"), 7, 1, &t->err));
	CHECK(t, trail_targets_delete_all(catalog, ACCOUNT, 7, &t->err));
	CHECK(t, !trail_targets_find(catalog, &t->arena, ACCOUNT, 7, 1, &t->err));
	CHECK_NUMBER(t, t->err.kind, ERR_NONE);
	catalog_close(catalog);
}
