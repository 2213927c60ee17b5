/* detect/pattern_columns.c: columns are bound while the line is cut, so that a long line is read once.
 *
 * Columns before a `...` are bound as they come, those after it from a ring of the last ones cut. Source: Amazon
 * CloudWatch Logs User Guide, "Using filter patterns to match terms in space-delimited log events"; that the last column
 * takes the rest follows from its example `[w1=ERROR, w2]` on lines of seven words. */
#include "detect/pattern_columns.h"

#include "base/limits.h"

enum { TESTS_MAX = PATTERN_CHARACTERS_MAX / 4 + 1 };     /* "a=1," */

struct column_test {
	struct pattern_comparison comparison;
	bool                      begins_alternative;    /* && before ||: a list of lists */
};

struct column {
	struct slice              name;                  /* SLICE_NONE: it has none */
	const struct column_test *tests;
	size_t                    test_count;
};

struct pattern_columns {
	const struct column *columns;
	size_t               count;
	size_t               before;                     /* columns before the `...`, or all of them */
	bool                 has_gap;                    /* a `...` */
};

/* ---- reading ---- */

static bool read_name(struct pattern_reader *reader, struct slice *name)
{
	size_t start = reader->at;
	int c = pattern_reader_peek(reader);

	if ((c | 0x20) < 'a' || (c | 0x20) > 'z')
		return pattern_reader_unexpected(reader, "expected the name of a column, which begins with a letter");
	while (pattern_reader_is_alphanumeric(c) || c == '_' || c == '-') {
		reader->at++;
		c = pattern_reader_peek(reader);
	}
	*name = slice_sub(reader->text, start, reader->at - start);
	return true;
}

static bool ends_column(int c)
{
	return c < 0 || c == ',';
}

static bool read_test(struct pattern_reader *reader, struct column_test *test)
{
	size_t start = reader->at;

	if (!pattern_reader_comparison(reader, &test->comparison))
		return false;
	int c = pattern_reader_peek(reader);
	if (!ends_column(c) && !pattern_reader_is_blank(c) && c != '&' && c != '|')
		return pattern_reader_refuse_term(reader, reader->at, pattern_reader_character(reader, reader->at),
		                                  "a value with this character is written in quotes");
	pattern_reader_blanks(reader);
	return reader->regex_count <= PATTERN_REGEXES_MAX
	    || pattern_reader_refuse(reader, start, "a pattern has at most two regular expressions");
}

/* Behind the name: nothing, or tests that each repeat it. */
static bool read_tests(struct pattern_reader *reader, struct column *column)
{
	struct column_test tests[TESTS_MAX], *kept;
	bool begins_alternative = true;

	pattern_reader_blanks(reader);
	if (ends_column(pattern_reader_peek(reader)))
		return true;
	for (;;) {
		assert(column->test_count < TESTS_MAX);
		struct column_test *test = &tests[column->test_count++];
		*test = (struct column_test){ .begins_alternative = begins_alternative };
		if (!read_test(reader, test))
			return false;
		if (ends_column(pattern_reader_peek(reader)))
			break;
		begins_alternative = pattern_reader_take(reader, S("||"));
		if (!begins_alternative && !pattern_reader_take(reader, S("&&")))
			return pattern_reader_unexpected(reader, "expected a comma, && or ||");
		pattern_reader_blanks(reader);
		size_t start = reader->at;
		struct slice name;
		if (!read_name(reader, &name))
			return false;
		if (!slice_equal(name, column->name))
			return pattern_reader_refuse(reader, start, "the condition of a column names another");
		pattern_reader_blanks(reader);
	}
	column->tests = kept = arena_array(reader->arena, column->test_count, sizeof *kept);
	memcpy(kept, tests, column->test_count * sizeof *kept);
	return true;
}

/* AWS names a character that is in no pattern before anything else that is wrong. */
static bool check_characters(struct pattern_reader *reader)
{
	for (size_t at = 0; at < reader->end; at = pattern_reader_character(reader, at)) {
		char c = reader->text.ptr[at];
		if (c == '"' || c == '%') {
			do
				at++;
			while (at < reader->end && reader->text.ptr[at] != c);
		} else if (c & 0x80) {
			return pattern_reader_refuse_term(reader, at, pattern_reader_character(reader, at),
			                                  "this character is only part of a pattern in quotes");
		}
	}
	return true;
}

const struct pattern_columns *pattern_columns_compile(struct pattern_reader *reader)
{
	struct pattern_columns *pattern = arena_new(reader->arena, struct pattern_columns);
	size_t commas = 0;

	if (!check_characters(reader))
		return NULL;
	for (size_t i = 0; i < reader->end; i++)
		commas += reader->text.ptr[i] == ',';
	struct column *columns = arena_array(reader->arena, commas + 1, sizeof *columns);
	pattern->columns = columns;
	pattern_reader_blanks(reader);
	if (pattern_reader_peek(reader) < 0)
		return pattern;                          /* [] */
	do {
		pattern_reader_blanks(reader);
		size_t start = reader->at;
		if (pattern_reader_take(reader, S("..."))) {
			if (pattern->has_gap) {
				pattern_reader_refuse(reader, start, "a pattern has at most one ...");
				return NULL;
			}
			pattern->has_gap = true;
			pattern->before = pattern->count;
			pattern_reader_blanks(reader);
		} else {
			struct column *column = &columns[pattern->count++];
			if (!ends_column(pattern_reader_peek(reader))
			    && (!read_name(reader, &column->name) || !read_tests(reader, column)))
				return NULL;
		}
	} while (pattern_reader_take(reader, S(",")));
	if (pattern_reader_peek(reader) >= 0) {
		pattern_reader_unexpected(reader, "expected a comma");
		return NULL;
	}
	assert(pattern->count <= PATTERN_COLUMNS_MAX);
	if (!pattern->has_gap)
		pattern->before = pattern->count;
	return pattern;
}

