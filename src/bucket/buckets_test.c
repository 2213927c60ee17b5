/* bucket/buckets_test.c: names, who owns a name, and what a bucket takes with it. */
#include "bucket/buckets.h"

#include "auth/quotas.h"
#include "bucket/documents.h"
#include "bucket/parts.h"
#include "bucket/uploads.h"
#include "tests/bucket_catalog.h"

TEST(bucket_names_follow_the_naming_rules)
{
	static const struct { const char *name; bool is_good; } rows[] = {
		{ "abc", true }, { "my-bucket.logs-2026", true }, { "1bucket9", true }, { "a.b", true }, { "192.168.5", true },
		{ "192.168.5.4a", true },
		{ "ab", false }, { "", false }, { "Abc", false }, { "a_b", false }, { "-abc", false }, { "abc-", false },
		{ ".abc", false }, { "abc.", false }, { "a..b", false }, { "192.168.5.4", false }, { "999.1.1.1", false },
		{ "xn--abc", false }, { "sthree-x", false }, { "amzn-s3-demo-x", false }, { "abc-s3alias", false },
		{ "abc--ol-s3", false }, { "abc.mrap", false }, { "abc--x-s3", false }, { "abc--table-s3", false }, { "b/c", false },
		{ "a123456789a123456789a123456789a123456789a123456789a123456789abc", true },
		{ "a123456789a123456789a123456789a123456789a123456789a123456789abcd", false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		bool is_good = buckets_check_name(slice_of(rows[i].name), &t->err);
		if (is_good != rows[i].is_good)
			test_failed(t, __FILE__, __LINE__, "'%s' %s", rows[i].name, is_good ? "passed" : "was refused");
		if (!is_good)
			CHECK_REFUSED(t, "InvalidBucketName", "The specified bucket is not valid.");
	}
}

TEST(a_bucket_name_is_unique_over_all_accounts)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	struct bucket other = *bucket;

	CHECK(t, !buckets_insert(catalog, bucket, &t->err));
	CHECK_REFUSED(t, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.");
	other.account = OTHER_ACCOUNT;
	CHECK(t, !buckets_insert(catalog, &other, &t->err));
	CHECK_REFUSED(t, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all "
	              "users of the system. Please select a different name and try again.");
	CHECK(t, buckets_delete(catalog, &t->arena, bucket, NOW_MS, &t->err) && buckets_insert(catalog, &other, &t->err));
	CHECK_TEXT(t, buckets_get(catalog, &t->arena, S("logs"), &t->err)->account, OTHER_ACCOUNT);
	CHECK(t, !buckets_get(catalog, &t->arena, S("nologs"), &t->err));
	CHECK_REFUSED(t, "NoSuchBucket", "The specified bucket does not exist");
	catalog_close(catalog);
}

TEST(a_bucket_over_the_quota_is_refused_and_a_deleted_one_makes_room)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *first = bucket_catalog_make(t, catalog, "first", VERSIONING_NEVER), second = *first;

	second.name = S("second");
	CHECK(t, quotas_set_allowed(catalog, ACCOUNT, QUOTA_BUCKETS, 1, &t->err));
	CHECK(t, catalog_begin(catalog, &t->err) && catalog_savepoint(catalog, &t->err));
	CHECK(t, !buckets_insert(catalog, &second, &t->err));
	CHECK_REFUSED(t, "TooManyBuckets", "You have attempted to create more buckets than allowed");
	CHECK(t, catalog_rollback_to(catalog, &t->err) && catalog_commit(catalog, &t->err));
	CHECK(t, buckets_delete(catalog, &t->arena, first, NOW_MS, &t->err) && buckets_insert(catalog, &second, &t->err));
	catalog_close(catalog);
}

TEST(a_bucket_with_any_version_or_marker_is_not_deleted)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *plain = bucket_catalog_make(t, catalog, "plain", VERSIONING_NEVER);
	struct bucket *versioned = bucket_catalog_make(t, catalog, "versioned", VERSIONING_ENABLED);

	bucket_catalog_put(t, catalog, "plain", "k", "e1", NOW_MS);
	CHECK(t, !buckets_delete(catalog, &t->arena, plain, NOW_MS, &t->err));
	CHECK_REFUSED(t, "BucketNotEmpty", "The bucket you tried to delete is not empty");
	bucket_catalog_delete(t, catalog, plain, "k", NULL);
	CHECK(t, buckets_delete(catalog, &t->arena, plain, NOW_MS, &t->err));

	bucket_catalog_delete(t, catalog, versioned, "never-was", NULL);
	CHECK(t, !buckets_delete(catalog, &t->arena, versioned, NOW_MS, &t->err));
	CHECK_REFUSED(t, "BucketNotEmpty", "The bucket you tried to delete is not empty. You must delete all versions in the bucket.");
	catalog_close(catalog);
}

