/* store/journal_file.c: headers, names, and the end of the last file. */
#include "store/journal_file.h"

#include "base/file.h"

static const uint64_t FILE_MAGIC = UINT64_C(0xf5ff6c616e726a73);        /* "sjrnal", ff, f5 */

enum { FILE_FORMAT = 1, NAME_DIGITS = 20, PUBLISHED_END_BITS = 24, SLICE_BYTES = 1 << 20 };

struct header {                                 /* on disk; zeros up to JOURNAL_FILE_HEADER_BYTES */
	uint64_t      magic;
	uint32_t      format, header_bytes;
	uint64_t      generation, first_seq, previous_first_seq, previous_end;
	unsigned char anchor[JOURNAL_CHAIN_BYTES];
	uint64_t      checksum;                 /* XXH3 of all before */
};
_Static_assert(sizeof(struct header) == 88, "the file header is an on-disk format");

void journal_file_name(uint64_t first_seq, char name[JOURNAL_FILE_NAME_BYTES])
{
	snprintf(name, JOURNAL_FILE_NAME_BYTES, "%020" PRIu64 ".journal", first_seq);
}

bool journal_file_fail(const struct journal_file *file, uint64_t offset, const char *what, struct error *err)
{
	char name[JOURNAL_FILE_NAME_BYTES];

	journal_file_name(file->first_seq, name);
	return fail(err, ERR_CORRUPT, "journal file %s, offset %" PRIu64 ": %s", name, offset, what);
}

/* ---- what readers see: both numbers in one word ---- */

void journal_file_publish(struct journal_file *file, uint64_t end, uint64_t frames)
{
	uint64_t sectors = end / JOURNAL_ALIGN_BYTES;

	assert(sectors < UINT64_C(1) << PUBLISHED_END_BITS && frames < UINT64_C(1) << (64 - PUBLISHED_END_BITS));
	atomic_store_explicit(&file->published, frames << PUBLISHED_END_BITS | sectors, memory_order_release);
}

uint64_t journal_file_published_end(struct journal_file *file, uint64_t *frames)
{
	uint64_t published = atomic_load_explicit(&file->published, memory_order_acquire);

	*frames = published >> PUBLISHED_END_BITS;
	return (published & ((UINT64_C(1) << PUBLISHED_END_BITS) - 1)) * JOURNAL_ALIGN_BYTES;
}

/* ---- making a file ---- */

/* In slices, and synced here: else the disk would be busy with all of it when a batch wants to be synced, and the writer
 * would wait for all of it when it gives the file its header. */
static bool fill(struct disk *disk, int fd, uint64_t bytes, bool is_quick, struct error *err)
{
	if (is_quick)
		return file_reserve(disk, fd, bytes, "prepare a journal file", err);
	for (uint64_t at = 0, part; at < bytes; at += part) {
		part = bytes - at < SLICE_BYTES ? bytes - at : SLICE_BYTES;
		if (!file_write_zeros(disk, fd, at, part, "prepare a journal file", err))
			return false;
		file_write_back(disk, fd, at, part);
	}
	return file_sync(disk, fd, "journal: prepared file", err);
}

int journal_file_prepare(struct disk *disk, int dir_fd, uint64_t bytes, bool is_quick, struct error *err)
{
	int fd;

	if (!file_unlink(disk, dir_fd, JOURNAL_FILE_PREPARED, err))
		return -1;
	fd = file_open(disk, dir_fd, JOURNAL_FILE_PREPARED, O_RDWR | O_CREAT | O_EXCL, NULL, err);
	if (fd >= 0 && !fill(disk, fd, bytes, is_quick, err)) {
		file_close(fd);
		file_unlink(disk, dir_fd, JOURNAL_FILE_PREPARED, NULL);         /* gives back what it took of a full disk */
		return -1;
	}
	return fd;
}

bool journal_file_adopt(struct disk *disk, int dir_fd, int fd, const struct journal_file *file, struct error *err)
{
	struct header header = {
		.magic = FILE_MAGIC, .format = FILE_FORMAT, .header_bytes = JOURNAL_FILE_HEADER_BYTES, .generation = file->generation,
		.first_seq = file->first_seq, .previous_first_seq = file->previous_first_seq, .previous_end = file->previous_end,
	};
	char name[JOURNAL_FILE_NAME_BYTES];

	memcpy(header.anchor, file->anchor, sizeof header.anchor);
	header.checksum = hash64((struct slice){ (const char *)&header, offsetof(struct header, checksum) });
	journal_file_name(file->first_seq, name);
	return file_write(disk, fd, (struct slice){ (const char *)&header, sizeof header }, 0, name, err)
	    && file_sync(disk, fd, "journal: file header", err)
	    && file_rename(disk, dir_fd, JOURNAL_FILE_PREPARED, dir_fd, name, err)
	    && file_sync_dir(disk, dir_fd, "journal: file name", err);
}

