/* server/query_refusal.c: the line that a fault is in, as a terminal shows it, so that the mark stands where it should. */
#include "server/query_refusal.h"

#include "codec/printable.h"
#include "codec/utf8.h"

enum { INDENT = 2, COLUMNS_MIN = 20 };

static struct slice line_around(struct slice query, size_t at, size_t *from)
{
	size_t line_break = slice_rfind_byte(slice_sub(query, 0, at), '\n');
	struct slice line;

	*from = line_break == SLICE_NPOS ? 0 : line_break + 1;
	slice_cut(slice_from(query, *from), '\n', &line);
	while (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* Bytes at the front of the line to leave out, so that `at` is in the left half of `room` columns. */
static size_t leave_out(struct slice line, size_t at, size_t room)
{
	size_t left = 0;

	while (left < at && printable_columns(slice_sub(line, left, at - left), room) > room / 2) {
		uint32_t code_point;
		size_t bytes = utf8_decode(slice_from(line, left), &code_point);
		left += bytes ? bytes : 1;
	}
	return left;
}

static void add_mark(struct buffer *out, size_t at, size_t columns)
{
	for (size_t i = 0; i < at; i++)
		buffer_byte(out, ' ');
	for (size_t i = 0; i < columns || i == 0; i++)
		buffer_byte(out, '^');
	buffer_byte(out, '\n');
}

void query_refusal_write(struct slice query, const struct insights_fault *fault, const struct error *err, size_t width,
                         struct buffer *out)
{
	size_t room = width > COLUMNS_MIN + INDENT ? width - INDENT : COLUMNS_MIN, from, left = 0;
	struct slice message = slice_of(err->message);

	if (err->name)
		buffer_printf(out, "%s: ", err->name);
	printable_add(out, message, message.len, false);
	if (!fault->reason) {
		buffer_byte(out, '\n');
		return;
	}
	buffer_printf(out, ": %s\n", fault->reason);
	struct slice line = line_around(query, fault->span.from, &from);
	size_t at = fault->span.from - from, to = fault->span.to - from < line.len ? fault->span.to - from : line.len;
	if (at > line.len)
		at = line.len;
	if (printable_columns(line, room) > room)
		left = leave_out(line, at, room);
	buffer_add(out, left > 0 ? S("  \xE2\x80\xA6") : S("  "));
	size_t cut = left > 0;                           /* columns of the ellipsis */
	room -= cut;
	printable_add(out, slice_from(line, left), room, true);
	buffer_byte(out, '\n');
	size_t before = printable_columns(slice_sub(line, left, at - left), room);
	size_t marked = to > at ? printable_columns(slice_sub(line, at, to - at), room) : 1;
	add_mark(out, INDENT + cut + before, before + marked > room ? room - before : marked);
}
