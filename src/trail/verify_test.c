/* trail/verify_test.c: a bucket's copy with a chain of digests, and everything that can be done to it. */
#include "trail/verify.h"

#include "base/clock.h"
#include "base/random.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "codec/gzip.h"
#include "codec/hex.h"
#include "codec/rsa.h"
#include "tests/test.h"
#include "trail/digest_document.h"
#include "trail/object_keys.h"
#include "trail/verify_folder.h"
#include "trail/verify_keys.h"
#include "trail/verify_source.h"

enum { DIGESTS = 6, HOUR_MS = 3600 * 1000 };

#define ACCOUNT S("111122223333")

struct bucket {
	const char         *dir;
	struct rsa_signer  *signer;
	struct gzip_writer *gzip;
	struct random       random;
	struct verify_keys *keys;
	struct slice        fingerprint;
	struct slice        digest_keys[DIGESTS], log_keys[DIGESTS];
	struct verify_head  head;
	int64_t             start_ms;
};

/* ---- making it ---- */

static void put_file(struct test *t, const struct bucket *bucket, struct slice key, struct slice bytes)
{
	const char *path = arena_printf(&t->arena, "%s/%.*s", bucket->dir, SLICE_ARG(key));

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/'))
		mkdir(arena_printf(&t->arena, "%.*s", (int)(slash - path), path), 0700);
	FILE *file = fopen(path, "wb");
	REQUIRE(t, file != NULL);
	CHECK(t, fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len);
	CHECK(t, fclose(file) == 0);
}

static void remove_file(struct test *t, const struct bucket *bucket, struct slice key)
{
	CHECK(t, unlink(arena_printf(&t->arena, "%s/%.*s", bucket->dir, SLICE_ARG(key))) == 0);
}

static struct slice hash_of(struct test *t, struct slice text)
{
	return digest_sha256_hex(text, arena_alloc(&t->arena, SHA256_HEX_BYTES));
}

static struct slice log_key(struct test *t, const char *region, int64_t ms, char unique)
{
	struct object_key key = {
		.kind = OBJECT_KEY_LOG, .account = ACCOUNT, .region = slice_of(region), .time_ms = ms,
		.unique = arena_format(&t->arena, "UNIQUE000000000%c", unique),
	};

	return object_keys_make(&t->arena, &key);
}

static struct slice put_log(struct test *t, struct bucket *bucket, int64_t ms, const char *json, char unique)
{
	struct slice key = log_key(t, "us-east-1", ms, unique);

	put_file(t, bucket, key, gzip_write(bucket->gzip, &t->arena, slice_of(json)));
	return key;
}

static void make_keys(struct test *t, struct bucket *bucket)
{
	unsigned char secret[RSA_PRIVATE_BYTES], md5[MD5_BYTES];

	random_init_seeded(&bucket->random, 5);
	rsa_make(&bucket->random, secret);
	bucket->signer = rsa_signer_new(secret, &t->err);
	struct slice der = rsa_public_der(bucket->signer, &t->arena);
	digest_md5(der, md5);
	bucket->fingerprint = hex_text(&t->arena, (struct slice){ (const char *)md5, sizeof md5 });
	bucket->keys = verify_keys_read(arena_format(&t->arena, "{\"PublicKeyList\":[{\"Value\":\"%.*s\",\"Fingerprint\":\"%.*s\"}]}",
	                                             SLICE_ARG(base64_text(&t->arena, der)), SLICE_ARG(bucket->fingerprint)), &t->err);
	REQUIRE(t, bucket->keys != NULL);
}

static struct slice put_digest(struct test *t, struct bucket *bucket, struct digest_document *document, const char *region)
{
	struct object_key name = {
		.kind = OBJECT_KEY_DIGEST, .account = ACCOUNT, .region = slice_of(region), .trail = S("audit"), .home_region = S("us-east-1"),
		.time_ms = document->end_ms,
	};
	unsigned char signature[RSA_SIGNATURE_BYTES];

	document->account = ACCOUNT;
	document->bucket = S("audit-logs");
	document->key = object_keys_make(&t->arena, &name);
	document->fingerprint = bucket->fingerprint;
	struct slice json = digest_document_write(&t->arena, document);
	rsa_sign(bucket->signer, &bucket->random, digest_document_to_sign(&t->arena, document, json), signature);
	put_file(t, bucket, document->key, gzip_write(bucket->gzip, &t->arena, json));
	bucket->head = (struct verify_head){ .key = document->key, .signature = hex_text(&t->arena, (struct slice){ (const char *)signature, sizeof signature }) };
	return json;
}

