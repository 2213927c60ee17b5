/* trail/stamper.h: the trails that are logging, compiled, as of the place in the journal where the recorder is.
 *
 * Belongs to the recorder's thread. It is loaded again by the job that changes a trail, in its transaction, so that the
 * very next event is stamped by the new settings; and whenever the catalog has been opened again. */
#ifndef SPOOR_TRAIL_STAMPER_H
#define SPOOR_TRAIL_STAMPER_H

#include "base/arena.h"

struct catalog;
struct record;
struct stamper;

struct stamper *stamper_new(void);
void stamper_free(struct stamper *stamper);                     /* accepts NULL */

/* From the rows of trails as `catalog` sees them. On failure the settings before stay. Errors: those of the catalog;
 * ERR_CORRUPT: selectors that do not compile. */
bool stamper_load(struct stamper *stamper, struct catalog *catalog, struct error *err);

/* The bytes for the event's frame, in the arena; SLICE_NONE: no trail admits it. */
struct slice stamper_stamp(const struct stamper *stamper, const struct record *record, struct arena *arena);

/* Of the event that says that a trail was changed, after the stamper was loaded for it: it goes where the settings before
 * or those after it say, so that StartLogging, StopLogging and DeleteTrail are all delivered to their trail. */
struct slice stamper_stamp_change(const struct stamper *stamper, const struct record *record, struct arena *arena);

/* Copies every text that stamping reads, for a record that is stamped after its call's memory is gone. */
const struct record *stamper_keep(const struct record *record, struct arena *arena);

#endif
