/* store/object_writer_test.c: what was written is durable, is not plain, and is gone where it could not be written. */
#include "tests/object_place.h"

TEST(object_writer_keeps_every_byte)
{
	static const size_t sizes[] = { 0, 1, OBJECT_FRAME_BYTES - 1, OBJECT_FRAME_BYTES, OBJECT_FRAME_BYTES + 1,
	                                2 * OBJECT_FRAME_BYTES, OBJECT_PLACE_LARGEST - 1 };
	struct object_place place = object_place_new(t, NULL);

	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct object_facts facts = object_place_put(t, &place, sizes[i]);
		struct stat file;
		CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&facts), sizes[i]), ERR_NONE);
		CHECK_NUMBER(t, fstatat(place.dir_fd, object_place_path(t, object_place_name(&facts)), &file, 0), 0);
		CHECK_NUMBER(t, file.st_size, object_format_file_bytes(sizes[i]));
		CHECK_NUMBER(t, file.st_mode & 0777, 0600);
	}
	objects_close(place.objects);
}

TEST(object_writer_leaves_no_plain_text_on_disk)
{
	struct object_place place = object_place_new(t, NULL);
	memset(place.plain, 'x', 4096);
	struct object_facts facts = object_place_put(t, &place, 4096);
	char *path = arena_alloc(&t->arena, PATH_MAX);

	snprintf(path, PATH_MAX, "/proc/self/fd/%d/%s", place.dir_fd, object_place_path(t, object_place_name(&facts)));
	CHECK(t, slice_find(test_read_file(t, path), S("xxxxxxxx")) == SLICE_NPOS);
	objects_close(place.objects);
}

TEST(object_writer_syncs_bytes_and_name_last)
{
	struct watched watched = { .disk = { .before = object_place_watch } };
	struct object_place place = object_place_new(t, &watched.disk);

	object_place_put(t, &place, 100);
	CHECK(t, watched.last[0] == DISK_WRITE && watched.last[1] == DISK_SYNC && watched.last[2] == DISK_SYNC_DIR);
	objects_close(place.objects);
}

TEST(object_writer_that_fails_leaves_no_file)
{
	struct watched watched = { .disk = { .before = object_place_watch } };
	struct object_place place = object_place_new(t, &watched.disk);
	bool has_failed = true;

	for (uint64_t n = 1; has_failed && n < 100; n++) {
		struct object_facts facts;
		watched.fail_at = watched.count + n;
		struct object_writer *writer = object_create(place.objects, OBJECT_PLACE_KEY, &place.random, &t->err);
		bool ok = writer && object_append(writer, (struct slice){ place.plain, OBJECT_PLACE_LARGEST }, &t->err)
		       && object_finish(writer, &facts, &t->err);
		has_failed = !ok;
		if (has_failed)
			object_abort(writer);
		else
			object_writer_close(writer);
		CHECK_NUMBER(t, object_place_file_count(t, &place), ok ? 1 : 0);
		CHECK(t, ok || t->err.kind == ERR_IO);
	}
	CHECK(t, !has_failed && watched.count > 50);
	objects_close(place.objects);
}
