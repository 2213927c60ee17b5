/* auth/sigv4.c: the checks of a claim against a secret, each a step, in the order that decides which error is told. */
#include "auth/sigv4_canonical.h"
#include "auth/sigv4_keys.h"
#include "base/clock.h"
#include "base/limits.h"
#include "codec/hex.h"
#include "codec/uri.h"

struct check {
	struct arena                   *arena;
	const struct sigv4_request     *request;
	const struct sigv4_claim       *claim;
	const struct sigv4_expectation *expectation;
	struct slice                    secret;
	struct sigv4_keys              *keys;
	bool                            is_s3;

	char                            time_text[TIME_TEXT_BYTES];
	struct slice                    time;          /* yyyymmddThhmmssZ, in time_text */
	struct slice                    payload_hash;  /* the canonical request's last line */
	struct sigv4_verified          *verified;
	struct sigv4_refusal           *refusal;
};

static bool refuse(struct check *check, enum sigv4_reason reason, struct slice detail)
{
	check->refusal->reason = reason;
	check->refusal->detail = detail;
	return false;
}

/* ---- scope ---- */

static bool refuse_scope(struct check *check, struct slice detail)
{
	bool is_query_error = check->is_s3 && check->claim->is_presigned;

	return refuse(check, is_query_error ? SIGV4_MALFORMED_QUERY : SIGV4_WRONG_SCOPE, detail);
}

static bool check_scope(struct check *check)
{
	const struct sigv4_claim *claim = check->claim;
	struct slice date = slice_sub(check->time, 0, 8), service = check->expectation->service;

	if (!slice_equal(claim->terminator, S("aws4_request")))
		return refuse_scope(check, arena_format(check->arena, "Credential should be scoped with a valid terminator: "
		                                        "'aws4_request', not '%.*s'.", SLICE_ARG(claim->terminator)));
	if (!slice_equal(claim->date, date))
		return refuse_scope(check, arena_format(check->arena, "Date in Credential scope does not match YYYYMMDD from "
		                                        "ISO-8601 version of date from HTTP: '%.*s' != '%.*s', from '%.*s'.",
		                                        SLICE_ARG(claim->date), SLICE_ARG(date), SLICE_ARG(check->time)));
	if (check->expectation->region.ptr && !slice_equal(claim->region, check->expectation->region))
		return refuse(check, SIGV4_WRONG_REGION,
		              check->is_s3 ? arena_format(check->arena, "The authorization header is malformed; the region "
		                                          "'%.*s' is wrong; expecting '%.*s'", SLICE_ARG(claim->region),
		                                          SLICE_ARG(check->expectation->region))
		                           : arena_format(check->arena, "Credential should be scoped to a valid region, not "
		                                          "'%.*s'.", SLICE_ARG(claim->region)));
	return slice_equal(claim->service, service)
	       || refuse_scope(check, arena_format(check->arena, "Credential should be scoped to correct service: '%.*s'.",
	                                           SLICE_ARG(service)));
}

/* ---- clock ---- */

static bool refuse_time(struct check *check, enum sigv4_reason reason, int64_t limit_ms)
{
	char limit[TIME_TEXT_BYTES], now[TIME_TEXT_BYTES];
	bool is_past = reason == SIGV4_EXPIRED || reason == SIGV4_PRESIGNED_EXPIRED;
	struct slice window = check->claim->is_presigned && is_past
		? arena_format(check->arena, "%" PRId64 " s", check->claim->expires_s)
		: arena_format(check->arena, "%" PRId64 " min.", check->expectation->skew_ms / 60000);

	/* Clients look for these words to correct their clock. */
	return refuse(check, reason,
	              arena_format(check->arena, "Signature %s: %.*s is %s than %.*s (%.*s %c %.*s)",
	                           is_past ? "expired" : "not yet current", SLICE_ARG(check->time),
	                           is_past ? "now earlier" : "still later", SLICE_ARG(time_basic(limit_ms, limit)),
	                           SLICE_ARG(time_basic(check->expectation->wall_ms, now)), is_past ? '-' : '+',
	                           SLICE_ARG(window)));
}

