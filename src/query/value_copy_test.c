/* query/value_copy_test.c: a copy says the same when what it was made from is gone. */
#include "query/value_copy.h"

#include "tests/test.h"

static const char *const texts[] = { "[1,[2,\"x\\n\"],null,{\"k\":true,\"\\u0061\":[]}]", "{}", "[\"\"]" };

TEST(value_copy_of_json_needs_nothing_of_the_first)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct value_copy copy = { .room = NULL };
		struct arena arena;

		arena_init(&arena, 1 << 20);
		struct slice text = arena_copy(&arena, slice_of(texts[i]));
		struct value value = value_of_json(json_parse(&arena, text, &JSON_LIMITS_DEFAULT, &t->err));
		struct slice want = value_to_text(&value, &t->arena);
		value_copy_value(&copy, &value);
		copy = (struct value_copy){ .room = arena_alloc(&t->arena, copy.bytes) };
		value = value_copy_value(&copy, &value);
		arena_fini(&arena);
		CHECK_TEXT(t, value_to_text(&value, &t->arena), want);
	}
}

TEST(value_copy_of_a_text_within_another_points_into_its_copy)
{
	struct slice whole = S("{\"a\":\"text\"}"), part = slice_sub(whole, 6, 4);
	struct value value = value_text(part), empty = value_text(S("")), number = value_number(2.5);
	struct value_copy copy = { .room = NULL };
	size_t whole_bytes = 0;

	for (int pass = 0; pass < 2; pass++) {
		struct slice to = value_copy_text(&copy, whole);
		copy.from = whole;
		copy.to = to;
		whole_bytes = copy.bytes;
		struct value copied = value_copy_value(&copy, &value);
		CHECK_NUMBER(t, copy.bytes, whole_bytes);
		CHECK_TEXT(t, copied.text, part);
		CHECK(t, pass == 0 || copied.text.ptr == to.ptr + 6);
		CHECK(t, value_copy_value(&copy, &empty).text.ptr != NULL);
		CHECK(t, value_copy_value(&copy, &number).number == 2.5);
		CHECK(t, value_copy_text(&copy, SLICE_NONE).ptr == NULL);
		copy = (struct value_copy){ .room = arena_alloc(&t->arena, copy.bytes) };
	}
}
