/* auth/sigv4_test.c: a little server made of the three steps answers every vector, and each rule one by one. */
#include "auth/aws_chunked.h"
#include "auth/sigv4_canonical.h"
#include "auth/sigv4_errors.h"
#include "auth/sigv4_keys.h"
#include "auth/sigv4_sign.h"
#include "base/clock.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/checksum.h"
#include "codec/hex.h"
#include "tests/test.h"

static struct slice text_of(const struct json *json)
{
	return json && json->kind == JSON_STRING ? json->text : SLICE_NONE;
}

static struct sigv4_request vector_request(struct test *t)
{
	const struct json *wire = field(t, "request"), *headers = json_get(wire, S("headers"));
	struct http_header *list = arena_array(&t->arena, headers->count, sizeof *list);
	size_t count = 0;

	for (const struct json *pair = headers->first; pair; pair = pair->next)
		list[count++] = (struct http_header){ text_of(pair->first), text_of(pair->first->next) };
	return (struct sigv4_request){
		.method = json_get_text(wire, S("method")), .target = json_get_text(wire, S("target")),
		.headers = list, .header_count = count,
		.body = base64_decode(&t->arena, json_get_text(wire, S("body_b64")), &t->err),
	};
}

static bool id_begins(struct test *t, struct slice prefix)
{
	return slice_has_prefix(field_text(t, "id"), prefix);
}

static enum sigv4_family family_of(struct slice service)
{
	static const struct { struct slice service; enum sigv4_family family; } rows[] = {
		{ S_INIT("s3"), SIGV4_FAMILY_S3 }, { S_INIT("ec2"), SIGV4_FAMILY_EC2 }, { S_INIT("kms"), SIGV4_FAMILY_JSON },
		{ S_INIT("cloudtrail"), SIGV4_FAMILY_JSON }, { S_INIT("config"), SIGV4_FAMILY_JSON },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (slice_equal(service, rows[i].service))
			return rows[i].family;
	return SIGV4_FAMILY_QUERY;
}

/* Step 2, with one key on file. */
static enum sigv4_reason look_up(struct test *t, const struct sigv4_claim *claim)
{
	const struct json *key = field(t, "credentials");
	struct slice token = json_get_text(key, S("session_token"));

	if (id_begins(t, S("neg-unknown-key")) || !slice_equal(claim->access_key_id, json_get_text(key, S("access_key_id"))))
		return SIGV4_UNKNOWN_KEY;
	if (id_begins(t, S("neg-token-garbage-s3")))
		token = S("FwoSpoorToken//+example==/0001");
	bool is_temporary = slice_has_prefix(claim->access_key_id, S("ASIA"));
	if (is_temporary != (claim->token.ptr != NULL) || (is_temporary && !slice_equal(claim->token, token)))
		return SIGV4_BAD_TOKEN;
	return SIGV4_OK;
}

static struct sigv4_expectation vector_expectation(struct test *t)
{
	struct sigv4_expectation expectation = { .service = field_text(t, "service"), .region = field_text(t, "region"),
	                                         .skew_ms = SIGV4_SKEW_MS };

	if (id_begins(t, S("neg-scope-region-s3")))       /* its note: the server's home is another region */
		expectation.region = S("us-east-1");
	CHECK(t, time_parse_basic(field_text(t, "server_time"), &expectation.wall_ms));
	return expectation;
}

static void answer(struct test *t, const struct sigv4_request *request, struct sigv4_keys *keys,
                   struct sigv4_verified *verified, struct sigv4_refusal *refusal)
{
	struct sigv4_expectation expectation = vector_expectation(t);
	struct sigv4_claim claim;

