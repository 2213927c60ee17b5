/* query/insights_key_test.c: keys tell values apart as value_add_key() does, and come back as what is shown. */
#include "query/insights_key.h"

#include "tests/test.h"

static size_t make_values(struct value *values)
{
	static const char *const texts[] = { "", "1", "01", "1.0", "0", "-0", "-1", "0.5", ".5", "1e3", "1000", "x", "100000000000000000000" };
	static const double numbers[] = { 0, -0.0, 1, -1, 0.5, 1000, 1e14, 1e15, 1e16, 1e20, -1e15, 1e300, 0.1, 1e-7, -2.25, 123456.789,
	                                  999999999999999, -999999999999999, 9007199254740994 };
	size_t count = 0;

	for (size_t i = 0; i < COUNT(texts); i++)
		values[count++] = value_text(slice_of(texts[i]));
	for (size_t i = 0; i < COUNT(numbers); i++)
		values[count++] = value_number(numbers[i]);
	values[count] = value_number(1);
	values[count++].text = S("1");
	values[count] = value_number(0);
	values[count++].text = S("-0");
	values[count++] = value_none();
	values[count++] = value_time(0);
	values[count++] = value_time(1);
	values[count++] = value_time(1714557600000);
	return count;
}

static struct slice old_key(struct test *t, const struct value *value)
{
	struct buffer key;

	buffer_init(&key, &t->arena, 1000);
	value_add_key(value, &key);
	return buffer_slice(&key);
}

TEST(insights_key_tells_values_apart_as_value_add_key_does)
{
	struct value values[64];
	size_t count = make_values(values);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++) {
			struct insights_key a, b;
			insights_key_of(&values[i], &t->arena, &a);
			insights_key_of(&values[j], &t->arena, &b);
			bool is_one = a.kind == b.kind && slice_equal(a.bytes, b.bytes);
			if (is_one != slice_equal(old_key(t, &values[i]), old_key(t, &values[j])))
				test_failed(t, __FILE__, __LINE__, "values %zu and %zu", i, j);
		}
}

TEST(insights_key_comes_back_as_the_value_it_was_of)
{
	struct value values[64];
	size_t count = make_values(values);

	for (size_t i = 0; i < count; i++) {
		struct insights_key key;
		insights_key_of(&values[i], &t->arena, &key);
		struct value back = insights_key_value(values[i].kind, key.bytes);
		CHECK_NUMBER(t, back.kind, values[i].kind);
		CHECK(t, back.number == values[i].number && back.time_ms == values[i].time_ms);
		CHECK_TEXT(t, value_to_text(&back, &t->arena), value_to_text(&values[i], &t->arena));
	}
	struct value json = { .kind = VALUE_JSON, .json = &(struct json){ .kind = JSON_ARRAY } };
	struct insights_key key;
	insights_key_of(&json, &t->arena, &key);
	CHECK(t, key.kind == '-' && insights_key_value(VALUE_JSON, key.bytes).kind == VALUE_NONE);
}
