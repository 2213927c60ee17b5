/* store/catalog_vfs.c: a thin layer over SQLite's own VFS that asks a struct disk before each operation.
 *
 * Only used when there is a disk to ask, which is in tests; what SQLite then does is what it does in production. Beside
 * SQLite's file it holds a descriptor of its own, because a disk wants to see what is overwritten. */
#include "store/catalog_vfs.h"

#include "base/file.h"

#include <sqlite3.h>

struct layer {
	sqlite3_vfs  vfs;                       /* first: SQLite's pointer is ours */
	sqlite3_vfs *below;
	struct disk *disk;
	char         name[40];
};

struct layer_file {
	sqlite3_file  base;                     /* first */
	struct layer *layer;
	char         *path;                     /* NULL: a temporary file, which no crash concerns */
	int           fd;                       /* ours, for the disk to look at */
	bool          is_log;
	bool          name_is_synced;
	sqlite3_file *below;                    /* behind this struct */
};

static struct layer *layer_of(sqlite3_vfs *vfs)
{
	return (struct layer *)vfs;
}

static struct layer_file *file_of(sqlite3_file *file)
{
	return (struct layer_file *)file;
}

/* SQLITE_OK: go on. SQLITE_DONE: pretend that it was done. */
static int ask(struct layer *layer, struct disk_operation *operation, int code_on_error)
{
	int answer = layer->disk->before(layer->disk, operation);

	if (answer == 0)
		return SQLITE_OK;
	if (answer == DISK_PRETEND)
		return SQLITE_DONE;
	return answer == ENOSPC ? SQLITE_FULL : answer == EROFS ? SQLITE_READONLY : code_on_error;
}

static void tell(struct layer *layer, const struct disk_operation *operation, int fd)
{
	if (layer->disk->after)
		layer->disk->after(layer->disk, operation, fd);
}

/* ---- methods of a file ---- */

static int layer_close(sqlite3_file *file)
{
	struct layer_file *f = file_of(file);
	int code = f->below->pMethods ? f->below->pMethods->xClose(f->below) : SQLITE_OK;

	file_close(f->fd);
	free(f->path);
	return code;
}

static int layer_read(sqlite3_file *file, void *out, int bytes, sqlite3_int64 offset)
{
	struct layer_file *f = file_of(file);
	struct disk_operation operation = { .kind = DISK_READ, .fd = f->fd, .offset = (uint64_t)offset, .bytes = (size_t)bytes };
	int code = f->path ? ask(f->layer, &operation, SQLITE_IOERR_READ) : SQLITE_OK;

	return code == SQLITE_OK ? f->below->pMethods->xRead(f->below, out, bytes, offset) : code;
}

static int layer_write(sqlite3_file *file, const void *in, int bytes, sqlite3_int64 offset)
{
	struct layer_file *f = file_of(file);
	struct disk_operation operation = { .kind = DISK_WRITE, .fd = f->fd, .offset = (uint64_t)offset, .bytes = (size_t)bytes };
	int code = f->path ? ask(f->layer, &operation, SQLITE_IOERR_WRITE) : SQLITE_OK;

	if (code != SQLITE_OK)
		return code;
	code = f->below->pMethods->xWrite(f->below, in, (int)operation.bytes, offset);
	return code == SQLITE_OK && operation.bytes < (size_t)bytes ? SQLITE_FULL : code;
}

static int layer_truncate(sqlite3_file *file, sqlite3_int64 bytes)
{
	struct layer_file *f = file_of(file);
	struct disk_operation operation = { .kind = DISK_TRUNCATE, .fd = f->fd, .offset = (uint64_t)bytes };
	int code = f->path ? ask(f->layer, &operation, SQLITE_IOERR_TRUNCATE) : SQLITE_OK;

	return code == SQLITE_OK ? f->below->pMethods->xTruncate(f->below, bytes) : code;
}

static int sync_dir_of(struct layer *layer, const char *path, const char *label)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(path, '/');
	struct disk_operation operation = { .kind = DISK_SYNC_DIR, .label = label };

	snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
	operation.fd = file_open_dir(AT_FDCWD, dir, NULL);
	if (operation.fd < 0)
		return SQLITE_IOERR_DIR_FSYNC;
	int code = ask(layer, &operation, SQLITE_IOERR_DIR_FSYNC);
	if (code == SQLITE_OK)
		tell(layer, &operation, operation.fd);
	file_close(operation.fd);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* SQLite syncs the name of a log with its first content. */
