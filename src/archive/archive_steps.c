/* archive/archive_steps.c: from value to value: which of them are envelopes, which are records, which are neither. */
#include "archive/archive_state.h"

#include "base/limits.h"

static bool is_called_json(struct slice path)
{
	static const struct slice ends[] = { S_INIT(".json"), S_INIT(".jsonl"), S_INIT(".ndjson"), S_INIT(".gz") };

	for (size_t i = 0; i < COUNT(ends); i++)
		if (slice_has_suffix(path, ends[i]))
			return true;
	return false;
}

static void end_as_no_json(struct archive_records *r)
{
	archive_records_end(r, r->is_named || is_called_json(slice_of(r->path)) ? SCAN_NOT_JSON : SCAN_FOREIGN);
}

static bool is_scalar_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

/* Offset behind the value at `at`, or SLICE_NPOS where the span ends before. A number or word ends where no character of one is. */
static size_t value_end(const struct json_index *index, size_t at)
{
	struct slice text = index->text;
	size_t end;
	bool ignored;

	if (text.ptr[at] == '"') {
		end = json_index_string_end(index, at, &ignored);
		return end == SLICE_NPOS ? end : end + 1;
	}
	if (text.ptr[at] == '{' || text.ptr[at] == '[') {
		end = json_index_container_end(index, at);
		return end == SLICE_NPOS ? end : end + 1;
	}
	while (at < text.len && is_scalar_byte(text.ptr[at]))
		at++;
	return at;
}

/* ---- objects that may be envelopes ---- */

static bool begins_as_event(struct slice object)
{
	struct slice inside = slice_from(object, archive_skip_space(object, 1));

	return slice_has_prefix(inside, S("\"eventVersion\""));
}

/* A digest or an Insights file, by its first value: the others are of the same kind. */
static enum step leave_out_file(struct archive_records *r, enum scan_reason reason)
{
	r->is_left_out = true;
	r->place = AT_END;
	archive_records_note_file(r, reason);
	return GO_ON;
}

static bool is_text(const struct field *field, struct slice text)
{
	return field->kind == FIELD_STRING && slice_equal(field->raw, text);
}

/* What stands between the quotes of a string: the text of an object? */
static bool is_object_text(struct slice raw)
{
	return raw.len > 1 && raw.ptr[0] == '{';
}

/* Of CloudWatch Logs, which sends one of its own to see whether somebody listens. */
static enum step take_message(struct archive_records *r, struct slice raw)
{
	if (!slice_has_prefix(raw, S("CWL CONTROL MESSAGE:")))
		return archive_records_put_escaped(r, raw);
	archive_records_note(r, SCAN_CONTROL);
	r->has_value = true;
	return GO_ON;
}

/* A whole object, without a list of records in it: a record, or what a record is in. */
static enum step take_object(struct archive_records *r, struct slice object)
{
	const struct envelope *envelope = &r->envelope;
	struct field values[ARCHIVE_ENVELOPE_FIELDS];

	if (begins_as_event(object) && r->position > 0)
		return archive_records_put(r, object);
	if (!fields_read(envelope->fields, &r->index, object, values)) {
		archive_records_note(r, SCAN_RECORD_NOT_JSON);
		return GO_ON;
	}
	if (is_text(&values[envelope->category], S("Insight")) && r->position == 0)
		return leave_out_file(r, SCAN_INSIGHT);
	if (r->place == AT_ELEMENT && r->list == LIST_OF_RECORDS)
		return archive_records_put(r, object);   /* whatever its members are called */
	if (values[envelope->lookup].kind == FIELD_STRING)
		return archive_records_put_escaped(r, values[envelope->lookup].raw);
	if (values[envelope->message].kind == FIELD_STRING && values[envelope->timestamp].kind == FIELD_NUMBER
	    && ((r->place == AT_ELEMENT && r->list == LIST_OF_MESSAGES) || is_object_text(values[envelope->message].raw)))
		return take_message(r, values[envelope->message].raw);
	if (values[envelope->detail_type].kind == FIELD_STRING && values[envelope->detail].kind == FIELD_OBJECT)
		return archive_records_put(r, values[envelope->detail].raw);
	bool is_digest = values[envelope->digest_start].kind == FIELD_STRING && values[envelope->digest_end].kind == FIELD_STRING;
	if (is_digest && r->position == 0)
		return leave_out_file(r, SCAN_DIGEST);
	return archive_records_put(r, object);
}

