/* query/insights_worker.c: a row through the steps of a stage, and into what gathers the rows.
 *
 * A row of the first stage begins empty: a slot is filled from the record when something first needs it. */
#include "query/insights_worker.h"

#include "base/limits.h"
#include "codec/json_check.h"
#include "query/insights_eval.h"
#include "query/insights_group.h"

enum { MEMO_PLACES = 256, MEMO_TEXT_BYTES = 246, SCRATCH_KEEP_BYTES = 64 << 10 };

/* Names of calls and errors are few, and come again and again: what a regular expression said of them last. */
struct memo {
	struct memo_place {
		uint64_t hash;
		uint8_t  length, answer;        /* 0: free; 1: no, 2: yes */
		char     text[MEMO_TEXT_BYTES];
	} places[MEMO_PLACES];
};

struct insights_worker {
	const struct insights_program  *program;
	const struct insights_settings *settings;
	const struct insights_stage    *stage;  /* at hand */
	struct insights_best           *best;   /* of it; or */
	struct insights_groups         *groups;
	struct arena                    scratch;
	struct insights_context         context;
	struct value                   *row;
	bool                           *is_filled;      /* slots, from the event at hand */
	struct value_rank              *ranks;
	struct memo                    *memos;
	const struct insights_input    *input;  /* the event at hand */
	struct insights_order           order;
	bool                            is_checked, is_refused;         /* is it JSON? */
	uint64_t                        matched;
	bool                            is_cut;
};

/* ---- values of the event, when they are asked for ---- */

static void fill(struct insights_worker *w, const struct insights_need *need)
{
	for (size_t i = 0; i < need->count; i++) {
		size_t slot = need->slots[i];
		if (w->is_filled[slot])
			continue;
		w->row[slot] = insights_row_value(&w->program->plan->sources[slot], &w->input->event, w->input->found, &w->scratch);
		w->is_filled[slot] = true;
	}
}

/* A field of the event as it stands there. */
static struct field field_of(const struct insights_worker *w, size_t slot)
{
	const struct insights_source *source = &w->program->plan->sources[slot];

	if (source->kind == SOURCE_MESSAGE)
		return (struct field){ .raw = w->input->event.message, .kind = w->input->event.message.ptr ? FIELD_STRING : FIELD_ABSENT };
	return w->input->found ? w->input->found[source->field] : (struct field){ .kind = FIELD_ABSENT };
}

/* ---- predicates ---- */

static bool finds(struct insights_worker *w, const struct insights_predicate *p, struct slice text)
{
	if (text.len > MEMO_TEXT_BYTES)
		return regex_finds(p->regex, text);
	uint64_t hash = hash64(text);
	struct memo_place *place = &w->memos[p->memo].places[hash % MEMO_PLACES];
	bool is_it = place->answer && place->hash == hash && slice_equal((struct slice){ place->text, place->length }, text);

	if (!is_it) {
		place->hash = hash;
		place->length = (uint8_t)text.len;
		place->answer = regex_finds(p->regex, text) ? 2 : 1;
		if (text.len > 0)
			memcpy(place->text, text.ptr, text.len);
	}
	return place->answer == 2;
}

static bool is_one_of(const struct insights_predicate *p, struct slice text)
{
	for (size_t i = 0; i < p->text_count; i++)
		if (slice_equal(p->texts[i], text))
			return true;
	return false;
}

static bool evaluates_to_true(struct insights_worker *w, const struct insights_predicate *p)
{
	fill(w, &p->need);
	struct value value = insights_eval(&w->context, p->expr, w->row, NULL);
	return value_is_true(&value);
}

