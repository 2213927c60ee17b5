/* detect/pattern_regex.c: a row of bits, one a position; see the header for why.
 *
 * Bit i of the set says that everything before position i has been read. A character keeps the bits whose position takes
 * it and moves them on by one; a position that may be left out lets its bit flow on without a character, and so do ^ at the
 * start and $ at the end of the text. Each branch ends in a position that takes nothing: whoever gets there has matched. */
#include "detect/pattern_regex.h"

#include "base/limits.h"

enum {
	WORD_BITS  = 64,
	WORDS_MAX  = (PATTERN_REGEX_POSITIONS_MAX + WORD_BITS - 1) / WORD_BITS,
	SYMBOLS    = 129,                  /* ASCII, and one for every character beyond it */
	BEYOND     = 128,
	REPEAT_MAX = PATTERN_REGEX_POSITIONS_MAX,
	UNBOUNDED  = -1,
};

struct pattern_regex {
	size_t    positions;
	size_t    words;                   /* of each row, in use */
	uint64_t *takes;                   /* SYMBOLS rows: the positions that take this symbol */
	uint64_t *repeats;                 /* positions that may take another character like the last */
	uint64_t *flows, *flows_at_start, *flows_at_end, *flows_at_both;   /* positions that need no character, by place */
	uint64_t *begins;                  /* first positions of the branches and what flows from them, within the text */
	uint64_t *begins_at_start;
	uint64_t *ends;                    /* the position after the last of each branch */
	bool      has_flow;
};

struct class {
	uint64_t ascii[2];
	bool     beyond;
};

struct position {
	struct class takes;
	bool         repeats, is_optional, is_start, is_end, ends_branch, begins_branch;
};

struct parser {
	struct slice                text;
	size_t                      at;
	struct position             positions[PATTERN_REGEX_POSITIONS_MAX];
	size_t                      count;
	struct pattern_regex_fault *fault;
};

static bool wrong(struct parser *p, size_t from, size_t to, const char *reason)
{
	*p->fault = (struct pattern_regex_fault){ .from = from, .to = to, .reason = reason };
	return false;
}

static int peek(const struct parser *p)
{
	return p->at < p->text.len ? (unsigned char)p->text.ptr[p->at] : -1;
}

static bool is_operator(int c)
{
	return c > 0 && strchr("^$?[]{}|\\*+.", c);
}

static bool is_literal(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
	    || (c > 0 && strchr(":_#=@/;,- ", c));
}

/* ---- classes ---- */

static void class_add(struct class *class, int from, int to)
{
	for (int c = from; c <= to; c++)
		class->ascii[c / WORD_BITS] |= (uint64_t)1 << (c % WORD_BITS);
}

static void class_join(struct class *class, struct class other)
{
	class->ascii[0] |= other.ascii[0];
	class->ascii[1] |= other.ascii[1];
	class->beyond |= other.beyond;
}

static struct class class_invert(struct class class)
{
	return (struct class){ { ~class.ascii[0], ~class.ascii[1] }, !class.beyond };
}

static bool class_of_letter(int letter, struct class *class)
{
	*class = (struct class){ { 0, 0 }, false };
	switch (letter | 0x20) {
	case 'd':
		class_add(class, '0', '9');
		break;
	case 'w':
		class_add(class, '0', '9');
		class_add(class, 'A', 'Z');
		class_add(class, 'a', 'z');
		class_add(class, '_', '_');
		break;
	case 's':
		class_add(class, ' ', ' ');
		class_add(class, '\t', '\n');
		break;
	default:
		return false;
	}
	if (letter < 'a')
		*class = class_invert(*class);
	return true;
}