/* Digest i spans hour i and lists one log file; `starts_anew` (or -1) begins a chain again. */
static void make_bucket(struct test *t, struct bucket *bucket, int starts_anew, const char *log_before)
{
	struct digest_document document = {0}, before;
	struct slice json = SLICE_NONE;

	*bucket = (struct bucket){ .dir = test_dir(t, "bucket"), .gzip = gzip_writer_new() };
	make_keys(t, bucket);
	time_parse_iso(S("2026-01-15T00:00:00Z"), &bucket->start_ms);
	for (int i = 0; i < DIGESTS; i++) {
		const char *text = log_before && i == starts_anew - 1 ? log_before
		                 : arena_printf(&t->arena, "{\"Records\":[{\"eventID\":\"%d\"}]}", i);
		int64_t start_ms = bucket->start_ms + i * HOUR_MS;
		struct digest_file file = { .bucket = S("audit-logs"), .hash = hash_of(t, slice_of(text)), .newest_ms = start_ms, .oldest_ms = start_ms };
		before = document;
		bucket->log_keys[i] = file.key = put_log(t, bucket, start_ms + HOUR_MS / 2, text, (char)('a' + i));
		document = (struct digest_document){ .start_ms = start_ms, .end_ms = start_ms + HOUR_MS, .files = &file, .file_count = 1 };
		if (i > 0 && i != starts_anew) {
			document.previous_bucket = before.bucket;
			document.previous_key = before.key;
			document.previous_hash = hash_of(t, json);
			document.previous_signature = bucket->head.signature;
		}
		json = put_digest(t, bucket, &document, "us-east-1");
		bucket->digest_keys[i] = document.key;
	}
}

static void free_bucket(struct bucket *bucket)
{
	rsa_signer_free(bucket->signer);
	gzip_writer_free(bucket->gzip);
	verify_keys_free(bucket->keys);
}

/* ---- asking ---- */

/* "finding finding ..." in the order found, and "exit N" at the end. */
static struct slice verify_at(struct test *t, const struct bucket *bucket, const char *dir, bool has_head, int64_t start_ms,
                              struct verify_report *counts)
{
	struct verify_source *source = verify_folder_open(dir, &t->err);
	struct verify_options options = {
		.source = source, .keys = bucket->keys, .heads = &bucket->head, .head_count = has_head, .threads = 3, .start_ms = start_ms,
	};
	struct verify_report report;
	struct buffer out;

	buffer_init(&out, &t->arena, 100000);
	CHECK(t, verify_run(&options, &report, &t->err));
	for (size_t i = 0; i < report.problem_count; i++)
		buffer_printf(&out, "%s, ", verify_finding_name(report.problems[i].finding));
	buffer_printf(&out, "exit %d", verify_exit_code(&report));
	if (counts)
		*counts = report;
	verify_report_free(&report);
	source->close(source);
	return buffer_slice(&out);
}

static struct slice verify(struct test *t, const struct bucket *bucket)
{
	return verify_at(t, bucket, bucket->dir, true, 0, NULL);
}

/* In the detail of a problem. */
static bool verify_says(struct test *t, const struct bucket *bucket, struct slice words)
{
	struct verify_source *source = verify_folder_open(bucket->dir, &t->err);
	struct verify_options options = { .source = source, .keys = bucket->keys, .threads = 1 };
	struct verify_report report;
	bool is_said = false;

	CHECK(t, verify_run(&options, &report, &t->err));
	for (size_t i = 0; i < report.problem_count; i++)
		is_said = is_said || slice_find(report.problems[i].detail, words) != SLICE_NPOS;
	verify_report_free(&report);
	source->close(source);
	return is_said;
}