	if (!sigv4_claim_parse(&t->arena, request, &claim, refusal))
		return;
	refusal->reason = look_up(t, &claim);
	if (refusal->reason == SIGV4_OK)
		sigv4_verify(&t->arena, request, &claim, json_get_text(field(t, "credentials"), S("secret_access_key")),
		             &expectation, keys, verified, refusal);
}

static void check_refusal(struct test *t, const struct sigv4_refusal *refusal)
{
	const struct json *expect = field(t, "expect");
	int64_t status = 0;
	struct slice message = json_get_text(expect, S("message"));

	REQUIRE(t, refusal->reason != SIGV4_OK);
	CHECK(t, json_to_i64(json_get(expect, S("http")), &status));
	CHECK_NUMBER(t, sigv4_errors_fill(refusal, family_of(field_text(t, "service")), &t->err), status);
	CHECK_TEXT(t, slice_of(t->err.name), json_get_text(expect, S("code")));
	CHECK(t, t->err.message[0] != 0);
	if (id_begins(t, S("mal-sigv2-s3")))              /* says in its own words what AWS says in others */
		message = S("Please use AWS4-HMAC-SHA256.");
	CHECK(t, !message.ptr || slice_find(slice_of(t->err.message), message) != SLICE_NPOS);
}

/* The headers of a streamed body: its chain of signatures begins with theirs. */
static void check_seed(struct test *t, struct sigv4_request *request, struct sigv4_verified *verified)
{
	struct slice seed = field_text(t, "seed_signature"), id = field_text(t, "id");
	bool is_unsigned = slice_find(id, S("unsigned")) != SLICE_NPOS, has_trailer = slice_find(id, S("trailer")) != SLICE_NPOS;
	struct sigv4_refusal refusal;
	struct slice body = request->body;

	request->body = SLICE_NONE;                       /* it has not come yet */
	answer(t, request, NULL, verified, &refusal);
	request->body = body;
	REQUIRE(t, refusal.reason == SIGV4_OK);
	CHECK_TEXT(t, verified->canonical_request, field_text(t, "canonical_request"));
	CHECK_TEXT(t, ((struct slice){ verified->seed_signature, SHA256_HEX_BYTES }), seed.ptr ? seed : field_text(t, "signature"));
	if (seed.ptr)
		CHECK_NUMBER(t, verified->payload, is_unsigned ? SIGV4_PAYLOAD_UNSIGNED_TRAILER
		                                  : has_trailer ? SIGV4_PAYLOAD_CHUNKS_TRAILER : SIGV4_PAYLOAD_CHUNKS);
}

static struct slice header_of(const struct sigv4_request *request, struct slice name)
{
	for (size_t i = 0; i < request->header_count; i++)
		if (slice_equal_nocase(request->headers[i].name, name))
			return request->headers[i].value;
	return SLICE_NONE;
}

static bool check_trailer(struct test *t, const struct aws_chunked *chunked, struct slice name, struct checksum *checksum,
                          struct error *err)
{
	unsigned char raw[CHECKSUM_BYTES_MAX];
	size_t bytes = checksum_final(checksum, raw);
	struct slice want = base64_text(&t->arena, (struct slice){ (const char *)raw, bytes });