TEST(a_deleted_bucket_takes_uploads_parts_and_documents_with_it)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	struct upload upload = { .key = S("k"), .upload_id = S("u1"), .started_ms = NOW_MS };
	struct part part = { .number = 1, .bytes = 5, .etag = S("p1"), .file = S("f1"), .sealed_key = S("box") };
	struct document document;
	struct part_list parts;

	CHECK(t, uploads_insert(catalog, bucket, &upload, &t->err));
	CHECK(t, parts_put(catalog, &t->arena, bucket, S("u1"), &part, NOW_MS, &t->err));
	CHECK(t, documents_put(catalog, bucket, DOCUMENT_CORS, S("<x/>"), NOW_MS, &t->err));
	CHECK(t, buckets_delete(catalog, &t->arena, bucket, NOW_MS, &t->err));
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S("f1"));

	CHECK(t, buckets_insert(catalog, bucket, &t->err));
	CHECK(t, documents_find(catalog, &t->arena, bucket, DOCUMENT_CORS, &document, &t->err) && !document.text.ptr);
	CHECK(t, parts_list(catalog, &t->arena, bucket, S("u1"), 0, 10, &parts, &t->err) && parts.count == 0);
	CHECK(t, !uploads_get(catalog, &t->arena, bucket, S("k"), S("u1"), &t->err));
	catalog_close(catalog);
}

TEST(buckets_are_listed_in_byte_order_by_account_prefix_region_and_page)
{
	struct catalog *catalog = bucket_catalog_open(t);
	static const char *const names[] = { "b-two", "a.one", "b-one", "a-one" };
	struct bucket_list list;
	struct bucket foreign;

	for (size_t i = 0; i < COUNT(names); i++)
		foreign = *bucket_catalog_make(t, catalog, names[i], VERSIONING_NEVER);
	foreign.name = S("b-foreign");
	foreign.account = OTHER_ACCOUNT;
	CHECK(t, buckets_insert(catalog, &foreign, &t->err));

	CHECK(t, buckets_list(catalog, &t->arena, ACCOUNT, &(struct buckets_wanted){ .limit = 3 }, &list, &t->err));
	CHECK(t, list.count == 3 && list.is_truncated);
	CHECK_TEXT(t, list.items[0].name, S("a-one"));
	CHECK_TEXT(t, list.items[1].name, S("a.one"));
	CHECK(t, buckets_list(catalog, &t->arena, ACCOUNT, &(struct buckets_wanted){ .limit = 3, .after = S("b-one") }, &list, &t->err));
	CHECK(t, list.count == 1 && !list.is_truncated);
	CHECK(t, buckets_list(catalog, &t->arena, ACCOUNT, &(struct buckets_wanted){ .limit = 9, .prefix = S("b-") }, &list, &t->err));
	CHECK_NUMBER(t, list.count, 2);
	CHECK(t, buckets_list(catalog, &t->arena, ACCOUNT, &(struct buckets_wanted){ .limit = 9, .region = S("us-east-1") }, &list,
	                      &t->err));
	CHECK_NUMBER(t, list.count, 0);
	catalog_close(catalog);
}

TEST(what_a_bucket_is_set_to_is_read_back)
{
	struct catalog *catalog = bucket_catalog_open(t);
	const struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);

	CHECK(t, buckets_set_versioning(catalog, bucket, VERSIONING_SUSPENDED, true, &t->err));
	CHECK(t, buckets_set_object_lock(catalog, bucket, &(struct retention){ S("GOVERNANCE"), 30, 0 }, &t->err));
	CHECK(t, buckets_set_ownership(catalog, bucket, OWNERSHIP_WRITER, &t->err));
	CHECK(t, buckets_set_public_access_block(catalog, bucket, BLOCK_PUBLIC_POLICY, &t->err));
	CHECK(t, buckets_set_policy(catalog, bucket, true, true, &t->err));
	bucket = buckets_get(catalog, &t->arena, S("logs"), &t->err);
	REQUIRE(t, bucket != NULL);
	CHECK(t, bucket->versioning == VERSIONING_SUSPENDED && bucket->has_mfa_delete && bucket->has_object_lock);
	CHECK(t, bucket->retention.days == 30 && bucket->retention.years == 0);
	CHECK_TEXT(t, bucket->retention.mode, S("GOVERNANCE"));
	CHECK(t, bucket->ownership == OWNERSHIP_WRITER && bucket->public_access_block == BLOCK_PUBLIC_POLICY);
	CHECK(t, bucket->has_policy && bucket->has_public_policy && bucket->created_ms == NOW_MS);
	CHECK_TEXT(t, bucket->region, S("eu-central-1"));
	catalog_close(catalog);
}
