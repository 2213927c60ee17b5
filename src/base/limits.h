/* base/limits.h: every maximum in one place, each with its source. */
#ifndef SPOOR_BASE_LIMITS_H
#define SPOOR_BASE_LIMITS_H

enum {
	/* Password hashes: OWASP Password Storage Cheat Sheet, Argon2id with m = 19 MiB, t = 2, p = 1. */
	PASSWORD_MEMORY_KIB      = 19456,
	PASSWORD_PASSES          = 2,

	/* Signature Version 4: AWS IAM User Guide "Create a signed AWS API request"; S3 API Reference "Query Parameters". */
	SIGV4_SKEW_MS            = 15 * 60 * 1000,
	SIGV4_EXPIRES_S_MAX      = 7 * 24 * 3600,      /* presigned requests */
	SIGV4_SIGNED_HEADERS_MAX = 100,                /* ours: more header fields than clients send */
	SIGV4_QUERY_PAIRS_MAX    = 1000,               /* ours */
	SIGV4_CREDENTIAL_BYTES_MAX = 512,              /* ours: the longest key id is 128, a region or service name short */
};

/* ---- event/record: CloudTrail User Guide, "CloudTrail record contents" and "Quotas" ---- */
enum {
	RECORD_BYTES_MAX        = 256 << 10,     /* a whole record; larger ones are not sent to CloudWatch Logs */
	RECORD_OBJECT_BYTES_MAX = 100 << 10,     /* requestParameters, responseElements, serviceEventDetails, each */
	RECORD_EXTRA_BYTES_MAX  = 28 << 10,      /* additionalEventData */
	RECORD_TEXT_BYTES_MAX   = 1 << 10,       /* userAgent, errorCode, errorMessage, requestID */
	RECORD_ROOM_BYTES       = 512 << 10,     /* ours: what a record may take before it sheds objects */
};

#endif
