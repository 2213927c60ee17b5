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

struct upload_list { struct upload *items; size_t count; bool is_truncated; };

extern const char uploads_table[];

bool uploads_insert(struct catalog *catalog, const struct bucket *bucket, const struct upload *upload, struct error *err);

/* Absence is ERR_NOT_FOUND "NoSuchUpload". */
const struct upload *uploads_get(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                 struct slice key, struct slice upload_id, struct error *err);

/* The upload only; its parts stay as what the completed object is made of. */
bool uploads_delete(struct catalog *catalog, const struct bucket *bucket, struct slice key, struct slice upload_id,
                    struct error *err);

/* All of the bucket, with their parts, whose files die. */
bool uploads_delete_all(struct catalog *catalog, const struct bucket *bucket, int64_t now_ms, struct error *err);

/* In order of keys and ids, those behind (key, upload_id) whose keys lie below `end` (SLICE_NONE: no end). */
struct uploads_wanted { struct slice after_key, after_upload_id, from_key, end_key; size_t limit; };
bool uploads_list(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                  const struct uploads_wanted *wanted, struct upload_list *list, struct error *err);

#endif
