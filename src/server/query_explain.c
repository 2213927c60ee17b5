/* server/query_explain.c: what is read of an event, the commands as they were understood, the columns, and what bounds the rows. */
#include "server/query_explain.h"

#include "base/clock.h"
#include "base/limits.h"
#include "codec/printable.h"
#include "query/insights_literals.h"

enum { WORD_COLUMNS = 9 };

struct explanation {
	const struct insights_plan *plan;
	struct buffer              *out;
	struct slice               *names;      /* by slot: of what is read of a record, once it is told */
	size_t                      count;
};

static void begin(struct buffer *out, const char *word)
{
	buffer_printf(out, "%-*s", WORD_COLUMNS, word);
}

static void add(struct buffer *out, struct slice text)
{
	printable_add(out, text, SIZE_MAX - 1, false);
}

/* ---- what is read of each event ---- */

static void tell_source(struct explanation *e, size_t slot, struct slice name)
{
	if (slot == INSIGHTS_NO_SLOT || e->plan->sources[slot].kind == SOURCE_COMPUTED || e->names[slot].ptr)
		return;
	e->names[slot] = name;
	buffer_add(e->out, e->count++ ? S(", ") : S(""));
	add(e->out, name);
}

static void tell_expr(struct explanation *e, const struct insights_expr *expr)
{
	if (!expr)
		return;
	if (expr->kind == EXPR_FIELD)
		tell_source(e, expr->slot, expr->text);
	for (size_t i = 0; i < expr->arg_count; i++)
		tell_expr(e, expr->args[i]);
}

static void tell_items(struct explanation *e, const struct insights_items *items)
{
	for (size_t i = 0; i < items->count; i++)
		tell_expr(e, items->items[i].expr);
}

static void write_sources(struct explanation *e)
{
	begin(e->out, "reads");
	for (const struct insights_command *command = e->plan->query->first; command; command = command->next) {
		tell_expr(e, command->expr);
		tell_items(e, &command->items);
		tell_items(e, &command->keys);
	}
	for (size_t i = 0; i < e->plan->column_count; i++)
		tell_source(e, e->plan->columns[i].slot, e->plan->columns[i].name);
	if (e->count == 0)
		buffer_add(e->out, S("nothing of an event but that it is one"));
	buffer_byte(e->out, '\n');
}

/* ---- the commands, as they stand in the query, each of its lines on one ---- */

/* pattern is several, which all begin at its word. */
static const struct insights_command *next_word(const struct insights_command *command)
{
	const struct insights_command *next = command->next;

	while (next && next->word.from == command->word.from)
		next = next->next;
	return next;
}

static void write_command(struct explanation *e, const struct insights_command *command)
{
	const struct insights_command *next = next_word(command);
	struct slice text = e->plan->query->text, line;
	struct slice word = slice_sub(text, command->word.from, command->word.to - command->word.from);
	size_t end = next ? next->word.from : text.len;

	text = slice_sub(text, command->word.to, end - command->word.to);
	while (text.len > 0 && strchr("| \t\r\n", text.ptr[text.len - 1]))
		text.len--;
	buffer_printf(e->out, "%-*.*s ", WORD_COLUMNS - 1, SLICE_ARG(word));
	for (bool is_first = true; text.ptr; is_first = false) {
		text = slice_cut(text, '\n', &line);
		if (!is_first)
			begin(e->out, "");
		add(e->out, slice_trim(line));
		buffer_byte(e->out, '\n');
	}
}

/* ---- how they are run ---- */

/* *is_all: the record's text decides everything. */
static void tell_tests(struct explanation *e, const struct insights_predicate *test, bool *is_all)
{
	switch (test->kind) {
	case PREDICATE_AND:
	case PREDICATE_OR:
	case PREDICATE_NOT:
		tell_tests(e, test->left, is_all);
		if (test->right)
			tell_tests(e, test->right, is_all);
		return;
	case PREDICATE_EXPR:
		*is_all = false;
		return;
	case PREDICATE_EQUAL:
	case PREDICATE_LIKE:
	case PREDICATE_REGEX:
	case PREDICATE_PRESENT:
		buffer_add(e->out, e->count++ ? S(", ") : S("looks at "));
		add(e->out, e->names[test->slot]);
		return;
	}
}

