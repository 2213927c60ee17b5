/* store/object_reader_test.c: any range is read, and nothing that is not as it was written. */
#include "tests/object_place.h"

static const unsigned char OTHER_KEY[OBJECT_KEY_BYTES] = "another";

TEST(object_reader_reads_any_range)
{
	struct object_place place = object_place_new(t, NULL);
	struct object_facts facts = object_place_put(t, &place, OBJECT_PLACE_LARGEST);
	struct object_reader *reader = object_open(place.objects, object_place_name(&facts), OBJECT_PLACE_KEY, OBJECT_PLACE_LARGEST, &t->err);
	char *out = arena_alloc(&t->arena, OBJECT_PLACE_LARGEST);

	REQUIRE(t, reader != NULL);
	for (int i = 0; i < 200; i++) {
		size_t from = random_u64(&place.random) % (OBJECT_PLACE_LARGEST + 1), bytes = random_u64(&place.random) % (OBJECT_PLACE_LARGEST - from + 1);
		CHECK(t, object_read(reader, from, out, bytes, &t->err) && memcmp(out, place.plain + from, bytes) == 0);
	}
	for (size_t from = 0; from < 3 * OBJECT_FRAME_BYTES; from += 40000)       /* onwards, as downloads read */
		CHECK(t, object_read(reader, from, out, 40000, &t->err) && memcmp(out, place.plain + from, 40000) == 0);
	object_reader_close(reader);
	objects_close(place.objects);
}

TEST(object_reader_reads_only_the_frames_of_a_range)
{
	struct watched watched = { .disk = { .before = object_place_watch }, .read_from = UINT64_MAX };
	struct object_place place = object_place_new(t, &watched.disk);
	struct object_facts facts = object_place_put(t, &place, OBJECT_PLACE_LARGEST);
	struct object_reader *reader = object_open(place.objects, object_place_name(&facts), OBJECT_PLACE_KEY, OBJECT_PLACE_LARGEST, &t->err);
	char out[2];

	CHECK(t, reader && object_read(reader, 2 * OBJECT_FRAME_BYTES - 1, out, 2, &t->err));
	CHECK_NUMBER(t, watched.read_from, OBJECT_HEADER_BYTES + OBJECT_SEALED_BYTES);
	CHECK_NUMBER(t, watched.read_to, OBJECT_HEADER_BYTES + 3 * OBJECT_SEALED_BYTES);
	object_reader_close(reader);
	objects_close(place.objects);
}

/* ---- what was done to the file afterwards ---- */

static void flip(struct test *t, int dir_fd, const char *path, off_t at)
{
	char byte;
	int fd = openat(dir_fd, path, O_RDWR | O_CLOEXEC);

	CHECK(t, fd >= 0 && pread(fd, &byte, 1, at) == 1);
	byte ^= 4;
	CHECK(t, pwrite(fd, &byte, 1, at) == 1);
	close(fd);
}

/* Copies a whole frame between files or within one. */
static void copy_frame(struct test *t, int dir_fd, const char *from, off_t from_index, const char *to, off_t to_index)
{
	char *frame = arena_alloc(&t->arena, OBJECT_SEALED_BYTES);
	int in = openat(dir_fd, from, O_RDONLY | O_CLOEXEC), out = openat(dir_fd, to, O_WRONLY | O_CLOEXEC);

	CHECK(t, pread(in, frame, OBJECT_SEALED_BYTES, OBJECT_HEADER_BYTES + from_index * OBJECT_SEALED_BYTES) == OBJECT_SEALED_BYTES);
	CHECK(t, pwrite(out, frame, OBJECT_SEALED_BYTES, OBJECT_HEADER_BYTES + to_index * OBJECT_SEALED_BYTES) == OBJECT_SEALED_BYTES);
	close(in);
	close(out);
}

