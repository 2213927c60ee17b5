/* detect/pattern_json.c: the grammar of JSON patterns, and when a condition holds.
 *
 *     expression = conjunction { "||" conjunction }        conjunction = primary { "&&" primary }
 *     primary    = "(" expression ")" | selector test
 *     test       = operator literal | "IS" ( "NULL" | "TRUE" | "FALSE" ) | "NOT" "EXISTS"
 *     selector   = "$" step { step }
 *     step       = "." name | "." "*" | [ "." ] "[" ( index | "*" | 'text' | "text" ) "]"
 *
 * Source: Amazon CloudWatch Logs User Guide, "Using filter patterns to match terms in JSON log events". */
#include "detect/pattern_json.h"

#include "base/limits.h"

enum {
	CONDITIONS_MAX = PATTERN_CHARACTERS_MAX / 7 + 1,     /* "$.a=1||" */
	STEPS_MAX      = PATTERN_CHARACTERS_MAX / 2,         /* ".a" */
};

struct parser {
	struct pattern_reader         *reader;
	struct pattern_condition       conditions[CONDITIONS_MAX];
	const struct pattern_selector *selectors[CONDITIONS_MAX];
	size_t                         condition_count, selector_count, wildcard_count, depth;
};

/* ---- selectors ---- */

static bool is_name(int c)
{
	return pattern_reader_is_alphanumeric(c) || c == '_' || c == '-';
}

/* What is wrong with a selector is told with all of it up to the wrong character, as AWS does: '$."'. */
static bool bad_selector(struct pattern_reader *reader, size_t start, const char *reason)
{
	if (pattern_reader_peek(reader) < 0)
		return pattern_reader_refuse(reader, reader->at, reason);
	return pattern_reader_refuse_term(reader, start, pattern_reader_character(reader, reader->at), reason);
}

/* Behind the opening bracket. */
static bool read_bracket(struct pattern_reader *reader, size_t start, struct pattern_step *step)
{
	int c = pattern_reader_peek(reader);
	size_t from = reader->at;

	if (c == '\'' || c == '"') {
		size_t len = slice_find_byte(slice_sub(reader->text, from + 1, reader->end - from - 1), (char)c);
		if (len == SLICE_NPOS)
			return pattern_reader_refuse(reader, from, "a quote is not closed");
		*step = (struct pattern_step){ .kind = STEP_NAME, .name = slice_sub(reader->text, from + 1, len) };
		reader->at += len + 2;
	} else if (c == '*') {
		*step = (struct pattern_step){ .kind = STEP_ANY_ELEMENT };
		reader->at++;
	} else {
		while (pattern_reader_peek(reader) >= '0' && pattern_reader_peek(reader) <= '9')
			reader->at++;
		*step = (struct pattern_step){ .kind = STEP_INDEX };
		if (reader->at == from)
			return bad_selector(reader, start, "in brackets stands an index, *, or a name in quotes");
		if (!slice_to_u64(slice_sub(reader->text, from, reader->at - from), &step->index))
			step->index = UINT64_MAX;            /* no array is that long */
	}
	return pattern_reader_take(reader, S("]")) || bad_selector(reader, start, "a bracket of a selector is not closed");
}

static bool read_step(struct pattern_reader *reader, size_t start, struct pattern_step *step)
{
	bool has_dot = pattern_reader_take(reader, S("."));
	size_t from = reader->at;

	if (pattern_reader_take(reader, S("[")))
		return read_bracket(reader, start, step);
	if (has_dot && pattern_reader_take(reader, S("*"))) {
		*step = (struct pattern_step){ .kind = STEP_ANY_MEMBER };
		return true;
	}
	while (has_dot && is_name(pattern_reader_peek(reader)))
		reader->at++;
	*step = (struct pattern_step){ .kind = STEP_NAME, .name = slice_sub(reader->text, from, reader->at - from) };
	return reader->at > from
	    || bad_selector(reader, start, "a selector goes on with .name or [index]; other names are written ['name']");
}

static bool is_wildcard(const struct pattern_step *step)
{
	return step->kind == STEP_ANY_MEMBER || step->kind == STEP_ANY_ELEMENT;
}

static const struct pattern_selector *read_selector(struct pattern_reader *reader, size_t *wildcards)
{
	struct pattern_selector *selector = arena_new(reader->arena, struct pattern_selector);
	struct pattern_step steps[STEPS_MAX], *kept;
	size_t start = reader->at;

	if (!pattern_reader_take(reader, S("$"))) {
		pattern_reader_unexpected(reader, "expected a selector such as $.eventName");
		return NULL;
	}
	*wildcards = 0;
	do {
		assert(selector->count < STEPS_MAX);
		struct pattern_step *step = &steps[selector->count++];
		if (!read_step(reader, start, step))
			return NULL;
		*wildcards += is_wildcard(step);
	} while (pattern_reader_peek(reader) == '.' || pattern_reader_peek(reader) == '[');
	if (*wildcards > 1) {
		pattern_reader_refuse(reader, start, "a selector has at most one wildcard");
		return NULL;
	}
	selector->text = slice_sub(reader->text, start, reader->at - start);
	selector->steps = kept = arena_array(reader->arena, selector->count, sizeof *kept);
	memcpy(kept, steps, selector->count * sizeof *kept);
	return selector;
}