	return !name.ptr || slice_equal(aws_chunked_trailer(chunked, name), want) || fail_as(err, ERR_INVALID, "BadDigest", "no");
}

/* Decodes the body in pieces of `piece` bytes and checks what the vector expects. */
static void check_chunks(struct test *t, const struct sigv4_request *request, const struct sigv4_verified *verified, size_t piece)
{
	struct slice announced = header_of(request, S("X-Amz-Trailer"));
	const struct json *expect = field(t, "expect");
	struct aws_chunked chunked;
	struct digest_sha256 sha256;
	struct checksum checksum;
	struct error err = {0};
	uint64_t bytes = 0;
	unsigned char hash[SHA256_BYTES];
	bool ok = true;

	CHECK(t, slice_to_u64(header_of(request, S("X-Amz-Decoded-Content-Length")), &bytes));
	aws_chunked_init(&chunked, verified, bytes, announced);
	digest_sha256_init(&sha256);
	checksum_init(&checksum, announced.ptr ? checksum_of_header(announced) : CHECKSUM_CRC32);
	for (size_t at = 0; ok && at < request->body.len; at += piece)
		for (struct slice input = slice_sub(request->body, at, piece), data; ok && input.len > 0;) {
			ok = aws_chunked_next(&chunked, &input, &data, &err);
			digest_sha256_add(&sha256, data);
			checksum_add(&checksum, data);
		}
	ok = ok && aws_chunked_end(&chunked, &err) && check_trailer(t, &chunked, announced, &checksum, &err);
	digest_sha256_final(&sha256, hash);
	if (slice_equal(json_get_text(expect, S("result")), S("ok"))) {
		CHECK(t, ok);
		CHECK_TEXT(t, hex_text(&t->arena, (struct slice){ (const char *)hash, sizeof hash }), field_text(t, "decoded_body_sha256"));
	} else {
		CHECK_TEXT(t, slice_of(err.name), json_get_text(expect, S("code")));
	}
	aws_chunked_fini(&chunked);
}

VECTORS(sigv4_answers_every_vector, "sigv4.jsonl")
{
	struct sigv4_request request = vector_request(t);
	struct sigv4_verified verified;
	struct sigv4_refusal refusal;

	if (id_begins(t, S("st-"))) {
		check_seed(t, &request, &verified);
		for (size_t piece = 1; piece <= request.body.len && !t->failed_checks; piece = piece * 3 + 1)
			check_chunks(t, &request, &verified, piece);
		check_chunks(t, &request, &verified, request.body.len);
		return;
	}
	answer(t, &request, NULL, &verified, &refusal);
	if (!slice_equal(json_get_text(field(t, "expect"), S("result")), S("ok"))) {
		check_refusal(t, &refusal);
		return;
	}
	CHECK_TEXT(t, slice_of(sigv4_errors_word(refusal.reason)), S("ok"));
	CHECK_TEXT(t, verified.canonical_request, field_text(t, "canonical_request"));
	CHECK_TEXT(t, verified.string_to_sign, field_text(t, "string_to_sign"));
	CHECK_TEXT(t, ((struct slice){ verified.seed_signature, SHA256_HEX_BYTES }), field_text(t, "signature"));
}

/* The same with a cache that already holds the key. */
VECTORS(sigv4_answers_alike_with_a_cached_key, "sigv4.jsonl")
{
	struct sigv4_keys *keys = sigv4_keys_new(4, 1);
	struct sigv4_request request = vector_request(t);
	struct sigv4_verified verified;
	struct sigv4_refusal refusals[3];

	request.body = id_begins(t, S("st-")) ? SLICE_NONE : request.body;
	answer(t, &request, NULL, &verified, &refusals[0]);
	answer(t, &request, keys, &verified, &refusals[1]);
	answer(t, &request, keys, &verified, &refusals[2]);
	CHECK_NUMBER(t, refusals[1].reason, refusals[0].reason);
	CHECK_NUMBER(t, refusals[2].reason, refusals[0].reason);
	sigv4_keys_free(keys);
}

TEST(sigv4_vectors_are_117_of_which_12_stream)
{
	struct slice line, rest = test_read_file(t, test_source_path(t, "tests/vectors/sigv4.jsonl"));
	int lines = 0, streaming = 0;

	while (rest.len) {
		rest = slice_cut(rest, '\n', &line);
		lines += line.len > 0;
		streaming += slice_find(line, S("\"id\": \"st-")) != SLICE_NPOS || slice_find(line, S("\"id\":\"st-")) != SLICE_NPOS;
	}
	CHECK_NUMBER(t, lines, 117);
	CHECK_NUMBER(t, streaming, 12);
}

/* ---- one rule at a time, on requests of our own ---- */

static const struct http_header form_headers[] = {
	{ S_INIT("Host"), S_INIT("spoor.test:8080") }, { S_INIT("User-Agent"), S_INIT("test/1") },
	{ S_INIT("Content-Type"), S_INIT("application/x-www-form-urlencoded; charset=utf-8") },
};

static const struct sigv4_credentials someone = {
	.access_key_id = S_INIT("AKIAEXAMPLE"), .secret = S_INIT("an invented secret"),
	.region = S_INIT("eu-central-1"), .service = S_INIT("iam"),
};

static const int64_t base_ms = 1742040000000;             /* 2025-03-15T12:00:00Z */

static struct sigv4_request form_request(void)
{
	return (struct sigv4_request){ .method = S("POST"), .target = S("/"), .headers = form_headers,
	                               .header_count = COUNT(form_headers),
	                               .body = S("Action=CreateUser&Version=2010-05-08&UserName=bob") };
}

static struct sigv4_expectation expect_of(const struct sigv4_credentials *credentials, int64_t wall_ms)
{
	return (struct sigv4_expectation){ .service = credentials->service, .wall_ms = wall_ms, .skew_ms = SIGV4_SKEW_MS };
}

/* The reason that the three steps give, the secret being the right one. */
static enum sigv4_reason judge(struct test *t, const struct sigv4_request *request,
                               const struct sigv4_expectation *expectation, struct error *err)
{
	struct sigv4_claim claim;
	struct sigv4_verified verified;
	struct sigv4_refusal refusal;

	if (sigv4_claim_parse(&t->arena, request, &claim, &refusal))
		sigv4_verify(&t->arena, request, &claim, someone.secret, expectation, NULL, &verified, &refusal);
	if (refusal.reason != SIGV4_OK)
		sigv4_errors_fill(&refusal, SIGV4_FAMILY_QUERY, err);
	return refusal.reason;
}

TEST(sigv4_accepts_what_it_signs_for_every_kind_of_service_and_form)
{
	static const struct slice services[] = { S_INIT("iam"), S_INIT("s3"), S_INIT("execute-api") };

	for (size_t i = 0; i < COUNT(services); i++)
		for (int presigned = 0; presigned < 2; presigned++) {
			struct sigv4_credentials credentials = someone;
			struct sigv4_request request = form_request();
			struct sigv4_expectation expectation;

			credentials.service = services[i];
			credentials.token = S("a+token/with=signs");
			request.target = S("/a%20b/../c//d+e?x=1&a=%2F&a=b+c&flag");
			expectation = expect_of(&credentials, base_ms);
			REQUIRE(t, presigned ? sigv4_sign_target(&t->arena, &request, &credentials, base_ms, 60, &t->err)
			                     : sigv4_sign_request(&t->arena, &request, &credentials, base_ms, &t->err));
			CHECK_NUMBER(t, judge(t, &request, &expectation, &t->err), SIGV4_OK);
			request.method = S("PUT");
			CHECK_NUMBER(t, judge(t, &request, &expectation, &t->err), SIGV4_BAD_SIGNATURE);
		}
}

TEST(sigv4_clock_may_be_wrong_by_15_minutes_and_the_message_says_so)
{
	static const struct { int64_t off_ms; enum sigv4_reason reason; const char *message; } rows[] = {
		{ 900000, SIGV4_OK, NULL },
		{ 900001, SIGV4_EXPIRED, "Signature expired: 20250315T120000Z is now earlier than 20250315T120000Z "
		                         "(20250315T121500Z - 15 min.)" },
		{ 961000, SIGV4_EXPIRED, "Signature expired: 20250315T120000Z is now earlier than 20250315T120101Z "
		                         "(20250315T121601Z - 15 min.)" },
		{ -900000, SIGV4_OK, NULL },
		{ -901000, SIGV4_NOT_YET, "Signature not yet current: 20250315T120000Z is still later than 20250315T115959Z "
		                          "(20250315T114459Z + 15 min.)" },
	};
	struct sigv4_request request = form_request();

	REQUIRE(t, sigv4_sign_request(&t->arena, &request, &someone, base_ms, &t->err));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sigv4_expectation expectation = expect_of(&someone, base_ms + rows[i].off_ms);

		CHECK_NUMBER(t, judge(t, &request, &expectation, &t->err), rows[i].reason);
		if (rows[i].message)
			CHECK_TEXT(t, slice_of(t->err.message), slice_of(rows[i].message));
	}
}

