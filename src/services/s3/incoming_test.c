/* services/s3/incoming_test.c: what was promised of a body is held against it, and what does not hold leaves no file. */
#include "services/s3/incoming.h"
#include "auth/keyring.h"
#include "auth/sigv4.h"
#include "bucket/buckets.h"
#include "codec/base64.h"
#include "services/rest.h"
#include "services/s3/outgoing.h"
#include "tests/object_place.h"

struct scene {
	struct object_place place;
	struct environment  environment;
	struct call         call;
	struct rest         rest;
	struct http_header  headers[8];
};

static void scene_begin(struct test *t, struct scene *scene)
{
	static const unsigned char master[AES256_KEY_BYTES] = "the master key of a test, 32 byt";

	*scene = (struct scene){ .place = object_place_new(t, NULL) };
	scene->environment = (struct environment){ .objects = scene->place.objects, .keyring = keyring_from_key(master) };
	scene->call.environment = &scene->environment;
	scene->call.random = &scene->place.random;
	scene->call.rest = &scene->rest;
	arena_init(&scene->call.arena, 32 << 20);
}

static void scene_end(struct scene *scene)
{
	keyring_close(scene->environment.keyring);
	objects_close(scene->place.objects);
	arena_fini(&scene->call.arena);
}

static void header(struct scene *scene, struct slice name, struct slice value)
{
	scene->headers[scene->rest.header_count++] = (struct http_header){ name, value };
	scene->rest.headers = scene->headers;
}

static void headers_forget(struct scene *scene)
{
	scene->rest = (struct rest){0};
}

/* The name of the error, or "ok". */
static struct slice upload(struct test *t, struct scene *scene, enum checksum_algorithm own, struct slice body, struct content *content)
{
	struct incoming_checksum made = {0};

	t->err = (struct error){0};
	bool ok = incoming_open(&scene->call, own, &t->err);
	for (size_t at = 0; ok && at < body.len; at += 3000)
		ok = incoming_take(&scene->call, slice_sub(body, at, 3000), &t->err);
	ok = ok && incoming_end(&scene->call, content, &made, &t->err);
	incoming_close(scene->rest.incoming, ok);
	scene->rest.incoming = NULL;
	return ok ? S("ok") : slice_of(t->err.name);
}

TEST(incoming_makes_a_file_that_reads_as_the_body)
{
	struct scene scene;
	struct bucket bucket = { .name = S("b") };
	struct version version = {0};
	size_t got = 0;

	scene_begin(t, &scene);
	struct slice body = { scene.place.plain, 200000 };
	char *out = arena_alloc(&t->arena, body.len);
	header(&scene, S("content-length"), S("200000"));
	CHECK_TEXT(t, upload(t, &scene, CHECKSUM_NONE, body, &version.content), S("ok"));
	CHECK_NUMBER(t, version.content.bytes, 200000);
	CHECK_TEXT(t, version.content.checksum_algorithm, S("CRC64NVME"));
	CHECK_NUMBER(t, version.content.etag.len, 32);

	struct outgoing *outgoing = outgoing_open(&scene.call, &bucket, &version, 70000, 100000, &t->err);
	size_t total = 0;
	do {
		CHECK(t, outgoing && outgoing_read(outgoing, out + total, 30000, &got, &t->err));
		total += got;
	} while (got > 0 && !t->failed_checks);
	CHECK(t, total == 100000 && memcmp(out, scene.place.plain + 70000, total) == 0);
	outgoing_close(outgoing);

	objects_remove(scene.place.objects, version.content.file, &t->err);
	CHECK(t, !outgoing_open(&scene.call, &bucket, &version, 0, 1, &t->err) && t->err.kind == ERR_NOT_FOUND);
	scene_end(&scene);
}

TEST(incoming_needs_no_file_for_nothing)
{
	struct scene scene;
	struct content content;

	scene_begin(t, &scene);
	header(&scene, S("Content-Length"), S("0"));
	CHECK_TEXT(t, upload(t, &scene, CHECKSUM_NONE, S(""), &content), S("ok"));
	CHECK_TEXT(t, content.etag, S("d41d8cd98f00b204e9800998ecf8427e"));
	CHECK(t, !content.file.ptr && object_place_file_count(t, &scene.place) == 0);
	scene_end(&scene);
}