const struct pattern_selector *pattern_json_selector(struct pattern_reader *reader)
{
	size_t wildcards;
	const struct pattern_selector *selector = read_selector(reader, &wildcards);

	if (selector && pattern_reader_peek(reader) >= 0) {
		pattern_reader_unexpected(reader, "expected nothing after the selector");
		return NULL;
	}
	return selector;
}

/* ---- expressions ---- */

static bool add_selector(struct parser *p, size_t *index)
{
	size_t wildcards, start = p->reader->at;
	const struct pattern_selector *selector = read_selector(p->reader, &wildcards);

	if (!selector)
		return false;
	p->wildcard_count += wildcards;
	if (p->wildcard_count > PATTERN_WILDCARDS_MAX)
		return pattern_reader_refuse(p->reader, start, "at most three selectors of a pattern have wildcards");
	for (*index = 0; *index < p->selector_count; ++*index)
		if (pattern_selector_equals(p->selectors[*index], selector))
			return true;
	p->selectors[p->selector_count++] = selector;
	return true;
}

/* Keywords are documented in capitals; any case is taken. Steps over it and the blanks behind it. */
static bool take_keyword(struct pattern_reader *reader, struct slice keyword)
{
	size_t end = reader->at;

	while (end < reader->end && pattern_reader_is_alphanumeric((unsigned char)reader->text.ptr[end]))
		end++;
	if (!slice_equal_nocase(slice_sub(reader->text, reader->at, end - reader->at), keyword))
		return false;
	reader->at = end;
	pattern_reader_blanks(reader);
	return true;
}

static bool read_test(struct pattern_reader *reader, struct pattern_condition *condition)
{
	static const struct { struct slice word; enum condition_kind kind; } states[] = {
		{ S_INIT("NULL"), CONDITION_IS_NULL }, { S_INIT("TRUE"), CONDITION_IS_TRUE }, { S_INIT("FALSE"), CONDITION_IS_FALSE },
	};
	size_t start = reader->at;

	if (take_keyword(reader, S("NOT"))) {
		condition->kind = CONDITION_NOT_EXISTS;
		return take_keyword(reader, S("EXISTS")) || pattern_reader_unexpected(reader, "expected EXISTS after NOT");
	}
	if (take_keyword(reader, S("IS"))) {
		for (size_t i = 0; i < COUNT(states); i++)
			if (take_keyword(reader, states[i].word)) {
				condition->kind = states[i].kind;
				return true;
			}
		return pattern_reader_unexpected(reader, "expected NULL, TRUE or FALSE after IS");
	}
	if (take_keyword(reader, S("EXISTS")))
		return pattern_reader_refuse(reader, start, "there is only NOT EXISTS; `= *` is true of every value that exists");
	condition->kind = CONDITION_COMPARES;
	if (!pattern_reader_comparison(reader, &condition->comparison))
		return false;
	int c = pattern_reader_peek(reader);
	if (c >= 0 && !pattern_reader_is_blank(c) && !strchr(")&|", c))
		return pattern_reader_refuse_term(reader, reader->at, pattern_reader_character(reader, reader->at),
		                                  "a value with this character is written in quotes");
	return reader->regex_count <= PATTERN_REGEXES_MAX
	    || pattern_reader_refuse(reader, start, "a pattern has at most two regular expressions");
}

static struct pattern_expression *read_condition(struct parser *p)
{
	struct pattern_expression *expression = arena_new(p->reader->arena, struct pattern_expression);
	struct pattern_condition condition = { .kind = CONDITION_COMPARES };

	if (!add_selector(p, &condition.selector))
		return NULL;
	pattern_reader_blanks(p->reader);
	if (!read_test(p->reader, &condition))
		return NULL;
	assert(p->condition_count < CONDITIONS_MAX);
	expression->condition = p->condition_count;
	p->conditions[p->condition_count++] = condition;
	return expression;
}

static struct pattern_expression *read_parts(struct parser *p, enum expression_kind kind);

static struct pattern_expression *read_primary(struct parser *p)
{
	struct pattern_reader *reader = p->reader;
	struct pattern_expression *inner;

	pattern_reader_blanks(reader);
	size_t start = reader->at;
	if (!pattern_reader_take(reader, S("(")))
		return read_condition(p);
	if (++p->depth > PATTERN_DEPTH_MAX) {
		pattern_reader_refuse(reader, start, "parentheses are nested too deeply");
		return NULL;
	}
	inner = read_parts(p, EXPRESSION_OR);
	p->depth--;
	if (inner && !pattern_reader_take(reader, S(")"))) {
		pattern_reader_unexpected(reader, "expected ), && or ||");
		return NULL;
	}
	return inner;
}

