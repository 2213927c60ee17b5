/* trail/trail_status_test.c: the last delivery and the last error of each region, and no error after a success. */
#include "trail/trail_status.h"

#include "store/catalog.h"
#include "tests/test.h"
#include "trail/schema.h"

#define ACCOUNT S("111122223333")

static struct catalog *open_catalog(struct test *t)
{
	struct catalog *catalog = catalog_open_writer(arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "c")), &t->err);

	CHECK(t, catalog && catalog_migrate(catalog, schema_trail_migrations, schema_trail_migration_count, &t->err));
	return catalog;
}

static struct trail_status status_of(struct test *t, struct catalog *catalog, const struct trail_status_key *key)
{
	struct trail_status status;

	CHECK(t, trail_status_find(catalog, &t->arena, key, &status, &t->err));
	return status;
}

TEST(trail_status_keeps_the_last_success_beside_the_error_after_it)
{
	struct catalog *catalog = open_catalog(t);
	const struct trail_status_key key = { ACCOUNT, 7, S("us-east-1") };

	CHECK_NUMBER(t, status_of(t, catalog, &key).attempted_ms, 0);
	CHECK(t, trail_status_note_delivery(catalog, &key, 1000, SLICE_NONE, &t->err));
	CHECK(t, trail_status_note_delivery(catalog, &key, 2000, S("AccessDenied"), &t->err));
	struct trail_status status = status_of(t, catalog, &key);
	CHECK_NUMBER(t, status.delivered_ms, 1000);
	CHECK_NUMBER(t, status.attempted_ms, 2000);
	CHECK_TEXT(t, status.delivery_error, S("AccessDenied"));
	CHECK(t, trail_status_note_delivery(catalog, &key, 3000, SLICE_NONE, &t->err));
	status = status_of(t, catalog, &key);
	CHECK_NUMBER(t, status.delivered_ms, 3000);
	CHECK(t, !status.delivery_error.ptr);
	catalog_close(catalog);
}

TEST(trail_status_is_by_trail_and_region_and_digests_are_apart)
{
	struct catalog *catalog = open_catalog(t);
	const struct trail_status_key here = { ACCOUNT, 7, S("us-east-1") }, there = { ACCOUNT, 7, S("eu-north-1") },
	                              other = { ACCOUNT, 8, S("us-east-1") };

	CHECK(t, trail_status_note_delivery(catalog, &here, 1000, SLICE_NONE, &t->err));
	CHECK(t, trail_status_note_digest(catalog, &here, 1500, S("NoSuchBucket"), &t->err));
	CHECK(t, trail_status_note_digest(catalog, &there, 1700, SLICE_NONE, &t->err));
	CHECK(t, trail_status_note_digest(catalog, &other, 1800, SLICE_NONE, &t->err));
	struct trail_status status = status_of(t, catalog, &here);
	CHECK_NUMBER(t, status.delivered_ms, 1000);
	CHECK_NUMBER(t, status.digested_ms, 0);
	CHECK_TEXT(t, status.digest_error, S("NoSuchBucket"));
	CHECK(t, !status.delivery_error.ptr);
	CHECK_NUMBER(t, status_of(t, catalog, &there).digested_ms, 1700);
	CHECK_NUMBER(t, status_of(t, catalog, &there).attempted_ms, 0);
	CHECK(t, trail_status_delete_all(catalog, ACCOUNT, 7, &t->err));
	CHECK_NUMBER(t, status_of(t, catalog, &there).digested_ms, 0);
	CHECK_NUMBER(t, status_of(t, catalog, &other).digested_ms, 1800);
	catalog_close(catalog);
}
