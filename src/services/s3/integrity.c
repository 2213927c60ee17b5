/* services/s3/integrity.c: at most one digest of each kind is asked for, so the body is read at most twice. */
#include "services/s3/integrity.h"

#include "codec/base64.h"
#include "codec/checksum.h"
#include "services/rest_errors.h"

/* Deleting many, and writing what cannot be undone, is not left to chance. */
static bool is_required(struct slice operation)
{
	static const struct slice names[] = {
		S_INIT("DeleteObjects"), S_INIT("PutObjectLegalHold"), S_INIT("PutObjectLockConfiguration"), S_INIT("PutObjectRetention"),
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (slice_equal(operation, names[i]))
			return true;
	return false;
}

static bool check_md5(struct arena *arena, struct rest *rest, struct slice sent, struct error *err)
{
	struct slice want = base64_decode(arena, sent, NULL);
	unsigned char got[MD5_BYTES];

	if (!want.ptr || want.len != MD5_BYTES) {
		rest_add_element(rest, S("Content-MD5"), sent);
		return rest_errors_fail(err, ERR_INVALID, "InvalidDigest");
	}
	digest_md5(rest->body, got);
	if (memcmp(got, want.ptr, MD5_BYTES) == 0)
		return true;
	rest_add_element(rest, S("ExpectedDigest"), sent);
	rest_add_element(rest, S("CalculatedDigest"), base64_text(arena, (struct slice){ (const char *)got, MD5_BYTES }));
	return rest_errors_fail(err, ERR_INVALID, "BadDigest");
}

/* Of this request's own body: for CompleteMultipartUpload, say, the same headers speak of the object. */
static bool speaks_of_body(const struct operation_shape *operation)
{
	const struct shape_member *member = operation->input ? shape_member_find(operation->input, S("ChecksumAlgorithm")) : NULL;

	return member && slice_equal(member->xml_name, S("x-amz-sdk-checksum-algorithm"));
}

static bool is_value(struct slice name)
{
	static const struct slice others[] = { S_INIT("x-amz-checksum-algorithm"), S_INIT("x-amz-checksum-mode"), S_INIT("x-amz-checksum-type") };

	for (size_t i = 0; i < COUNT(others); i++)
		if (slice_equal_nocase(name, others[i]))
			return false;
	return slice_has_prefix_nocase(name, S("x-amz-checksum-"));
}

static bool check_sum(struct arena *arena, const struct rest *rest, const struct http_header *header, struct error *err)
{
	enum checksum_algorithm algorithm = checksum_of_header(header->name);
	struct slice want = base64_decode(arena, header->value, NULL);
	unsigned char got[CHECKSUM_BYTES_MAX];
	struct checksum checksum;

	if (algorithm == CHECKSUM_NONE)
		return fail_as(err, ERR_INVALID, "InvalidRequest", "spoor does not know the checksum of header %.*s.", SLICE_ARG(header->name));
	if (!want.ptr || want.len != checksum_bytes(algorithm))
		return fail_as(err, ERR_INVALID, "InvalidRequest", "Value for %.*s header is invalid.", SLICE_ARG(checksum_header(algorithm)));
	checksum_init(&checksum, algorithm);
	checksum_add(&checksum, rest->body);
	checksum_final(&checksum, got);
	return memcmp(got, want.ptr, want.len) == 0
	    || fail_as(err, ERR_INVALID, "BadDigest", "The %.*s you specified did not match the calculated checksum.",
	               SLICE_ARG(checksum_name(algorithm)));
}

bool integrity_check(struct arena *arena, const struct operation_shape *operation, struct rest *rest, struct error *err)
{
	struct slice md5 = rest_header(rest, S("Content-MD5"));
	const struct http_header *sum = NULL;

	if (!speaks_of_body(operation))
		return !md5.ptr || check_md5(arena, rest, md5, err);
	for (size_t i = 0; i < rest->header_count; i++) {
		if (!is_value(rest->headers[i].name))
			continue;
		if (sum)
			return fail_as(err, ERR_INVALID, "InvalidRequest",
				"Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
		sum = &rest->headers[i];
	}
	if (!md5.ptr && !sum && is_required(operation->name))
		return fail_as(err, ERR_INVALID, "InvalidRequest",
			"Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
	return (!md5.ptr || check_md5(arena, rest, md5, err)) && (!sum || check_sum(arena, rest, sum, err));
}
