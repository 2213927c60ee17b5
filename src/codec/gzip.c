/* codec/gzip.c: libdeflate, which works on whole buffers; the reader guesses the size and grows its own. */
#include "codec/gzip.h"

#include <libdeflate.h>

enum { LEVEL = 6, OUT_BYTES_FIRST = 1 << 20, GROWTH = 2, RATIO_MAX = 1032, MEMBER_BYTES_MIN = 18 };

struct gzip_writer { struct libdeflate_compressor *compressor; };

struct gzip_reader {
	struct libdeflate_decompressor *decompressor;
	char                           *out;
	size_t                          room;
};

struct gzip_writer *gzip_writer_new(void)
{
	struct gzip_writer *writer = xcalloc(1, sizeof *writer);

	writer->compressor = libdeflate_alloc_compressor(LEVEL);
	assert(writer->compressor);
	return writer;
}

void gzip_writer_free(struct gzip_writer *writer)
{
	if (!writer)
		return;
	libdeflate_free_compressor(writer->compressor);
	free(writer);
}

struct slice gzip_write(struct gzip_writer *writer, struct arena *arena, struct slice bytes)
{
	size_t room = libdeflate_gzip_compress_bound(writer->compressor, bytes.len);
	char *out = arena_alloc(arena, room);
	size_t length = libdeflate_gzip_compress(writer->compressor, bytes.ptr, bytes.len, out, room);

	assert(length > 0);                     /* the bound is one */
	return (struct slice){ out, length };
}

struct gzip_reader *gzip_reader_new(void)
{
	struct gzip_reader *reader = xcalloc(1, sizeof *reader);

	reader->decompressor = libdeflate_alloc_decompressor();
	assert(reader->decompressor);
	return reader;
}

void gzip_reader_free(struct gzip_reader *reader)
{
	if (!reader)
		return;
	libdeflate_free_decompressor(reader->decompressor);
	free(reader->out);
	free(reader);
}

bool gzip_is_gzip(struct slice file)
{
	return slice_has_prefix(file, S("\x1f\x8b\x08"));
}

static void make_room(struct gzip_reader *reader, size_t bytes)
{
	if (bytes <= reader->room)
		return;
	reader->out = xrealloc(reader->out, bytes);
	reader->room = bytes;
}

size_t gzip_claimed_bytes(struct slice file)
{
	uint32_t claimed;

	if (file.len < MEMBER_BYTES_MIN)
		return 0;
	memcpy(&claimed, file.ptr + file.len - sizeof claimed, sizeof claimed);
	return claimed / RATIO_MAX <= file.len ? claimed : 0;
}

/* One member at the front of `file`, behind `used` bytes of output. */
static bool read_member(struct gzip_reader *reader, struct slice *file, size_t *used, size_t bytes_max, struct error *err)
{
	for (;;) {
		size_t in = 0, out = 0, room = (reader->room < bytes_max ? reader->room : bytes_max) - *used;
		enum libdeflate_result result = libdeflate_gzip_decompress_ex(reader->decompressor, file->ptr, file->len,
		                                                              reader->out + *used, room, &in, &out);
		switch (result) {
		case LIBDEFLATE_SUCCESS:
			*used += out;
			*file = slice_from(*file, in);
			return true;
		case LIBDEFLATE_INSUFFICIENT_SPACE:
			if (reader->room >= bytes_max)
				return fail(err, ERR_LIMIT, "more than %zu bytes come out of it", bytes_max);
			make_room(reader, GROWTH * reader->room);
			break;
		default:
			return fail(err, ERR_CORRUPT, "the gzip data is damaged or cut short");
		}
	}
}

struct slice gzip_read(struct gzip_reader *reader, struct slice file, size_t bytes_max, struct error *err)
{
	size_t used = 0;

	if (file.len < MEMBER_BYTES_MIN || !gzip_is_gzip(file)) {
		fail(err, ERR_CORRUPT, "this is no gzip file");
		return SLICE_NONE;
	}
	size_t claimed = gzip_claimed_bytes(file);      /* the right room at once for a file of one member */
	make_room(reader, claimed > OUT_BYTES_FIRST && claimed <= bytes_max ? claimed : OUT_BYTES_FIRST);
	while (file.len > 0)
		if (!read_member(reader, &file, &used, bytes_max, err))
			return SLICE_NONE;
	return (struct slice){ reader->out, used };
}

struct slice gzip_read_into(struct gzip_reader *reader, struct slice file, char *out, size_t room, struct error *err)
{
	size_t used = 0;

	for (;;) {
		size_t taken = 0, written = 0;
		enum libdeflate_result result = libdeflate_gzip_decompress_ex(reader->decompressor, file.ptr, file.len, out + used,
		                                                              room - used, &taken, &written);
		if (result != LIBDEFLATE_SUCCESS) {
			if (result == LIBDEFLATE_INSUFFICIENT_SPACE)
				fail(err, ERR_LIMIT, "more than %zu bytes come out of it", room);
			else
				fail(err, ERR_CORRUPT, "the gzip data is damaged or cut short");
			return SLICE_NONE;
		}
		used += written;
		file = slice_from(file, taken);
		if (file.len == 0)
			return (struct slice){ out, used };
	}
}
