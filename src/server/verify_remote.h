/* server/verify_remote.h: spoor verify on buckets behind an endpoint, while they are being written. */
#ifndef SPOOR_SERVER_VERIFY_REMOTE_H
#define SPOOR_SERVER_VERIFY_REMOTE_H

#include "server/endpoint.h"
#include "trail/verify.h"

enum { VERIFY_REMOTE_PLACES_MAX = 16 };

struct verify_remote_flags {
	struct endpoint_flags endpoint;
	const char           *trail;            /* its ARN, or NULL */
	const char           *places[VERIFY_REMOTE_PLACES_MAX];         /* "s3://BUCKET/PREFIX" */
	size_t                place_count;      /* 0: where the trail delivers */
	struct slice          public_keys;      /* the text of the file; SLICE_NONE: asked for at the endpoint */
};

/* Whether they can be understood, before anything is asked. Errors: ERR_INVALID. */
bool verify_remote_check(const struct verify_remote_flags *flags, struct error *err);

/* Heads and the like of `options` count; source, keys, and what the trail's status says are added to a copy. `environment` as
 * main() has it. Errors: ERR_INVALID the flags; the endpoint cannot be asked or refuses. */
bool verify_remote_run(const struct verify_remote_flags *flags, const struct verify_options *options, char *const *environment,
                       struct verify_report *report, struct error *err);

#endif