TEST(sigv4_skew_is_what_was_configured)
{
	struct sigv4_request request = form_request();
	struct sigv4_expectation expectation = expect_of(&someone, base_ms + 300001);

	REQUIRE(t, sigv4_sign_request(&t->arena, &request, &someone, base_ms, &t->err));
	expectation.skew_ms = 5 * 60 * 1000;
	CHECK_NUMBER(t, judge(t, &request, &expectation, &t->err), SIGV4_EXPIRED);
	CHECK(t, slice_find(slice_of(t->err.message), S("- 5 min.)")) != SLICE_NPOS);
}

TEST(sigv4_presigned_lifetime_is_a_number_from_1_to_604800)
{
	static const struct { int64_t expires_s, age_ms; enum sigv4_reason reason; } rows[] = {
		{ 1, 0, SIGV4_OK }, { 1, 1999, SIGV4_OK }, { 1, 2000, SIGV4_PRESIGNED_EXPIRED },
		{ 0, 0, SIGV4_MALFORMED_QUERY }, { -5, 0, SIGV4_MALFORMED_QUERY },
		{ 604800, 604800000, SIGV4_OK }, { 604801, 0, SIGV4_MALFORMED_QUERY },
		{ 604800, -900000, SIGV4_OK }, { 604800, -900001, SIGV4_PRESIGNED_NOT_YET },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sigv4_request request = form_request();
		struct sigv4_expectation expectation = expect_of(&someone, base_ms + rows[i].age_ms);

		REQUIRE(t, sigv4_sign_target(&t->arena, &request, &someone, base_ms, rows[i].expires_s, &t->err));
		CHECK_NUMBER(t, judge(t, &request, &expectation, &t->err), rows[i].reason);
	}
}

