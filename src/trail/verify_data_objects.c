/* trail/verify_data_objects.c: every file that a row names is opened with the row's key and read to its end, on all cores. */
#include "auth/keyring.h"
#include "base/file.h"
#include "bucket/stored_files.h"
#include "store/catalog.h"
#include "store/object_reader.h"
#include "trail/verify_data_parts.h"

enum { READ_BYTES = 4 * OBJECT_FRAME_BYTES };

/* ---- which there are ---- */

static struct slice name_of(struct arena *arena, const struct stored_file *stored)
{
	if (!stored->bucket.ptr)
		return arena_format(arena, "part %" PRId64 " of upload %.*s", stored->number, SLICE_ARG(stored->parts_id));
	if (slice_equal(stored->version_id, S("null")))
		return arena_format(arena, "%.*s/%.*s", SLICE_ARG(stored->bucket), SLICE_ARG(stored->key));
	return arena_format(arena, "%.*s/%.*s?versionId=%.*s", SLICE_ARG(stored->bucket), SLICE_ARG(stored->key),
	                    SLICE_ARG(stored->version_id));
}

/* Rows of copies name the same file with the same key. */
static bool add_object(void *user, const struct stored_file *stored, struct error *err)
{
	struct verify_data *data = user;
	struct arena *arena = &data->run.arena;
	struct slice key = arena_format(arena, "%.*s:%" PRId64 ":", SLICE_ARG(stored->file), stored->bytes);
	char *whole = arena_alloc(arena, key.len + stored->sealed_key.len);

	memcpy(whole, key.ptr, key.len);
	if (stored->sealed_key.len)
		memcpy(whole + key.len, stored->sealed_key.ptr, stored->sealed_key.len);
	key = (struct slice){ whole, key.len + stored->sealed_key.len };
	if (map_find(&data->objects_by_file, key))
		return true;
	map_put(&data->objects_by_file, key, whole);
	if (data->object_count == data->object_room) {
		data->object_room = data->object_room ? 2 * data->object_room : 256;
		data->objects = xrealloc(data->objects, data->object_room * sizeof *data->objects);
	}
	data->objects[data->object_count++] = (struct verify_data_object){
		.what = name_of(arena, stored), .file = stored->file, .sealed_key = stored->sealed_key,
		.bytes = stored->bytes < 0 ? 0 : (uint64_t)stored->bytes, .finding = VERIFY_OK,
	};
	return arena_check(arena, err);
}

static bool add_incomplete(void *user, const struct stored_file *stored, struct error *err)
{
	struct verify_data *data = user;

	verify_add_problem(&data->run, VERIFY_OBJECT_MISSING, name_of(&data->run.arena, stored),
	                   "its parts are not the %" PRId64 " bytes that it has", stored->bytes);
	return arena_check(&data->run.arena, err);
}

/* ---- one object, on any thread ---- */

static void find_fault(struct verify_data_object *object, struct arena *arena, enum verify_finding finding, const char *detail)
{
	object->finding = (int)finding;
	object->detail = arena_copy(arena, slice_of(detail));
}

static bool read_all(struct object_reader *reader, uint64_t bytes, struct error *err)
{
	char *room = xmalloc(READ_BYTES);
	bool ok = bytes > 0 || object_read(reader, 0, room, 0, err);

	for (uint64_t at = 0; ok && at < bytes; at += READ_BYTES)
		ok = object_read(reader, at, room, bytes - at < READ_BYTES ? (size_t)(bytes - at) : READ_BYTES, err);
	free(room);
	return ok;
}

static bool check_object(const struct verify_data *data, struct verify_data_object *object, struct arena *arena, struct error *err)
{
	struct slice key = keyring_unseal(data->keyring, KEYRING_OBJECT_KEY, object->file, object->sealed_key, arena, err);

	if (!key.ptr)
		return err->kind == ERR_INVALID ? fail(err, ERR_CORRUPT, "the key in its row was changed, or is of another file")
		                                : fail(err, ERR_DENIED, "its key was sealed with another master key");
	if (key.len != OBJECT_KEY_BYTES)
		return fail(err, ERR_CORRUPT, "the key in its row is none");
	struct object_reader *reader = object_open(data->store, object->file, (const unsigned char *)key.ptr, object->bytes, err);
	bool ok = reader && read_all(reader, object->bytes, err);
	object_reader_close(reader);
	return ok;
}

static void check_object_at(struct verify_thread *thread, size_t index)
{
	struct verify_data *data = (struct verify_data *)thread->run;
	struct verify_data_object *object = &data->objects[index];
	struct error err = {0};
	struct arena arena;

	arena_init(&arena, 4096);
	if (!check_object(data, object, &arena, &err))
		find_fault(object, &thread->arena, err.kind == ERR_CORRUPT ? VERIFY_OBJECT : err.kind == ERR_NOT_FOUND ? VERIFY_OBJECT_MISSING
		                                                                            : VERIFY_UNREADABLE, err.message);
	atomic_fetch_add(&thread->run->inflated_done, object->bytes);
	arena_fini(&arena);
}

/* ---- all of them ---- */

static void add_up(struct verify_data *data)
{
	struct verify_report *report = data->run.report;

	for (size_t i = 0; i < data->object_count; i++) {
		const struct verify_data_object *object = &data->objects[i];
		report->objects++;
		report->object_bytes += object->bytes;
		report->objects_valid += object->finding == VERIFY_OK;
		if (object->finding != VERIFY_OK)
			verify_add_problem(&data->run, (enum verify_finding)object->finding, object->what, "%.*s", SLICE_ARG(object->detail));
	}
}

/* Neither is made where it is missing: this only reads. */
static bool open_store(struct verify_data *data, struct error *err)
{
	bool has_key = file_exists(data->directory.fd, "keys/master.key");

	if (!has_key)
		verify_add_problem(&data->run, VERIFY_UNREADABLE, S("keys/master.key"), "without it no object can be read");
	else if (!(data->keyring = keyring_open(NULL, data->directory.fd, &data->random, err)))
		return false;
	if (file_exists(data->directory.fd, "objects"))
		return (data->store = objects_open(NULL, data->directory.fd, err)) != NULL;
	verify_add_problem(&data->run, VERIFY_OBJECT_MISSING, S("objects"), "there is no such folder, and %zu files should be in it",
	                   data->object_count);
	return true;
}

bool verify_data_check_objects(struct verify_data *data, struct error *err)
{
	struct error failure = {0};

	if (!stored_files_each(data->catalog, &data->run.arena, add_object, data, &failure)
	    || !stored_files_each_incomplete(data->catalog, &data->run.arena, add_incomplete, data, &failure)) {
		verify_add_problem(&data->run, failure.kind == ERR_CORRUPT ? VERIFY_CATALOG : VERIFY_UNREADABLE, S("catalog.db"), "%s",
		                   failure.message);
		return true;
	}
	bool ok = data->object_count == 0 || open_store(data, err);
	if (ok && data->store && data->keyring) {
		ok = verify_threads_run(data->threads, "objects", data->object_count, check_object_at, err);
		add_up(data);
	}
	objects_close(data->store);
	keyring_close(data->keyring);
	return ok;
}
