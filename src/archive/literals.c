/* archive/literals.c: one pass over the text, whose place is kept from record to record. */
#include "archive/literals.h"

/* Not so what is always escaped, and not the question mark, which is what an escape that is none is read as. */
static bool is_searchable(struct slice text)
{
	if (text.len < LITERAL_BYTES_MIN || text.len > LITERAL_BYTES_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < 0x20 || strchr("\"\\?", text.ptr[i]))
			return false;
	return true;
}

bool literals_init(struct literals *literals, const struct slice *texts, size_t count)
{
	struct text_search *search = &literals->search;
	bool has_slash = false;

	*literals = (struct literals){ .count = count, .machine = text_search_fastest() };
	if (count == 0 || count > LITERALS_MAX)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!is_searchable(texts[i]))
			return false;
		for (size_t k = 0; k < texts[i].len; k++) {
			unsigned char byte = (unsigned char)texts[i].ptr[k];
			has_slash = has_slash || byte == '/';
			if (byte < 0x80)
				literals->is_escaped[byte] = true;
			else
				literals->has_others = true;
		}
		search->texts[search->count++] = texts[i];
	}
	search->texts[search->count++] = S("\\u");
	if (has_slash)
		search->texts[search->count++] = S("\\/");
	return true;
}

static unsigned hex_of(char c)
{
	return c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
	     : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10) : 16;
}

/* May the escape at `at` stand for a character of the texts? One that is cut or broken may. */
static bool may_stand_for(const struct literals *literals, struct slice text, size_t at)
{
	unsigned unit = 0;

	for (size_t i = 2; i < 6; i++) {
		unsigned digit = at + i < text.len ? hex_of(text.ptr[at + i]) : 16;
		if (digit == 16)
			return true;
		unit = unit << 4 | digit;
	}
	return unit < 0x80 ? literals->is_escaped[unit] : literals->has_others;
}

/* The next place that counts from `from` on. */
static void seek(const struct literals *literals, struct slice text, size_t from, struct literals_cursor *cursor)
{
	size_t which = 0;

	cursor->is_known = true;
	for (;; from = cursor->next + 1) {
		cursor->next = text_search_next(&literals->search, text, from, literals->machine, &which);
		if (cursor->next == SLICE_NPOS)
			return;
		cursor->end = cursor->next + literals->search.texts[which].len;
		if (which != literals->count || may_stand_for(literals, text, cursor->next))
			return;
	}
}

/* The place counts by a text that ends behind `to`: does a shorter one that begins there end before? */
static bool is_shorter_there(const struct literals *literals, struct slice text, size_t at, size_t to)
{
	for (size_t i = 0; i < literals->count; i++)
		if (slice_has_prefix(slice_sub(text, at, to - at), literals->search.texts[i]))
			return true;
	return false;
}

bool literals_may_be_in(const struct literals *literals, struct slice text, size_t from, size_t to, struct literals_cursor *cursor)
{
	if (!cursor->is_known || (cursor->next != SLICE_NPOS && cursor->next < from))
		seek(literals, text, from, cursor);
	while (cursor->next != SLICE_NPOS && cursor->next < to) {
		if (cursor->end <= to || is_shorter_there(literals, text, cursor->next, to))
			return true;
		seek(literals, text, cursor->next + 1, cursor);
	}
	return false;
}