TEST(verify_finds_a_sound_bucket_sound)
{
	struct bucket bucket;
	struct verify_report counts;

	make_bucket(t, &bucket, -1, NULL);
	CHECK_TEXT(t, verify_at(t, &bucket, bucket.dir, true, 0, &counts), S("exit 0"));
	CHECK(t, counts.digests == DIGESTS && counts.digests_valid == DIGESTS && counts.logs == DIGESTS && counts.logs_valid == DIGESTS);
	CHECK_NUMBER(t, counts.records, DIGESTS);
	CHECK(t, counts.inflated_bytes > 0 && counts.logs_pending == 0 && counts.others == 0);
	CHECK_NUMBER(t, counts.start_ms, bucket.start_ms);
	CHECK_NUMBER(t, counts.end_ms, bucket.start_ms + DIGESTS * HOUR_MS);
	free_bucket(&bucket);
}

TEST(verify_cannot_tell_about_the_newest_digest_of_a_copy_without_its_signature)
{
	struct bucket bucket;

	make_bucket(t, &bucket, -1, NULL);
	CHECK_TEXT(t, verify_at(t, &bucket, bucket.dir, false, 0, NULL), S("newest digest unsigned, exit 3"));
	free_bucket(&bucket);
}

TEST(verify_works_from_awslogs_and_from_below_it)
{
	struct bucket bucket;

	make_bucket(t, &bucket, -1, NULL);
	CHECK_TEXT(t, verify_at(t, &bucket, arena_printf(&t->arena, "%s/AWSLogs", bucket.dir), true, 0, NULL), S("exit 0"));
	CHECK_TEXT(t, verify_at(t, &bucket, arena_printf(&t->arena, "%s/AWSLogs/111122223333", bucket.dir), true, 0, NULL), S("exit 0"));
	free_bucket(&bucket);
}

TEST(verify_finds_each_tampering_with_log_files)
{
	struct bucket bucket;

	make_bucket(t, &bucket, -1, NULL);
	put_log(t, &bucket, bucket.start_ms + 2 * HOUR_MS + HOUR_MS / 2, "{\"Records\":[]}", 'c');
	CHECK_TEXT(t, verify(t, &bucket), S("log changed, exit 1"));
	put_file(t, &bucket, bucket.log_keys[2], S("{\"Records\":[]}"));
	CHECK_TEXT(t, verify(t, &bucket), S("log format, exit 1"));
	put_file(t, &bucket, bucket.log_keys[2], S(""));
	CHECK_TEXT(t, verify(t, &bucket), S("log format, exit 1"));
	remove_file(t, &bucket, bucket.log_keys[2]);
	CHECK_TEXT(t, verify(t, &bucket), S("log missing, exit 1"));
	free_bucket(&bucket);
}

TEST(verify_finds_log_files_that_no_digest_lists_unless_they_are_new)
{
	struct bucket bucket;
	struct verify_report counts;

	make_bucket(t, &bucket, -1, NULL);
	struct slice inside = put_log(t, &bucket, bucket.start_ms + HOUR_MS, "{}", 'x');
	CHECK_TEXT(t, verify(t, &bucket), S("log unlisted, exit 1"));
	remove_file(t, &bucket, inside);
	put_log(t, &bucket, bucket.start_ms - HOUR_MS, "{}", 'x');
	put_log(t, &bucket, bucket.start_ms + DIGESTS * HOUR_MS + 1000, "{}", 'x');
	CHECK_TEXT(t, verify_at(t, &bucket, bucket.dir, true, 0, &counts), S("exit 0"));
	CHECK(t, counts.logs_before == 1 && counts.logs_pending == 1);
	put_log(t, &bucket, bucket.start_ms + (DIGESTS + 3) * HOUR_MS, "{}", 'y');
	CHECK_TEXT(t, verify_at(t, &bucket, bucket.dir, true, 0, &counts), S("log unlisted, exit 1"));
	CHECK_NUMBER(t, counts.logs_pending, 1);
	free_bucket(&bucket);
}

