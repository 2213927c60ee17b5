/* codec/json_check.c: a loop over tokens, and a stack of bits. */
#include "codec/json_check.h"

#include "codec/utf8.h"

#include <ctype.h>

enum { WORD_BITS = 64 };

enum place { BEFORE_VALUE, BEFORE_KEY, BEHIND_VALUE };

struct check {
	const struct json_index *index;
	const char              *text;
	size_t                   at, end;        /* up to the record's end */
	bool                     may_have_controls;  /* within strings */
	uint64_t                *is_object;      /* a bit for each level */
	size_t                   depth;
};

/* Everything below is a few instructions, called for every token of every record that a query counts. */
#define INLINED static inline __attribute__((always_inline))

INLINED int peek(const struct check *check)
{
	return check->at < check->end ? (unsigned char)check->text[check->at] : -1;
}

INLINED void skip_space(struct check *check)
{
	while (peek(check) == ' ' || peek(check) == '\n' || peek(check) == '\r' || peek(check) == '\t')
		check->at++;
}

INLINED bool take(struct check *check, char c)
{
	bool is_it = check->at < check->end && check->text[check->at] == c;

	check->at += is_it;
	return is_it;
}

INLINED bool take_word(struct check *check, const char *word, size_t length)
{
	bool is_it = check->end - check->at >= length && memcmp(check->text + check->at, word, length) == 0;

	check->at += is_it ? length : 0;
	return is_it;
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

/* The index has looked for control characters, but says only whether there is one anywhere in its text. */
INLINED bool read_string(struct check *check)
{
	bool has_escapes = false;
	size_t start = check->at + 1;

	if (!take(check, '"') || start == check->end)
		return false;
	/* Most strings end within the block of their beginning. */
	const struct json_block *block = &check->index->blocks[start / JSON_BLOCK_BYTES];
	uint64_t quote = block->quote >> start % JSON_BLOCK_BYTES;
	size_t end = start + (size_t)__builtin_ctzll(quote | UINT64_C(1) << 63);
	if (quote)
		has_escapes = (block->backslash >> start % JSON_BLOCK_BYTES & (quote ^ (quote - 1))) != 0;
	else
		end = json_index_string_end(check->index, start - 1, &has_escapes);
	if (end >= check->end)
		return false;
	check->at = end + 1;
	return (!has_escapes && !check->may_have_controls) || escapes_are_known((struct slice){ check->text + start, end - start });
}

INLINED bool read_digits(struct check *check)
{
	size_t start = check->at;

	while (peek(check) >= '0' && peek(check) <= '9')
		check->at++;
	return check->at > start;
}

INLINED bool read_number(struct check *check)
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

INLINED bool read_scalar(struct check *check)
{
	switch (peek(check)) {
	case '"': return read_string(check);
	case 't': return take_word(check, "true", 4);
	case 'f': return take_word(check, "false", 5);
	case 'n': return take_word(check, "null", 4);
	default:  return read_number(check);
	}
}

INLINED bool in_object(const struct check *check)
{
	return check->is_object[(check->depth - 1) / WORD_BITS] >> ((check->depth - 1) % WORD_BITS) & 1;
}

/* Steps over a closing bracket if the innermost container ends here. */
INLINED bool step_out(struct check *check)
{
	bool ends = take(check, in_object(check) ? '}' : ']');

	check->depth -= ends;
	return ends;
}

/* A scalar, or the beginning of a container. */
INLINED bool read_value(struct check *check, enum place *next)
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

INLINED bool read_key(struct check *check)
{
	if (!read_string(check))
		return false;
	skip_space(check);
	return take(check, ':');
}

/* A text that was cut within a string has the fault of an open one, which is none of a record before it. What the index says of
 * control characters can be relied on if it has the record's first bracket outside of strings. */
static bool may_have_controls(const struct json_index *index, size_t start)
{
	bool is_outside = index->blocks[start / JSON_BLOCK_BYTES].open >> start % JSON_BLOCK_BYTES & 1;

	return is_outside ? index->faults & JSON_CONTROL_IN_STRING : index->faults != 0;
}

bool json_check(const struct json_index *index, struct slice record, struct arena *scratch)
{
	size_t start = (size_t)(record.ptr - index->text.ptr);
	struct check check = { .index = index, .text = index->text.ptr, .at = start, .end = start + record.len };
	enum place place = BEFORE_VALUE;

	if (record.len == 0)
		return false;
	check.may_have_controls = may_have_controls(index, start);
	check.is_object = arena_array(scratch, record.len / WORD_BITS + 1, sizeof *check.is_object);
	if (index->faults & JSON_NOT_UTF8 && !utf8_is_valid(record))
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
				return check.at == check.end;
			if (step_out(&check))
				break;
			if (!take(&check, ','))
				return false;
			place = in_object(&check) ? BEFORE_KEY : BEFORE_VALUE;
		}
	}
}
