/* archive/literals_fuzz.c: the first line is a text; whatever record behind it has the text in a string, as JSON reads it, is not passed over;
 * and what the scan gives of the bytes with the literal is what it gives without, but for records that do not hold it. */
#include "archive/literals.h"

#include "base/limits.h"
#include "codec/json_unescape.h"
#include "archive/archive_records.h"
#include "tests/fuzz.h"

struct kept { int64_t positions[4096]; size_t count; uint64_t records; };

/* Each string of the record, unescaped: is the text in one? The plain reading, byte for byte. */
static bool holds(struct fuzz *f, struct slice record, struct slice wanted)
{
	if (slice_find(record, wanted) != SLICE_NPOS)
		return true;
	for (size_t at = 0; at < record.len; at++) {
		size_t begin = at + 1;
		if (record.ptr[at] != '"')
			continue;
		for (at = begin; at < record.len && record.ptr[at] != '"'; at++)
			at += record.ptr[at] == '\\';
		if (at >= record.len)
			return false;
		char *to = arena_alloc(&f->arena, at - begin + 1);
		struct slice text = { to, json_unescape(slice_sub(record, begin, at - begin), to) };
		if (slice_find(text, wanted) != SLICE_NPOS)
			return true;
	}
	return false;
}

static void read_all(struct fuzz *f, struct slice bytes, const struct literals *literals, struct slice wanted, struct kept *kept)
{
	static struct archive_text *text;                /* kept: making them costs more than most inputs */
	static struct archive_records *records;
	struct scan_report report = {0};
	struct archive_batch batch;

	if (!text) {
		text = archive_text_new(ARCHIVE_WINDOW_BYTES_MIN, NULL, NULL);
		records = archive_records_new();
	}
	archive_records_want(records, literals);
	if (archive_text_open_memory(text, bytes) == SCAN_READ) {
		archive_records_begin(records, text, &report, 0, "x", false);
		while (archive_records_next(records, &batch))
			for (size_t i = 0; i < batch.count && kept->count < COUNT(kept->positions); i++)
				if (holds(f, batch.records[i].text, wanted))
					kept->positions[kept->count++] = batch.records[i].position;
	}
	kept->records = report.records;
	scan_report_fini(&report);
}

FUZZ(literals)
{
	struct slice wanted, bytes = slice_cut(f->input, '\n', &wanted);
	struct literals literals;
	struct kept *all = arena_new(&f->arena, struct kept), *some = arena_new(&f->arena, struct kept);

	if (!bytes.ptr || !literals_init(&literals, &wanted, 1))
		return;
	read_all(f, bytes, NULL, wanted, all);
	read_all(f, bytes, &literals, wanted, some);
	CHECK_FUZZ(f, all->records == some->records && all->count == some->count);
	CHECK_FUZZ(f, memcmp(all->positions, some->positions, all->count * sizeof *all->positions) == 0);
	for (size_t i = 1; i < 3 && i < wanted.len; i++) {               /* by the other machine too, from another place */
		struct literals_cursor fast = {0}, slow = {0};
		struct literals scalar = literals;
		scalar.machine = TEXT_SCALAR;
		CHECK_FUZZ(f, literals_may_be_in(&literals, bytes, i < bytes.len ? i : 0, bytes.len, &fast)
		              == literals_may_be_in(&scalar, bytes, i < bytes.len ? i : 0, bytes.len, &slow));
	}
}
