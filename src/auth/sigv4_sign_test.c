/* auth/sigv4_sign_test.c: our own client writes what the vectors' client wrote, to the byte. */
#include "auth/sigv4_canonical.h"
#include "auth/sigv4_sign.h"
#include "tests/test.h"

static const int64_t noon_ms = 1742040000000;             /* 2025-03-15T12:00:00Z */

static const struct sigv4_credentials vector_key = {
	.access_key_id = S_INIT("AKIASPOORVECTORS0001"), .secret = S_INIT("spoor/Test+Secret0123456789abcdefABCDEF="),
	.region = S_INIT("us-east-1"), .service = S_INIT("sts"),
};

TEST(sigv4_sign_request_writes_the_header_of_the_vector)
{
	static const struct http_header headers[] = {
		{ S_INIT("User-Agent"), S_INIT("not signed") }, { S_INIT("Host"), S_INIT("spoor.test:8080") },
		{ S_INIT("Content-Type"), S_INIT("application/x-www-form-urlencoded; charset=utf-8") },
	};
	struct sigv4_request request = { .method = S("POST"), .target = S("/"), .headers = headers, .header_count = COUNT(headers),
	                                 .body = S("Action=GetCallerIdentity&Version=2011-06-15") };

	REQUIRE(t, sigv4_sign_request(&t->arena, &request, &vector_key, noon_ms, &t->err));
	CHECK_NUMBER(t, request.header_count, 5);
	CHECK_TEXT(t, sigv4_canonical_header(&request, S("x-amz-date"), NULL), S("20250315T120000Z"));
	CHECK_TEXT(t, sigv4_canonical_header(&request, S("authorization"), NULL),         /* hdr-sts-form */
	           S("AWS4-HMAC-SHA256 Credential=AKIASPOORVECTORS0001/20250315/us-east-1/sts/aws4_request, "
	             "SignedHeaders=content-type;host;x-amz-date, "
	             "Signature=e4b9e951db9d42824658259c2decc951314ebefca1c7f9b381d57fd02eae379b"));
}

TEST(sigv4_sign_target_writes_the_url_of_the_vector)
{
	static const struct http_header headers[] = { { S_INIT("Host"), S_INIT("spoor.test") } };
	struct sigv4_request request = { .method = S("GET"), .target = S("/bkt/k"), .headers = headers, .header_count = 1 };
	struct sigv4_credentials credentials = vector_key;

	credentials.service = S("s3");
	REQUIRE(t, sigv4_sign_target(&t->arena, &request, &credentials, noon_ms, 3600, &t->err));
	CHECK_TEXT(t, request.target,                                                      /* ps-get */
	           S("/bkt/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIASPOORVECTORS0001%2F20250315%2Fus-east-1%2Fs3"
	             "%2Faws4_request&X-Amz-Date=20250315T120000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature="
	             "602822996a15ead54b7c6eab376992ebfa550546c4da5461526b4fd7db308010"));
}

TEST(sigv4_sign_adds_the_token_and_for_s3_the_payload_hash)
{
	static const struct http_header headers[] = { { S_INIT("Host"), S_INIT("h") } };
	struct sigv4_request request = { .method = S("PUT"), .target = S("/b/k"), .headers = headers, .header_count = 1, .body = S("") };
	struct sigv4_credentials credentials = vector_key;

	credentials.service = S("s3");
	credentials.token = S("a token");
	REQUIRE(t, sigv4_sign_request(&t->arena, &request, &credentials, noon_ms, &t->err));
	CHECK_TEXT(t, sigv4_canonical_header(&request, S("x-amz-content-sha256"), NULL), S(SHA256_EMPTY_HEX));
	CHECK_TEXT(t, sigv4_canonical_header(&request, S("x-amz-security-token"), NULL), S("a token"));
	CHECK(t, slice_find(sigv4_canonical_header(&request, S("authorization"), NULL),
	                    S("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,")) != SLICE_NPOS);
}

TEST(sigv4_sign_refuses_a_target_with_a_broken_escape)
{
	static const struct http_header headers[] = { { S_INIT("Host"), S_INIT("h") } };
	struct sigv4_request request = { .method = S("GET"), .target = S("/?a=%"), .headers = headers, .header_count = 1, .body = S("") };

	CHECK(t, !sigv4_sign_request(&t->arena, &request, &vector_key, noon_ms, &t->err) && t->err.kind == ERR_INVALID);
	CHECK(t, !sigv4_sign_target(&t->arena, &request, &vector_key, noon_ms, 60, &t->err));
}
