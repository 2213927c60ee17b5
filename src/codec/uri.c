/* codec/uri.c: a 256-bit set says which bytes stay as they are. */
#include "codec/uri.h"

static bool is_unreserved(unsigned char c)
{
	/* Bits 32 to 63: - . 0-9; 64 to 95: A-Z _; 96 to 127: a-z ~. */
	static const uint32_t unreserved[8] = { 0, 0x03FF6000, 0x87FFFFFE, 0x47FFFFFE, 0, 0, 0, 0 };

	return unreserved[c >> 5] >> (c & 31) & 1;
}

static size_t write_byte(char *to, unsigned char c, enum uri_slash slash)
{
	static const char digits[] = "0123456789ABCDEF";

	if (is_unreserved(c) || (c == '/' && slash == URI_KEEP_SLASH)) {
		to[0] = (char)c;
		return 1;
	}
	to[0] = '%';
	to[1] = digits[c >> 4];
	to[2] = digits[c & 15];
	return 3;
}

void uri_encode(struct buffer *out, struct slice text, enum uri_slash slash)
{
	char *to = text.len ? buffer_reserve(out, text.len * 3) : NULL;
	size_t at = 0;

	if (!to)
		return;
	for (size_t i = 0; i < text.len; i++)
		at += write_byte(to + at, (unsigned char)text.ptr[i], slash);
	buffer_commit(out, at);
}

struct slice uri_encode_text(struct arena *arena, struct slice text, enum uri_slash slash)
{
	struct buffer out;

	buffer_init(&out, arena, text.len * 3);
	uri_encode(&out, text, slash);
	return buffer_slice(&out);
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads one byte at *at and moves past it; -1 for a bad escape. */
static int read_byte(struct slice text, size_t *at, enum uri_plus plus)
{
	char c = text.ptr[(*at)++];

	if (c == '+' && plus == URI_PLUS_IS_BLANK)
		return ' ';
	if (c != '%')
		return (unsigned char)c;
	if (text.len - *at < 2)
		return -1;
	int high = digit_value(text.ptr[*at]), low = digit_value(text.ptr[*at + 1]);
	*at += 2;
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

struct slice uri_decode(struct arena *arena, struct slice text, enum uri_plus plus, struct error *err)
{
	bool is_plain = slice_find_byte(text, '%') == SLICE_NPOS
	                && (plus == URI_PLUS_IS_PLUS || slice_find_byte(text, '+') == SLICE_NPOS);

	if (is_plain)
		return text.ptr ? text : S("");
	char *out = arena_alloc(arena, text.len);
	size_t count = 0;
	for (size_t i = 0; i < text.len;) {
		int byte = read_byte(text, &i, plus);
		if (byte < 0) {
			fail(err, ERR_INVALID, "A '%%' is not followed by two hexadecimal digits.");
			return SLICE_NONE;
		}
		out[count++] = (char)byte;
	}
	return (struct slice){ out, count };
}

bool uri_normalise(struct buffer *out, struct slice text, enum uri_plus plus, enum uri_slash slash)
{
	char *to = text.len ? buffer_reserve(out, text.len * 3) : NULL;
	size_t at = 0;

	for (size_t i = 0; to && i < text.len;) {
		int byte = read_byte(text, &i, plus);
		if (byte < 0)
			return false;
		at += write_byte(to + at, (unsigned char)byte, slash);
	}
	if (to)
		buffer_commit(out, at);
	return true;
}

static size_t count_pieces(struct slice text)
{
	size_t count = 1;

	for (const char *at = text.ptr, *end = text.ptr + text.len;
	     at < end && (at = memchr(at, '&', (size_t)(end - at))); at++)
		count++;
	return count;
}

bool uri_pairs_read(struct arena *arena, struct slice text, enum uri_plus plus, size_t count_max,
                    struct uri_pairs *pairs, struct error *err)
{
	size_t pieces = text.len ? count_pieces(text) : 0;

	*pairs = (struct uri_pairs){0};
	if (pieces > count_max)
		return fail(err, ERR_LIMIT, "More than %zu parameters.", count_max);
	pairs->items = arena_array(arena, pieces, sizeof *pairs->items);
	for (struct slice piece; pieces; pieces--) {
		text = slice_cut(text, '&', &piece);
		if (piece.len == 0)
			continue;
		struct uri_pair *pair = &pairs->items[pairs->count++];
		struct slice name, value = slice_cut(piece, '=', &name);
		pair->name = uri_decode(arena, name, plus, err);
		pair->value = value.ptr ? uri_decode(arena, value, plus, err) : SLICE_NONE;
		if (!pair->name.ptr || (value.ptr && !pair->value.ptr))
			return false;
	}
	return true;
}

const struct uri_pair *uri_pairs_find(const struct uri_pairs *pairs, struct slice name)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (slice_equal(pairs->items[i].name, name))
			return &pairs->items[i];
	return NULL;
}
