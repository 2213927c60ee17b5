/* query/insights_run.c: collects the events of the archive, and has the oracle answer. */
#include "query/insights_run.h"

#include "base/clock.h"
#include "base/limits.h"
#include "query/insights_oracle.h"

struct collected {
	struct insights_event event;
	uint64_t              file;
	int64_t               position;
};

struct run;

struct state {
	struct run       *run;
	struct arena      arena;
	struct collected *items;
	size_t            count, room;
};

struct run {
	const struct insights_run_options *options;
	const struct fields               *times;       /* eventTime */
	size_t                             memory_bytes;
	struct state                      *states;
	size_t                             state_count;
};

static void *state_begin(void *user, size_t worker)
{
	struct run *run = user;

	return &run->states[worker];
}

static void progress(void *user, const struct scan_progress *now)
{
	const struct run *run = user;

	run->options->scan.progress(run->options->scan.user, now);
}

static int64_t event_time(const struct field *field, struct arena *arena)
{
	int64_t time_ms;

	return field->kind == FIELD_STRING && time_parse_iso(fields_text(field, arena), &time_ms) ? time_ms : INT64_MIN;
}

static bool is_in_range(const struct insights_run_options *options, int64_t time_ms)
{
	if (time_ms == INT64_MIN)
		return options->start_ms == INT64_MIN && options->end_ms == INT64_MAX;
	return time_ms >= options->start_ms && time_ms < options->end_ms;
}

static void collect(struct state *state, const struct scan_batch *batch, const struct archive_record *record, int64_t time_ms)
{
	if (state->count == state->room) {
		state->room = state->room ? 2 * state->room : 64;
		state->items = xrealloc(state->items, state->room * sizeof *state->items);
	}
	state->items[state->count++] = (struct collected){
		.event = { .time_ms = time_ms, .ingestion_ms = INT64_MIN, .message = arena_copy(&state->arena, record->text),
		           .log_stream = arena_copy(&state->arena, slice_of(batch->path)),
		           .ptr = arena_format(&state->arena, "%s#%" PRId64, batch->path, record->position) },
		.file = batch->file, .position = record->position,
	};
}

static bool take(void *user, const struct scan_batch *batch, struct error *err)
{
	struct state *state = user;
	struct field time;

	for (size_t i = 0; i < batch->count; i++) {
		if (!fields_read(state->run->times, batch->index, batch->records[i].text, &time)) {
			scan_refuse(batch, &batch->records[i]);
			continue;
		}
		int64_t time_ms = event_time(&time, &state->arena);
		if (is_in_range(state->run->options, time_ms))
			collect(state, batch, &batch->records[i], time_ms);
	}
	return arena_check(&state->arena, err);
}

static int compare_places(const void *a, const void *b)
{
	const struct collected *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return (x->position > y->position) - (x->position < y->position);
}

/* The events of all workers in the order of their files. */
static struct insights_event *gather(struct run *run, struct arena *arena, size_t *count)
{
	struct collected *all;
	size_t at = 0;

	*count = 0;
	for (size_t i = 0; i < run->state_count; i++)
		*count += run->states[i].count;
	all = xcalloc(*count + 1, sizeof *all);
	for (size_t i = 0; i < run->state_count; i++) {
		if (run->states[i].count > 0)
			memcpy(all + at, run->states[i].items, run->states[i].count * sizeof *all);
		at += run->states[i].count;
	}
	qsort(all, *count, sizeof *all, compare_places);
	struct insights_event *events = arena_array(arena, *count + 1, sizeof *events);
	for (size_t i = 0; i < *count; i++) {
		events[i] = all[i].event;
		events[i].message = arena_copy(arena, all[i].event.message);
		events[i].log_stream = arena_copy(arena, all[i].event.log_stream);
		events[i].ptr = arena_copy(arena, all[i].event.ptr);
	}
	free(all);
	return events;
}

/* The commands before the first that needs all rows, as a plan of their own. */
static struct insights_plan prefix(const struct insights_plan *plan, struct arena *arena)
{
	struct insights_plan result = *plan;
	struct insights_query *query = arena_new(arena, struct insights_query);
	struct insights_command **last = &query->first;

	for (const struct insights_command *command = plan->query->first; command; command = command->next) {
		if (command->kind == COMMAND_STATS || command->kind == COMMAND_LIMIT || command->kind == COMMAND_DEDUP)
			break;
		*last = arena_new(arena, struct insights_command);
		**last = *command;
		last = &(*last)->next;
		*last = NULL;
	}
	result.query = query;
	result.has_limit = true;
	return result;
}

static bool answer(struct run *run, const struct insights_plan *plan, struct insights_result *result, struct error *err)
{
	const struct insights_run_options *options = run->options;
	struct insights_context context = { .arena = &result->arena, .now_ms = options->now_ms,
	                                    .start_ms = options->start_ms == INT64_MIN ? 0 : options->start_ms,
	                                    .end_ms = options->end_ms == INT64_MAX ? options->now_ms : options->end_ms };
	struct insights_plan matching = prefix(plan, &result->arena), whole = *plan;
	struct insights_rows rows;
	size_t count;
	struct insights_event *events = gather(run, &result->arena, &count);

	result->rows_scanned = count;
	if (!arena_check(&result->arena, err) || !insights_oracle_run(&matching, &context, events, count, 0, &rows, err))
		return false;
	result->rows_matched = rows.count;
	whole.has_limit = true;                  /* the default is applied here, to know whether it cuts */
	if (!insights_oracle_run(&whole, &context, events, count, options->limit, &rows, err))
		return false;
	result->rows = rows.rows;
	result->count = rows.count;
	if (!plan->has_limit && rows.count > INSIGHTS_ROWS_DEFAULT) {
		result->count = INSIGHTS_ROWS_DEFAULT;
		result->is_cut = options->limit == 0 || options->limit > INSIGHTS_ROWS_DEFAULT;
	}
	return true;
}

bool insights_run(const struct insights_plan *plan, const struct insights_run_options *options, struct insights_result *result,
                  struct scan_report *report, struct error *err)
{
	static const struct field_step event_time_step = { .key = S_INIT("eventTime") };
	struct run run = { .options = options, .state_count = scan_thread_count(&options->scan),
	                   .memory_bytes = options->memory_bytes ? options->memory_bytes : INSIGHTS_MEMORY_BYTES };
	struct scan_options scan = options->scan;
	size_t number;

	*result = (struct insights_result){ .plan = plan };
	arena_init(&result->arena, run.memory_bytes);
	struct fields *times = fields_new(&result->arena, FIELD_STEPS);
	if (!fields_add_steps(times, &event_time_step, 1, &number, err))
		return false;
	fields_seal(times);
	run.times = times;
	run.states = xcalloc(run.state_count, sizeof *run.states);
	for (size_t i = 0; i < run.state_count; i++) {
		run.states[i].run = &run;
		arena_init(&run.states[i].arena, run.memory_bytes / run.state_count);
	}
	scan.scope.start_ms = options->start_ms;
	scan.scope.end_ms = options->end_ms == INT64_MAX ? INT64_MAX : options->end_ms - 1;
	scan.user = &run;
	scan.state_begin = state_begin;
	scan.state_end = NULL;
	scan.batch = take;
	scan.progress = options->scan.progress ? progress : NULL;
	bool ok = scan_run(&scan, report, err) && answer(&run, plan, result, err);
	for (size_t i = 0; i < run.state_count; i++) {
		arena_fini(&run.states[i].arena);
		free(run.states[i].items);
	}
	free(run.states);
	return ok;
}

void insights_result_fini(struct insights_result *result)
{
	arena_fini(&result->arena);
}