static bool is_list_of_records(struct slice key, enum list_kind *kind)
{
	static const struct { struct slice key; enum list_kind kind; } lists[] = {
		{ S_INIT("Records"), LIST_OF_RECORDS }, { S_INIT("Events"), LIST_OF_LOOKUPS },
		{ S_INIT("logEvents"), LIST_OF_MESSAGES }, { S_INIT("events"), LIST_OF_MESSAGES },
	};

	for (size_t i = 0; i < COUNT(lists); i++)
		if (slice_equal(key, lists[i].key)) {
			*kind = lists[i].kind;
			return true;
		}
	return false;
}

enum search { FOUND, NOT_THERE, NOT_KNOWN };    /* NOT_KNOWN: the span ends before, or it is no JSON */

/* Is one of the members from `at` on, which is where a key should be, a list of records? *found: where it opens; or, if it
 * is not there, where the object closes. */
static enum search find_list(struct archive_records *r, size_t at, size_t *found)
{
	struct slice text = r->index.text;
	bool ignored;

	for (;;) {
		at = archive_skip_space(text, at);
		if (at >= text.len || text.ptr[at] != '"')
			return NOT_KNOWN;
		size_t end = json_index_string_end(&r->index, at, &ignored);
		size_t colon = end == SLICE_NPOS ? text.len : archive_skip_space(text, end + 1);
		size_t value = colon < text.len && text.ptr[colon] == ':' ? archive_skip_space(text, colon + 1) : text.len;
		if (value >= text.len)
			return NOT_KNOWN;
		struct slice key = slice_sub(text, at + 1, end - at - 1);
		if (text.ptr[value] == '[' && is_list_of_records(key, &r->list)) {
			*found = value;
			return FOUND;
		}
		at = value_end(&r->index, value);
		at = at == SLICE_NPOS ? text.len : archive_skip_space(text, at);
		if (at >= text.len || (text.ptr[at] != ',' && text.ptr[at] != '}'))
			return NOT_KNOWN;
		if (text.ptr[at] == '}') {
			*found = at;
			return NOT_THERE;
		}
		at++;
	}
}

static void enter_list(struct archive_records *r, size_t at)
{
	r->at = at + 1;
	r->place = AT_ELEMENT;
	r->is_first = r->has_value = true;
	r->is_stamped = false;
}

/* ---- values that stand one behind the other ---- */

enum { STAMP_BYTES_MAX = 64 };

/* "2026-01-15T10:05:00.000Z " and the like at the front of a line, and after it perhaps the name of a stream: how many bytes stand before
 * the object of this line; 0: that is not what this is. */
static size_t stamp_before_object(struct slice line)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd";
	size_t at = sizeof form - 1, words = 0;

	if (line.len <= at)
		return 0;
	for (size_t i = 0; i < at; i++)
		if (form[i] == 'd' ? line.ptr[i] < '0' || line.ptr[i] > '9' : line.ptr[i] != form[i])
			return 0;
	for (; at < line.len && words < 3; at++) {
		if (line.ptr[at] == '{' && line.ptr[at - 1] == ' ')
			return at;
		if ((unsigned char)line.ptr[at] < ' ')
			return 0;
		words += line.ptr[at] == ' ';
	}
	return 0;
}

static bool begins_a_line(struct slice text)
{
	return text.len > 0 && (text.ptr[0] == '{' || stamp_before_object(text) > 0);
}

/* Where the broken line ends, if it is one of many: the next begins as one. */
static bool is_one_line_of_many(const struct archive_records *r)
{
	struct slice rest = slice_from(r->index.text, r->at);
	size_t end = slice_find_byte(rest, '\n');

	return r->is_lines || (end != SLICE_NPOS && begins_a_line(slice_from(rest, end + 1)));
}

static enum step broken_value(struct archive_records *r, enum scan_reason reason)
{
	if (!is_one_line_of_many(r)) {
		archive_records_end(r, reason);
		return GO_ON;
	}
	archive_records_note(r, SCAN_RECORD_NOT_JSON);
	r->place = TO_NEXT_LINE;
	return GO_ON;
}

/* The object does not end in this span. */
static enum step unfinished_object(struct archive_records *r)
{
	bool is_too_large = r->index.text.len - r->at > ARCHIVE_RECORD_BYTES_MAX;

	if (r->count > 0)
		return FLUSH;
	if (is_too_large || r->is_all_here || !archive_records_grow(r))
		return broken_value(r, is_too_large ? SCAN_TOO_LARGE : SCAN_CUT);
	return GO_ON;
}

/* A span that begins within a line begins where a value did. */
static bool is_at_line_start(const struct archive_records *r)
{
	return r->at == 0 || r->index.text.ptr[r->at - 1] == '\n';
}

