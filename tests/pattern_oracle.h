/* tests/pattern_oracle.h: filter patterns read as plainly as they can be, to hold the compiled ones against.
 *
 * One recursive descent that decides while it reads the pattern, over a message that codec/json has made into a tree: no
 * compilation, no sharing, no lookup. For patterns that pattern_compile() has taken; regular expressions and number literals
 * have tests of their own, so their code is shared. */
#ifndef SPOOR_TESTS_PATTERN_ORACLE_H
#define SPOOR_TESTS_PATTERN_ORACLE_H

#include "codec/json.h"
#include "detect/pattern_literal.h"

struct oracle {
	struct arena      *arena;
	struct slice       text;         /* the rest of the pattern */
	const struct json *root;
	struct slice       message;
};

static void oracle_blanks(struct oracle *o)
{
	while (o->text.len > 0 && o->text.ptr[0] && strchr(" \t\n\v\f\r", o->text.ptr[0]))
		o->text = slice_from(o->text, 1);
}

static bool oracle_take(struct oracle *o, struct slice token)
{
	bool is_here = slice_has_prefix(o->text, token);

	o->text = slice_from(o->text, is_here ? token.len : 0);
	return is_here;
}

static struct slice oracle_run(struct oracle *o, const char *others)
{
	size_t len = 0;

	while (len < o->text.len && o->text.ptr[len] && (strchr("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", o->text.ptr[len])
	                                                  || strchr(others, o->text.ptr[len])))
		len++;
	struct slice run = slice_sub(o->text, 0, len);
	o->text = slice_from(o->text, len);
	return run;
}

static struct slice oracle_quoted(struct oracle *o)
{
	char *copy = arena_alloc(o->arena, o->text.len);
	size_t i = 1, len = 0;

	for (; o->text.ptr[i] != '"'; i++) {
		i += o->text.ptr[i] == '\\' && (o->text.ptr[i + 1] == '"' || o->text.ptr[i + 1] == '\\');
		copy[len++] = o->text.ptr[i];
	}
	o->text = slice_from(o->text, i + 1);
	return (struct slice){ copy, len };
}

static bool oracle_wild(struct slice pattern, struct slice text)
{
	bool before = pattern.len > 0 && pattern.ptr[0] == '*', after = pattern.len > 0 && pattern.ptr[pattern.len - 1] == '*';

	if (pattern.len == 1 && before)
		return true;
	pattern = slice_sub(pattern, before, pattern.len - before - after);
	for (size_t at = 0; at + pattern.len <= text.len; at++)
		if ((before || at == 0) && (after || at + pattern.len == text.len)
		    && memcmp(text.ptr + at, pattern.ptr ? pattern.ptr : "", pattern.len) == 0)
			return true;
	return false;
}

/* One operator and its literal, on a JSON node or on a column; a column is a string that may count as a number. */
static bool oracle_compare(struct oracle *o, enum json_kind kind, struct slice text, bool is_column)
{
	static const char *const operators[] = { "!=", "<=", ">=", "=", "<", ">" };
	size_t which = 0;
	double literal, number;
	bool equal;

	while (!oracle_take(o, slice_of(operators[which])))
		which++;
	oracle_blanks(o);
	char first = o->text.ptr[0];
	struct slice word;
	if (first == '%') {
		struct pattern_regex_fault fault;
		size_t len = slice_find_byte(slice_from(o->text, 1), '%');
		const struct pattern_regex *regex = pattern_regex_compile(o->arena, slice_sub(o->text, 1, len), &fault);
		o->text = slice_from(o->text, len + 2);
		equal = text.ptr && pattern_regex_finds(regex, text);
	} else {
		word = first == '"' ? oracle_quoted(o) : oracle_run(o, "_.*:/@+-");
		if (first != '"' && pattern_literal_read_number(word, &literal)) {
			bool is_number = kind == JSON_NUMBER || (is_column && pattern_literal_read_number(text, &number));
			if (kind == JSON_NUMBER && !is_column)
				pattern_literal_read_number(text, &number);
			if (is_number)
				return which == 0 ? number != literal : which == 1 ? number <= literal : which == 2 ? number >= literal
				     : which == 3 ? number == literal : which == 4 ? number < literal : number > literal;
			equal = !is_column && text.ptr && slice_equal(text, word);
		} else {
			equal = text.ptr && oracle_wild(word, text);
		}
	}
	return text.ptr && ((which == 3 && equal) || (which == 0 && !equal));
}

/* ---- JSON ---- */

struct oracle_step {
	char         kind;               /* n a name, i an index, m any member, e any element */
	struct slice name;
};

