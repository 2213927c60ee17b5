/* tests/disk_model.c: sectors and names that a power cut could take back. */
#include "tests/disk_model.h"

enum { SECTOR = DISK_MODEL_SECTOR_BYTES, SECTORS = 32, CHUNK = SECTORS * SECTOR };

/* Neighbouring sectors, one bit each. */
struct chunk {
	uint32_t changed;               /* not what is durable */
	uint32_t dirty;                 /* of these, what a sync would write */
	char     durable[CHUNK];
};

struct disk_model_inode {
	struct disk_model_inode *next;
	dev_t                    dev;
	ino_t                    ino;
	int                      fd;                    /* ours: the number stays taken, and the file can be changed back */
	uint64_t                 durable_size;
	struct chunk           **chunks;
	size_t                   chunk_room;
};

struct disk_model_entry {                               /* a change of names that is not durable */
	struct disk_model_entry *next;
	enum disk_kind           kind;
	int                      dir_fd, to_dir_fd;
	char                     name[256], to_name[256];
	char                     saved[32];             /* what was there before, in saved_fd; "" nothing */
	bool                     stays;                 /* of a crash: it is durable after all */
};

/* ---- files ---- */

static struct disk_model_inode *find_inode(struct disk_model *model, int fd)
{
	struct stat facts;
	int result = fstat(fd, &facts);

	assert(result == 0);
	for (struct disk_model_inode *inode = model->inodes; inode; inode = inode->next)
		if (inode->dev == facts.st_dev && inode->ino == facts.st_ino)
			return inode;
	struct disk_model_inode *inode = xcalloc(1, sizeof *inode);
	char path[64];
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	*inode = (struct disk_model_inode){ .next = model->inodes, .dev = facts.st_dev, .ino = facts.st_ino };
	inode->durable_size = (uint64_t)facts.st_size;
	inode->fd = open(path, O_RDWR | O_CLOEXEC);
	assert(inode->fd >= 0);
	model->inodes = inode;
	return inode;
}

static uint64_t size_of(const struct disk_model_inode *inode)
{
	struct stat facts;
	int result = fstat(inode->fd, &facts);

	assert(result == 0);
	return (uint64_t)facts.st_size;
}

static struct chunk *get_chunk(struct disk_model_inode *inode, size_t at)
{
	if (at >= inode->chunk_room) {
		size_t room = 2 * at + 8;
		inode->chunks = xrealloc(inode->chunks, room * sizeof *inode->chunks);
		memset(inode->chunks + inode->chunk_room, 0, (room - inode->chunk_room) * sizeof *inode->chunks);
		inode->chunk_room = room;
	}
	if (!inode->chunks[at])
		inode->chunks[at] = xcalloc(1, sizeof *inode->chunks[at]);
	return inode->chunks[at];
}

static void note_change(struct disk_model_inode *inode, uint64_t from, uint64_t to)
{
	uint64_t last = to > from ? (to - 1) / SECTOR : 0;

	for (uint64_t i = from / SECTOR; to > from && i <= last; ) {
		struct chunk *chunk = get_chunk(inode, (size_t)(i / SECTORS));
		size_t first = (size_t)(i % SECTORS), count = (size_t)(last - i + 1 < SECTORS - first ? last - i + 1 : SECTORS - first);
		uint32_t bits = (count == SECTORS ? UINT32_MAX : (UINT32_C(1) << count) - 1) << first;
		if (bits & ~chunk->changed) {
			char now[CHUNK] = {0};
			ssize_t got = pread(inode->fd, now, count * SECTOR, (off_t)(i * SECTOR));
			assert(got >= 0);
			for (size_t k = 0; k < count; k++)
				if (!(chunk->changed >> (first + k) & 1))
					memcpy(chunk->durable + (first + k) * SECTOR, now + k * SECTOR, SECTOR);
		}
		chunk->changed |= bits;
		chunk->dirty |= bits;
		i += count;
	}
}

static void sync_inode(struct disk_model_inode *inode)
{
	for (size_t i = 0; i < inode->chunk_room; i++)
		if (inode->chunks[i]) {
			inode->chunks[i]->changed &= ~inode->chunks[i]->dirty;
			inode->chunks[i]->dirty = 0;
		}
	inode->durable_size = size_of(inode);
}

/* The kernel forgets what it failed to write. */
static void lose_inode(struct disk_model_inode *inode)
{
	for (size_t i = 0; i < inode->chunk_room; i++)
		if (inode->chunks[i])
			inode->chunks[i]->dirty = 0;
}

/* ---- names ---- */

