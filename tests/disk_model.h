/* tests/disk_model.h: a disk that keeps only what was synced, and that fails when a test wants it to.
 *
 * Operations really happen, and the model remembers what a power cut could take back: sectors written since the last
 * sync of their file, names made, moved or removed since the last sync of their directory. Syncs only update that
 * memory. A crash at operation n lets it and all later ones fail; disk_model_crash then takes back what was not synced:
 * all of it, none of it (a killed process), or some sectors and some names, as the seed says. Names are undone in
 * reverse order, or, with odd seeds, independently of each other. A failed sync marks what it should have written as
 * lost: pages that still read well, which no later sync writes. */
#ifndef SPOOR_TESTS_DISK_MODEL_H
#define SPOOR_TESTS_DISK_MODEL_H

#include "base/file.h"

#include <pthread.h>

enum { DISK_MODEL_SYNCS_MAX = 256, DISK_MODEL_SECTOR_BYTES = 512 };

enum disk_model_fault {
	DISK_MODEL_CRASH,               /* this operation and all later ones fail */
	DISK_MODEL_EIO_ONCE,
	DISK_MODEL_EIO,                 /* everything that changes something, until healed */
	DISK_MODEL_FULL,                /* files cannot grow until healed, but by what is deleted meanwhile */
	DISK_MODEL_READ_ONLY,           /* everything that changes something fails until healed */
	DISK_MODEL_SHORT_THEN_EIO,      /* half of this write, and the next operation fails */
};

enum { DISK_MODEL_DROP_ALL = 0, DISK_MODEL_KEEP_ALL = 1 };      /* seeds; others tear */

/* A call site in the program, and when it was passed. */
struct disk_model_sync {
	enum disk_kind kind;            /* DISK_SYNC or DISK_SYNC_DIR */
	const char    *label;
	uint64_t       number;          /* of the operation */
};

struct disk_model_inode;
struct disk_model_entry;

struct disk_model {
	struct disk     disk;           /* first */
	pthread_mutex_t mutex;          /* of all below: files may be prepared on another thread */

	/* what goes wrong */
	uint64_t              fault_at;         /* number of the operation, from 1; 0: never */
	enum disk_model_fault fault;
	struct disk_model_sync ignored[2];      /* syncs of these call sites do nothing; label NULL: none */
	void                (*struck)(void *user);      /* when it has; may be NULL */
	void                 *user;

	/* what happened */
	uint64_t    count;                      /* operations that change something, and syncs */
	bool        is_faulty;                  /* the fault has struck and lasts */
	bool        has_struck;
	bool        is_detached;                /* the process is gone: what it still tries is neither done nor counted */
	uint64_t    free_bytes;                 /* of a full disk */

	struct disk_model_sync syncs[DISK_MODEL_SYNCS_MAX];     /* the first ones */
	size_t                 sync_count;

	/* what is not durable */
	struct disk_model_inode *inodes;
	struct disk_model_entry *entries;       /* newest first */
	int                      saved_fd;      /* a directory for files that an unlink may have to give back */
	uint64_t                 saved_count;
	bool                     was_there;     /* the name that the operation under way makes */
};

/* `saved_dir` is an empty directory on the same file system. */
void disk_model_init(struct disk_model *model, const char *saved_dir);
void disk_model_fini(struct disk_model *model);

void disk_model_heal(struct disk_model *model);         /* the fault is over */
bool disk_model_has_struck(struct disk_model *model);
bool disk_model_stays_broken(struct disk_model *model); /* a fault has struck and lasts until healed */
void disk_model_detach(struct disk_model *model, bool is_detached);

/* Power cut (or kill): takes back, then heals; everything that is left is durable, but for DISK_MODEL_KEEP_ALL, after
 * which what was not synced still is not. */
void disk_model_crash(struct disk_model *model, uint64_t seed);

#endif