/* Where lines are on their own: is this one here, and does it hold one object and nothing else? */
static enum step check_line(struct archive_records *r, bool *is_whole)
{
	struct slice line = slice_from(r->index.text, r->at);
	size_t end = slice_find_byte(line, '\n');

	*is_whole = false;
	if (end == SLICE_NPOS && !r->is_all_here && line.len <= ARCHIVE_RECORD_BYTES_MAX) {
		if (r->count > 0)
			return FLUSH;
		archive_records_grow(r);
		return GO_ON;
	}
	line = slice_sub(line, 0, end);
	size_t close = json_index_container_end(&r->index, r->at);
	*is_whole = (r->is_stamped || is_at_line_start(r)) && close < r->at + line.len && archive_skip_space(line, close + 1 - r->at) == line.len;
	return *is_whole ? GO_ON : broken_value(r, SCAN_NOT_JSON);
}

static enum step step_object(struct archive_records *r)
{
	struct slice text = r->index.text;
	size_t list, start = r->at;

	if (r->is_lines) {
		bool is_whole;
		enum step step = check_line(r, &is_whole);
		if (!is_whole)
			return step;
	}
	if (!begins_as_event(slice_from(text, r->at)) && find_list(r, r->at + 1, &list) == FOUND) {
		enter_list(r, list);
		return GO_ON;
	}
	size_t end = json_index_container_end(&r->index, r->at);
	if (end == SLICE_NPOS)
		return unfinished_object(r);
	if (text.ptr[end] != '}')
		return broken_value(r, SCAN_NOT_JSON);
	if (end - r->at >= ARCHIVE_RECORD_BYTES_MAX)
		return broken_value(r, SCAN_TOO_LARGE);
	int64_t position = r->position;
	size_t count = r->count;
	uint64_t passed = r->passed;
	enum step step = take_object(r, slice_sub(text, r->at, end + 1 - r->at));
	if (step == FLUSH || r->place == AT_END)
		return step;
	r->has_value = true;
	r->at = end + 1;
	r->is_stamped = false;
	/* what was refused and runs over several lines may have swallowed them: a string was not closed on the first */
	bool is_refused = r->position > position && r->count == count && r->passed == passed;
	size_t line = slice_find_byte(slice_sub(text, start, end - start), '\n');
	if (is_refused && line != SLICE_NPOS && begins_a_line(slice_from(text, start + line + 1))) {
		r->at = start;
		r->place = TO_NEXT_LINE;
	}
	return GO_ON;
}

/* A text that somebody took out of its envelope, quotes and all. */
static enum step step_string(struct archive_records *r)
{
	bool ignored;
	size_t end = json_index_string_end(&r->index, r->at, &ignored);

	if (end == SLICE_NPOS)
		return unfinished_object(r);
	if (end - r->at > ARCHIVE_RECORD_BYTES_MAX)
		return broken_value(r, SCAN_TOO_LARGE);
	enum step step = archive_records_put_escaped(r, slice_sub(r->index.text, r->at + 1, end - r->at - 1));
	if (step == FLUSH)
		return step;
	r->has_value = true;
	r->at = end + 1;
	return GO_ON;
}

/* What is neither an object nor a list: a time before an object, a text with one in it, or nothing that we know. */
static enum step step_other(struct archive_records *r)
{
	struct slice rest = slice_from(r->index.text, r->at);
	size_t stamp = stamp_before_object(rest);

	if (stamp == 0 && rest.len < STAMP_BYTES_MAX && !r->is_all_here) {
		if (r->count > 0)
			return FLUSH;
		archive_records_grow(r);
		return GO_ON;
	}
	if (stamp > 0) {
		r->is_stamped = is_at_line_start(r);
		r->at += stamp;
		return GO_ON;
	}
	if (rest.len > 1 && rest.ptr[0] == '"' && is_object_text(slice_from(rest, 1)) && !r->is_lines)
		return step_string(r);
	if (!r->has_value && !r->is_lines) {
		end_as_no_json(r);
		return GO_ON;
	}
	r->is_lines = r->is_lines || is_at_line_start(r);
	return broken_value(r, SCAN_NOT_JSON);
}

static enum step step_value(struct archive_records *r)
{
	r->at = archive_skip_space(r->index.text, r->at);
	if (r->at == r->index.text.len)
		return archive_records_want_more(r, r->has_value ? SCAN_READ : SCAN_EMPTY);
	switch (r->index.text.ptr[r->at]) {
	case '{':
		return step_object(r);
	case '[':
		r->list = LIST_OF_VALUES;
		enter_list(r, r->at);
		return GO_ON;
	default:
		return step_other(r);
	}
}

