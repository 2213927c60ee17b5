/* trail/trail_status.h: what GetTrailStatus says of deliveries, by region of the events (SQL table `trail_status`).
 * Source: CloudTrail API Reference (2013-11-01), GetTrailStatus. */
#ifndef SPOOR_TRAIL_TRAIL_STATUS_H
#define SPOOR_TRAIL_TRAIL_STATUS_H

#include "base/arena.h"

struct catalog;

struct trail_status_key {
	struct slice account;
	uint64_t     trail_id;
	struct slice region;
};

/* Times are 0 where nothing has happened yet. */
struct trail_status {
	int64_t      attempted_ms;              /* the last try, whatever came of it */
	int64_t      delivered_ms;              /* the last log file */
	struct slice delivery_error;            /* S3's code, when the last try failed; else SLICE_NONE */
	int64_t      digested_ms;
	struct slice digest_error;
};

extern const char trail_status_table[];

/* All zero if nothing has happened. */
bool trail_status_find(struct catalog *catalog, struct arena *arena, const struct trail_status_key *key,
                       struct trail_status *status, struct error *err);

/* One try to deliver log files, or a digest. `error` SLICE_NONE: it went well, and the error before is forgotten. */
bool trail_status_note_delivery(struct catalog *catalog, const struct trail_status_key *key, int64_t now_ms,
                                struct slice error, struct error *err);
bool trail_status_note_digest(struct catalog *catalog, const struct trail_status_key *key, int64_t now_ms, struct slice error,
                              struct error *err);

/* Of all regions, when the trail is deleted and nothing of it is pending. */
bool trail_status_delete_all(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err);

#endif
