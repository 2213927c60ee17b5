/* tests/lookups.h: a journal with events made by hand, and a history that looks them up. For trail/history*_test.c. */
#ifndef SPOOR_TESTS_LOOKUPS_H
#define SPOOR_TESTS_LOOKUPS_H

#include "base/random.h"
#include "store/journal.h"
#include "tests/test.h"
#include "trail/history.h"

enum { LOOKUPS_ACCOUNT = 1111 };

#define LOOKUPS_NOW_MS INT64_C(1768471267500)

struct lookups {
	struct journal *journal;
	struct history *history;
	struct random   random;
};

struct lookups_event {
	int64_t      time_ms;
	uint64_t     account;               /* 0: LOOKUPS_ACCOUNT */
	struct slice region;                /* SLICE_NONE: us-east-1 */
	bool         is_data;
	struct slice id, name, username, resource;
};

/* `filter_bytes_max` 0: the history's own. */
bool lookups_begin(struct test *t, struct lookups *f, uint64_t file_bytes, size_t filter_bytes_max);
void lookups_end(struct lookups *f);

struct journal_view *lookups_take_view(void *user);      /* of a struct lookups; for a history with other options */

void lookups_set(struct event_frame *frame, enum frame_key key, struct slice value);     /* SLICE_NONE: not at all */

/* Into the batch that has begun; and its end. */
uint64_t lookups_put(struct lookups *f, const struct lookups_event *event);
void     lookups_commit(struct test *t, struct lookups *f);

/* One batch. */
void lookups_add(struct test *t, struct lookups *f, const struct lookups_event *events, size_t count);

/* Everything of the account in us-east-1, and what has one attribute. */
struct history_request lookups_request(void);
struct history_request lookups_by(enum frame_key key, struct slice value);

/* Ids of the page with blanks between, or the name of the error. */
struct slice lookups_found(struct test *t, struct lookups *f, const struct history_request *asked, struct slice *token);

#endif