static int hex_digit(int c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* At the backslash. *single is the character, or -1 where it is a class of many. */
static bool read_escape(struct parser *p, struct class *class, int *single)
{
	size_t start = p->at++;
	int c = peek(p);

	*single = -1;
	if (class_of_letter(c, class)) {
		p->at++;
		return true;
	}
	if (c == 'x') {
		int high = p->at + 2 < p->text.len ? hex_digit((unsigned char)p->text.ptr[p->at + 1]) : -1;
		int low = high >= 0 ? hex_digit((unsigned char)p->text.ptr[p->at + 2]) : -1;
		if (low < 0 || high > 7)
			return wrong(p, start, p->at + 1, "\\x takes two hexadecimal digits, 00 to 7f");
		*single = high * 16 + low;
		p->at += 3;
	} else if (is_operator(c) || (is_literal(c) && strchr(":_#=@/;,- ", c))) {
		*single = c;
		p->at++;
	} else if (c < 0) {
		return wrong(p, start, start + 1, "a backslash escapes nothing");
	} else {
		return wrong(p, p->at, p->at + 1, "this character cannot be escaped; \\xhh reaches every one of ASCII");
	}
	class_add(class, *single, *single);
	return true;
}

/* One character or class of many inside of brackets. */
static bool read_member(struct parser *p, struct class *class, int *single)
{
	int c = peek(p);

	*class = (struct class){ { 0, 0 }, false };
	if (c == '\\')
		return read_escape(p, class, single);
	if (c == '[')
		return wrong(p, p->at, p->at + 1, "a [ inside of brackets is written \\[");
	if (!is_literal(c) && !is_operator(c))
		return wrong(p, p->at, p->at + 1, "this character is in no regular expression; \\xhh reaches every one of ASCII");
	*single = c;
	class_add(class, c, c);
	p->at++;
	return true;
}

/* At the opening bracket. */
static bool read_brackets(struct parser *p, struct class *class)
{
	size_t start = p->at++;
	bool is_negated = peek(p) == '^';

	*class = (struct class){ { 0, 0 }, false };
	p->at += is_negated;
	if (peek(p) == ']')
		return wrong(p, start, p->at + 1, "brackets with nothing in them");
	while (peek(p) != ']') {
		struct class member;
		size_t from_at = p->at;
		int from, to;
		if (peek(p) < 0)
			return wrong(p, start, start + 1, "a [ is not closed");
		if (!read_member(p, &member, &from))
			return false;
		bool is_range = peek(p) == '-' && p->at + 1 < p->text.len && p->text.ptr[p->at + 1] != ']';
		if (is_range) {
			p->at++;
			if (!read_member(p, &member, &to))
				return false;
			if (from < 0 || to < 0 || to < from)
				return wrong(p, from_at, p->at, "a range goes from one character to a later one");
			class_add(&member, from, to);
		}
		class_join(class, member);
	}
	p->at++;
	if (is_negated)
		*class = class_invert(*class);
	return true;
}

/* ---- the row of positions ---- */

static bool add_position(struct parser *p, struct position position)
{
	if (p->count == PATTERN_REGEX_POSITIONS_MAX)
		return wrong(p, 0, 0, "the regular expression is too large with its repetitions written out");
	p->positions[p->count++] = position;
	return true;
}

static bool read_count(struct parser *p, int *count)
{
	bool has_digits = false;

	for (*count = 0; peek(p) >= '0' && peek(p) <= '9'; p->at++) {
		has_digits = true;
		*count = *count * 10 + peek(p) - '0';
		if (*count > REPEAT_MAX)
			*count = REPEAT_MAX + 1;         /* add_position refuses it */
	}
	return has_digits;
}

/* {m} {m,} {,n} {m,n}, at the brace. */
static bool read_braces(struct parser *p, int *min, int *max)
{
	size_t start = p->at++;
	bool has_min = read_count(p, min), has_max = has_min;

	*max = *min;
	if (peek(p) == ',') {
		p->at++;
		has_max = read_count(p, max);
		if (has_min && !has_max)
			*max = UNBOUNDED;
	}
	if (peek(p) != '}' || (!has_min && !has_max) || (*max != UNBOUNDED && *max < *min))
		return wrong(p, start, start + 1, "a repetition is {m}, {m,}, {,n} or {m,n}");
	p->at++;
	return true;
}

static bool read_quantifier(struct parser *p, int *min, int *max)
{
	int c = peek(p);

	*min = c == '*' || c == '?' ? 0 : 1;
	*max = c == '*' || c == '+' ? UNBOUNDED : 1;
	if (c == '{') {
		if (!read_braces(p, min, max))
			return false;
	} else if (c == '*' || c == '+' || c == '?') {
		p->at++;
	} else {
		return true;
	}
	c = peek(p);
	return (c != '*' && c != '+' && c != '?' && c != '{')
	    || wrong(p, p->at, p->at + 1, "one quantifier follows another; there are no lazy ones");
}

static bool read_item(struct parser *p)
{
	struct class class = { { 0, 0 }, false };
	int c = peek(p), single, min, max;
	bool ok = true;

	if (c == '^' || c == '$') {
		p->at++;
		if (peek(p) > 0 && strchr("*+?{", peek(p)))
			return wrong(p, p->at, p->at + 1, "an anchor cannot be repeated");
		return add_position(p, (struct position){ .is_start = c == '^', .is_end = c == '$' });
	}
	if (c == '[')
		ok = read_brackets(p, &class);
	else if (c == '\\')
		ok = read_escape(p, &class, &single);
	else if (c == '.')
		class = class_invert(class);
	else if (is_literal(c))
		class_add(&class, c, c);
	else if (is_operator(c))
		return wrong(p, p->at, p->at + 1, "this operator has nothing to its left that it could apply to");
	else
		return wrong(p, p->at, p->at + 1, "this character is in no regular expression; \\xhh reaches every one of ASCII");
	if (ok && (c == '.' || is_literal(c)))
		p->at++;
	if (!ok || !read_quantifier(p, &min, &max))
		return false;
	for (int i = 0; ok && i < (max == UNBOUNDED ? min + (min == 0) : max); i++)
		ok = add_position(p, (struct position){ .takes = class, .is_optional = i >= min,
		                                        .repeats = max == UNBOUNDED && i + 1 >= min });
	return ok;
}

static bool read_branches(struct parser *p)
{
	for (;;) {
		size_t first = p->count, start = p->at;
		while (p->at < p->text.len && peek(p) != '|')
			if (!read_item(p))
				return false;
		if (p->at == start)
			return wrong(p, start, start, "a regular expression, or one of its branches, is empty");
		if (!add_position(p, (struct position){ .ends_branch = true }))
			return false;
		p->positions[first].begins_branch = true;
		if (p->at == p->text.len)
			return true;
		p->at++;                                 /* the bar */
	}
}

/* ---- sets of positions ---- */

/* Lets every bit flow on through positions that need no character. Six doublings cross a word; a bit that leaves it at
 * the top enters the next at the bottom. */
static void fill(uint64_t *set, const uint64_t *flows, size_t words)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < words; i++) {
		uint64_t bits = set[i] | carry, through = flows[i] << 1;
		bits |= through & (bits << 1);
		through &= through << 1;
		bits |= through & (bits << 2);
		through &= through << 2;
		bits |= through & (bits << 4);
		through &= through << 4;
		bits |= through & (bits << 8);
		through &= through << 8;
		bits |= through & (bits << 16);
		through &= through << 16;
		bits |= through & (bits << 32);
		set[i] = bits;
		carry = (bits & flows[i]) >> (WORD_BITS - 1);
	}
}

