/* codec/xml.c: runs of plain characters are copied whole. */
#include "codec/xml.h"

#include "codec/utf8.h"

static struct slice escape_of(unsigned char c)
{
	switch (c) {
	case '&':
		return S("&amp;");
	case '<':
		return S("&lt;");
	case '>':
		return S("&gt;");
	case '"':
		return S("&quot;");
	case '\r':
		return S("&#13;");                       /* a reader would turn it into a line feed */
	default:
		return S("\xEF\xBF\xBD");
	}
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 ? c < 0x80 && c != '&' && c != '<' && c != '>' && c != '"' : c == '\t' || c == '\n';
}

void xml_text(struct buffer *out, struct slice text)
{
	size_t at = 0, start = 0;

	while (at < text.len) {
		unsigned char c = (unsigned char)text.ptr[at];
		uint32_t code_point = c;
		size_t bytes = 1;
		if (c >= 0x80)
			bytes = utf8_decode(slice_from(text, at), &code_point);
		if (is_plain(c) || (c >= 0x80 && bytes > 0 && code_point != 0xFFFE && code_point != 0xFFFF)) {
			at += bytes;
			continue;
		}
		buffer_add(out, slice_sub(text, start, at - start));
		buffer_add(out, escape_of(c));
		at += bytes > 0 ? bytes : 1;
		start = at;
	}
	buffer_add(out, slice_sub(text, start, at - start));
}

void xml_open(struct buffer *out, struct slice name)
{
	char *to = buffer_reserve(out, name.len + 2);

	if (!to)
		return;
	to[0] = '<';
	memcpy(to + 1, name.ptr, name.len);
	to[name.len + 1] = '>';
	buffer_commit(out, name.len + 2);
}

void xml_open_in(struct buffer *out, struct slice name, struct slice xml_namespace)
{
	buffer_byte(out, '<');
	buffer_add(out, name);
	if (xml_namespace.ptr) {
		buffer_add(out, S(" xmlns=\""));
		xml_text(out, xml_namespace);
		buffer_byte(out, '"');
	}
	buffer_byte(out, '>');
}

void xml_close(struct buffer *out, struct slice name)
{
	char *to = buffer_reserve(out, name.len + 3);

	if (!to)
		return;
	to[0] = '<';
	to[1] = '/';
	memcpy(to + 2, name.ptr, name.len);
	to[name.len + 2] = '>';
	buffer_commit(out, name.len + 3);
}

void xml_element(struct buffer *out, struct slice name, struct slice text)
{
	if (!text.ptr)
		return;
	xml_open(out, name);
	xml_text(out, text);
	xml_close(out, name);
}
