/* services/s3/incoming.c: one MD5 always, as the ETag; SHA-256 only where it was signed; checksums as asked. */
#include "services/s3/incoming.h"

#include "auth/aws_chunked.h"
#include "auth/keyring.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "services/rest.h"
#include "store/object_writer.h"

struct incoming {
	uint64_t              bytes_expected, bytes;
	bool                  is_framed, is_hashed, has_md5, is_named, has_trailer;
	unsigned char         md5_wanted[MD5_BYTES];
	struct slice          sha256_wanted;                    /* hex */
	enum checksum_algorithm asked;                          /* the client's, or CHECKSUM_NONE */
	struct slice          checksum_wanted;                  /* base64; SLICE_NONE: in the trailer, or not said */

	struct digest_md5     md5;
	struct digest_sha256  sha256;
	struct checksum       sums[2];                          /* the client's, our own */
	size_t                sum_count;
	struct aws_chunked    chunked;

	unsigned char         key[OBJECT_KEY_BYTES];
	struct object_writer *writer;                           /* made with the first byte */
};

static bool fail_request(struct error *err, const char *text)
{
	return fail_as(err, ERR_INVALID, "InvalidRequest", "%s", text);
}

/* ---- what the headers say ---- */

static bool read_length(const struct call *call, struct incoming *incoming, struct error *err)
{
	struct rest *rest = call->rest;
	struct slice text = rest_header(rest, incoming->is_framed ? S("x-amz-decoded-content-length") : S("Content-Length"));

	if (!text.ptr)
		return fail_as(err, ERR_INVALID, "MissingContentLength", "You must provide the Content-Length HTTP header.");
	if (!slice_to_u64(text, &incoming->bytes_expected))
		return fail_as(err, ERR_INVALID, "InvalidArgument", "The length of the body is not a number: %.*s", SLICE_ARG(text));
	rest->bytes_in = incoming->bytes_expected;
	if (incoming->bytes_expected <= (uint64_t)S3_PUT_BYTES_MAX)
		return true;
	rest_add_element(rest, S("ProposedSize"), text);
	rest_add_element(rest, S("MaxSizeAllowed"), S("5368709120"));
	return fail_as(err, ERR_INVALID, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
}

static bool read_md5(struct call *call, struct incoming *incoming, struct error *err)
{
	struct slice text = rest_header(call->rest, S("Content-MD5"));

	if (!text.ptr)
		return true;
	struct slice raw = base64_decode(&call->arena, text, NULL);
	if (raw.len != MD5_BYTES) {
		rest_add_element(call->rest, S("Content-MD5"), text);
		return fail_as(err, ERR_INVALID, "InvalidDigest", "The Content-MD5 you specified was invalid.");
	}
	incoming->has_md5 = true;
	memcpy(incoming->md5_wanted, raw.ptr, MD5_BYTES);
	return true;
}

/* x-amz-checksum-NAME headers that carry a value, not x-amz-checksum-mode and its kin. */
static bool read_checksum_header(struct call *call, struct incoming *incoming, const struct http_header *header, struct error *err)
{
	static const struct slice others[] = { S_INIT("x-amz-checksum-mode"), S_INIT("x-amz-checksum-algorithm"), S_INIT("x-amz-checksum-type") };
	enum checksum_algorithm algorithm = checksum_of_header(header->name);

	for (size_t i = 0; i < COUNT(others); i++)
		if (slice_equal_nocase(header->name, others[i]))
			return true;
	if (algorithm == CHECKSUM_NONE)
		return fail_request(err, "The algorithm type you specified in x-amz-checksum- header is invalid.");
	if (incoming->asked != CHECKSUM_NONE)
		return fail_request(err, "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
	struct slice raw = base64_decode(&call->arena, header->value, NULL);
	if (raw.len != checksum_bytes(algorithm))
		return fail_as(err, ERR_INVALID, "InvalidRequest", "Value for %.*s header is invalid.", SLICE_ARG(checksum_header(algorithm)));
	incoming->asked = algorithm;
	incoming->checksum_wanted = header->value;
	return true;
}

static bool read_trailer_names(struct call *call, struct incoming *incoming, struct error *err)
{
	struct slice rest = rest_header(call->rest, S("x-amz-trailer"));

	while (rest.ptr) {
		struct slice name;
		rest = slice_cut(rest, ',', &name);
		name = slice_trim(name);
		if (!slice_has_prefix_nocase(name, S("x-amz-checksum-")))
			continue;
		enum checksum_algorithm algorithm = checksum_of_header(name);
		if (algorithm == CHECKSUM_NONE || !incoming->has_trailer)
			return fail_request(err, "The value specified in the x-amz-trailer header is not supported");
		if (incoming->asked != CHECKSUM_NONE)
			return fail_request(err, "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
		incoming->asked = algorithm;
	}
	return true;
}

static bool read_checksums(struct call *call, struct incoming *incoming, struct error *err)
{
	struct rest *rest = call->rest;
	struct slice named = rest_header(rest, S("x-amz-sdk-checksum-algorithm"));

	for (size_t i = 0; i < rest->header_count; i++)
		if (slice_has_prefix_nocase(rest->headers[i].name, S("x-amz-checksum-"))
		    && !read_checksum_header(call, incoming, &rest->headers[i], err))
			return false;
	if (!read_trailer_names(call, incoming, err))
		return false;
	if (!named.ptr)
		return true;
	if (checksum_of_name(named) == CHECKSUM_NONE)
		return fail_request(err, "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
		                         "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
	if (incoming->asked == CHECKSUM_NONE)
		return fail_request(err, "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer "
		                         "headers were found.");
	return checksum_of_name(named) == incoming->asked || fail_request(err, "Value for x-amz-sdk-checksum-algorithm header is invalid.");
}

bool incoming_open(struct call *call, enum checksum_algorithm own, struct error *err)
{
	struct incoming *incoming = xcalloc(1, sizeof *incoming);
	const struct sigv4_verified *verified = call->rest->verified;

	call->rest->incoming = incoming;
	incoming->asked = CHECKSUM_NONE;
	incoming->is_framed = verified && verified->payload >= SIGV4_PAYLOAD_CHUNKS;
	incoming->has_trailer = incoming->is_framed && verified->payload != SIGV4_PAYLOAD_CHUNKS;
	incoming->is_hashed = verified && verified->payload == SIGV4_PAYLOAD_SIGNED;
	incoming->sha256_wanted = incoming->is_hashed ? verified->payload_sha256 : SLICE_NONE;
	if (!read_length(call, incoming, err) || !read_md5(call, incoming, err) || !read_checksums(call, incoming, err))
		return false;
	if (incoming->is_framed)
		aws_chunked_init(&incoming->chunked, verified, incoming->bytes_expected, rest_header(call->rest, S("x-amz-trailer")));
	digest_md5_init(&incoming->md5);
	digest_sha256_init(&incoming->sha256);
	if (incoming->asked != CHECKSUM_NONE)
		checksum_init(&incoming->sums[incoming->sum_count++], incoming->asked);
	if (own == CHECKSUM_NONE && incoming->asked == CHECKSUM_NONE)
		own = CHECKSUM_CRC64NVME;
	if (own != CHECKSUM_NONE && own != incoming->asked)
		checksum_init(&incoming->sums[incoming->sum_count++], own);
	return true;
}

void incoming_open_copy(struct call *call, uint64_t bytes, enum checksum_algorithm own)
{
	struct incoming *incoming = xcalloc(1, sizeof *incoming);

	call->rest->incoming = incoming;
	incoming->asked = CHECKSUM_NONE;
	incoming->bytes_expected = bytes;
	digest_md5_init(&incoming->md5);
	checksum_init(&incoming->sums[incoming->sum_count++], own);
}

/* ---- the bytes ---- */

static bool take_data(struct call *call, struct slice data, struct error *err)
{
	struct incoming *incoming = call->rest->incoming;

	if (data.len == 0)
		return true;
	if (data.len > incoming->bytes_expected - incoming->bytes)
		return fail_as(err, ERR_INVALID, "IncompleteBody", "The request body terminated unexpectedly");
	if (!incoming->writer) {
		random_bytes(call->random, incoming->key, sizeof incoming->key);
		incoming->writer = object_create(call->environment->objects, incoming->key, call->random, err);
		if (!incoming->writer)
			return false;
	}
	incoming->bytes += data.len;
	digest_md5_add(&incoming->md5, data);
	if (incoming->is_hashed)
		digest_sha256_add(&incoming->sha256, data);
	for (size_t i = 0; i < incoming->sum_count; i++)
		checksum_add(&incoming->sums[i], data);
	return object_append(incoming->writer, data, err);
}

bool incoming_take(struct call *call, struct slice window, struct error *err)
{
	struct incoming *incoming = call->rest->incoming;

	if (!incoming->is_framed)
		return take_data(call, window, err);
	while (window.len > 0) {
		struct slice data;
		if (!aws_chunked_next(&incoming->chunked, &window, &data, err) || !take_data(call, data, err))
			return false;
	}
	return true;
}

/* ---- the end ---- */

static bool fail_digest(struct call *call, struct slice wanted, struct slice found, struct error *err)
{
	rest_add_element(call->rest, S("ExpectedDigest"), wanted);
	rest_add_element(call->rest, S("CalculatedDigest"), found);
	return fail_as(err, ERR_INVALID, "BadDigest", "The Content-MD5 you specified did not match what we received.");
}

static bool check_md5(struct call *call, const unsigned char md5[MD5_BYTES], struct error *err)
{
	const struct incoming *incoming = call->rest->incoming;

	if (!incoming->has_md5 || memcmp(md5, incoming->md5_wanted, MD5_BYTES) == 0)
		return true;
	return fail_digest(call, rest_header(call->rest, S("Content-MD5")),
	                   base64_text(&call->arena, (struct slice){ (const char *)md5, MD5_BYTES }), err);
}

static bool check_sha256(struct call *call, struct error *err)
{
	struct incoming *incoming = call->rest->incoming;
	unsigned char sha256[SHA256_BYTES];

	if (!incoming->is_hashed)
		return true;
	digest_sha256_final(&incoming->sha256, sha256);
	struct slice found = hex_text(&call->arena, (struct slice){ (const char *)sha256, sizeof sha256 });
	if (slice_equal(found, incoming->sha256_wanted))
		return true;
	rest_add_element(call->rest, S("ClientComputedContentSHA256"), incoming->sha256_wanted);
	rest_add_element(call->rest, S("S3ComputedContentSHA256"), found);
	return fail_as(err, ERR_INVALID, "XAmzContentSHA256Mismatch",
	               "The provided 'x-amz-content-sha256' header does not match what was computed.");
}

static bool check_checksum(struct call *call, struct slice found, struct error *err)
{
	const struct incoming *incoming = call->rest->incoming;
	struct slice wanted = incoming->checksum_wanted;

	if (incoming->asked == CHECKSUM_NONE)
		return true;
	if (!wanted.ptr)
		wanted = aws_chunked_trailer(&incoming->chunked, checksum_header(incoming->asked));
	return slice_equal(wanted, found)
	    || fail_as(err, ERR_INVALID, "BadDigest", "The %.*s you specified did not match the calculated checksum.",
	               SLICE_ARG(checksum_name(incoming->asked)));
}

static bool finish_file(struct call *call, struct content *content, struct error *err)
{
	struct incoming *incoming = call->rest->incoming;
	struct object_facts facts;

	content->bytes = (int64_t)incoming->bytes;
	content->file = content->sealed_key = SLICE_NONE;
	if (!incoming->writer)
		return true;                             /* nothing is in no file */
	if (!object_finish(incoming->writer, &facts, err))
		return false;
	incoming->is_named = true;
	content->file = arena_copy(&call->arena, (struct slice){ facts.name, sizeof facts.name });
	content->sealed_key = keyring_seal(call->environment->keyring, KEYRING_OBJECT_KEY, content->file,
	                                   (struct slice){ (const char *)incoming->key, sizeof incoming->key }, call->random, &call->arena);
	return true;
}

bool incoming_end(struct call *call, struct content *content, struct incoming_checksum *made, struct error *err)
{
	struct incoming *incoming = call->rest->incoming;
	unsigned char md5[MD5_BYTES], raw[CHECKSUM_BYTES_MAX];
	struct incoming_checksum sums[2];

	if (incoming->is_framed ? !aws_chunked_end(&incoming->chunked, err) : incoming->bytes != incoming->bytes_expected)
		return incoming->is_framed ? false
		       : fail_as(err, ERR_INVALID, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length "
		                 "HTTP header");
	digest_md5_final(&incoming->md5, md5);
	for (size_t i = 0; i < incoming->sum_count; i++) {
		size_t bytes = checksum_final(&incoming->sums[i], raw);
		sums[i].algorithm = incoming->sums[i].algorithm;
		sums[i].value = base64_text(&call->arena, (struct slice){ (const char *)raw, bytes });
	}
	if (!check_sha256(call, err) || !check_md5(call, md5, err) || !check_checksum(call, sums[0].value, err))
		return false;
	content->etag = hex_text(&call->arena, (struct slice){ (const char *)md5, sizeof md5 });
	content->checksum_algorithm = checksum_name(sums[incoming->sum_count - 1].algorithm);
	content->checksum = sums[incoming->sum_count - 1].value;
	content->checksum_type = S("FULL_OBJECT");
	if (made)
		*made = sums[0];
	return finish_file(call, content, err);
}

void incoming_close(struct incoming *incoming, bool may_be_named)
{
	if (!incoming)
		return;
	if (may_be_named && incoming->is_named)
		object_writer_close(incoming->writer);
	else
		object_abort(incoming->writer);
	aws_chunked_fini(&incoming->chunked);
	digest_wipe(incoming->key, sizeof incoming->key);
	free(incoming);
}

struct slice incoming_encoding(struct arena *arena, struct slice content_encoding)
{
	struct slice rest = content_encoding, kept = SLICE_NONE;

	while (rest.ptr) {
		struct slice one;
		rest = slice_cut(rest, ',', &one);
		one = slice_trim(one);
		if (one.len == 0 || slice_equal_nocase(one, S("aws-chunked")))
			continue;
		kept = kept.ptr ? arena_format(arena, "%.*s,%.*s", SLICE_ARG(kept), SLICE_ARG(one)) : one;
	}
	return kept;
}
