/* detect/pattern_text.c: terms one after the other. */
#include "detect/pattern_text.h"

enum term_role { TERM_REQUIRED, TERM_OPTIONAL, TERM_EXCLUDED };

struct term {
	enum term_role              role;
	struct slice                text;
	const struct pattern_regex *regex;       /* or NULL */
	struct term                *next;
};

struct pattern_text {
	struct term *first;
	bool         only_optional;
};

static bool is_word(int c)
{
	return pattern_reader_is_alphanumeric(c) || c == '_';
}

static bool is_blank_text(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!pattern_reader_is_blank((unsigned char)text.ptr[i]))
			return false;
	return true;
}

static bool read_term(struct pattern_reader *reader, struct term *term)
{
	size_t start = reader->at;
	int c = pattern_reader_peek(reader);

	if (c == '"') {
		if (!pattern_reader_quoted(reader, &term->text))
			return false;
		if (is_blank_text(term->text))
			term->text = S("");
	} else if (c == '%') {
		if (!pattern_reader_regex(reader, &term->regex))
			return false;
	} else {
		while (is_word(pattern_reader_peek(reader)))
			reader->at++;
		term->text = slice_sub(reader->text, start, reader->at - start);
	}
	c = pattern_reader_peek(reader);
	if (c >= 0 && !pattern_reader_is_blank(c))
		return pattern_reader_refuse_term(reader, reader->at, pattern_reader_character(reader, reader->at),
		                                  "a term with other characters than letters, digits and _ is written in quotes");
	return reader->at > start || pattern_reader_refuse(reader, start, "expected a term");
}

const struct pattern_text *pattern_text_compile(struct pattern_reader *reader)
{
	struct pattern_text *pattern = arena_new(reader->arena, struct pattern_text);
	struct term **tail = &pattern->first;

	pattern->only_optional = true;
	for (;;) {
		pattern_reader_blanks(reader);
		if (pattern_reader_peek(reader) < 0)
			break;
		struct term *term = arena_new(reader->arena, struct term);
		if (pattern_reader_take(reader, S("?")))
			term->role = TERM_OPTIONAL;
		else if (pattern_reader_take(reader, S("-"))) {
			term->role = TERM_EXCLUDED;
			pattern_reader_blanks(reader);
		}
		if (!read_term(reader, term))
			return NULL;
		pattern->only_optional &= term->role == TERM_OPTIONAL;
		*tail = term;
		tail = &term->next;
	}
	return pattern;
}

static bool term_occurs(const struct term *term, struct slice message)
{
	return term->regex ? pattern_regex_finds(term->regex, message) : slice_find(message, term->text) != SLICE_NPOS;
}

bool pattern_text_matches(const struct pattern_text *pattern, struct slice message)
{
	if (pattern->only_optional) {
		for (const struct term *term = pattern->first; term; term = term->next)
			if (term_occurs(term, message))
				return true;
		return pattern->first == NULL;           /* no term at all: every message */
	}
	for (const struct term *term = pattern->first; term; term = term->next)
		if (term->role != TERM_OPTIONAL && term_occurs(term, message) != (term->role == TERM_REQUIRED))
			return false;
	return true;
}

size_t pattern_text_needs(const struct pattern_text *pattern, struct slice *texts, size_t texts_max)
{
	size_t count = 0;

	for (const struct term *term = pattern->first; term; term = term->next) {
		bool is_known = !term->regex && term->text.len > 0;
		if (pattern->only_optional && (!is_known || count == texts_max))
			return 0;                        /* one of them is enough, and this one may be it */
		if (pattern->only_optional)
			texts[count++] = term->text;
		else if (term->role == TERM_REQUIRED && is_known && (count == 0 || term->text.len > texts[0].len) && texts_max > 0)
			texts[(count = 1) - 1] = term->text;
	}
	return count;
}