static int layer_sync(sqlite3_file *file, int flags)
{
	struct layer_file *f = file_of(file);
	struct disk_operation operation = { .kind = DISK_SYNC, .fd = f->fd, .label = f->is_log ? "catalog: log" : "catalog: file" };
	int code = f->path ? ask(f->layer, &operation, SQLITE_IOERR_FSYNC) : SQLITE_OK;

	if (code == SQLITE_OK) {
		code = f->below->pMethods->xSync(f->below, flags);
		if (code == SQLITE_OK && f->path)
			tell(f->layer, &operation, f->fd);
	}
	if ((code == SQLITE_OK || code == SQLITE_DONE) && f->is_log && !f->name_is_synced) {
		f->name_is_synced = true;
		code = sync_dir_of(f->layer, f->path, "catalog: log name");
	}
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int layer_size(sqlite3_file *file, sqlite3_int64 *bytes)
{
	return file_of(file)->below->pMethods->xFileSize(file_of(file)->below, bytes);
}

static int layer_lock(sqlite3_file *file, int level)
{
	return file_of(file)->below->pMethods->xLock(file_of(file)->below, level);
}

static int layer_unlock(sqlite3_file *file, int level)
{
	return file_of(file)->below->pMethods->xUnlock(file_of(file)->below, level);
}

static int layer_check_reserved(sqlite3_file *file, int *answer)
{
	return file_of(file)->below->pMethods->xCheckReservedLock(file_of(file)->below, answer);
}

static int layer_control(sqlite3_file *file, int what, void *argument)
{
	return file_of(file)->below->pMethods->xFileControl(file_of(file)->below, what, argument);
}

static int layer_sector_size(sqlite3_file *file)
{
	return file_of(file)->below->pMethods->xSectorSize(file_of(file)->below);
}

static int layer_traits(sqlite3_file *file)
{
	return file_of(file)->below->pMethods->xDeviceCharacteristics(file_of(file)->below);
}

/* The -shm file is memory that processes share: nothing in it has to survive, and a crash test deletes it. */
static int layer_shm_map(sqlite3_file *file, int page, int bytes, int extend, void volatile **map)
{
	return file_of(file)->below->pMethods->xShmMap(file_of(file)->below, page, bytes, extend, map);
}

static int layer_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	return file_of(file)->below->pMethods->xShmLock(file_of(file)->below, offset, count, flags);
}

static void layer_shm_barrier(sqlite3_file *file)
{
	file_of(file)->below->pMethods->xShmBarrier(file_of(file)->below);
}

static int layer_shm_unmap(sqlite3_file *file, int remove)
{
	return file_of(file)->below->pMethods->xShmUnmap(file_of(file)->below, remove);
}

static const sqlite3_io_methods layer_methods = {
	.iVersion = 2,                          /* without memory-mapped reading and writing */
	.xClose = layer_close, .xRead = layer_read, .xWrite = layer_write, .xTruncate = layer_truncate, .xSync = layer_sync,
	.xFileSize = layer_size, .xLock = layer_lock, .xUnlock = layer_unlock, .xCheckReservedLock = layer_check_reserved,
	.xFileControl = layer_control, .xSectorSize = layer_sector_size, .xDeviceCharacteristics = layer_traits,
	.xShmMap = layer_shm_map, .xShmLock = layer_shm_lock, .xShmBarrier = layer_shm_barrier, .xShmUnmap = layer_shm_unmap,
};

/* ---- methods of the VFS ---- */

