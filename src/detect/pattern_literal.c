/* detect/pattern_literal.c: one comparison of texts, one of numbers. */
#include "detect/pattern_literal.h"

struct pattern_literal pattern_literal_of_text(struct slice text)
{
	struct pattern_literal literal = { .kind = LITERAL_TEXT };

	literal.any_before = text.len > 0 && text.ptr[0] == '*';
	literal.any_after = text.len > 0 && text.ptr[text.len - 1] == '*';
	literal.text = slice_from(text, literal.any_before);
	literal.text.len -= literal.any_after && literal.text.len > 0;
	return literal;
}

struct pattern_literal pattern_literal_of_word(struct slice word)
{
	struct pattern_literal literal = { .kind = LITERAL_NUMBER, .text = word };

	return pattern_literal_read_number(word, &literal.number) ? literal : pattern_literal_of_text(word);
}

bool pattern_literal_equals(const struct pattern_literal *literal, struct slice text)
{
	if (literal->kind == LITERAL_REGEX)
		return pattern_regex_finds(literal->regex, text);
	if (literal->any_before && literal->any_after)
		return slice_find(text, literal->text) != SLICE_NPOS;
	if (literal->any_before)
		return slice_has_suffix(text, literal->text);
	if (literal->any_after)
		return slice_has_prefix(text, literal->text);
	return slice_equal(text, literal->text);
}

bool pattern_literal_compare(enum pattern_operator operator, double left, double right)
{
	switch (operator) {
	case PATTERN_EQUAL:            return left == right;
	case PATTERN_NOT_EQUAL:        return left != right;
	case PATTERN_LESS:             return left < right;
	case PATTERN_LESS_OR_EQUAL:    return left <= right;
	case PATTERN_GREATER:          return left > right;
	case PATTERN_GREATER_OR_EQUAL: return left >= right;
	}
	return false;
}

static size_t digits(struct slice text, size_t *at)
{
	size_t start = *at;

	while (*at < text.len && text.ptr[*at] >= '0' && text.ptr[*at] <= '9')
		++*at;
	return *at - start;
}

static void sign(struct slice text, size_t *at)
{
	*at += *at < text.len && (text.ptr[*at] == '+' || text.ptr[*at] == '-');
}

static bool is_number(struct slice text)
{
	size_t at = 0;

	sign(text, &at);
	size_t whole = digits(text, &at);
	if (at < text.len && text.ptr[at] == '.') {
		at++;
		if (digits(text, &at) == 0)
			return false;
	} else if (whole == 0) {
		return false;
	}
	if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
		at++;
		sign(text, &at);
		if (digits(text, &at) == 0)
			return false;
	}
	return at == text.len;
}

bool pattern_literal_read_number(struct slice text, double *number)
{
	char room[64], *copy = room;

	if (!is_number(text))
		return false;
	if (text.len >= sizeof room)
		copy = xmalloc(text.len + 1);
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = 0;
	*number = strtod(copy, NULL);
	if (copy != room)
		free(copy);
	return true;
}
