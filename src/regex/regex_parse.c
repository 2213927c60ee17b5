/* regex/regex_parse.c: the text of a regular expression to a tree. */
#include "regex/regex_parse.h"

#include "base/limits.h"
#include "codec/utf8.h"
#include "regex/regex_set.h"

struct flags {
	bool folds_case, is_multiline, dot_takes_all, is_lazy;
};

struct parser {
	struct arena       *arena;
	struct slice        text;
	size_t              at, depth;
	struct flags        flags;
	struct regex_tree  *tree;
	struct regex_fault *fault;
};

static bool parse_choice(struct parser *p, struct regex_node **result);

static bool wrong(struct parser *p, size_t from, size_t to, const char *reason)
{
	*p->fault = (struct regex_fault){ from, to < p->text.len ? to : p->text.len, reason };
	return false;
}

static int peek(const struct parser *p, size_t ahead)
{
	return p->at + ahead < p->text.len ? (unsigned char)p->text.ptr[p->at + ahead] : -1;
}

static bool starts(const struct parser *p, struct slice what)
{
	return slice_has_prefix(slice_from(p->text, p->at), what);
}

static struct regex_node *node(struct parser *p, enum regex_node_kind kind)
{
	struct regex_node *made = arena_new(p->arena, struct regex_node);

	made->kind = kind;
	return made;
}

static struct regex_node *assertion(struct parser *p, enum regex_assertion what)
{
	struct regex_node *made = node(p, NODE_ASSERT);

	made->assertion = what;
	return made;
}

static void make_set(struct parser *p, struct regex_set set, bool is_inverted, struct regex_node **result)
{
	*result = node(p, NODE_SET);
	if (p->flags.folds_case)
		regex_set_fold(&set, p->arena);
	if (is_inverted)
		regex_set_invert(&set);
	regex_set_settle(&set);
	(*result)->set = set;
}

static int hex_digit(int c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* Behind \x: two digits, or any number in braces. */
static bool read_hex(struct parser *p, size_t from, uint32_t *code_point)
{
	bool has_braces = peek(p, 0) == '{';
	size_t count = 0;

	*code_point = 0;
	for (p->at += has_braces; hex_digit(peek(p, 0)) >= 0 && count < (has_braces ? 6 : 2); p->at++, count++)
		*code_point = *code_point * 16 + (uint32_t)hex_digit(peek(p, 0));
	bool is_closed = has_braces ? peek(p, 0) == '}' && count > 0 : count == 2;
	p->at += has_braces && is_closed;
	return (is_closed && *code_point <= 0x10ffff) || wrong(p, from, p->at, "\\x takes two hexadecimal digits, or some in braces");
}

/* At a backslash that names one character. */
static bool read_escaped(struct parser *p, uint32_t *code_point)
{
	static const char letters[] = "aftnrv", values[] = "\a\f\t\n\r\v";
	size_t from = p->at++;
	int c = peek(p, 0);
	const char *letter = c > 0 ? strchr(letters, c) : NULL;

	p->at++;
	if (letter) {
		*code_point = (uint32_t)values[letter - letters];
		return true;
	}
	if (c == 'x')
		return read_hex(p, from, code_point);
	if (c == '0' && !(peek(p, 0) >= '0' && peek(p, 0) <= '9')) {
		*code_point = 0;
		return true;
	}
	if (c < 0)
		return wrong(p, from, from + 1, "a backslash escapes nothing");
	if (c >= '1' && c <= '9')
		return wrong(p, from, p->at, "an expression cannot refer back to a group");
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 128)
		return wrong(p, from, p->at, "this escape is not known");
	*code_point = (uint32_t)c;
	return true;
}

static bool read_character(struct parser *p, uint32_t *code_point)
{
	size_t bytes = utf8_decode(slice_from(p->text, p->at), code_point);

	if (bytes == 0)
		return wrong(p, p->at, p->at + 1, "this is not UTF-8");
	p->at += bytes;
	return true;
}

/* ---- [...] ---- */

