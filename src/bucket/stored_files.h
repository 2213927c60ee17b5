/* bucket/stored_files.h: every file of store/objects that a row names, for those who look at all of them. */
#ifndef SPOOR_BUCKET_STORED_FILES_H
#define SPOOR_BUCKET_STORED_FILES_H

#include "base/arena.h"

struct catalog;

struct stored_file {
	struct slice account, file, sealed_key;
	int64_t      bytes;
	struct slice bucket, key, version_id;   /* of a version; SLICE_NONE: it is a part */
	struct slice parts_id;                  /* of a part, with its number */
	int64_t      number;
};

/* In no order; a file that several rows name comes as often. What `each` gets lives in `arena`, which it may reset;
 * false from it stops. */
bool stored_files_each(struct catalog *catalog, struct arena *arena,
                       bool (*each)(void *user, const struct stored_file *stored, struct error *err), void *user,
                       struct error *err);

/* Versions whose parts are not there, or are not as many bytes as they say: bucket, key, version_id of each. */
bool stored_files_each_incomplete(struct catalog *catalog, struct arena *arena,
                                  bool (*each)(void *user, const struct stored_file *stored, struct error *err), void *user,
                                  struct error *err);

#endif
