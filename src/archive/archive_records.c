/* archive/archive_records.c: the span that is looked at, the batch that is being filled, and what is said of what is left out. */
#include "archive/archive_state.h"

#include "base/limits.h"
#include "codec/json_unescape.h"

enum { PLAIN_BYTES = 1 << 20, ENVELOPE_ARENA_BYTES = 1 << 16 };

static size_t add(struct envelope *envelope, struct slice name)
{
	struct field_step step = { .key = name };
	size_t number;
	bool ok = fields_add_steps(envelope->fields, &step, 1, &number, NULL);

	assert(ok);
	return number;
}

struct archive_records *archive_records_new(void)
{
	struct archive_records *records = xcalloc(1, sizeof *records);
	struct envelope *envelope = &records->envelope;

	arena_init(&envelope->arena, ENVELOPE_ARENA_BYTES);
	envelope->fields = fields_new(&envelope->arena, FIELD_STEPS);
	envelope->lookup = add(envelope, S("CloudTrailEvent"));
	envelope->detail_type = add(envelope, S("detail-type"));
	envelope->detail = add(envelope, S("detail"));
	envelope->digest_start = add(envelope, S("digestStartTime"));
	envelope->digest_end = add(envelope, S("digestEndTime"));
	envelope->category = add(envelope, S("eventCategory"));
	envelope->message = add(envelope, S("message"));
	envelope->timestamp = add(envelope, S("timestamp"));
	fields_seal(envelope->fields);
	records->machine = json_index_fastest();
	records->plain = xmalloc(PLAIN_BYTES + ARCHIVE_RECORD_BYTES_MAX);
	return records;
}

void archive_records_free(struct archive_records *records)
{
	if (!records)
		return;
	arena_fini(&records->envelope.arena);
	json_index_fini(&records->index);
	json_index_fini(&records->plain_index);
	json_index_fini(&records->one);
	free(records->plain);
	free(records);
}

/* ---- faults ---- */

void archive_records_note_file(struct archive_records *r, enum scan_reason reason)
{
	scan_report_add_why(r->report, reason, SCAN_FILE, r->file, slice_of(r->path), archive_text_why(r->text));
}

void archive_records_note(struct archive_records *r, enum scan_reason reason)
{
	scan_report_add(r->report, reason, SCAN_RECORD, r->file, r->position++, slice_of(r->path));
}

void archive_records_end(struct archive_records *r, enum scan_reason reason)
{
	enum scan_reason fault = archive_text_fault(r->text);

	r->place = AT_END;
	if (archive_text_must_stop(r->text))
		return;
	if (fault != SCAN_READ && (reason == SCAN_READ || reason == SCAN_CUT || reason == SCAN_EMPTY))
		reason = fault;
	if (reason != SCAN_READ)
		archive_records_note_file(r, reason);
}

/* ---- the span ---- */

void archive_records_index(struct archive_records *r, size_t begin, size_t bytes)
{
	r->begin = begin;
	r->at = 0;
	r->cursor = (struct literals_cursor){0};
	json_index_build(&r->index, slice_sub(archive_text_unread(r->text), begin, bytes), r->machine);
}

bool archive_records_grow(struct archive_records *r)
{
	size_t left = r->index.text.len - r->at, used = r->begin + r->at;

	assert(r->count == 0);                           /* they stand in the span */
	if (archive_text_unread(r->text).len - used == left) {
		r->is_all_here = !archive_text_more(r->text, used);
		used = 0;
	}
	archive_records_index(r, used, left * 2 > r->span_bytes ? left * 2 : r->span_bytes);
	if (r->span_bytes < ARCHIVE_SPAN_BYTES)
		r->span_bytes *= 2;
	return !r->is_all_here;
}

enum step archive_records_want_more(struct archive_records *r, enum scan_reason at_end)
{
	if (r->count > 0)
		return FLUSH;
	if (r->index.text.len - r->at > ARCHIVE_RECORD_BYTES_MAX)
		archive_records_end(r, SCAN_TOO_LARGE);
	else if (!archive_records_grow(r))
		archive_records_end(r, at_end);
	return GO_ON;
}

/* ---- the batch ---- */

/* In a span with a fault somewhere: is it in this record? */
static bool is_sound(struct archive_records *r, struct slice text)
{
	if (!(r->index.faults & (JSON_NOT_UTF8 | JSON_CONTROL_IN_STRING)))
		return true;
	json_index_build(&r->one, text, r->machine);
	if (r->one.faults == 0)
		return true;
	archive_records_note(r, r->one.faults & JSON_NOT_UTF8 ? SCAN_RECORD_NOT_UTF8 : SCAN_RECORD_NOT_JSON);
	return false;
}

