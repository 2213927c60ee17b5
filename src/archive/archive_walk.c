/* archive/archive_walk.c: a stack of folders, each with the next of its names in order. */
#include "archive/archive_walk.h"

#include "base/file.h"
#include "base/limits.h"
#include "codec/utf8.h"

enum { LIST_BYTES_MIN = 64 << 10 };

struct name {                                   /* in a list's block of bytes */
	uint32_t at;
};

struct level {                                  /* one folder */
	size_t       path_bytes;                /* of walk->path; with its slash */
	char        *bytes;                     /* NUL-terminated names */
	size_t       used, room;
	struct name *names;
	size_t       count, names_room, next;
	bool         is_part;                   /* there are names behind the last of these */
	char        *after;                     /* the last name of the part before; NULL at first */
};

struct archive_walk {
	const char *const          *roots;
	size_t                      root_count, next_root;
	const struct archive_scope *scope;
	struct scan_report         *report;
	uint64_t                    next_number;

	struct level                levels[ARCHIVE_DEPTH_MAX];
	size_t                      depth;
	size_t                      names_bytes;        /* for all levels */
	char                       *path;               /* of the folder at the top of the stack, and room for a name */

	struct archive_source      *source;
	const char                 *place;              /* in it, whose paths come; NULL: none */
	bool                        has_objects;        /* at least one came */
};

enum { PATH_ROOM = PATH_MAX + NAME_MAX + 2 };

struct archive_walk *archive_walk_new(const char *const *paths, size_t count, const struct archive_scope *scope,
                                      struct archive_source *source, struct scan_report *report, size_t names_bytes)
{
	struct archive_walk *walk = xcalloc(1, sizeof *walk);

	walk->roots = paths;
	walk->root_count = count;
	walk->scope = scope;
	walk->source = source;
	walk->report = report;
	walk->names_bytes = names_bytes ? names_bytes : ARCHIVE_NAMES_BYTES;
	walk->path = xcalloc(1, PATH_ROOM);
	return walk;
}

static void level_fini(struct level *level)
{
	free(level->bytes);
	free(level->names);
	free(level->after);
	*level = (struct level){0};
}

void archive_walk_free(struct archive_walk *walk)
{
	if (!walk)
		return;
	while (walk->depth > 0)
		level_fini(&walk->levels[--walk->depth]);
	free(walk->path);
	free(walk);
}

/* ---- the names of a folder ---- */

struct listing {
	struct level *level;
	size_t        bytes_max;
	const char   *below;                    /* names from here on come in a later part; NULL: none do yet */
};

static int compare_names(const void *a, const void *b, void *bytes)
{
	return strcmp((const char *)bytes + ((const struct name *)a)->at, (const char *)bytes + ((const struct name *)b)->at);
}

static void sort(struct level *level)
{
	qsort_r(level->names, level->count, sizeof *level->names, compare_names, level->bytes);
}

/* Keeps the first half of the names, so that reading goes on with room for others that come before its last. */
static void keep_half(struct listing *listing)
{
	struct level *level = listing->level;
	char *bytes = xmalloc(level->room);
	size_t used = 0;

	sort(level);
	level->count = level->count > 1 ? level->count / 2 : 1;
	level->is_part = true;
	for (size_t i = 0; i < level->count; i++) {
		const char *name = level->bytes + level->names[i].at;
		size_t length = strlen(name) + 1;
		memcpy(bytes + used, name, length);
		level->names[i].at = (uint32_t)used;
		used += length;
	}
	free(level->bytes);
	level->bytes = bytes;
	level->used = used;
	listing->below = level->bytes + level->names[level->count - 1].at;
}

static bool take_name(void *user, const char *name, struct error *err)
{
	struct listing *listing = user;
	struct level *level = listing->level;
	size_t length = strlen(name) + 1;

	(void)err;
	if ((level->after && strcmp(name, level->after) <= 0) || (listing->below && strcmp(name, listing->below) > 0))
		return true;
	if (level->used + length + (level->count + 1) * sizeof *level->names > listing->bytes_max && level->count > 0) {
		keep_half(listing);
		if (strcmp(name, listing->below) > 0)
			return true;
	}
	if (level->used + length > level->room) {
		size_t below_at = listing->below ? (size_t)(listing->below - level->bytes) : 0;
		level->room = (level->used + length) * 2;
		level->bytes = xrealloc(level->bytes, level->room);
		listing->below = listing->below ? level->bytes + below_at : NULL;
	}
	if (level->count == level->names_room) {
		level->names_room = level->names_room ? level->names_room * 2 : 64;
		level->names = xrealloc(level->names, level->names_room * sizeof *level->names);
	}
	memcpy(level->bytes + level->used, name, length);
	level->names[level->count++] = (struct name){ (uint32_t)level->used };
	level->used += length;
	return true;
}