/* A directory and a name in it, of a path that SQLite gives whole. */
static int split(int dir_fd, const char *path, char name[256])
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];

	snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
	snprintf(name, 256, "%s", slash ? slash + 1 : path);
	int fd = openat(dir_fd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert(fd >= 0);
	return fd;
}

/* Keeps what the operation is about to take away. */
static void save(struct disk_model *model, int dir_fd, const char *path)
{
	char name[32];

	snprintf(name, sizeof name, "%" PRIu64, ++model->saved_count);
	linkat(dir_fd, path, model->saved_fd, name, 0);         /* fails if there is nothing, or for a directory */
}

static void push_entry(struct disk_model *model, const struct disk_operation *operation)
{
	struct disk_model_entry *entry = xcalloc(1, sizeof *entry);

	entry->kind = operation->kind;
	entry->dir_fd = split(operation->dir_fd, operation->name, entry->name);
	entry->to_dir_fd = -1;
	if (operation->kind == DISK_RENAME)
		entry->to_dir_fd = split(operation->to_dir_fd, operation->to_name, entry->to_name);
	if (operation->kind == DISK_RENAME || operation->kind == DISK_UNLINK) {
		snprintf(entry->saved, sizeof entry->saved, "%" PRIu64, model->saved_count);
		if (faccessat(model->saved_fd, entry->saved, F_OK, 0) != 0)
			entry->saved[0] = '\0';
	}
	entry->next = model->entries;
	model->entries = entry;
}

static void free_entry(struct disk_model *model, struct disk_model_entry *entry)
{
	if (entry->saved[0])
		unlinkat(model->saved_fd, entry->saved, 0);
	file_close(entry->dir_fd);
	file_close(entry->to_dir_fd);
	free(entry);
}

static bool is_same(int a_fd, int b_fd)
{
	struct stat a, b;

	return a_fd >= 0 && b_fd >= 0 && fstat(a_fd, &a) == 0 && fstat(b_fd, &b) == 0 && a.st_dev == b.st_dev
	    && a.st_ino == b.st_ino;
}

static void sync_names(struct disk_model *model, int dir_fd)
{
	for (struct disk_model_entry **at = &model->entries; *at; ) {
		struct disk_model_entry *entry = *at;
		if (!is_same(entry->dir_fd, dir_fd) && !is_same(entry->to_dir_fd, dir_fd)) {
			at = &entry->next;
			continue;
		}
		*at = entry->next;
		free_entry(model, entry);
	}
}

static void undo(struct disk_model *model, struct disk_model_entry *entry)
{
	struct error err;
	bool ok = true;

	if (entry->kind == DISK_CREATE || entry->kind == DISK_MAKE_DIR)
		ok = file_remove_tree(entry->dir_fd, entry->name, &err);
	if (entry->kind == DISK_RENAME)
		ok = renameat(entry->to_dir_fd, entry->to_name, entry->dir_fd, entry->name) == 0;
	if (ok && entry->saved[0]) {
		ok = renameat(model->saved_fd, entry->saved, entry->kind == DISK_RENAME ? entry->to_dir_fd : entry->dir_fd,
		              entry->kind == DISK_RENAME ? entry->to_name : entry->name) == 0;
		entry->saved[0] = '\0';
	}
	assert(ok);
}

/* ---- operations ---- */

static bool changes_something(enum disk_kind kind)
{
	return kind != DISK_OPEN && kind != DISK_READ;
}

static bool is_same_site(const struct disk_model_sync *sync, const struct disk_operation *operation)
{
	return sync->label && sync->kind == operation->kind && strcmp(sync->label, operation->label) == 0;
}

/* A full disk still takes what lies inside a file, and what was deleted can be used again. */
static int strike_full(struct disk_model *model, const struct disk_operation *operation)
{
	struct stat facts;

	if (operation->kind == DISK_UNLINK && fstatat(operation->dir_fd, operation->name, &facts, AT_SYMLINK_NOFOLLOW) == 0)
		model->free_bytes += (uint64_t)facts.st_size;
	if (operation->kind != DISK_WRITE)
		return 0;
	uint64_t size = size_of(find_inode(model, operation->fd)), end = operation->offset + operation->bytes;
	uint64_t growth = end > size ? end - size : 0;
	if (growth > model->free_bytes)
		return ENOSPC;
	model->free_bytes -= growth;
	return 0;
}

