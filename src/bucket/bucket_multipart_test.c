/* bucket/bucket_multipart_test.c: parts come in and become an object, or they do not. */
#include "bucket/bucket_multipart.h"

#include "base/limits.h"
#include "codec/base64.h"
#include "codec/checksum.h"
#include "codec/hex.h"
#include "tests/bucket_catalog.h"

enum { BIG = S3_PART_BYTES_MIN, TAIL = 4 };

static struct slice md5_of(struct test *t, struct slice text)
{
	unsigned char sum[MD5_BYTES];

	digest_md5(text, sum);
	return hex_text(&t->arena, (struct slice){ (char *)sum, sizeof sum });
}

/* The checksum of `count` bytes 'p'. */
static struct slice crc_of_run(struct test *t, enum checksum_algorithm algorithm, size_t count)
{
	struct checksum checksum;
	unsigned char sum[CHECKSUM_BYTES_MAX];
	char run[4096];

	memset(run, 'p', sizeof run);
	checksum_init(&checksum, algorithm);
	for (size_t left = count; left > 0;) {
		size_t piece = left < sizeof run ? left : sizeof run;
		checksum_add(&checksum, (struct slice){ run, piece });
		left -= piece;
	}
	size_t bytes = checksum_final(&checksum, sum);
	return base64_text(&t->arena, (struct slice){ (char *)sum, bytes });
}

struct story {
	struct catalog *catalog;
	struct bucket  *bucket;
	struct upload   upload;
};

static void begin(struct test *t, struct story *story, const char *algorithm, const char *type)
{
	story->catalog = bucket_catalog_open(t);
	story->bucket = bucket_catalog_make(t, story->catalog, "logs", VERSIONING_ENABLED);
	story->upload = (struct upload){
		.key = S("k"), .upload_id = S("u1"), .started_ms = NOW_MS, .checksum_algorithm = slice_of(algorithm),
		.checksum_type = slice_of(type), .attributes = { .headers = S("content-type: x/y\n"), .tags = S("a=b") },
	};
	CHECK(t, uploads_insert(story->catalog, story->bucket, &story->upload, &t->err));
}

static struct part part_of(struct test *t, struct story *story, int64_t number, int64_t bytes)
{
	struct slice name = story->upload.checksum_algorithm.ptr ? story->upload.checksum_algorithm : S("CRC64NVME");

	return (struct part){
		.number = number, .bytes = bytes, .etag = md5_of(t, arena_format(&t->arena, "part %d", (int)number)),
		.file = arena_format(&t->arena, "f%d", (int)number), .sealed_key = S("box"), .checksum_algorithm = name,
		.checksum = crc_of_run(t, checksum_of_name(name), (size_t)bytes),
	};
}

static void put(struct test *t, struct story *story, int64_t number, int64_t bytes)
{
	struct part part = part_of(t, story, number, bytes);

	CHECK(t, bucket_multipart_put_part(story->catalog, &t->arena, S("logs"), S("k"), S("u1"), NOW_MS, &part, &t->err));
}

static bool complete(struct test *t, struct story *story, const struct part *parts, size_t count, struct completed *completed)
{
	struct completion completion = {
		.key = S("k"), .upload_id = S("u1"), .version_id = S("VersionOfTheObject"), .parts = parts, .count = count,
	};

	return bucket_multipart_complete(story->catalog, &t->arena, S("logs"), NOW_MS + 5, &completion, completed, &t->err);
}

/* platform.md, trap 35. */
TEST(completed_parts_are_an_object_and_what_was_left_out_dies)
{
	struct story story;
	struct completed completed;
	struct got got;
	struct part_list parts;

	begin(t, &story, NULL, NULL);
	put(t, &story, 1, BIG);
	put(t, &story, 3, BIG);
	put(t, &story, 7, TAIL);
	const struct part asked[] = { part_of(t, &story, 1, BIG), part_of(t, &story, 7, TAIL) };
	REQUIRE(t, complete(t, &story, asked, 2, &completed));
	CHECK_TEXT(t, completed.result.version_id, S("VersionOfTheObject"));

	REQUIRE(t, bucket_get(story.catalog, &t->arena, story.bucket, S("k"), SLICE_NONE, &got, &t->err));
	CHECK_NUMBER(t, got.version->content.bytes, BIG + TAIL);
	CHECK_TEXT(t, got.version->attributes.headers, S("content-type: x/y\n"));
	CHECK_TEXT(t, got.version->attributes.tags, S("a=b"));
	unsigned char sums[2 * MD5_BYTES];
	CHECK(t, hex_decode(asked[0].etag, sums, MD5_BYTES) && hex_decode(asked[1].etag, sums + MD5_BYTES, MD5_BYTES));
	CHECK_TEXT(t, got.version->content.etag, arena_format(&t->arena, "%.*s-2", SLICE_ARG(md5_of(t, (struct slice){ (char *)sums, sizeof sums }))));
	CHECK_TEXT(t, got.version->content.checksum_algorithm, S("CRC64NVME"));
	CHECK_TEXT(t, got.version->content.checksum_type, S("FULL_OBJECT"));
	CHECK_TEXT(t, got.version->content.checksum, crc_of_run(t, CHECKSUM_CRC64NVME, BIG + TAIL));
	CHECK(t, parts_list(story.catalog, &t->arena, story.bucket, got.version->content.parts_id, 0, S3_PARTS_MAX, &parts, &t->err));
	CHECK(t, parts.count == 2 && parts.items[0].number == 1 && parts.items[1].number == 7);
	CHECK_TEXT(t, bucket_catalog_dead(t, story.catalog), S("f3"));

	CHECK(t, !uploads_get(story.catalog, &t->arena, story.bucket, S("k"), S("u1"), &t->err));
	CHECK(t, versions_delete(story.catalog, story.bucket, got.version, NOW_MS, &t->err));
	CHECK_TEXT(t, bucket_catalog_dead(t, story.catalog), S("f1,f3,f7"));
	catalog_close(story.catalog);
}

