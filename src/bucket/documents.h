/* bucket/documents.h: what a bucket is configured with, kept as it was put (SQL table `bucket_documents`).
 *
 * Text in and text out: who serves an operation decides what a document must look like. What every call needs of them
 * (versioning, ownership, object lock, the public access block) is not here but in the bucket's row. */
#ifndef SPOOR_BUCKET_DOCUMENTS_H
#define SPOOR_BUCKET_DOCUMENTS_H

#include "base/arena.h"

struct bucket;
struct catalog;

enum document_kind {                        /* kept in rows: never renumber */
	DOCUMENT_POLICY         = 1,        /* bucket/bucket_policy.h */
	DOCUMENT_ENCRYPTION     = 2,
	DOCUMENT_LIFECYCLE      = 3,
	DOCUMENT_TAGGING        = 4,
	DOCUMENT_CORS           = 5,
	DOCUMENT_REPLICATION    = 6,
	DOCUMENT_LOGGING        = 7,
	DOCUMENT_NOTIFICATION   = 8,
	DOCUMENT_WEBSITE        = 9,
	DOCUMENT_ACCELERATE     = 10,
	DOCUMENT_REQUEST_PAYMENT = 11,
};

struct document { struct slice text; int64_t modified_ms; };

extern const char documents_table[];

/* Replaces what was there. */
bool documents_put(struct catalog *catalog, const struct bucket *bucket, enum document_kind kind, struct slice text,
                   int64_t now_ms, struct error *err);

/* `document->text` is SLICE_NONE if there is none. */
bool documents_find(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, enum document_kind kind,
                    struct document *document, struct error *err);

/* *was_there may be NULL. */
bool documents_delete(struct catalog *catalog, const struct bucket *bucket, enum document_kind kind, bool *was_there,
                      struct error *err);
bool documents_delete_all(struct catalog *catalog, const struct bucket *bucket, struct error *err);

#endif