static bool check_clock(struct check *check)
{
	int64_t wall_ms = check->expectation->wall_ms, newest_ms = wall_ms + check->expectation->skew_ms;
	int64_t oldest_ms = wall_ms - check->expectation->skew_ms;
	bool is_presigned = check->claim->is_presigned;

	if (is_presigned)                     /* good until the end of its last second */
		oldest_ms = wall_ms - wall_ms % 1000 - check->claim->expires_s * 1000;
	if (check->claim->time_ms < oldest_ms)
		return refuse_time(check, is_presigned ? SIGV4_PRESIGNED_EXPIRED : SIGV4_EXPIRED, oldest_ms);
	return check->claim->time_ms <= newest_ms
	       || refuse_time(check, is_presigned ? SIGV4_PRESIGNED_NOT_YET : SIGV4_NOT_YET, newest_ms);
}

/* ---- which headers must be signed ---- */

static struct slice unsigned_amz_headers(struct check *check)
{
	struct buffer names;

	buffer_init(&names, check->arena, 4096);
	for (size_t i = 0; i < check->request->header_count; i++) {
		struct slice name = check->request->headers[i].name;
		if (!slice_has_prefix_nocase(name, S("x-amz-"))
		    || sigv4_canonical_is_signed(check->claim->signed_headers, name))
			continue;
		if (names.len)
			buffer_add(&names, S(", "));
		buffer_add(&names, name);
	}
	return buffer_slice(&names);
}

static bool check_headers(struct check *check)
{
	struct slice list = check->claim->signed_headers;

	if (!sigv4_canonical_is_signed(list, S("host")))
		return refuse(check, SIGV4_BAD_SIGNATURE, S("'Host' must be a 'SignedHeader' in the AWS Authorization."));
	if (check->is_s3) {
		check->refusal->unsigned_headers = unsigned_amz_headers(check);
		return !check->refusal->unsigned_headers.len || refuse(check, SIGV4_UNSIGNED_HEADERS, SLICE_NONE);
	}
	return check->claim->is_presigned || !check->claim->token.ptr
	       || sigv4_canonical_is_signed(list, S("x-amz-security-token"))
	       || refuse(check, SIGV4_BAD_SIGNATURE,
	                 S("'X-Amz-Security-Token' must be a 'SignedHeader' in the AWS Authorization."));
}

/* ---- payload ---- */