TEST(incoming_holds_a_body_against_every_promise)
{
	static const struct { const char *names_and_values[6]; const char *want; } rows[] = {
		{ { "Content-Length", "5", "Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==" }, "ok" },
		{ { "Content-Length", "5", "Content-MD5", "YUFAKrxLKna5cZ2REBfFkg==" }, "BadDigest" },
		{ { "Content-Length", "5", "Content-MD5", "XUFAKrxLKna5cZ2REBfF" }, "InvalidDigest" },
		{ { "Content-Length", "5", "Content-MD5", "not base64" }, "InvalidDigest" },
		{ { "Content-Length", "5", "x-amz-checksum-crc32", "NhCmhg==" }, "ok" },
		{ { "Content-Length", "5", "X-Amz-Checksum-CRC32", "NhCmhw==" }, "BadDigest" },
		{ { "Content-Length", "5", "x-amz-checksum-crc32", "NhCm" }, "InvalidRequest" },
		{ { "Content-Length", "5", "x-amz-checksum-xxhash64", "NhCmhg==" }, "InvalidRequest" },
		{ { "Content-Length", "5", "x-amz-checksum-crc32", "NhCmhg==", "x-amz-checksum-crc32c", "mnG7TA==" }, "InvalidRequest" },
		{ { "Content-Length", "5", "x-amz-checksum-mode", "ENABLED" }, "ok" },
		{ { "Content-Length", "5", "x-amz-sdk-checksum-algorithm", "CRC32" }, "InvalidRequest" },
		{ { "Content-Length", "5", "x-amz-sdk-checksum-algorithm", "SHA256", "x-amz-checksum-crc32", "NhCmhg==" }, "InvalidRequest" },
		{ { "Content-Length", "5", "x-amz-sdk-checksum-algorithm", "MD5" }, "InvalidRequest" },
		{ { "Content-Length", "5", "x-amz-trailer", "x-amz-checksum-crc32" }, "InvalidRequest" },
		{ { "Content-Length", "6" }, "IncompleteBody" },
		{ { "Content-Length", "4" }, "IncompleteBody" },
		{ { "Content-Length", "five" }, "InvalidArgument" },
		{ { "Content-Length", "5368709121" }, "EntityTooLarge" },
		{ { "Transfer-Encoding", "chunked" }, "MissingContentLength" },
	};
	struct scene scene;

	scene_begin(t, &scene);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct content content;
		headers_forget(&scene);
		for (size_t k = 0; k < 6 && rows[i].names_and_values[k]; k += 2)
			header(&scene, slice_of(rows[i].names_and_values[k]), slice_of(rows[i].names_and_values[k + 1]));
		int before = object_place_file_count(t, &scene.place);
		if (!CHECK_TEXT(t, upload(t, &scene, CHECKSUM_NONE, S("hello"), &content), slice_of(rows[i].want)))
			printf("# in row %zu\n", i);
		bool ok = strcmp(rows[i].want, "ok") == 0;
		CHECK_NUMBER(t, object_place_file_count(t, &scene.place), before + ok);
	}
	scene_end(&scene);
}

TEST(incoming_checks_the_hash_that_was_signed)
{
	struct sigv4_verified verified = { .payload = SIGV4_PAYLOAD_SIGNED, .payload_sha256 = S(SHA256_EMPTY_HEX) };
	struct content content;
	struct scene scene;

	scene_begin(t, &scene);
	header(&scene, S("Content-Length"), S("5"));
	scene.rest.verified = &verified;
	CHECK_TEXT(t, upload(t, &scene, CHECKSUM_NONE, S("hello"), &content), S("XAmzContentSHA256Mismatch"));
	verified.payload_sha256 = S("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
	CHECK_TEXT(t, upload(t, &scene, CHECKSUM_NONE, S("hello"), &content), S("ok"));
	CHECK_NUMBER(t, object_place_file_count(t, &scene.place), 1);
	scene_end(&scene);
}

TEST(incoming_takes_the_checksum_from_the_trailer_and_the_length_from_its_header)
{
	struct sigv4_verified verified = { .payload = SIGV4_PAYLOAD_UNSIGNED_TRAILER };
	struct content content;
	struct scene scene;

	scene_begin(t, &scene);
	header(&scene, S("Transfer-Encoding"), S("chunked"));
	header(&scene, S("x-amz-decoded-content-length"), S("5"));
	header(&scene, S("x-amz-trailer"), S("x-amz-checksum-crc32"));
	scene.rest.verified = &verified;
	CHECK_TEXT(t, upload(t, &scene, CHECKSUM_SHA256, S("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"), &content), S("ok"));
	CHECK_TEXT(t, content.checksum_algorithm, S("SHA256"));         /* its own, beside the client's */
	CHECK_NUMBER(t, content.bytes, 5);
	CHECK_TEXT(t, upload(t, &scene, CHECKSUM_NONE, S("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhw==\r\n\r\n"), &content), S("BadDigest"));
	CHECK_TEXT(t, upload(t, &scene, CHECKSUM_NONE, S("5\r\nhello\r\n0\r\n\r\n"), &content), S("MalformedTrailerError"));
	CHECK_TEXT(t, upload(t, &scene, CHECKSUM_NONE, S("5\r\nhello\r\n"), &content), S("IncompleteBody"));
	CHECK_NUMBER(t, object_place_file_count(t, &scene.place), 1);
	scene_end(&scene);
}

TEST(incoming_drops_aws_chunked_from_the_encoding)
{
	static const struct { struct slice sent, kept; } rows[] = {
		{ S_INIT("aws-chunked"), { NULL, 0 } }, { S_INIT("aws-chunked,gzip"), S_INIT("gzip") }, { S_INIT("gzip"), S_INIT("gzip") },
		{ S_INIT("gzip, AWS-Chunked ,br"), S_INIT("gzip,br") }, { { NULL, 0 }, { NULL, 0 } }, { S_INIT(""), { NULL, 0 } },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, incoming_encoding(&t->arena, rows[i].sent), rows[i].kept);
}
