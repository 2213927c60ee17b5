/* auth/sigv4.h: AWS Signature Version 4: was this request signed by who it says, now, and as it is?
 *
 * Pure functions over the bytes as received, in three steps, so that an unknown key is told before a bad signature:
 *   1. sigv4_claim_parse   who claims to have signed, and how (header or presigned query)
 *   2. the caller looks the key up, opens the session token if there is one, and has the secret
 *   3. sigv4_verify        scope, clock, signature, payload, in this order
 * Source: IAM User Guide, "Create a signed AWS API request"; S3 API Reference (2006-03-01), "Authenticating Requests". */
#ifndef SPOOR_AUTH_SIGV4_H
#define SPOOR_AUTH_SIGV4_H

#include "base/arena.h"
#include "codec/digest.h"
#include "net/http_header.h"

struct sigv4_keys;

struct sigv4_request {
	struct slice               method;
	struct slice               target;    /* the raw request-target: path and query, still encoded */
	const struct http_header  *headers;   /* in arrival order */
	size_t                     header_count;
	struct slice               body;      /* complete, after HTTP framing; SLICE_NONE while it still streams (S3 only) */
};

/* Why a request is refused; auth/sigv4_errors.h gives each its code, status and text in each protocol. */
enum sigv4_reason {
	SIGV4_OK,

	/* step 1 */
	SIGV4_NO_CREDENTIALS,                 /* nothing claims anything: S3 may go on as anonymous */
	SIGV4_BOTH_FORMS,                     /* header and query */
	SIGV4_OLD_VERSION,                    /* Signature Version 2 */
	SIGV4_ASYMMETRIC,                     /* Signature Version 4A */
	SIGV4_MALFORMED_HEADER,
	SIGV4_MALFORMED_QUERY,                /* presigned: a parameter is missing or wrong */
	SIGV4_NO_DATE,                        /* no X-Amz-Date or Date, or not a time */

	/* step 2: the caller's findings */
	SIGV4_UNKNOWN_KEY,                    /* or an inactive one, or of a deleted user or role */
	SIGV4_BAD_TOKEN,                      /* missing, garbled, or of another key */
	SIGV4_EXPIRED_TOKEN,

	/* step 3 */
	SIGV4_WRONG_SCOPE,                    /* date, service or terminator */
	SIGV4_WRONG_REGION,
	SIGV4_EXPIRED,                        /* too old */
	SIGV4_NOT_YET,                        /* too far ahead */
	SIGV4_PRESIGNED_EXPIRED,
	SIGV4_PRESIGNED_NOT_YET,
	SIGV4_BAD_URI,                        /* a broken escape in path or query */
	SIGV4_UNSIGNED_HEADERS,               /* S3: an x-amz-* header that is not signed */
	SIGV4_NO_PAYLOAD_HASH,                /* S3: no x-amz-content-sha256 */
	SIGV4_BAD_PAYLOAD_HASH,               /* S3: neither a hash nor a known keyword */
	SIGV4_BAD_SIGNATURE,
	SIGV4_BAD_PAYLOAD,                    /* S3: the body is not the one that was signed */
	SIGV4_REASON_COUNT
};

/* Texts live in the arena of the call that failed, or are static. */
struct sigv4_refusal {
	enum sigv4_reason reason;
	struct slice      detail;             /* what is particular to this request; may be SLICE_NONE */

	/* for S3's extra elements */
	struct slice      unsigned_headers;   /* UNSIGNED_HEADERS: their names, comma-separated */
	struct slice      canonical_request, string_to_sign; /* BAD_SIGNATURE */
	struct slice      payload_sha256;     /* BAD_PAYLOAD: of the body that came */
};

/* Who claims to have signed. Slices point into the request or the arena. */
struct sigv4_claim {
	struct slice access_key_id;
	struct slice date, region, service, terminator;      /* the credential scope */
	struct slice signed_headers;                         /* as sent: names joined by ';' */
	struct slice signature;
	struct slice token;                                  /* session token; SLICE_NONE without */
	bool         is_presigned;
	int64_t      time_ms;                                /* when it was signed */
	int64_t      expires_s;                              /* presigned */
};

/* True: *claim is filled. False: *refusal says why. Nothing is checked against a key or a clock. */
bool sigv4_claim_parse(struct arena *arena, const struct sigv4_request *request, struct sigv4_claim *claim,
                       struct sigv4_refusal *refusal);

/* The service name in the credential scope, for routing, from the Authorization header or the query; SLICE_NONE where
 * there is none or it cannot be read. */
struct slice sigv4_claim_service(struct arena *arena, const struct sigv4_request *request);

/* What the server expects of a claim. */
struct sigv4_expectation {
	struct slice service;                 /* that routing found; "s3" selects S3's rules */
	struct slice region;                  /* SLICE_NONE: any */
	int64_t      wall_ms;                 /* the real clock, not the lab's */
	int64_t      skew_ms;                 /* SIGV4_SKEW_MS unless configured */
};

enum sigv4_payload {
	SIGV4_PAYLOAD_SIGNED,                 /* its SHA-256 is signed */
	SIGV4_PAYLOAD_UNSIGNED,
	SIGV4_PAYLOAD_CHUNKS,                 /* STREAMING-AWS4-HMAC-SHA256-PAYLOAD */
	SIGV4_PAYLOAD_CHUNKS_TRAILER,         /* STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER */
	SIGV4_PAYLOAD_UNSIGNED_TRAILER,       /* STREAMING-UNSIGNED-PAYLOAD-TRAILER */
};

/* What a streamed body is checked with: the chain of chunk signatures begins with the request's. */
struct sigv4_verified {
	enum sigv4_payload         payload;
	struct slice               payload_sha256;    /* SIGNED: the hash that was signed, in hex */
	char                       seed_signature[SHA256_HEX_BYTES];
	struct digest_hmac_sha256  signing_key;       /* wipe it with the call */
	char                       time[16];          /* yyyymmddThhmmssZ */
	struct slice               scope;             /* date/region/service/aws4_request */
	struct slice               canonical_request, string_to_sign;
};

/* Whether `secret` signed `request` as `claim` says. `keys` is the front's cache of signing keys, or NULL.
 * `verified` is filled on success. Comparisons with secrets take constant time. */
bool sigv4_verify(struct arena *arena, const struct sigv4_request *request, const struct sigv4_claim *claim,
                  struct slice secret, const struct sigv4_expectation *expectation, struct sigv4_keys *keys,
                  struct sigv4_verified *verified, struct sigv4_refusal *refusal);

#endif
