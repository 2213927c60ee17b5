/* codec/gzip_fuzz.c: no file makes the reader crash, run on or give more than it was told. */
#include "codec/gzip.h"

#include "tests/fuzz.h"

FUZZ(gzip)
{
	enum { BYTES_MAX = 3 << 20 };
	struct gzip_reader *reader = gzip_reader_new();
	struct slice out = gzip_read(reader, f->input, BYTES_MAX, &f->err);

	CHECK_FUZZ(f, out.len <= BYTES_MAX);
	CHECK_FUZZ(f, out.ptr != NULL || f->err.kind == ERR_CORRUPT || f->err.kind == ERR_LIMIT);
	gzip_reader_free(reader);
}
