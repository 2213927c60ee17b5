/* trail/verify_source.h: where objects to be verified come from: a folder, later a bucket. */
#ifndef SPOOR_TRAIL_VERIFY_SOURCE_H
#define SPOOR_TRAIL_VERIFY_SOURCE_H

#include "base/base.h"

struct verify_bytes {
	struct slice body;                      /* as stored, compressed */
	struct slice signature;                 /* the metadata of that name; SLICE_NONE: the source keeps none */
	void        *handle;                    /* the source's */
};

struct verify_source {
	/* Calls `each` with every key, in no order; false from it stops. */
	bool (*list)(struct verify_source *source, bool (*each)(void *user, struct slice key, struct error *err), void *user,
	             struct error *err);

	/* Any thread. False: *is_missing, or an error: it could not be told. */
	bool (*get)(struct verify_source *source, struct slice key, struct verify_bytes *bytes, bool *is_missing, struct error *err);
	void (*drop)(struct verify_source *source, struct verify_bytes *bytes);
	void (*close)(struct verify_source *source);
};

#endif
