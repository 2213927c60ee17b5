/* query/value_test.c: values compare, sort and look as Insights has it. */
#include "query/value.h"

#include "tests/test.h"

static struct value text(const char *text)
{
	return value_text(slice_of(text));
}

TEST(value_sorts_as_in_the_documented_sample)
{
	static const char *const sample[] = { "!:", "#", "*%04", "0#", "5A", "111A", "2345_", "@", "@_", "A", "A9876fghj", "a12345hfh",
	                                      "0", "01", "1", "2", "3" };
	for (size_t i = 0; i < COUNT(sample); i++)
		for (size_t j = 0; j < COUNT(sample); j++) {
			struct value a = text(sample[i]), b = text(sample[j]);
			int order = value_sort_order(&a, &b);
			bool is_tie = (i == 13 && j == 14) || (i == 14 && j == 13) || i == j;      /* 01 and 1 */
			if (is_tie ? order != 0 : (order < 0) != (i < j) || order == 0)
				test_failed(t, __FILE__, __LINE__, "%s and %s: %d", sample[i], sample[j], order);
		}
	struct value none = value_none(), first = text("!:");
	CHECK(t, value_sort_order(&none, &first) < 0);
}

TEST(value_is_decimal_only_as_a_whole)
{
	static const char *const are[] = { "0", "-1", "+1", "1.5", ".5", "5.", "1e3", "1E-3", "00012" };
	static const char *const are_not[] = { "", "-", ".", "1e", "1e+", " 1", "1 ", "0x10", "inf", "nan", "1,5", "1.2.3", "1e999" };
	double number;

	for (size_t i = 0; i < COUNT(are); i++)
		CHECK(t, value_is_decimal(slice_of(are[i]), &number));
	for (size_t i = 0; i < COUNT(are_not); i++)
		CHECK(t, !value_is_decimal(slice_of(are_not[i]), &number));
}

TEST(value_shows_numbers_with_four_decimals_at_most)
{
	static const struct { double number; const char *want; } shown[] = {
		{ 1714557600000, "1714557600000" }, { 5.0 / 3, "1.6667" }, { 2.5, "2.5" }, { -0.0, "0" }, { -0.00001, "0" }, { 1e20, "100000000000000000000" },
		{ 0.99999, "1" },
	};
	for (size_t i = 0; i < COUNT(shown); i++) {
		struct value value = value_number(shown[i].number);
		CHECK_TEXT(t, value_to_text(&value, &t->arena), slice_of(shown[i].want));
	}
	struct value time = value_time(1714557600123.0);
	CHECK_TEXT(t, value_to_text(&time, &t->arena), S("2024-05-01 10:00:00.123"));
	CHECK(t, value_time(1e18).kind == VALUE_NONE && value_number(INFINITY).kind == VALUE_NONE);
}

TEST(value_relations_with_absent_ones_are_insights_own)
{
	struct value none = value_none(), one = value_number(1), word = text("a"), digit = text("1.0"), time = value_time(1);

	CHECK(t, value_relates(&none, VALUE_UNEQUAL, &one) && value_relates(&one, VALUE_UNEQUAL, &none));
	CHECK(t, !value_relates(&none, VALUE_UNEQUAL, &none) && !value_relates(&none, VALUE_EQUAL, &none));
	CHECK(t, !value_relates(&none, VALUE_LESS, &one) && !value_relates(&one, VALUE_GREATER_EQUAL, &none));
	CHECK(t, value_relates(&one, VALUE_EQUAL, &digit) && value_relates(&one, VALUE_UNEQUAL, &word));
	CHECK(t, !value_relates(&one, VALUE_LESS, &word) && !value_relates(&one, VALUE_GREATER, &word));
	CHECK(t, value_relates(&time, VALUE_EQUAL, &one) && !value_relates(&time, VALUE_UNEQUAL, &word));
}