/* ---- cutting a line ---- */

struct line {
	struct slice text;
	size_t       at;
	bool         no_bracket, no_quote;       /* none closes in the rest: looking again would be quadratic */
};

static bool cut_marked(struct line *line, char close, bool *none, struct slice *token)
{
	size_t len = *none ? SLICE_NPOS : slice_find_byte(slice_from(line->text, line->at + 1), close);

	*none = len == SLICE_NPOS;
	if (*none)
		return false;
	*token = slice_sub(line->text, line->at + 1, len);
	line->at += len + 2;
	return true;
}

/* *start is where the column begins in the line, its mark included. False at the end. */
static bool cut(struct line *line, struct slice *token, size_t *start)
{
	const char *text = line->text.ptr;

	while (line->at < line->text.len && pattern_reader_is_blank((unsigned char)text[line->at]))
		line->at++;
	*start = line->at;
	if (line->at == line->text.len)
		return false;
	if (text[line->at] == '[' && cut_marked(line, ']', &line->no_bracket, token))
		return true;
	if (text[line->at] == '"' && cut_marked(line, '"', &line->no_quote, token))
		return true;
	while (line->at < line->text.len && !pattern_reader_is_blank((unsigned char)text[line->at]))
		line->at++;
	*token = slice_sub(line->text, *start, line->at - *start);
	return true;
}

/* Binds each column of the pattern to its text; *total is how many the line has. False if it has too few. */
static bool bind(const struct pattern_columns *pattern, struct slice message, struct slice *bound, size_t *total)
{
	struct line line = { .text = message };
	size_t after = pattern->count - pattern->before, last_start = 0, start;
	struct slice token, ring[PATTERN_COLUMNS_MAX];

	for (*total = 0; cut(&line, &token, &start); ++*total) {
		if (*total < pattern->before) {
			bound[*total] = token;
			last_start = start;
		} else if (after > 0) {
			ring[(*total - pattern->before) % after] = token;
		}
	}
	if (*total < pattern->count)
		return false;
	for (size_t i = 0; i < after; i++)
		bound[pattern->before + i] = ring[(*total - pattern->before + i) % after];
	if (!pattern->has_gap && *total > pattern->count && pattern->count > 0)
		bound[pattern->count - 1] = slice_from(message, last_start);
	return true;
}

/* ---- evaluation ---- */

static bool test_holds(const struct column_test *test, struct slice text)
{
	const struct pattern_comparison *comparison = &test->comparison;
	double number;

	if (comparison->literal.kind == LITERAL_NUMBER)
		return pattern_literal_read_number(text, &number)
		    ? pattern_literal_compare(comparison->operator, number, comparison->literal.number)
		    : comparison->operator == PATTERN_NOT_EQUAL;
	return pattern_literal_equals(&comparison->literal, text) == (comparison->operator == PATTERN_EQUAL);
}

static bool column_holds(const struct column *column, struct slice text)
{
	bool holds = true;

	for (size_t i = 0; i < column->test_count; i++) {
		if (i > 0 && column->tests[i].begins_alternative) {
			if (holds)
				return true;
			holds = true;
		}
		holds = holds && test_holds(&column->tests[i], text);
	}
	return holds;
}

static bool match(const struct pattern_columns *pattern, struct slice message, struct slice *bound, size_t *total)
{
	if (!bind(pattern, message, bound, total))
		return false;
	for (size_t i = 0; i < pattern->count; i++)
		if (!column_holds(&pattern->columns[i], bound[i]))
			return false;
	return true;
}

bool pattern_columns_matches(const struct pattern_columns *pattern, struct slice message)
{
	struct slice bound[PATTERN_COLUMNS_MAX];
	size_t total;

	return match(pattern, message, bound, &total);
}

static struct pattern_value value_of(struct arena *arena, struct slice name, size_t position, struct slice text)
{
	return (struct pattern_value){
		.name = name.ptr ? arena_format(arena, "$%.*s", SLICE_ARG(name)) : arena_format(arena, "$%zu", position + 1),
		.text = text,
	};
}

size_t pattern_columns_extract(const struct pattern_columns *pattern, struct slice message, struct arena *arena,
                               struct pattern_value **values)
{
	struct slice bound[PATTERN_COLUMNS_MAX], token;
	struct line line = { .text = message };
	size_t total, start;

	if (!match(pattern, message, bound, &total))
		return 0;
	size_t gap = pattern->has_gap ? total - pattern->count : 0, count = pattern->count + gap;
	*values = arena_array(arena, count, sizeof **values);
	for (size_t i = 0; i < count && cut(&line, &token, &start); i++) {
		bool is_gap = i >= pattern->before && i < pattern->before + gap;
		size_t column = i < pattern->before ? i : i - gap;
		(*values)[i] = is_gap ? value_of(arena, SLICE_NONE, i, token)
		                      : value_of(arena, pattern->columns[column].name, i, bound[column]);
	}
	return count;
}
