/* query/value.c: how the values of Insights queries are read, shown, compared and ordered. */
#include "query/value.h"

#include "base/clock.h"
#include "base/limits.h"

enum { DECIMAL_BYTES_MAX = 400, NUMBER_TEXT_BYTES = 340 };

struct value value_none(void)
{
	return (struct value){ .kind = VALUE_NONE };
}

struct value value_text(struct slice text)
{
	return text.ptr ? (struct value){ .kind = VALUE_TEXT, .text = text } : value_none();
}

struct value value_number(double number)
{
	return isfinite(number) ? (struct value){ .kind = VALUE_NUMBER, .number = number } : value_none();
}

struct value value_bool(bool is_true)
{
	return value_number(is_true ? 1 : 0);
}

struct value value_time(double time_ms)
{
	if (!(time_ms >= TIME_S_MIN * 1000 && time_ms < (TIME_S_MAX + 1) * 1000))
		return value_none();
	return (struct value){ .kind = VALUE_TIME, .time_ms = (int64_t)floor(time_ms) };
}

static bool is_integer_literal(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '-' && (text.ptr[i] < '0' || text.ptr[i] > '9'))
			return false;
	return true;
}

struct value value_of_json(const struct json *json)
{
	struct value value;

	switch (json ? json->kind : JSON_NULL) {
	case JSON_NULL:
		return value_none();
	case JSON_FALSE:
	case JSON_TRUE:
		return value_bool(json->kind == JSON_TRUE);
	case JSON_STRING:
		return value_text(json->text);
	case JSON_NUMBER:
		value = value_none();
		if (json_to_double(json, &value.number)) {
			value.kind = VALUE_NUMBER;
			value.text = is_integer_literal(json->text) ? json->text : SLICE_NONE;
		}
		return value;
	default:
		return (struct value){ .kind = VALUE_JSON, .json = json };
	}
}

/* ---- numbers ---- */

static size_t digits(struct slice text, size_t at)
{
	size_t from = at;

	while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
		at++;
	return at - from;
}

bool value_is_decimal(struct slice text, double *number)
{
	char copy[DECIMAL_BYTES_MAX + 1];
	size_t at = text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+');
	size_t whole = digits(text, at), fraction = 0;

	at += whole;
	if (at < text.len && text.ptr[at] == '.') {
		fraction = digits(text, at + 1);
		at += 1 + fraction;
	}
	if (whole + fraction == 0 || text.len > DECIMAL_BYTES_MAX)
		return false;
	if (at < text.len && (text.ptr[at] | 0x20) == 'e') {
		at += at + 1 < text.len && (text.ptr[at + 1] == '-' || text.ptr[at + 1] == '+') ? 2 : 1;
		size_t exponent = digits(text, at);
		if (exponent == 0)
			return false;
		at += exponent;
	}
	if (at != text.len)
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	*number = strtod(copy, NULL);
	return isfinite(*number);
}

bool value_to_number(const struct value *value, double *number)
{
	switch (value->kind) {
	case VALUE_NUMBER:
		*number = value->number;
		return true;
	case VALUE_TIME:
		*number = (double)value->time_ms;
		return true;
	case VALUE_TEXT:
		return value_is_decimal(value->text, number);
	default:
		return false;
	}
}

bool value_is_true(const struct value *value)
{
	double number;

	if (value_to_number(value, &number))
		return number != 0;
	return value->kind == VALUE_TEXT && slice_equal(value->text, S("true"));
}

/* ---- text ---- */

/* Integers in full; anything else rounded to four decimals, without the zeros at its end. */
static struct slice number_text(double number, struct arena *arena)
{
	char text[NUMBER_TEXT_BYTES];
	int len = snprintf(text, sizeof text, number == floor(number) ? "%.0f" : "%.4f", number);

	assert(len > 0 && (size_t)len < sizeof text);
	if (memchr(text, '.', (size_t)len)) {
		while (text[len - 1] == '0')
			len--;
		len -= text[len - 1] == '.';
	}
	struct slice result = { text, (size_t)len };
	return arena_copy(arena, slice_equal(result, S("-0")) ? S("0") : result);
}

static struct slice time_text(int64_t time_ms, struct arena *arena)
{
	char text[TIME_TEXT_BYTES];
	struct slice iso = time_iso_ms(time_ms, text);           /* 2024-05-01T10:00:00.000Z */

	return arena_format(arena, "%.*s %.*s", 10, iso.ptr, 12, iso.ptr + 11);
}

static struct slice json_text(const struct json *json, struct arena *arena)
{
	struct buffer out;
	struct json_writer writer;

	buffer_init(&out, arena, INSIGHTS_TEXT_BYTES_MAX);
	json_writer_init(&writer, &out);
	json_value(&writer, json);
	return out.is_over ? SLICE_NONE : buffer_slice(&out);
}

struct slice value_to_text(const struct value *value, struct arena *arena)
{
	switch (value->kind) {
	case VALUE_TEXT:
		return value->text;
	case VALUE_NUMBER:
		return value->text.ptr ? value->text : number_text(value->number, arena);
	case VALUE_TIME:
		return time_text(value->time_ms, arena);
	case VALUE_JSON:
		return json_text(value->json, arena);
	case VALUE_NONE:
		break;
	}
	return SLICE_NONE;
}

