/* store/journal_file.h: one file of the journal, and the list of them as a snapshot for readers.
 *
 * A file is made under another name, filled with zeros so that no later write needs new space, gets its header, and only
 * then its name: a file that is called like a journal file is whole. Its header says where the file before it ends, which
 * is how a batch whose write failed is cut for good without touching the file it is in. */
#ifndef SPOOR_STORE_JOURNAL_FILE_H
#define SPOOR_STORE_JOURNAL_FILE_H

#include "base/snapshot.h"
#include "store/journal_batch.h"

struct disk;

enum {
	JOURNAL_FILE_HEADER_BYTES = 4096,
	JOURNAL_FILE_NAME_BYTES   = 32,         /* 20 digits, ".journal", NUL */
};

#define JOURNAL_FILE_PREPARED "next.prepared"

struct journal_file {
	struct snapshot  snapshot;              /* first: counts the lists it is in */
	uint64_t         generation;
	uint64_t         first_seq;             /* also its name */
	uint64_t         bytes;                 /* preallocated */
	uint64_t         previous_first_seq, previous_end;      /* the file before, and where its batches end; 0: none */
	unsigned char    anchor[JOURNAL_CHAIN_BYTES];           /* chain value before the first batch */
	_Atomic uint64_t published;             /* what readers may see; use the functions below */
};

struct journal_file_list {
	struct snapshot      snapshot;          /* first */
	int                  dir_fd;            /* its own */
	size_t               count;
	struct journal_file *items[];           /* oldest first */
};

/* Where the last file's batches end. */
struct journal_tail {
	uint64_t      end, next_seq;
	unsigned char chain[JOURNAL_CHAIN_BYTES];
	uint64_t      last_offset;              /* of the last batch in this file; 0: none */
};

void journal_file_name(uint64_t first_seq, char name[JOURNAL_FILE_NAME_BYTES]);

/* What readers see: offset of the end, and how many frames are before it. Any thread reads, the writer sets. */
void     journal_file_publish(struct journal_file *file, uint64_t end, uint64_t frames);
uint64_t journal_file_published_end(struct journal_file *file, uint64_t *frames);

/* A new, empty file under JOURNAL_FILE_PREPARED, filled with zeros, or only reserved; its descriptor or -1. */
int journal_file_prepare(struct disk *disk, int dir_fd, uint64_t bytes, bool is_quick, struct error *err);

/* Writes the header into the prepared file, makes it durable and gives it its name. `file` is filled but for `bytes`. */
bool journal_file_adopt(struct disk *disk, int dir_fd, int fd, const struct journal_file *file, struct error *err);

/* The first `bytes`, read-only. NULL on failure. */
const char *journal_file_map(int dir_fd, const struct journal_file *file, uint64_t bytes, struct error *err);

/* Reads all headers of a directory and finds the end of the last file. An empty directory gives an empty list.
 * Errors: ERR_IO, ERR_CORRUPT. */
struct journal_file_list *journal_file_list_load(struct disk *disk, int dir_fd, struct journal_tail *tail,
                                                 struct error *err);

/* The end of the batches in the file's `bytes`. ERR_CORRUPT: a damaged batch is followed by a valid one. */
bool journal_file_find_tail(const struct journal_file *file, struct slice bytes, struct journal_tail *tail,
                            struct error *err);

/* `list` with one more at its end, which replaces a file of the same name. Takes over the reference to `file`. */
struct journal_file_list *journal_file_list_with(const struct journal_file_list *list, struct journal_file *file);

/* A file with one reference; the caller fills it. */
struct journal_file *journal_file_new(void);

/* The names of the batches' faults are completed with the file and the offset. Always false. */
bool journal_file_fail(const struct journal_file *file, uint64_t offset, const char *what, struct error *err);

#endif
