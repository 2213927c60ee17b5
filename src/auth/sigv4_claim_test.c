/* auth/sigv4_claim_test.c: what a claim may look like, and what each misshapen one is called. */
#include "auth/sigv4.h"
#include "tests/test.h"

#define CREDENTIAL "Credential=AK/20250315/eu-west-1/iam/aws4_request"
#define GOOD       CREDENTIAL ", SignedHeaders=host, Signature=00"
#define PRESIGNED  "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20250315%2Feu-west-1%2Fiam%2Faws4_request" \
                   "&X-Amz-Date=20250315T120000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00"

static enum sigv4_reason parse(struct test *t, const char *target, const char *authorization, const char *date,
                               struct sigv4_claim *claim)
{
	struct http_header headers[3] = { { S("Host"), S("h") } };
	struct sigv4_request request = { .method = S("GET"), .target = slice_of(target), .headers = headers, .header_count = 1 };
	struct sigv4_refusal refusal;

	if (authorization)
		headers[request.header_count++] = (struct http_header){ S("authorization"), slice_of(authorization) };
	if (date)
		headers[request.header_count++] = (struct http_header){ S("X-AMZ-DATE"), slice_of(date) };
	bool is_good = sigv4_claim_parse(&t->arena, &request, claim, &refusal);
	CHECK(t, is_good == (refusal.reason == SIGV4_OK));
	return refusal.reason;
}

TEST(sigv4_claim_header_is_read_in_any_order_and_spacing)
{
	static const char *const rows[] = {
		"AWS4-HMAC-SHA256 " GOOD,
		"AWS4-HMAC-SHA256 " CREDENTIAL ",SignedHeaders=host,Signature=00",
		"AWS4-HMAC-SHA256   Signature=00 ,\t" CREDENTIAL " , SignedHeaders=host  ",
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sigv4_claim claim;

		CHECK_NUMBER(t, parse(t, "/", rows[i], "20250315T120000Z", &claim), SIGV4_OK);
		CHECK_TEXT(t, claim.access_key_id, S("AK"));
		CHECK_TEXT(t, claim.date, S("20250315"));
		CHECK_TEXT(t, claim.region, S("eu-west-1"));
		CHECK_TEXT(t, claim.service, S("iam"));
		CHECK_TEXT(t, claim.terminator, S("aws4_request"));
		CHECK_TEXT(t, claim.signed_headers, S("host"));
		CHECK_TEXT(t, claim.signature, S("00"));
		CHECK_TEXT(t, claim.token, SLICE_NONE);
		CHECK_NUMBER(t, claim.time_ms, 1742040000000);
		CHECK(t, !claim.is_presigned);
	}
}

TEST(sigv4_claim_header_that_is_misshapen_is_named)
{
	static const struct { const char *authorization, *date; enum sigv4_reason reason; } rows[] = {
		{ NULL, "20250315T120000Z", SIGV4_NO_CREDENTIALS },
		{ "", "20250315T120000Z", SIGV4_MALFORMED_HEADER },
		{ "Bearer x", "20250315T120000Z", SIGV4_MALFORMED_HEADER },
		{ "AWS4-HMAC-SHA256", "20250315T120000Z", SIGV4_MALFORMED_HEADER },
		{ "AWS4-HMAC-SHA256X " GOOD, "20250315T120000Z", SIGV4_MALFORMED_HEADER },
		{ "aws4-hmac-sha256 " GOOD, "20250315T120000Z", SIGV4_MALFORMED_HEADER },
		{ "AWS AK:c2ln", "20250315T120000Z", SIGV4_OLD_VERSION },
		{ "AWS4-ECDSA-P256-SHA256 " GOOD, "20250315T120000Z", SIGV4_ASYMMETRIC },
		{ "AWS4-HMAC-SHA256 " GOOD ", Signature=01", "20250315T120000Z", SIGV4_MALFORMED_HEADER },
		{ "AWS4-HMAC-SHA256 " CREDENTIAL ", SignedHeaders=, Signature=00", "20250315T120000Z", SIGV4_MALFORMED_HEADER },
		{ "AWS4-HMAC-SHA256 Credential=A/K/20250315/r/iam/aws4_request, SignedHeaders=host, Signature=00",
		  "20250315T120000Z", SIGV4_MALFORMED_HEADER },
		{ "AWS4-HMAC-SHA256 Credential=/20250315/r/iam/aws4_request, SignedHeaders=host, Signature=00",
		  "20250315T120000Z", SIGV4_MALFORMED_HEADER },
		{ "AWS4-HMAC-SHA256 Credential=AK/20250315//iam/aws4_request, SignedHeaders=host, Signature=00",
		  "20250315T120000Z", SIGV4_MALFORMED_HEADER },
		{ "AWS4-HMAC-SHA256 " GOOD, NULL, SIGV4_NO_DATE },
		{ "AWS4-HMAC-SHA256 " GOOD, "Sat, 15 Mar 2025 12:00:00 GMT", SIGV4_NO_DATE },
		{ "AWS4-HMAC-SHA256 " GOOD, "20250315T126000Z", SIGV4_NO_DATE },
		{ "AWS4-HMAC-SHA256 " GOOD, "", SIGV4_NO_DATE },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sigv4_claim claim;
		enum sigv4_reason reason = parse(t, "/", rows[i].authorization, rows[i].date, &claim);

		if (reason != rows[i].reason)
			test_failed(t, __FILE__, __LINE__, "row %zu gives reason %d, wanted %d", i, (int)reason, (int)rows[i].reason);
	}
}

