/* server/query_print.c: a row at a time into a buffer, which is written out whenever it is large enough. */
#include "server/query_print.h"

#include "base/limits.h"
#include "codec/csv.h"
#include "server/query_report.h"
#include "server/query_table.h"

struct printing {
	const struct insights_result     *result;
	const struct query_print_options *options;
	struct arena                      arena;        /* of `out` */
	struct arena                      scratch;      /* of one cell */
	struct buffer                     out;
	FILE                             *file;
	bool                              is_closed;    /* whoever read the output has had enough */
};

/* False: nobody takes it, or nobody wants it. */
static bool flush(struct printing *printing, struct error *err)
{
	struct slice text = buffer_slice(&printing->out);
	const atomic_bool *is_cancelled = printing->options->is_cancelled;

	if (is_cancelled && *is_cancelled)
		return fail(err, ERR_BUSY, "cancelled");
	if (printing->out.is_over)
		return fail(err, ERR_LIMIT, "a row has more than %d bytes", QUERY_OUT_BYTES_MAX);
	if (fwrite(text.ptr, 1, text.len, printing->file) != text.len || fflush(printing->file) != 0) {
		printing->is_closed = errno == EPIPE;
		return !printing->is_closed && fail_errno(err, "output");
	}
	arena_reset(&printing->arena, QUERY_OUT_BYTES);
	buffer_init(&printing->out, &printing->arena, QUERY_OUT_BYTES_MAX);
	return true;
}

/* ---- JSON ---- */

static void write_value(struct json_writer *json, const struct value *value, struct arena *scratch)
{
	switch (value->kind) {
	case VALUE_NUMBER:
		json_raw(json, value_to_text(value, scratch));           /* decimal digits, as JSON has them */
		break;
	case VALUE_JSON:
		json_value(json, value->json);
		break;
	default:
		json_string(json, value_to_text(value, scratch));
	}
}

static void write_object(struct printing *printing, const struct value *row)
{
	const struct insights_plan *plan = printing->result->plan;
	struct json_writer json;

	json_writer_init(&json, &printing->out);
	json_object_begin(&json);
	for (size_t i = 0; i < plan->column_count; i++) {
		const struct value *value = &row[plan->columns[i].slot];
		if (value->kind == VALUE_NONE)
			continue;
		json_key(&json, plan->columns[i].name);
		write_value(&json, value, &printing->scratch);
		arena_reset(&printing->scratch, QUERY_OUT_BYTES);
	}
	json_object_end(&json);
}

static void write_json_head(struct printing *printing)
{
	const struct insights_plan *plan = printing->result->plan;
	struct json_writer json;

	buffer_add(&printing->out, S("{\"columns\":"));
	json_writer_init(&json, &printing->out);
	json_array_begin(&json);
	for (size_t i = 0; i < plan->column_count; i++)
		json_string(&json, plan->columns[i].name);
	json_array_end(&json);
	buffer_add(&printing->out, S(",\n\"rows\":["));
}

static void write_json_tail(struct printing *printing, const struct scan_report *report)
{
	struct json_writer json;

	buffer_add(&printing->out, printing->result->count ? S("\n],\n\"report\":") : S("],\n\"report\":"));
	json_writer_init(&json, &printing->out);
	query_report_json(printing->result, report, &json);
	buffer_add(&printing->out, S("}\n"));
}

/* ---- CSV: RFC 4180, with the names of the columns first ---- */

static void write_csv_head(struct printing *printing)
{
	const struct insights_plan *plan = printing->result->plan;

	for (size_t i = 0; i < plan->column_count; i++) {
		buffer_add(&printing->out, i ? S(",") : S(""));
		csv_text(&printing->out, plan->columns[i].name, printing->options->is_raw);
	}
	buffer_add(&printing->out, S("\r\n"));
}

/* A negative number is no formula, so it stands as it is. */
static void write_csv_row(struct printing *printing, const struct value *row)
{
	const struct insights_plan *plan = printing->result->plan;

	for (size_t i = 0; i < plan->column_count; i++) {
		const struct value *value = &row[plan->columns[i].slot];
		struct slice text = value_to_text(value, &printing->scratch);
		buffer_add(&printing->out, i ? S(",") : S(""));
		if (value->kind == VALUE_NUMBER)
			buffer_add(&printing->out, text);
		else
			csv_text(&printing->out, text, printing->options->is_raw);
		arena_reset(&printing->scratch, QUERY_OUT_BYTES);
	}
	buffer_add(&printing->out, S("\r\n"));
}

/* ---- all of it ---- */

static void write_head(struct printing *printing, const struct query_table *table)
{
	switch (printing->options->format) {
	case QUERY_TABLE: query_table_head(table, &printing->out); break;
	case QUERY_JSON:  write_json_head(printing);               break;
	case QUERY_CSV:   write_csv_head(printing);                break;
	case QUERY_JSONL: break;
	}
}

static void write_row(struct printing *printing, const struct query_table *table, size_t number)
{
	const struct value *row = printing->result->rows[number];

	switch (printing->options->format) {
	case QUERY_TABLE:
		query_table_row(table, number, &printing->scratch, &printing->out);
		break;
	case QUERY_JSON:
		buffer_add(&printing->out, number ? S(",\n") : S("\n"));
		write_object(printing, row);
		break;
	case QUERY_JSONL:
		write_object(printing, row);
		buffer_byte(&printing->out, '\n');
		break;
	case QUERY_CSV:
		write_csv_row(printing, row);
		break;
	}
}

bool query_print(const struct insights_result *result, const struct scan_report *report, const struct query_print_options *options,
                 FILE *out, struct error *err)
{
	struct printing printing = { .result = result, .options = options, .file = out };
	struct arena table_arena;
	struct query_table *table = NULL;
	bool ok = true;

	arena_init(&printing.arena, QUERY_OUT_BYTES_MAX);
	arena_init(&printing.scratch, QUERY_OUT_BYTES_MAX);
	arena_init(&table_arena, QUERY_OUT_BYTES_MAX);
	buffer_init(&printing.out, &printing.arena, QUERY_OUT_BYTES_MAX);
	if (options->format == QUERY_TABLE)
		table = query_table_new(&table_arena, result, options->width);
	write_head(&printing, table);
	for (size_t i = 0; i < result->count && ok; i++) {
		write_row(&printing, table, i);
		ok = printing.out.len < QUERY_OUT_BYTES || flush(&printing, err);
	}
	if (ok && options->format == QUERY_JSON)
		write_json_tail(&printing, report);
	ok = ok && flush(&printing, err);
	arena_fini(&printing.arena);
	arena_fini(&printing.scratch);
	arena_fini(&table_arena);
	return ok || printing.is_closed;
}
