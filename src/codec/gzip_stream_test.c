/* codec/gzip_stream_test.c: the same text as gzip_read() gives, in any pieces; and what there is of a damaged file. */
#include "codec/gzip.h"
#include "codec/gzip_stream.h"
#include "tests/test.h"

enum { TEXT_BYTES = 100000 };

/* `file` in pieces of `piece` bytes into `room` bytes at a time. */
static enum gzip_state read_all(struct slice file, size_t piece, size_t room, char *out, size_t *length)
{
	struct gzip_stream *stream = gzip_stream_new();
	struct slice in = { file.ptr, 0 };
	enum gzip_state state;
	size_t given = 0, written;

	*length = 0;
	do {
		if (in.len == 0) {
			in = slice_sub(file, given, piece);
			given += in.len;
		}
		state = gzip_stream_read(stream, &in, given == file.len, out + *length, room, &written);
		*length += written;
	} while (state == GZIP_GOES_ON);
	gzip_stream_free(stream);
	return state;
}

static struct slice some_file(struct test *t, struct slice *text)
{
	struct gzip_writer *writer = gzip_writer_new();
	char *bytes = arena_alloc(&t->arena, TEXT_BYTES);

	for (size_t i = 0; i < TEXT_BYTES; i++)
		bytes[i] = (char)('a' + (i * i / 7 + i / 1000) % 23);
	*text = (struct slice){ bytes, TEXT_BYTES };
	struct slice first = gzip_write(writer, &t->arena, slice_sub(*text, 0, 60000));
	struct slice second = gzip_write(writer, &t->arena, slice_sub(*text, 60000, 40000));
	char *both = arena_alloc(&t->arena, first.len + second.len + 1);
	memcpy(both, first.ptr, first.len);
	memcpy(both + first.len, second.ptr, second.len);
	both[first.len + second.len] = 'x';
	gzip_writer_free(writer);
	return (struct slice){ both, first.len + second.len };
}

TEST(gzip_stream_gives_all_members_whatever_the_pieces)
{
	static const size_t pieces[] = { 1, 17, 1000, 1 << 20 }, rooms[] = { 1, 333, TEXT_BYTES + 1 };
	struct slice text, file = some_file(t, &text);
	char *out = arena_alloc(&t->arena, TEXT_BYTES + TEXT_BYTES);
	size_t length;

	for (size_t p = 0; p < COUNT(pieces); p++)
		for (size_t r = 0; r < COUNT(rooms); r++) {
			CHECK_NUMBER(t, read_all(file, pieces[p], rooms[r], out, &length), GZIP_ENDED);
			CHECK(t, slice_equal(text, (struct slice){ out, length }));
		}
}

TEST(gzip_stream_gives_what_there_is_and_says_why_it_ended)
{
	struct slice text, file = some_file(t, &text);
	char *out = arena_alloc(&t->arena, TEXT_BYTES + TEXT_BYTES), *damaged = arena_alloc(&t->arena, file.len);
	size_t length;

	CHECK_NUMBER(t, read_all(slice_sub(file, 0, file.len - 9), 100, 1000, out, &length), GZIP_CUT);
	CHECK(t, length > 60000 && slice_has_prefix(text, (struct slice){ out, length }));
	CHECK_NUMBER(t, read_all(slice_sub(file, 0, 5), 100, 1000, out, &length), GZIP_CUT);
	CHECK_NUMBER(t, read_all(S(""), 100, 1000, out, &length), GZIP_CUT);
	CHECK_NUMBER(t, read_all((struct slice){ file.ptr, file.len + 1 }, 100, 1000, out, &length), GZIP_FOLLOWED);
	CHECK_NUMBER(t, length, TEXT_BYTES);
	memcpy(damaged, file.ptr, file.len);
	damaged[file.len - 6] ^= 1;                      /* in the checksum of the second member */
	CHECK_NUMBER(t, read_all((struct slice){ damaged, file.len }, 100, 1000, out, &length), GZIP_DAMAGED);
	CHECK(t, slice_has_prefix(text, (struct slice){ out, length }));
	CHECK_NUMBER(t, read_all(S("no gzip at all, but long enough"), 100, 1000, out, &length), GZIP_DAMAGED);
	CHECK_NUMBER(t, length, 0);
}