/* The errno of the fault under way for this operation, or 0. */
static int strike(struct disk_model *model, struct disk_operation *operation)
{
	if (model->count == model->fault_at && !model->has_struck) {
		model->has_struck = true;
		if (model->struck)
			model->struck(model->user);
		model->is_faulty = model->fault != DISK_MODEL_EIO_ONCE;
		if (model->fault == DISK_MODEL_EIO_ONCE)
			return EIO;
		if (model->fault == DISK_MODEL_SHORT_THEN_EIO) {
			if (operation->kind != DISK_WRITE)
				model->is_faulty = false;
			else
				operation->bytes = (operation->bytes + 1) / 2;
			return 0;
		}
	}
	if (!model->is_faulty)
		return 0;
	switch (model->fault) {
	case DISK_MODEL_CRASH:
		return EIO;
	case DISK_MODEL_FULL:
		return strike_full(model, operation);
	case DISK_MODEL_EIO:
		return changes_something(operation->kind) ? EIO : 0;
	case DISK_MODEL_READ_ONLY:
		return changes_something(operation->kind) ? EROFS : 0;
	case DISK_MODEL_SHORT_THEN_EIO:
		model->is_faulty = !changes_something(operation->kind);
		return model->is_faulty ? 0 : EIO;
	case DISK_MODEL_EIO_ONCE:
		break;
	}
	return 0;
}

