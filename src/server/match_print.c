/* server/match_print.c: the formats. A table's columns have fixed widths, because events are printed while others are read. */
#include "server/match_print.h"

#include "codec/csv.h"
#include "codec/printable.h"

enum { COLUMN_COUNT = 7, WHO_COUNT = 4, PATH_STEPS_MAX = 2 };

/* Those that tell most stand first, where a narrow terminal has them. Who: the first of these that a record has. */
static const struct column {
	const char       *name;
	size_t            width;                 /* in a table */
	struct field_step paths[WHO_COUNT][PATH_STEPS_MAX];
} columns[COLUMN_COUNT] = {
	{ "eventTime", 20, { { { .key = S_INIT("eventTime") } } } },
	{ "eventName", 26, { { { .key = S_INIT("eventName") } } } },
	{ "errorCode", 20, { { { .key = S_INIT("errorCode") } } } },
	{ "who", 48, { { { .key = S_INIT("userIdentity") }, { .key = S_INIT("arn") } },
	               { { .key = S_INIT("userIdentity") }, { .key = S_INIT("userName") } },
	               { { .key = S_INIT("userIdentity") }, { .key = S_INIT("invokedBy") } },
	               { { .key = S_INIT("userIdentity") }, { .key = S_INIT("type") } } } },
	{ "sourceIPAddress", 15, { { { .key = S_INIT("sourceIPAddress") } } } },
	{ "awsRegion", 14, { { { .key = S_INIT("awsRegion") } } } },
	{ "eventSource", 0, { { { .key = S_INIT("eventSource") } } } },
};

struct match_printer {
	enum match_format format;
	size_t            width;
	bool              is_raw;
	struct fields    *fields;
	size_t            numbers[COLUMN_COUNT][WHO_COUNT], path_counts[COLUMN_COUNT];
	struct slice      head;
};

struct slice match_printer_head(const struct match_printer *printer)
{
	return printer->head;
}

struct slice match_printer_tail(const struct match_printer *printer, bool has_events)
{
	return printer->format != MATCH_JSON ? S("") : has_events ? S("\n]\n") : S("]\n");
}

size_t match_printer_separator(const struct match_printer *printer)
{
	return printer->format == MATCH_JSON ? 1 : 0;
}

/* One line: blanks between tokens go if there is a line break among them. */
static void print_json(struct slice record, struct buffer *out)
{
	bool in_string = false;

	if (slice_find_byte(record, '\n') == SLICE_NPOS && slice_find_byte(record, '\r') == SLICE_NPOS) {
		buffer_add(out, record);
		return;
	}
	for (size_t i = 0; i < record.len; i++) {
		char c = record.ptr[i];
		if (!in_string && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
			continue;
		in_string ^= c == '"';
		buffer_byte(out, c);
		if (in_string && c == '\\' && i + 1 < record.len)
			buffer_byte(out, record.ptr[++i]);
	}
}

static void print_row(const struct match_printer *printer, const struct slice *texts, struct buffer *out)
{
	size_t at = 0, room = printer->width ? printer->width : SIZE_MAX;

	for (size_t i = 0; i < COLUMN_COUNT && at < room; i++) {
		size_t used = printable_add(out, texts[i], room - at, false);
		at += used;
		/* At least two blanks before the next column, even behind a value that is too wide for its own. */
		size_t blanks = i + 1 == COLUMN_COUNT ? 0 : used < columns[i].width ? columns[i].width - used + 2 : 2;
		for (; blanks > 0 && at < room; blanks--, at++)
			buffer_byte(out, ' ');
	}
	buffer_byte(out, '\n');
}

static void print_csv(const struct match_printer *printer, const struct slice *texts, struct buffer *out)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		buffer_add(out, i ? S(",") : S(""));
		csv_text(out, texts[i], printer->is_raw);
	}
	buffer_add(out, S("\r\n"));
}

static struct slice head_of(const struct match_printer *printer, struct arena *arena)
{
	struct slice names[COLUMN_COUNT];
	struct buffer out;

	buffer_init(&out, arena, 1024);
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		names[i] = slice_of(columns[i].name);
		if (printer->format == MATCH_CSV)
			buffer_printf(&out, "%s%s", columns[i].name, i + 1 < COLUMN_COUNT ? "," : "\r\n");
	}
	if (printer->format == MATCH_TABLE)
		print_row(printer, names, &out);
	if (printer->format == MATCH_JSON)
		buffer_byte(&out, '[');
	return buffer_slice(&out);
}

const struct match_printer *match_printer_new(struct arena *arena, enum match_format format, size_t width, bool is_raw)
{
	struct match_printer *printer = arena_new(arena, struct match_printer);

	*printer = (struct match_printer){ .format = format, .width = width, .is_raw = is_raw };
	printer->fields = fields_new(arena, FIELD_STEPS);
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		for (size_t k = 0; k < WHO_COUNT && columns[i].paths[k][0].key.ptr; k++, printer->path_counts[i]++) {
			size_t steps = columns[i].paths[k][1].key.ptr ? 2 : 1;
			bool fits = fields_add_steps(printer->fields, columns[i].paths[k], steps, &printer->numbers[i][k], NULL);
			assert(fits);                    /* ten short paths */
		}
	fields_seal(printer->fields);
	printer->head = head_of(printer, arena);
	return printer;
}

void match_printer_event(const struct match_printer *printer, const struct pattern_record *record, struct arena *scratch,
                         struct buffer *out)
{
	struct field values[COLUMN_COUNT * WHO_COUNT];
	struct slice texts[COLUMN_COUNT];

	if (printer->format == MATCH_JSON)
		buffer_add(out, S(",\n"));
	if (printer->format == MATCH_JSON || printer->format == MATCH_JSONL) {
		print_json(record->text, out);
		buffer_add(out, printer->format == MATCH_JSONL ? S("\n") : S(""));
		return;
	}
	bool is_read = fields_read(printer->fields, record->index, record->text, values);
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		texts[i] = SLICE_NONE;
		for (size_t k = 0; is_read && k < printer->path_counts[i] && !texts[i].ptr; k++)
			texts[i] = fields_text(&values[printer->numbers[i][k]], scratch);
	}
	(printer->format == MATCH_TABLE ? print_row : print_csv)(printer, texts, out);
}