static bool meets(const uint64_t *a, const uint64_t *b, size_t words)
{
	uint64_t both = 0;

	for (size_t i = 0; i < words; i++)
		both |= a[i] & b[i];
	return both != 0;
}

static bool class_has(const struct class *class, int symbol)
{
	return symbol == BEYOND ? class->beyond : class->ascii[symbol / WORD_BITS] >> (symbol % WORD_BITS) & 1;
}

static struct pattern_regex *build(struct arena *arena, const struct parser *p)
{
	struct pattern_regex *regex = arena_new(arena, struct pattern_regex);
	size_t words = regex->words = (p->count + WORD_BITS - 1) / WORD_BITS;
	uint64_t *rows = arena_array(arena, (SYMBOLS + 8) * words, sizeof *rows);
	uint64_t **names[] = { &regex->repeats, &regex->flows, &regex->flows_at_start, &regex->flows_at_end,
	                       &regex->flows_at_both, &regex->begins, &regex->begins_at_start, &regex->ends };

	_Static_assert(COUNT(names) == 8, "a row each, behind those of the symbols");
	regex->positions = p->count;
	regex->takes = rows;
	for (size_t i = 0; i < COUNT(names); i++)
		*names[i] = rows + (SYMBOLS + i) * words;
	for (size_t i = 0; i < p->count; i++) {
		const struct position *position = &p->positions[i];
		size_t word = i / WORD_BITS;
		uint64_t bit = (uint64_t)1 << (i % WORD_BITS);
		for (int symbol = 0; symbol < SYMBOLS; symbol++)
			rows[(size_t)symbol * words + word] |= class_has(&position->takes, symbol) ? bit : 0;
		regex->repeats[word] |= position->repeats ? bit : 0;
		regex->flows[word] |= position->is_optional ? bit : 0;
		regex->flows_at_start[word] |= position->is_optional || position->is_start ? bit : 0;
		regex->flows_at_end[word] |= position->is_optional || position->is_end ? bit : 0;
		regex->flows_at_both[word] |= position->is_optional || position->is_start || position->is_end ? bit : 0;
		regex->begins[word] |= position->begins_branch ? bit : 0;
		regex->ends[word] |= position->ends_branch ? bit : 0;
		regex->has_flow |= position->is_optional;
	}
	memcpy(regex->begins_at_start, regex->begins, words * sizeof *rows);
	fill(regex->begins, regex->flows, words);
	fill(regex->begins_at_start, regex->flows_at_start, words);
	return regex;
}