/* ---- lists ---- */

static void free_file(struct snapshot *snapshot)
{
	free(snapshot);
}

struct journal_file *journal_file_new(void)
{
	struct journal_file *file = xcalloc(1, sizeof *file);

	file->snapshot.free = free_file;
	atomic_init(&file->snapshot.references, 1);
	journal_file_publish(file, JOURNAL_FILE_HEADER_BYTES, 0);
	return file;
}

static void free_list(struct snapshot *snapshot)
{
	struct journal_file_list *list = (struct journal_file_list *)snapshot;

	for (size_t i = 0; i < list->count; i++)
		snapshot_release(&list->items[i]->snapshot);
	file_close(list->dir_fd);
	free(list);
}

static struct journal_file_list *new_list(int dir_fd, size_t room)
{
	struct journal_file_list *list = xcalloc(1, sizeof *list + room * sizeof list->items[0]);

	list->snapshot.free = free_list;
	atomic_init(&list->snapshot.references, 1);
	list->dir_fd = fcntl(dir_fd, F_DUPFD_CLOEXEC, 0);
	assert(list->dir_fd >= 0);
	return list;
}

struct journal_file_list *journal_file_list_with(const struct journal_file_list *list, struct journal_file *file)
{
	struct journal_file_list *longer = new_list(list->dir_fd, list->count + 1);

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i]->first_seq != file->first_seq) {
			atomic_fetch_add(&list->items[i]->snapshot.references, 1);
			longer->items[longer->count++] = list->items[i];
		}
	longer->items[longer->count++] = file;
	return longer;
}

const char *journal_file_map(int dir_fd, const struct journal_file *file, uint64_t bytes, struct error *err)
{
	char name[JOURNAL_FILE_NAME_BYTES];

	journal_file_name(file->first_seq, name);
	int fd = file_open(NULL, dir_fd, name, O_RDONLY, NULL, err);
	const char *map = fd >= 0 ? file_map(fd, (size_t)bytes, name, err) : NULL;
	file_close(fd);
	return map;
}

/* ---- loading ---- */

struct names {
	uint64_t *first_seqs;
	size_t    count, room;
};

static bool add_name(void *user, const char *name, struct error *err)
{
	struct names *names = user;
	struct slice text = slice_of(name);
	uint64_t first_seq;

	(void)err;
	if (text.len != NAME_DIGITS + sizeof ".journal" - 1 || !slice_has_suffix(text, S(".journal"))
	    || !slice_to_u64(slice_sub(text, 0, NAME_DIGITS), &first_seq))
		return true;                    /* somebody else's file */
	if (names->count == names->room) {
		names->room = names->room ? 2 * names->room : 64;
		names->first_seqs = xrealloc(names->first_seqs, names->room * sizeof *names->first_seqs);
	}
	names->first_seqs[names->count++] = first_seq;
	return true;
}