static size_t oracle_steps(struct oracle *o, struct oracle_step *steps)
{
	size_t count = 0;

	for (oracle_take(o, S("$")); o->text.len > 0 && (o->text.ptr[0] == '.' || o->text.ptr[0] == '['); count++) {
		oracle_take(o, S("."));
		if (oracle_take(o, S("*"))) {
			steps[count] = (struct oracle_step){ 'm', SLICE_NONE };
		} else if (!oracle_take(o, S("["))) {
			steps[count] = (struct oracle_step){ 'n', oracle_run(o, "_-") };
		} else if (o->text.ptr[0] == '\'' || o->text.ptr[0] == '"') {
			size_t len = slice_find_byte(slice_from(o->text, 1), o->text.ptr[0]);
			steps[count] = (struct oracle_step){ 'n', slice_sub(o->text, 1, len) };
			o->text = slice_from(o->text, len + 3);
		} else {
			bool any = oracle_take(o, S("*"));
			steps[count] = (struct oracle_step){ any ? 'e' : 'i', oracle_run(o, "") };
			oracle_take(o, S("]"));
		}
	}
	return count;
}

static void oracle_select(const struct json *node, const struct oracle_step *step, size_t count, const struct json **nodes, size_t *found)
{
	const struct json *last = NULL;
	uint64_t index = 0, wanted = UINT64_MAX;

	if (count == 0) {
		nodes[(*found)++] = node;
		return;
	}
	slice_to_u64(step->name, &wanted);
	for (const struct json *child = node->first; child; child = child->next, index++) {
		if (node->kind == JSON_OBJECT && step->kind == 'n' && slice_equal(child->key, step->name))
			last = child;
		if (node->kind == JSON_ARRAY && step->kind == 'i' && index == wanted)
			last = child;
		if (node->kind == (step->kind == 'm' ? JSON_OBJECT : JSON_ARRAY) && (step->kind == 'm' || step->kind == 'e'))
			oracle_select(child, step + 1, count - 1, nodes, found);
	}
	if (last)
		oracle_select(last, step + 1, count - 1, nodes, found);
}

static bool oracle_keyword(struct oracle *o, struct slice word)
{
	bool is_here = slice_has_prefix_nocase(o->text, word);

	o->text = slice_from(o->text, is_here ? word.len : 0);
	oracle_blanks(o);
	return is_here;
}

static bool oracle_condition(struct oracle *o)
{
	struct oracle_step *steps = arena_array(o->arena, o->text.len / 2 + 1, sizeof *steps);
	const struct json **nodes = arena_array(o->arena, o->message.len, sizeof(const struct json *));
	size_t step_count = oracle_steps(o, steps), count = 0;
	bool holds = false;

	oracle_select(o->root, steps, step_count, nodes, &count);
	oracle_blanks(o);
	if (oracle_keyword(o, S("NOT")))
		return oracle_keyword(o, S("EXISTS")) && count == 0;
	if (oracle_keyword(o, S("IS"))) {
		enum json_kind want = oracle_keyword(o, S("NULL")) ? JSON_NULL : oracle_keyword(o, S("TRUE")) ? JSON_TRUE
		                    : oracle_keyword(o, S("FALSE")) ? JSON_FALSE : JSON_OBJECT;
		for (size_t i = 0; i < count; i++)
			holds |= nodes[i]->kind == want;
		return holds;
	}
	struct slice start = o->text;
	for (size_t i = 0; i < count; i++) {
		struct slice text = nodes[i]->kind == JSON_STRING || nodes[i]->kind == JSON_NUMBER ? nodes[i]->text
		                  : nodes[i]->kind == JSON_TRUE ? S("true") : nodes[i]->kind == JSON_FALSE ? S("false") : SLICE_NONE;
		o->text = start;
		holds |= oracle_compare(o, nodes[i]->kind, text, false);
	}
	if (count == 0)
		oracle_compare(o, JSON_NULL, SLICE_NONE, false);
	return holds;
}

static bool oracle_or(struct oracle *o)
{
	bool any = false, more_or = true;

	while (more_or) {
		bool all = true, more_and = true;
		while (more_and) {
			bool one;
			oracle_blanks(o);
			if (oracle_take(o, S("("))) {
				one = oracle_or(o);
				oracle_take(o, S(")"));
			} else {
				one = oracle_condition(o);
			}
			all = all && one;
			oracle_blanks(o);
			more_and = oracle_take(o, S("&&"));
		}
		any = any || all;
		more_or = oracle_take(o, S("||"));
	}
	return any;
}

/* ---- columns ---- */

static bool oracle_is_blank(char c)
{
	return c && strchr(" \t\n\v\f\r", c);
}

static size_t oracle_cut(struct slice text, struct slice *columns, size_t *starts)
{
	size_t count = 0, at = 0;

	for (;;) {
		while (at < text.len && oracle_is_blank(text.ptr[at]))
			at++;
		if (at == text.len)
			return count;
		size_t end = at, len = SLICE_NPOS;
		if (text.ptr[at] == '[' || text.ptr[at] == '"')
			len = slice_find_byte(slice_from(text, at + 1), text.ptr[at] == '[' ? ']' : '"');
		while (end < text.len && !oracle_is_blank(text.ptr[end]))
			end++;
		starts[count] = at;
		columns[count++] = len == SLICE_NPOS ? slice_sub(text, at, end - at) : slice_sub(text, at + 1, len);
		at = len == SLICE_NPOS ? end : at + len + 2;
	}
}

