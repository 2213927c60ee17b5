/* trail/delivery_context.h: what deliveries and digests work with, and how they commit.
 *
 * Belongs to the deliverer's thread. A step reads (a reader and a view of the journal), writes the files of objects, and
 * then commits one job, which looks once more at what the step was made from; nothing else of it is ever seen. */
#ifndef SPOOR_TRAIL_DELIVERY_CONTEXT_H
#define SPOOR_TRAIL_DELIVERY_CONTEXT_H

#include "base/arena.h"
#include "base/random.h"
#include "trail/pending.h"

struct catalog;
struct gzip_writer;
struct keyring;
struct objects;
struct recorder;

/* All outlive it. */
struct delivery_options {
	struct recorder      *recorder;
	struct objects       *objects;
	const struct keyring *keyring;
	int64_t             (*now_ms)(void *user);      /* the lab clock; any thread */
	void                 *user;
	int64_t               delivery_interval_ms;     /* from the first pending record to its delivery */
	int64_t               digest_interval_ms;       /* a digest's window */
};

struct delivery_context {
	struct delivery_options options;
	struct catalog         *reader;
	struct random           random;
	struct gzip_writer     *gzip;
	struct arena            scratch;                /* of one object's bytes; empty between two */
	uint64_t                generation;             /* of the journal, when this round began: a reset makes it stale */
	struct pending          pending;
};

/* Errors: ERR_IO. */
bool delivery_context_init(struct delivery_context *context, const struct delivery_options *options, struct error *err);
void delivery_context_fini(struct delivery_context *context);           /* accepts a zeroed struct */

/* A round begins: what it reads from here on is of one generation, or its commits fail. */
void delivery_context_begin(struct delivery_context *context);

int64_t delivery_context_now_ms(const struct delivery_context *context);

/* Is everything delivered that the trail admitted, and that is committed when this is called? So ask after what makes the
 * answer matter, such as the end of a chain, was read. Also true of a trail without a stream. */
bool delivery_context_is_quiet(struct delivery_context *context, struct slice account, uint64_t trail_id);

enum delivery_result {
	DELIVERY_COMMITTED,
	DELIVERY_REFUSED,       /* nothing happened: `perform` said no (its error), a reset came between (ERR_CONFLICT), or the
	                         * recorder took no job (ERR_BUSY) */
	DELIVERY_UNKNOWN,       /* ERR_BUSY: nothing happened, unless the process ends right now: then it may be found done */
};

/* Runs `perform` as a job of the recorder, inside a savepoint, and waits. Its ERR_IO and ERR_CORRUPT fail the recorder's
 * batch: whatever is wrong with one trail only must be another kind. No event comes of it. */
enum delivery_result delivery_commit(struct delivery_context *context,
                                     bool (*perform)(void *user, struct catalog *catalog, struct error *err), void *user,
                                     struct error *err);

#endif
