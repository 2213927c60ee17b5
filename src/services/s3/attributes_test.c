/* services/s3/attributes_test.c: what headers become, and what is refused. */
#include "services/s3/attributes.h"

#include "bucket/headers.h"
#include "services/rest.h"
#include "tests/auth_catalog.h"

static const int64_t NOW_MS = INT64_C(1768471267000);

struct story {
	struct call   call;
	struct rest   rest;
	struct bucket bucket;
};

static bool attributes_of(struct test *t, struct story *story, const struct http_header *headers, size_t count, struct attributes *attributes)
{
	*story = (struct story){ .bucket = { .ownership = OWNERSHIP_ENFORCED, .has_object_lock = story->bucket.has_object_lock } };
	story->rest.headers = headers;
	story->rest.header_count = count;
	story->call.rest = &story->rest;
	story->call.now_ms = NOW_MS;
	arena_init(&story->call.arena, 1 << 20);
	bool is_good = attributes_read(&story->call, &story->bucket, attributes, &t->err);
	struct slice copy = arena_copy(&t->arena, attributes->headers), tags = arena_copy(&t->arena, attributes->tags);
	arena_fini(&story->call.arena);
	attributes->headers = copy;
	attributes->tags = tags;
	return is_good;
}

#define H(name, value) { S_INIT(name), S_INIT(value) }

TEST(headers_of_an_object_are_kept_as_they_were_sent)
{
	static const struct http_header headers[] = {
		H("Content-Type", "text/plain"), H("Content-Encoding", "aws-chunked, gzip"), H("Cache-Control", "no-store"),
		H("X-Amz-Meta-Team", "one"), H("x-amz-meta-TEAM", "two"), H("x-amz-meta-empty", ""), H("Expires", "whenever"),
		H("x-amz-tagging", "a=1&b="), H("x-amz-storage-class", "STANDARD_IA"), H("Authorization", "AWS4"), H("x-amz-meta-", "x"),
	};
	struct story story = { 0 };
	struct attributes attributes;

	CHECK(t, attributes_of(t, &story, headers, COUNT(headers), &attributes));
	CHECK_TEXT(t, attributes.headers, S("content-type: text/plain\ncontent-encoding: gzip\ncache-control: no-store\n"
	                                    "expires: whenever\nx-amz-meta-team: one,two\nx-amz-meta-empty: \n"));
	CHECK_TEXT(t, attributes.tags, S("a=1&b="));
	CHECK_TEXT(t, attributes.storage_class, S("STANDARD_IA"));
}

/* platform.md, trap 8. */
TEST(aws_chunked_is_never_stored_and_a_type_always)
{
	static const struct http_header headers[] = { H("Content-Encoding", "aws-chunked"), H("x-amz-storage-class", "STANDARD") };
	struct story story = { 0 };
	struct attributes attributes;

	CHECK(t, attributes_of(t, &story, headers, COUNT(headers), &attributes));
	CHECK_TEXT(t, attributes.headers, S("content-type: binary/octet-stream\n"));
	CHECK(t, !attributes.storage_class.ptr);
}

TEST(metadata_has_at_most_2_kilobytes)
{
	char value[2048];
	struct http_header header = { S("x-amz-meta-k"), { value, sizeof value - 1 } };
	struct story story = { 0 };
	struct attributes attributes;

	memset(value, 'v', sizeof value);
	CHECK(t, attributes_of(t, &story, &header, 1, &attributes));
	header.value.len++;
	CHECK(t, !attributes_of(t, &story, &header, 1, &attributes));
	CHECK_REFUSED(t, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
	CHECK_NUMBER(t, story.rest.elements.count, 2);
}

TEST(what_an_object_cannot_have_is_refused)
{
	static const struct { struct http_header header; const char *name, *message; } rows[] = {
		{ H("x-amz-acl", "public-read"), "AccessControlListNotSupported", "The bucket does not allow ACLs" },
		{ H("x-amz-grant-read", "id=x"), "AccessControlListNotSupported", "The bucket does not allow ACLs" },
		{ H("x-amz-acl", "bucket-owner-full-control"), NULL, NULL },
		{ H("x-amz-server-side-encryption", "AES256"), NULL, NULL },
		{ H("x-amz-server-side-encryption", "aws:kms"), "NotImplemented",
		  "spoor encrypts objects with keys of its own (AES256); it does not serve KMS (aws:kms) yet." },
		{ H("x-amz-server-side-encryption", "rot13"), "InvalidEncryptionAlgorithmError",
		  "The encryption request you specified is not valid. Supported value: AES256." },
		{ H("x-amz-server-side-encryption-aws-kms-key-id", "k"), "InvalidArgument", "Server Side Encryption with AWS KMS managed "
		  "key requires HTTP header x-amz-server-side-encryption : aws:kms" },
		{ H("x-amz-server-side-encryption-customer-algorithm", "AES256"), "NotImplemented",
		  "spoor does not take keys of customers (SSE-C)." },
		{ H("x-amz-storage-class", "SHELF"), "InvalidStorageClass", "The storage class you specified is not valid" },
		{ H("x-amz-storage-class", "GLACIER"), "NotImplemented", "spoor has no archive to restore from (GLACIER)." },
		{ H("x-amz-tagging", "aws:x=1"), "InvalidTag", "System tags cannot be added/updated by requester" },
		{ H("x-amz-object-lock-legal-hold", "ON"), "InvalidRequest", "Bucket is missing Object Lock Configuration" },
		{ H("x-amz-object-lock-legal-hold", "MAYBE"), "InvalidArgument", "Legal Hold must be either of 'ON' or 'OFF'" },
		{ H("x-amz-object-lock-retain-until-date", "soon"), "InvalidArgument",
		  "The retain until date must be provided in ISO 8601 format" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct story story = { 0 };
		struct attributes attributes;
		CHECK(t, attributes_of(t, &story, &rows[i].header, 1, &attributes) == !rows[i].name);
		if (rows[i].name)
			CHECK_REFUSED(t, rows[i].name, rows[i].message);
	}
}

TEST(lock_headers_become_a_retention)
{
	static const struct http_header headers[] = {
		H("x-amz-object-lock-mode", "COMPLIANCE"), H("x-amz-object-lock-retain-until-date", "2026-02-01T00:00:00Z"),
		H("x-amz-object-lock-legal-hold", "ON"),
	};
	struct story story = { .bucket = { .has_object_lock = true } };
	struct attributes attributes;

	CHECK(t, attributes_of(t, &story, headers, COUNT(headers), &attributes));
	CHECK_TEXT(t, attributes.lock_mode, S("COMPLIANCE"));
	CHECK_NUMBER(t, attributes.retain_until_ms, INT64_C(1769904000000));
	CHECK(t, attributes.has_legal_hold);
}
