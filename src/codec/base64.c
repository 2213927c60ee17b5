/* codec/base64.c: one table lookup a character; a single bad character shows up in the OR of all lookups. */
#include "codec/base64.h"

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Value + 1, so that 0 is no digit. */
static const unsigned char VALUES[256] = {
	['A'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
	['a'] = 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52,
	['0'] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, ['+'] = 63, ['/'] = 64,
};

static void encode_group(const unsigned char *in, size_t count, char *to)
{
	uint32_t bits = (uint32_t)in[0] << 16 | (count > 1 ? (uint32_t)in[1] << 8 : 0) | (count > 2 ? in[2] : 0);

	to[0] = DIGITS[bits >> 18];
	to[1] = DIGITS[bits >> 12 & 63];
	to[2] = count > 1 ? DIGITS[bits >> 6 & 63] : '=';
	to[3] = count > 2 ? DIGITS[bits & 63] : '=';
}

struct slice base64_write(const void *bytes, size_t count, char *out)
{
	const unsigned char *in = bytes;

	for (size_t i = 0, at = 0; i < count; i += 3, at += 4)
		encode_group(in + i, count - i < 3 ? count - i : 3, out + at);
	return (struct slice){ out, BASE64_TEXT_BYTES(count) };
}

void base64_encode(struct buffer *out, struct slice bytes)
{
	char *to = bytes.len ? buffer_reserve(out, BASE64_TEXT_BYTES(bytes.len)) : NULL;

	if (to)
		buffer_commit(out, base64_write(bytes.ptr, bytes.len, to).len);
}

struct slice base64_text(struct arena *arena, struct slice bytes)
{
	struct buffer out;

	buffer_init(&out, arena, BASE64_TEXT_BYTES(bytes.len));
	base64_encode(&out, bytes);
	return buffer_slice(&out);
}

static bool refuse(struct error *err)
{
	return fail(err, ERR_INVALID, "The text is not valid base64.");
}

struct slice base64_decode(struct arena *arena, struct slice text, struct error *err)
{
	size_t padding = 0, at = 0;

	if (text.len == 0)
		return S("");
	if (text.len % 4 != 0) {
		refuse(err);
		return SLICE_NONE;
	}
	while (padding < 2 && text.ptr[text.len - 1 - padding] == '=')
		padding++;
	size_t digits = text.len - padding, bytes = BASE64_PLAIN_BYTES(text.len) - padding;
	unsigned char *out = arena_alloc(arena, bytes);
	uint32_t bits = 0, bad = 0;
	for (size_t i = 0; i < digits; i++) {
		unsigned value = VALUES[(unsigned char)text.ptr[i]] - 1u;
		bad |= value;
		bits = bits << 6 | (value & 63);
		if (i % 4)
			out[at++] = (unsigned char)(bits >> (6 - i % 4 * 2));
	}
	unsigned left_over = padding ? bits & ((1u << (padding * 2)) - 1) : 0;
	if (bad > 63 || left_over) {
		refuse(err);
		return SLICE_NONE;
	}
	assert(at == bytes);
	return (struct slice){ (const char *)out, bytes };
}
