/* detect/pattern.c: which of the three forms a text is, and what is the same for all of them. */
#include "detect/pattern.h"

#include "base/limits.h"
#include "base/map.h"
#include "codec/utf8.h"
#include "detect/pattern_parts.h"

struct pattern_reference {
	const struct pattern         *pattern;
	struct slice                  name;          /* of a column, with its $ */
	const struct pattern_fields  *fields;        /* of one selector */
};

/* ---- compiling ---- */

static bool is_blank(const struct slice *text, size_t at)
{
	return pattern_reader_is_blank((unsigned char)text->ptr[at]);
}

static void trim(struct pattern_reader *reader)
{
	while (reader->text.len > 0 && is_blank(&reader->text, 0)) {
		reader->text = slice_from(reader->text, 1);
		reader->skipped++;
	}
	while (reader->text.len > 0 && is_blank(&reader->text, reader->text.len - 1))
		reader->text.len--;
	reader->end = reader->text.len;
}

static bool begin(struct pattern_reader *reader, struct slice text)
{
	if (utf8_length(text) > PATTERN_CHARACTERS_MAX) {
		pattern_reader_refuse(reader, utf8_prefix(text, PATTERN_CHARACTERS_MAX), "a pattern has at most 1024 characters");
		return fail_as(reader->err, ERR_INVALID, "InvalidParameterException", "1 validation error detected: Value at "
		               "'filterPattern' failed to satisfy constraint: Member must have length less than or equal to %d",
		               PATTERN_CHARACTERS_MAX);
	}
	for (size_t at = 0, bytes; at < text.len; at += bytes) {
		uint32_t code_point;
		bytes = utf8_decode(slice_from(text, at), &code_point);
		if (bytes == 0 || code_point == 0)
			return pattern_reader_refuse(reader, at, "not UTF-8 text");
	}
	reader->text = arena_copy(reader->arena, text.ptr ? text : S(""));
	trim(reader);
	return true;
}

/* Between the first character and the last, which must be `close`. */
static bool enter(struct pattern_reader *reader, char close)
{
	if (reader->end < 2 || reader->text.ptr[reader->end - 1] != close) {
		pattern_reader_refuse(reader, reader->end, "a bracket that opens the pattern is not closed at its end");
		return fail_as(reader->err, ERR_INVALID, "InvalidParameterException",
		               "If a filter pattern starts with '%c' it must end with '%c'", reader->text.ptr[0], close);
	}
	reader->at++;
	reader->end--;
	return true;
}

const struct pattern *pattern_compile(struct arena *arena, struct slice text, struct pattern_fault *fault, struct error *err)
{
	struct pattern_reader reader = { .arena = arena, .text = text, .fault = fault, .err = err };
	struct pattern *pattern = arena_new(arena, struct pattern);
	bool ok;

	if (!begin(&reader, text))
		return NULL;
	switch (pattern_reader_peek(&reader)) {
	case '{':
		pattern->form = PATTERN_JSON;
		ok = enter(&reader, '}') && (pattern->json = pattern_json_compile(&reader)) != NULL;
		break;
	case '[':
		pattern->form = PATTERN_COLUMNS;
		ok = enter(&reader, ']') && (pattern->columns = pattern_columns_compile(&reader)) != NULL;
		break;
	default:
		pattern->form = PATTERN_TEXT;
		ok = (pattern->text = pattern_text_compile(&reader)) != NULL;
	}
	pattern->has_regex = reader.regex_count > 0;
	return ok ? pattern : NULL;
}

enum pattern_form pattern_form(const struct pattern *pattern)
{
	return pattern->form;
}

bool pattern_has_regex(const struct pattern *pattern)
{
	return pattern->has_regex;
}

/* ---- evaluating ---- */

bool pattern_matches(const struct pattern *pattern, struct slice message, struct arena *scratch)
{
	switch (pattern->form) {
	case PATTERN_JSON:    return pattern_json_matches(pattern->json, message, scratch);
	case PATTERN_COLUMNS: return pattern_columns_matches(pattern->columns, message);
	case PATTERN_TEXT:    return pattern_text_matches(pattern->text, message);
	}
	return false;
}

