/* trail/verify_source.h: where objects to be verified come from: a folder, or a bucket. */
#ifndef SPOOR_TRAIL_VERIFY_SOURCE_H
#define SPOOR_TRAIL_VERIFY_SOURCE_H

#include "base/base.h"

struct verify_object {
	struct slice bucket;                    /* SLICE_NONE: the source does not know */
	struct slice key;
	int64_t      modified_ms;               /* 0: the source does not know */
};

struct verify_bytes {
	struct slice body;                      /* as stored, compressed */
	struct slice signature;                 /* the metadata of that name; SLICE_NONE: the source keeps none */
	void        *handle;                    /* the source's */
};

typedef bool verify_source_each(void *user, const struct verify_object *object, struct error *err);

struct verify_source {
	/* Calls `each` with every object, in no order; false from it stops. */
	bool (*list)(struct verify_source *source, verify_source_each *each, void *user, struct error *err);

	/* Any thread. False: *is_missing, or an error: it could not be told. */
	bool (*get)(struct verify_source *source, const struct verify_object *object, struct verify_bytes *bytes, bool *is_missing,
	            struct error *err);
	void (*drop)(struct verify_source *source, struct verify_bytes *bytes);
	void (*close)(struct verify_source *source);
};

#endif
