/* query/insights_token.c: what stands next in the text of a query. */
#include "query/insights_token.h"

#include "base/limits.h"
#include "codec/utf8.h"
#include "query/value.h"

enum { SHOWN_BYTES_MAX = 80 };          /* of the offending word */

static int peek(const struct insights_reader *reader, size_t ahead)
{
	return reader->at + ahead < reader->text.len ? (unsigned char)reader->text.ptr[reader->at + ahead] : -1;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_name(int c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
}

/* ---- refusing ---- */

void insights_token_place(struct slice text, size_t at, size_t *line, size_t *column)
{
	struct slice before = slice_sub(text, 0, at);
	size_t line_at = slice_rfind_byte(before, '\n');

	*line = 1;
	for (size_t i = 0; i < before.len; i++)
		*line += before.ptr[i] == '\n';
	*column = utf8_length(line_at == SLICE_NPOS ? before : slice_from(before, line_at + 1));
}

static void set_fault(struct insights_reader *reader, struct insights_span span, const char *reason)
{
	if (reader->fault)
		*reader->fault = (struct insights_fault){ span, reason };
}

bool insights_token_refuse(struct insights_reader *reader, struct insights_span span, const char *reason)
{
	struct slice word = slice_sub(reader->text, span.from, span.to - span.from);
	size_t line, column;

	set_fault(reader, span, reason);
	insights_token_place(reader->text, span.from, &line, &column);
	if (span.from == reader->text.len)
		word = S("<EOF>");
	word = slice_sub(word, 0, utf8_prefix(word, SHOWN_BYTES_MAX));
	return fail_as(reader->err, ERR_INVALID, "MalformedQueryException",
	               "unexpected symbol found %.*s at line %zu and position %zu", SLICE_ARG(word), line, column);
}

bool insights_token_unexpected(struct insights_reader *reader, const char *reason)
{
	return insights_token_refuse(reader, reader->token.span, reason);
}

bool insights_token_refuse_whole(struct insights_reader *reader, struct insights_span span, const char *reason)
{
	set_fault(reader, span, reason);
	return fail_as(reader->err, ERR_INVALID, "MalformedQueryException", "Query cannot be compiled");
}

/* The character at `at`, and all that is not its beginning. */
static bool refuse_character(struct insights_reader *reader, const char *reason)
{
	uint32_t code_point;
	size_t bytes = utf8_decode(slice_from(reader->text, reader->at), &code_point);

	return insights_token_refuse(reader, (struct insights_span){ reader->at, reader->at + (bytes ? bytes : 1) }, reason);
}

/* ---- reading ---- */

static void skip_blanks(struct insights_reader *reader)
{
	for (int c = peek(reader, 0); c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '#'; c = peek(reader, 0)) {
		while (c == '#' && peek(reader, 1) >= 0 && peek(reader, 1) != '\n')
			reader->at++;
		reader->at++;
	}
}

static void take(struct insights_reader *reader, enum insights_token_kind kind, size_t bytes)
{
	struct insights_span span = { reader->at, reader->at + bytes };

	reader->token = (struct insights_token){ .kind = kind, .span = span, .text = slice_sub(reader->text, span.from, bytes) };
	reader->at = span.to;
}

static bool read_name(struct insights_reader *reader)
{
	size_t bytes = 0;

	if (peek(reader, 0) == '`') {
		size_t end = slice_find_byte(slice_from(reader->text, reader->at + 1), '`');
		if (end == SLICE_NPOS || end == 0)
			return refuse_character(reader, end == 0 ? "there is no name between the backticks" : "a backtick is not closed");
		take(reader, TOKEN_NAME, end + 2);
		reader->token.text = slice_sub(reader->token.text, 1, end);
		reader->token.is_quoted = true;
		return true;
	}
	while (is_name(peek(reader, bytes)))
		bytes++;
	take(reader, TOKEN_NAME, bytes);
	return bytes > 0 || insights_token_unexpected(reader, "a name is expected here");
}

static bool read_text(struct insights_reader *reader)
{
	char quote = reader->text.ptr[reader->at];
	size_t from = reader->at + 1, end = from;
	struct buffer plain;

	buffer_init(&plain, reader->arena, reader->text.len + 1);
	for (; end < reader->text.len && reader->text.ptr[end] != quote; end++) {
		char next = end + 1 < reader->text.len ? reader->text.ptr[end + 1] : 0;
		if (reader->text.ptr[end] == '\\' && (next == '\'' || next == '"' || next == '\\'))
			end++;                          /* any other backslash is one */
		buffer_byte(&plain, reader->text.ptr[end]);
	}
	if (end == reader->text.len)
		return refuse_character(reader, "a quote is not closed");
	take(reader, TOKEN_TEXT, end + 1 - reader->at);
	reader->token.text = plain.len ? buffer_slice(&plain) : S("");
	return true;
}

static bool read_number(struct insights_reader *reader)
{
	size_t bytes = 0;

	while (is_digit(peek(reader, bytes)))
		bytes++;
	if (peek(reader, bytes) == '.' && is_digit(peek(reader, bytes + 1)))
		for (bytes++; is_digit(peek(reader, bytes)); )
			bytes++;
	size_t unit = bytes;
	while (is_name(peek(reader, unit)))
		unit++;
	struct slice digits = slice_sub(reader->text, reader->at, bytes);
	take(reader, unit > bytes ? TOKEN_PERIOD : TOKEN_NUMBER, unit);
	if (!value_is_decimal(digits, &reader->token.number))
		return insights_token_unexpected(reader, "this number is too large");
	return unit == bytes
	    || insights_time_period(reader->token.number, slice_from(reader->token.text, bytes), &reader->token.period)
	    || insights_token_unexpected(reader, "neither a number nor a whole number of a unit of time; a name that begins with a "
	                                 "digit stands in backticks");
}

static bool read_sign(struct insights_reader *reader)
{
	static const char *const signs[] = { "!=", "<=", ">=", "=~", "|", ",", "(", ")", "[", "]", ".", "+", "-", "*", "/", "%",
	                                     "^", "!", "=", "<", ">" };
	for (size_t i = 0; i < COUNT(signs); i++)
		if (slice_has_prefix(slice_from(reader->text, reader->at), slice_of(signs[i]))) {
			take(reader, TOKEN_SIGN, strlen(signs[i]));
			return true;
		}
	return refuse_character(reader, "this character stands in quotes, or in a name in backticks");
}

bool insights_token_next(struct insights_reader *reader)
{
	reader->token_end = reader->token.span.to;
	skip_blanks(reader);
	int c = peek(reader, 0);
	if (c < 0) {
		take(reader, TOKEN_END, 0);
		return true;
	}
	if (c == '"' || c == '\'')
		return read_text(reader);
	if (is_digit(c))
		return read_number(reader);
	return is_name(c) || c == '`' ? read_name(reader) : read_sign(reader);
}

bool insights_token_begin(struct insights_reader *reader)
{
	size_t bad = 0;
	uint32_t code_point;

	if (utf8_length(reader->text) > INSIGHTS_CHARACTERS_MAX)
		return insights_token_refuse_whole(reader, (struct insights_span){ 0, reader->text.len },
		                                   "a query has 10,000 characters at most");
	while (bad < reader->text.len) {
		size_t bytes = utf8_decode(slice_from(reader->text, bad), &code_point);
		if (bytes == 0)
			return insights_token_refuse_whole(reader, (struct insights_span){ bad, bad + 1 }, "this is not UTF-8");
		bad += bytes;
	}
	return insights_token_next(reader);
}

bool insights_token_regex(struct insights_reader *reader, struct slice *body, struct insights_span *span)
{
	size_t from = reader->token.span.from, end = from + 1;
	struct buffer plain;

	assert(insights_token_is_sign(reader, "/"));
	buffer_init(&plain, reader->arena, reader->text.len + 1);
	for (; end < reader->text.len && reader->text.ptr[end] != '/' && reader->text.ptr[end] != '\n'; end++) {
		if (reader->text.ptr[end] == '\\' && end + 1 < reader->text.len) {
			end++;
			if (reader->text.ptr[end] != '/')
				buffer_byte(&plain, '\\');
		}
		buffer_byte(&plain, reader->text.ptr[end]);
	}
	if (end >= reader->text.len || reader->text.ptr[end] != '/')
		return insights_token_unexpected(reader, "a regular expression is not closed");
	*span = (struct insights_span){ from, end + 1 };
	*body = plain.len ? buffer_slice(&plain) : S("");
	reader->token.span = *span;
	reader->at = end + 1;
	if (is_name(peek(reader, 0)))
		return refuse_character(reader, "flags stand at the beginning of the expression, as in /(?i)x/");
	return insights_token_next(reader);
}

bool insights_token_next_name(struct insights_reader *reader)
{
	reader->token_end = reader->token.span.to;
	skip_blanks(reader);
	int c = peek(reader, 0);
	return is_name(c) || c == '`' ? read_name(reader) : insights_token_next(reader) && insights_token_unexpected(reader, "a name is expected here");
}

bool insights_token_is(const struct insights_reader *reader, const char *word)
{
	return reader->token.kind == TOKEN_NAME && !reader->token.is_quoted
	    && slice_equal_nocase(reader->token.text, slice_of(word));
}

bool insights_token_is_sign(const struct insights_reader *reader, const char *sign)
{
	return reader->token.kind == TOKEN_SIGN && slice_equal(reader->token.text, slice_of(sign));
}
