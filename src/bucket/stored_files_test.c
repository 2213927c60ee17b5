/* bucket/stored_files_test.c: files of versions, old ones too, and of parts; and the versions that lack some. */
#include "bucket/stored_files.h"

#include "bucket/parts.h"
#include "tests/bucket_catalog.h"

struct shown { struct buffer out; };

static bool show(void *user, const struct stored_file *stored, struct error *err)
{
	struct shown *shown = user;

	(void)err;
	buffer_printf(&shown->out, "%.*s:%.*s:%" PRId64 ":%.*s%" PRId64 " ", SLICE_ARG(stored->file), SLICE_ARG(stored->key),
	              stored->bytes, SLICE_ARG(stored->parts_id), stored->number);
	return true;
}

static bool stop(void *user, const struct stored_file *stored, struct error *err)
{
	(void)user;
	return fail(err, ERR_LIMIT, "%.*s", SLICE_ARG(stored->file));
}

TEST(stored_files_are_those_of_versions_and_of_parts)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "files", VERSIONING_ENABLED);
	struct part part = { .number = 7, .bytes = 3, .etag = S("e"), .file = S("f3"), .sealed_key = S("box") };
	struct shown shown;

	bucket_catalog_put(t, catalog, "files", "a", "f1", NOW_MS);
	bucket_catalog_put(t, catalog, "files", "a", "f22", NOW_MS);
	bucket_catalog_delete(t, catalog, bucket, "a", NULL);
	CHECK(t, parts_put(catalog, &t->arena, bucket, S("up"), &part, NOW_MS, &t->err));
	buffer_init(&shown.out, &t->arena, 1000);
	CHECK(t, stored_files_each(catalog, &t->arena, show, &shown, &t->err));
	CHECK_TEXT(t, buffer_slice(&shown.out), S("f1:a:2:0 f22:a:3:0 f3::3:up7 "));
	CHECK(t, !stored_files_each(catalog, &t->arena, stop, NULL, &t->err) && t->err.kind == ERR_LIMIT);
	catalog_close(catalog);
}

TEST(stored_files_knows_versions_whose_parts_are_not_there)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct shown shown;

	bucket_catalog_make(t, catalog, "files", VERSIONING_NEVER);
	bucket_catalog_put(t, catalog, "files", "a", "f1", NOW_MS);
	bucket_catalog_put(t, catalog, "files", "b", "f2", NOW_MS);
	buffer_init(&shown.out, &t->arena, 1000);
	CHECK(t, stored_files_each_incomplete(catalog, &t->arena, show, &shown, &t->err) && shown.out.len == 0);
	CHECK(t, catalog_run(catalog, &t->err, "UPDATE object_versions SET file = NULL WHERE key = 'a'", ""));
	CHECK(t, catalog_run(catalog, &t->err, "UPDATE object_versions SET parts_id = 'none' WHERE key = 'b'", ""));
	CHECK(t, stored_files_each_incomplete(catalog, &t->arena, show, &shown, &t->err));
	CHECK_TEXT(t, buffer_slice(&shown.out), S(":a:2:0 :b:2:0 "));
	catalog_close(catalog);
}
