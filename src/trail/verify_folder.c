/* trail/verify_folder.c: walks without following links, and reads one file at a time for each thread.
 *
 * Most log files are small: what costs is how often the kernel is asked. */
#include "trail/verify_folder.h"

#include "base/arena.h"
#include "base/file.h"

enum { DEPTH_MAX = 32, KEY_BYTES_MAX = 4096, MAPPED_BYTES_MIN = 1 << 20 };

struct folder {
	struct verify_source source;            /* first */
	int                  fd;
	char                 base[PATH_MAX];    /* what comes before a path to make a key: "AWSLogs/1111.../" or "" */
};

struct walk {
	struct folder *folder;
	int            fd, depth;
	char           key[KEY_BYTES_MAX];
	size_t         used;
	verify_source_each *each;
	void          *user;
};

static bool visit(void *user, const char *name, struct error *err);

static bool walk_folder(struct walk *walk, struct error *err)
{
	return file_list(walk->fd, visit, walk, err);
}

static bool visit_folder(const struct walk *above, const char *name, struct error *err)
{
	struct walk walk = *above;

	if (++walk.depth > DEPTH_MAX)
		return fail(err, ERR_LIMIT, "%.*s: more than %d folders deep", (int)walk.used, walk.key, DEPTH_MAX);
	walk.key[walk.used++] = '/';
	walk.fd = file_open_dir(above->fd, name, err);
	bool ok = walk.fd >= 0 && walk_folder(&walk, err);
	file_close(walk.fd);
	return ok;
}

static bool visit(void *user, const char *name, struct error *err)
{
	struct walk *walk = user;
	size_t used = walk->used, length = strlen(name);
	struct stat facts;

	if (used + length + 2 > sizeof walk->key)
		return fail(err, ERR_LIMIT, "%.*s: a path of more than %d bytes", (int)used, walk->key, KEY_BYTES_MAX);
	/* A folder of such a name would be one that cannot be read. */
	bool is_file = slice_has_suffix(slice_of(name), S(".json.gz"));
	if (!is_file && fstatat(walk->fd, name, &facts, AT_SYMLINK_NOFOLLOW) != 0)
		return fail_errno(err, name);
	memcpy(walk->key + used, name, length);
	walk->used += length;
	bool ok = !is_file && S_ISDIR(facts.st_mode) ? visit_folder(walk, name, err)
	                                 : walk->each(walk->user, &(struct verify_object){ .key = { walk->key, walk->used } }, err);
	walk->used = used;
	return ok;
}

static bool list(struct verify_source *source, verify_source_each *each, void *user, struct error *err)
{
	struct folder *folder = (struct folder *)source;
	struct walk *walk = xcalloc(1, sizeof *walk);

	*walk = (struct walk){ .folder = folder, .fd = folder->fd, .each = each, .user = user, .used = strlen(folder->base) };
	memcpy(walk->key, folder->base, walk->used);
	bool ok = walk_folder(walk, err);
	free(walk);
	return ok;
}

static bool read_small(int fd, size_t size, struct verify_bytes *bytes, const char *path, struct error *err)
{
	char *room = xmalloc(size + 1);
	size_t got = 0;

	if (!file_read(NULL, fd, room, size, 0, &got, path, err)) {
		free(room);
		return false;
	}
	*bytes = (struct verify_bytes){ .body = { room, got }, .handle = room };
	return true;
}

static bool map_large(int fd, size_t size, struct verify_bytes *bytes, const char *path, struct error *err)
{
	bytes->body = (struct slice){ file_map(fd, size, path, err), size };
	return bytes->body.ptr != NULL;
}

static bool get(struct verify_source *source, const struct verify_object *object, struct verify_bytes *bytes, bool *is_missing,
                struct error *err)
{
	struct folder *folder = (struct folder *)source;
	struct slice key = object->key;
	char path[KEY_BYTES_MAX + 1];
	uint64_t size = 0;

	*bytes = (struct verify_bytes){0};
	*is_missing = !slice_has_prefix(key, slice_of(folder->base)) || key.len >= sizeof path;
	if (*is_missing)
		return false;
	struct slice below = slice_from(key, strlen(folder->base));
	snprintf(path, sizeof path, "%.*s", SLICE_ARG(below));
	int fd = file_open(NULL, folder->fd, path, O_RDONLY | O_NONBLOCK, is_missing, err);     /* a pipe would wait for a writer */
	bool ok = fd >= 0 && file_size(fd, &size, path, err)
	       && (size < MAPPED_BYTES_MIN ? read_small(fd, (size_t)size, bytes, path, err) : map_large(fd, (size_t)size, bytes, path, err));
	file_close(fd);
	return ok;
}

static void drop(struct verify_source *source, struct verify_bytes *bytes)
{
	(void)source;
	if (bytes->handle)
		free(bytes->handle);
	else
		file_unmap(bytes->body.ptr, bytes->body.len);
	*bytes = (struct verify_bytes){0};
}

static void close_folder(struct verify_source *source)
{
	struct folder *folder = (struct folder *)source;

	file_close(folder->fd);
	free(folder);
}

/* From AWSLogs on, if the folder's own path has it, with a slash behind; else "". */
static void set_base(struct folder *folder, const char *path)
{
	char real[PATH_MAX];
	const char *found = NULL;

	if (!realpath(path, real))
		return;
	for (const char *at = real; (at = strstr(at, "/AWSLogs")); at++)
		if (at[sizeof "/AWSLogs" - 1] == '/' || at[sizeof "/AWSLogs" - 1] == '\0')
			found = at + 1;
	if (found)
		snprintf(folder->base, sizeof folder->base, "%.*s/", PATH_MAX - 2, found);
}

struct verify_source *verify_folder_open(const char *path, struct error *err)
{
	struct folder *folder = xcalloc(1, sizeof *folder);

	folder->source = (struct verify_source){ list, get, drop, close_folder };
	folder->fd = file_open_dir(AT_FDCWD, path, err);
	if (folder->fd < 0) {
		free(folder);
		return NULL;
	}
	set_base(folder, path);
	return &folder->source;
}
