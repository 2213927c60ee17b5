/* trail/digest_chains_test.c: windows come due one after the other, and no digest is written twice. */
#include "trail/digest_chains.h"

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

static struct digest_chain chain(const char *region, int64_t start_ms)
{
	return (struct digest_chain){ .account = ACCOUNT, .trail_id = 7, .region = slice_of(region), .start_ms = start_ms };
}

/* "region start," of those that are due. */
static struct slice due(struct test *t, struct catalog *catalog, int64_t start_ms)
{
	struct digest_chain_list list;
	struct slice all = S("");

	CHECK(t, digest_chains_list_due(catalog, &t->arena, start_ms, &list, &t->err));
	for (size_t i = 0; i < list.count; i++)
		all = arena_format(&t->arena, "%.*s%.*s %d%s,", SLICE_ARG(all), SLICE_ARG(list.items[i].region),
		                   (int)list.items[i].start_ms, list.items[i].is_ending ? " last" : "");
	return all;
}

TEST(digest_chains_come_due_and_advance_from_where_they_are)
{
	struct catalog *catalog = open_catalog(t);
	struct digest_chain here = chain("us-east-1", 1000), there = chain("eu-north-1", 1500);
	struct digest_chain_list list;
	struct error err = {0};

	CHECK(t, digest_chains_begin(catalog, &here, &t->err) && digest_chains_begin(catalog, &there, &t->err));
	CHECK_TEXT(t, due(t, catalog, 999), S(""));
	CHECK_TEXT(t, due(t, catalog, 1000), S("us-east-1 1000,"));
	here.start_ms = 2000;
	here.previous_bucket = S("logs");
	here.previous_key = S("k");
	here.previous_hash = S("00ff");
	here.previous_signature = S("ab");
	CHECK(t, digest_chains_advance(catalog, &here, 1000, &t->err));
	CHECK(t, !digest_chains_advance(catalog, &here, 1000, &err));
	CHECK_NUMBER(t, err.kind, ERR_CONFLICT);
	CHECK_TEXT(t, due(t, catalog, 1999), S("eu-north-1 1500,"));
	CHECK(t, digest_chains_list_due(catalog, &t->arena, 2000, &list, &t->err));
	REQUIRE(t, list.count == 2);
	CHECK(t, !list.items[0].previous_bucket.ptr);
	CHECK_TEXT(t, list.items[1].previous_bucket, S("logs"));
	CHECK_TEXT(t, list.items[1].previous_key, S("k"));
	CHECK_TEXT(t, list.items[1].previous_hash, S("00ff"));
	CHECK_TEXT(t, list.items[1].previous_signature, S("ab"));
	catalog_close(catalog);
}

TEST(digest_chains_are_listed_by_trail)
{
	struct catalog *catalog = open_catalog(t);
	struct digest_chain here = chain("us-east-1", 1000), there = chain("eu-north-1", 1500), other = chain("us-east-1", 1000);
	struct digest_chain_list list;

	other.trail_id = 8;
	CHECK(t, digest_chains_begin(catalog, &here, &t->err) && digest_chains_begin(catalog, &there, &t->err)
	      && digest_chains_begin(catalog, &other, &t->err));
	REQUIRE(t, digest_chains_list(catalog, &t->arena, ACCOUNT, 7, &list, &t->err) && list.count == 2);
	CHECK_TEXT(t, list.items[0].region, S("eu-north-1"));
	CHECK_TEXT(t, list.items[1].region, S("us-east-1"));
	CHECK(t, digest_chains_list(catalog, &t->arena, ACCOUNT, 9, &list, &t->err) && list.count == 0);
	catalog_close(catalog);
}

TEST(digest_chains_that_end_are_due_at_once_unless_they_begin_again)
{
	struct catalog *catalog = open_catalog(t);
	struct digest_chain here = chain("us-east-1", 5000);

	CHECK(t, digest_chains_begin(catalog, &here, &t->err));
	CHECK(t, digest_chains_end(catalog, ACCOUNT, 7, &t->err));
	CHECK_TEXT(t, due(t, catalog, 0), S("us-east-1 5000 last,"));
	CHECK(t, digest_chains_begin(catalog, &(struct digest_chain){ .account = ACCOUNT, .trail_id = 7, .region = S("us-east-1"),
	                                                              .start_ms = 9000 }, &t->err));
	CHECK_TEXT(t, due(t, catalog, 0), S(""));
	CHECK_TEXT(t, due(t, catalog, 5000), S("us-east-1 5000,"));
	CHECK(t, digest_chains_delete(catalog, &here, &t->err));
	CHECK_TEXT(t, due(t, catalog, 9000), S(""));
	catalog_close(catalog);
}
