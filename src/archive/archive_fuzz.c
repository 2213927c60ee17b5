/* archive/archive_fuzz.c: no file makes the reader of archives crash, hang or give out what is no balanced object; and what it gives
 * does not depend on the gzip around it. */
#include "archive/archive_records.h"

#include "base/limits.h"
#include "codec/gzip.h"
#include "archive/fields.h"
#include "tests/fuzz.h"

struct total {
	uint64_t records, mix, left_out;
};

static struct total read_all(struct fuzz *f, struct slice bytes)
{
	static struct archive_text *text;                /* kept: making them costs more than most inputs */
	static struct archive_records *records;
	struct scan_report report = {0};
	struct archive_batch batch;
	struct total total = {0};

	if (!text) {
		text = archive_text_new(ARCHIVE_WINDOW_BYTES_MIN, NULL, NULL);
		records = archive_records_new();
	}
	if (archive_text_open_memory(text, bytes) == SCAN_READ) {
		archive_records_begin(records, text, &report, 0, "x", false);
		while (archive_records_next(records, &batch)) {
			CHECK_FUZZ(f, batch.count > 0 && batch.count <= ARCHIVE_BATCH_MAX);
			for (size_t i = 0; i < batch.count; i++) {
				struct slice record = batch.records[i].text;
				size_t at = (size_t)(record.ptr - batch.index->text.ptr);
				CHECK_FUZZ(f, record.len >= 2 && record.ptr[0] == '{' && record.ptr[record.len - 1] == '}');
				CHECK_FUZZ(f, json_index_container_end(batch.index, at) == at + record.len - 1);
				total.mix = hash64_seeded(record, total.mix + (uint64_t)batch.records[i].position);
				total.records++;
			}
		}
		CHECK_FUZZ(f, report.records == total.records);
	}
	for (size_t i = 0; i < SCAN_REASON_COUNT; i++)
		total.left_out += report.causes[i].records;
	scan_report_fini(&report);
	return total;
}

FUZZ(archive)
{
	struct total plain = read_all(f, f->input);

	if (gzip_is_gzip(f->input) || f->input.len == 0)
		return;
	static struct gzip_writer *writer;
	if (!writer)
		writer = gzip_writer_new();
	struct total packed = read_all(f, gzip_write(writer, &f->arena, f->input));
	CHECK_FUZZ(f, plain.records == packed.records && plain.mix == packed.mix && plain.left_out == packed.left_out);
}