static size_t extract_fields(const struct pattern_json *pattern, struct slice message, struct arena *arena,
                             struct pattern_value **values)
{
	struct pattern_found *found = arena_array(arena, pattern->selector_count, sizeof *found);
	size_t count = 0;

	if (!pattern_json_find(pattern, message, arena, found))
		return 0;
	*values = arena_array(arena, pattern->selector_count, sizeof **values);
	for (size_t i = 0; i < pattern->selector_count; i++) {
		struct slice text = pattern_json_value(&found[i]);
		if (text.ptr)
			(*values)[count++] = (struct pattern_value){ pattern->selectors[i]->text, text };
	}
	return count;
}

/* A name that two columns have is said once, with what the later has. */
static size_t extract_columns(const struct pattern_columns *pattern, struct slice message, struct arena *arena,
                              struct pattern_value **values)
{
	size_t count = pattern_columns_extract(pattern, message, arena, values), kept = 0;
	struct map places;

	map_init(&places, (uint64_t)(uintptr_t)arena);
	for (size_t i = 0; i < count; i++) {
		struct pattern_value value = (*values)[i], *earlier = map_find(&places, value.name);
		if (earlier) {
			earlier->text = value.text;
		} else {
			(*values)[kept] = value;
			map_put(&places, value.name, &(*values)[kept++]);
		}
	}
	map_fini(&places);
	return kept;
}

size_t pattern_extract(const struct pattern *pattern, struct slice message, struct arena *arena,
                       struct pattern_value **values)
{
	switch (pattern->form) {
	case PATTERN_JSON:    return extract_fields(pattern->json, message, arena, values);
	case PATTERN_COLUMNS: return extract_columns(pattern->columns, message, arena, values);
	case PATTERN_TEXT:    break;
	}
	return 0;
}

/* ---- references ---- */

static bool is_column_name(struct slice text)
{
	for (size_t i = 1; i < text.len; i++)
		if (!pattern_reader_is_alphanumeric((unsigned char)text.ptr[i]) && text.ptr[i] != '_' && text.ptr[i] != '-')
			return false;
	return text.len > 1 && text.ptr[0] == '$';
}

const struct pattern_reference *pattern_reference_compile(struct arena *arena, const struct pattern *pattern,
                                                          struct slice text, struct pattern_fault *fault, struct error *err)
{
	struct pattern_reader reader = { .arena = arena, .text = text, .fault = fault, .err = err };
	struct pattern_reference *reference = arena_new(arena, struct pattern_reference);

	if (!begin(&reader, text))
		return NULL;
	reference->pattern = pattern;
	if (pattern->form == PATTERN_JSON) {
		const struct pattern_selector **selector = arena_array(arena, 1, sizeof(const struct pattern_selector *));
		*selector = pattern_json_selector(&reader);
		if (!*selector)
			return NULL;
		reference->fields = pattern_fields_compile(arena, selector, 1);
		return reference;
	}
	reference->name = reader.text;
	if (pattern->form == PATTERN_TEXT || !is_column_name(reader.text)) {
		pattern_reader_refuse(&reader, 0, "only $.selector beside a JSON pattern and $name beside columns refer to a value");
		return NULL;
	}
	return reference;
}

static struct slice find_field(const struct pattern_fields *fields, struct slice message, struct arena *arena)
{
	struct json_index index = {0};
	struct pattern_record record;
	struct pattern_found found;
	bool is_read = pattern_record_open(&record, &index, message) && pattern_fields_find(fields, &record, arena, &found);

	json_index_fini(&index);
	return is_read ? pattern_json_value(&found) : SLICE_NONE;
}

struct slice pattern_reference_find(const struct pattern_reference *reference, struct slice message, struct arena *arena)
{
	struct pattern_value *values;

	if (reference->fields)
		return find_field(reference->fields, message, arena);
	size_t count = pattern_extract(reference->pattern, message, arena, &values);
	for (size_t i = 0; i < count; i++)
		if (slice_equal(values[i].name, reference->name))
			return values[i].text;
	return SLICE_NONE;
}