/* Reads the next part of the folder that walk->path names. */
static bool list(struct archive_walk *walk, struct level *level)
{
	size_t held = 0;
	bool ok = false;

	for (size_t i = 0; i + 1 < walk->depth; i++)
		held += walk->levels[i].used;
	size_t left = walk->names_bytes > held ? (walk->names_bytes - held) / 2 : 0;
	struct listing listing = { .level = level, .bytes_max = left > LIST_BYTES_MIN || walk->names_bytes < LIST_BYTES_MIN
	                                                        ? left : LIST_BYTES_MIN };

	level->used = level->count = level->next = 0;
	level->is_part = false;
	walk->path[level->path_bytes] = 0;
	int fd = file_open_dir(AT_FDCWD, walk->path, NULL);
	if (fd >= 0) {
		ok = file_list(fd, take_name, &listing, NULL);
		file_close(fd);
	}
	sort(level);
	return ok;
}

/* ---- the walk ---- */

static void leave_out(struct archive_walk *walk, enum scan_reason reason, enum scan_unit unit, const char *path)
{
	scan_report_add(walk->report, reason, unit, walk->next_number, 0, slice_of(path));
}

/* Begins with the folder in walk->path. */
static void enter(struct archive_walk *walk)
{
	size_t length = strlen(walk->path);
	enum scan_reason reason = archive_layout_judge(walk->scope, slice_of(walk->path), true);

	if (reason == SCAN_READ && (walk->depth == ARCHIVE_DEPTH_MAX || length + 2 > PATH_MAX))
		reason = SCAN_TOO_DEEP;
	if (reason != SCAN_READ) {
		leave_out(walk, reason, SCAN_FOLDER, walk->path);
		return;
	}
	if (length > 0 && walk->path[length - 1] != '/') {
		walk->path[length++] = '/';
		walk->path[length] = 0;
	}
	struct level *level = &walk->levels[walk->depth++];
	level->path_bytes = length;
	if (!list(walk, level))
		leave_out(walk, SCAN_UNREADABLE, SCAN_FOLDER, walk->path);
}

static struct archive_file *found(struct archive_walk *walk, bool is_named)
{
	struct slice path = slice_of(walk->path);
	enum scan_reason reason = is_named ? SCAN_READ : archive_layout_judge(walk->scope, path, false);

	if (reason != SCAN_READ) {
		leave_out(walk, reason, SCAN_FILE, walk->path);
		walk->next_number++;
		return NULL;
	}
	if (!utf8_is_valid(path))
		leave_out(walk, SCAN_NAME_NOT_UTF8, SCAN_FILE, walk->path);
	struct archive_file *file = xmalloc(sizeof *file + path.len + 1);
	file->number = walk->next_number++;
	file->is_named = is_named;
	memcpy(file->path, path.ptr, path.len + 1);
	return file;
}

static struct archive_file *next_root(struct archive_walk *walk)
{
	const char *root = walk->roots[walk->next_root++];
	struct stat status;
	size_t length = strlen(root);

	if (length >= PATH_MAX) {
		leave_out(walk, SCAN_UNREADABLE, SCAN_FILE, root);
		return NULL;
	}
	if (archive_source_has(walk->source, root)) {
		walk->source->list_begin(walk->source, root);
		walk->place = root;
		walk->has_objects = false;
		walk->path[0] = 0;
		return NULL;
	}
	memcpy(walk->path, root, length + 1);
	if (strcmp(root, "-") != 0 && stat(root, &status) == 0 && S_ISDIR(status.st_mode)) {
		enter(walk);
		return NULL;
	}
	return found(walk, true);
}

/* One name of the folder on top: a file, or NULL after anything else. */
static struct archive_file *next_name(struct archive_walk *walk, struct level *level)
{
	struct stat status, behind;

