/* trail/trail_files.h: delivered log files that no digest lists yet (SQL table `trail_files`).
 *
 * A row comes with the commit that delivers its file and goes with the commit of the digest that lists it: so each file is
 * in exactly one digest. */
#ifndef SPOOR_TRAIL_TRAIL_FILES_H
#define SPOOR_TRAIL_TRAIL_FILES_H

#include "base/arena.h"

struct catalog;

struct trail_file {
	struct slice account;
	uint64_t     trail_id;
	struct slice region;                    /* of the events */
	int64_t      delivered_ms;
	struct slice bucket, key;
	struct slice hash;                      /* SHA-256 of the uncompressed bytes, 64 lower-case hex digits */
	int64_t      oldest_ms, newest_ms;      /* of its events */
};

struct trail_file_list { struct trail_file *items; size_t count; };

extern const char trail_files_table[];

bool trail_files_insert(struct catalog *catalog, const struct trail_file *file, struct error *err);

/* Delivered before `before_ms`, in order of delivery. */
bool trail_files_list(struct catalog *catalog, struct arena *arena, struct slice account, uint64_t trail_id,
                      struct slice region, int64_t before_ms, struct trail_file_list *list, struct error *err);

/* When the newest of the region was delivered; 0: there is none. */
bool trail_files_newest(struct catalog *catalog, struct slice account, uint64_t trail_id, struct slice region,
                        int64_t *newest_ms, struct error *err);

/* Those that the list above had: nothing delivered before that moment comes later, see the deliverer. */
bool trail_files_delete(struct catalog *catalog, struct slice account, uint64_t trail_id, struct slice region,
                        int64_t before_ms, struct error *err);

#endif
