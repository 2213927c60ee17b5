/* tests/insights_workers.c: the events of a test as those of files with three records each. */
#include "tests/insights_workers.h"

#include "base/random.h"
#include "query/budget.h"
#include "query/insights_literals.h"
#include "query/insights_worker.h"

enum { WORKERS_MAX = 16, RECORDS_A_FILE = 3, BUDGET_BYTES = 256 << 20 };

struct crew {
	struct insights_worker *workers[WORKERS_MAX];
	size_t                  count;
};

static bool feed(struct crew *crew, const struct insights_program *program, struct arena *arena, const struct insights_event *events,
                 size_t count, struct random *random, struct error *err)
{
	const struct insights_plan *plan = program->plan;
	struct field *found = arena_array(arena, fields_count(plan->fields) + 1, sizeof *found);
	struct json_index index = { .room = 0 };
	struct insights_literals texts;
	struct literals literals;
	bool ok = true, has_literals = insights_literals_find(program, &texts) && literals_init(&literals, texts.texts, texts.count);

	for (size_t i = 0; i < count && ok; i++) {
		struct literals_cursor cursor = { .is_known = false };
		if (has_literals && !literals_may_be_in(&literals, events[i].message, 0, events[i].message.len, &cursor))
			continue;               /* as a scan passes it over */
		struct insights_input input = {
			.event = events[i],
			.order = { .time_ms = events[i].time_ms, .file = i / RECORDS_A_FILE, .position = i % RECORDS_A_FILE },
		};
		bool is_refused;
		json_index_build(&index, events[i].message, json_index_fastest());
		input.found = insights_row_discover(plan, &index, found) ? found : NULL;
		ok = insights_worker_take(crew->workers[random_u64(random) % crew->count], &input, &is_refused, err);
	}
	json_index_fini(&index);
	return ok;
}

/* In an order by chance, too. */
static bool merge(struct crew *crew, struct random *random, struct error *err)
{
	bool ok = true;

	for (size_t left = crew->count; left > 1 && ok; left--) {
		size_t at = 1 + random_u64(random) % (left - 1);
		ok = insights_worker_merge(crew->workers[0], crew->workers[at], err);
		struct insights_worker *merged = crew->workers[at];
		crew->workers[at] = crew->workers[left - 1];
		crew->workers[left - 1] = merged;
	}
	return ok;
}

static void copy_rows(const struct insights_plan *plan, struct arena *arena, struct value **from, size_t count,
                      struct insights_rows *rows)
{
	rows->count = count;
	rows->rows = arena_array(arena, count + 1, sizeof *rows->rows);
	for (size_t i = 0; i < count; i++) {
		rows->rows[i] = arena_array(arena, plan->slot_count + 1, sizeof **rows->rows);
		for (size_t column = 0; column < plan->column_count; column++) {
			size_t slot = plan->columns[column].slot;
			rows->rows[i][slot] = value_text(arena_copy(arena, value_to_text(&from[i][slot], arena)));
		}
	}
}

bool insights_workers_run(const struct insights_plan *plan, const struct insights_context *context, const struct insights_event *events,
                          size_t count, int64_t limit, size_t workers, uint64_t seed, struct insights_rows *rows, struct error *err)
{
	struct crew crew = { .count = workers };
	struct budget budget;
	struct insights_settings settings = { .budget = &budget, .seed = seed, .now_ms = context->now_ms, .start_ms = context->start_ms,
	                                      .end_ms = context->end_ms };
	const struct insights_program *program = insights_program_make(context->arena, plan, limit, err);
	struct random random;
	struct value **got;
	size_t got_count;
	bool is_cut, ok = program != NULL;

	random_init_seeded(&random, seed);
	budget_init(&budget, BUDGET_BYTES);
	for (size_t i = 0; i < workers && ok; i++)
		ok = (crew.workers[i] = insights_worker_new(program, &settings, err)) != NULL;
	ok = ok && feed(&crew, program, context->arena, events, count, &random, err) && merge(&crew, &random, err)
	  && insights_worker_finish(crew.workers[0], context->arena, &got, &got_count, &is_cut, err);
	if (ok)
		copy_rows(plan, context->arena, got, got_count, rows);
	for (size_t i = 0; i < workers; i++)
		insights_worker_free(crew.workers[i]);
	return ok;
}

static const char *difference(struct arena *arena, const struct insights_plan *plan, const struct insights_rows *want,
                              const struct insights_rows *got)
{
	if (want->count != got->count)
		return arena_printf(arena, "%zu rows instead of %zu", got->count, want->count);
	for (size_t i = 0; i < want->count; i++)
		for (size_t column = 0; column < plan->column_count; column++) {
			size_t slot = plan->columns[column].slot;
			struct slice a = value_to_text(&want->rows[i][slot], arena), b = value_to_text(&got->rows[i][slot], arena);
			if (!slice_equal(a, b) || (a.ptr == NULL) != (b.ptr == NULL))
				return arena_printf(arena, "row %zu: %.*s is '%.*s' instead of '%.*s'", i,
				                    SLICE_ARG(plan->columns[column].name), SLICE_ARG(b), SLICE_ARG(a));
		}
	return NULL;
}

const char *insights_workers_compare(struct arena *arena, const struct insights_plan *plan, const struct insights_context *context,
                                     const struct insights_event *events, size_t count, int64_t limit)
{
	static const size_t workers[] = { 1, 2, 7 };
	struct insights_context own = *context;
	struct insights_rows want = {0}, got = {0};
	struct error err = {0};
	const char *differs = NULL;

	own.arena = arena;
	if (!insights_oracle_run(plan, &own, events, count, limit, &want, &err))
		return NULL;                    /* it keeps everything; the others need not come to their bounds */
	for (size_t i = 0; i < COUNT(workers) && !differs; i++) {
		if (insights_workers_run(plan, &own, events, count, limit, workers[i], i + 1, &got, &err))
			differs = difference(arena, plan, &want, &got);
		else
			differs = err.message[0] ? arena_printf(arena, "%s", err.message) : "an error without words";
		if (differs)
			differs = arena_printf(arena, "%zu workers: %s", workers[i], differs);
	}
	return differs;
}
