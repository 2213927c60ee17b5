/* auth/sigv4_claim_fuzz.c: a claim that is read is whole, in the header and in the query, and none verifies by chance.
 *
 * Input: the Authorization header's value on the first line, the request target on the second. */
#include "auth/sigv4.h"
#include "tests/fuzz.h"

static void check_claim(struct fuzz *f, const struct sigv4_request *request)
{
	const struct sigv4_expectation expectation = { .service = S("s3"), .wall_ms = 1742040000000, .skew_ms = 900000 };
	struct sigv4_verified verified;
	struct sigv4_refusal refusal;
	struct sigv4_claim claim;
	struct slice service = sigv4_claim_service(&f->arena, request);

	if (!sigv4_claim_parse(&f->arena, request, &claim, &refusal)) {
		CHECK_FUZZ(f, refusal.reason > SIGV4_OK && refusal.reason < SIGV4_UNKNOWN_KEY);
		return;
	}
	CHECK_FUZZ(f, claim.access_key_id.len && claim.date.len && claim.region.len && claim.service.len && claim.terminator.len);
	CHECK_FUZZ(f, slice_find_byte(claim.access_key_id, '/') == SLICE_NPOS && slice_find_byte(claim.region, '/') == SLICE_NPOS);
	CHECK_FUZZ(f, claim.signed_headers.len && claim.signature.len && slice_equal(service, claim.service));
	CHECK_FUZZ(f, !claim.is_presigned || (claim.expires_s >= 1 && claim.expires_s <= 604800));
	CHECK_FUZZ(f, !sigv4_verify(&f->arena, request, &claim, S("a secret that nobody has"), &expectation, NULL, &verified, &refusal));
}

FUZZ(sigv4_claim)
{
	struct slice authorization, target = slice_cut(f->input, '\n', &authorization);
	const struct http_header headers[] = {
		{ S("Host"), S("h") }, { S("X-Amz-Date"), S("20250315T120000Z") },
		{ S("X-Amz-Content-SHA256"), S("UNSIGNED-PAYLOAD") }, { S("Authorization"), authorization },
	};
	struct sigv4_request request = { .method = S("GET"), .target = S("/b/k"), .headers = headers, .header_count = 4, .body = S("") };

	check_claim(f, &request);
	request.target = target.ptr ? target : S("/");
	check_claim(f, &request);
	request.header_count = 1;
	check_claim(f, &request);
}
