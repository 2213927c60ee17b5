/* codec/gzip_stream_fuzz.c: no file makes the stream crash, stand still or outgrow its room; where gzip_read() takes the whole file,
 * the stream gives the same bytes. The first byte of the input says into which pieces the rest is cut. */
#include "codec/gzip.h"
#include "codec/gzip_stream.h"
#include "tests/fuzz.h"

enum { OUT_BYTES_MAX = 3 << 20 };

FUZZ(gzip_stream)
{
	if (f->input.len == 0)
		return;
	size_t piece = (size_t)(unsigned char)f->input.ptr[0] * 16 + 1, length = 0, written = 0, given = 0, steps = 0;
	struct slice file = slice_from(f->input, 1), in = { file.ptr, 0 };
	struct gzip_stream *stream = gzip_stream_new();
	static char out[OUT_BYTES_MAX];
	enum gzip_state state;

	do {
		if (in.len == 0) {
			in = slice_sub(file, given, piece);
			given += in.len;
		}
		state = gzip_stream_read(stream, &in, given == file.len, out + length, OUT_BYTES_MAX - length, &written);
		CHECK_FUZZ(f, written <= OUT_BYTES_MAX - length);
		length += written;
		CHECK_FUZZ(f, ++steps <= file.len + OUT_BYTES_MAX);
	} while (state == GZIP_GOES_ON && length < OUT_BYTES_MAX);

	struct gzip_reader *reader = gzip_reader_new();
	struct slice whole = gzip_read(reader, file, OUT_BYTES_MAX - 1, &f->err);
	if (whole.ptr) {
		CHECK_FUZZ(f, state == GZIP_ENDED);
		CHECK_FUZZ(f, slice_equal(whole, (struct slice){ out, length }));
	}
	gzip_reader_free(reader);
	gzip_stream_free(stream);
}
