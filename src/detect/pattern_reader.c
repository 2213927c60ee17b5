/* detect/pattern_reader.c: the tokens that the three forms of filter patterns share, and AWS's words for refusing them.
 *
 * AWS says "Invalid filter pattern" for a sentence that is none and names the characters where a token is none. Messages:
 * public reports of CloudWatch Logs responses. */
#include "detect/pattern_reader.h"

#include "base/limits.h"
#include "codec/utf8.h"

static bool at_fault(struct pattern_reader *reader, size_t at, const char *reason)
{
	if (reader->fault)
		*reader->fault = (struct pattern_fault){ .at_byte = reader->skipped + at, .reason = reason };
	return false;
}

bool pattern_reader_refuse(struct pattern_reader *reader, size_t at, const char *reason)
{
	at_fault(reader, at, reason);
	return fail_as(reader->err, ERR_INVALID, "InvalidParameterException", "Invalid filter pattern");
}

bool pattern_reader_refuse_term(struct pattern_reader *reader, size_t from, size_t to, const char *reason)
{
	struct slice term = slice_sub(reader->text, from, to - from);

	at_fault(reader, from, reason);
	return fail_as(reader->err, ERR_INVALID, "InvalidParameterException", "Invalid character(s) in term '%.*s'",
	               SLICE_ARG(term));
}

/* What may stand somewhere in a pattern outside of quotes: such a character is not at fault, but its place. */
static bool begins_a_token(int c)
{
	return pattern_reader_is_alphanumeric(c) || (c > 0 && strchr("{}[]()$&|=!<>\"%*.,_:/@+-", c));
}

bool pattern_reader_unexpected(struct pattern_reader *reader, const char *reason)
{
	int c = pattern_reader_peek(reader);

	return c < 0 || begins_a_token(c)
	    ? pattern_reader_refuse(reader, reader->at, reason)
	    : pattern_reader_refuse_term(reader, reader->at, pattern_reader_character(reader, reader->at), reason);
}

int pattern_reader_peek(const struct pattern_reader *reader)
{
	return reader->at < reader->end ? (unsigned char)reader->text.ptr[reader->at] : -1;
}

void pattern_reader_blanks(struct pattern_reader *reader)
{
	while (pattern_reader_is_blank(pattern_reader_peek(reader)))
		reader->at++;
}

bool pattern_reader_take(struct pattern_reader *reader, struct slice token)
{
	if (!slice_has_prefix(slice_sub(reader->text, reader->at, reader->end - reader->at), token))
		return false;
	reader->at += token.len;
	return true;
}

size_t pattern_reader_character(const struct pattern_reader *reader, size_t at)
{
	uint32_t code_point;
	size_t bytes = utf8_decode(slice_from(reader->text, at), &code_point);

	return at + (bytes ? bytes : 1);
}

bool pattern_reader_quoted(struct pattern_reader *reader, struct slice *text)
{
	size_t start = reader->at++, len = 0;
	char *copy = arena_alloc(reader->arena, reader->end - start);

	for (;;) {
		int c = pattern_reader_peek(reader);
		if (c < 0)
			return pattern_reader_refuse(reader, start, "a quote is not closed");
		reader->at++;
		if (c == '"')
			break;
		int next = pattern_reader_peek(reader);
		if (c == '\\' && (next == '"' || next == '\\'))
			c = (unsigned char)reader->text.ptr[reader->at++];
		copy[len++] = (char)c;
	}
	*text = (struct slice){ copy, len };
	return true;
}

bool pattern_reader_regex(struct pattern_reader *reader, const struct pattern_regex **regex)
{
	size_t start = reader->at + 1;
	size_t len = slice_find_byte(slice_sub(reader->text, start, reader->end - start), '%');
	struct pattern_regex_fault fault;

	if (len == SLICE_NPOS)
		return pattern_reader_refuse_term(reader, reader->at, start, "a regular expression ends in %");
	*regex = pattern_regex_compile(reader->arena, slice_sub(reader->text, start, len), &fault);
	if (!*regex && fault.from == fault.to)
		return pattern_reader_refuse(reader, start + fault.from, fault.reason);
	if (!*regex)
		return pattern_reader_refuse_term(reader, start + fault.from, pattern_reader_character(reader, start + fault.to - 1),
		                                  fault.reason);
	reader->at = start + len + 1;
	reader->regex_count++;
	reader->regex_positions += pattern_regex_positions(*regex);
	return reader->regex_positions <= PATTERN_POSITIONS_MAX
	    || pattern_reader_refuse(reader, start, "the pattern's regular expressions together are too large");
}

/* ---- comparisons ---- */

/* What AWS documents are letters, digits and underscores; its own examples, and CIS's, have the others too. */
static bool is_word(int c)
{
	return pattern_reader_is_alphanumeric(c) || (c > 0 && strchr("_.*:/@+-", c));
}

static bool read_operator(struct pattern_reader *reader, enum pattern_operator *operator)
{
	static const struct { struct slice text; enum pattern_operator operator; } operators[] = {
		{ S_INIT("!="), PATTERN_NOT_EQUAL },        /* the longer before the shorter */
		{ S_INIT("<="), PATTERN_LESS_OR_EQUAL },
		{ S_INIT(">="), PATTERN_GREATER_OR_EQUAL },
		{ S_INIT("="), PATTERN_EQUAL },
		{ S_INIT("<"), PATTERN_LESS },
		{ S_INIT(">"), PATTERN_GREATER },
	};
	for (size_t i = 0; i < COUNT(operators); i++)
		if (pattern_reader_take(reader, operators[i].text)) {
			*operator = operators[i].operator;
			return true;
		}
	return pattern_reader_unexpected(reader, "expected an operator: = != < <= > >=");
}

static bool read_literal(struct pattern_reader *reader, struct pattern_literal *literal)
{
	size_t start = reader->at;
	struct slice text;

	switch (pattern_reader_peek(reader)) {
	case '"':
		if (!pattern_reader_quoted(reader, &text))
			return false;
		*literal = pattern_literal_of_text(text);
		return true;
	case '%':
		*literal = (struct pattern_literal){ .kind = LITERAL_REGEX };
		if (!pattern_reader_regex(reader, &literal->regex))
			return false;
		literal->text = slice_sub(reader->text, start + 1, reader->at - start - 2);
		return true;
	}
	while (is_word(pattern_reader_peek(reader)))
		reader->at++;
	if (reader->at == start)
		return pattern_reader_unexpected(reader, "expected a value: a word, a number, \"text\" or %regex%");
	*literal = pattern_literal_of_word(slice_sub(reader->text, start, reader->at - start));
	return true;
}

bool pattern_reader_comparison(struct pattern_reader *reader, struct pattern_comparison *comparison)
{
	if (!read_operator(reader, &comparison->operator))
		return false;
	pattern_reader_blanks(reader);
	size_t start = reader->at;
	if (!read_literal(reader, &comparison->literal))
		return false;
	return comparison->operator <= PATTERN_NOT_EQUAL || comparison->literal.kind == LITERAL_NUMBER
	    || pattern_reader_refuse(reader, start, "only a number is less or greater; texts are = or !=");
}
