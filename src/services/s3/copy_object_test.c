/* services/s3/copy_object_test.c: what only happens between a copy's steps; scenarios tell the rest. */
#include "services/s3/shapes.h"
#include "services/shape.h"
#include "tests/s3_fixture.h"

extern const struct operation s3_copy_object;

static void put_source(struct test *t, struct s3_fixture *f, const char *etag)
{
	struct put_result result;
	struct put put = {
		.key = S("from"), .content = {
			.etag = slice_of(etag), .file = slice_of(etag), .bytes = 4, .checksum_algorithm = S("CRC32"),
			.checksum = S("AAAAAA=="), .checksum_type = S("FULL_OBJECT"),
		},
	};

	CHECK(t, bucket_put(f->catalog, &t->arena, f->bucket->name, NOW_MS, &put, &result, &t->err));
}

/* A copy up to the step before the writer's. */
static bool begin_copy(struct test *t, struct s3_fixture *f, struct s3_copy_object_request *in)
{
	*in = (struct s3_copy_object_request){ .bucket = f->bucket->name, .key = S("to"), .copy_source = S("bkt/from") };
	f->rest = (struct rest){ .method = S("PUT"), .bucket = f->bucket->name, .key = in->key };
	f->call.environment = &f->environment;
	f->call.operation = &s3_copy_object;
	f->call.principal = &f->caller;
	f->call.account = ACCOUNT;
	f->call.now_ms = NOW_MS;
	f->call.random = &f->random;
	f->call.catalog = f->catalog;
	f->call.rest = &f->rest;
	return s3_copy_object.authorise(&f->call, in, &t->err) && s3_copy_object.prepare(&f->call, in, &t->err);
}

TEST(a_copy_names_the_file_of_its_source)
{
	struct s3_fixture f;
	struct s3_copy_object_request in;
	struct s3_copy_object_output out = { 0 };
	struct got got;

	s3_fixture_begin(t, &f);
	put_source(t, &f, "e1");
	REQUIRE(t, begin_copy(t, &f, &in) && s3_copy_object.perform(&f.call, &in, &out, &t->err));
	CHECK_TEXT(t, out.copy_object_result->e_tag, S("\"e1\""));
	CHECK_TEXT(t, out.copy_object_result->checksum_crc32, S("AAAAAA=="));
	CHECK(t, bucket_get(f.catalog, &t->arena, f.bucket, S("to"), SLICE_NONE, &got, &t->err));
	CHECK_TEXT(t, got.version->content.file, S("e1"));
	bucket_catalog_delete(t, f.catalog, f.bucket, "from", NULL);
	CHECK_TEXT(t, bucket_catalog_dead(t, f.catalog), S(""));
	s3_fixture_end(&f);
}

TEST(a_source_that_is_replaced_meanwhile_aborts_its_copy)
{
	struct s3_fixture f;
	struct s3_copy_object_request in;
	struct s3_copy_object_output out = { 0 };

	s3_fixture_begin(t, &f);
	put_source(t, &f, "e1");
	REQUIRE(t, begin_copy(t, &f, &in));
	put_source(t, &f, "e2");
	CHECK(t, !s3_copy_object.perform(&f.call, &in, &out, &t->err));
	CHECK_REFUSED(t, "OperationAborted", "A conflicting conditional operation is currently in progress against this resource. "
	              "Please try again.");
	CHECK_TEXT(t, bucket_catalog_show(t, f.catalog, f.bucket, "to"), S(""));
	s3_fixture_end(&f);
}
