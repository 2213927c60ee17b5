/* auth/sigv4_sign.c: signing is verification's canonical request, written by the other side. */
#include "auth/sigv4_sign.h"
#include "auth/sigv4_canonical.h"
#include "auth/sigv4_keys.h"
#include "base/clock.h"
#include "codec/hex.h"
#include "codec/uri.h"

enum { HEADERS_ADDED_MAX = 4 };

/* Proxies change these on the way. */
static const struct slice never_signed[] = {
	S_INIT("authorization"), S_INIT("connection"), S_INIT("expect"), S_INIT("transfer-encoding"), S_INIT("user-agent"),
	S_INIT("x-amzn-trace-id"),
};

static bool is_signed(struct slice name)
{
	for (size_t i = 0; i < COUNT(never_signed); i++)
		if (slice_equal_nocase(name, never_signed[i]))
			return false;
	return true;
}

static int compare_names(const void *left, const void *right)
{
	const struct slice *a = left, *b = right;

	return slice_compare_nocase(*a, *b);
}

static struct slice signed_list(struct arena *arena, const struct sigv4_request *request)
{
	struct slice *names = arena_array(arena, request->header_count, sizeof *names);
	size_t count = 0, bytes = 0;
	struct buffer list;

	for (size_t i = 0; i < request->header_count; i++)
		if (is_signed(request->headers[i].name)) {
			names[count++] = request->headers[i].name;
			bytes += request->headers[i].name.len + 1;
		}
	qsort(names, count, sizeof *names, compare_names);
	buffer_init(&list, arena, bytes);
	for (size_t i = 0; i < count; i++) {
		if (i && slice_equal_nocase(names[i], names[i - 1]))
			continue;
		if (i)
			buffer_byte(&list, ';');
		for (size_t c = 0; c < names[i].len; c++)
			buffer_byte(&list, (char)(names[i].ptr[c] >= 'A' && names[i].ptr[c] <= 'Z' ? names[i].ptr[c] | 0x20
			                                                                           : names[i].ptr[c]));
	}
	return buffer_slice(&list);
}

static struct slice payload_hash(struct arena *arena, const struct sigv4_request *request)
{
	struct slice said = sigv4_canonical_header(request, S("x-amz-content-sha256"), NULL);

	return said.ptr ? said : digest_sha256_hex(request->body, arena_alloc(arena, SHA256_HEX_BYTES));
}

/* Key id/date/region/service/aws4_request. */
static struct slice credential_text(struct arena *arena, const struct sigv4_credentials *credentials, struct slice time)
{
	return arena_format(arena, "%.*s/%.*s/%.*s/%.*s/aws4_request", SLICE_ARG(credentials->access_key_id),
	                    SLICE_ARG(slice_sub(time, 0, 8)), SLICE_ARG(credentials->region),
	                    SLICE_ARG(credentials->service));
}

/* The signature in hex; SLICE_NONE for a broken escape in the target. */
static struct slice sign(struct arena *arena, const struct sigv4_request *request,
                         const struct sigv4_credentials *credentials, struct slice time, struct slice signed_headers,
                         struct slice hash)
{
	struct sigv4_claim claim = { .date = slice_sub(time, 0, 8), .region = credentials->region,
	                             .service = credentials->service };
	struct slice scope = slice_from(credential_text(arena, credentials, time), credentials->access_key_id.len + 1);
	struct digest_hmac_sha256 key;
	unsigned char mac[SHA256_BYTES];
	enum sigv4_reason reason;
	struct slice canonical = sigv4_canonical_request(arena, request, signed_headers, hash,
	                                                 slice_equal(credentials->service, S("s3")), &reason);

	if (!canonical.ptr)
		return SLICE_NONE;
	sigv4_keys_derive(&claim, credentials->secret, &key);
	digest_hmac_sha256_add(&key, sigv4_canonical_string_to_sign(arena, time, scope, canonical));
	digest_hmac_sha256_final(&key, mac);
	digest_wipe(&key, sizeof key);
	return hex_text(arena, (struct slice){ (const char *)mac, sizeof mac });
}