static int layer_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *flags_out)
{
	struct layer *layer = layer_of(vfs);
	struct layer_file *f = file_of(file);
	bool is_new = path && (flags & SQLITE_OPEN_CREATE) && !file_exists(AT_FDCWD, path);
	struct disk_operation operation = { .kind = is_new ? DISK_CREATE : DISK_OPEN, .dir_fd = AT_FDCWD, .name = path };

	*f = (struct layer_file){ .layer = layer, .fd = -1, .below = (sqlite3_file *)(f + 1) };
	f->below->pMethods = NULL;
	int code = path ? ask(layer, &operation, SQLITE_CANTOPEN) : SQLITE_OK;
	if (code == SQLITE_OK)
		code = layer->below->xOpen(layer->below, path, f->below, flags, flags_out);
	if (code != SQLITE_OK)
		return code;                    /* pMethods is NULL: SQLite does not close it */
	f->base.pMethods = &layer_methods;
	f->is_log = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
	f->name_is_synced = !is_new;
	if (path) {
		size_t bytes = strlen(path) + 1;
		f->path = memcpy(xmalloc(bytes), path, bytes);
		f->fd = open(path, O_RDWR | O_CLOEXEC);
		if (f->fd < 0)
			return SQLITE_CANTOPEN;
		tell(layer, &operation, f->fd);
	}
	return SQLITE_OK;
}

static int layer_delete(sqlite3_vfs *vfs, const char *path, int sync_dir)
{
	struct layer *layer = layer_of(vfs);
	struct disk_operation operation = { .kind = DISK_UNLINK, .dir_fd = AT_FDCWD, .name = path };
	int code = ask(layer, &operation, SQLITE_IOERR_DELETE);

	if (code == SQLITE_OK)
		code = layer->below->xDelete(layer->below, path, 0);
	return code == SQLITE_OK && sync_dir ? sync_dir_of(layer, path, "catalog: log deletion") : code;
}

static int layer_access(sqlite3_vfs *vfs, const char *path, int flags, int *answer)
{
	return layer_of(vfs)->below->xAccess(layer_of(vfs)->below, path, flags, answer);
}

static int layer_full_path(sqlite3_vfs *vfs, const char *path, int bytes, char *out)
{
	return layer_of(vfs)->below->xFullPathname(layer_of(vfs)->below, path, bytes, out);
}

static int layer_randomness(sqlite3_vfs *vfs, int bytes, char *out)
{
	return layer_of(vfs)->below->xRandomness(layer_of(vfs)->below, bytes, out);
}

static int layer_sleep(sqlite3_vfs *vfs, int microseconds)
{
	return layer_of(vfs)->below->xSleep(layer_of(vfs)->below, microseconds);
}

static int layer_time(sqlite3_vfs *vfs, sqlite3_int64 *time)
{
	return layer_of(vfs)->below->xCurrentTimeInt64(layer_of(vfs)->below, time);
}

static int layer_last_error(sqlite3_vfs *vfs, int bytes, char *out)
{
	return layer_of(vfs)->below->xGetLastError(layer_of(vfs)->below, bytes, out);
}

static void layer_name(struct disk *disk, char out[40])
{
	snprintf(out, 40, "spoor-%p", (void *)disk);
}

const char *catalog_vfs_register(struct disk *disk)
{
	char name[40];

	layer_name(disk, name);
	sqlite3_vfs *known = sqlite3_vfs_find(name);
	if (known)
		return known->zName;

	struct layer *layer = xcalloc(1, sizeof *layer);
	layer->below = sqlite3_vfs_find(CATALOG_VFS_OF_ONE_PROCESS);
	layer->disk = disk;
	memcpy(layer->name, name, sizeof name);
	layer->vfs = (sqlite3_vfs){
		.iVersion = 2, .szOsFile = (int)sizeof(struct layer_file) + layer->below->szOsFile,
		.mxPathname = layer->below->mxPathname, .zName = layer->name,
		.xOpen = layer_open, .xDelete = layer_delete, .xAccess = layer_access, .xFullPathname = layer_full_path,
		.xRandomness = layer_randomness, .xSleep = layer_sleep, .xCurrentTimeInt64 = layer_time,
		.xGetLastError = layer_last_error,
	};
	sqlite3_vfs_register(&layer->vfs, 0);
	return layer->name;
}

void catalog_vfs_unregister(struct disk *disk)
{
	char name[40];

	layer_name(disk, name);
	sqlite3_vfs *known = sqlite3_vfs_find(name);
	if (known) {
		sqlite3_vfs_unregister(known);
		free(known);
	}
}
