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

static void add_valid(struct buffer *out, struct slice text)
{
	struct slice part;

	for (bool is_first = true; text.ptr; is_first = false) {
		text = slice_cut(text, '"', &part);
		buffer_add(out, is_first ? S("") : S("\"\""));
		buffer_add(out, part);
	}
}

static void add_repaired(struct buffer *out, struct slice text)
{
	for (size_t at = 0, bytes; at < text.len; at += bytes) {
		uint32_t code_point;
		bytes = utf8_decode(slice_from(text, at), &code_point);
		buffer_add(out, bytes == 0 ? S("\xEF\xBF\xBD") : text.ptr[at] == '"' ? S("\"\"") : slice_sub(text, at, bytes));
		bytes += bytes == 0;
	}
}

void csv_text(struct buffer *out, struct slice text, bool is_raw)
{
	if (!text.ptr)
		return;
	buffer_byte(out, '"');
	if (!is_raw && looks_like_formula(text))
		buffer_byte(out, '\'');
	(utf8_is_valid(text) ? add_valid : add_repaired)(out, text);
	buffer_byte(out, '"');
}
