/* bucket/uploads.h: multipart uploads that are in progress (SQL table `uploads`). */
#ifndef SPOOR_BUCKET_UPLOADS_H
#define SPOOR_BUCKET_UPLOADS_H

#include "bucket/versions.h"

struct upload {
	struct slice      key, upload_id;
	int64_t           started_ms;
	struct slice      initiator;          /* ARN of who began it */
	struct slice      checksum_algorithm; /* SLICE_NONE: not asked for */
	struct slice      checksum_type;
	struct attributes attributes;         /* of the object to be */
};

extern const char uploads_table[];

/* A fresh one, which begins with the time, so that uploads of a key are listed as they were begun. */
struct slice uploads_make_id(struct arena *arena, struct random *random, int64_t now_ms);

bool uploads_insert(struct catalog *catalog, const struct bucket *bucket, const struct upload *upload, struct error *err);

/* Absence is ERR_NOT_FOUND "NoSuchUpload". */
const struct upload *uploads_get(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                 struct slice key, struct slice upload_id, struct error *err);

/* The upload only; its parts stay as what the completed object is made of. */
bool uploads_delete(struct catalog *catalog, const struct bucket *bucket, struct slice key, struct slice upload_id,
                    struct error *err);

/* All of the bucket, with their parts, whose files die. */
bool uploads_delete_all(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, int64_t now_ms,
                        struct error *err);

/* For queries that end in uploads: UPLOADS_COLUMNS of alias `u`, first in the row. */
#define UPLOADS_COLUMNS \
	"u.key, u.upload_id, u.started_ms, u.initiator, u.checksum_algorithm, u.checksum_type, u.storage_class, u.headers," \
	" u.tags, u.lock_mode, u.retain_until_ms, u.has_legal_hold"
void uploads_read(struct rows *rows, struct arena *arena, struct upload *upload);

#endif
