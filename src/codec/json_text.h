/* codec/json_text.h: where a JSON text needs a closer look; shared by reading and writing. */
#ifndef SPOOR_CODEC_JSON_TEXT_H
#define SPOOR_CODEC_JSON_TEXT_H

#include "base/base.h"

/* Offset of the first byte from `at` on that ends a plain run: quote, backslash, control or not ASCII. */
static inline size_t json_text_plain_run(struct slice text, size_t at)
{
	while (text.len - at >= 8) {
		uint64_t w, ones = 0x0101010101010101u, tops = 0x8080808080808080u;
		memcpy(&w, text.ptr + at, 8);
		uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
		uint64_t stop = ((quote - ones) & ~quote) | ((slash - ones) & ~slash) | (w - ones * 0x20) | w;
		if (stop & tops)
			break;
		at += 8;
	}
	while (at < text.len) {
		unsigned char c = (unsigned char)text.ptr[at];
		if (c == '"' || c == '\\' || c < 0x20 || c >= 0x80)
			break;
		at++;
	}
	return at;
}

#endif