/* A class within brackets, \d or [:alpha:]. *is_class: there was one. */
static bool read_class(struct parser *p, struct regex_set *set, bool *is_class)
{
	struct regex_set class;
	size_t from = p->at;

	*is_class = true;
	if (starts(p, S("[:"))) {
		size_t end = slice_find(slice_from(p->text, p->at), S(":]"));
		if (end == SLICE_NPOS || !regex_set_of_name(p->arena, slice_sub(p->text, p->at + 2, end - 2), &class))
			return wrong(p, from, from + 2, "no class of characters has this name");
		p->at += end + 2;
	} else if (peek(p, 0) == '\\' && regex_set_of_letter(p->arena, peek(p, 1), &class)) {
		p->at += 2;
	} else {
		*is_class = false;
		return true;
	}
	return regex_set_join(set, p->arena, &class) || wrong(p, from, p->at, "this class cannot be with others in brackets");
}

static bool read_member(struct parser *p, uint32_t *code_point)
{
	return peek(p, 0) == '\\' ? read_escaped(p, code_point) : read_character(p, code_point);
}

static bool read_brackets(struct parser *p, struct regex_node **result)
{
	struct regex_set set = { .ranges = NULL };
	size_t start = p->at++, first;
	bool is_negated = peek(p, 0) == '^', is_class;

	p->at += is_negated;
	for (first = p->at; peek(p, 0) != ']' || p->at == first; ) {
		size_t from_at = p->at;
		uint32_t from, to;
		if (peek(p, 0) < 0)
			return wrong(p, start, start + 1, "a [ is not closed");
		if (!read_class(p, &set, &is_class))
			return false;
		if (is_class)
			continue;
		if (!read_member(p, &from))
			return false;
		to = from;
		if (peek(p, 0) == '-' && peek(p, 1) >= 0 && peek(p, 1) != ']') {
			p->at++;
			if (!read_member(p, &to))
				return false;
		}
		if (to < from)
			return wrong(p, from_at, p->at, "a range goes from one character to a later one");
		regex_set_add(&set, p->arena, from, to);
	}
	p->at++;
	make_set(p, set, is_negated, result);
	return true;
}

/* ---- groups ---- */

static bool read_group_name(struct parser *p, size_t start, struct slice *name)
{
	size_t end = slice_find_byte(slice_from(p->text, p->at), '>');

	*name = slice_sub(p->text, p->at, end == SLICE_NPOS ? 0 : end);
	for (size_t i = 0; i < name->len; i++) {
		char c = name->ptr[i];
		bool is_fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@' || (c >= '0' && c <= '9');
		if (!is_fine)
			return wrong(p, start, p->at + end, "a group's name has letters, digits and _");
	}
	if (name->len == 0)
		return wrong(p, start, p->at, "a group's name stands between < and >");
	for (size_t i = 0; i < p->tree->group_count; i++)
		if (slice_equal(p->tree->names[i], *name))
			return wrong(p, start, p->at + end, "two groups have the same name");
	if (p->tree->group_count == REGEX_GROUPS_MAX)
		return wrong(p, start, p->at + end, "there are too many groups");
	p->at += end + 1;
	return true;
}

/* Behind (? : flags up to a colon or the closing parenthesis. *is_group: something follows that they are for. */
static bool read_flags(struct parser *p, size_t start, bool *is_group)
{
	bool is_on = true;

	for (;; p->at++) {
		switch (peek(p, 0)) {
		case 'i': p->flags.folds_case = is_on; break;
		case 'm': p->flags.is_multiline = is_on; break;
		case 's': p->flags.dot_takes_all = is_on; break;
		case 'U': p->flags.is_lazy = is_on; break;
		case '-': is_on = false; break;
		case ':':
		case ')':
			*is_group = peek(p, 0) == ':';
			p->at++;
			return true;
		default:
			return wrong(p, start, p->at + 1, "behind (? are flags, a name or a colon; nothing looks ahead or behind");
		}
	}
}