TEST(completing_again_with_the_same_parts_is_the_same_success)
{
	struct story story;
	struct completed first, second;

	begin(t, &story, NULL, NULL);
	put(t, &story, 1, BIG);
	put(t, &story, 2, 5);
	const struct part asked[] = { part_of(t, &story, 1, BIG), part_of(t, &story, 2, 5) };
	REQUIRE(t, complete(t, &story, asked, 2, &first));
	CHECK(t, complete(t, &story, asked, 2, &second));
	CHECK_TEXT(t, second.content.etag, first.content.etag);
	CHECK_TEXT(t, second.result.version_id, first.result.version_id);
	CHECK_TEXT(t, bucket_catalog_show(t, story.catalog, story.bucket, "k"),
	           arena_format(&t->arena, "%.*s:#*", SLICE_ARG(first.content.etag)));
	CHECK(t, !complete(t, &story, asked, 1, &second));
	CHECK_REFUSED(t, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have "
	              "been aborted or completed.");
	catalog_close(story.catalog);
}

TEST(a_list_of_parts_must_be_ascending_known_and_as_uploaded)
{
	struct story story;
	struct completed completed;
	static const char invalid_part[] = "One or more of the specified parts could not be found.  The part may not have been "
		"uploaded, or the specified entity tag may not match the part's entity tag.";

	begin(t, &story, NULL, NULL);
	put(t, &story, 1, BIG);
	put(t, &story, 2, BIG);
	const struct part one = part_of(t, &story, 1, BIG), two = part_of(t, &story, 2, BIG), three = part_of(t, &story, 3, BIG);
	struct part wrong = two;

	CHECK(t, !complete(t, &story, (struct part[]){ two, one }, 2, &completed));
	CHECK_REFUSED(t, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.");
	CHECK(t, !complete(t, &story, (struct part[]){ one, one }, 2, &completed));
	CHECK_REFUSED(t, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.");
	CHECK(t, !complete(t, &story, (struct part[]){ one, three }, 2, &completed) && completed.bad->number == 3);
	CHECK_REFUSED(t, "InvalidPart", invalid_part);
	wrong.etag = one.etag;
	CHECK(t, !complete(t, &story, (struct part[]){ one, wrong }, 2, &completed) && completed.bad->number == 2);
	CHECK_REFUSED(t, "InvalidPart", invalid_part);
	wrong = two;
	wrong.checksum = S("AAAAAAAAAAA=");
	CHECK(t, !complete(t, &story, (struct part[]){ one, wrong }, 2, &completed));
	CHECK_REFUSED(t, "InvalidPart", invalid_part);
	CHECK(t, !complete(t, &story, NULL, 0, &completed));
	CHECK_REFUSED(t, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
	wrong = two;
	wrong.etag = arena_format(&t->arena, "\"%.*s\"", SLICE_ARG(two.etag));
	CHECK(t, complete(t, &story, (struct part[]){ one, wrong }, 2, &completed));
	catalog_close(story.catalog);
}

/* platform.md, trap 34. */
TEST(a_part_too_small_fails_only_at_completion_and_only_before_the_last)
{
	struct story story;
	struct completed completed;

	begin(t, &story, NULL, NULL);
	put(t, &story, 1, BIG - 1);
	put(t, &story, 2, 1);
	const struct part one = part_of(t, &story, 1, BIG - 1), two = part_of(t, &story, 2, 1);
	CHECK(t, !complete(t, &story, (struct part[]){ one, two }, 2, &completed));
	CHECK(t, completed.bad && completed.bad->number == 1 && completed.bad->bytes == BIG - 1);
	CHECK_REFUSED(t, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
	CHECK(t, complete(t, &story, &one, 1, &completed));
	catalog_close(story.catalog);
}

TEST(an_object_of_parts_has_the_checksum_of_its_kind)
{
	static const struct { const char *algorithm, *type; bool is_composite; } rows[] = {
		{ "CRC32", "COMPOSITE", true }, { "CRC32", "FULL_OBJECT", false }, { "CRC32C", "FULL_OBJECT", false },
		{ "SHA256", "COMPOSITE", true }, { "CRC64NVME", "FULL_OBJECT", false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct story story;
		struct completed completed;
		enum checksum_algorithm algorithm = checksum_of_name(slice_of(rows[i].algorithm));

		begin(t, &story, rows[i].algorithm, rows[i].type);
		put(t, &story, 1, BIG);
		put(t, &story, 2, 9);
		const struct part asked[] = { part_of(t, &story, 1, BIG), part_of(t, &story, 2, 9) };
		struct completion completion = { .key = S("k"), .upload_id = S("u1"), .version_id = S("v"), .parts = asked, .count = 2,
		                                 .checksum_algorithm = slice_of(rows[i].algorithm), .checksum = S("AAAA") };
		CHECK(t, !bucket_multipart_complete(story.catalog, &t->arena, S("logs"), NOW_MS, &completion, &completed, &t->err));
		CHECK_REFUSED(t, "BadDigest", arena_printf(&t->arena, "The %s you specified did not match the calculated checksum.", rows[i].algorithm));
		REQUIRE(t, complete(t, &story, asked, 2, &completed));
		CHECK_TEXT(t, completed.content.checksum_type, slice_of(rows[i].type));
		if (!rows[i].is_composite)
			CHECK_TEXT(t, completed.content.checksum, crc_of_run(t, algorithm, BIG + 9));
		else
			CHECK(t, slice_has_suffix(completed.content.checksum, S("-2")));
		catalog_close(story.catalog);
	}
}

TEST(a_completion_is_asked_for_size_and_conditions)
{
	struct story story;
	struct completed completed;

	begin(t, &story, NULL, NULL);
	put(t, &story, 1, 5);
	bucket_catalog_put(t, story.catalog, "logs", "k", "e1", NOW_MS);
	const struct part one = part_of(t, &story, 1, 5);
	struct completion completion = { .key = S("k"), .upload_id = S("u1"), .version_id = S("v"), .parts = &one, .count = 1,
	                                 .bytes = { true, 6 } };
	CHECK(t, !bucket_multipart_complete(story.catalog, &t->arena, S("logs"), NOW_MS, &completion, &completed, &t->err));
	CHECK_REFUSED(t, "InvalidRequest", "The provided 'x-amz-mp-object-size' header value 6 does not match what was computed: 5");
	completion.bytes.value = 5;
	completion.condition.if_none_match = S("*");
	CHECK(t, !bucket_multipart_complete(story.catalog, &t->arena, S("logs"), NOW_MS, &completion, &completed, &t->err));
	CHECK_REFUSED(t, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
	catalog_close(story.catalog);
}

TEST(an_object_of_parts_has_at_most_5_tebibytes)
{
	struct story story;
	struct completed completed;
	struct part parts[3];

	begin(t, &story, NULL, NULL);
	for (int64_t i = 0; i < 3; i++) {
		parts[i] = part_of(t, &story, i + 1, 1);
		parts[i].bytes = INT64_C(2) << 40;
		CHECK(t, bucket_multipart_put_part(story.catalog, &t->arena, S("logs"), S("k"), S("u1"), NOW_MS, &parts[i], &t->err));
	}
	CHECK(t, !complete(t, &story, parts, 3, &completed));
	CHECK_REFUSED(t, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
	CHECK(t, complete(t, &story, parts, 2, &completed));
	catalog_close(story.catalog);
}

TEST(an_aborted_upload_leaves_nothing_and_is_gone)
{
	struct story story;
	struct part part;

	begin(t, &story, NULL, NULL);
	put(t, &story, 1, BIG);
	CHECK(t, bucket_multipart_abort(story.catalog, &t->arena, story.bucket, S("k"), S("u1"), NOW_MS, &t->err));
	CHECK_TEXT(t, bucket_catalog_dead(t, story.catalog), S("f1"));
	CHECK(t, !bucket_multipart_abort(story.catalog, &t->arena, story.bucket, S("k"), S("u1"), NOW_MS, &t->err));
	CHECK(t, t->err.kind == ERR_NOT_FOUND);
	t->err = (struct error){ 0 };
	part = part_of(t, &story, 2, 1);
	CHECK(t, !bucket_multipart_put_part(story.catalog, &t->arena, S("logs"), S("k"), S("u1"), NOW_MS, &part, &t->err));
	CHECK(t, t->err.kind == ERR_NOT_FOUND);
	catalog_close(story.catalog);
}

TEST(part_numbers_are_1_to_10000)
{
	struct story story;

	begin(t, &story, NULL, NULL);
	CHECK(t, bucket_multipart_get(story.catalog, &t->arena, story.bucket, S("k"), S("u1"), 10000, &t->err));
	static const int64_t bad[] = { 0, -1, 10001 };
	for (size_t i = 0; i < COUNT(bad); i++) {
		CHECK(t, !bucket_multipart_get(story.catalog, &t->arena, story.bucket, S("k"), S("u1"), bad[i], &t->err));
		CHECK_REFUSED(t, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
	}
	catalog_close(story.catalog);
}
