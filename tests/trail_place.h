/* tests/trail_place.h: a data directory with a recorder, objects and a delivery's context in it; buckets, trails and stamped
 * events are put there by hand, and what was delivered is read back. For the tests of trail/delivery*.c and their kin.
 *
 * On a modelled disk (place->disk) everything may fail: functions give false or 0 then, and the test decides. */
#ifndef SPOOR_TESTS_TRAIL_PLACE_H
#define SPOOR_TESTS_TRAIL_PLACE_H

#include "store/directory.h"
#include "tests/test.h"
#include "trail/delivery.h"
#include "trail/recorder.h"

#define TRAIL_PLACE_ACCOUNT S("111122223333")
#define TRAIL_PLACE_NOW_MS  INT64_C(1768471267250)      /* 2026-01-15T10:01:07.250Z */

struct trail_place {
	struct arena                *arena;
	const char                  *path;
	struct disk                 *disk;              /* NULL: the real one */
	uint64_t                     journal_file_bytes; /* 0: 256 KiB */
	_Atomic int64_t              now_ms;            /* the lab clock; 0 becomes TRAIL_PLACE_NOW_MS */

	struct directory             directory;
	struct keyring              *keyring;
	struct objects              *objects;
	struct recorder             *_Atomic recorder;  /* NULL: closed */
	struct delivery_context      context;
	struct random                random;
	struct error                 err;               /* of the last failure here */
};

/* Everything open, also again after trail_place_close. False: nothing is. */
bool trail_place_open(struct trail_place *place);
void trail_place_close(struct trail_place *place);
struct delivery_options trail_place_options(struct trail_place *place);

/* A bucket of TRAIL_PLACE_ACCOUNT in us-east-1; `may_deliver`: its policy lets CloudTrail put objects, else it has none. */
bool trail_place_bucket(struct trail_place *place, const char *name, bool may_deliver);
bool trail_place_drop_bucket(struct trail_place *place, const char *name);              /* an empty one */

/* The bucket's policy becomes one that lets CloudTrail put objects, but no log files of that region. "none": of all regions. */
bool trail_place_deny(struct trail_place *place, const char *bucket, const char *region);

/* Rows as CreateTrail and StartLogging leave them: target `number`; with number 1 also the stream, from the beginning. */
bool trail_place_trail(struct trail_place *place, uint64_t trail_id, uint32_t number, const char *bucket, const char *prefix);

/* Any change, as a job. */
bool trail_place_change(struct trail_place *place, bool (*perform)(void *user, struct catalog *catalog, struct error *err),
                        void *user);

/* Records {"n":NUMBER} of that region for that trail and target, at the time it is. False: refused. */
bool trail_place_event(struct trail_place *place, int number, const char *region, uint64_t trail_id, uint32_t target);

/* The trail's own stream, and the one of a region that was parted from it. Zeroed: there is none. */
struct trail_stream trail_place_stream(struct trail_place *place, uint64_t trail_id);
struct trail_stream trail_place_region_stream(struct trail_place *place, uint64_t trail_id, const char *region);

/* One delivery of what is there; `limits` NULL: DELIVERY_LIMITS. */
enum delivery_end trail_place_deliver_stream(struct trail_place *place, const struct trail_stream *stream,
                                             const struct delivery_limits *limits, struct delivery_report *report);

/* Of the trail's own stream. */
enum delivery_end trail_place_deliver(struct trail_place *place, uint64_t trail_id, const struct delivery_limits *limits,
                                      struct delivery_report *report);

struct trail_place_object { struct slice bucket, key, headers; int64_t modified_ms; struct slice text; /* inflated */ };
struct trail_place_objects { struct trail_place_object *items; size_t count; };

/* Every object of every bucket, by bucket and key. False: one cannot be read. */
bool trail_place_read(struct trail_place *place, struct trail_place_objects *objects);

#endif
