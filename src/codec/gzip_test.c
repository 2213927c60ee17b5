/* codec/gzip_test.c: what goes in comes out; damage, bombs and trailing bytes do not. */
#include "codec/gzip.h"

#include "tests/test.h"

struct pair {
	struct gzip_writer *writer;
	struct gzip_reader *reader;
};

static struct pair pair_new(void)
{
	return (struct pair){ gzip_writer_new(), gzip_reader_new() };
}

static void pair_free(struct pair *pair)
{
	gzip_writer_free(pair->writer);
	gzip_reader_free(pair->reader);
}

static struct slice zeros(struct test *t, size_t bytes)
{
	return (struct slice){ arena_zalloc(&t->arena, bytes), bytes };
}

TEST(gzip_gives_back_what_was_written)
{
	static const size_t lengths[] = { 0, 1, 100, 65536, 1 << 20, (1 << 20) + 1, 5000000 };
	struct pair pair = pair_new();

	for (size_t i = 0; i < COUNT(lengths); i++) {
		char *bytes = arena_alloc(&t->arena, lengths[i]);
		for (size_t b = 0; b < lengths[i]; b++)
			bytes[b] = (char)(b * b >> 7);
		struct slice file = gzip_write(pair.writer, &t->arena, (struct slice){ bytes, lengths[i] });
		CHECK(t, gzip_is_gzip(file));
		struct slice out = gzip_read(pair.reader, file, 5000000, &t->err);
		CHECK(t, out.ptr && out.len == lengths[i] && memcmp(out.ptr, bytes, out.len) == 0);
	}
	pair_free(&pair);
}

TEST(gzip_writes_the_same_bytes_for_the_same_bytes)
{
	struct pair pair = pair_new();

	CHECK_TEXT(t, gzip_write(pair.writer, &t->arena, S("abcabcabc")), gzip_write(pair.writer, &t->arena, S("abcabcabc")));
	pair_free(&pair);
}

TEST(gzip_reads_members_one_after_the_other)
{
	struct pair pair = pair_new();
	struct slice one = gzip_write(pair.writer, &t->arena, S("one ")), two = gzip_write(pair.writer, &t->arena, S("two"));
	char *bytes = arena_alloc(&t->arena, one.len + two.len);

	memcpy(bytes, one.ptr, one.len);
	memcpy(bytes + one.len, two.ptr, two.len);
	CHECK_TEXT(t, gzip_read(pair.reader, (struct slice){ bytes, one.len + two.len }, 1000, &t->err), S("one two"));
	pair_free(&pair);
}

TEST(gzip_stops_at_the_bound)
{
	struct pair pair = pair_new();
	struct slice bomb = gzip_write(pair.writer, &t->arena, zeros(t, 20 << 20));

	CHECK(t, bomb.len < 100000);
	CHECK(t, gzip_read(pair.reader, bomb, 20 << 20, &t->err).len == 20 << 20);
	CHECK(t, !gzip_read(pair.reader, bomb, (20 << 20) - 1, &t->err).ptr);
	CHECK_NUMBER(t, t->err.kind, ERR_LIMIT);
	pair_free(&pair);

	pair = pair_new();                      /* a fresh one, whose room is smaller */
	CHECK(t, !gzip_read(pair.reader, bomb, 3 << 20, &t->err).ptr);
	CHECK_NUMBER(t, t->err.kind, ERR_LIMIT);
	pair_free(&pair);
}

TEST(gzip_refuses_what_is_damaged_cut_or_followed_by_more)
{
	struct pair pair = pair_new();
	struct slice file = gzip_write(pair.writer, &t->arena, S("some text that is long enough to be damaged in the middle"));

	for (size_t cut = 0; cut < file.len; cut++)
		CHECK(t, !gzip_read(pair.reader, slice_sub(file, 0, cut), 1000, &t->err).ptr);
	for (size_t at = 10; at < file.len; at++) {
		char *bytes = arena_alloc(&t->arena, file.len);
		memcpy(bytes, file.ptr, file.len);
		bytes[at] ^= 0x40;
		CHECK(t, !gzip_read(pair.reader, (struct slice){ bytes, file.len }, 1000, &t->err).ptr);
	}
	CHECK(t, !gzip_read(pair.reader, arena_format(&t->arena, "%s", "{\"Records\":[]} is no gzip"), 1000, &t->err).ptr);
	char *longer = arena_zalloc(&t->arena, file.len + 8);
	memcpy(longer, file.ptr, file.len);
	CHECK(t, !gzip_read(pair.reader, (struct slice){ longer, file.len + 8 }, 1000, &t->err).ptr);
	CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
	pair_free(&pair);
}
