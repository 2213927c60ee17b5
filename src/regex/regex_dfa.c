/* regex/regex_dfa.c: searches by the table of an expression. */
#include "regex/regex_dfa_table.h"

#include "codec/utf8.h"

enum regex_context regex_dfa_context(uint32_t code_point)
{
	uint32_t letter = code_point | 0x20;

	if (code_point == '\n')
		return CONTEXT_LINE;
	return (code_point >= '0' && code_point <= '9') || (letter >= 'a' && letter <= 'z') || code_point == '_' ? CONTEXT_WORD : CONTEXT_OTHER;
}

static uint8_t class_beyond_ascii(const struct regex_dfa *dfa, struct slice text, size_t *at)
{
	uint32_t code_point = 0xfffd;           /* a byte that is no UTF-8, as for regex_run.c */
	size_t bytes = utf8_decode(slice_from(text, *at), &code_point), low = 0, high = dfa->part_count;

	*at += bytes ? bytes : 1;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (dfa->parts[middle].from <= code_point)
			low = middle;
		else
			high = middle;
	}
	return dfa->parts[low].class;
}

bool regex_dfa_finds(const struct regex_dfa *dfa, struct slice text, size_t from)
{
	uint16_t state = dfa->starts[from > 0 ? regex_dfa_context((unsigned char)text.ptr[from - 1]) : CONTEXT_EDGE];

	for (size_t at = from; at < text.len && state > dfa->dead; ) {
		while (state == dfa->home && at < text.len && dfa->stays[(unsigned char)text.ptr[at]])
			at++;
		if (at == text.len)
			break;
		unsigned char byte = (unsigned char)text.ptr[at];
		uint8_t class = dfa->ascii[byte & 0x7f];
		if (byte < 128)
			at++;
		else
			class = class_beyond_ascii(dfa, text, &at);
		state = dfa->next[state + class];
	}
	if (state > dfa->dead)
		state = dfa->next[state + dfa->class_count];
	return state == REGEX_DFA_FOUND;
}