TEST(verify_does_not_hang_on_what_is_no_file_and_reads_large_ones)
{
	struct bucket bucket;
	struct verify_report counts;

	make_bucket(t, &bucket, -1, NULL);
	remove_file(t, &bucket, bucket.log_keys[2]);
	CHECK(t, mkfifo(arena_printf(&t->arena, "%s/%.*s", bucket.dir, SLICE_ARG(bucket.log_keys[2])), 0600) == 0);
	CHECK_TEXT(t, verify(t, &bucket), S("log format, exit 1"));
	remove_file(t, &bucket, bucket.log_keys[2]);
	CHECK(t, mkdir(arena_printf(&t->arena, "%s/%.*s", bucket.dir, SLICE_ARG(bucket.log_keys[2])), 0700) == 0);
	CHECK_TEXT(t, verify(t, &bucket), S("unreadable, exit 3"));
	free_bucket(&bucket);

	make_bucket(t, &bucket, -1, NULL);
	char *noise = arena_alloc(&t->arena, 3 << 20);                  /* does not compress: a file that is mapped */
	random_bytes(&bucket.random, noise, 3 << 20);
	put_file(t, &bucket, bucket.log_keys[2], gzip_write(bucket.gzip, &t->arena, (struct slice){ noise, 3 << 20 }));
	CHECK_TEXT(t, verify_at(t, &bucket, bucket.dir, true, 0, &counts), S("log changed, exit 1"));
	CHECK(t, counts.bytes > 3 << 20);
	free_bucket(&bucket);
}

TEST(verify_finds_deleted_digests_one_two_and_the_newest)
{
	struct bucket bucket;

	make_bucket(t, &bucket, -1, NULL);
	remove_file(t, &bucket, bucket.digest_keys[3]);
	CHECK_TEXT(t, verify(t, &bucket), S("digest missing, newest digest unsigned, log unlisted, exit 1"));
	remove_file(t, &bucket, bucket.digest_keys[2]);
	CHECK_TEXT(t, verify(t, &bucket), S("digest missing, newest digest unsigned, log unlisted, log unlisted, exit 1"));
	CHECK(t, verify_says(t, &bucket, S("nothing is known of 2026-01-15T02:00:00Z to 2026-01-15T04:00:00Z")));
	free_bucket(&bucket);

	make_bucket(t, &bucket, -1, NULL);
	remove_file(t, &bucket, bucket.digest_keys[DIGESTS - 1]);
	remove_file(t, &bucket, bucket.log_keys[DIGESTS - 1]);
	CHECK_TEXT(t, verify(t, &bucket), S("newest digest, newest digest unsigned, exit 1"));
	free_bucket(&bucket);
}

/* The part of a bucket that somebody copied begins somewhere. */
TEST(verify_does_not_miss_digests_from_before_the_start)
{
	struct bucket bucket;

	make_bucket(t, &bucket, -1, NULL);
	remove_file(t, &bucket, bucket.digest_keys[0]);
	remove_file(t, &bucket, bucket.log_keys[0]);
	CHECK_TEXT(t, verify(t, &bucket), S("digest missing, exit 1"));
	CHECK_TEXT(t, verify_at(t, &bucket, bucket.dir, true, bucket.start_ms + HOUR_MS + 1, NULL), S("exit 0"));
	free_bucket(&bucket);
}

/* Rewrites digest `index` with another list of files, as somebody without the key would. */
static void forge(struct test *t, struct bucket *bucket, int index, struct slice from, struct slice to)
{
	const char *path = arena_printf(&t->arena, "%s/%.*s", bucket->dir, SLICE_ARG(bucket->digest_keys[index]));
	struct gzip_reader *reader = gzip_reader_new();
	char bytes[16384];
	FILE *file = fopen(path, "rb");

	REQUIRE(t, file != NULL);
	size_t length = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	struct slice json = gzip_read(reader, (struct slice){ bytes, length }, 1 << 20, &t->err);
	size_t at = slice_find(json, from);
	CHECK(t, at != SLICE_NPOS);
	struct slice forged = arena_format(&t->arena, "%.*s%.*s%.*s", (int)at, json.ptr, SLICE_ARG(to),
	                                   SLICE_ARG(slice_from(json, at + from.len)));
	put_file(t, bucket, bucket->digest_keys[index], gzip_write(bucket->gzip, &t->arena, forged));
	gzip_reader_free(reader);
}

