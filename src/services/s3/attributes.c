/* services/s3/attributes.c: headers in, one struct out. */
#include "services/s3/attributes.h"

#include "base/clock.h"
#include "base/limits.h"
#include "bucket/bucket_put.h"
#include "bucket/headers.h"
#include "bucket/tags.h"
#include "services/rest.h"
#include "services/s3/access.h"

static const struct slice META = S_INIT("x-amz-meta-");

/* ---- metadata ---- */

/* "aws-chunked" is how the body travelled, not what it is. Source: "Signature Calculations ... Chunked Upload". */
static struct slice without_aws_chunked(struct arena *arena, struct slice encoding)
{
	struct slice rest = encoding, one;
	struct buffer out;

	if (!encoding.ptr)
		return SLICE_NONE;
	buffer_init(&out, arena, SIZE_MAX);
	while (rest.ptr) {
		rest = slice_cut(rest, ',', &one);
		one = slice_trim(one);
		if (slice_equal_nocase(one, S("aws-chunked")) || one.len == 0)
			continue;
		if (out.len)
			buffer_byte(&out, ',');
		buffer_add(&out, one);
	}
	return out.len ? buffer_slice(&out) : SLICE_NONE;
}

/* The values of all headers with that name, joined by commas, as a proxy would join them. */
static struct slice joined(struct call *call, struct slice name)
{
	const struct rest *rest = call->rest;
	struct slice value = SLICE_NONE;

	for (size_t i = 0; i < rest->header_count; i++) {
		if (!slice_equal_nocase(rest->headers[i].name, name))
			continue;
		value = value.ptr ? arena_format(&call->arena, "%.*s,%.*s", SLICE_ARG(value), SLICE_ARG(rest->headers[i].value))
		                  : rest->headers[i].value;
	}
	return value;
}

static bool came_before(const struct rest *rest, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (slice_equal_nocase(rest->headers[i].name, rest->headers[index].name))
			return true;
	return false;
}

