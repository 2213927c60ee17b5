/* server/archive_bucket.h: buckets behind an S3 endpoint as the source of a scan (archive/archive_source.h). */
#ifndef SPOOR_SERVER_ARCHIVE_BUCKET_H
#define SPOOR_SERVER_ARCHIVE_BUCKET_H

#include "archive/archive_source.h"
#include "trail/api_client.h"

struct archive_bucket_options {
	const struct api_settings *settings;
	struct slice               region;      /* of the signature */
	size_t                     page_keys;   /* 0: 1,000 */
};

/* Asks nothing yet. What `options` leads to outlives it. */
struct archive_source *archive_bucket_open(const struct archive_bucket_options *options);
void                   archive_bucket_close(struct archive_source *source);     /* accepts NULL */

#endif
