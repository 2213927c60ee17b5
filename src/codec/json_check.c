/* codec/json_check.c: a loop over tokens, and a stack of bits. */
#include "codec/json_check.h"

#include "codec/utf8.h"

#include <ctype.h>

enum { WORD_BITS = 64 };

enum place { BEFORE_VALUE, BEFORE_KEY, BEHIND_VALUE };

struct check {
	const struct json_index *index;
	struct slice             text;           /* up to the record's end */
	size_t                   at;
	uint64_t                *is_object;      /* a bit for each level */
	size_t                   depth;
};

static int peek(const struct check *check)
{
	return check->at < check->text.len ? (unsigned char)check->text.ptr[check->at] : -1;
}

static void skip_space(struct check *check)
{
	while (peek(check) == ' ' || peek(check) == '\n' || peek(check) == '\r' || peek(check) == '\t')
		check->at++;
}

static bool escapes_are_known(struct slice string)
{
	for (size_t i = 0; i < string.len; i++) {
		unsigned char c = (unsigned char)string.ptr[i];
		if (c < 0x20)
			return false;
		if (c != '\\')
			continue;
		if (++i == string.len || !strchr("\"\\/bfnrtu", string.ptr[i]) || !string.ptr[i])
			return false;
		for (size_t digits = 0; string.ptr[i] == 'u' && digits < 4; digits++)
			if (i + 1 + digits >= string.len || !isxdigit((unsigned char)string.ptr[i + 1 + digits]))
				return false;
	}
	return true;
}

/* At the quote. The index has looked for control characters, but says only whether there is one anywhere in its text. */
static bool read_string(struct check *check)
{
	bool has_escapes = false;
	size_t start = check->at + 1, end = peek(check) == '"' ? json_index_string_end(check->index, check->at, &has_escapes) : SLICE_NPOS;

	if (end >= check->text.len)
		return false;
	check->at = end + 1;
	return (!has_escapes && !check->index->faults) || escapes_are_known(slice_sub(check->text, start, end - start));
}

static bool read_digits(struct check *check)
{
	size_t start = check->at;

	while (peek(check) >= '0' && peek(check) <= '9')
		check->at++;
	return check->at > start;
}

static bool read_number(struct check *check)
{
	check->at += peek(check) == '-';
	if (peek(check) == '0')
		check->at++;
	else if (!read_digits(check))
		return false;
	if (peek(check) == '.') {
		check->at++;
		if (!read_digits(check))
			return false;
	}
	if (peek(check) == 'e' || peek(check) == 'E') {
		check->at++;
		check->at += peek(check) == '+' || peek(check) == '-';
		return read_digits(check);
	}
	return true;
}

static bool read_word(struct check *check, struct slice word)
{
	bool is_word = slice_has_prefix(slice_from(check->text, check->at), word);

	check->at += is_word ? word.len : 0;
	return is_word;
}

static bool read_scalar(struct check *check)
{
	switch (peek(check)) {
	case '"': return read_string(check);
	case 't': return read_word(check, S("true"));
	case 'f': return read_word(check, S("false"));
	case 'n': return read_word(check, S("null"));
	default:  return read_number(check);
	}
}

static bool in_object(const struct check *check)
{
	return check->is_object[(check->depth - 1) / WORD_BITS] >> ((check->depth - 1) % WORD_BITS) & 1;
}

/* Steps over a closing bracket if the innermost container ends here. */
static bool step_out(struct check *check)
{
	bool ends = peek(check) == (in_object(check) ? '}' : ']');

	check->at += ends;
	check->depth -= ends;
	return ends;
}

/* A scalar, or the beginning of a container. */
static bool read_value(struct check *check, enum place *next)
{
	int c = peek(check);

	*next = BEHIND_VALUE;
	if (c != '{' && c != '[')
		return read_scalar(check);
	uint64_t bit = (uint64_t)1 << (check->depth % WORD_BITS), *word = &check->is_object[check->depth / WORD_BITS];
	*word = c == '{' ? *word | bit : *word & ~bit;
	check->depth++;
	check->at++;
	skip_space(check);
	if (!step_out(check))
		*next = c == '{' ? BEFORE_KEY : BEFORE_VALUE;
	return true;
}

static bool read_key(struct check *check)
{
	if (!read_string(check))
		return false;
	skip_space(check);
	return read_word(check, S(":"));
}

bool json_check(const struct json_index *index, struct slice record, struct arena *scratch)
{
	size_t start = (size_t)(record.ptr - index->text.ptr);
	struct check check = { .index = index, .text = slice_sub(index->text, 0, start + record.len), .at = start };
	enum place place = BEFORE_VALUE;

	check.is_object = arena_array(scratch, record.len / WORD_BITS + 1, sizeof *check.is_object);
	if (index->faults && !utf8_is_valid(record))
		return false;
	for (;;) {
		skip_space(&check);
		switch (place) {
		case BEFORE_VALUE:
			if (!read_value(&check, &place))
				return false;
			break;
		case BEFORE_KEY:
			if (!read_key(&check))
				return false;
			place = BEFORE_VALUE;
			break;
		case BEHIND_VALUE:
			if (check.depth == 0)
				return check.at == check.text.len;
			if (step_out(&check))
				break;
			if (!read_word(&check, S(",")))
				return false;
			place = in_object(&check) ? BEFORE_KEY : BEFORE_VALUE;
		}
	}
}
