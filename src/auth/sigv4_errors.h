/* auth/sigv4_errors.h: what a client of each protocol is told when its signature is refused.
 * Source: IAM User Guide, "Troubleshoot Signature Version 4"; "Common errors" of each API reference; S3 "Error responses". */
#ifndef SPOOR_AUTH_SIGV4_ERRORS_H
#define SPOOR_AUTH_SIGV4_ERRORS_H

#include "auth/sigv4.h"

enum sigv4_family {
	SIGV4_FAMILY_QUERY,                   /* IAM, STS, SNS, CloudWatch's query form */
	SIGV4_FAMILY_JSON,                    /* JSON 1.0 and 1.1, CBOR, REST-JSON */
	SIGV4_FAMILY_EC2,
	SIGV4_FAMILY_S3,
	SIGV4_FAMILY_COUNT
};

struct sigv4_error {
	const char *code;
	int         status;
	const char *text;                     /* NULL: the refusal's own detail */
};

/* The row for a reason; `reason` is not SIGV4_OK. */
const struct sigv4_error *sigv4_errors_find(enum sigv4_reason reason, enum sigv4_family family);

/* Fills `err` (kind ERR_DENIED or ERR_INVALID, name = the code, message) and returns the HTTP status. */
int sigv4_errors_fill(const struct sigv4_refusal *refusal, enum sigv4_family family, struct error *err);

/* A short stable word for metrics and logs: "bad_signature". */
const char *sigv4_errors_word(enum sigv4_reason reason);

#endif
