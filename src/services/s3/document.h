/* services/s3/document.h: configuration documents of buckets: kept in the XML that the model gives them, checked before.
 *
 * What is kept is what our own encoder writes of the input, not the client's bytes, so reading it again cannot fail for a
 * reason that a client chose. */
#ifndef SPOOR_SERVICES_S3_DOCUMENT_H
#define SPOOR_SERVICES_S3_DOCUMENT_H

#include "bucket/buckets.h"
#include "bucket/documents.h"
#include "services/operation.h"

/* The payload of a Put operation's input, kept for the call's bucket. On the writer. */
bool document_put(struct call *call, enum document_kind kind, const struct operation_shape *put, const void *input,
                  struct error *err);

/* The payload that was put; *value is NULL if there is none. */
bool document_get(struct call *call, enum document_kind kind, const struct operation_shape *put, const void **value,
                  struct error *err);

bool document_get_of(struct call *call, const struct bucket *bucket, enum document_kind kind, const struct operation_shape *put,
                     const void **value, struct error *err);

/* As above; absence is ERR_NOT_FOUND with the code `missing`. */
const void *document_require(struct call *call, enum document_kind kind, const struct operation_shape *put,
                             const char *missing, struct error *err);

/* Gone, whether it was there or not. */
bool document_delete(struct call *call, enum document_kind kind, struct error *err);

#endif
