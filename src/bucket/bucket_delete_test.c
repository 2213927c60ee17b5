/* bucket/bucket_delete_test.c: markers and versions; what object lock keeps. */
#include "bucket/bucket_delete.h"

#include "tests/bucket_catalog.h"

TEST(deleting_without_versioning_removes_and_a_missing_key_is_a_success)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	struct removed removed;

	bucket_catalog_put(t, catalog, "logs", "k", "e1", NOW_MS);
	removed = bucket_catalog_delete(t, catalog, bucket, "k", NULL);
	CHECK(t, !removed.version_id.ptr && !removed.is_marker);
	CHECK_TEXT(t, bucket_catalog_show(t, catalog, bucket, "k"), S(""));
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S("e1"));
	removed = bucket_catalog_delete(t, catalog, bucket, "k", NULL);
	CHECK(t, !removed.version_id.ptr && !removed.is_marker);
	removed = bucket_catalog_delete(t, catalog, bucket, "k", "null");
	CHECK_TEXT(t, removed.version_id, S("null"));
	catalog_close(catalog);
}

/* platform.md, trap 27. */
TEST(deleting_with_versioning_makes_a_marker_even_for_a_key_that_never_was)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_ENABLED);
	struct removed removed = bucket_catalog_delete(t, catalog, bucket, "never", NULL);

	CHECK(t, removed.is_marker && removed.is_new_marker && removed.version_id.len == VERSION_ID_BYTES);
	CHECK_TEXT(t, bucket_catalog_show(t, catalog, bucket, "never"), S("marker:#*"));
	bucket_catalog_put(t, catalog, "logs", "k", "e1", NOW_MS);
	bucket_catalog_delete(t, catalog, bucket, "k", NULL);
	bucket_catalog_delete(t, catalog, bucket, "k", NULL);
	CHECK_TEXT(t, bucket_catalog_show(t, catalog, bucket, "k"), S("marker:#* marker:# e1:#"));
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S(""));
	catalog_close(catalog);
}

TEST(deleting_while_suspended_replaces_null_by_a_null_marker)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_ENABLED);
	struct removed removed;

	bucket_catalog_put(t, catalog, "logs", "k", "e1", NOW_MS);
	CHECK(t, buckets_set_versioning(catalog, bucket, VERSIONING_SUSPENDED, false, &t->err));
	bucket->versioning = VERSIONING_SUSPENDED;
	bucket_catalog_put(t, catalog, "logs", "k", "e2", NOW_MS);
	removed = bucket_catalog_delete(t, catalog, bucket, "k", NULL);
	CHECK_TEXT(t, removed.version_id, S("null"));
	CHECK(t, removed.is_marker && removed.is_new_marker);
	CHECK_TEXT(t, bucket_catalog_show(t, catalog, bucket, "k"), S("marker:null* e1:#"));
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S("e2"));
	bucket_catalog_delete(t, catalog, bucket, "k", NULL);
	CHECK_TEXT(t, bucket_catalog_show(t, catalog, bucket, "k"), S("marker:null* e1:#"));
	catalog_close(catalog);
}

TEST(deleting_the_latest_version_or_marker_brings_back_the_one_before)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_ENABLED);
	struct removed removed;
	struct got got;

	bucket_catalog_put(t, catalog, "logs", "k", "e1", NOW_MS);
	struct slice second = bucket_catalog_put(t, catalog, "logs", "k", "e2", NOW_MS);
	struct slice marker = bucket_catalog_delete(t, catalog, bucket, "k", NULL).version_id;
	removed = bucket_catalog_delete(t, catalog, bucket, "k", arena_cstr(&t->arena, marker));
	CHECK(t, removed.is_marker && !removed.is_new_marker && slice_equal(removed.version_id, marker));
	CHECK_TEXT(t, bucket_catalog_show(t, catalog, bucket, "k"), S("e2:#* e1:#"));
	removed = bucket_catalog_delete(t, catalog, bucket, "k", arena_cstr(&t->arena, second));
	CHECK(t, !removed.is_marker && slice_equal(removed.version_id, second));
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S("e2"));
	CHECK(t, bucket_get(catalog, &t->arena, bucket, S("k"), SLICE_NONE, &got, &t->err));
	CHECK_TEXT(t, got.version->content.etag, S("e1"));
	catalog_close(catalog);
}