static bool holds(struct insights_worker *w, const struct insights_predicate *p)
{
	struct field field;

	switch (p->kind) {
	case PREDICATE_AND:
		return holds(w, p->left) && holds(w, p->right);
	case PREDICATE_OR:
		return holds(w, p->left) || holds(w, p->right);
	case PREDICATE_NOT:
		return !holds(w, p->left);
	case PREDICATE_EXPR:
		return evaluates_to_true(w, p);
	default:
		field = field_of(w, p->slot);
	}
	if (field.kind == FIELD_NUMBER || (field.kind == FIELD_STRING && field.has_escapes))
		return evaluates_to_true(w, p);
	if (p->kind == PREDICATE_PRESENT)
		return field.kind != FIELD_ABSENT && field.kind < FIELD_OBJECT && field.kind != FIELD_NULL;
	if (field.kind != FIELD_STRING)
		return p->kind == PREDICATE_EQUAL || field.kind == FIELD_ABSENT ? p->is_negated : evaluates_to_true(w, p);
	bool is_so = p->kind == PREDICATE_EQUAL ? is_one_of(p, field.raw)
	           : p->kind == PREDICATE_LIKE ? slice_find(field.raw, p->texts[0]) != SLICE_NPOS : finds(w, p, field.raw);
	return is_so != p->is_negated;
}

/* ---- steps ---- */

static void compute(struct insights_worker *w, const struct insights_action *step)
{
	fill(w, &step->need);
	w->row[step->item->slot] = insights_eval(&w->context, step->item->expr, w->row, NULL);
}

static void parse(struct insights_worker *w, const struct insights_action *step)
{
	const struct insights_command *command = step->command;
	struct value few[8], *found = few;

	fill(w, &step->need);
	if (command->items.count > COUNT(few))
		found = arena_array(&w->scratch, command->items.count, sizeof *found);
	struct value value = insights_eval(&w->context, command->expr, w->row, NULL);
	insights_eval_parse(&w->context, command, &value, found);
	for (size_t i = 0; i < command->items.count; i++)
		w->row[command->items.items[i].slot] = found[i];
}

static void run_late_steps(struct insights_worker *w)
{
	for (size_t i = 0; i < w->stage->step_count; i++) {
		const struct insights_action *step = &w->stage->steps[i];
		if (step->is_late && step->kind == ACTION_COMPUTE)
			compute(w, step);
		else if (step->is_late)
			parse(w, step);
	}
}

/* ---- the end of a stage ---- */

/* As one text; SLICE_NONE if one is absent. */
static struct slice distinct_key(struct insights_worker *w)
{
	const struct insights_items *items = &w->stage->gatherer->items;
	struct buffer key;

	buffer_init(&key, &w->scratch, SIZE_MAX / 2);
	for (size_t i = 0; i < items->count; i++) {
		struct value value = insights_eval(&w->context, items->items[i].expr, w->row, NULL);
		if (value.kind == VALUE_NONE || value.kind == VALUE_JSON)
			return SLICE_NONE;
		value_add_key(&value, &key);
	}
	return buffer_slice(&key);
}

/* Once an event, when its first row is about to be gathered. */
static bool is_json(struct insights_worker *w)
{
	if (!w->is_checked) {
		w->is_checked = true;
		w->is_refused = !json_check(w->input->index, w->input->event.message, &w->scratch);
	}
	return !w->is_refused;
}

static bool gather(struct insights_worker *w, struct error *err)
{
	const struct insights_stage *stage = w->stage;
	struct insights_order order = w->order;
	struct slice key = SLICE_NONE;

	if (!is_json(w))
		return true;
	w->order.part++;
	w->matched++;
	fill(w, &stage->need);
	if (stage->gathering == GATHER_GROUPS)
		return insights_groups_add(w->groups, &w->context, w->row, &order, err);
	for (size_t i = 0; i < stage->shape.key_count; i++) {
		struct value value = insights_eval(&w->context, stage->sort_keys[i]->expr, w->row, NULL);
		w->ranks[i] = value_rank(&value);
	}
	if (stage->gathering == GATHER_DISTINCT)
		key = distinct_key(w);
	if (!insights_best_wants(w->best, w->ranks, &order, key))
		return true;
	run_late_steps(w);
	fill(w, &stage->shown);
	return insights_best_add(w->best, w->row, w->ranks, &order, key, err);
}