/* Adds the user's metadata. False if it is too much: names and values count. */
static bool add_user_metadata(struct call *call, struct buffer *out, struct error *err)
{
	const struct rest *rest = call->rest;
	size_t bytes = 0;

	for (size_t i = 0; i < rest->header_count; i++) {
		struct slice name = rest->headers[i].name;
		if (!slice_has_prefix_nocase(name, META) || name.len == META.len || came_before(rest, i))
			continue;
		struct slice value = joined(call, name);
		bytes += name.len - META.len + value.len;
		headers_add(out, name, value.ptr ? value : S(""));
	}
	if (bytes <= S3_METADATA_BYTES_MAX)
		return true;
	rest_add_element(call->rest, S("Size"), arena_format(&call->arena, "%zu", bytes));
	rest_add_element(call->rest, S("MaxSizeAllowed"), arena_format(&call->arena, "%d", S3_METADATA_BYTES_MAX));
	return fail_as(err, ERR_INVALID, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
}

struct slice attributes_headers(struct call *call, struct error *err)
{
	static const struct slice simple[] = {
		S_INIT("cache-control"), S_INIT("content-disposition"), S_INIT("content-language"), S_INIT("expires"),
		S_INIT("x-amz-website-redirect-location"),
	};
	struct slice type = rest_header(call->rest, S("content-type"));
	struct buffer out;

	buffer_init(&out, &call->arena, HTTP_HEAD_BYTES_MAX);
	headers_add(&out, S("content-type"), type.len ? type : S("binary/octet-stream"));
	headers_add(&out, S("content-encoding"), without_aws_chunked(&call->arena, joined(call, S("content-encoding"))));
	for (size_t i = 0; i < COUNT(simple); i++)
		headers_add(&out, simple[i], rest_header(call->rest, simple[i]));
	return add_user_metadata(call, &out, err) && buffer_check(&out, err) ? buffer_slice(&out) : SLICE_NONE;
}

bool attributes_tags(struct call *call, struct slice *tags, struct error *err)
{
	struct tag_list list;

	if (!tags_read(&call->arena, rest_header(call->rest, S("x-amz-tagging")), &list, err)
	    || !tags_check(&list, TAGS_OF_OBJECT, err))
		return false;
	*tags = tags_write(&call->arena, &list);
	return true;
}

/* ---- ACLs and encryption: what is refused ---- */

bool attributes_check_acl(struct call *call, bool allows_private, struct error *err)
{
	static const struct slice grants[] = {
		S_INIT("x-amz-grant-full-control"), S_INIT("x-amz-grant-read"), S_INIT("x-amz-grant-read-acp"),
		S_INIT("x-amz-grant-write"), S_INIT("x-amz-grant-write-acp"),
	};
	struct slice acl = rest_header(call->rest, S("x-amz-acl"));
	bool is_good = !acl.ptr || slice_equal(acl, S("bucket-owner-full-control"))
	            || (allows_private && slice_equal(acl, S("private")));

	for (size_t i = 0; i < COUNT(grants); i++)
		is_good = is_good && !rest_header(call->rest, grants[i]).ptr;
	return is_good || fail_as(err, ERR_INVALID, "AccessControlListNotSupported", "The bucket does not allow ACLs");
}

static bool check_encryption(struct call *call, struct error *err)
{
	static const struct slice customer[] = {
		S_INIT("x-amz-server-side-encryption-customer-algorithm"), S_INIT("x-amz-server-side-encryption-customer-key"),
		S_INIT("x-amz-copy-source-server-side-encryption-customer-algorithm"),
	};
	struct slice algorithm = rest_header(call->rest, S("x-amz-server-side-encryption"));
	bool has_key = rest_header(call->rest, S("x-amz-server-side-encryption-aws-kms-key-id")).ptr != NULL;

	for (size_t i = 0; i < COUNT(customer); i++)
		if (rest_header(call->rest, customer[i]).ptr)
			return fail_as(err, ERR_INVALID, "NotImplemented", "spoor does not take keys of customers (SSE-C).");
	if (slice_equal(algorithm, S("aws:kms")) || slice_equal(algorithm, S("aws:kms:dsse")))
		return fail_as(err, ERR_INVALID, "NotImplemented",
		               "spoor encrypts objects with keys of its own (AES256); it does not serve KMS (%.*s) yet.",
		               SLICE_ARG(algorithm));
	if (algorithm.ptr && !slice_equal(algorithm, S("AES256")))
		return fail_as(err, ERR_INVALID, "InvalidEncryptionAlgorithmError",
		               "The encryption request you specified is not valid. Supported value: AES256.");
	return !has_key || fail_as(err, ERR_INVALID, "InvalidArgument",
	                           "Server Side Encryption with AWS KMS managed key requires HTTP header "
	                           "x-amz-server-side-encryption : aws:kms");
}

bool attributes_check(struct call *call, const struct bucket *bucket, struct error *err)
{
	return attributes_check_acl(call, bucket->ownership != OWNERSHIP_ENFORCED, err) && check_encryption(call, err);
}

/* ---- class and lock ---- */

static bool read_class(struct call *call, struct attributes *attributes, struct error *err)
{
	static const struct slice classes[] = {
		S_INIT("REDUCED_REDUNDANCY"), S_INIT("STANDARD_IA"), S_INIT("ONEZONE_IA"), S_INIT("INTELLIGENT_TIERING"),
		S_INIT("GLACIER_IR"),
	};
	struct slice class = rest_header(call->rest, S("x-amz-storage-class"));

	attributes->storage_class = SLICE_NONE;
	if (!class.ptr || slice_equal(class, S("STANDARD")))
		return true;
	for (size_t i = 0; i < COUNT(classes); i++)
		if (slice_equal(class, classes[i])) {
			attributes->storage_class = class;
			return true;
		}
	if (slice_equal(class, S("GLACIER")) || slice_equal(class, S("DEEP_ARCHIVE")))
		return fail_as(err, ERR_INVALID, "NotImplemented", "spoor has no archive to restore from (%.*s).", SLICE_ARG(class));
	rest_add_element(call->rest, S("StorageClassRequested"), class);
	return fail_as(err, ERR_INVALID, "InvalidStorageClass", "The storage class you specified is not valid");
}

bool attributes_class_and_lock(struct call *call, const struct bucket *bucket, struct attributes *attributes,
                               struct error *err)
{
	struct slice until = rest_header(call->rest, S("x-amz-object-lock-retain-until-date"));
	struct slice hold = rest_header(call->rest, S("x-amz-object-lock-legal-hold"));
	int64_t until_ms = 0;

	attributes->lock_mode = rest_header(call->rest, S("x-amz-object-lock-mode"));
	attributes->has_legal_hold = slice_equal(hold, S("ON"));
	if (hold.ptr && !attributes->has_legal_hold && !slice_equal(hold, S("OFF")))
		return fail_as(err, ERR_INVALID, "InvalidArgument", "Legal Hold must be either of 'ON' or 'OFF'");
	if (until.ptr && !time_parse_iso(until, &until_ms))
		return fail_as(err, ERR_INVALID, "InvalidArgument", "The retain until date must be provided in ISO 8601 format");
	attributes->retain_until_ms = until_ms;
	return read_class(call, attributes, err) && bucket_put_lock(bucket, call->now_ms, attributes, err);
}

bool attributes_read(struct call *call, const struct bucket *bucket, struct attributes *attributes, struct error *err)
{
	*attributes = (struct attributes){ 0 };
	if (!attributes_check(call, bucket, err))
		return false;
	attributes->headers = attributes_headers(call, err);
	return attributes->headers.ptr && attributes_tags(call, &attributes->tags, err)
	    && attributes_class_and_lock(call, bucket, attributes, err);
}

bool attributes_ask(struct call *call, const struct bucket *bucket, struct slice key, const struct context *context,
                    struct error *err)
{
	static const struct { struct slice header; const char *action; } rows[] = {
		{ S_INIT("x-amz-tagging"),                "s3:PutObjectTagging" },
		{ S_INIT("x-amz-object-lock-mode"),       "s3:PutObjectRetention" },
		{ S_INIT("x-amz-object-lock-legal-hold"), "s3:PutObjectLegalHold" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (rest_header(call->rest, rows[i].header).ptr && !access_ask(call, bucket, rows[i].action, key, context, err))
			return false;
	return true;
}

bool attributes_authorise(struct call *call, const void *input, struct error *err)
{
	const struct bucket *bucket;
	struct context context;

	if (!access_object(call, input, err))
		return false;
	bucket = access_bucket_now(call, err);
	if (!bucket)
		return false;
	access_context(call, input, bucket, &context);
	return attributes_ask(call, bucket, call->rest->key, &context, err);
}
