/* trail/object_keys.h: the keys under which log files and digests lie in a bucket, made and taken apart.
 *
 *   [PREFIX/]AWSLogs/[ORG/]ACCOUNT/CloudTrail/REGION/2026/01/15/ACCOUNT_CloudTrail_REGION_20260115T1005Z_UNIQUE.json.gz
 *   [PREFIX/]AWSLogs/[ORG/]ACCOUNT/CloudTrail-Digest/REGION/2026/01/15/ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOME_20260115T110000Z.json.gz
 *
 * Source: CloudTrail User Guide, "CloudTrail log file name format", "Digest file structure". */
#ifndef SPOOR_TRAIL_OBJECT_KEYS_H
#define SPOOR_TRAIL_OBJECT_KEYS_H

#include "base/arena.h"

enum { LOG_UNIQUE_CHARACTERS = 16 };

enum object_key_kind { OBJECT_KEY_OTHER, OBJECT_KEY_LOG, OBJECT_KEY_DIGEST, OBJECT_KEY_INSIGHT };

struct object_key {
	enum object_key_kind kind;
	struct slice prefix;                    /* before AWSLogs/, without the slash; "" if there is none */
	struct slice account, region;           /* of the events */
	struct slice trail, home_region;        /* digests only */
	struct slice unique;                    /* logs only */
	int64_t      time_ms;                   /* of delivery: minutes in logs, seconds in digests */
	bool         is_backfill;               /* digests only */
};

/* The key of such an object, in the arena. `prefix` SLICE_NONE or "": none. Of a log file, time is cut to the minute. */
struct slice object_keys_make(struct arena *arena, const struct object_key *key);

/* Anything that is not exactly of that form is OBJECT_KEY_OTHER. Slices point into `text`. */
void object_keys_parse(struct slice text, struct object_key *key);

#endif
