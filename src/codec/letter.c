/* codec/letter.c: looks letters up in the tables of Unicode. */
#include "codec/letter.h"

#include "codec/letter_cases.h"
#include "codec/utf8.h"

/* The first row that does not end before it; COUNT if there is none. */
static size_t row_at(const struct letter_row *rows, size_t count, uint32_t code_point)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (rows[middle].last < code_point)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t mapped(const struct letter_row *rows, size_t count, uint32_t code_point)
{
	size_t at = row_at(rows, count, code_point);
	bool is_in = at < count && code_point >= rows[at].first && (code_point - rows[at].first) % rows[at].step == 0;

	return is_in ? (uint32_t)((int32_t)code_point + rows[at].delta) : code_point;
}

static const struct letter_long *long_of(const struct letter_long *rows, size_t count, uint32_t code_point)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (rows[middle].letter < code_point)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && rows[low].letter == code_point ? &rows[low] : NULL;
}

static void add_one(struct buffer *out, uint32_t code_point)
{
	char bytes[4];

	buffer_add(out, (struct slice){ bytes, utf8_encode(code_point, bytes) });
}

struct tables {
	const struct letter_row  *rows;
	size_t                    count;
	const struct letter_long *longs;
	size_t                    long_count;
};

static void add_mapped(struct buffer *out, struct slice text, const struct tables *tables)
{
	for (size_t at = 0; at < text.len && !out->is_over; ) {
		uint32_t code_point;
		size_t bytes = utf8_decode(slice_from(text, at), &code_point);
		const struct letter_long *several = bytes > 1 ? long_of(tables->longs, tables->long_count, code_point) : NULL;
		if (bytes == 0)
			buffer_byte(out, text.ptr[at]);
		else if (several)
			for (size_t i = 0; i < COUNT(several->to) && several->to[i]; i++)
				add_one(out, several->to[i]);
		else
			add_one(out, mapped(tables->rows, tables->count, code_point));
		at += bytes ? bytes : 1;
	}
}

void letter_add_upper(struct buffer *out, struct slice text)
{
	static const struct tables upper = { LETTER_UPPER, COUNT(LETTER_UPPER), LETTER_UPPER_LONG, COUNT(LETTER_UPPER_LONG) };

	add_mapped(out, text, &upper);
}

void letter_add_lower(struct buffer *out, struct slice text)
{
	static const struct tables lower = { LETTER_LOWER, COUNT(LETTER_LOWER), LETTER_LOWER_LONG, COUNT(LETTER_LOWER_LONG) };

	add_mapped(out, text, &lower);
}

uint32_t letter_next_case(uint32_t code_point)
{
	return mapped(LETTER_RINGS, COUNT(LETTER_RINGS), code_point);
}

bool letter_from(uint32_t *code_point)
{
	size_t at = row_at(LETTER_RINGS, COUNT(LETTER_RINGS), *code_point);

	if (at == COUNT(LETTER_RINGS))
		return false;
	const struct letter_row *row = &LETTER_RINGS[at];
	if (*code_point <= row->first) {
		*code_point = row->first;
		return true;
	}
	uint32_t behind = (*code_point - row->first) % row->step;
	*code_point += behind ? row->step - behind : 0;
	return true;
}
