/* server/query_print_fuzz.c: whatever a query and an event are, what is printed is of its format, fits, and commands no terminal. */
#include "server/query_print.h"

#include "base/limits.h"
#include "codec/printable.h"
#include "codec/utf8.h"
#include "query/insights_oracle.h"
#include "query/insights_parse.h"
#include "server/query_explain.h"
#include "server/query_refusal.h"
#include "tests/fuzz.h"

enum { WIDTH = 40 };

static const struct json_limits LIMITS = { .depth_max = 200, .nodes_max = 1000000, .allow_duplicate_keys = true };

static struct slice printed(struct fuzz *f, const struct insights_result *result, enum query_format format)
{
	struct query_print_options options = { .format = format, .width = WIDTH };
	struct scan_report report = {0};
	char *text = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&text, &bytes);

	CHECK_FUZZ(f, out && query_print(result, &report, &options, out, &f->err));
	fclose(out);
	struct slice copy = arena_copy(&f->arena, (struct slice){ text, bytes });
	free(text);
	return copy;
}

static bool is_plain(struct slice line)
{
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.ptr[i] < 0x20 || line.ptr[i] == 0x7F)
			return false;
	return utf8_is_valid(line);
}

/* *lines: how many there were, each with a line break. */
static void check_lines(struct fuzz *f, struct slice text, bool fits, size_t *lines)
{
	struct slice line;

	for (*lines = 0; text.len > 0; ++*lines) {
		text = slice_cut(text, '\n', &line);
		CHECK_FUZZ(f, text.ptr && is_plain(line));
		CHECK_FUZZ(f, !fits || printable_columns(line, WIDTH) <= WIDTH);
	}
}

static void check_csv(struct fuzz *f, struct slice text)
{
	bool is_quoted = false;

	for (size_t i = 0; i < text.len; i++) {
		is_quoted ^= text.ptr[i] == '"';
		CHECK_FUZZ(f, is_quoted || i == 0 || text.ptr[i - 1] != '"' || strchr("\",\r", text.ptr[i]));
	}
	CHECK_FUZZ(f, !is_quoted && slice_has_suffix(text, S("\r\n")) && utf8_is_valid(text));
}

static void check_json_lines(struct fuzz *f, struct slice text, size_t count)
{
	struct slice line;

	for (; text.len > 0; count--) {
		text = slice_cut(text, '\n', &line);
		CHECK_FUZZ(f, count > 0 && json_parse(&f->arena, line, &LIMITS, &f->err));
	}
	CHECK_FUZZ(f, count == 0);
}

static void check_answer(struct fuzz *f, const struct insights_plan *plan, struct slice message)
{
	const struct insights_event event = { 1714557600000, 1714557600500, message, S("s"), S("g"), S("p") };
	struct insights_context context = { .arena = &f->arena, .now_ms = 1714557602000, .end_ms = 1714557602000 };
	struct insights_rows rows = { NULL, 0 };
	size_t lines;

	if (!insights_oracle_run(plan, &context, &event, 1, 0, &rows, &f->err))
		return;
	struct insights_result result = { .plan = plan, .rows = rows.rows, .count = rows.count };
	check_lines(f, printed(f, &result, QUERY_TABLE), true, &lines);
	check_csv(f, printed(f, &result, QUERY_CSV));
	CHECK_FUZZ(f, json_parse(&f->arena, printed(f, &result, QUERY_JSON), &LIMITS, &f->err));
	check_json_lines(f, printed(f, &result, QUERY_JSONL), result.count);
}

/* A query, a zero byte, an event. */
FUZZ(query_print)
{
	struct insights_fault fault = { { 0, 0 }, NULL };
	struct slice text, message = slice_cut(f->input, '\0', &text);
	struct insights_query *query = insights_parse(&f->arena, text, &fault, &f->err);
	const struct insights_plan *plan = query ? insights_bind(&f->arena, query, 0, &fault, &f->err) : NULL;
	struct insights_run_options options = { .start_ms = INT64_MIN, .end_ms = INT64_MAX };
	struct buffer out;
	size_t lines;

	buffer_init(&out, &f->arena, 1 << 24);
	if (plan)
		CHECK_FUZZ(f, query_explain_write(plan, &options, &out, &f->err) || f->err.kind == ERR_LIMIT);
	else
		query_refusal_write(text, &fault, &f->err, WIDTH, &out);
	check_lines(f, buffer_slice(&out), false, &lines);
	CHECK_FUZZ(f, plan || lines == 1 || lines == 3);
	if (plan && message.ptr && utf8_is_valid(message))
		check_answer(f, plan, message);
}
