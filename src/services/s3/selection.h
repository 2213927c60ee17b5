/* services/s3/selection.h: which operation of S3 a method, an address and a sub-resource mean.
 *
 * A sub-resource is a name in the query, with or without a value; names that nobody knows (x-id) do not count. What is
 * known and meant for another method is 405, never something else: `GET /bucket?inventory` is no listing.
 * Source: Amazon S3 API Reference (2006-03-01), "Actions". */
#ifndef SPOOR_SERVICES_S3_SELECTION_H
#define SPOOR_SERVICES_S3_SELECTION_H

#include "services/rest.h"

/* By method, bucket, key, query and headers of `rest`: the name of one of the model's operations, served or not.
 * SLICE_NONE with S3's error, its elements in `rest`: MethodNotAllowed; NotImplemented (uploads by HTML form);
 * InvalidArgument (parameters that contradict each other). */
struct slice selection_find(struct rest *rest, struct error *err);

#endif
