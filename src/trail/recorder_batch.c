/* trail/recorder_batch.c: each job in a savepoint; its event, and what all of them changed, into the journal's batch. */
#include "trail/recorder_batch.h"

static bool begin_changes(struct recorder_batch *batch, struct error *err)
{
	struct catalog *catalog = batch->store->catalog;

	if (batch->in_transaction)
		return true;
	batch->in_transaction = catalog_begin(catalog, err);
	return batch->in_transaction && catalog_record(catalog, err);
}

/* False: the disk or the catalog failed, and with it the batch. */
static bool perform_job(struct recorder_batch *batch, struct job *job, struct error *err)
{
	struct catalog *catalog = batch->store->catalog;

	job->error.kind = ERR_NONE;
	job->error.name = NULL;
	job->error.message[0] = '\0';
	if (!begin_changes(batch, err) || !catalog_savepoint(catalog, err))
		return false;
	if (job->perform(job, catalog, &job->error)) {
		batch->changing++;
		batch->changes_authority = batch->changes_authority || job->changes_authority;
		return catalog_release(catalog, err);
	}
	if (job->error.kind == ERR_IO || job->error.kind == ERR_CORRUPT)
		return fail(err, job->error.kind, "%s", job->error.message);
	return catalog_rollback_to(catalog, err);
}

bool recorder_batch_add(struct recorder_batch *batch, struct job *job, struct error *err)
{
	struct event_frame frame;

	job->link.next = NULL;
	*(batch->last ? (struct job **)&batch->last->link.next : &batch->jobs) = job;
	batch->last = job;
	job->seq = 0;
	if (job->perform && !perform_job(batch, job, err))
		return false;
	if (!job->describe)
		return true;
	frame = (struct event_frame){0};
	if (job->describe(job, &frame)) {
		job->seq = journal_add_event(batch->store->journal, &frame);
		batch->events++;
		frame = (struct event_frame){0};
		if (job->describe_copy && job->describe_copy(job, &frame)) {
			journal_add_event(batch->store->journal, &frame);
			batch->events++;
		}
	}
	return true;
}

bool recorder_batch_seal(struct recorder_batch *batch, struct error *err)
{
	struct slice changeset = SLICE_NONE;

	if (!batch->in_transaction)
		return true;
	if (batch->changing > 0 && !catalog_changeset(batch->store->catalog, &changeset, err))
		return false;
	if (changeset.len > 0) {
		journal_add_change(batch->store->journal, changeset);
		return true;
	}
	catalog_rollback(batch->store->catalog);
	batch->in_transaction = false;
	return true;
}

bool recorder_batch_commit_catalog(struct recorder_batch *batch, struct error *err)
{
	return !batch->in_transaction
	    || (recorder_store_note_position(batch->store, err) && catalog_commit(batch->store->catalog, err));
}