static void write_steps(struct explanation *e, const struct insights_stage *stage)
{
	size_t now = 0, late = 0;
	bool is_all = true;

	e->count = 0;
	for (size_t i = 0; i < stage->step_count; i++)
		if (stage->steps[i].kind == ACTION_TEST)
			tell_tests(e, stage->steps[i].test, &is_all);
		else
			*(stage->steps[i].is_late ? &late : &now) += 1;
	buffer_add(e->out, e->count ? S(" as written; ") : S(""));
	buffer_add(e->out, is_all ? S("") : S("evaluates conditions; "));
	if (now > 0)
		buffer_printf(e->out, "computes %zu; ", now);
	if (late > 0)
		buffer_printf(e->out, "computes %zu for rows that are shown; ", late);
}

static void write_stage(struct explanation *e, const struct insights_stage *stage, size_t number)
{
	const struct insights_best_shape *shape = &stage->shape;

	buffer_printf(e->out, "stage %-*zu%s", WORD_COLUMNS - 6, number + 1, number ? "of each row so far: " : "of each event: ");
	write_steps(e, stage);
	if (stage->gathering == GATHER_GROUPS) {
		buffer_add(e->out, S("keeps groups\n"));
		return;
	}
	buffer_add(e->out, stage->gathering == GATHER_DISTINCT ? S("keeps one of each kind") : S("keeps rows"));
	if (shape->rows_max != SIZE_MAX)
		buffer_printf(e->out, ", the first %zu", shape->rows_max);
	buffer_add(e->out, shape->key_count ? S(", sorted\n") : S("\n"));
}

static void write_search(struct explanation *e, const struct insights_program *program)
{
	struct insights_literals literals;

	if (!insights_literals_find(program, &literals))
		return;
	begin(e->out, "search");
	for (size_t i = 0; i < literals.count; i++) {
		buffer_add(e->out, i ? S(" or \"") : S("for \""));
		add(e->out, literals.texts[i]);
		buffer_byte(e->out, '"');
	}
	buffer_add(e->out, S(": events without are counted, and not looked into\n"));
}

static bool write_stages(struct explanation *e, const struct insights_run_options *options, struct error *err)
{
	const struct insights_program *program = insights_program_make(e->out->arena, e->plan, options->limit, err);

	if (program && !options->scan.is_strict)
		write_search(e, program);
	for (size_t i = 0; program && i < program->stage_count; i++)
		write_stage(e, &program->stages[i], i);
	return program != NULL;
}

/* ---- bounds ---- */

static void write_time(const struct insights_run_options *options, struct buffer *out)
{
	char from[TIME_TEXT_BYTES], to[TIME_TEXT_BYTES];

	if (options->start_ms == INT64_MIN && options->end_ms == INT64_MAX)
		return;
	begin(out, "time");
	if (options->start_ms != INT64_MIN)
		buffer_printf(out, "from %.*s on, ", SLICE_ARG(time_iso_ms(options->start_ms, from)));
	if (options->end_ms != INT64_MAX)
		buffer_printf(out, "until %.*s, ", SLICE_ARG(time_iso_ms(options->end_ms - 1, to)));
	buffer_add(out, S("by eventTime; files that AWS's names date elsewhere are not opened\n"));
}

static void write_rows(const struct insights_plan *plan, const struct insights_run_options *options, struct buffer *out)
{
	begin(out, "rows");
	if (options->limit > 0)
		buffer_printf(out, "%" PRId64 " at most: --limit\n", options->limit);
	else if (plan->has_limit)
		buffer_add(out, S("as many as its limit says\n"));
	else
		buffer_printf(out, "%d at most: it has no limit\n", INSIGHTS_ROWS_DEFAULT);
}

bool query_explain_write(const struct insights_plan *plan, const struct insights_run_options *options, struct buffer *out,
                         struct error *err)
{
	struct explanation e = { .plan = plan, .out = out,
	                         .names = arena_array(out->arena, plan->slot_count + 1, sizeof(struct slice)) };

	write_sources(&e);
	for (const struct insights_command *command = plan->query->first; command; command = next_word(command))
		write_command(&e, command);
	begin(out, "columns");
	for (size_t i = 0; i < plan->column_count; i++) {
		buffer_add(out, i ? S(", ") : S(""));
		add(out, plan->columns[i].name);
	}
	buffer_byte(out, '\n');
	write_rows(plan, options, out);
	write_time(options, out);
	return write_stages(&e, options, err) && buffer_check(out, err);
}