/* At the opening parenthesis. */
static bool read_group(struct parser *p, struct regex_node **result)
{
	size_t start = p->at++;
	struct flags outside = p->flags;
	bool is_group = true;
	struct slice name;

	*result = node(p, NODE_NOTHING);
	if (starts(p, S("?<=")) || starts(p, S("?<!")))
		return wrong(p, start, p->at + 3, "an expression cannot look ahead or behind");
	if (starts(p, S("?<")) || starts(p, S("?P<"))) {
		p->at += starts(p, S("?<")) ? 2 : 3;
		if (!read_group_name(p, start, &name))
			return false;
		*result = node(p, NODE_GROUP);
		(*result)->group = p->tree->group_count;
		p->tree->names[p->tree->group_count++] = arena_copy(p->arena, name);
	} else if (starts(p, S("?"))) {
		p->at++;
		if (!read_flags(p, start, &is_group))
			return false;
	}
	if (!is_group)
		return true;                    /* flags for the rest of the group that this is in */
	if (++p->depth > REGEX_DEPTH_MAX)
		return wrong(p, start, start + 1, "groups are too deep in each other");
	struct regex_node *inside;
	if (!parse_choice(p, &inside))
		return false;
	if (peek(p, 0) != ')')
		return wrong(p, start, start + 1, "a ( is not closed");
	p->at++;
	p->depth--;
	p->flags = outside;
	if ((*result)->kind == NODE_GROUP)
		(*result)->first = inside;
	else
		*result = inside;
	return true;
}

/* ---- atoms, repetitions, sequences ---- */

static bool read_backslash(struct parser *p, struct regex_node **result)
{
	struct regex_set set = { .ranges = NULL };
	uint32_t code_point;
	static const struct { char letter; enum regex_assertion assertion; } assertions[] = {
		{ 'b', ASSERT_WORD }, { 'B', ASSERT_NO_WORD }, { 'A', ASSERT_TEXT_START }, { 'z', ASSERT_TEXT_END },
	};

	for (size_t i = 0; i < COUNT(assertions); i++)
		if (peek(p, 1) == assertions[i].letter) {
			p->at += 2;
			*result = assertion(p, assertions[i].assertion);
			return true;
		}
	if (regex_set_of_letter(p->arena, peek(p, 1), &set)) {
		p->at += 2;
		*result = node(p, NODE_SET);
		(*result)->set = set;           /* both cases are in it already */
		return true;
	}
	if (!read_escaped(p, &code_point))
		return false;
	regex_set_add(&set, p->arena, code_point, code_point);
	make_set(p, set, false, result);
	return true;
}

static bool read_atom(struct parser *p, struct regex_node **result)
{
	struct regex_set set = { .ranges = NULL };
	size_t from = p->at;
	uint32_t code_point;

	switch (peek(p, 0)) {
	case '(':
		return read_group(p, result);
	case '[':
		return read_brackets(p, result);
	case '\\':
		return read_backslash(p, result);
	case '^':
		p->at++;
		*result = assertion(p, p->flags.is_multiline ? ASSERT_LINE_START : ASSERT_TEXT_START);
		return true;
	case '$':
		p->at++;
		*result = assertion(p, p->flags.is_multiline ? ASSERT_LINE_END : ASSERT_TEXT_END);
		return true;
	case '.':
		p->at++;
		if (!p->flags.dot_takes_all)
			regex_set_add(&set, p->arena, '\n', '\n');
		make_set(p, set, true, result);
		return true;
	case '*':
	case '+':
	case '?':
		return wrong(p, from, from + 1, "there is nothing to its left that could be repeated");
	default:
		if (!read_character(p, &code_point))
			return false;
		regex_set_add(&set, p->arena, code_point, code_point);
		make_set(p, set, false, result);
		return true;
	}
}

static bool read_count(struct parser *p, size_t *at, uint32_t *count)
{
	size_t from = *at;

	for (*count = 0; *at < p->text.len && p->text.ptr[*at] >= '0' && p->text.ptr[*at] <= '9'; ++*at)
		if (*count <= REGEX_REPEAT_MAX)
			*count = *count * 10 + (uint32_t)(p->text.ptr[*at] - '0');
	return *at > from;
}

