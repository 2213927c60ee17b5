/* archive/scan_report.c: counts, and the first names of each reason by insertion. */
#include "archive/scan_report.h"

#include "codec/utf8.h"

static const struct reason_row {
	const char *text;
	bool        is_fault;
} REASONS[] = {
	[SCAN_READ]             = { "read", false },
	[SCAN_OUTSIDE_TIME]     = { "delivered outside the time asked for", false },
	[SCAN_OUTSIDE_PLACE]    = { "of another region or account", false },
	[SCAN_DIGEST]           = { "a digest", false },
	[SCAN_INSIGHT]          = { "Insights events", false },
	[SCAN_CONTROL]          = { "a control message of CloudWatch Logs", false },
	[SCAN_FOREIGN]          = { "neither gzip nor JSON", false },
	[SCAN_EMPTY]            = { "empty", false },
	[SCAN_LINK]             = { "a link to a folder", false },
	[SCAN_NO_FILE]          = { "no regular file", false },
	[SCAN_UNREADABLE]       = { "could not be read", true },
	[SCAN_NOTHING_THERE]    = { "nothing is there", true },
	[SCAN_VANISHED]         = { "listed, and gone when it was asked for", true },
	[SCAN_DENIED]           = { "access denied", true },
	[SCAN_TOO_DEEP]         = { "a folder too deep down", true },
	[SCAN_NOT_JSON]         = { "not JSON, or not to its end", true },
	[SCAN_CUT]              = { "ends too early", true },
	[SCAN_DAMAGED]          = { "the gzip data is damaged", true },
	[SCAN_FOLLOWED]         = { "other bytes behind the gzip data", true },
	[SCAN_BOMB]             = { "inflates to more than a log would", true },
	[SCAN_TOO_LARGE]        = { "something larger than any record; not read from there on", true },
	[SCAN_RECORD_NOT_JSON]  = { "a record that is not JSON", true },
	[SCAN_RECORD_NOT_UTF8]  = { "a record that is not UTF-8", true },
	[SCAN_RECORD_NO_OBJECT] = { "a record that is no object", true },
	[SCAN_NAME_NOT_UTF8]    = { "read; the name is not UTF-8", false },
};
_Static_assert(COUNT(REASONS) == SCAN_REASON_COUNT, "a row for every reason");

const char *scan_reason_text(enum scan_reason reason)
{
	return REASONS[reason].text;
}

bool scan_reason_is_fault(enum scan_reason reason)
{
	return REASONS[reason].is_fault;
}

/* A file's name may be anything; a terminal gets only text. `to` has room for four times the text. */
static char *write_printable(char *to, struct slice text)
{
	while (text.len > 0) {
		uint32_t code_point;
		size_t bytes = utf8_decode(text, &code_point);
		bool is_text = bytes > 0 && code_point >= 0x20 && !(code_point >= 0x7F && code_point < 0xA0);
		if (is_text) {
			memcpy(to, text.ptr, bytes);
			to += bytes;
		} else {
			bytes = 1;
			to += snprintf(to, 5, "\\x%02x", (unsigned char)text.ptr[0]);
		}
		text = slice_from(text, bytes);
	}
	return to;
}

/* "path", or "path (why)". */
static char *name_of(struct slice path, struct slice why)
{
	char *text = xmalloc((path.len + why.len) * 4 + sizeof " ()");
	char *end = write_printable(text, path);

	if (why.len > 0) {
		end = write_printable(end, S(" ("));
		end = write_printable(end, why);
		end = write_printable(end, S(")"));
	}
	*end = 0;
	return text;
}

static bool is_before(const struct scan_name *a, const struct scan_name *b)
{
	return a->file != b->file ? a->file < b->file : a->position < b->position;
}

/* Takes `name`, and gives away the last if there were enough. */
static void insert_name(struct scan_cause *cause, struct scan_name name)
{
	size_t at = cause->name_count;

	if (at == SCAN_NAMES_MAX) {
		if (!is_before(&name, &cause->names[at - 1])) {
			free(name.text);
			return;
		}
		free(cause->names[--at].text);
	}
	for (; at > 0 && is_before(&name, &cause->names[at - 1]); at--)
		cause->names[at] = cause->names[at - 1];
	cause->names[at] = name;
	cause->name_count += cause->name_count < SCAN_NAMES_MAX;
}

