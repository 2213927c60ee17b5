/* tests/object_place.c: see the header. */
#include "tests/object_place.h"

struct object_place object_place_new(struct test *t, struct disk *disk)
{
	struct object_place place = { .dir_fd = empty_dir(t, "objects-test"), .plain = arena_alloc(&t->arena, OBJECT_PLACE_LARGEST) };

	random_init_seeded(&place.random, 7);
	random_bytes(&place.random, place.plain, OBJECT_PLACE_LARGEST);
	place.objects = objects_open(disk, place.dir_fd, &t->err);
	CHECK(t, place.objects != NULL);
	return place;
}

struct object_facts object_place_put(struct test *t, struct object_place *place, size_t bytes)
{
	struct object_facts facts = {0};
	struct object_writer *writer = object_create(place->objects, OBJECT_PLACE_KEY, &place->random, &t->err);

	CHECK(t, writer && object_append(writer, (struct slice){ place->plain, bytes / 3 }, &t->err)
	         && object_append(writer, (struct slice){ place->plain + bytes / 3, bytes - bytes / 3 }, &t->err)
	         && object_finish(writer, &facts, &t->err));
	CHECK_NUMBER(t, facts.bytes, bytes);
	object_writer_close(writer);
	return facts;
}

struct slice object_place_name(const struct object_facts *facts)
{
	return (struct slice){ facts->name, OBJECT_NAME_BYTES };
}

const char *object_place_path(struct test *t, struct slice name)
{
	char *path = arena_alloc(&t->arena, 64);

	snprintf(path, 64, "objects/%.2s/%.*s", name.ptr, SLICE_ARG(name));
	return path;
}

enum error_kind object_place_read(struct test *t, struct object_place *place, struct slice name, size_t bytes)
{
	struct error err = {0};
	char *out = arena_alloc(&t->arena, bytes + 1);
	struct object_reader *reader = object_open(place->objects, name, OBJECT_PLACE_KEY, bytes, &err);
	bool ok = reader && object_read(reader, 0, out, bytes, &err);

	object_reader_close(reader);
	CHECK(t, ok == (err.kind == ERR_NONE));
	CHECK(t, !ok || memcmp(out, place->plain, bytes) == 0);
	return err.kind;
}

int object_place_watch(struct disk *disk, struct disk_operation *operation)
{
	struct watched *watched = (struct watched *)disk;

	if (operation->kind == DISK_READ && operation->offset >= OBJECT_HEADER_BYTES) {
		watched->read_from = operation->offset < watched->read_from ? operation->offset : watched->read_from;
		watched->read_to = operation->offset + operation->bytes;
	}
	if (operation->kind == DISK_READ || operation->kind == DISK_OPEN)
		return 0;
	memmove(watched->last, watched->last + 1, 2 * sizeof watched->last[0]);
	watched->last[2] = operation->kind;
	return ++watched->count == watched->fail_at ? EIO : 0;
}

static bool count_file(void *user, const char *name, struct error *err)
{
	(void)name, (void)err;
	++*(int *)user;
	return true;
}

static bool count_in_folder(void *user, const char *name, struct error *err)
{
	char path[32];

	snprintf(path, sizeof path, "objects/%.2s", name);
	int fd = file_open_dir(((int *)user)[1], path, err);
	bool ok = fd >= 0 && file_list(fd, count_file, user, err);
	file_close(fd);
	return ok;
}

int object_place_file_count(struct test *t, const struct object_place *place)
{
	int count_and_fd[2] = { 0, place->dir_fd };
	int fd = file_open_dir(place->dir_fd, "objects", &t->err);

	CHECK(t, file_list(fd, count_in_folder, count_and_fd, &t->err));
	file_close(fd);
	return count_and_fd[0];
}
