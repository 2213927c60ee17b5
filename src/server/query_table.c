/* server/query_table.c: widths are settled over all rows first; the widest columns give way until a line fits.
 *
 * If even COLUMN_MIN columns of the terminal for each do not fit, every cell gets a line of its own. */
#include "server/query_table.h"

#include "base/limits.h"
#include "codec/printable.h"

enum { COLUMN_MIN = 8, GAP = 2, WIDTH_MIN = 16 };

struct table_column {
	struct slice name;
	size_t       slot, width;
	bool         is_right;                  /* all of its cells are numbers */
};

struct query_table {
	const struct insights_result *result;
	struct table_column          *columns;
	size_t                        count, width;
	bool                          has_lines;        /* each cell has a line of its own, ... */
	size_t                        name_width;       /* ... behind its column's name */
};

/* What all need if none gets more than `most`. */
static size_t line_width(const struct query_table *table, size_t most)
{
	size_t sum = (table->count - 1) * GAP;

	for (size_t i = 0; i < table->count; i++)
		sum += table->columns[i].width < most ? table->columns[i].width : most;
	return sum;
}

static void measure(struct query_table *table)
{
	struct arena scratch;

	arena_init(&scratch, QUERY_OUT_BYTES_MAX);
	for (size_t i = 0; i < table->count; i++) {
		struct table_column *column = &table->columns[i];
		size_t cells = 0;
		column->width = printable_columns(column->name, table->width);
		column->is_right = true;
		for (size_t row = 0; row < table->result->count; row++) {
			const struct value *value = &table->result->rows[row][column->slot];
			size_t width = printable_columns(value_to_text(value, &scratch), table->width);
			arena_reset(&scratch, QUERY_OUT_BYTES);
			column->width = width > column->width ? width : column->width;
			column->is_right &= value->kind == VALUE_NONE || value->kind == VALUE_NUMBER;
			cells += value->kind != VALUE_NONE;
		}
		column->is_right &= cells > 0;
	}
	arena_fini(&scratch);
}

/* Columns wider than `most` get that, and those to the left one more each, as far as the line goes. */
static void narrow(struct query_table *table)
{
	size_t most = table->width;

	while (most > COLUMN_MIN && line_width(table, most) > table->width)
		most--;
	size_t used = line_width(table, most), room = table->width > used ? table->width - used : 0;
	for (size_t i = 0; i < table->count; i++) {
		struct table_column *column = &table->columns[i];
		if (column->width <= most)
			continue;
		column->width = most + (room > 0);
		room -= room > 0;
	}
}

struct query_table *query_table_new(struct arena *arena, const struct insights_result *result, size_t width)
{
	struct query_table *table = arena_new(arena, struct query_table);

	*table = (struct query_table){ .result = result, .count = result->plan->column_count,
	                               .width = width > WIDTH_MIN ? width : WIDTH_MIN };
	table->columns = arena_array(arena, table->count + 1, sizeof *table->columns);
	for (size_t i = 0; i < table->count; i++) {
		table->columns[i].name = result->plan->columns[i].name;
		table->columns[i].slot = result->plan->columns[i].slot;
	}
	measure(table);
	if (line_width(table, COLUMN_MIN) <= table->width) {
		narrow(table);
		return table;
	}
	table->has_lines = true;
	for (size_t i = 0; i < table->count; i++) {
		size_t name = printable_columns(table->columns[i].name, table->width / 2);
		table->name_width = name > table->name_width ? name : table->name_width;
	}
	table->name_width = table->name_width > table->width / 2 ? table->width / 2 : table->name_width;
	return table;
}

static void add_blanks(struct buffer *out, size_t count)
{
	while (count-- > 0)
		buffer_byte(out, ' ');
}

/* Blanks before a cell are written with the next one that is not empty, so that no line ends in them. */
static void add_cell(const struct table_column *column, struct slice text, size_t *blanks, struct buffer *out)
{
	size_t columns = printable_columns(text, column->width);
	size_t rest = columns < column->width ? column->width - columns : 0;

	if (text.len == 0) {
		*blanks += column->width;
		return;
	}
	add_blanks(out, *blanks + (column->is_right ? rest : 0));
	size_t used = printable_add(out, text, column->width, true);
	*blanks = column->is_right ? 0 : column->width - used;
}

void query_table_head(const struct query_table *table, struct buffer *out)
{
	size_t blanks = 0;

	if (table->has_lines)
		return;
	for (size_t i = 0; i < table->count; i++, blanks += GAP)
		add_cell(&table->columns[i], table->columns[i].name, &blanks, out);
	buffer_byte(out, '\n');
}

static void add_lines(const struct query_table *table, size_t number, struct arena *scratch, struct buffer *out)
{
	size_t room = table->width - table->name_width - GAP;

	buffer_printf(out, "%srow %zu\n", number ? "\n" : "", number + 1);
	for (size_t i = 0; i < table->count; i++) {
		struct slice text = value_to_text(&table->result->rows[number][table->columns[i].slot], scratch);
		if (!text.ptr)
			continue;
		size_t used = printable_add(out, table->columns[i].name, table->name_width, true);
		if (text.len > 0)
			add_blanks(out, table->name_width - used + GAP);
		printable_add(out, text, room, true);
		buffer_byte(out, '\n');
		arena_reset(scratch, QUERY_OUT_BYTES);
	}
}

void query_table_row(const struct query_table *table, size_t number, struct arena *scratch, struct buffer *out)
{
	size_t blanks = 0;

	if (table->has_lines) {
		add_lines(table, number, scratch, out);
		return;
	}
	for (size_t i = 0; i < table->count; i++, blanks += GAP) {
		add_cell(&table->columns[i], value_to_text(&table->result->rows[number][table->columns[i].slot], scratch), &blanks, out);
		arena_reset(scratch, QUERY_OUT_BYTES);
	}
	buffer_byte(out, '\n');
}
