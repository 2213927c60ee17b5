/* store/objects.c: folders, and the sweep of what no row names.
 *
 * Folders are opened by name for each use and not kept, so that a reset may move all of them away at any time. A folder's
 * own name must be durable before a file in it counts as durable: it is synced by whoever first uses it in this process. */
#include "store/object_format.h"
#include "store/objects_folder.h"

#include "base/file.h"

#define FOLDER "objects"

enum { PATH_BYTES = sizeof FOLDER + 1 + OBJECT_FOLDER_BYTES };

static void folder_path(char path[PATH_BYTES], struct slice name)
{
	snprintf(path, PATH_BYTES, FOLDER "/%.*s", OBJECT_FOLDER_BYTES, name.ptr);
}

static size_t folder_index(struct slice name)
{
	char digits[OBJECT_FOLDER_BYTES + 1] = { name.ptr[0], name.ptr[1] };

	return strtoul(digits, NULL, 16);
}

int objects_folder_open(struct objects *objects, struct slice name, bool *is_missing, struct error *err)
{
	char path[PATH_BYTES];

	folder_path(path, name);
	int fd = file_open_dir(objects->dir_fd, path, NULL);
	*is_missing = fd < 0 && errno == ENOENT;
	if (fd < 0 && !*is_missing)
		fail_errno(err, path);
	return fd;
}

static bool make_folder(struct objects *objects, struct slice name, struct error *err)
{
	char path[PATH_BYTES];

	folder_path(path, name);
	if (!file_make_dir(objects->disk, objects->dir_fd, FOLDER, err))
		return false;
	int fd = file_open_dir(objects->dir_fd, FOLDER, err);
	bool ok = fd >= 0 && file_make_dir(objects->disk, fd, path + sizeof FOLDER, err);
	file_close(fd);
	return ok;
}

static bool sync_names(struct objects *objects, struct error *err)
{
	int fd = file_open_dir(objects->dir_fd, FOLDER, err);
	bool ok = fd >= 0 && file_sync_dir(objects->disk, fd, "objects: a folder's name", err)
	       && file_sync_dir(objects->disk, objects->dir_fd, "objects: the folder of folders", err);

	file_close(fd);
	return ok;
}

/* The flag is taken back before the folder is made anew and read after it was opened, so that nobody trusts in the name of
 * a folder that went with a reset. */
int objects_folder_ensure(struct objects *objects, struct slice name, struct error *err)
{
	atomic_bool *is_durable = &objects->is_durable[folder_index(name)];
	bool is_missing;
	int fd = objects_folder_open(objects, name, &is_missing, err);

	if (is_missing) {
		atomic_store(is_durable, false);
		if (make_folder(objects, name, err) && (fd = objects_folder_open(objects, name, &is_missing, err)) < 0 && is_missing)
			fail(err, ERR_IO, "DIR/" FOLDER " went away");
	}
	if (fd < 0 || atomic_load(is_durable))
		return fd;
	if (!sync_names(objects, err)) {
		file_close(fd);
		return -1;
	}
	atomic_store(is_durable, true);
	return fd;
}

struct objects *objects_open(struct disk *disk, int dir_fd, struct error *err)
{
	struct objects *objects = xcalloc(1, sizeof *objects);

	objects->disk = disk;
	objects->dir_fd = dir_fd;
	if (file_make_dir(disk, dir_fd, FOLDER, err))
		return objects;
	free(objects);
	return NULL;
}

void objects_close(struct objects *objects)
{
	free(objects);
}

bool objects_remove(struct objects *objects, struct slice name, struct error *err)
{
	char text[OBJECT_NAME_BYTES + 1];
	bool is_missing = false;

	if (!object_format_is_name(name))
		return fail(err, ERR_INVALID, "%.*s is no name of an object's file", SLICE_ARG(name));
	int fd = objects_folder_open(objects, name, &is_missing, err);
	if (fd < 0)
		return is_missing;
	snprintf(text, sizeof text, "%.*s", SLICE_ARG(name));
	bool ok = file_unlink(objects->disk, fd, text, err);
	file_close(fd);
	return ok;
}

/* ---- the sweep ---- */

struct sweep {
	struct objects   *objects;
	objects_is_known *is_known;
	void             *user;
	int               folder_fd;
	uint64_t          removed;
};

/* The lock comes before the question: who holds none any more has committed its row, or never will. */
static bool sweep_file(void *user, const char *name, struct error *err)
{
	struct sweep *sweep = user;
	bool is_missing = false, is_held = false, is_known = false;
	struct error failure = {0};

	if (!object_format_is_name(slice_of(name)))
		return true;
	int fd = file_open(sweep->objects->disk, sweep->folder_fd, name, O_RDONLY, &is_missing, &failure);
	bool ok = fd >= 0 ? file_lock(fd, &is_held, name, &failure) || is_held : is_missing;
	if (!ok)
		fail(err, failure.kind, "%s", failure.message);
	if (fd >= 0 && ok && !is_held) {
		ok = sweep->is_known(sweep->user, slice_of(name), &is_known, err)
		  && (is_known || file_unlink(sweep->objects->disk, sweep->folder_fd, name, err));
		sweep->removed += ok && !is_known;
	}
	file_close(fd);
	return ok;
}

bool objects_sweep(struct objects *objects, objects_is_known *is_known, void *user, uint64_t *removed, struct error *err)
{
	struct sweep sweep = { .objects = objects, .is_known = is_known, .user = user };
	bool ok = true;

	for (unsigned i = 0; ok && i < OBJECTS_FOLDER_COUNT; i++) {
		char digits[OBJECT_FOLDER_BYTES + 1];
		bool is_missing = false;
		snprintf(digits, sizeof digits, "%02x", i);
		sweep.folder_fd = objects_folder_open(objects, slice_of(digits), &is_missing, err);
		ok = sweep.folder_fd < 0 ? is_missing : file_list(sweep.folder_fd, sweep_file, &sweep, err);
		file_close(sweep.folder_fd);
	}
	if (removed)
		*removed = sweep.removed;
	return ok;
}