	if (level->next == level->count) {
		if (level->is_part && level->count > 0) {
			free(level->after);
			level->after = strdup(level->bytes + level->names[level->count - 1].at);
			assert(level->after);
			if (list(walk, level))
				return NULL;
			leave_out(walk, SCAN_UNREADABLE, SCAN_FOLDER, walk->path);
		}
		level_fini(level);
		walk->depth--;
		return NULL;
	}
	const char *name = level->bytes + level->names[level->next++].at;
	memcpy(walk->path + level->path_bytes, name, strlen(name) + 1);
	if (lstat(walk->path, &status) != 0) {
		leave_out(walk, SCAN_UNREADABLE, SCAN_FILE, walk->path);
		walk->next_number++;
		return NULL;
	}
	if (S_ISLNK(status.st_mode) && stat(walk->path, &behind) == 0) {
		if (S_ISDIR(behind.st_mode)) {
			leave_out(walk, SCAN_LINK, SCAN_FOLDER, walk->path);
			return NULL;
		}
		status = behind;
	}
	if (S_ISDIR(status.st_mode)) {
		enter(walk);
		return NULL;
	}
	return found(walk, false);
}

/* ---- what a source lists ---- */

/* How many bytes of `path` name the first of its folders that is to be left out, with its slash; 0: none. Those that it has in common
 * with the path before were looked at then. */
static size_t folder_left_out(const struct archive_walk *walk, struct slice path, enum scan_reason *reason)
{
	size_t shared = 0;

	while (shared < path.len && walk->path[shared] == path.ptr[shared] && walk->path[shared])
		shared++;
	for (size_t i = sizeof ARCHIVE_SOURCE_SCHEME - 1; i < path.len; i++) {
		if (path.ptr[i] != '/' || i < shared)
			continue;
		*reason = archive_layout_judge(walk->scope, slice_sub(path, 0, i), true);
		if (*reason != SCAN_READ)
			return i + 1;
	}
	return 0;
}

static void end_place(struct archive_walk *walk, enum archive_listing listing, const struct error *failure)
{
	struct slice why = listing == ARCHIVE_LIST_FAILED ? slice_of(failure->message) : S("");
	enum scan_reason reason = listing != ARCHIVE_LIST_FAILED ? SCAN_NOTHING_THERE
	                        : failure->kind == ERR_DENIED ? SCAN_DENIED : SCAN_UNREADABLE;
	bool is_cancelled = listing == ARCHIVE_LIST_FAILED && failure->kind == ERR_BUSY;

	if (!is_cancelled && (listing == ARCHIVE_LIST_FAILED || !walk->has_objects))
		scan_report_add_why(walk->report, reason, SCAN_FOLDER, walk->next_number, slice_of(walk->place), why);
	walk->place = NULL;
}

/* One object of the place: a file, or NULL after anything else. */
static struct archive_file *next_object(struct archive_walk *walk)
{
	struct archive_object object;
	struct error failure = {0};
	enum scan_reason reason;
	enum archive_listing listing = walk->source->list_next(walk->source, &object, &failure);

	if (listing != ARCHIVE_LISTED) {
		end_place(walk, listing, &failure);
		return NULL;
	}
	walk->has_objects = true;
	bool is_named = slice_equal(object.path, slice_of(walk->place));
	size_t folder = is_named ? 0 : folder_left_out(walk, object.path, &reason);
	if (folder > 0) {
		scan_report_add(walk->report, reason, SCAN_FOLDER, walk->next_number, 0, slice_sub(object.path, 0, folder));
		walk->source->list_skip(walk->source, folder);
		return NULL;
	}
	if (object.path.len >= PATH_MAX || object.is_empty || memchr(object.path.ptr, 0, object.path.len)) {
		scan_report_add(walk->report, object.is_empty ? SCAN_EMPTY : SCAN_UNREADABLE, SCAN_FILE, walk->next_number++, 0, object.path);
		return NULL;
	}
	memcpy(walk->path, object.path.ptr, object.path.len);
	walk->path[object.path.len] = 0;
	return found(walk, is_named);
}

struct archive_file *archive_walk_next(struct archive_walk *walk)
{
	struct archive_file *file = NULL;

	while (!file && (walk->place || walk->depth > 0 || walk->next_root < walk->root_count))
		file = walk->place ? next_object(walk) : walk->depth > 0 ? next_name(walk, &walk->levels[walk->depth - 1]) : next_root(walk);
	return file;
}
