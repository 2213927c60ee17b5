/* auth/sigv4_errors.c: one row a reason, one column a protocol family. */
#include "auth/sigv4_errors.h"

#define TEXT_BAD_TOKEN    "The security token included in the request is invalid."
#define TEXT_EXPIRED      "The security token included in the request is expired"
#define TEXT_EC2          "AWS was not able to validate the provided access credentials"
#define TEXT_SIGNATURE    "The request signature we calculated does not match the signature you provided. Check your AWS Secret " \
                          "Access Key and signing method. Consult the service documentation for details."
#define TEXT_SIGNATURE_S3 "The request signature we calculated does not match the signature you provided. Check your key and " \
                          "signing method."
#define TEXT_ALGORITHM    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
#define TEXT_ASYMMETRIC   "Unsupported signature algorithm: use AWS4-HMAC-SHA256."
#define TEXT_SKEW_S3      "The difference between the request time and the current time is too large."
#define TEXT_URI          "The query string contains a syntax error."
#define TEXT_BOTH         "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string " \
                          "parameter or the Authorization header should be specified"
#define TEXT_UNSIGNED     "There were headers present in the request which were not signed"
#define TEXT_NO_HASH      "Missing required header for this request: x-amz-content-sha256"
#define TEXT_BAD_HASH     "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-..., or a valid sha256 value."
#define TEXT_PAYLOAD      "The provided 'x-amz-content-sha256' header does not match what was computed."

/* Rows that only S3 gives: the other columns say what a bad signature says, so that none is empty. */
#define ONLY_S3(code, status, text)                                                                                  \
	{ { "SignatureDoesNotMatch", 403, TEXT_SIGNATURE }, { "InvalidSignatureException", 400, TEXT_SIGNATURE },    \
	  { "AuthFailure", 401, TEXT_EC2 }, { code, status, text } }

/* Shapes that cannot be read: the first three agree but for JSON's suffix. */
#define INCOMPLETE(text, s3_code, s3_status, s3_text)                                                                \
	{ { "IncompleteSignature", 400, text }, { "IncompleteSignatureException", 400, text },                       \
	  { "IncompleteSignature", 400, text }, { s3_code, s3_status, s3_text } }

#define MISMATCH(text, ec2_code, ec2_status, ec2_text, s3_code, s3_status, s3_text)                                  \
	{ { "SignatureDoesNotMatch", 403, text }, { "InvalidSignatureException", 400, text },                        \
	  { ec2_code, ec2_status, ec2_text }, { s3_code, s3_status, s3_text } }

static const struct sigv4_error errors[SIGV4_REASON_COUNT][SIGV4_FAMILY_COUNT] = {
	/*                           query, JSON, EC2, S3 */
	[SIGV4_NO_CREDENTIALS]   = { { "MissingAuthenticationToken", 403, "Request is missing Authentication Token" },
	                             { "MissingAuthenticationTokenException", 400, "Missing Authentication Token" },
	                             { "MissingAuthenticationToken", 401, "Request is missing Authentication Token" },
	                             { "AccessDenied", 403, "Access Denied" } },
	[SIGV4_BOTH_FORMS]       = INCOMPLETE(TEXT_BOTH, "InvalidArgument", 400, TEXT_BOTH),
	[SIGV4_OLD_VERSION]      = INCOMPLETE(TEXT_ALGORITHM, "InvalidRequest", 400, TEXT_ALGORITHM),
	[SIGV4_ASYMMETRIC]       = INCOMPLETE(TEXT_ASYMMETRIC, "InvalidRequest", 400, TEXT_ASYMMETRIC),
	[SIGV4_MALFORMED_HEADER] = INCOMPLETE(NULL, "AuthorizationHeaderMalformed", 400, NULL),
	[SIGV4_MALFORMED_QUERY]  = INCOMPLETE(NULL, "AuthorizationQueryParametersError", 400, NULL),
	[SIGV4_NO_DATE]          = INCOMPLETE(NULL, "AccessDenied", 403,
	                                      "AWS authentication requires a valid Date or x-amz-date header"),
	[SIGV4_UNKNOWN_KEY]      = { { "InvalidClientTokenId", 403, TEXT_BAD_TOKEN },
	                             { "UnrecognizedClientException", 400, TEXT_BAD_TOKEN },
	                             { "AuthFailure", 401, TEXT_EC2 },
	                             { "InvalidAccessKeyId", 403,
	                               "The AWS Access Key Id you provided does not exist in our records." } },
	[SIGV4_BAD_TOKEN]        = { { "InvalidClientTokenId", 403, TEXT_BAD_TOKEN },
	                             { "UnrecognizedClientException", 400, TEXT_BAD_TOKEN },
	                             { "AuthFailure", 401, TEXT_EC2 },
	                             { "InvalidToken", 400, "The provided token is malformed or otherwise invalid." } },
	[SIGV4_EXPIRED_TOKEN]    = { { "ExpiredToken", 403, TEXT_EXPIRED },
	                             { "ExpiredTokenException", 400, TEXT_EXPIRED },
	                             { "RequestExpired", 400, "Request has expired." },
	                             { "ExpiredToken", 400, "The provided token has expired." } },
	[SIGV4_WRONG_SCOPE]      = MISMATCH(NULL, "AuthFailure", 401, TEXT_EC2, "AuthorizationHeaderMalformed", 400, NULL),
	[SIGV4_WRONG_REGION]     = MISMATCH(NULL, "AuthFailure", 401, TEXT_EC2, "AuthorizationHeaderMalformed", 400, NULL),
	[SIGV4_EXPIRED]          = MISMATCH(NULL, "RequestExpired", 400, "Request has expired.",
	                                    "RequestTimeTooSkewed", 403, TEXT_SKEW_S3),
	[SIGV4_NOT_YET]          = MISMATCH(NULL, "RequestExpired", 400, NULL, "RequestTimeTooSkewed", 403, TEXT_SKEW_S3),
	[SIGV4_PRESIGNED_EXPIRED] = MISMATCH(NULL, "RequestExpired", 400, "Request has expired.",
	                                     "AccessDenied", 403, "Request has expired"),
	[SIGV4_PRESIGNED_NOT_YET] = MISMATCH(NULL, "RequestExpired", 400, NULL,
	                                     "AccessDenied", 403, "Request is not valid yet"),
	[SIGV4_BAD_URI]          = { { "MalformedQueryString", 404, TEXT_URI }, { "SerializationException", 400, TEXT_URI },
	                             { "MalformedQueryString", 400, TEXT_URI },
	                             { "InvalidURI", 400, "Couldn't parse the specified URI." } },
	[SIGV4_UNSIGNED_HEADERS] = ONLY_S3("AccessDenied", 403, TEXT_UNSIGNED),
	[SIGV4_NO_PAYLOAD_HASH]  = ONLY_S3("InvalidRequest", 400, TEXT_NO_HASH),
	[SIGV4_BAD_PAYLOAD_HASH] = ONLY_S3("InvalidArgument", 400, TEXT_BAD_HASH),
	[SIGV4_BAD_SIGNATURE]    = MISMATCH(TEXT_SIGNATURE, "AuthFailure", 401, TEXT_EC2,
	                                    "SignatureDoesNotMatch", 403, TEXT_SIGNATURE_S3),
	[SIGV4_BAD_PAYLOAD]      = ONLY_S3("XAmzContentSHA256Mismatch", 400, TEXT_PAYLOAD),
};

