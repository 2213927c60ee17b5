/* server/match_run.c: a reader of the set for each worker of the scan, and one output for all of them.
 *
 * A worker writes what a batch gave when its turn comes (base/turns.h), so that the output is the same for any number of
 * workers. Where files are counted or named, a batch gives its count and its file's path, and what they add up to is written when one of
 * another file comes. */
#include "server/match_run.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/turns.h"

struct match {
	const struct match_options *options;
	struct turns               *turns;
	_Atomic uint64_t            records;
	_Atomic int                 write_errno;
	struct fields              *times;               /* eventTime of a record, where a time is asked for */

	/* of what was written, by whose turn it is */
	bool                        has_written;         /* an event */
	uint64_t                    files, file, file_records;  /* with an event; the last one, and its events so far */
	char                       *path;                /* of it */
};

struct worker {
	struct match              *match;
	struct pattern_set_reader *reader;
	struct arena               arena, scratch;
	struct buffer              out;
	uint64_t                   batch_records;        /* that matched */
};

static bool write_bytes(struct match *match, struct slice bytes)
{
	bool ok = fwrite(bytes.ptr, 1, bytes.len, match->options->out) == bytes.len;

	if (!ok)
		match->write_errno = errno;
	return ok;
}

static bool write_events(struct match *match, struct slice bytes)
{
	if (!match->has_written) {
		struct slice head = match_printer_head(match->options->printer);
		fwrite(head.ptr, 1, head.len, match->options->out);
		bytes = slice_from(bytes, match_printer_separator(match->options->printer));
		match->has_written = true;
	}
	return write_bytes(match, bytes);
}

/* The count of the last file: nothing more comes of it. */
static bool write_count(struct match *match)
{
	const struct match_options *options = match->options;
	bool ok = match->files == 0 || options->output != MATCH_COUNTS || !options->names_counts
	       || fprintf(options->out, "%s:%" PRIu64 "\n", match->path, match->file_records) > 0;

	if (!ok)
		match->write_errno = errno;
	return ok;
}

/* `bytes` are a count and the path. */
static bool write_file(struct match *match, bool is_new, struct slice bytes)
{
	uint64_t records;
	bool ok = true;

	memcpy(&records, bytes.ptr, sizeof records);
	if (is_new) {
		ok = write_count(match);
		free(match->path);
		match->path = strdup(bytes.ptr + sizeof records);
		assert(match->path);
		match->file_records = 0;
		if (match->options->output == MATCH_PATHS)
			ok = write_bytes(match, slice_of(match->path)) && write_bytes(match, S("\n"));
	}
	match->file_records += records;
	return ok;
}

static bool write_out(void *user, uint64_t turn, struct slice bytes)
{
	struct match *match = user;
	bool is_new = match->files == 0 || scan_turn_file(turn) != match->file;
	bool ok = match->options->output == MATCH_RECORDS ? write_events(match, bytes) : write_file(match, is_new, bytes);

	match->file = scan_turn_file(turn);
	match->files += is_new;
	return ok;
}

static void *state_begin(void *user, size_t number)
{
	struct worker *worker = xcalloc(1, sizeof *worker);

	(void)number;
	worker->match = user;
	worker->reader = pattern_set_reader_new(worker->match->options->set);
	arena_init(&worker->arena, MATCH_OUT_BYTES_MAX);
	arena_init(&worker->scratch, MATCH_OUT_BYTES_MAX);
	buffer_init(&worker->out, &worker->arena, MATCH_OUT_BYTES_MAX);
	return worker;
}

/* What there is to write of this batch so far. False: nobody reads it any more. */
static bool hand_over(struct worker *worker, const struct scan_batch *batch, struct error *err)
{
	bool ok = turns_put(worker->match->turns, batch->turn, buffer_slice(&worker->out));

	arena_reset(&worker->arena, MATCH_OUT_BYTES);
	buffer_init(&worker->out, &worker->arena, MATCH_OUT_BYTES_MAX);
	return ok || fail(err, ERR_IO, "the output takes no more: %s", strerror(worker->match->write_errno));
}

static void turn_open(void *user, uint64_t turn)
{
	turns_open(((struct match *)user)->turns, turn);
}

static void turn_close(void *user, uint64_t turn)
{
	turns_close(((struct match *)user)->turns, turn);
}

static void state_end(void *user, size_t number, void *state)
{
	struct worker *worker = state;

	(void)user, (void)number;
	pattern_set_reader_free(worker->reader);
	arena_fini(&worker->arena);
	arena_fini(&worker->scratch);
	free(worker);
}

