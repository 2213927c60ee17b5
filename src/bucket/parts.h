/* bucket/parts.h: parts of uploads, and of the objects that were made of them (SQL table `parts`).
 *
 * Completing an upload moves no part: the object's row names the upload, and its parts, in order of their numbers, are the
 * object's bytes. */
#ifndef SPOOR_BUCKET_PARTS_H
#define SPOOR_BUCKET_PARTS_H

#include "base/arena.h"

struct bucket;
struct catalog;

struct part {
	int64_t      number;                /* 1 ... 10000 */
	int64_t      bytes;
	int64_t      modified_ms;
	struct slice etag;                  /* hex of the part's MD5 */
	struct slice file, sealed_key;      /* as in struct content; SLICE_NONE: an empty part */
	struct slice checksum_algorithm, checksum;      /* SLICE_NONE: none */
};

struct part_list { struct part *items; size_t count; bool is_truncated; };

extern const char parts_table[];

/* Replaces the part with the same number, whose file dies. For UploadPart: bucket_multipart_put_part() of bucket_multipart.h checks
 * the upload first. */
bool parts_put(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, struct slice parts_id,
               const struct part *part, int64_t now_ms, struct error *err);

/* In order of numbers, those above `after`, at most `limit`. All parts of an object: after 0, limit S3_PARTS_MAX. */
bool parts_list(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, struct slice parts_id,
                int64_t after, size_t limit, struct part_list *list, struct error *err);

/* One, and all; files that nobody else names die. */
bool parts_delete(struct catalog *catalog, const struct bucket *bucket, struct slice parts_id, const struct part *part,
                  int64_t now_ms, struct error *err);
bool parts_delete_all(struct catalog *catalog, const struct bucket *bucket, struct slice parts_id, int64_t now_ms,
                      struct error *err);

/* The same files once more, under another id and maybe in another account: a copy of an object made of parts. */
bool parts_share(struct catalog *catalog, const struct bucket *from, struct slice from_id, const struct bucket *to,
                 struct slice to_id, struct error *err);

#endif