static const char *const words[] = {
	[SIGV4_OK]                = "ok",
	[SIGV4_NO_CREDENTIALS]    = "no_credentials",
	[SIGV4_BOTH_FORMS]        = "both_forms",
	[SIGV4_OLD_VERSION]       = "old_version",
	[SIGV4_ASYMMETRIC]        = "asymmetric",
	[SIGV4_MALFORMED_HEADER]  = "malformed_header",
	[SIGV4_MALFORMED_QUERY]   = "malformed_query",
	[SIGV4_NO_DATE]           = "no_date",
	[SIGV4_UNKNOWN_KEY]       = "unknown_key",
	[SIGV4_BAD_TOKEN]         = "bad_token",
	[SIGV4_EXPIRED_TOKEN]     = "expired_token",
	[SIGV4_WRONG_SCOPE]       = "wrong_scope",
	[SIGV4_WRONG_REGION]      = "wrong_region",
	[SIGV4_EXPIRED]           = "expired",
	[SIGV4_NOT_YET]           = "not_yet",
	[SIGV4_PRESIGNED_EXPIRED] = "presigned_expired",
	[SIGV4_PRESIGNED_NOT_YET] = "presigned_not_yet",
	[SIGV4_BAD_URI]           = "bad_uri",
	[SIGV4_UNSIGNED_HEADERS]  = "unsigned_headers",
	[SIGV4_NO_PAYLOAD_HASH]   = "no_payload_hash",
	[SIGV4_BAD_PAYLOAD_HASH]  = "bad_payload_hash",
	[SIGV4_BAD_SIGNATURE]     = "bad_signature",
	[SIGV4_BAD_PAYLOAD]       = "bad_payload",
};
_Static_assert(COUNT(words) == SIGV4_REASON_COUNT, "a word for each reason");

const struct sigv4_error *sigv4_errors_find(enum sigv4_reason reason, enum sigv4_family family)
{
	assert(reason > SIGV4_OK && reason < SIGV4_REASON_COUNT && family < SIGV4_FAMILY_COUNT);
	return &errors[reason][family];
}

int sigv4_errors_fill(const struct sigv4_refusal *refusal, enum sigv4_family family, struct error *err)
{
	const struct sigv4_error *error = sigv4_errors_find(refusal->reason, family);
	enum error_kind kind = error->status == 401 || error->status == 403 ? ERR_DENIED : ERR_INVALID;
	struct slice text = error->text ? slice_of(error->text) : refusal->detail;

	/* A signature that cannot match says which header it lacks. */
	if (refusal->reason == SIGV4_BAD_SIGNATURE && refusal->detail.len && family < SIGV4_FAMILY_EC2)
		text = refusal->detail;
	if (!text.len)
		text = slice_of(errors[SIGV4_BAD_SIGNATURE][family].text);
	fail_as(err, kind, error->code, "%.*s", SLICE_ARG(text));
	return error->status;
}

const char *sigv4_errors_word(enum sigv4_reason reason)
{
	assert(reason < SIGV4_REASON_COUNT);
	return words[reason];
}