static int compare_seqs(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static bool read_header(struct disk *disk, int dir_fd, struct journal_file *file, struct error *err)
{
	char name[JOURNAL_FILE_NAME_BYTES];
	struct header header = {0};
	size_t got = 0;

	journal_file_name(file->first_seq, name);
	int fd = file_open(disk, dir_fd, name, O_RDONLY, NULL, err);
	bool ok = fd >= 0 && file_read(disk, fd, &header, sizeof header, 0, &got, name, err)
	       && file_size(fd, &file->bytes, name, err);
	file_close(fd);
	if (!ok)
		return false;
	if (got < sizeof header || header.magic != FILE_MAGIC || header.first_seq != file->first_seq
	    || header.checksum != hash64((struct slice){ (const char *)&header, offsetof(struct header, checksum) }))
		return journal_file_fail(file, 0, "the header is damaged", err);
	if (header.format != FILE_FORMAT)
		return fail(err, ERR_INVALID, "journal file %s has format %u and this program knows %d: it is from a newer spoor", name,
		            header.format, FILE_FORMAT);
	file->generation = header.generation;
	file->previous_first_seq = header.previous_first_seq;
	file->previous_end = header.previous_end;
	memcpy(file->anchor, header.anchor, sizeof file->anchor);
	return true;
}

static bool is_next(const struct journal_batch *batch, const struct journal_file *file, const struct journal_tail *tail)
{
	return batch->generation == file->generation && batch->first_seq == tail->next_seq
	    && memcmp(batch->previous_chain, tail->chain, sizeof tail->chain) == 0;
}

/* Each batch was durable before the next was written, so only the last can be torn; its header may have survived without
 * its payload. A valid batch behind an invalid one was not torn: somebody or something has changed the one before it. */
bool journal_file_find_tail(const struct journal_file *file, struct slice bytes, struct journal_tail *tail,
                            struct error *err)
{
	struct journal_batch batch, last = {0};

	*tail = (struct journal_tail){ .end = JOURNAL_FILE_HEADER_BYTES, .next_seq = file->first_seq };
	memcpy(tail->chain, file->anchor, sizeof tail->chain);
	while (journal_batch_read(slice_from(bytes, tail->end), &batch, NULL) && is_next(&batch, file, tail)) {
		tail->last_offset = tail->end;
		tail->end += batch.bytes.len;
		tail->next_seq += batch.frame_count;
		memcpy(tail->chain, batch.chain, sizeof tail->chain);
		last = batch;
	}
	if (last.bytes.ptr && !journal_batch_is_genuine(&last)) {
		tail->end = tail->last_offset;
		tail->next_seq = last.first_seq;
		memcpy(tail->chain, last.previous_chain, sizeof tail->chain);
		tail->last_offset = 0;          /* there is one before it, but that one needs no second look */
	}
	for (uint64_t offset = tail->end + JOURNAL_ALIGN_BYTES; offset < bytes.len; offset += JOURNAL_ALIGN_BYTES)
		if (journal_batch_read(slice_from(bytes, offset), &batch, NULL) && batch.generation == file->generation
		    && journal_batch_is_genuine(&batch))
			return journal_file_fail(file, tail->end, "the batch is damaged, and valid ones follow it", err);
	return true;
}

static bool load_tail(int dir_fd, const struct journal_file *file, struct journal_tail *tail, struct error *err)
{
	const char *map = journal_file_map(dir_fd, file, file->bytes, err);
	bool ok = map && journal_file_find_tail(file, (struct slice){ map, (size_t)file->bytes }, tail, err);

	if (map)
		file_unmap(map, (size_t)file->bytes);
	return ok;
}

static bool check_order(const struct journal_file_list *list, struct error *err)
{
	for (size_t i = 1; i < list->count; i++) {
		const struct journal_file *before = list->items[i - 1], *file = list->items[i];
		if (file->generation != before->generation)
			return journal_file_fail(file, 0, "it is of another generation than the file before it", err);
		if (file->previous_first_seq != before->first_seq)
			return journal_file_fail(file, 0, "the file before it is missing", err);
		if (file->previous_end < JOURNAL_FILE_HEADER_BYTES || file->previous_end > before->bytes)
			return journal_file_fail(before, before->bytes, "it is shorter than the file behind it says", err);
		journal_file_publish(list->items[i - 1], file->previous_end, file->first_seq - before->first_seq);
	}
	return true;
}

struct journal_file_list *journal_file_list_load(struct disk *disk, int dir_fd, struct journal_tail *tail,
                                                 struct error *err)
{
	struct names names = {0};
	struct journal_file_list *list = NULL;
	bool ok = file_list(dir_fd, add_name, &names, err);

	*tail = (struct journal_tail){0};
	if (ok) {
		if (names.count > 0)
			qsort(names.first_seqs, names.count, sizeof *names.first_seqs, compare_seqs);
		list = new_list(dir_fd, names.count);
	}
	for (size_t i = 0; ok && i < names.count; i++) {
		list->items[list->count] = journal_file_new();
		list->items[list->count]->first_seq = names.first_seqs[i];
		ok = read_header(disk, dir_fd, list->items[list->count++], err);
	}
	free(names.first_seqs);
	ok = ok && check_order(list, err);
	if (ok && list->count > 0) {
		struct journal_file *last = list->items[list->count - 1];
		ok = load_tail(dir_fd, last, tail, err);
		journal_file_publish(last, tail->end, tail->next_seq - last->first_seq);
	}
	if (ok)
		return list;
	if (list)
		snapshot_release(&list->snapshot);
	return NULL;
}
