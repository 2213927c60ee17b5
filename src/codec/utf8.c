/* codec/utf8.c: one decoder; whole ASCII words are skipped eight bytes at a time. */
#include "codec/utf8.h"

static bool is_continuation(unsigned char byte)
{
	return (byte & 0xC0) == 0x80;
}

size_t utf8_decode(struct slice s, uint32_t *code_point)
{
	const unsigned char *p = (const unsigned char *)s.ptr;

	if (s.len == 0)
		return 0;
	if (p[0] < 0x80) {
		*code_point = p[0];
		return 1;
	}
	if (p[0] >= 0xC2 && p[0] <= 0xDF) {
		if (s.len < 2 || !is_continuation(p[1]))
			return 0;
		*code_point = (uint32_t)((p[0] & 0x1F) << 6 | (p[1] & 0x3F));
		return 2;
	}
	if (p[0] >= 0xE0 && p[0] <= 0xEF) {
		if (s.len < 3 || !is_continuation(p[1]) || !is_continuation(p[2]))
			return 0;
		if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] >= 0xA0))
			return 0;                            /* overlong; surrogate */
		*code_point = (uint32_t)((p[0] & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F));
		return 3;
	}
	if (p[0] >= 0xF0 && p[0] <= 0xF4) {
		if (s.len < 4 || !is_continuation(p[1]) || !is_continuation(p[2]) || !is_continuation(p[3]))
			return 0;
		if ((p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] >= 0x90))
			return 0;
		*code_point = (uint32_t)((p[0] & 0x07) << 18 | (p[1] & 0x3F) << 12 | (p[2] & 0x3F) << 6 | (p[3] & 0x3F));
		return 4;
	}
	return 0;
}

size_t utf8_encode(uint32_t code_point, char out[4])
{
	assert(code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF));
	if (code_point < 0x80) {
		out[0] = (char)code_point;
		return 1;
	}
	if (code_point < 0x800) {
		out[0] = (char)(0xC0 | code_point >> 6);
		out[1] = (char)(0x80 | (code_point & 0x3F));
		return 2;
	}
	if (code_point < 0x10000) {
		out[0] = (char)(0xE0 | code_point >> 12);
		out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
		out[2] = (char)(0x80 | (code_point & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | code_point >> 18);
	out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
	out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
	out[3] = (char)(0x80 | (code_point & 0x3F));
	return 4;
}

static size_t ascii_run(struct slice s)
{
	size_t at = 0;
	uint64_t word;

	while (s.len - at >= sizeof word) {
		memcpy(&word, s.ptr + at, sizeof word);
		if (word & 0x8080808080808080u)
			break;
		at += sizeof word;
	}
	while (at < s.len && (unsigned char)s.ptr[at] < 0x80)
		at++;
	return at;
}

bool utf8_is_valid(struct slice s)
{
	while (s.len) {
		uint32_t code_point;
		s = slice_from(s, ascii_run(s));
		if (s.len == 0)
			return true;
		size_t bytes = utf8_decode(s, &code_point);
		if (bytes == 0)
			return false;
		s = slice_from(s, bytes);
	}
	return true;
}

size_t utf8_length(struct slice s)
{
	size_t count = 0;

	while (s.len) {
		uint32_t code_point;
		size_t run = ascii_run(s);
		count += run;
		s = slice_from(s, run);
		if (s.len == 0)
			break;
		size_t bytes = utf8_decode(s, &code_point);
		s = slice_from(s, bytes ? bytes : 1);
		count++;
	}
	return count;
}

size_t utf8_prefix(struct slice s, size_t bytes_max)
{
	if (s.len <= bytes_max)
		return s.len;
	size_t end = bytes_max;
	while (end > 0 && is_continuation((unsigned char)s.ptr[end]))
		end--;
	return end;
}