/* The tests of one field of the pattern on one text; steps over them. */
static bool oracle_field(struct oracle *o, struct slice text)
{
	bool any = false, all = true;

	oracle_blanks(o);
	oracle_run(o, "_-");
	oracle_blanks(o);
	if (o->text.len == 0 || o->text.ptr[0] == ',')
		return true;
	for (;;) {
		bool one = oracle_compare(o, JSON_STRING, text, true);
		all = all && one;
		oracle_blanks(o);
		bool is_and = oracle_take(o, S("&&"));
		if (!is_and) {
			any = any || all;
			all = true;
			if (!oracle_take(o, S("||")))
				return any;
		}
		oracle_blanks(o);
		oracle_run(o, "_-");
		oracle_blanks(o);
	}
}

/* Reads the fields one by one; where a gap is, what is behind it is counted from the end, so first count them all. */
static bool oracle_columns(struct oracle *o)
{
	struct slice *columns = arena_array(o->arena, o->message.len, sizeof *columns), start = o->text;
	size_t *starts = arena_array(o->arena, o->message.len, sizeof *starts);
	size_t count = oracle_cut(o->message, columns, starts), fields = 0, gap = SLICE_NPOS;
	bool holds = true;

	oracle_blanks(o);
	if (o->text.len == 0)
		return true;
	do {
		oracle_blanks(o);
		if (oracle_take(o, S("..."))) {
			gap = fields;
			oracle_blanks(o);
		} else {
			oracle_field(o, S(""));
			fields++;
		}
	} while (oracle_take(o, S(",")));
	if (count < fields)
		return false;
	if (gap == SLICE_NPOS && count > fields)
		columns[fields - 1] = slice_from(o->message, starts[fields - 1]);
	o->text = start;
	size_t field = 0;
	do {
		oracle_blanks(o);
		if (oracle_take(o, S("..."))) {
			oracle_blanks(o);
			continue;
		}
		bool one = oracle_field(o, columns[gap != SLICE_NPOS && field >= gap ? count - fields + field : field]);
		holds = holds && one;
		field++;
	} while (oracle_take(o, S(",")));
	return holds;
}

/* ---- terms ---- */

static bool oracle_terms(struct oracle *o)
{
	bool all = true, any = false, has_other = false, has_optional = false;

	for (oracle_blanks(o); o->text.len > 0; oracle_blanks(o)) {
		bool optional = oracle_take(o, S("?")), excluded = !optional && oracle_take(o, S("-")), occurs;
		oracle_blanks(o);
		if (o->text.ptr[0] == '%') {
			struct pattern_regex_fault fault;
			size_t len = slice_find_byte(slice_from(o->text, 1), '%');
			occurs = pattern_regex_finds(pattern_regex_compile(o->arena, slice_sub(o->text, 1, len), &fault), o->message);
			o->text = slice_from(o->text, len + 2);
		} else {
			struct slice term = o->text.ptr[0] == '"' ? oracle_quoted(o) : oracle_run(o, "_");
			struct slice rest = term;
			while (rest.len > 0 && oracle_is_blank(rest.ptr[0]))
				rest = slice_from(rest, 1);
			occurs = rest.len == 0 || slice_find(o->message, term) != SLICE_NPOS;
		}
		has_optional |= optional;
		has_other |= !optional;
		any |= optional && occurs;
		all &= optional || occurs != excluded;
	}
	return has_other ? all : any || !has_optional;
}

/* *knows: false where the message's reader is stricter than JSON: half a surrogate pair, or very deep nesting. */
static bool oracle_matches(struct arena *arena, struct slice pattern, struct slice message, bool *knows)
{
	static const struct json_limits limits = { .depth_max = 200, .nodes_max = 1 << 20, .allow_duplicate_keys = true };
	struct oracle o = { .arena = arena, .text = pattern, .message = message };
	struct error err = {0};

	*knows = true;
	oracle_blanks(&o);
	while (o.text.len > 0 && oracle_is_blank(o.text.ptr[o.text.len - 1]))
		o.text.len--;
	if (o.text.len > 0 && (o.text.ptr[0] == '{' || o.text.ptr[0] == '[')) {
		bool is_json = o.text.ptr[0] == '{';
		o.text = slice_sub(o.text, 1, o.text.len - 2);
		if (!is_json)
			return oracle_columns(&o);
		o.root = json_parse(arena, message, &limits, &err);
		*knows = o.root || (err.kind != ERR_LIMIT && !strstr(err.message, "surrogate"));
		return o.root && (o.root->kind == JSON_OBJECT || o.root->kind == JSON_ARRAY) && oracle_or(&o);
	}
	return oracle_terms(&o);
}

#endif
