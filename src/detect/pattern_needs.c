/* detect/pattern_needs.c: of an `&&` one side is enough, the one that tells most; of an `||` it takes every side. */
#include "detect/pattern_needs.h"

#include "detect/pattern_parts.h"

/* A number compares by value with a field that is one: 5 matches 5.0, and tells no text. */
static size_t of_condition(const struct pattern_condition *condition, struct slice *texts, size_t texts_max)
{
	const struct pattern_comparison *comparison = &condition->comparison;

	if (condition->kind != CONDITION_COMPARES || comparison->operator != PATTERN_EQUAL || comparison->literal.kind != LITERAL_TEXT
	    || comparison->literal.text.len == 0 || texts_max == 0)
		return 0;
	texts[0] = comparison->literal.text;
	return 1;
}

static size_t shortest(const struct slice *texts, size_t count)
{
	size_t bytes = SIZE_MAX;

	for (size_t i = 0; i < count; i++)
		bytes = texts[i].len < bytes ? texts[i].len : bytes;
	return bytes;
}

enum { TEXTS_ROOM = 16 };

static size_t of_expression(const struct pattern_json *pattern, const struct pattern_expression *expression, struct slice *texts,
                            size_t texts_max)
{
	struct slice part_texts[TEXTS_ROOM];
	size_t count = 0, room = texts_max < TEXTS_ROOM ? texts_max : TEXTS_ROOM;

	if (expression->kind == EXPRESSION_CONDITION)
		return of_condition(&pattern->conditions[expression->condition], texts, texts_max);
	for (const struct pattern_expression *part = expression->first; part; part = part->next) {
		size_t part_count = of_expression(pattern, part, part_texts, room);
		if (expression->kind == EXPRESSION_OR) {
			if (part_count == 0 || part_count > room - count)
				return 0;
			memcpy(texts + count, part_texts, part_count * sizeof *texts);
			count += part_count;
		} else if (part_count > 0 && (count == 0 || shortest(part_texts, part_count) > shortest(texts, count))) {
			memcpy(texts, part_texts, part_count * sizeof *texts);
			count = part_count;
		}
	}
	return count;
}

static size_t of_pattern(const struct pattern *pattern, struct slice *texts, size_t texts_max)
{
	switch (pattern->form) {
	case PATTERN_TEXT: return pattern_text_needs(pattern->text, texts, texts_max);
	case PATTERN_JSON: return of_expression(pattern->json, pattern->json->expression, texts, texts_max);
	default:           return 0;
	}
}

size_t pattern_needs(const struct pattern *const *patterns, size_t count, struct slice *texts, size_t texts_max)
{
	size_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		size_t more = of_pattern(patterns[i], texts + sum, texts_max - sum);
		if (more == 0)
			return 0;
		sum += more;
	}
	return sum;
}
