/* query/insights_run.c: the records of a scan as events, to a worker for each of its threads. */
#include "query/insights_run.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/random.h"
#include "query/insights_literals.h"
#include "query/insights_worker.h"

struct run;

struct state {
	struct run             *run;
	struct insights_worker *worker;
	struct field           *found;
	struct arena            arena;          /* of texts of an event */
	uint64_t                scanned;
};

struct run {
	const struct insights_plan        *plan;
	const struct insights_run_options *options;
	const struct insights_settings    *settings;
	const struct insights_program     *program;
	struct insights_literals           texts;
	struct literals                    literals;    /* of them */
	bool                               has_literals;
	struct state                      *states;
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
	return time_ms >= options->start_ms && (time_ms < options->end_ms || options->end_ms == INT64_MAX);
}

static bool take_record(struct state *state, const struct scan_batch *batch, const struct archive_record *record, struct error *err)
{
	const struct insights_plan *plan = state->run->plan;

	if (!fields_read(plan->fields, batch->index, record->text, state->found)) {
		scan_refuse(batch, record);
		return true;
	}
	if (state->arena.used_bytes > 0)
		arena_reset(&state->arena, ARENA_BLOCK_BYTES_MIN);
	int64_t time_ms = event_time(&state->found[plan->time_field], &state->arena);
	struct insights_input input = {
		.event = { .time_ms = time_ms, .ingestion_ms = INT64_MIN, .message = record->text, .log_stream = slice_of(batch->path) },
		.found = state->found, .index = batch->index,
		.order = { .time_ms = time_ms, .file = batch->file, .position = (uint64_t)record->position },
	};
	bool is_refused;
	if (!is_in_range(state->run->options, time_ms))
		return true;
	if (state->run->program->names_ptr)
		input.event.ptr = arena_format(&state->arena, "%s#%" PRId64, batch->path, record->position);
	if (!insights_worker_take(state->worker, &input, &is_refused, err))
		return false;
	if (is_refused)
		scan_refuse(batch, record);
	state->scanned += !is_refused;
	return true;
}

static bool take(void *user, const struct scan_batch *batch, struct error *err)
{
	for (size_t i = 0; i < batch->count; i++)
		if (!take_record(user, batch, &batch->records[i], err))
			return false;
	return true;
}

static bool scan(struct run *run, struct scan_report *report, struct error *err)
{
	const struct insights_run_options *options = run->options;
	struct scan_options all = options->scan;

	all.scope.start_ms = options->start_ms;
	all.scope.end_ms = options->end_ms == INT64_MAX ? INT64_MAX : options->end_ms - 1;
	all.literals = run->has_literals ? &run->literals : NULL;
	all.user = run;
	all.state_begin = state_begin;
	all.state_end = NULL;
	all.batch = take;
	all.progress = options->scan.progress ? progress : NULL;
	return scan_run(&all, report, err);
}

static bool start(struct run *run, size_t count, struct error *err)
{
	run->states = xcalloc(count, sizeof *run->states);
	for (size_t i = 0; i < count; i++) {
		struct state *state = &run->states[i];
		state->run = run;
		state->found = xcalloc(fields_count(run->plan->fields) + 1, sizeof *state->found);
		arena_init(&state->arena, ARCHIVE_RECORD_BYTES_MAX);
		state->worker = insights_worker_new(run->program, run->settings, err);
		if (!state->worker)
			return false;
	}
	return true;
}

static bool finish(struct run *run, size_t count, const struct scan_report *report, struct insights_result *result,
                   struct error *err)
{
	struct insights_worker *first = run->states[0].worker;

	for (size_t i = 0; i < count; i++) {
		result->rows_scanned += run->states[i].scanned;
		if (i > 0 && !insights_worker_merge(first, run->states[i].worker, err))
			return false;
	}
	/* What was passed over, not having a text that every match has, is counted, but its time is not known. */
	result->is_scanned_open = run->has_literals && !is_in_range(run->options, INT64_MIN);
	if (run->has_literals)
		result->rows_scanned = report->records;
	result->rows_matched = insights_worker_matched(first);
	result->owner = first;
	run->states[0].worker = NULL;
	return insights_worker_finish(first, &result->arena, &result->rows, &result->count, &result->is_cut, err);
}

static void end(struct run *run, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		insights_worker_free(run->states[i].worker);
		arena_fini(&run->states[i].arena);
		free(run->states[i].found);
	}
	free(run->states);
}

bool insights_run(const struct insights_plan *plan, const struct insights_run_options *options, struct insights_result *result,
                  struct scan_report *report, struct error *err)
{
	struct run run = { .plan = plan, .options = options };
	size_t count = scan_thread_count(&options->scan);
	struct random random;

	*result = (struct insights_result){ .plan = plan };
	arena_init(&result->arena, SIZE_MAX / ARENA_HARD_FACTOR);
	const struct insights_program *program = insights_program_make(&result->arena, plan, options->limit, err);
	if (!program)
		return false;
	struct budget *budget = arena_new(&result->arena, struct budget);
	budget_init(budget, options->memory_bytes ? options->memory_bytes : INSIGHTS_MEMORY_BYTES);
	struct insights_settings *settings = arena_new(&result->arena, struct insights_settings);
	random_init(&random);
	*settings = (struct insights_settings){
		.budget = budget, .seed = random_u64(&random), .now_ms = options->now_ms, .is_cancelled = options->scan.is_cancelled,
		.start_ms = options->start_ms == INT64_MIN ? 0 : options->start_ms,
		.end_ms = options->end_ms == INT64_MAX ? options->now_ms : options->end_ms,
	};
	run.settings = settings;
	run.program = program;
	/* Where a fault ends the scan, every record is looked at. */
	run.has_literals = !options->scan.is_strict && insights_literals_find(program, &run.texts)
	                && literals_init(&run.literals, run.texts.texts, run.texts.count);
	bool ok = start(&run, count, err) && scan(&run, report, err) && finish(&run, count, report, result, err);
	end(&run, count);
	return ok;
}

void insights_result_fini(struct insights_result *result)
{
	insights_worker_free(result->owner);
	arena_fini(&result->arena);
}