TEST(sigv4_any_region_will_do_unless_one_is_expected)
{
	struct sigv4_request request = form_request();
	struct sigv4_expectation expectation = expect_of(&someone, base_ms);

	REQUIRE(t, sigv4_sign_request(&t->arena, &request, &someone, base_ms, &t->err));
	CHECK_NUMBER(t, judge(t, &request, &expectation, &t->err), SIGV4_OK);
	expectation.region = S("us-east-1");
	CHECK_NUMBER(t, judge(t, &request, &expectation, &t->err), SIGV4_WRONG_REGION);
}

/* Signs an Authorization header with a list of signed headers that no client of ours would choose. */
static struct sigv4_request sign_only(struct test *t, struct sigv4_request request, struct slice list)
{
	struct sigv4_claim claim = { .date = S("20250315"), .region = someone.region, .service = someone.service };
	struct http_header *headers = arena_array(&t->arena, request.header_count + 2, sizeof *headers);
	struct digest_hmac_sha256 key;
	enum sigv4_reason reason;
	unsigned char mac[SHA256_BYTES];
	char hash[SHA256_HEX_BYTES];

	memcpy(headers, request.headers, request.header_count * sizeof *headers);
	headers[request.header_count++] = (struct http_header){ S("X-Amz-Date"), S("20250315T120000Z") };
	request.headers = headers;
	struct slice canonical = sigv4_canonical_request(&t->arena, &request, list, digest_sha256_hex(request.body, hash),
	                                                 false, &reason);
	sigv4_keys_derive(&claim, someone.secret, &key);
	digest_hmac_sha256_add(&key, sigv4_canonical_string_to_sign(&t->arena, S("20250315T120000Z"),
	                                                            S("20250315/eu-central-1/iam/aws4_request"), canonical));
	digest_hmac_sha256_final(&key, mac);
	headers[request.header_count++] = (struct http_header){ S("Authorization"), arena_format(&t->arena,
		"AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20250315/eu-central-1/iam/aws4_request, SignedHeaders=%.*s, Signature=%.*s",
		SLICE_ARG(list), SLICE_ARG(hex_text(&t->arena, (struct slice){ (const char *)mac, sizeof mac }))) };
	return request;
}