/* ---- comparison ---- */

static bool relates(int order, enum value_relation relation)
{
	switch (relation) {
	case VALUE_EQUAL:         return order == 0;
	case VALUE_UNEQUAL:       return order != 0;
	case VALUE_LESS:          return order < 0;
	case VALUE_LESS_EQUAL:    return order <= 0;
	case VALUE_GREATER:       return order > 0;
	case VALUE_GREATER_EQUAL: return order >= 0;
	}
	return false;
}

bool value_relates(const struct value *a, enum value_relation relation, const struct value *b)
{
	double x, y;

	if (a->kind == VALUE_JSON || b->kind == VALUE_JSON)
		return false;
	if (a->kind == VALUE_NONE || b->kind == VALUE_NONE)
		return relation == VALUE_UNEQUAL && a->kind != b->kind;
	if (value_to_number(a, &x) && value_to_number(b, &y))
		return relates((x > y) - (x < y), relation);
	if (a->kind == VALUE_TEXT && b->kind == VALUE_TEXT)
		return relates(slice_compare(a->text, b->text), relation);
	/* A time and a text are never in any relation; a number differs from what is none and is neither less nor greater. */
	return relation == VALUE_UNEQUAL && a->kind != VALUE_TIME && b->kind != VALUE_TIME;
}

/* ---- the order of `sort` ---- */

enum run { RUN_END, RUN_DIGITS, RUN_LETTERS, RUN_OTHERS };

static enum run run_of(struct slice s, size_t at)
{
	unsigned char c = at < s.len ? (unsigned char)s.ptr[at] : 0;

	if (at == s.len)
		return RUN_END;
	if (c >= '0' && c <= '9')
		return RUN_DIGITS;
	return (c | 0x20) >= 'a' && ((c | 0x20) <= 'z' || c >= 0x80) ? RUN_LETTERS : RUN_OTHERS;
}

static struct slice next_run(struct slice s, size_t *at)
{
	enum run run = run_of(s, *at);
	size_t from = *at;

	while (*at < s.len && run_of(s, *at) == run)
		++*at;
	return slice_sub(s, from, *at - from);
}

static int natural_order(struct slice a, struct slice b)
{
	size_t at_a = 0, at_b = 0;

	for (;;) {
		enum run kind_a = run_of(a, at_a), kind_b = run_of(b, at_b);
		if (kind_a == RUN_END || kind_b == RUN_END)
			return (kind_a != RUN_END) - (kind_b != RUN_END);
		struct slice run_a = next_run(a, &at_a), run_b = next_run(b, &at_b);
		if (kind_a == RUN_DIGITS && kind_b == RUN_DIGITS && run_a.len != run_b.len)
			return run_a.len < run_b.len ? -1 : 1;
		int order = slice_compare(run_a, run_b);
		if (order != 0)
			return order;
	}
}

/* Objects and arrays cannot be sorted by, and count as absent. */
struct value_rank value_rank(const struct value *value)
{
	struct value_rank rank = { .rank = 0 };

	if (value_to_number(value, &rank.number)) {
		rank.rank = 2;
	} else if (value->kind == VALUE_TEXT) {
		rank.rank = 1;
		rank.text = value->text;
	}
	return rank;
}

int value_rank_order(const struct value_rank *a, const struct value_rank *b)
{
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->rank == 1)
		return natural_order(a->text, b->text);
	return a->rank == 2 ? (a->number > b->number) - (a->number < b->number) : 0;
}

int value_sort_order(const struct value *a, const struct value *b)
{
	struct value_rank rank_a = value_rank(a), rank_b = value_rank(b);

	return value_rank_order(&rank_a, &rank_b);
}

static void add_key(struct buffer *key, char kind, struct slice bytes)
{
	uint32_t length = (uint32_t)bytes.len;

	buffer_byte(key, kind);
	buffer_add(key, (struct slice){ (const char *)&length, sizeof length });
	buffer_add(key, bytes);
}

/* A letter for the kind, the length, the bytes. A number is what it would be as a text in full, so 1, 1.0, true and "1" are one
 * group, since one row for each would look the same; "01" is another. Objects and arrays cannot be keys and count as absent. */
void value_add_key(const struct value *value, struct buffer *key)
{
	struct buffer number;
	struct json_writer writer;

	switch (value->kind) {
	case VALUE_TEXT:
		add_key(key, 't', value->text);
		return;
	case VALUE_NUMBER:
		if (value->text.ptr || value->number == floor(value->number)) {
			add_key(key, 't', value_to_text(value, key->arena));
			return;
		}
		buffer_init(&number, key->arena, NUMBER_TEXT_BYTES);
		json_writer_init(&writer, &number);
		json_double(&writer, value->number);
		add_key(key, 't', buffer_slice(&number));
		return;
	case VALUE_TIME:
		add_key(key, 'd', (struct slice){ (const char *)&value->time_ms, sizeof value->time_ms });
		return;
	case VALUE_JSON:
	case VALUE_NONE:
		add_key(key, '-', S(""));
		return;
	}
}
