/* trail/history.h: the event history: the newest N management events of an account and region, by one attribute and time.
 *
 * Reads what the journal has published, so an event is found as soon as its call was answered. Inside, for now: a scan of
 * the journal files, newest first, that passes over blocks whose small filter lacks the looked-up value; the filters are
 * built on first use and kept in memory. Source: CloudTrail API Reference (2013-11-01), LookupEvents. */
#ifndef SPOOR_TRAIL_HISTORY_H
#define SPOOR_TRAIL_HISTORY_H

#include "base/arena.h"
#include "store/event_frame.h"

struct history;
struct journal_view;

struct history_options {
	/* The journal of now: recorder_journal_view, journal_view_take. NULL: ask again later. */
	struct journal_view *(*take_view)(void *user);
	void                  *user;
	unsigned char          token_key[32];           /* whoever has it can make tokens */
	size_t                 filter_bytes_max;        /* 0: HISTORY_FILTER_BYTES_MAX */
};

struct history *history_new(const struct history_options *options);
void history_free(struct history *history);             /* nobody may be looking up; accepts NULL */

enum history_category { HISTORY_MANAGEMENT, HISTORY_INSIGHT };

struct history_request {
	uint64_t              account;
	struct slice          region;
	enum history_category category;
	enum frame_key        key;                      /* with a value; 0: every event */
	struct slice          value;                    /* exact, case-sensitive */
	bool                  has_start, has_end;       /* else as far back as there is history, and now */
	int64_t               start_ms, end_ms;         /* both inclusive; events have whole seconds */
	uint32_t              max_results;              /* 1 to HISTORY_PAGE_MAX */
	struct slice          token;                    /* SLICE_NONE: the first page */
	int64_t               now_ms;                   /* of the call */
	int64_t               days;                     /* of history; 0: HISTORY_DAYS_MAX */
	int64_t               deadline_monotonic_ms;    /* 0: none */
};

struct history_resource { struct slice type, name; };

/* Texts are SLICE_NONE where the event has none. */
struct history_event {
	uint64_t     seq;
	int64_t      time_ms;                           /* whole seconds */
	struct slice event_id, event_name, event_source, username, access_key_id;
	bool         is_read_only;
	const struct history_resource *resources;
	size_t       resource_count;
	struct slice json;                              /* the record as stored */
};

struct history_page {
	struct history_event *events;                   /* newest first: by second of the event, then by sequence */
	size_t                count;
	struct slice          next_token;               /* SLICE_NONE: that was all */
};

/* Any thread; milliseconds of CPU and page faults, so not a front. The page is in `arena`. Pages of one token chain see
 * the journal of the first: events that arrive in between are in none of them.
 * Errors: ERR_INVALID, "InvalidNextTokenException" (made up, altered, an hour old, of another request or before a reset);
 * ERR_BUSY at the deadline (a retry goes on from what was learnt) or while a reset swaps journals; ERR_IO; ERR_CORRUPT. */
bool history_lookup(struct history *history, struct arena *arena, const struct history_request *request,
                    struct history_page *page, struct error *err);

#endif