TEST(object_reader_refuses_every_altered_byte)
{
	struct object_place place = object_place_new(t, NULL);
	struct object_facts facts = object_place_put(t, &place, OBJECT_FRAME_BYTES + 100);
	const char *path = object_place_path(t, object_place_name(&facts));
	off_t end = (off_t)object_format_file_bytes(facts.bytes);
	const off_t places[] = { 0, 8, 12, OBJECT_HEADER_BYTES, OBJECT_HEADER_BYTES + OBJECT_FRAME_BYTES, end - GCM_TAG_BYTES - 1, end - 1 };

	for (size_t i = 0; i < COUNT(places); i++) {
		flip(t, place.dir_fd, path, places[i]);
		CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&facts), facts.bytes), ERR_CORRUPT);
		flip(t, place.dir_fd, path, places[i]);
	}
	CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&facts), facts.bytes), ERR_NONE);
	objects_close(place.objects);
}

TEST(object_reader_refuses_frames_that_are_not_in_their_place)
{
	struct object_place place = object_place_new(t, NULL);
	struct object_facts one = object_place_put(t, &place, 3 * OBJECT_FRAME_BYTES), two = object_place_put(t, &place, 3 * OBJECT_FRAME_BYTES);
	const char *path = object_place_path(t, object_place_name(&one)), *other = object_place_path(t, object_place_name(&two));

	copy_frame(t, place.dir_fd, path, 0, path, 1);
	CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&one), one.bytes), ERR_CORRUPT);
	CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&one), one.bytes - OBJECT_FRAME_BYTES), ERR_CORRUPT);
	copy_frame(t, place.dir_fd, path, 2, other, 2);         /* the same bytes under the same key in another file */
	CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&two), two.bytes), ERR_CORRUPT);
	objects_close(place.objects);
}

TEST(object_reader_refuses_files_that_were_cut_or_renamed)
{
	struct object_place place = object_place_new(t, NULL);
	struct object_facts one = object_place_put(t, &place, 3 * OBJECT_FRAME_BYTES), two = object_place_put(t, &place, 100);
	const char *path = object_place_path(t, object_place_name(&one));
	int fd = openat(place.dir_fd, path, O_RDWR | O_CLOEXEC);

	/* Cut at a frame, with a row to match: what was not the last frame does not open as the last. */
	CHECK_NUMBER(t, ftruncate(fd, (off_t)object_format_file_bytes(2 * OBJECT_FRAME_BYTES)), 0);
	CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&one), 2 * OBJECT_FRAME_BYTES), ERR_CORRUPT);
	CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&one), 3 * OBJECT_FRAME_BYTES), ERR_CORRUPT);
	CHECK_NUMBER(t, ftruncate(fd, 3), 0);
	CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&one), 3 * OBJECT_FRAME_BYTES), ERR_CORRUPT);
	CHECK_NUMBER(t, renameat(place.dir_fd, object_place_path(t, object_place_name(&two)), place.dir_fd, path), 0);
	CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&one), 100), ERR_CORRUPT);
	CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&two), 100), ERR_NOT_FOUND);
	CHECK_NUMBER(t, object_place_read(t, &place, S("../../../../../../../etc/passwd0"), 100), ERR_CORRUPT);
	close(fd);
	objects_close(place.objects);
}

TEST(object_reader_needs_the_own_key)
{
	struct object_place place = object_place_new(t, NULL);
	struct object_facts facts = object_place_put(t, &place, 100), empty = object_place_put(t, &place, 0);
	struct object_reader *reader = object_open(place.objects, object_place_name(&facts), OTHER_KEY, 100, &t->err);
	char out[100];

	CHECK(t, reader && !object_read(reader, 0, out, 100, &t->err) && t->err.kind == ERR_CORRUPT);
	object_reader_close(reader);
	reader = object_open(place.objects, object_place_name(&empty), OTHER_KEY, 0, &t->err);
	CHECK(t, reader && !object_read(reader, 0, out, 0, &t->err));
	object_reader_close(reader);
	objects_close(place.objects);
}
