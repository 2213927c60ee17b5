/* trail/selectors.h: which events a trail wants: basic and advanced event selectors, checked once and then matched.
 *
 * A document is the JSON that PutEventSelectors stores and GetEventSelectors gives back: an object with EventSelectors or
 * with AdvancedEventSelectors, members as the API spells them.
 * Source: CloudTrail API Reference (2013-11-01), PutEventSelectors, EventSelector, AdvancedFieldSelector. */
#ifndef SPOOR_TRAIL_SELECTORS_H
#define SPOOR_TRAIL_SELECTORS_H

#include "base/arena.h"

struct record;                          /* event/record.h */
struct selectors;

/* What a trail has before PutEventSelectors: all management events, no data events. */
extern const char SELECTORS_DEFAULT[];

/* NULL on error: ERR_INVALID, "InvalidEventSelectorsException" and what is wrong. The result lives in `arena` and points
 * into `document`. */
const struct selectors *selectors_compile(struct arena *arena, struct slice document, struct error *err);

/* Whether any selector wants the event. */
bool selectors_admit(const struct selectors *selectors, const struct record *record);

#endif