static const struct { struct slice keyword; enum sigv4_payload payload; } payload_keywords[] = {
	{ S_INIT("UNSIGNED-PAYLOAD"),                            SIGV4_PAYLOAD_UNSIGNED         },
	{ S_INIT("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),          SIGV4_PAYLOAD_CHUNKS           },
	{ S_INIT("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"),  SIGV4_PAYLOAD_CHUNKS_TRAILER   },
	{ S_INIT("STREAMING-UNSIGNED-PAYLOAD-TRAILER"),          SIGV4_PAYLOAD_UNSIGNED_TRAILER },
};

static struct slice query_parameter(struct check *check, struct slice wanted)
{
	struct slice path, piece, name;

	for (struct slice rest = slice_cut(check->request->target, '?', &path); rest.ptr; ) {
		rest = slice_cut(rest, '&', &piece);
		struct slice value = slice_cut(piece, '=', &name);
		if (slice_equal(name, wanted))
			return uri_decode(check->arena, value, URI_PLUS_IS_PLUS, NULL);
	}
	return SLICE_NONE;
}

/* S3 believes what the client says about the payload, and checks it when the bytes are there. */
static bool choose_payload_s3(struct check *check)
{
	struct slice said = sigv4_canonical_header(check->request, S("x-amz-content-sha256"), NULL);

	if (!said.ptr && check->claim->is_presigned) {
		said = query_parameter(check, S("X-Amz-Content-Sha256"));
		said = said.ptr ? said : payload_keywords[0].keyword;
	}
	if (!said.ptr)
		return refuse(check, SIGV4_NO_PAYLOAD_HASH, SLICE_NONE);
	check->payload_hash = said;
	for (size_t i = 0; i < COUNT(payload_keywords); i++)
		if (slice_equal(said, payload_keywords[i].keyword)) {
			check->verified->payload = payload_keywords[i].payload;
			return true;
		}
	check->verified->payload = SIGV4_PAYLOAD_SIGNED;
	check->verified->payload_sha256 = said;
	return hex_is_lower(said, SHA256_HEX_BYTES) || refuse(check, SIGV4_BAD_PAYLOAD_HASH, SLICE_NONE);
}

/* Everybody else hashes the body itself, whatever the client says of it. */
static bool choose_payload(struct check *check)
{
	if (check->is_s3)
		return choose_payload_s3(check);
	check->payload_hash = digest_sha256_hex(check->request->body, arena_alloc(check->arena, SHA256_HEX_BYTES));
	check->verified->payload = SIGV4_PAYLOAD_SIGNED;
	check->verified->payload_sha256 = check->payload_hash;
	return true;
}

static bool check_payload(struct check *check)
{
	char hash[SHA256_HEX_BYTES];

	if (!check->is_s3 || check->verified->payload != SIGV4_PAYLOAD_SIGNED || !check->request->body.ptr)
		return true;
	struct slice came = digest_sha256_hex(check->request->body, hash);
	if (slice_equal(came, check->payload_hash))
		return true;
	check->refusal->payload_sha256 = arena_copy(check->arena, came);
	return refuse(check, SIGV4_BAD_PAYLOAD, SLICE_NONE);
}

/* ---- signature ---- */

static bool refuse_signature(struct check *check)
{
	check->refusal->canonical_request = check->verified->canonical_request;
	check->refusal->string_to_sign = check->verified->string_to_sign;
	return refuse(check, SIGV4_BAD_SIGNATURE, SLICE_NONE);
}

static bool check_signature(struct check *check)
{
	struct sigv4_verified *verified = check->verified;
	unsigned char mac[SHA256_BYTES];
	enum sigv4_reason reason;

	verified->canonical_request = sigv4_canonical_request(check->arena, check->request, check->claim->signed_headers,
	                                                      check->payload_hash, check->is_s3, &reason);
	if (reason != SIGV4_OK)
		return refuse(check, reason, SLICE_NONE);
	verified->scope = arena_format(check->arena, "%.*s/%.*s/%.*s/aws4_request", SLICE_ARG(check->claim->date),
	                               SLICE_ARG(check->claim->region), SLICE_ARG(check->claim->service));
	verified->string_to_sign = sigv4_canonical_string_to_sign(check->arena, check->time, verified->scope,
	                                                          verified->canonical_request);
	bool is_cached = check->keys && sigv4_keys_find(check->keys, check->claim, check->secret, &verified->signing_key);
	if (!is_cached)
		sigv4_keys_derive(check->claim, check->secret, &verified->signing_key);
	digest_hmac_sha256_add(&verified->signing_key, verified->string_to_sign);
	digest_hmac_sha256_final(&verified->signing_key, mac);
	struct slice right = hex_encode(mac, sizeof mac, verified->seed_signature);
	if (!slice_equal_secret(right, check->claim->signature))
		return refuse_signature(check);
	if (check->keys && !is_cached)
		sigv4_keys_keep(check->keys, check->claim, check->secret, &verified->signing_key);
	return true;
}

bool sigv4_verify(struct arena *arena, const struct sigv4_request *request, const struct sigv4_claim *claim,
                  struct slice secret, const struct sigv4_expectation *expectation, struct sigv4_keys *keys,
                  struct sigv4_verified *verified, struct sigv4_refusal *refusal)
{
	struct check check = {
		.arena = arena, .request = request, .claim = claim, .expectation = expectation, .secret = secret, .keys = keys,
		.is_s3 = slice_equal(expectation->service, S("s3")), .verified = verified, .refusal = refusal,
	};

	*refusal = (struct sigv4_refusal){0};
	memset(verified, 0, sizeof *verified);
	check.time = time_basic(claim->time_ms, check.time_text);
	assert(check.time.len == sizeof verified->time);
	memcpy(verified->time, check.time.ptr, sizeof verified->time);
	bool is_good = check_scope(&check) && check_clock(&check) && check_headers(&check) && choose_payload(&check)
	               && check_signature(&check) && check_payload(&check);
	if (!is_good)                         /* what would have been right must not leak by accident */
		memset(verified, 0, sizeof *verified);
	return is_good;
}