TEST(deleting_an_unknown_version_is_a_success_and_a_malformed_one_is_not)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_ENABLED);
	struct removal removal = { .key = S("k"), .version_id = S("no/id") };
	struct removed removed = bucket_catalog_delete(t, catalog, bucket, "k", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef");

	CHECK_TEXT(t, removed.version_id, S("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"));
	CHECK(t, !removed.is_marker);
	CHECK(t, !bucket_delete(catalog, &t->arena, bucket, NOW_MS, &removal, &removed, &t->err));
	CHECK_REFUSED(t, "InvalidArgument", "Invalid version id specified");
	catalog_close(catalog);
}

TEST(a_conditional_delete_asks_what_is_there_now)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	struct removal removal = { .key = S("k"), .if_match = S("\"other\"") };
	struct removed removed;

	bucket_catalog_put(t, catalog, "logs", "k", "e1", NOW_MS);
	CHECK(t, !bucket_delete(catalog, &t->arena, bucket, NOW_MS, &removal, &removed, &t->err));
	CHECK_REFUSED(t, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
	removal.if_match = S("\"e1\"");
	CHECK(t, bucket_delete(catalog, &t->arena, bucket, NOW_MS, &removal, &removed, &t->err));
	CHECK(t, !bucket_delete(catalog, &t->arena, bucket, NOW_MS, &removal, &removed, &t->err));
	CHECK_REFUSED(t, "NoSuchKey", "The specified key does not exist.");
	catalog_close(catalog);
}

static bool try_delete(struct test *t, struct catalog *catalog, const struct bucket *bucket, struct slice version_id,
                       int64_t now_ms, bool bypasses)
{
	struct removal removal = { .key = S("k"), .version_id = version_id, .bypasses_governance = bypasses };
	struct removed removed;

	t->err = (struct error){ 0 };
	return bucket_delete(catalog, &t->arena, bucket, now_ms, &removal, &removed, &t->err);
}

/* platform.md, traps 40 and 41. */
TEST(object_lock_keeps_versions_from_everybody_but_not_from_markers)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_ENABLED);
	struct slice id = bucket_catalog_put(t, catalog, "logs", "k", "e1", NOW_MS);
	const struct version *version;

	CHECK(t, buckets_set_object_lock(catalog, bucket, &(struct retention){ 0 }, &t->err));
	version = versions_find(catalog, &t->arena, bucket, S("k"), id, &t->err);
	REQUIRE(t, version != NULL);
	CHECK(t, versions_set_retention(catalog, bucket, version, S("COMPLIANCE"), NOW_MS + 1000, &t->err));
	CHECK(t, !try_delete(t, catalog, bucket, id, NOW_MS, false) && !try_delete(t, catalog, bucket, id, NOW_MS, true));
	CHECK_REFUSED(t, "AccessDenied", "Access Denied because object protected by object lock.");
	bucket_catalog_delete(t, catalog, bucket, "k", NULL);
	CHECK_TEXT(t, bucket_catalog_show(t, catalog, bucket, "k"), S("marker:#* e1:#"));

	CHECK(t, versions_set_retention(catalog, bucket, version, S("GOVERNANCE"), NOW_MS + 1000, &t->err));
	CHECK(t, versions_set_legal_hold(catalog, bucket, version, true, &t->err));
	CHECK(t, !try_delete(t, catalog, bucket, id, NOW_MS, true) && !try_delete(t, catalog, bucket, id, NOW_MS + 2000, false));
	CHECK(t, versions_set_legal_hold(catalog, bucket, version, false, &t->err));
	CHECK(t, !try_delete(t, catalog, bucket, id, NOW_MS, false) && try_delete(t, catalog, bucket, id, NOW_MS, true));
	catalog_close(catalog);
}

TEST(object_lock_ends_with_its_date)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_ENABLED);
	struct slice id = bucket_catalog_put(t, catalog, "logs", "k", "e1", NOW_MS);
	const struct version *version = versions_find(catalog, &t->arena, bucket, S("k"), id, &t->err);

	REQUIRE(t, version != NULL);
	CHECK(t, versions_set_retention(catalog, bucket, version, S("COMPLIANCE"), NOW_MS + 1000, &t->err));
	CHECK(t, !try_delete(t, catalog, bucket, id, NOW_MS + 999, false) && try_delete(t, catalog, bucket, id, NOW_MS + 1000, false));
	catalog_close(catalog);
}