static bool refuse(struct error *err)
{
	return fail(err, ERR_INVALID, "The request target has a broken escape and cannot be signed.");
}

bool sigv4_sign_request(struct arena *arena, struct sigv4_request *request, const struct sigv4_credentials *credentials,
                        int64_t time_ms, struct error *err)
{
	size_t count = request->header_count;
	struct http_header *headers = arena_array(arena, count + HEADERS_ADDED_MAX, sizeof *headers);
	struct slice time = time_basic(time_ms, arena_alloc(arena, TIME_TEXT_BYTES)), hash = payload_hash(arena, request);
	bool is_s3 = slice_equal(credentials->service, S("s3"));

	assert(sigv4_canonical_header(request, S("host"), NULL).ptr);
	if (count)
		memcpy(headers, request->headers, count * sizeof *headers);
	headers[count++] = (struct http_header){ S("X-Amz-Date"), time };
	if (credentials->token.ptr)
		headers[count++] = (struct http_header){ S("X-Amz-Security-Token"), credentials->token };
	if (is_s3 && !sigv4_canonical_header(request, S("x-amz-content-sha256"), NULL).ptr)
		headers[count++] = (struct http_header){ S("X-Amz-Content-Sha256"), hash };
	struct sigv4_request whole = *request;
	whole.headers = headers;
	whole.header_count = count;
	struct slice list = signed_list(arena, &whole);
	struct slice signature = sign(arena, &whole, credentials, time, list, hash);
	if (!signature.ptr)
		return refuse(err);
	struct slice authorization = arena_format(arena, "AWS4-HMAC-SHA256 Credential=%.*s, SignedHeaders=%.*s, Signature=%.*s",
	                                          SLICE_ARG(credential_text(arena, credentials, time)), SLICE_ARG(list),
	                                          SLICE_ARG(signature));
	headers[whole.header_count++] = (struct http_header){ S("Authorization"), authorization };
	*request = whole;
	return true;
}

static void add_parameter(struct buffer *target, const char *name, struct slice value)
{
	buffer_printf(target, "&%s=", name);
	uri_encode(target, value, URI_ENCODE_SLASH);
}

bool sigv4_sign_target(struct arena *arena, struct sigv4_request *request, const struct sigv4_credentials *credentials,
                       int64_t time_ms, int64_t expires_s, struct error *err)
{
	struct slice time = time_basic(time_ms, arena_alloc(arena, TIME_TEXT_BYTES)), list = signed_list(arena, request);
	struct slice hash = slice_equal(credentials->service, S("s3")) ? S("UNSIGNED-PAYLOAD") : payload_hash(arena, request);
	struct sigv4_request whole = *request;
	struct buffer target;

	buffer_init(&target, arena, request->target.len + 3 * (credentials->token.len + list.len) + 1024);
	buffer_add(&target, request->target);
	buffer_add(&target, slice_find_byte(request->target, '?') == SLICE_NPOS ? S("?") : S("&"));
	buffer_add(&target, S("X-Amz-Algorithm=AWS4-HMAC-SHA256"));
	add_parameter(&target, "X-Amz-Credential", credential_text(arena, credentials, time));
	add_parameter(&target, "X-Amz-Date", time);
	add_parameter(&target, "X-Amz-Expires", arena_format(arena, "%" PRId64, expires_s));
	add_parameter(&target, "X-Amz-SignedHeaders", list);
	if (credentials->token.ptr)
		add_parameter(&target, "X-Amz-Security-Token", credentials->token);
	whole.target = buffer_slice(&target);
	struct slice signature = sign(arena, &whole, credentials, time, list, hash);
	if (!signature.ptr)
		return refuse(err);
	add_parameter(&target, "X-Amz-Signature", signature);
	request->target = buffer_slice(&target);
	return true;
}