/* What the names of files leave in may still be of another time. */
static bool is_in_time(struct worker *worker, const struct pattern_record *record)
{
	const struct archive_scope *scope = &worker->match->options->scan.scope;
	int64_t time_ms;

	if (scope->start_ms == INT64_MIN && scope->end_ms == INT64_MAX)
		return true;
	struct field value;
	return fields_read(worker->match->times, record->index, record->text, &value)
	    && value.kind == FIELD_STRING && time_parse_iso(value.raw, &time_ms)
	    && time_ms >= scope->start_ms && time_ms <= scope->end_ms;
}

static bool take_record(struct worker *worker, const struct scan_batch *batch, const struct archive_record *record,
                        struct error *err)
{
	const struct match_options *options = worker->match->options;
	struct pattern_record one = { batch->index, record->text };
	struct pattern_set_result result;

	if (!pattern_set_match_record(worker->reader, &one, &result, err))
		return false;
	arena_reset(&worker->scratch, MATCH_OUT_BYTES);
	bool is_wanted = !result.is_broken && (result.count > 0) != options->is_inverted && is_in_time(worker, &one);
	if (result.is_broken || (is_wanted && !pattern_record_is_json(&one, &worker->scratch))) {
		scan_refuse(batch, record);              /* terms, and -v, do not look into it */
		return true;
	}
	if (!is_wanted)
		return true;
	worker->batch_records++;
	if (options->output == MATCH_RECORDS)
		match_printer_event(options->printer, &one, &worker->scratch, &worker->out);
	return worker->out.len < MATCH_OUT_BYTES || hand_over(worker, batch, err);
}

static bool batch_take(void *state, const struct scan_batch *batch, struct error *err)
{
	struct worker *worker = state;
	struct match *match = worker->match;

	worker->batch_records = 0;
	for (size_t i = 0; i < batch->count; i++)
		if (!take_record(worker, batch, &batch->records[i], err))
			return false;
	if (worker->batch_records > 0 && match->options->output != MATCH_RECORDS) {
		buffer_add(&worker->out, (struct slice){ (const char *)&worker->batch_records, sizeof worker->batch_records });
		buffer_add(&worker->out, (struct slice){ batch->path, strlen(batch->path) + 1 });
	}
	atomic_fetch_add(&match->records, worker->batch_records);
	return hand_over(worker, batch, err);
}

static void write_tail(const struct match *match)
{
	const struct match_options *options = match->options;
	struct slice head = match_printer_head(options->printer), tail = match_printer_tail(options->printer, match->has_written);

	if (!match->has_written)
		fwrite(head.ptr, 1, head.len, options->out);
	fwrite(tail.ptr, 1, tail.len, options->out);
}

static void progress(void *user, const struct scan_progress *now)
{
	const struct match *match = user;

	match->options->progress(match->options->user, now);
}

bool match_run(const struct match_options *options, struct match_totals *totals, struct scan_report *report, struct error *err)
{
	struct scan_options scan = options->scan;
	struct match match = { .options = options };
	static const struct field_step event_time = { .key = S_INIT("eventTime") };
	struct arena arena;
	size_t number;

	arena_init(&arena, MATCH_OUT_BYTES);
	match.times = fields_new(&arena, FIELD_STEPS);
	if (!fields_add_steps(match.times, &event_time, 1, &number, err))
		return false;
	fields_seal(match.times);
	match.turns = turns_new(MATCH_HELD_BYTES_MAX, write_out, &match);
	scan.user = &match;
	scan.state_begin = state_begin;
	scan.state_end = state_end;
	scan.turn_open = turn_open;
	scan.turn_close = turn_close;
	scan.batch = batch_take;
	scan.progress = options->progress ? progress : NULL;
	bool ok = scan_run(&scan, report, err) && (write_count(&match) || fail_errno(err, "output"));
	turns_free(match.turns);
	free(match.path);
	arena_fini(&arena);
	*totals = (struct match_totals){ .records = match.records, .files = match.files, .is_closed = match.write_errno == EPIPE };
	if (ok && options->output == MATCH_COUNTS && !options->names_counts)
		fprintf(options->out, "%" PRIu64 "\n", totals->records);
	if (ok && options->output == MATCH_RECORDS)
		write_tail(&match);
	return ok && (fflush(options->out) == 0 || fail_errno(err, "output"));
}
