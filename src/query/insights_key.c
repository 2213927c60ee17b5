/* query/insights_key.c: texts as they are, times as their bytes, numbers in full. */
#include "query/insights_key.h"

enum { KEY_HEAD_BYTES = 5 };                    /* value_add_key()'s: kind and length */

/* Of integers of up to 15 digits, which are nearly all. */
static struct slice digits_of(double number, char *room, size_t bytes)
{
	int64_t whole = (int64_t)number;
	uint64_t left = whole < 0 ? (uint64_t)-whole : (uint64_t)whole;
	size_t at = bytes;

	do {
		room[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (whole < 0)
		room[--at] = '-';
	return (struct slice){ room + at, bytes - at };
}

void insights_key_of(const struct value *value, struct arena *scratch, struct insights_key *key)
{
	struct buffer written;

	switch (value->kind) {
	case VALUE_TEXT:
		key->kind = 't';
		key->bytes = value->text;
		return;
	case VALUE_NUMBER:
		key->kind = 't';
		if (value->text.ptr) {
			key->bytes = value->text;
		} else if (fabs(value->number) < 1e15 && value->number == (double)(int64_t)value->number) {
			key->bytes = digits_of(value->number, key->room, sizeof key->room);
		} else {
			buffer_init(&written, scratch, SIZE_MAX / 2);
			value_add_key(value, &written);
			key->bytes = slice_from(buffer_slice(&written), KEY_HEAD_BYTES);
		}
		return;
	case VALUE_TIME:
		key->kind = 'd';
		memcpy(key->room, &value->time_ms, sizeof value->time_ms);
		key->bytes = (struct slice){ key->room, sizeof value->time_ms };
		return;
	case VALUE_JSON:
	case VALUE_NONE:
		key->kind = '-';
		key->bytes = S("");
		return;
	}
}

static bool is_integer(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '-' && (text.ptr[i] < '0' || text.ptr[i] > '9'))
			return false;
	return true;
}

struct value insights_key_value(enum value_kind kind, struct slice bytes)
{
	struct value value = { .kind = kind };

	switch (kind) {
	case VALUE_TEXT:
		return value_text(bytes);
	case VALUE_NUMBER:
		if (!value_is_decimal(bytes, &value.number))
			return value_none();
		value.text = is_integer(bytes) ? bytes : SLICE_NONE;
		return value;
	case VALUE_TIME:
		memcpy(&value.time_ms, bytes.ptr, sizeof value.time_ms);
		return value;
	case VALUE_JSON:
	case VALUE_NONE:
		break;
	}
	return value_none();
}