const struct pattern_regex *pattern_regex_compile(struct arena *arena, struct slice body, struct pattern_regex_fault *fault)
{
	struct parser *p = xcalloc(1, sizeof *p);
	const struct pattern_regex *regex;

	p->text = body;
	p->fault = fault;
	regex = read_branches(p) ? build(arena, p) : NULL;
	free(p);
	return regex;
}

size_t pattern_regex_positions(const struct pattern_regex *regex)
{
	return regex->positions;
}

/* An expression of at most 64 positions: everything stays in registers. */
static bool finds_in_one_word(const struct pattern_regex *regex, struct slice text)
{
	uint64_t set = regex->begins_at_start[0], begins = regex->begins[0], ends = regex->ends[0];
	uint64_t repeats = regex->repeats[0], flows = regex->flows[0];

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if ((c & 0xC0) == 0x80)
			continue;                        /* the rest of a character */
		if (set & ends)
			return true;
		uint64_t taken = set & regex->takes[c < BEYOND ? c : BEYOND];
		if (taken == 0) {
			set = begins;
			continue;
		}
		set = taken << 1 | (taken & repeats);
		if (set & flows)
			fill(&set, &flows, 1);
		set |= begins;
	}
	fill(&set, text.len == 0 ? regex->flows_at_both : regex->flows_at_end, 1);
	return (set & ends) != 0;
}

bool pattern_regex_finds(const struct pattern_regex *regex, struct slice text)
{
	size_t words = regex->words;
	uint64_t set[WORDS_MAX];

	if (words == 1)
		return finds_in_one_word(regex, text);
	memcpy(set, regex->begins_at_start, words * sizeof *set);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if ((c & 0xC0) == 0x80)
			continue;
		if (meets(set, regex->ends, words))
			return true;
		const uint64_t *takes = regex->takes + (c < BEYOND ? c : BEYOND) * words;
		uint64_t carry = 0;
		for (size_t w = 0; w < words; w++) {
			uint64_t taken = set[w] & takes[w];
			set[w] = taken << 1 | carry | (taken & regex->repeats[w]);
			carry = taken >> (WORD_BITS - 1);
		}
		if (regex->has_flow)
			fill(set, regex->flows, words);
		for (size_t w = 0; w < words; w++)
			set[w] |= regex->begins[w];
	}
	fill(set, text.len == 0 ? regex->flows_at_both : regex->flows_at_end, words);
	return meets(set, regex->ends, words);
}