/* * + ? {m} {m,} {m,n}. *is_one: there is one. A { that begins none is a character, as in RE2. */
static bool read_repeat(struct parser *p, uint32_t *min, uint32_t *max, bool *is_one)
{
	int c = peek(p, 0);
	size_t at = p->at + 1;

	*is_one = c == '*' || c == '+' || c == '?';
	*min = c == '+';
	*max = c == '?' ? 1 : REGEX_UNBOUNDED;
	if (c == '{' && read_count(p, &at, min)) {
		*max = *min;
		if (at < p->text.len && p->text.ptr[at] == ',') {
			at++;
			if (!read_count(p, &at, max))
				*max = REGEX_UNBOUNDED;
		}
		*is_one = at < p->text.len && p->text.ptr[at] == '}';
		at++;
		if (*is_one && (*min > REGEX_REPEAT_MAX || (*max != REGEX_UNBOUNDED && (*max > REGEX_REPEAT_MAX || *max < *min))))
			return wrong(p, p->at, at, "a repetition is {m}, {m,} or {m,n}, 1,000 at most");
	}
	if (*is_one)
		p->at = at;
	return true;
}

static bool read_item(struct parser *p, struct regex_node **result)
{
	uint32_t min, max;
	bool is_repeated;

	if (starts(p, S("\\Q"))) {
		size_t end = slice_find(slice_from(p->text, p->at), S("\\E"));
		size_t to = end == SLICE_NPOS ? p->text.len : p->at + end;
		struct regex_node *quoted = node(p, NODE_SEQUENCE), **last = &quoted->first;
		for (p->at += 2; p->at < to; last = &(*last)->next) {
			struct regex_set set = { .ranges = NULL };
			uint32_t code_point;
			if (!read_character(p, &code_point))
				return false;
			regex_set_add(&set, p->arena, code_point, code_point);
			make_set(p, set, false, last);
		}
		p->at = to + (end == SLICE_NPOS ? 0 : 2);
		*result = quoted;
		return true;
	}
	if (!read_atom(p, result))
		return false;
	size_t at = p->at;
	if (!read_repeat(p, &min, &max, &is_repeated))
		return false;
	if (!is_repeated)
		return true;
	struct regex_node *repeat = node(p, NODE_REPEAT);
	bool is_question = peek(p, 0) == '?';
	p->at += is_question;
	*repeat = (struct regex_node){ .kind = NODE_REPEAT, .first = *result, .min = min, .max = max,
	                               .is_lazy = is_question != p->flags.is_lazy };
	*result = repeat;
	int c = peek(p, 0);
	return (c != '*' && c != '+' && c != '?') || wrong(p, at, p->at + 1, "one repetition follows another");
}

static bool parse_sequence(struct parser *p, struct regex_node **result)
{
	*result = node(p, NODE_SEQUENCE);
	for (struct regex_node **last = &(*result)->first; peek(p, 0) >= 0 && peek(p, 0) != '|' && peek(p, 0) != ')';
	     last = &(*last)->next)
		if (!read_item(p, last))
			return false;
	return true;
}

static bool parse_choice(struct parser *p, struct regex_node **result)
{
	struct regex_node *choice = node(p, NODE_CHOICE), **last = &choice->first;

	for (;; last = &(*last)->next, p->at++) {
		if (!parse_sequence(p, last))
			return false;
		if (peek(p, 0) != '|')
			break;
	}
	*result = choice->first->next ? choice : choice->first;
	return true;
}

bool regex_parse(struct arena *arena, struct slice body, struct regex_tree *tree, struct regex_fault *fault)
{
	struct parser p = { .arena = arena, .text = body, .tree = tree, .fault = fault };

	*tree = (struct regex_tree){ .names = arena_array(arena, REGEX_GROUPS_MAX, sizeof *tree->names) };
	if (body.len > REGEX_BYTES_MAX)
		return wrong(&p, REGEX_BYTES_MAX, body.len, "the regular expression is too long");
	if (!parse_choice(&p, &tree->root))
		return false;
	return p.at == body.len || wrong(&p, p.at, p.at + 1, "a ) closes nothing");
}
