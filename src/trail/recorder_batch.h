/* trail/recorder_batch.h: the jobs of one commit: performed, described, sealed. Belongs to the recorder's thread. */
#ifndef SPOOR_TRAIL_RECORDER_BATCH_H
#define SPOOR_TRAIL_RECORDER_BATCH_H

#include "trail/recorder.h"
#include "trail/recorder_store.h"

/* Zeroed but for `store`, whose journal has begun a batch. */
struct recorder_batch {
	struct recorder_store *store;
	struct job            *jobs, *last;     /* those that are part of it, also the one that failed */
	bool                   in_transaction, changes_authority;
	size_t                 changing, events;
};

/* Takes the job in, performs it and adds its event. False: the disk or the catalog failed, and with it the batch. */
bool recorder_batch_add(struct recorder_batch *batch, struct job *job, struct error *err);

/* Adds the change frame: what all jobs did. Without any change it ends the transaction. */
bool recorder_batch_seal(struct recorder_batch *batch, struct error *err);

/* After journal_commit. */
bool recorder_batch_commit_catalog(struct recorder_batch *batch, struct error *err);

#endif
