/* codec/hex.c: lower case out, either case in. */
#include "codec/hex.h"

struct slice hex_encode(const void *bytes, size_t count, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *in = bytes;

	for (size_t i = 0; i < count; i++) {
		out[2 * i] = digits[in[i] >> 4];
		out[2 * i + 1] = digits[in[i] & 15];
	}
	return (struct slice){ out, 2 * count };
}

struct slice hex_text(struct arena *arena, struct slice bytes)
{
	return hex_encode(bytes.ptr, bytes.len, arena_alloc(arena, 2 * bytes.len));
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool hex_decode(struct slice text, void *out, size_t count)
{
	unsigned char *to = out;

	if (text.len != 2 * count)
		return false;
	for (size_t i = 0; i < count; i++) {
		int high = digit_value(text.ptr[2 * i]), low = digit_value(text.ptr[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		to[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

bool hex_is_lower(struct slice text, size_t digits)
{
	if (text.len != digits)
		return false;
	for (size_t i = 0; i < digits; i++)
		if (digit_value(text.ptr[i]) < 0 || (text.ptr[i] >= 'A' && text.ptr[i] <= 'F'))
			return false;
	return true;
}