static int decide(struct disk_model *model, struct disk_operation *operation)
{
	bool is_sync = operation->kind == DISK_SYNC || operation->kind == DISK_SYNC_DIR;

	model->count += changes_something(operation->kind);
	if (is_sync) {
		if (model->sync_count < DISK_MODEL_SYNCS_MAX)
			model->syncs[model->sync_count++] = (struct disk_model_sync){ operation->kind, operation->label, model->count };
		bool is_ignored = is_same_site(&model->ignored[0], operation) || is_same_site(&model->ignored[1], operation);
		if (is_ignored && !model->is_faulty)
			return DISK_PRETEND;
	}
	int number = strike(model, operation);
	if (number != 0) {
		if (operation->kind == DISK_SYNC && model->fault != DISK_MODEL_CRASH)
			lose_inode(find_inode(model, operation->fd));
		return number;
	}
	switch (operation->kind) {
	case DISK_WRITE:
		note_change(find_inode(model, operation->fd), operation->offset, operation->offset + operation->bytes);
		break;
	case DISK_TRUNCATE:
		note_change(find_inode(model, operation->fd), operation->offset, size_of(find_inode(model, operation->fd)));
		break;
	case DISK_SYNC:
		sync_inode(find_inode(model, operation->fd));
		break;
	case DISK_SYNC_DIR:
		sync_names(model, operation->fd);
		break;
	case DISK_MAKE_DIR: case DISK_CREATE:
		model->was_there = faccessat(operation->dir_fd, operation->name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
		break;
	case DISK_UNLINK:
		save(model, operation->dir_fd, operation->name);
		break;
	case DISK_RENAME:
		save(model, operation->to_dir_fd, operation->to_name);
		break;
	default:
		break;
	}
	return is_sync ? DISK_PRETEND : 0;
}

static int before(struct disk *disk, struct disk_operation *operation)
{
	struct disk_model *model = (struct disk_model *)disk;

	pthread_mutex_lock(&model->mutex);
	int answer = model->is_detached ? EIO : decide(model, operation);
	pthread_mutex_unlock(&model->mutex);
	return answer;
}

static void after(struct disk *disk, const struct disk_operation *operation, int fd)
{
	struct disk_model *model = (struct disk_model *)disk;
	bool makes_name = operation->kind == DISK_CREATE || operation->kind == DISK_MAKE_DIR;

	pthread_mutex_lock(&model->mutex);
	if (operation->kind == DISK_CREATE)
		find_inode(model, fd)->durable_size = 0;
	if ((makes_name && !model->was_there) || operation->kind == DISK_RENAME || operation->kind == DISK_UNLINK)
		push_entry(model, operation);
	pthread_mutex_unlock(&model->mutex);
}

/* ---- from outside ---- */

void disk_model_init(struct disk_model *model, const char *saved_dir)
{
	*model = (struct disk_model){ .disk = { before, after }, .saved_fd = open(saved_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	assert(model->saved_fd >= 0);
	pthread_mutex_init(&model->mutex, NULL);
}

static void free_inode(struct disk_model_inode *inode)
{
	for (size_t i = 0; i < inode->chunk_room; i++)
		free(inode->chunks[i]);
	free(inode->chunks);
	file_close(inode->fd);
	free(inode);
}

static void forget(struct disk_model *model)
{
	for (struct disk_model_inode *inode = model->inodes, *next; inode; inode = next) {
		next = inode->next;
		free_inode(inode);
	}
	for (struct disk_model_entry *entry = model->entries, *next; entry; entry = next) {
		next = entry->next;
		free_entry(model, entry);
	}
	model->inodes = NULL;
	model->entries = NULL;
}

void disk_model_fini(struct disk_model *model)
{
	forget(model);
	file_close(model->saved_fd);
	pthread_mutex_destroy(&model->mutex);
}

static void heal(struct disk_model *model)
{
	model->is_faulty = false;
	model->fault_at = 0;
}

void disk_model_heal(struct disk_model *model)
{
	pthread_mutex_lock(&model->mutex);
	heal(model);
	pthread_mutex_unlock(&model->mutex);
}

bool disk_model_has_struck(struct disk_model *model)
{
	pthread_mutex_lock(&model->mutex);
	bool has_struck = model->has_struck;
	pthread_mutex_unlock(&model->mutex);
	return has_struck;
}

bool disk_model_stays_broken(struct disk_model *model)
{
	pthread_mutex_lock(&model->mutex);
	bool is_broken = model->is_faulty && model->fault != DISK_MODEL_SHORT_THEN_EIO;
	pthread_mutex_unlock(&model->mutex);
	return is_broken;
}

void disk_model_detach(struct disk_model *model, bool is_detached)
{
	pthread_mutex_lock(&model->mutex);
	model->is_detached = is_detached;
	pthread_mutex_unlock(&model->mutex);
}

static uint64_t next_random(uint64_t *state)
{
	*state += UINT64_C(0x9E3779B97F4A7C15);
	return hash64((struct slice){ (const char *)state, sizeof *state });
}

static void crash_inode(struct disk_model_inode *inode, uint64_t seed, uint64_t *random)
{
	uint64_t size = size_of(inode);
	bool keeps_size = seed != DISK_MODEL_DROP_ALL && next_random(random) % 2;

	for (size_t i = 0; i < inode->chunk_room * SECTORS; i++) {
		struct chunk *chunk = inode->chunks[i / SECTORS];
		size_t k = i % SECTORS;
		if (!chunk || !(chunk->changed >> k & 1))
			continue;
		if (seed != DISK_MODEL_DROP_ALL && (chunk->dirty >> k & 1) && next_random(random) % 2)
			continue;
		ssize_t put = pwrite(inode->fd, chunk->durable + k * SECTOR, SECTOR, (off_t)(i * SECTOR));
		assert(put == SECTOR);
	}
	int result = ftruncate(inode->fd, (off_t)(keeps_size ? size : inode->durable_size));
	assert(result == 0);
}

/* Whether the older change cannot be undone while the newer one stays: they are about the same name, or the older one
 * made the directory that the newer one is in. */
static bool depends(const struct disk_model_entry *newer, const struct disk_model_entry *older)
{
	const struct { int fd; const char *name; } news[] = { { newer->dir_fd, newer->name }, { newer->to_dir_fd, newer->to_name } },
	                                           olds[] = { { older->dir_fd, older->name }, { older->to_dir_fd, older->to_name } };
	bool answer = false;

	for (size_t i = 0; i < COUNT(news); i++)
		for (size_t k = 0; k < COUNT(olds); k++)
			answer = answer || (strcmp(news[i].name, olds[k].name) == 0 && is_same(news[i].fd, olds[k].fd));
	if (older->kind != DISK_MAKE_DIR || answer)
		return answer;
	int made_fd = openat(older->dir_fd, older->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	answer = is_same(made_fd, newer->dir_fd) || is_same(made_fd, newer->to_dir_fd);
	file_close(made_fd);
	return answer;
}

/* The newest ones, as file systems with one journal do; or any, as those do that sync a directory alone. */
static void crash_names(struct disk_model *model, uint64_t seed, uint64_t *random)
{
	bool is_ordered = seed == DISK_MODEL_DROP_ALL || seed % 2 == 0;
	uint64_t count = 0, undone;

	for (struct disk_model_entry *entry = model->entries; entry; entry = entry->next)
		count++;
	undone = seed == DISK_MODEL_DROP_ALL ? count : next_random(random) % (count + 1);
	for (struct disk_model_entry *entry = model->entries; entry; entry = entry->next, undone -= undone > 0) {
		entry->stays = is_ordered ? undone == 0 : next_random(random) % 2;
		for (struct disk_model_entry *newer = model->entries; newer != entry && !entry->stays; newer = newer->next)
			entry->stays = newer->stays && depends(newer, entry);
		if (!entry->stays)
			undo(model, entry);
	}
}

void disk_model_crash(struct disk_model *model, uint64_t seed)
{
	uint64_t random = seed;

	heal(model);
	if (seed == DISK_MODEL_KEEP_ALL)
		return;
	for (struct disk_model_inode *inode = model->inodes; inode; inode = inode->next)
		crash_inode(inode, seed, &random);
	crash_names(model, seed, &random);
	forget(model);
}