TEST(sigv4_claim_takes_the_date_header_in_both_forms_where_there_is_no_other)
{
	static const char *const dates[] = { "Sat, 15 Mar 2025 12:00:00 GMT", "20250315T120000Z" };

	for (size_t i = 0; i < COUNT(dates); i++) {
		struct http_header headers[] = { { S("Authorization"), S("AWS4-HMAC-SHA256 " GOOD) }, { S("Date"), slice_of(dates[i]) } };
		struct sigv4_request request = { .method = S("GET"), .target = S("/"), .headers = headers, .header_count = 2 };
		struct sigv4_claim claim;
		struct sigv4_refusal refusal;

		REQUIRE(t, sigv4_claim_parse(&t->arena, &request, &claim, &refusal));
		CHECK_NUMBER(t, claim.time_ms, 1742040000000);
	}
}

TEST(sigv4_claim_query_that_is_misshapen_is_named)
{
	static const struct { const char *target; enum sigv4_reason reason; } rows[] = {
		{ PRESIGNED "&X-Amz-Expires=60", SIGV4_OK },
		{ PRESIGNED, SIGV4_MALFORMED_QUERY },
		{ PRESIGNED "&x-amz-expires=60", SIGV4_MALFORMED_QUERY },
		{ PRESIGNED "&X-Amz-Expires=60&X-Amz-Expires=60", SIGV4_MALFORMED_QUERY },
		{ PRESIGNED "&X-Amz-Expires=60&X%2DAmz-Signature=01", SIGV4_MALFORMED_QUERY },
		{ PRESIGNED "&X-Amz-Expires=60&X-Amz-Security-Token=%z", SIGV4_MALFORMED_QUERY },
		{ PRESIGNED "&X-Amz-Expires=6e1", SIGV4_MALFORMED_QUERY },
		{ PRESIGNED "&X-Amz-Expires=99999999999999999999", SIGV4_MALFORMED_QUERY },
		{ "/?X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256", SIGV4_ASYMMETRIC },
		{ "/?X-Amz-Signature=00", SIGV4_MALFORMED_QUERY },
		{ "/?AWSAccessKeyId=AK&Signature=x&Expires=1", SIGV4_OLD_VERSION },
		{ "/?Signature=x&Expires=1", SIGV4_NO_CREDENTIALS },
		{ "/?X-Amz-Expires=60", SIGV4_NO_CREDENTIALS },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sigv4_claim claim;
		enum sigv4_reason reason = parse(t, rows[i].target, NULL, NULL, &claim);

		if (reason != rows[i].reason)
			test_failed(t, __FILE__, __LINE__, "%s gives reason %d", rows[i].target, (int)reason);
	}
}

TEST(sigv4_claim_in_header_and_query_at_once_is_refused)
{
	struct sigv4_claim claim;

	CHECK_NUMBER(t, parse(t, PRESIGNED "&X-Amz-Expires=60", "AWS4-HMAC-SHA256 " GOOD, "20250315T120000Z", &claim),
	             SIGV4_BOTH_FORMS);
	CHECK_NUMBER(t, parse(t, "/?X-Amz-Signature=0", "Bearer x", NULL, &claim), SIGV4_BOTH_FORMS);
}

TEST(sigv4_claim_keeps_a_plus_in_a_presigned_token)
{
	struct sigv4_claim claim;

	CHECK_NUMBER(t, parse(t, PRESIGNED "&X-Amz-Expires=60&X-Amz-Security-Token=a+b%2Bc", NULL, NULL, &claim), SIGV4_OK);
	CHECK_TEXT(t, claim.token, S("a+b+c"));
}

TEST(sigv4_claim_service_is_known_before_the_claim_is_whole)
{
	static const struct { const char *target, *authorization, *service; } rows[] = {
		{ "/", "AWS4-HMAC-SHA256 " CREDENTIAL, "iam" }, { PRESIGNED, NULL, "iam" }, { "/", "Bearer x", NULL },
		{ "/", "AWS4-HMAC-SHA256 Credential=AK/iam", NULL }, { "/", NULL, NULL },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_header headers[] = { { S("Authorization"), slice_of(rows[i].authorization) } };
		struct sigv4_request request = { .method = S("GET"), .target = slice_of(rows[i].target), .headers = headers,
		                                 .header_count = rows[i].authorization ? 1 : 0 };

		CHECK_TEXT(t, sigv4_claim_service(&t->arena, &request), slice_of(rows[i].service));
	}
}
