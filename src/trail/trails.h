/* trail/trails.h: trails (SQL table `trails`): what CreateTrail, UpdateTrail and their kin set, nothing of what is delivered.
 *
 * A name is unique in its account and home region, case kept. A trail that is created again under an old name is another
 * trail: `trail_id` never comes back, and pending deliveries and digests go by it.
 * Source: CloudTrail API Reference (2013-11-01), CreateTrail, Trail; User Guide, "Quotas". */
#ifndef SPOOR_TRAIL_TRAILS_H
#define SPOOR_TRAIL_TRAILS_H

#include "base/arena.h"

struct catalog;

enum { TRAILS_IN_A_REGION_MAX = 5 };

struct trail {
	uint64_t     trail_id;                  /* random, above 0 */
	struct slice account, region, name;     /* of its owner and its home */
	struct slice bucket, prefix;            /* prefix SLICE_NONE: none; without slashes at its ends */
	uint32_t     target;                    /* numbers the pairs of bucket and prefix it has had, from 1 */
	struct slice sns_name, sns_arn;         /* as given, and complete; SLICE_NONE: none */
	struct slice log_group_arn, logs_role_arn;
	struct slice kms_key_arn;
	bool         has_global_events, is_multi_region, has_validation;
	bool         has_custom_selectors;
	struct slice selectors;                 /* a document of trail/selectors.h */
	struct slice insight_selectors;         /* a JSON object with InsightSelectors; SLICE_NONE: none */
	bool         is_logging;
	int64_t      created_ms, started_ms, stopped_ms;        /* 0: never */
};

struct trail_list { struct trail *items; size_t count; };

extern const char trails_table[];

/* Errors: ERR_CONFLICT "TrailAlreadyExistsException". Quotas are the caller's to check. */
bool trails_insert(struct catalog *catalog, const struct trail *trail, struct error *err);

/* That error, for whoever must say it before anything else that is wrong. */
bool trails_fail_exists(const struct trail *trail, struct error *err);

/* NULL if there is none, and on failure (then `err`, clean before, is filled). */
const struct trail *trails_find(struct catalog *catalog, struct arena *arena, struct slice account, struct slice region,
                                struct slice name, struct error *err);

/* Of an account, by region and name; of every account, for the stamper, only those that are logging. */
bool trails_list(struct catalog *catalog, struct arena *arena, struct slice account, struct trail_list *list,
                 struct error *err);
bool trails_list_logging(struct catalog *catalog, struct arena *arena, struct trail_list *list, struct error *err);

/* Writes everything but id, owner, home, name and creation. */
bool trails_update(struct catalog *catalog, const struct trail *trail, struct error *err);

bool trails_delete(struct catalog *catalog, const struct trail *trail, struct error *err);

#endif