/* Spans begin where no string is open, so the next one begins there. */
static enum step step_to_next_line(struct archive_records *r)
{
	size_t end = slice_find_byte(slice_from(r->index.text, r->at), '\n');

	if (r->count > 0)
		return FLUSH;
	r->is_lines = true;
	r->is_stamped = false;
	if (end == SLICE_NPOS) {
		r->at = r->index.text.len;
		if (!archive_records_grow(r))
			archive_records_end(r, SCAN_READ);
		return GO_ON;
	}
	r->span_bytes = ARCHIVE_SPAN_BYTES_AFTER_FAULT;
	archive_records_index(r, r->begin + r->at + end + 1, r->span_bytes);
	r->is_all_here = false;
	r->place = BETWEEN_VALUES;
	return GO_ON;
}

/* ---- lists ---- */

static enum step close_list(struct archive_records *r)
{
	r->at++;
	r->place = r->list == LIST_OF_VALUES ? BETWEEN_VALUES : AFTER_LIST;
	return GO_ON;
}

static enum step step_element(struct archive_records *r)
{
	struct slice text = r->index.text;
	enum step step = GO_ON;

	r->at = archive_skip_space(text, r->at);
	if (r->at == text.len)
		return archive_records_want_more(r, SCAN_CUT);
	if (text.ptr[r->at] == ']' && r->is_first)
		return close_list(r);
	size_t end = value_end(&r->index, r->at);
	if (end == SLICE_NPOS || (end == text.len && is_scalar_byte(text.ptr[r->at])))
		return archive_records_want_more(r, SCAN_CUT);
	if (end == r->at) {
		archive_records_end(r, SCAN_NOT_JSON);
		return GO_ON;
	}
	struct slice element = slice_sub(text, r->at, end - r->at);
	if (element.len > ARCHIVE_RECORD_BYTES_MAX) {
		archive_records_end(r, SCAN_TOO_LARGE);
		return GO_ON;
	}
	if (element.ptr[0] == '"' && r->list != LIST_OF_RECORDS && is_object_text(slice_from(element, 1)))
		step = archive_records_put_escaped(r, slice_sub(element, 1, element.len - 2));
	else if (element.ptr[0] != '{')
		archive_records_note(r, SCAN_RECORD_NO_OBJECT);
	else if (element.ptr[element.len - 1] != '}')
		archive_records_end(r, SCAN_NOT_JSON);
	else if (r->list == LIST_OF_RECORDS && r->position > 0)
		step = archive_records_put(r, element);
	else
		step = take_object(r, element);
	if (step == FLUSH || r->place == AT_END)
		return step;
	r->is_first = false;
	r->at = end;
	r->place = AFTER_ELEMENT;
	return GO_ON;
}

static enum step step_after_element(struct archive_records *r)
{
	struct slice text = r->index.text;

	r->at = archive_skip_space(text, r->at);
	if (r->at == text.len)
		return archive_records_want_more(r, SCAN_CUT);
	if (text.ptr[r->at] == ']')
		return close_list(r);
	if (text.ptr[r->at] != ',') {
		archive_records_end(r, SCAN_NOT_JSON);
		return GO_ON;
	}
	r->at++;
	r->place = AT_ELEMENT;
	return GO_ON;
}

static enum step step_after_list(struct archive_records *r)
{
	struct slice text = r->index.text;
	size_t found;

	r->at = archive_skip_space(text, r->at);
	if (r->at == text.len)
		return archive_records_want_more(r, SCAN_CUT);
	if (text.ptr[r->at] == '}') {
		r->at++;
		r->place = BETWEEN_VALUES;
		return GO_ON;
	}
	if (text.ptr[r->at] != ',') {
		archive_records_end(r, SCAN_NOT_JSON);
		return GO_ON;
	}
	switch (find_list(r, r->at + 1, &found)) {
	case FOUND:
		enter_list(r, found);
		return GO_ON;
	case NOT_THERE:
		r->at = found;
		return GO_ON;
	default:
		return archive_records_want_more(r, SCAN_CUT);
	}
}

enum step archive_steps_take(struct archive_records *r)
{
	switch (r->place) {
	case BETWEEN_VALUES: return step_value(r);
	case AT_ELEMENT:     return step_element(r);
	case AFTER_ELEMENT:  return step_after_element(r);
	case AFTER_LIST:     return step_after_list(r);
	case TO_NEXT_LINE:   return step_to_next_line(r);
	default:             return GO_ON;
	}
}
