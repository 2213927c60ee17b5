/* query/insights_fuzz.c: no query text is too much; what is refused is refused with a place, and what is taken runs twice alike. */
#include "base/limits.h"
#include "query/insights_oracle.h"
#include "query/insights_parse.h"
#include "tests/fuzz.h"

static const struct insights_event events[] = {
	{ 1714557600000, 1714557600500, S_INIT("{\"a\":1,\"b\":\"x 2\",\"c\":{\"d\":[true,\"10.0.0.1\"]}}"), S_INIT("s"), S_INIT("g"), S_INIT("p") },
	{ 1714557601000, 1714557601500, S_INIT("{\"a\":\"2\",\"b\":null}"), S_INIT("s"), S_INIT("g"), S_INIT("q") },
	{ 1714557601000, 1714557601500, S_INIT("[ERROR] a=1"), S_INIT("s"), S_INIT("g"), S_INIT("r") },
};

static size_t run(struct fuzz *f, const struct insights_plan *plan, struct buffer *text)
{
	struct insights_context context = { .arena = &f->arena, .now_ms = 1714557602000, .end_ms = 1714557602000 };
	struct insights_rows rows = { NULL, 0 };

	if (!insights_oracle_run(plan, &context, events, COUNT(events), 0, &rows, &f->err))
		return SIZE_MAX;
	for (size_t i = 0; i < rows.count; i++)
		for (size_t column = 0; column < plan->column_count; column++)
			value_add_key(&rows.rows[i][plan->columns[column].slot], text);
	return rows.count;
}

FUZZ(insights)
{
	struct insights_fault fault = { { 0, 0 }, NULL };
	struct insights_query *query = insights_parse(&f->arena, f->input, &fault, &f->err);
	const struct insights_plan *plan = query ? insights_bind(&f->arena, query, INSIGHTS_LEAVES_MAX, &fault, &f->err) : NULL;
	struct buffer first, second;

	if (!plan) {
		CHECK_FUZZ(f, f->err.kind == ERR_INVALID || f->err.kind == ERR_LIMIT);
		CHECK_FUZZ(f, fault.reason && fault.span.from <= fault.span.to && fault.span.to <= f->input.len);
		return;
	}
	buffer_init(&first, &f->arena, 1 << 24);
	buffer_init(&second, &f->arena, 1 << 24);
	size_t count = run(f, plan, &first);
	CHECK_FUZZ(f, run(f, plan, &second) == count || count == SIZE_MAX);
	CHECK_FUZZ(f, count == SIZE_MAX || slice_equal(buffer_slice(&first), buffer_slice(&second)));
}
