/* trail/recorder_store.h: the journal and the catalog of a directory as one store: opened together, made to agree.
 *
 * Belongs to the recorder's thread. */
#ifndef SPOOR_TRAIL_RECORDER_STORE_H
#define SPOOR_TRAIL_RECORDER_STORE_H

#include "store/catalog.h"
#include "store/directory.h"
#include "store/journal.h"

struct recorder_options;

struct recorder_store {
	const struct recorder_options *options;
	struct snapshot_slot          *published;       /* the journal's; outlives it */
	char                          *catalog_path;
	uint64_t                       generation;
	struct journal                *journal;         /* NULL: closed */
	struct catalog                *catalog;         /* NULL: closed */
	struct checkpointer           *checkpointer;    /* of the catalog; NULL: closed */
};

/* Ready to be opened. */
void recorder_store_init(struct recorder_store *store, const struct recorder_options *options);
void recorder_store_fini(struct recorder_store *store);

/* Finishes an interrupted reset, opens both, applies what the catalog has not seen, migrates it. Nothing is left open on
 * failure. */
bool recorder_store_open(struct recorder_store *store, struct error *err);

/* Opens the catalog again and brings it up to the journal, which is open: after a COMMIT that failed. Left closed on failure. */
bool recorder_store_reopen_catalog(struct recorder_store *store, struct error *err);

/* After a failure: without touching anything on disk. */
void recorder_store_abandon_catalog(struct recorder_store *store);
void recorder_store_abandon(struct recorder_store *store);

/* A clean end: the catalog knows the journal's end, and is checkpointed. */
void recorder_store_close(struct recorder_store *store);

/* Notes in the open transaction that the catalog has everything up to the journal's end. */
bool recorder_store_note_position(struct recorder_store *store, struct error *err);

/* Moves everything away and opens an empty store of the next generation; recorder_store_reset_end makes it final. */
bool recorder_store_reset_begin(struct recorder_store *store, struct error *err);
bool recorder_store_reset_end(struct recorder_store *store, struct error *err);

/* The bytes that are given back when the disk is full: there, or not any more. */
bool recorder_store_keep_reserve(struct recorder_store *store, struct error *err);
void recorder_store_give_reserve(struct recorder_store *store);

#endif
