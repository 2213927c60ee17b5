/* detect/pattern_needs.h: texts of which every message that one of some patterns matches has at least one: what may be searched for
 * before anything is parsed. */
#ifndef SPOOR_DETECT_PATTERN_NEEDS_H
#define SPOOR_DETECT_PATTERN_NEEDS_H

#include "detect/pattern.h"

/* A text stands in a string or number of the message's JSON, in whatever spelling, or in the message as it is. Fills at most `texts_max`
 * and returns how many; 0: nothing is known, every message may match. The texts live as long as the patterns. */
size_t pattern_needs(const struct pattern *const *patterns, size_t count, struct slice *texts, size_t texts_max);

#endif