static void pass_over(struct archive_records *r)
{
	r->position++;
	r->passed++;
}

/* In the span. */
static bool is_wanted(struct archive_records *r, struct slice text)
{
	size_t at = (size_t)(text.ptr - r->index.text.ptr);

	return !r->literals || (r->index.faults & (JSON_NOT_UTF8 | JSON_CONTROL_IN_STRING))
	    || literals_may_be_in(r->literals, r->index.text, at, at + text.len, &r->cursor);
}

enum step archive_records_put(struct archive_records *r, struct slice text)
{
	if (!is_wanted(r, text)) {
		pass_over(r);
		return GO_ON;
	}
	if (r->count == ARCHIVE_BATCH_MAX || (r->is_plain && r->count > 0))
		return FLUSH;
	r->is_plain = false;
	if (is_sound(r, text))
		r->records[r->count++] = (struct archive_record){ text, r->position++ };
	return GO_ON;
}

/* A record that is the text of a string. It is looked at alone before it joins the others: its quotes must not reach them. */
enum step archive_records_put_escaped(struct archive_records *r, struct slice raw)
{
	if (r->count > 0 && (r->count == ARCHIVE_BATCH_MAX || !r->is_plain || r->plain_bytes > PLAIN_BYTES))
		return FLUSH;
	if (r->count == 0)
		r->plain_bytes = 0;
	r->is_plain = true;
	char *to = r->plain + r->plain_bytes;
	struct slice text = { to, json_unescape(raw, to) };
	text = slice_from(text, archive_skip_space(text, 0));
	while (text.len > 0 && archive_skip_space(text, text.len - 1) == text.len)
		text.len--;
	json_index_build(&r->one, text, r->machine);
	if (r->one.faults & JSON_NOT_UTF8) {
		archive_records_note(r, SCAN_RECORD_NOT_UTF8);
	} else if (r->one.faults || text.len < 2 || text.ptr[0] != '{' || text.ptr[text.len - 1] != '}'
	           || json_index_container_end(&r->one, 0) != text.len - 1) {
		archive_records_note(r, SCAN_RECORD_NOT_JSON);
	} else if (r->literals && !literals_may_be_in(r->literals, text, 0, text.len, &(struct literals_cursor){0})) {
		pass_over(r);
	} else {
		r->plain_bytes = (size_t)(text.ptr + text.len - r->plain);
		r->plain[r->plain_bytes++] = '\n';
		r->records[r->count++] = (struct archive_record){ text, r->position++ };
	}
	return GO_ON;
}

void archive_records_want(struct archive_records *r, const struct literals *literals)
{
	r->literals = literals;
}

void archive_records_begin(struct archive_records *r, struct archive_text *text, struct scan_report *report, uint64_t file,
                           const char *path, bool is_named)
{
	static const struct slice byte_order_mark = S_INIT("\xEF\xBB\xBF");
	size_t begin = slice_has_prefix(archive_text_unread(text), byte_order_mark) ? byte_order_mark.len : 0;

	r->text = text;
	r->report = report;
	r->file = file;
	r->path = path;
	r->is_named = is_named;
	r->place = BETWEEN_VALUES;
	r->is_closed = r->has_value = r->is_lines = r->is_all_here = r->is_left_out = r->is_plain = false;
	r->count = 0;
	r->position = 0;
	r->passed = r->told = 0;
	r->is_stamped = false;
	r->span_bytes = ARCHIVE_SPAN_BYTES;
	archive_records_index(r, begin, r->span_bytes);
}

static void count_file(struct archive_records *r)
{
	if (r->is_closed)
		return;
	r->is_closed = true;
	r->report->files += r->has_value && !r->is_left_out;
	r->report->bytes_read += archive_text_bytes_read(r->text);
	r->report->bytes_text += archive_text_bytes(r->text);
}

bool archive_records_next(struct archive_records *r, struct archive_batch *batch)
{
	enum step step = GO_ON;

	r->count = 0;
	while (step == GO_ON && r->place != AT_END)
		step = archive_steps_take(r);
	if (r->place == AT_END)
		count_file(r);
	r->report->records += r->passed - r->told;
	r->told = r->passed;
	if (r->count == 0)
		return false;
	if (r->is_plain)
		json_index_build(&r->plain_index, (struct slice){ r->plain, r->plain_bytes }, r->machine);
	r->report->records += r->count;
	*batch = (struct archive_batch){ r->is_plain ? &r->plain_index : &r->index, r->records, r->count };
	return true;
}
