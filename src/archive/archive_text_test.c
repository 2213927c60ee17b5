/* archive/archive_text_test.c: files, pipes and what is neither: the text, or why there is none. */
#include "archive/archive_text.h"

#include "base/limits.h"
#include "base/thread.h"
#include "codec/gzip.h"
#include "tests/test.h"

static const char *write_file(struct test *t, const char *dir, const char *name, struct slice bytes)
{
	const char *path = arena_printf(&t->arena, "%s/%s", dir, name);
	FILE *file = fopen(path, "wb");

	assert(file && fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len && fclose(file) == 0);
	return path;
}

/* All of the text, dropped `step` bytes at a time. */
static struct slice read_all(struct test *t, struct archive_text *text, size_t step)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 64 << 20);
	do {
		struct slice unread = archive_text_unread(text);
		size_t used = unread.len < step ? unread.len : step;
		buffer_add(&out, slice_sub(unread, 0, used));
		if (!archive_text_more(text, used) && archive_text_unread(text).len == 0)
			break;
	} while (true);
	return (struct slice){ out.len ? out.ptr : "", out.len };
}

TEST(archive_text_is_the_same_packed_or_not_small_or_large)
{
	const char *dir = test_dir(t, "texts");
	struct archive_text *text = archive_text_new(ARCHIVE_WINDOW_BYTES_MIN, NULL, NULL);
	struct gzip_writer *writer = gzip_writer_new();
	static const size_t sizes[] = { 1, 2, 5, 1000, ARCHIVE_WINDOW_BYTES_MIN / 4, ARCHIVE_WINDOW_BYTES_MIN,
	                                ARCHIVE_WINDOW_BYTES_MIN + 1, 5 << 20 };
	char *bytes = xmalloc(5 << 20);

	for (size_t i = 0; i < 5 << 20; i++)
		bytes[i] = (char)('a' + (i * 2654435761u >> 13) % 26);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct slice want = { bytes, sizes[i] };
		CHECK_NUMBER(t, archive_text_open(text, write_file(t, dir, "plain", want), false), SCAN_READ);
		CHECK(t, slice_equal(read_all(t, text, 100000), want));
		CHECK_NUMBER(t, archive_text_bytes_read(text), want.len);
		struct slice packed = gzip_write(writer, &t->arena, want);
		CHECK_NUMBER(t, archive_text_open(text, write_file(t, dir, "packed", packed), false), SCAN_READ);
		CHECK(t, slice_equal(read_all(t, text, 100000), want));
		CHECK_NUMBER(t, archive_text_bytes_read(text), packed.len);
		CHECK_NUMBER(t, archive_text_bytes(text), want.len);
		CHECK_NUMBER(t, archive_text_fault(text), SCAN_READ);
	}
	free(bytes);
	gzip_writer_free(writer);
	archive_text_free(text);
}

TEST(archive_text_says_why_there_is_none)
{
	const char *dir = test_dir(t, "none");
	struct archive_text *text = archive_text_new(ARCHIVE_WINDOW_BYTES_MIN, NULL, NULL);
	const char *fifo = arena_printf(&t->arena, "%s/fifo", dir);

	CHECK(t, mkfifo(fifo, 0600) == 0);
	CHECK_NUMBER(t, archive_text_open(text, fifo, false), SCAN_NO_FILE);      /* and does not wait for a writer */
	CHECK_NUMBER(t, archive_text_open(text, arena_printf(&t->arena, "%s/missing", dir), true), SCAN_UNREADABLE);
	CHECK_NUMBER(t, archive_text_open(text, dir, true), SCAN_UNREADABLE);
	CHECK_NUMBER(t, archive_text_open(text, write_file(t, dir, "empty", S("")), false), SCAN_EMPTY);
	CHECK_NUMBER(t, archive_text_open(text, write_file(t, dir, "cut.gz", S("\x1f\x8b\x08")), false), SCAN_CUT);
	CHECK_NUMBER(t, archive_text_open(text, write_file(t, dir, "bad.gz", S("\x1f\x8b\x08\0\0\0\0\0\0\3\xFF\xFF\xFF\xFF")), false), SCAN_DAMAGED);
	archive_text_free(text);
}

struct piper {
	struct thread thread;
	const char   *path;
};

static void write_slowly(void *argument)
{
	struct piper *piper = argument;
	int fd = open(piper->path, O_WRONLY | O_CLOEXEC);

	for (int i = 0; i < 1000; i++)
		assert(write(fd, "{\"a\":1}\n", 8) == 8);
	close(fd);
}

static bool at_once(void *user)
{
	(void)user;
	return true;
}

TEST(archive_text_of_a_pipe_that_was_named_comes_as_it_is_written)
{
	struct archive_text *text = archive_text_new(ARCHIVE_WINDOW_BYTES_MIN, NULL, NULL);
	struct piper piper = { .path = arena_printf(&t->arena, "%s/fifo", test_dir(t, "pipe")) };

	CHECK(t, mkfifo(piper.path, 0600) == 0);
	REQUIRE(t, thread_start(&piper.thread, "piper", write_slowly, &piper, &t->err));
	CHECK_NUMBER(t, archive_text_open(text, piper.path, true), SCAN_READ);
	CHECK_NUMBER(t, read_all(t, text, 4096).len, 8000);
	thread_join(&piper.thread);
	archive_text_free(text);
}

TEST(archive_text_stops_waiting_for_a_pipe_when_it_is_told_to)
{
	struct archive_text *text = archive_text_new(ARCHIVE_WINDOW_BYTES_MIN, at_once, NULL);
	const char *fifo = arena_printf(&t->arena, "%s/fifo", test_dir(t, "stop"));

	CHECK(t, mkfifo(fifo, 0600) == 0);
	int keeps_it_open = open(fifo, O_RDWR | O_CLOEXEC);
	CHECK_NUMBER(t, archive_text_open(text, fifo, true), SCAN_UNREADABLE);
	close(keeps_it_open);
	archive_text_free(text);
}

TEST(archive_text_of_a_link_is_that_of_the_file_it_leads_to)
{
	const char *dir = test_dir(t, "links");
	struct archive_text *text = archive_text_new(ARCHIVE_WINDOW_BYTES_MIN, NULL, NULL);
	const char *link = arena_printf(&t->arena, "%s/link", dir);

	write_file(t, dir, "file", S("{}"));
	CHECK(t, symlink("file", link) == 0);
	for (int is_named = 0; is_named < 2; is_named++) {
		CHECK_NUMBER(t, archive_text_open(text, link, is_named), SCAN_READ);
		CHECK_TEXT(t, read_all(t, text, 100), S("{}"));
	}
	archive_text_free(text);
}
