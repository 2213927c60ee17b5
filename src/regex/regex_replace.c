/* regex/regex_replace.c: all matches of an expression replaced, within a bound of work. */
#include "base/limits.h"
#include "codec/utf8.h"
#include "regex/regex_program.h"

static size_t character_bytes(struct slice text, size_t at)
{
	uint32_t code_point;
	size_t bytes = utf8_decode(slice_from(text, at), &code_point);

	return bytes ? bytes : 1;
}

/* As in RE2, a match of nothing does not follow another match at once. */
bool regex_replace(const struct regex *regex, struct slice text, struct slice with, struct buffer *out)
{
	size_t at = 0, match_end = SIZE_MAX, left = REGEX_REPLACE_READS_MIN + REGEX_REPLACE_READS * text.len;
	struct slice whole;

	while (at <= text.len && regex_run_search(regex, text, at, &whole, NULL, &left)) {
		size_t from = (size_t)(whole.ptr - text.ptr);
		buffer_add(out, slice_sub(text, at, from - at));
		if (whole.len > 0 || from != match_end)
			buffer_add(out, with);
		at = match_end = from + whole.len;
		if (whole.len == 0) {                   /* the character behind it stays */
			size_t bytes = at < text.len ? character_bytes(text, at) : 1;
			buffer_add(out, slice_sub(text, at, bytes));
			at += bytes;
		}
	}
	if (at < text.len)
		buffer_add(out, slice_from(text, at));
	return left > 0;
}
