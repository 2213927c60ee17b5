/* codec/base32.c: five bits a character, first character highest. */
#include "codec/base32.h"

struct slice base32_encode(const void *bytes, size_t count, char *out)
{
	const unsigned char *in = bytes;
	uint32_t bits = 0;
	size_t at = 0;
	int held = 0;

	for (size_t i = 0; i < count; i++) {
		bits = bits << 8 | in[i];
		for (held += 8; held >= 5; held -= 5)
			out[at++] = BASE32_ALPHABET[bits >> (held - 5) & 31];
	}
	if (held)
		out[at++] = BASE32_ALPHABET[bits << (5 - held) & 31];
	return (struct slice){ out, at };
}

bool base32_decode(struct slice text, void *out, size_t room, size_t *count)
{
	unsigned char *to = out;
	uint32_t bits = 0;
	int held = 0;

	*count = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!(c >= 'A' && c <= 'Z') && !(c >= '2' && c <= '7'))
			return false;
		bits = bits << 5 | (uint32_t)(c >= 'A' ? c - 'A' : c - '2' + 26);
		if ((held += 5) < 8)
			continue;
		if (*count == room)
			return false;
		to[(*count)++] = (unsigned char)(bits >> (held -= 8));
	}
	return true;
}
