/* bucket/bucket_list.h: pages of a bucket's keys, versions and uploads, in byte order of the keys, folded at a delimiter.
 *
 * A page costs what it shows: a group of keys with a common prefix is skipped by looking for the first key behind it, and
 * versions that are not shown are not read. Source: Amazon S3 API Reference, ListObjectsV2, ListObjects,
 * ListObjectVersions, ListMultipartUploads. */
#ifndef SPOOR_BUCKET_BUCKET_LIST_H
#define SPOOR_BUCKET_BUCKET_LIST_H

#include "bucket/buckets.h"
#include "bucket/uploads.h"
#include "bucket/versions.h"

struct list_wanted {
	struct slice prefix, delimiter;   /* SLICE_NONE or "": none */
	struct slice after;               /* keys behind it; SLICE_NONE: from the start */
	struct slice after_id;            /* version or upload id within the key `after`; SLICE_NONE: behind the whole key */
	bool         is_start_after;      /* `after` was chosen freely (V2's start-after): its own group is shown again */
	size_t       limit;               /* 0 ... S3_PAGE_ITEMS_MAX, of items and prefixes together */
};

struct listed {
	struct version *versions;         /* bucket_list_objects, bucket_list_versions */
	struct upload  *uploads;          /* bucket_list_uploads */
	size_t          count;
	struct slice   *prefixes;         /* common prefixes, the common part included */
	size_t          prefix_count;
	bool            is_truncated;
	struct slice    next, next_id;    /* if truncated: `after` and `after_id` of the next page */
};

/* Latest versions that are no markers. */
bool bucket_list_objects(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                         const struct list_wanted *wanted, struct listed *listed, struct error *err);

/* All versions and markers, newest first within a key. */
bool bucket_list_versions(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                          const struct list_wanted *wanted, struct listed *listed, struct error *err);

/* Uploads in progress, oldest first within a key. */
bool bucket_list_uploads(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                         const struct list_wanted *wanted, struct listed *listed, struct error *err);

/* A continuation token for `next`, and back. Errors: ERR_INVALID "InvalidArgument". */
struct slice bucket_list_token(struct arena *arena, struct slice next);
bool bucket_list_token_read(struct arena *arena, struct slice token, struct slice *next, struct error *err);

#endif