static void add(struct scan_report *report, enum scan_reason reason, enum scan_unit unit, uint64_t file, int64_t position,
                struct slice path, struct slice why)
{
	struct scan_cause *cause = &report->causes[reason];
	struct scan_name name = { .file = file, .position = unit == SCAN_RECORD ? position : SCAN_WHOLE_FILE };

	*(unit == SCAN_FILE ? &cause->files : unit == SCAN_FOLDER ? &cause->folders : &cause->records) += 1;
	if (cause->name_count < SCAN_NAMES_MAX || is_before(&name, &cause->names[SCAN_NAMES_MAX - 1])) {
		name.text = name_of(path, why);
		insert_name(cause, name);
	}
}

void scan_report_add(struct scan_report *report, enum scan_reason reason, enum scan_unit unit, uint64_t file, int64_t position,
                     struct slice path)
{
	add(report, reason, unit, file, position, path, S(""));
}

void scan_report_add_why(struct scan_report *report, enum scan_reason reason, enum scan_unit unit, uint64_t file, struct slice path,
                         struct slice why)
{
	add(report, reason, unit, file, SCAN_WHOLE_FILE, path, why);
}

void scan_report_merge(struct scan_report *into, const struct scan_report *from)
{
	into->files += from->files;
	into->records += from->records;
	into->bytes_read += from->bytes_read;
	into->bytes_text += from->bytes_text;
	for (size_t reason = 0; reason < SCAN_REASON_COUNT; reason++) {
		const struct scan_cause *cause = &from->causes[reason];
		into->causes[reason].files += cause->files;
		into->causes[reason].folders += cause->folders;
		into->causes[reason].records += cause->records;
		for (size_t i = 0; i < cause->name_count; i++) {
			struct scan_name name = cause->names[i];
			name.text = strdup(name.text);
			assert(name.text);
			insert_name(&into->causes[reason], name);
		}
	}
}

void scan_report_fini(struct scan_report *report)
{
	for (size_t reason = 0; reason < SCAN_REASON_COUNT; reason++)
		for (size_t i = 0; i < report->causes[reason].name_count; i++)
			free(report->causes[reason].names[i].text);
	*report = (struct scan_report){0};
}

bool scan_report_has_faults(const struct scan_report *report)
{
	for (size_t reason = 0; reason < SCAN_REASON_COUNT; reason++) {
		const struct scan_cause *cause = &report->causes[reason];
		if (REASONS[reason].is_fault && cause->files + cause->folders + cause->records > 0)
			return true;
	}
	return false;
}

static void write_count(struct buffer *out, uint64_t count, const char *noun)
{
	if (count > 0)
		buffer_printf(out, "%" PRIu64 " %s%s, ", count, noun, count == 1 ? "" : "s");
}

static void write_cause(const struct scan_cause *cause, enum scan_reason reason, struct buffer *out)
{
	uint64_t count = cause->files + cause->folders + cause->records;

	if (count == 0)
		return;
	write_count(out, cause->files, "file");
	write_count(out, cause->folders, "folder");
	write_count(out, cause->records, "record");
	buffer_truncate(out, out->len - 2);
	buffer_printf(out, ": %s\n", REASONS[reason].text);
	for (size_t i = 0; i < cause->name_count; i++) {
		const struct scan_name *name = &cause->names[i];
		buffer_printf(out, "  %s", name->text);
		if (name->position != SCAN_WHOLE_FILE)
			buffer_printf(out, ", record %" PRId64, name->position);
		buffer_byte(out, '\n');
	}
	if (count > cause->name_count)
		buffer_printf(out, "  and %" PRIu64 " more\n", count - cause->name_count);
}

void scan_report_write(const struct scan_report *report, struct buffer *out)
{
	buffer_printf(out, "%" PRIu64 " record%s in %" PRIu64 " file%s, %" PRIu64 " bytes, %" PRIu64 " of JSON\n", report->records,
	              report->records == 1 ? "" : "s", report->files, report->files == 1 ? "" : "s", report->bytes_read,
	              report->bytes_text);
	for (size_t reason = 0; reason < SCAN_REASON_COUNT; reason++)
		write_cause(&report->causes[reason], (enum scan_reason)reason, out);
}