TEST(verify_finds_forged_digests)
{
	struct bucket bucket;

	make_bucket(t, &bucket, -1, NULL);
	forge(t, &bucket, 2, S("T02:00:00Z\",\"oldest"), S("T02:00:01Z\",\"oldest"));
	CHECK_TEXT(t, verify(t, &bucket), S("digest chain, digest signature, exit 1"));
	free_bucket(&bucket);

	make_bucket(t, &bucket, -1, NULL);
	forge(t, &bucket, DIGESTS - 1, S("T05:00:00Z\",\"oldest"), S("T05:00:01Z\",\"oldest"));
	CHECK_TEXT(t, verify(t, &bucket), S("digest signature, exit 1"));
	free_bucket(&bucket);

	make_bucket(t, &bucket, -1, NULL);
	forge(t, &bucket, 1, bucket.fingerprint, S("00000000000000000000000000000000"));
	CHECK_TEXT(t, verify(t, &bucket), S("digest chain, digest key unknown, exit 1"));
	free_bucket(&bucket);

	make_bucket(t, &bucket, -1, NULL);
	forge(t, &bucket, 1, S("\"logFiles\""), S("\"logfiles\""));
	CHECK_TEXT(t, verify(t, &bucket), S("digest format, newest digest unsigned, log unlisted, exit 1"));
	free_bucket(&bucket);
}

TEST(verify_finds_a_digest_that_lies_elsewhere)
{
	struct bucket bucket;

	make_bucket(t, &bucket, -1, NULL);
	forge(t, &bucket, 2, S("digestS3Object\":\"AWSLogs/"), S("digestS3Object\":\"AWSLogz/"));
	CHECK_TEXT(t, verify(t, &bucket), S("digest chain, digest moved, exit 1"));
	free_bucket(&bucket);
}

#define STOP(trail) "{\"Records\":[{\"eventTime\":\"2026-01-15T02:59:00Z\",\"eventSource\":\"cloudtrail.amazonaws.com\"," \
	"\"eventName\":\"StopLogging\",\"requestParameters\":{\"name\":\"" trail "\"},\"recipientAccountId\":\"111122223333\"}]}"

TEST(verify_asks_for_the_recorded_reason_of_a_gap)
{
	struct bucket bucket;
	struct verify_report counts;

	make_bucket(t, &bucket, 3, STOP("audit"));
	CHECK_TEXT(t, verify_at(t, &bucket, bucket.dir, true, 0, &counts), S("newest digest unsigned, exit 3"));
	CHECK_NUMBER(t, counts.gaps_explained, 1);
	free_bucket(&bucket);
}

TEST(verify_tells_a_gap_that_nothing_explains)
{
	struct bucket bucket;

	make_bucket(t, &bucket, 3, STOP("other"));
	CHECK_TEXT(t, verify(t, &bucket), S("newest digest unsigned, digest gap, exit 1"));
	free_bucket(&bucket);

	make_bucket(t, &bucket, 3, NULL);
	CHECK_TEXT(t, verify(t, &bucket), S("newest digest unsigned, digest gap, exit 1"));
	free_bucket(&bucket);
}

TEST(verify_finds_regions_without_digests)
{
	struct bucket bucket;

	make_bucket(t, &bucket, -1, NULL);
	put_file(t, &bucket, log_key(t, "eu-north-1", bucket.start_ms, 'q'), gzip_write(bucket.gzip, &t->arena, S("{}")));
	CHECK_TEXT(t, verify(t, &bucket), S("no digest, exit 1"));
	free_bucket(&bucket);
}

TEST(verify_cannot_tell_without_digests)
{
	struct bucket bucket;

	make_bucket(t, &bucket, -1, NULL);
	for (int i = 0; i < DIGESTS; i++)
		remove_file(t, &bucket, bucket.digest_keys[i]);
	CHECK_TEXT(t, verify_at(t, &bucket, bucket.dir, false, 0, NULL), S("no digests, exit 3"));
	CHECK_TEXT(t, verify(t, &bucket), S("newest digest, no digests, exit 1"));      /* one is known to have been there */
	free_bucket(&bucket);
}

TEST(verify_keys_refuse_a_key_that_is_not_its_fingerprint)
{
	CHECK(t, verify_keys_read(S("{\"PublicKeyList\":[{\"Value\":\"MIIB\",\"Fingerprint\":\"00\"}]}"), &t->err) == NULL);
	CHECK(t, strstr(t->err.message, "fingerprint") != NULL);
	CHECK(t, verify_keys_read(S("{}"), &t->err) == NULL);
	CHECK(t, verify_keys_read(S(""), &t->err) == NULL);
	CHECK(t, verify_keys_read(S("{\"PublicKeyList\":[{}]}"), &t->err) == NULL);
	struct verify_keys *none = verify_keys_read(S("{\"PublicKeyList\":[]}"), &t->err);
	CHECK(t, none && verify_keys_count(none) == 0);
	verify_keys_free(none);
}
