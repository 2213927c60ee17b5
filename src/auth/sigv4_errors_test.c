/* auth/sigv4_errors_test.c: each reason has words in each protocol; the words of the specification's table. */
#include "auth/sigv4_errors.h"
#include "tests/test.h"

TEST(sigv4_errors_have_a_code_a_status_and_a_text_for_every_reason_and_protocol)
{
	for (enum sigv4_reason reason = SIGV4_OK + 1; reason < SIGV4_REASON_COUNT; reason++) {
		CHECK(t, sigv4_errors_word(reason) && sigv4_errors_word(reason)[0]);
		for (enum sigv4_family family = 0; family < SIGV4_FAMILY_COUNT; family++) {
			const struct sigv4_error *error = sigv4_errors_find(reason, family);
			struct sigv4_refusal refusal = { .reason = reason, .detail = S("detail") };

			CHECK(t, error->code && error->code[0] && error->status >= 400 && error->status < 500);
			CHECK_NUMBER(t, sigv4_errors_fill(&refusal, family, &t->err), error->status);
			CHECK_TEXT(t, slice_of(t->err.name), slice_of(error->code));
			CHECK(t, t->err.message[0]);
		}
	}
}

TEST(sigv4_errors_are_those_of_each_protocol)
{
	static const struct { enum sigv4_reason reason; enum sigv4_family family; const char *code; int status; } rows[] = {
		{ SIGV4_NO_CREDENTIALS, SIGV4_FAMILY_QUERY, "MissingAuthenticationToken", 403 },
		{ SIGV4_NO_CREDENTIALS, SIGV4_FAMILY_JSON, "MissingAuthenticationTokenException", 400 },
		{ SIGV4_UNKNOWN_KEY, SIGV4_FAMILY_QUERY, "InvalidClientTokenId", 403 },
		{ SIGV4_UNKNOWN_KEY, SIGV4_FAMILY_JSON, "UnrecognizedClientException", 400 },
		{ SIGV4_UNKNOWN_KEY, SIGV4_FAMILY_EC2, "AuthFailure", 401 },
		{ SIGV4_UNKNOWN_KEY, SIGV4_FAMILY_S3, "InvalidAccessKeyId", 403 },
		{ SIGV4_EXPIRED_TOKEN, SIGV4_FAMILY_QUERY, "ExpiredToken", 403 },
		{ SIGV4_EXPIRED_TOKEN, SIGV4_FAMILY_JSON, "ExpiredTokenException", 400 },
		{ SIGV4_EXPIRED_TOKEN, SIGV4_FAMILY_EC2, "RequestExpired", 400 },
		{ SIGV4_EXPIRED_TOKEN, SIGV4_FAMILY_S3, "ExpiredToken", 400 },
		{ SIGV4_WRONG_REGION, SIGV4_FAMILY_EC2, "AuthFailure", 401 },
		{ SIGV4_WRONG_REGION, SIGV4_FAMILY_S3, "AuthorizationHeaderMalformed", 400 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct sigv4_error *error = sigv4_errors_find(rows[i].reason, rows[i].family);

		CHECK_TEXT(t, slice_of(error->code), slice_of(rows[i].code));
		CHECK_NUMBER(t, error->status, rows[i].status);
	}
}

TEST(sigv4_errors_speak_as_aws_does)
{
	struct sigv4_refusal refusal = { .reason = SIGV4_UNKNOWN_KEY };

	sigv4_errors_fill(&refusal, SIGV4_FAMILY_QUERY, &t->err);
	CHECK_TEXT(t, slice_of(t->err.message), S("The security token included in the request is invalid."));
	refusal.reason = SIGV4_BAD_SIGNATURE;
	sigv4_errors_fill(&refusal, SIGV4_FAMILY_JSON, &t->err);
	CHECK_TEXT(t, slice_of(t->err.message),
	           S("The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
	             "Key and signing method. Consult the service documentation for details."));
	refusal.detail = S("'Host' must be a 'SignedHeader' in the AWS Authorization.");
	sigv4_errors_fill(&refusal, SIGV4_FAMILY_QUERY, &t->err);
	CHECK_TEXT(t, slice_of(t->err.message), refusal.detail);
}
