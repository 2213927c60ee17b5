/* codec/json_unescape.c: one escape, strictly; a whole string, whatever is in it. */
#include "codec/json_unescape.h"

#include "codec/utf8.h"

static const char FOUR_DIGITS[] = "expected four hexadecimal digits";

static bool hex4(struct slice s, size_t *at, uint32_t *value)
{
	*value = 0;
	for (int i = 0; i < 4; i++) {
		int c = *at < s.len ? (unsigned char)s.ptr[*at] : -1;
		if (c >= '0' && c <= '9')
			*value = *value << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*value = *value << 4 | (uint32_t)(c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			*value = *value << 4 | (uint32_t)(c - 'A' + 10);
		else
			return false;
		++*at;
	}
	return true;
}

static const char *unicode_escape(struct slice s, size_t *used, char out[4], size_t *bytes)
{
	enum { DIGITS_AT = 2 };
	size_t at = DIGITS_AT;
	uint32_t high, low;

	*used = DIGITS_AT;
	if (!hex4(s, &at, &high)) {
		*used = at;
		return FOUR_DIGITS;
	}
	if (high >= 0xDC00 && high <= 0xDFFF)
		return "a low surrogate without its high one";
	if (high >= 0xD800 && high <= 0xDBFF) {
		if (s.len < at + 2 || s.ptr[at] != '\\' || s.ptr[at + 1] != 'u')
			return "a high surrogate without its low one";
		at += 2;
		if (!hex4(s, &at, &low)) {
			*used = at;
			return FOUR_DIGITS;
		}
		if (low < 0xDC00 || low > 0xDFFF)
			return "a high surrogate without its low one";
		high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
	}
	*used = at;
	*bytes = utf8_encode(high, out);
	return NULL;
}

const char *json_unescape_one(struct slice s, size_t *used, char out[4], size_t *bytes)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	int c = s.len > 1 ? (unsigned char)s.ptr[1] : 0;

	assert(s.len > 0 && s.ptr[0] == '\\');
	if (c == 'u')
		return unicode_escape(s, used, out, bytes);
	const char *known = c > 0 ? strchr(from, c) : NULL;
	*used = 1;
	if (!known)
		return "unknown escape";
	out[0] = to[known - from];
	*bytes = 1;
	*used = 2;
	return NULL;
}

/* How much of `raw` stands for one character that is none, and what is written for it. */
static size_t replace(struct slice raw, char *out, size_t *bytes)
{
	size_t at = 2;
	uint32_t surrogate;

	if (raw.len > 1 && raw.ptr[1] == 'u' && hex4(raw, &at, &surrogate)) {
		*bytes = utf8_encode(0xFFFD, out);
		return at;
	}
	*out = '?';
	*bytes = 1;
	return raw.len < 2 ? raw.len : 2;
}

size_t json_unescape(struct slice raw, char *out)
{
	size_t length = 0;

	while (raw.len > 0) {
		size_t run = slice_find_byte(raw, '\\'), used, bytes;
		if (run == SLICE_NPOS)
			run = raw.len;
		memcpy(out + length, raw.ptr, run);
		length += run;
		raw = slice_from(raw, run);
		if (raw.len == 0)
			break;
		if (json_unescape_one(raw, &used, out + length, &bytes) != NULL)
			used = replace(raw, out + length, &bytes);
		length += bytes;
		raw = slice_from(raw, used);
	}
	return length;
}
