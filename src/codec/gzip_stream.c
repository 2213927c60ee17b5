/* codec/gzip_stream.c: zlib, which keeps its place between calls, as libdeflate does not. */
#include "codec/gzip_stream.h"

#include <zlib.h>

enum { WINDOW_BITS = 15, GZIP_ONLY = 16 };

struct gzip_stream {
	z_stream zlib;
	bool     is_within;                     /* a member has begun and not ended */
	bool     has_member;                    /* one has ended */
};

struct gzip_stream *gzip_stream_new(void)
{
	struct gzip_stream *stream = xcalloc(1, sizeof *stream);
	int result = inflateInit2(&stream->zlib, WINDOW_BITS + GZIP_ONLY);

	assert(result == Z_OK);                 /* what else: no memory */
	return stream;
}

void gzip_stream_free(struct gzip_stream *stream)
{
	if (!stream)
		return;
	inflateEnd(&stream->zlib);
	free(stream);
}

void gzip_stream_begin(struct gzip_stream *stream)
{
	inflateReset(&stream->zlib);
	stream->is_within = stream->has_member = false;
}

/* zlib counts in 32 bits, and calls what it reads not const. */
static int inflate_some(struct gzip_stream *stream, struct slice *in, char *out, size_t room, size_t *written)
{
	z_stream *zlib = &stream->zlib;
	size_t given = in->len < UINT32_MAX ? in->len : UINT32_MAX, free_bytes = room < UINT32_MAX ? room : UINT32_MAX;

	zlib->next_in = (Bytef *)(uintptr_t)in->ptr;
	zlib->avail_in = (uInt)given;
	zlib->next_out = (Bytef *)out;
	zlib->avail_out = (uInt)free_bytes;
	int result = inflate(zlib, Z_NO_FLUSH);
	*in = slice_from(*in, given - zlib->avail_in);
	*written += free_bytes - zlib->avail_out;
	return result;
}

enum gzip_state gzip_stream_read(struct gzip_stream *stream, struct slice *in, bool is_last, char *out, size_t room,
                                 size_t *written)
{
	*written = 0;
	for (;;) {
		if (!stream->is_within) {
			if (in->len == 0)
				return !is_last ? GZIP_GOES_ON : stream->has_member ? GZIP_ENDED : GZIP_CUT;
			if (stream->has_member && in->ptr[0] != '\x1f')
				return GZIP_FOLLOWED;
			inflateReset(&stream->zlib);
			stream->is_within = true;
		}
		size_t before = in->len;
		size_t written_before = *written;
		int result = inflate_some(stream, in, out + *written, room - *written, written);
		if (result == Z_STREAM_END) {
			stream->is_within = false;
			stream->has_member = true;
			continue;
		}
		if (result != Z_OK && result != Z_BUF_ERROR)
			return GZIP_DAMAGED;
		if (*written == room)
			return GZIP_GOES_ON;
		if (in->len == 0)
			return is_last ? GZIP_CUT : GZIP_GOES_ON;
		if (in->len == before && *written == written_before)
			return GZIP_DAMAGED;    /* it stands still with input and room: cannot be, and must not be for ever */
	}
}
