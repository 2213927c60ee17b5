/* bucket/schema_test.c: the migrations. */
#include "bucket/schema.h"

#include "auth/schema.h"
#include "tests/bucket_catalog.h"

TEST(schema_numbers_of_buckets_follow_those_of_auth)
{
	int last = schema_auth_migrations[schema_auth_migration_count - 1].number;

	for (size_t i = 0; i < schema_bucket_migration_count; last = schema_bucket_migrations[i++].number)
		CHECK(t, schema_bucket_migrations[i].number > last);
}

/* Changes travel as changesets: each table needs a primary key, and the account comes first in it. */
TEST(schema_keys_of_buckets_begin_with_the_account)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct rows rows = catalog_query(catalog, &t->err,
	                                 "SELECT m.name, (SELECT c.name FROM pragma_table_info(m.name) c WHERE c.pk = 1)"
	                                 " FROM sqlite_schema m WHERE m.type = 'table' AND m.name NOT IN ('journal_position', 'applied_migrations')", "");

	while (rows_next(&rows))
		CHECK_TEXT(t, rows_text(&rows, 1, &t->arena), S("account"));
	CHECK(t, rows_close(&rows));
	catalog_close(catalog);
}

/* A day is replayed from changesets: what buckets did must arrive row by row. */
TEST(what_happens_in_a_bucket_can_be_replayed_from_its_changeset)
{
	struct catalog *first = bucket_catalog_open(t), *second = bucket_catalog_open(t);
	struct slice changes;

	CHECK(t, catalog_begin(first, &t->err) && catalog_record(first, &t->err));
	struct bucket *bucket = bucket_catalog_make(t, first, "logs", VERSIONING_NEVER);
	bucket_catalog_put(t, first, "logs", "k", "e1", NOW_MS);
	bucket_catalog_put(t, first, "logs", "k", "e2", NOW_MS);
	CHECK(t, buckets_set_versioning(first, bucket, VERSIONING_ENABLED, false, &t->err));
	bucket_catalog_put(t, first, "logs", "k", "e3", NOW_MS);
	CHECK(t, catalog_changeset(first, &changes, &t->err));
	CHECK(t, catalog_begin(second, &t->err) && catalog_apply(second, changes, &t->err) && catalog_commit(second, &t->err));
	CHECK(t, catalog_commit(first, &t->err));
	CHECK_TEXT(t, bucket_catalog_show(t, second, bucket, "k"), S("e3:#* e2:null"));
	CHECK_TEXT(t, bucket_catalog_dead(t, second), S("e1"));
	catalog_close(first);
	catalog_close(second);
}
