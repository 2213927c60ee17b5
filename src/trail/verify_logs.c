/* trail/verify_logs.c: log files against what digests list, and the times that no digest covers. */
#include "base/clock.h"
#include "base/limits.h"
#include "codec/gzip.h"
#include "codec/json.h"
#include "codec/json_count.h"
#include "trail/trail_names.h"
#include "trail/verify_run.h"
#include "trail/verify_source.h"

enum {
	MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS,
	DELIVERY_MS = 15 * MINUTE_MS,           /* from an event to the file that has it */
	PENDING_INTERVALS = 2,
};

/* ---- one log file, on any thread ---- */

static bool names_a_trail_change(struct slice json)
{
	return slice_find(json, S("\"StopLogging\"")) != SLICE_NPOS || slice_find(json, S("\"StartLogging\"")) != SLICE_NPOS
	    || slice_find(json, S("\"UpdateTrail\"")) != SLICE_NPOS || slice_find(json, S("\"DeleteTrail\"")) != SLICE_NPOS;
}

static void find_fault(struct verify_log *log, struct arena *arena, enum verify_finding finding, const char *detail)
{
	log->finding = (int)finding;
	log->detail = arena_copy(arena, slice_of(detail));
}

void verify_read_log(struct verify_thread *thread, size_t index)
{
	struct verify_log *log = &thread->run->logs[index];
	struct verify_source *source = thread->run->options->source;
	struct verify_bytes bytes;
	struct error err = {0};
	bool is_missing = false;
	char hash[SHA256_HEX_BYTES];

	if (!log->expected_hash.ptr)
		return;                                 /* nothing to compare with: verify_check_logs() says what that means */
	if (!source->get(source, &log->object, &bytes, &is_missing, &err)) {
		find_fault(log, &thread->arena, VERIFY_UNREADABLE, is_missing ? "it was there when the objects were listed" : err.message);
		return;
	}
	log->bytes = bytes.body.len;
	struct slice json = gzip_read(thread->gzip, bytes.body, VERIFY_LOG_BYTES_MAX, &err);
	if (!json.ptr) {
		find_fault(log, &thread->arena, VERIFY_LOG_FORMAT, err.message);
	} else {
		log->inflated_bytes = json.len;
		log->records = json_count_records(json);
		log->may_change_trail = thread->run->has_restart && names_a_trail_change(json);
		if (!slice_equal(digest_sha256_hex(json, hash), log->expected_hash))
			find_fault(log, &thread->arena, VERIFY_LOG_HASH, "its bytes are not those that the digest lists");
	}
	atomic_fetch_add(&thread->run->records_done, log->records);
	atomic_fetch_add(&thread->run->bytes_done, log->bytes);
	atomic_fetch_add(&thread->run->inflated_done, log->inflated_bytes);
	source->drop(source, &bytes);
}

/* ---- gaps ---- */

struct change {                                 /* a recorded call that may end or begin a chain */
	struct slice account, trail;            /* its name */
	int64_t      time_ms;
};

struct changes { struct change *items; size_t count, room; };

static bool is_change(struct slice name)
{
	return slice_equal(name, S("StopLogging")) || slice_equal(name, S("StartLogging")) || slice_equal(name, S("UpdateTrail"))
	    || slice_equal(name, S("DeleteTrail"));
}

static void note_change(struct verify_run *run, struct changes *changes, const struct json *record)
{
	struct slice given = json_get_text(json_get(record, S("requestParameters")), S("name"));
	struct change change = { .account = json_get_text(record, S("recipientAccountId")), .trail = given };
	struct trail_arn arn;

	if (!is_change(json_get_text(record, S("eventName"))) || json_get(record, S("errorCode")) || !given.ptr
	    || !slice_equal(json_get_text(record, S("eventSource")), S("cloudtrail.amazonaws.com"))
	    || !time_parse_iso(json_get_text(record, S("eventTime")), &change.time_ms))
		return;
	if (slice_has_prefix(given, S("arn:")) && trail_names_parse_arn(given, &arn, NULL))
		change.trail = arn.name;
	if (changes->count == changes->room) {
		changes->room = changes->room ? 2 * changes->room : 16;
		changes->items = xrealloc(changes->items, changes->room * sizeof *changes->items);
	}
	change.account = arena_copy(&run->arena, change.account);
	change.trail = arena_copy(&run->arena, change.trail);
	changes->items[changes->count++] = change;
}

/* Of log files that are what a digest lists. Where that digest's signature is not here, that is a doubt of its own. */
static void read_changes(struct verify_run *run, struct verify_thread *thread, const struct verify_log *log,
                         struct changes *changes)
{
	const struct json_limits limits = { .depth_max = 128, .nodes_max = 50000000, .allow_duplicate_keys = true };
	struct verify_source *source = run->options->source;
	struct verify_bytes bytes;
	struct error err = {0};
	struct arena arena;
	bool is_missing;

	if (!source->get(source, &log->object, &bytes, &is_missing, &err))
		return;
	arena_init(&arena, VERIFY_ARENA_BYTES_MAX);
	struct slice text = gzip_read(thread->gzip, bytes.body, VERIFY_LOG_BYTES_MAX, &err);
	const struct json *json = text.ptr ? json_parse(&arena, text, &limits, &err) : NULL;
	const struct json *records = json_get(json, S("Records"));
	for (const struct json *record = records && records->kind == JSON_ARRAY ? records->first : NULL; record; record = record->next)
		note_change(run, changes, record);
	arena_fini(&arena);
	source->drop(source, &bytes);
}

