/* bucket/headers.c: lines. */
#include "bucket/headers.h"

static char lowered(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char tamed(char c)
{
	return c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
}

void headers_add(struct buffer *out, struct slice name, struct slice value)
{
	char *at = value.ptr ? buffer_reserve(out, name.len + value.len + 3) : NULL;
	size_t used = 0;

	if (!at)
		return;
	for (size_t i = 0; i < name.len; i++)
		at[used++] = lowered(tamed(name.ptr[i]));
	at[used++] = ':';
	at[used++] = ' ';
	for (size_t i = 0; i < value.len; i++)
		at[used++] = tamed(value.ptr[i]);
	at[used++] = '\n';
	buffer_commit(out, used);
}

bool headers_next(struct slice *rest, struct header *header)
{
	struct slice line, after = slice_cut(*rest, '\n', &line);
	size_t colon = slice_find(line, S(": "));

	if (rest->len == 0 || !after.ptr || colon == SLICE_NPOS)
		return false;
	*header = (struct header){ slice_sub(line, 0, colon), slice_from(line, colon + 2) };
	*rest = after;
	return true;
}

struct slice headers_find(struct slice headers, struct slice name)
{
	struct header header;

	while (headers_next(&headers, &header))
		if (slice_equal(header.name, name))
			return header.value;
	return SLICE_NONE;
}