/* A value that is not known makes no answer: it is refused, with the event that whoever asks may leave out. */
static bool fail_exceeded(const struct insights_worker *w, struct error *err)
{
	if (w->stage != w->program->stages)
		return fail(err, ERR_LIMIT, "a row needs more %s", w->context.exceeded);
	return fail(err, ERR_LIMIT, "%.*s#%" PRIu64 ": the event needs more %s", SLICE_ARG(w->input->event.log_stream), w->order.position,
	            w->context.exceeded);
}

static bool check(struct insights_worker *w, struct error *err)
{
	if (arena_is_over(&w->scratch))
		return fail(err, ERR_LIMIT, "one event needs more than %d MiB while it is looked at", INSIGHTS_SCRATCH_BYTES >> 20);
	if (w->context.exceeded)
		return fail_exceeded(w, err);
	if (w->settings->is_cancelled && atomic_load_explicit(w->settings->is_cancelled, memory_order_relaxed))
		return fail(err, ERR_BUSY, "cancelled");
	return true;
}

static bool run_steps(struct insights_worker *w, size_t from, struct error *err);

/* A row an element; what is no list is one element, and what is absent leaves its row as it is. */
static bool unnest(struct insights_worker *w, size_t at, struct error *err)
{
	const struct insights_action *step = &w->stage->steps[at];
	size_t slot = step->command->items.items[0].slot;

	fill(w, &step->need);
	struct value value = insights_eval(&w->context, step->command->expr, w->row, NULL);
	if (value.kind != VALUE_JSON || value.json->kind != JSON_ARRAY) {
		w->row[slot] = value;
		return run_steps(w, at + 1, err);
	}
	for (const struct json *element = value.json->first; element; element = element->next) {
		w->row[slot] = value_of_json(element);
		if (!run_steps(w, at + 1, err) || !check(w, err))
			return false;
	}
	return true;
}

static bool run_steps(struct insights_worker *w, size_t from, struct error *err)
{
	for (size_t i = from; i < w->stage->step_count; i++) {
		const struct insights_action *step = &w->stage->steps[i];
		if (step->is_late)
			continue;
		switch (step->kind) {
		case ACTION_TEST:
			if (!holds(w, step->test))
				return true;
			break;
		case ACTION_COMPUTE:
			compute(w, step);
			break;
		case ACTION_PARSE:
			parse(w, step);
			break;
		case ACTION_UNNEST:
			return unnest(w, i, err);
		}
	}
	return gather(w, err);
}

bool insights_worker_take(struct insights_worker *w, const struct insights_input *input, bool *is_refused, struct error *err)
{
	w->input = input;
	w->order = input->order;
	w->order.part = 0;
	w->is_checked = !input->index || !w->program->checks_records;
	w->is_refused = false;
	memset(w->is_filled, 0, w->program->plan->slot_count * sizeof *w->is_filled);
	bool ok = run_steps(w, 0, err) && check(w, err);
	if (w->scratch.used_bytes > 0)
		arena_reset(&w->scratch, SCRATCH_KEEP_BYTES);
	*is_refused = w->is_refused;
	return ok;
}

/* ---- stages ---- */

static bool begin_stage(struct insights_worker *w, const struct insights_stage *stage, struct error *err)
{
	w->stage = stage;
	w->best = NULL;
	w->groups = NULL;
	free(w->ranks);
	w->ranks = xcalloc(stage->shape.key_count + 1, sizeof *w->ranks);
	if (stage->gathering != GATHER_GROUPS)
		w->best = insights_best_new(&stage->shape, w->settings->budget, w->settings->seed);
	else
		w->groups = insights_groups_new(stage->gatherer, w->settings->budget, w->settings->seed);
	if (w->groups)
		insights_groups_watch(w->groups, w->settings->is_cancelled);
	return w->best || w->groups || budget_refuse(w->settings->budget, "the groups of a stats", err);
}

struct insights_worker *insights_worker_new(const struct insights_program *program, const struct insights_settings *settings,
                                            struct error *err)
{
	struct insights_worker *w = xcalloc(1, sizeof *w);

