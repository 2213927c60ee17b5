/* tests/recorder_story_check.h: what the teller and the checker of a story have in common. */
#ifndef SPOOR_TESTS_RECORDER_STORY_CHECK_H
#define SPOOR_TESTS_RECORDER_STORY_CHECK_H

#include "store/catalog.h"

enum { STORY_DETAIL_BYTES = 700, STORY_MIGRATIONS = 2 };

extern const struct migration story_migrations[STORY_MIGRATIONS];

#endif