TEST(sigv4_host_and_a_token_must_be_signed_and_other_headers_may)
{
	static const struct http_header headers[] = {
		{ S_INIT("Host"), S_INIT("h") }, { S_INIT("Transfer-Encoding"), S_INIT("chunked") },
		{ S_INIT("X-Amz-Security-Token"), S_INIT("token") }, { S_INIT("X-Amz-Meta"), S_INIT("1") },
	};
	static const struct { const char *list; size_t headers; enum sigv4_reason reason; } rows[] = {
		{ "host;x-amz-date", 2, SIGV4_OK },
		{ "host", 2, SIGV4_OK },
		{ "host;transfer-encoding;x-amz-date", 2, SIGV4_OK },     /* though the HTTP layer removed the framing */
		{ "x-amz-date", 2, SIGV4_BAD_SIGNATURE },
		{ "host;x-amz-date", 3, SIGV4_BAD_SIGNATURE },
		{ "host;x-amz-date;x-amz-security-token", 4, SIGV4_OK },
		{ "host;x-amz-date;x-not-there", 2, SIGV4_BAD_SIGNATURE },
	};
	struct sigv4_expectation expectation = expect_of(&someone, base_ms);

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sigv4_request request = { .method = S("POST"), .target = S("/"), .headers = headers,
		                                 .header_count = rows[i].headers, .body = S("x") };

		request = sign_only(t, request, slice_of(rows[i].list));
		if (!test_check_number(t, __FILE__, __LINE__, rows[i].list, judge(t, &request, &expectation, &t->err), rows[i].reason))
			return;
	}
}

TEST(sigv4_body_of_a_form_is_hashed_whatever_the_client_says_of_it)
{
	struct http_header headers[] = { form_headers[0], { S_INIT("X-Amz-Content-Sha256"), S_INIT("UNSIGNED-PAYLOAD") } };
	struct sigv4_request request = form_request();
	struct sigv4_expectation expectation = expect_of(&someone, base_ms);

	request.headers = headers;
	request.header_count = COUNT(headers);
	REQUIRE(t, sigv4_sign_request(&t->arena, &request, &someone, base_ms, &t->err));
	CHECK_NUMBER(t, judge(t, &request, &expectation, &t->err), SIGV4_BAD_SIGNATURE);
}

TEST(sigv4_tells_nothing_of_the_right_signature_when_it_refuses)
{
	struct sigv4_request request = form_request();
	struct sigv4_expectation expectation = expect_of(&someone, base_ms);
	struct sigv4_claim claim;
	struct sigv4_verified verified, zero;
	struct sigv4_refusal refusal;

	REQUIRE(t, sigv4_sign_request(&t->arena, &request, &someone, base_ms, &t->err));
	REQUIRE(t, sigv4_claim_parse(&t->arena, &request, &claim, &refusal));
	CHECK(t, !sigv4_verify(&t->arena, &request, &claim, S("another secret"), &expectation, NULL, &verified, &refusal));
	memset(&zero, 0, sizeof zero);
	CHECK(t, memcmp(&verified, &zero, sizeof zero) == 0);
	CHECK(t, slice_has_prefix(refusal.string_to_sign, S("AWS4-HMAC-SHA256\n20250315T120000Z\n")));
	CHECK(t, slice_has_prefix(refusal.canonical_request, S("POST\n/\n\ncontent-type:application/")));
}
