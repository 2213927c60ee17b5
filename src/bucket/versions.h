/* bucket/versions.h: what is stored under a key (SQL table `object_versions`): objects, old versions, delete markers.
 *
 * A bucket that never was versioned has one row a key, of the version "null". Rows of a key are ordered by `position`; the
 * highest is the latest. An index knows the latest ones that are no markers, so that listing a page costs a page.
 *
 * The bytes are in no file (empty), in one (store/objects.h), or in the parts of an upload (bucket/parts.h). Files never
 * change, so a copy within spoor names the same files; a file dies with the last row that names it.
 *
 * This file is rows only; what S3 makes of them is bucket_put.h, bucket_get.h, bucket_delete.h, bucket_list.h. */
#ifndef SPOOR_BUCKET_VERSIONS_H
#define SPOOR_BUCKET_VERSIONS_H

#include "base/arena.h"
#include "base/random.h"

struct bucket;
struct catalog;
struct rows;

enum { VERSION_ID_BYTES = 32 };

/* The bytes and what is known about them. */
struct content {
	struct slice file;                  /* 32 hex digits; SLICE_NONE: empty, or in parts */
	struct slice sealed_key;            /* the file's data key, sealed under KEYRING_OBJECT_KEY, bound to its name */
	struct slice parts_id;              /* the upload whose parts they are; SLICE_NONE: none */
	int64_t      part_count;
	int64_t      bytes;
	struct slice etag;                  /* without quotes */
	struct slice checksum_algorithm;    /* "CRC64NVME"; SLICE_NONE: none */
	struct slice checksum;              /* base64; of parts: "base64-N" if composite */
	struct slice checksum_type;         /* "FULL_OBJECT", "COMPOSITE" */
};

/* What the owner said about them. */
struct attributes {
	/* System and user metadata as HTTP header lines "name: value\n", names in lower case: content-type, cache-control,
	 * content-disposition, content-encoding, content-language, expires, x-amz-website-redirect-location, x-amz-meta-NAME. */
	struct slice headers;
	struct slice storage_class;         /* SLICE_NONE: STANDARD */
	struct slice tags;                  /* "k=v&k2=v2", percent-encoded; SLICE_NONE: none */

	/* object lock */
	struct slice lock_mode;             /* "GOVERNANCE", "COMPLIANCE"; SLICE_NONE: no retention */
	int64_t      retain_until_ms;
	bool         has_legal_hold;
};

struct version {
	struct slice      key;
	struct slice      version_id;       /* "null", or VERSION_ID_BYTES characters */
	int64_t           position;
	bool              is_marker;        /* then content and attributes are empty */
	bool              is_latest;
	int64_t           modified_ms;
	int64_t           noncurrent_ms;    /* when the next one came; of the latest 0 */
	struct content    content;
	struct attributes attributes;
};

extern const char versions_table[];

/* A fresh one for a version, or for an upload; in `arena`. */
struct slice versions_make_id(struct arena *arena, struct random *random);

/* Errors: ERR_INVALID "InvalidArgument" for a text that no version has. */
bool versions_check_id(struct slice version_id, struct error *err);

/* NULL if there is none, and on failure (then `err`, clean before, is filled). Markers are found too. */
const struct version *versions_find_latest(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                           struct slice key, struct error *err);
const struct version *versions_find(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                    struct slice key, struct slice version_id, struct error *err);

/* Inserts `version` as the latest of its key: position, is_latest and noncurrent_ms are set here. A version with the same
 * id must be gone before. */
bool versions_insert(struct catalog *catalog, const struct bucket *bucket, const struct version *version, struct error *err);

/* Deletes the row, makes the one before it the latest if it was, and leaves files that no other row names to
 * bucket/dead_files.h. */
bool versions_delete(struct catalog *catalog, const struct bucket *bucket, const struct version *version, int64_t now_ms,
                     struct error *err);

/* Each writes some attributes of one version. SLICE_NONE removes. */
bool versions_set_tags(struct catalog *catalog, const struct bucket *bucket, const struct version *version,
                       struct slice tags, struct error *err);
bool versions_set_retention(struct catalog *catalog, const struct bucket *bucket, const struct version *version,
                            struct slice mode, int64_t retain_until_ms, struct error *err);
bool versions_set_legal_hold(struct catalog *catalog, const struct bucket *bucket, const struct version *version,
                             bool has_legal_hold, struct error *err);

/* Is there any, markers included? */
bool versions_any(struct catalog *catalog, const struct bucket *bucket, bool *is_any, struct error *err);

/* The version of `key` that was made of the parts of that upload; NULL as versions_find. */
const struct version *versions_find_by_parts(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                             struct slice key, struct slice parts_id, struct error *err);

/* For queries that end in versions: VERSIONS_COLUMNS of alias `v`, first in the row. */
#define VERSIONS_COLUMNS \
	"v.key, v.version_id, v.position, v.is_marker, v.noncurrent_ms, v.modified_ms, v.bytes, v.etag, v.storage_class," \
	" v.checksum_algorithm, v.checksum_type, v.checksum, v.file, v.sealed_key, v.parts_id, v.part_count, v.headers," \
	" v.tags, v.lock_mode, v.retain_until_ms, v.has_legal_hold"
void versions_read(struct rows *rows, struct arena *arena, struct version *version);

#endif