	w->program = program;
	w->settings = settings;
	arena_init(&w->scratch, INSIGHTS_SCRATCH_BYTES);
	w->context = (struct insights_context){ .arena = &w->scratch, .now_ms = settings->now_ms, .start_ms = settings->start_ms,
	                                        .end_ms = settings->end_ms };
	w->row = xcalloc(program->plan->slot_count + 1, sizeof *w->row);
	w->is_filled = xcalloc(program->plan->slot_count + 1, sizeof *w->is_filled);
	w->memos = xcalloc(program->memo_count + 1, sizeof *w->memos);
	if (begin_stage(w, &program->stages[0], err))
		return w;
	insights_worker_free(w);
	return NULL;
}

void insights_worker_free(struct insights_worker *w)
{
	if (!w)
		return;
	insights_best_free(w->best);
	insights_groups_free(w->groups);
	arena_fini(&w->scratch);
	free(w->row);
	free(w->is_filled);
	free(w->ranks);
	free(w->memos);
	free(w);
}

bool insights_worker_merge(struct insights_worker *into, struct insights_worker *from, struct error *err)
{
	into->matched += from->matched;
	if (into->groups)
		return insights_groups_merge(into->groups, from->groups, err);
	insights_best_merge(into->best, from->best);
	return true;
}

/* Row number `index` of what was gathered. Its place is that number now: rows come in their order. */
static void take_over(struct insights_worker *w, const struct insights_best *best, struct insights_groups *groups, size_t index)
{
	if (best)
		insights_best_row(best, index, w->row);
	else
		insights_groups_row(groups, index, &w->context, w->row, &w->order);
	w->order = (struct insights_order){ .position = UINT64_MAX - index };
}

/* What the stage at hand has gathered are the next one's rows. */
static bool run_next_stage(struct insights_worker *w, struct error *err)
{
	struct insights_best *best = w->best;
	struct insights_groups *groups = w->groups;
	size_t count = best ? insights_best_count(best) : insights_groups_count(groups);
	bool ok = begin_stage(w, w->stage + 1, err);

	w->is_checked = true;
	w->is_refused = false;
	for (size_t i = 0; ok && i < count; i++) {
		take_over(w, best, groups, i);
		ok = run_steps(w, 0, err) && check(w, err);
		if (w->scratch.used_bytes > 0)
			arena_reset(&w->scratch, SCRATCH_KEEP_BYTES);
	}
	insights_best_free(best);
	insights_groups_free(groups);
	return ok;
}

static bool sort_gathered(struct insights_worker *w, struct error *err)
{
	if (w->groups)
		return insights_groups_sort(w->groups, err);
	w->is_cut = w->is_cut || insights_best_is_cut(w->best);
	insights_best_sort(w->best);
	return true;
}

bool insights_worker_finish(struct insights_worker *w, struct arena *arena, struct value ***rows, size_t *count, bool *is_cut,
                            struct error *err)
{
	uint64_t matched = w->matched;
	size_t slots = w->program->plan->slot_count;

	while (w->stage + 1 < w->program->stages + w->program->stage_count)
		if (!sort_gathered(w, err) || !run_next_stage(w, err))
			return false;
	w->matched = matched;
	if (!sort_gathered(w, err))
		return false;
	*count = insights_best_count(w->best);
	if (!budget_take(w->settings->budget, *count * (slots + 1) * sizeof(struct value)))
		return budget_refuse(w->settings->budget, "the rows that are kept", err);
	*rows = arena_array(arena, *count + 1, sizeof **rows);
	*is_cut = w->is_cut && w->program->has_default_limit;
	for (size_t i = 0; i < *count; i++) {
		struct value *row = (*rows)[i] = arena_array(arena, slots + 1, sizeof *row);
		insights_best_row(w->best, i, row);
	}
	return true;
}

uint64_t insights_worker_matched(const struct insights_worker *w)
{
	return w->matched;
}
