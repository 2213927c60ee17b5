/* services/iam/listing.h: paging as IAM has it: MaxItems, Marker, IsTruncated.
 *
 * A marker holds the key of the last item shown and is bound to the account, the operation and what was asked of it; a
 * marker of another listing is refused. Nothing secret is in it, and a forged one only skips its own listing.
 * Source: IAM API Reference (2010-05-08), "ListUsers". */
#ifndef SPOOR_SERVICES_IAM_LISTING_H
#define SPOOR_SERVICES_IAM_LISTING_H

#include "auth/page.h"
#include "services/operation.h"

struct listing {
	struct page page;            /* what to read; `path_prefix` is the input's PathPrefix, if it has one */
	uint64_t    binding;
};

/* Reads MaxItems and Marker from the input. Errors: ERR_INVALID "ValidationError" for a marker that was not given out
 * for this listing. */
bool listing_begin(struct listing *listing, struct call *call, const void *input, struct error *err);

/* Writes IsTruncated, and Marker if the listing goes on after the item with `last_key`. */
void listing_end(const struct listing *listing, struct call *call, void *output, bool is_truncated,
                 struct slice last_key);

/* For listings that are in memory: shall an item with this key be shown? Counts in *shown; ask in the order of keys. */
enum listing_verdict { LISTING_SKIP, LISTING_SHOW, LISTING_FULL };
enum listing_verdict listing_admit(const struct listing *listing, struct slice key, size_t *shown);

#endif
