/* codec/csv.c: quotes are doubled, everything else stands for itself. */
#include "codec/csv.h"

#include "codec/utf8.h"

static bool looks_like_formula(struct slice text)
{
	static const struct slice beginnings[] = {
		S_INIT("="), S_INIT("+"), S_INIT("-"), S_INIT("@"), S_INIT("\t"), S_INIT("\r"), S_INIT("\n"),
		S_INIT("\xEF\xBC\x9D"), S_INIT("\xEF\xBC\x8B"), S_INIT("\xEF\xBC\x8D"), S_INIT("\xEF\xBC\xA0"),
	};

	for (size_t i = 0; i < COUNT(beginnings); i++)
		if (slice_has_prefix(text, beginnings[i]))
			return true;
	return false;
}

void csv_text(struct buffer *out, struct slice text, bool is_raw)
{
	if (!text.ptr)
		return;
	buffer_byte(out, '"');
	if (!is_raw && looks_like_formula(text))
		buffer_byte(out, '\'');
	for (size_t at = 0, bytes; at < text.len; at += bytes) {
		uint32_t code_point;
		bytes = utf8_decode(slice_from(text, at), &code_point);
		buffer_add(out, bytes ? slice_sub(text, at, bytes) : S("\xEF\xBF\xBD"));
		bytes += bytes == 0;
		if (text.ptr[at] == '"')
			buffer_byte(out, '"');
	}
	buffer_byte(out, '"');
}
