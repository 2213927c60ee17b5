/* services/s3/address.h: which bucket and key a request points at, path-style or by its host.
 * Source: Amazon S3 User Guide, "Virtual hosting of buckets"; API Reference (2006-03-01), "Making requests". */
#ifndef SPOOR_SERVICES_S3_ADDRESS_H
#define SPOOR_SERVICES_S3_ADDRESS_H

#include "base/arena.h"

struct address {
	struct slice bucket, key;         /* decoded once; SLICE_NONE: none is named */
	bool         is_virtual_hosted;
};

/* The bucket in a Host header, for one of the blank-separated base `domains`: BUCKET.DOMAIN, BUCKET.s3.DOMAIN,
 * BUCKET.s3.REGION.DOMAIN (also s3-REGION), with any port and case. SLICE_NONE: the host names none, as an IP address or
 * a domain alone never does. Lower-case, in `arena` where that differs. */
struct slice address_host_bucket(struct arena *arena, struct slice host, struct slice domains);

/* `path` is the raw target without its query. Nothing is normalised: "a//b" and "a/../b" are keys.
 * Errors: ERR_INVALID "InvalidURI" for a bad escape, or bytes that are no UTF-8. */
bool address_read(struct arena *arena, struct slice host, struct slice path, struct slice domains, struct address *address,
                  struct error *err);

#endif
