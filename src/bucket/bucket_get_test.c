/* bucket/bucket_get_test.c: which version is read, and the order of conditions. */
#include "bucket/bucket_get.h"

#include "tests/bucket_catalog.h"

/* platform.md, trap 28. */
TEST(a_delete_marker_is_no_key_by_name_and_no_method_by_id)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_ENABLED);
	struct slice id = bucket_catalog_put(t, catalog, "logs", "k", "e1", NOW_MS), marker;
	struct got got;

	marker = bucket_catalog_delete(t, catalog, bucket, "k", NULL).version_id;
	CHECK(t, !bucket_get(catalog, &t->arena, bucket, S("k"), SLICE_NONE, &got, &t->err));
	CHECK_REFUSED(t, "NoSuchKey", "The specified key does not exist.");
	CHECK(t, !got.version && got.marker && slice_equal(got.marker->version_id, marker));
	CHECK(t, !bucket_get(catalog, &t->arena, bucket, S("k"), marker, &got, &t->err));
	CHECK_REFUSED(t, "MethodNotAllowed", "The specified method is not allowed against this resource.");
	CHECK(t, got.marker != NULL);
	CHECK(t, bucket_get(catalog, &t->arena, bucket, S("k"), id, &got, &t->err) && !got.marker);
	CHECK_TEXT(t, got.version->content.etag, S("e1"));
	CHECK_TEXT(t, got.version->attributes.headers, S("content-type: text/plain\n"));
	catalog_close(catalog);
}

TEST(a_missing_version_differs_from_a_missing_key_and_from_no_version_id)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	struct got got;

	bucket_catalog_put(t, catalog, "logs", "k", "e1", NOW_MS);
	CHECK(t, bucket_get(catalog, &t->arena, bucket, S("k"), S("null"), &got, &t->err));
	CHECK(t, !bucket_get(catalog, &t->arena, bucket, S("j"), SLICE_NONE, &got, &t->err));
	CHECK_REFUSED(t, "NoSuchKey", "The specified key does not exist.");
	CHECK(t, !bucket_get(catalog, &t->arena, bucket, S("k"), S("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"), &got, &t->err));
	CHECK_REFUSED(t, "NoSuchVersion", "The specified version does not exist.");
	CHECK(t, !bucket_get(catalog, &t->arena, bucket, S("k"), S("x"), &got, &t->err));
	CHECK_REFUSED(t, "InvalidArgument", "Invalid version id specified");
	catalog_close(catalog);
}

/* platform.md, trap 37. */
TEST(conditions_are_asked_in_their_order)
{
	const struct version version = { .modified_ms = NOW_MS + 400, .content = { .etag = S("aa") } };
	enum { NEVER, OLD, SAME, LATER, FUTURE };
	static const int64_t times[] = { [OLD] = NOW_MS - 1000, [SAME] = NOW_MS, [LATER] = NOW_MS + 5000, [FUTURE] = NOW_MS + 99000 };
	static const struct { const char *match, *none; int modified_since, unmodified_since; const char *want, *want_copy; } rows[] = {
		{ NULL,     NULL,     NEVER,  NEVER, NULL, NULL },
		{ "\"aa\"", NULL,     NEVER,  NEVER, NULL, NULL },
		{ "aa",     NULL,     NEVER,  NEVER, NULL, NULL },
		{ "bb, aa", NULL,     NEVER,  NEVER, NULL, NULL },
		{ "*",      NULL,     NEVER,  NEVER, NULL, NULL },
		{ "bb",     NULL,     NEVER,  NEVER, "PreconditionFailed", "PreconditionFailed" },
		{ "aa",     NULL,     NEVER,  OLD,   NULL, NULL },
		{ NULL,     NULL,     NEVER,  OLD,   "PreconditionFailed", "PreconditionFailed" },
		{ NULL,     NULL,     NEVER,  SAME,  NULL, NULL },
		{ NULL,     "\"aa\"", NEVER,  NEVER, "NotModified", "PreconditionFailed" },
		{ NULL,     "*",      NEVER,  NEVER, "NotModified", "PreconditionFailed" },
		{ NULL,     "bb",     LATER,  NEVER, NULL, NULL },
		{ NULL,     "aa",     OLD,    NEVER, "NotModified", "PreconditionFailed" },
		{ NULL,     NULL,     OLD,    NEVER, NULL, NULL },
		{ NULL,     NULL,     SAME,   NEVER, "NotModified", "PreconditionFailed" },
		{ NULL,     NULL,     LATER,  NEVER, "NotModified", "PreconditionFailed" },
		{ NULL,     NULL,     FUTURE, NEVER, NULL, NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct read_condition condition = {
			.if_match = slice_of(rows[i].match), .if_none_match = slice_of(rows[i].none),
			.if_modified_since = { rows[i].modified_since != NEVER, times[rows[i].modified_since] },
			.if_unmodified_since = { rows[i].unmodified_since != NEVER, times[rows[i].unmodified_since] },
		};
		struct error error = { 0 }, error_copy = { 0 };

		CHECK(t, bucket_get_check(&version, &condition, NOW_MS + 10000, &error) == !rows[i].want);
		CHECK_TEXT(t, slice_of(error.name), slice_of(rows[i].want));
		CHECK(t, bucket_get_check_copy(&version, &condition, NOW_MS + 10000, &error_copy) == !rows[i].want_copy);
		CHECK_TEXT(t, slice_of(error_copy.name), slice_of(rows[i].want_copy));
	}
}