static bool is_explained(const struct changes *changes, const struct verify_digest *before, const struct verify_digest *after)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->items[i];
		if (slice_equal(change->account, before->name.account) && slice_equal(change->trail, before->name.trail)
		    && change->time_ms >= before->document.start_ms - DELIVERY_MS && change->time_ms <= after->document.end_ms)
			return true;
	}
	return false;
}

/* A chain that begins again has to have been ended by somebody, and that is on record. */
static void check_gap(struct verify_run *run, const struct changes *changes, const struct verify_digest *before,
                      const struct verify_digest *after)
{
	char from[TIME_TEXT_BYTES], to[TIME_TEXT_BYTES];

	if (is_explained(changes, before, after)) {
		run->report->gaps_explained++;
		return;
	}
	struct slice start = time_iso(before->document.end_ms, from), end = time_iso(after->document.end_ms, to);
	verify_add_problem(run, VERIFY_DIGEST_GAP, after->key,
	                   "the chain begins anew; between %.*s and %.*s no recorded call stopped or changed the trail",
	                   SLICE_ARG(start), SLICE_ARG(end));
}

void verify_check_gaps(struct verify_run *run, struct verify_thread *thread)
{
	struct changes changes = {0};

	for (size_t i = 0; run->has_restart && i < run->log_count; i++)
		if (run->logs[i].may_change_trail && run->logs[i].finding == VERIFY_OK)
			read_changes(run, thread, &run->logs[i], &changes);
	for (size_t i = 1; i < run->digest_count; i++) {
		const struct verify_digest *before = &run->digests[i - 1], *after = &run->digests[i];
		if (after->is_start && before->is_read && slice_equal(before->name.account, after->name.account)
		    && slice_equal(before->name.region, after->name.region) && slice_equal(before->name.trail, after->name.trail)
		    && slice_equal(before->name.home_region, after->name.home_region)
		    && before->name.is_backfill == after->name.is_backfill)
			check_gap(run, &changes, before, after);
	}
	free(changes.items);
}

/* ---- log files that no digest lists ---- */

struct cover {                                  /* what the digests of an account and region span */
	int64_t start_ms, end_ms, interval_ms;
	bool    is_any, is_unread;              /* one could be read; there is one that could not */
};

static struct cover cover_of(const struct verify_run *run, const struct object_key *name)
{
	struct cover cover = { .interval_ms = HOUR_MS };
	int64_t last_ms = 0, before_ms;

	for (size_t i = 0; i < run->digest_count; i++) {
		const struct verify_digest *digest = &run->digests[i];
		if (!slice_equal(digest->name.account, name->account) || !slice_equal(digest->name.region, name->region))
			continue;
		cover.is_unread = cover.is_unread || !digest->is_read;
		if (!digest->is_read)
			continue;
		if (!cover.is_any || digest->document.start_ms < cover.start_ms)
			cover.start_ms = digest->document.start_ms;
		if (!cover.is_any || digest->document.end_ms > cover.end_ms) {
			cover.end_ms = digest->document.end_ms;
			before_ms = cover.is_any ? last_ms : 0;         /* a chain's last digest is a short one */
			last_ms = digest->document.end_ms - digest->document.start_ms;
			cover.interval_ms = last_ms > before_ms ? last_ms : before_ms;
		}
		cover.is_any = true;
	}
	return cover;
}

static void check_unlisted(struct verify_run *run, const struct verify_log *log, const struct cover *cover)
{
	/* A name has minutes only, so the file may have come up to a minute later than it says. */
	int64_t latest_ms = log->name.time_ms + MINUTE_MS - 1;

	if (latest_ms < cover->start_ms) {
		run->report->logs_before++;
	} else if (latest_ms < cover->end_ms) {
		verify_add_problem(run, VERIFY_LOG_UNLISTED, log->key, "digests cover its time and do not list it");
	} else if (run->newest_ms - latest_ms > PENDING_INTERVALS * cover->interval_ms) {
		verify_add_problem(run, VERIFY_LOG_UNLISTED, log->key, "its digest is overdue");
	} else {
		run->report->logs_pending++;
	}
}

static void check_log(struct verify_run *run, const struct verify_log *log, const struct cover *cover)
{
	run->report->records += log->records;
	run->report->bytes += log->bytes;
	run->report->inflated_bytes += log->inflated_bytes;
	if (!log->expected_hash.ptr) {
		if (cover->is_any)
			check_unlisted(run, log, cover);
		return;
	}
	run->report->logs++;
	run->report->logs_valid += log->finding == VERIFY_OK && log->is_proven;
	if (log->finding != VERIFY_OK)
		verify_add_problem(run, (enum verify_finding)log->finding, log->key, "%.*s", SLICE_ARG(log->detail));
}

static bool is_same_region(const struct object_key *a, const struct object_key *b)
{
	return slice_equal(a->account, b->account) && slice_equal(a->region, b->region);
}

void verify_check_logs(struct verify_run *run)
{
	struct cover cover = {0};

	if (run->digest_count == 0) {
		verify_add_problem(run, VERIFY_NO_DIGESTS, SLICE_NONE, "%zu log files and not one digest", run->log_count);
		return;
	}
	for (size_t i = 0; i < run->log_count; i++) {
		const struct verify_log *log = &run->logs[i];
		if (i == 0 || !is_same_region(&log->name, &run->logs[i - 1].name)) {
			cover = cover_of(run, &log->name);
			if (!cover.is_any && !cover.is_unread)
				verify_add_problem(run, VERIFY_DIGEST_ABSENT, log->key,
				                   "no digest for account %.*s in %.*s, and others have some",
				                   SLICE_ARG(log->name.account), SLICE_ARG(log->name.region));
		}
		check_log(run, log, &cover);
	}
}
