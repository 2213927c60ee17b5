/* services/s3/object_listing.h: what the four listings of a bucket share: parameters in, page out.
 * Source: Amazon S3 API Reference (2006-03-01), ListObjectsV2, ListObjects, ListObjectVersions, ListMultipartUploads. */
#ifndef SPOOR_SERVICES_S3_OBJECT_LISTING_H
#define SPOOR_SERVICES_S3_OBJECT_LISTING_H

#include "bucket/bucket_list.h"
#include "services/call.h"
#include "services/s3/shapes.h"

/* Checks EncodingType and the number of items (clamped to 1000; SLICE_NONE, not set: 1000), and begins `wanted`.
 * `argument`: what errors call the number. Errors: ERR_INVALID "InvalidArgument". */
bool object_listing_begin(struct call *call, struct slice encoding_type, struct maybe_i64 items, const char *argument,
                   struct list_wanted *wanted, struct error *err);

void object_listing_prefixes(struct call *call, const struct listed *listed, struct s3_common_prefix_list *prefixes);

/* `owner` NULL: not shown. */
void object_listing_objects(struct call *call, const struct listed *listed, struct s3_owner *owner, struct s3_object_list *objects);

/* "InvalidArgument" with its elements. Always false. */
bool object_listing_refuse(struct call *call, const char *argument, struct slice value, const char *text, struct error *err);

#endif