/* An or of ands, or an and of primaries. Each part is in one list only; one alone is itself. */
static struct pattern_expression *read_parts(struct parser *p, enum expression_kind kind)
{
	struct pattern_reader *reader = p->reader;
	struct pattern_expression *whole = arena_new(reader->arena, struct pattern_expression), **tail = &whole->first;

	whole->kind = kind;
	do {
		struct pattern_expression *part = kind == EXPRESSION_OR ? read_parts(p, EXPRESSION_AND) : read_primary(p);
		if (!part)
			return NULL;
		*tail = part;
		tail = &part->next;
		pattern_reader_blanks(reader);
	} while (pattern_reader_take(reader, kind == EXPRESSION_OR ? S("||") : S("&&")));
	return whole->first->next ? whole : whole->first;
}

/* Conditions and selectors move from the parser's arrays, which have room for any pattern, to their own. */
static void keep(struct pattern_json *pattern, const struct parser *p, struct arena *arena)
{
	size_t condition_bytes = p->condition_count * sizeof *p->conditions;
	size_t selector_bytes = p->selector_count * sizeof *p->selectors;

	pattern->condition_count = p->condition_count;
	pattern->selector_count = p->selector_count;
	pattern->conditions = memcpy(arena_alloc(arena, condition_bytes), p->conditions, condition_bytes);
	pattern->selectors = memcpy(arena_alloc(arena, selector_bytes), p->selectors, selector_bytes);
}

const struct pattern_json *pattern_json_compile(struct pattern_reader *reader)
{
	struct pattern_json *pattern = arena_new(reader->arena, struct pattern_json);
	struct parser p = { .reader = reader };

	pattern->expression = read_parts(&p, EXPRESSION_OR);
	if (!pattern->expression)
		return NULL;
	if (pattern_reader_peek(reader) >= 0) {
		pattern_reader_unexpected(reader, "expected && or ||");
		return NULL;
	}
	keep(pattern, &p, reader->arena);
	pattern->fields = pattern_fields_compile(reader->arena, pattern->selectors, pattern->selector_count);
	return pattern;
}

/* ---- evaluation ---- */

static bool compares(const struct pattern_comparison *comparison, const struct pattern_field *field)
{
	const struct pattern_literal *literal = &comparison->literal;
	double number;

	if (field->kind == FIELD_NUMBER && literal->kind == LITERAL_NUMBER)
		return pattern_literal_read_number(field->text, &number)
		    && pattern_literal_compare(comparison->operator, number, literal->number);
	if (!field->text.ptr || comparison->operator > PATTERN_NOT_EQUAL)
		return false;
	return pattern_literal_equals(literal, field->text) == (comparison->operator == PATTERN_EQUAL);
}

bool pattern_json_holds(const struct pattern_condition *condition, const struct pattern_found *found)
{
	static const enum field_kind states[] = { [CONDITION_IS_NULL] = FIELD_NULL, [CONDITION_IS_TRUE] = FIELD_TRUE,
	                                          [CONDITION_IS_FALSE] = FIELD_FALSE };

	if (condition->kind == CONDITION_NOT_EXISTS)
		return found->count == 0;
	for (size_t i = 0; i < found->count; i++) {
		const struct pattern_field *field = &found->fields[i];
		if (condition->kind == CONDITION_COMPARES ? compares(&condition->comparison, field)
		                                          : field->kind == states[condition->kind])
			return true;
	}
	return false;
}

bool pattern_json_expression_holds(const struct pattern_condition *conditions, const struct pattern_expression *expression,
                                   const struct pattern_found *found)
{
	if (expression->kind == EXPRESSION_CONDITION) {
		const struct pattern_condition *condition = &conditions[expression->condition];
		return pattern_json_holds(condition, &found[condition->selector]);
	}
	bool decides = expression->kind == EXPRESSION_OR;
	for (const struct pattern_expression *part = expression->first; part; part = part->next)
		if (pattern_json_expression_holds(conditions, part, found) == decides)
			return decides;
	return !decides;
}

bool pattern_json_find(const struct pattern_json *pattern, struct slice message, struct arena *scratch,
                       struct pattern_found *found)
{
	struct json_index index = {0};
	struct pattern_record record;
	bool matches = pattern_record_open(&record, &index, message)
	            && pattern_fields_find(pattern->fields, &record, scratch, found)
	            && pattern_json_expression_holds(pattern->conditions, pattern->expression, found)
	            && pattern_record_is_json(&record, scratch);

	json_index_fini(&index);
	return matches;
}

bool pattern_json_matches(const struct pattern_json *pattern, struct slice message, struct arena *scratch)
{
	struct pattern_found *found = arena_array(scratch, pattern->selector_count, sizeof *found);

	return pattern_json_find(pattern, message, scratch, found);
}

struct slice pattern_json_value(const struct pattern_found *found)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->fields[i].text.ptr)
			return found->fields[i].text;
	return SLICE_NONE;
}
