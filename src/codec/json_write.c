/* codec/json_write.c: the writing half of codec/json.h: one pass, no look back. */
#include "codec/json.h"
#include "codec/json_text.h"
#include "codec/utf8.h"

void json_writer_init(struct json_writer *writer, struct buffer *out)
{
	*writer = (struct json_writer){ .out = out };
}

static void before_value(struct json_writer *writer)
{
	if (writer->needs_comma)
		buffer_byte(writer->out, ',');
	writer->needs_comma = true;
}

static void begin(struct json_writer *writer, char bracket)
{
	before_value(writer);
	buffer_byte(writer->out, bracket);
	writer->needs_comma = false;
}

static void end(struct json_writer *writer, char bracket)
{
	buffer_byte(writer->out, bracket);
	writer->needs_comma = true;
}

void json_object_begin(struct json_writer *writer)
{
	begin(writer, '{');
}

void json_object_end(struct json_writer *writer)
{
	end(writer, '}');
}

void json_array_begin(struct json_writer *writer)
{
	begin(writer, '[');
}

void json_array_end(struct json_writer *writer)
{
	end(writer, ']');
}

void json_escape(struct buffer *out, struct slice text)
{
	static const char hex[] = "0123456789abcdef";
	static const char names[0x20] = { ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't' };
	size_t at = 0;

	while (at < text.len) {
		size_t run = json_text_plain_run(text, at);
		buffer_add(out, slice_sub(text, at, run - at));
		at = run;
		if (at == text.len)
			return;
		unsigned char c = (unsigned char)text.ptr[at];
		if (c >= 0x80) {
			uint32_t code_point;
			size_t bytes = utf8_decode(slice_from(text, at), &code_point);
			buffer_add(out, bytes ? slice_sub(text, at, bytes) : S("\xEF\xBF\xBD"));
			at += bytes ? bytes : 1;
			continue;
		}
		buffer_byte(out, '\\');
		if (c == '"' || c == '\\') {
			buffer_byte(out, (char)c);
		} else if (names[c]) {
			buffer_byte(out, names[c]);
		} else {
			char code[5] = { 'u', '0', '0', hex[c >> 4], hex[c & 15] };
			buffer_add(out, (struct slice){ code, sizeof code });
		}
		at++;
	}
}

void json_key(struct json_writer *writer, struct slice key)
{
	if (writer->needs_comma)
		buffer_byte(writer->out, ',');
	buffer_byte(writer->out, '"');
	json_escape(writer->out, key);
	buffer_add(writer->out, S("\":"));
	writer->needs_comma = false;
}

void json_string(struct json_writer *writer, struct slice text)
{
	before_value(writer);
	buffer_byte(writer->out, '"');
	json_escape(writer->out, text);
	buffer_byte(writer->out, '"');
}

void json_i64(struct json_writer *writer, int64_t value)
{
	before_value(writer);
	buffer_i64(writer->out, value);
}

void json_double(struct json_writer *writer, double value)
{
	char text[32];

	assert(isfinite(value));
	before_value(writer);
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(text, sizeof text, "%.*g", precision, value);
		if (strtod(text, NULL) == value)
			break;
	}
	buffer_add(writer->out, slice_of(text));
}

void json_bool(struct json_writer *writer, bool value)
{
	before_value(writer);
	buffer_add(writer->out, value ? S("true") : S("false"));
}

void json_null(struct json_writer *writer)
{
	before_value(writer);
	buffer_add(writer->out, S("null"));
}

void json_raw(struct json_writer *writer, struct slice json_text)
{
	before_value(writer);
	buffer_add(writer->out, json_text);
}

void json_value(struct json_writer *writer, const struct json *json)
{
	switch (json->kind) {
	case JSON_NULL:
		json_null(writer);
		return;
	case JSON_FALSE:
	case JSON_TRUE:
		json_bool(writer, json->kind == JSON_TRUE);
		return;
	case JSON_NUMBER:
		json_raw(writer, json->text);
		return;
	case JSON_STRING:
		json_string(writer, json->text);
		return;
	case JSON_ARRAY:
		json_array_begin(writer);
		for (const struct json *child = json->first; child; child = child->next)
			json_value(writer, child);
		json_array_end(writer);
		return;
	case JSON_OBJECT:
		json_object_begin(writer);
		for (const struct json *child = json->first; child; child = child->next) {
			json_key(writer, child->key);
			json_value(writer, child);
		}
		json_object_end(writer);
		return;
	}
}

void json_member(struct json_writer *writer, struct slice key, struct slice text)
{
	if (!text.ptr)
		return;
	json_key(writer, key);
	json_string(writer, text);
}
