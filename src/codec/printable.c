/* codec/printable.c: one character at a time, by binary search in the table of those that are not one column. */
#include "codec/printable.h"

#include "codec/printable_ranges.h"
#include "codec/utf8.h"

enum { MARKS_MAX = 8 };

struct shown {
	struct slice text;              /* of one character, or what stands for it */
	size_t       columns, bytes;    /* `bytes` of the input */
};

static const struct printable_range *find_range(uint32_t code_point)
{
	size_t from = 0, to = COUNT(PRINTABLE_RANGES);

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (PRINTABLE_RANGES[middle].last < code_point)
			from = middle + 1;
		else
			to = middle;
	}
	return from < COUNT(PRINTABLE_RANGES) && PRINTABLE_RANGES[from].first <= code_point ? &PRINTABLE_RANGES[from] : NULL;
}

/* *marks: how many there were over the character before. */
static struct shown show_other(struct slice text, size_t *marks)
{
	uint32_t code_point;
	size_t bytes = utf8_decode(text, &code_point);
	const struct printable_range *range = bytes ? find_range(code_point) : NULL;
	bool is_mark = range && range->kind == PRINTABLE_MARK && *marks < MARKS_MAX;

	*marks = range && range->kind == PRINTABLE_MARK ? *marks + 1 : 0;
	if (is_mark)
		return (struct shown){ slice_sub(text, 0, bytes), 0, bytes };
	if (bytes > 0 && (!range || range->kind == PRINTABLE_WIDE))
		return (struct shown){ slice_sub(text, 0, bytes), range ? 2 : 1, bytes };
	return (struct shown){ S("?"), 1, bytes ? bytes : 1 };
}

static struct shown show(struct slice text, size_t *marks)
{
	unsigned char c = (unsigned char)text.ptr[0];

	if (c >= 0x80)
		return show_other(text, marks);
	*marks = 0;
	if (c >= 0x20 && c < 0x7F)
		return (struct shown){ slice_sub(text, 0, 1), 1, 1 };
	return (struct shown){ c == '\n' || c == '\r' || c == '\t' ? S(" ") : S("?"), 1, 1 };
}

/* How many characters from `at` on, `most` at most, are ASCII's printable ones: a column each, nothing to look up. */
static size_t plain_run(struct slice text, size_t at, size_t most)
{
	size_t end = text.len - at < most ? text.len : at + most, from = at;

	while (at < end && text.ptr[at] >= 0x20 && text.ptr[at] < 0x7F)
		at++;
	return at - from;
}

size_t printable_columns(struct slice text, size_t columns_max)
{
	size_t columns = 0, marks = 0;

	for (size_t at = 0; at < text.len && columns <= columns_max;) {
		size_t run = plain_run(text, at, columns_max - columns);
		if (run > 0) {
			columns += run;
			at += run;
			marks = 0;
			continue;
		}
		struct shown one = show(slice_from(text, at), &marks);
		columns += one.columns;
		at += one.bytes;
	}
	return columns;
}

size_t printable_add(struct buffer *out, struct slice text, size_t columns_max, bool shows_cut)
{
	bool is_cut = printable_columns(text, columns_max) > columns_max;
	size_t room = is_cut && shows_cut && columns_max > 0 ? columns_max - 1 : columns_max;
	size_t columns = 0, marks = 0;

	for (size_t at = 0; at < text.len;) {
		size_t run = plain_run(text, at, room - columns);
		struct shown one = { slice_sub(text, at, run), run, run };
		if (run == 0)
			one = show(slice_from(text, at), &marks);
		else
			marks = 0;
		if (columns + one.columns > room)
			break;
		buffer_add(out, one.text);
		columns += one.columns;
		at += one.bytes;
	}
	if (room < columns_max) {
		buffer_add(out, S("\xE2\x80\xA6"));
		columns++;
	}
	return columns;
}
