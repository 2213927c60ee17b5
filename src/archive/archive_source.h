/* archive/archive_source.h: what a scan needs of files behind a server: paths that begin with s3://. How they are got is the business of
 * whoever sets scan_options.source; this layer knows no network.
 *
 * The walking thread lists, one place after the other, and holds no more than a page of names. Workers read, each a stream at a time. */
#ifndef SPOOR_ARCHIVE_ARCHIVE_SOURCE_H
#define SPOOR_ARCHIVE_ARCHIVE_SOURCE_H

#include "base/base.h"

struct archive_object {
	struct slice path;                      /* begins with the place; until the next one */
	bool         is_empty;
};

enum archive_listing { ARCHIVE_LISTED, ARCHIVE_LIST_ENDED, ARCHIVE_LIST_FAILED };

struct archive_stream;

struct archive_source {
	/* A scan by so many workers begins. `must_stop`, which any thread may ask, ends what waits for the server, as ERR_BUSY. */
	void (*begin)(struct archive_source *source, size_t threads, bool (*must_stop)(void *user), void *user);

	/* ---- the walking thread ---- */

	/* What is below `place`, as the user gave it, in the order of the paths' bytes. */
	void                 (*list_begin)(struct archive_source *source, const char *place);
	enum archive_listing (*list_next)(struct archive_source *source, struct archive_object *object, struct error *err);

	/* Leaves out what else begins with the first `bytes` of the last path. */
	void                 (*list_skip)(struct archive_source *source, size_t bytes);

	/* ---- any worker ---- */

	/* Asks nothing yet. */
	struct archive_stream *(*open)(struct archive_source *source, const char *path);

	/* The next bytes, at most `room`; *got 0: that was all. Errors: ERR_NOT_FOUND, ERR_DENIED, ERR_BUSY, or another kind. */
	bool (*read)(struct archive_stream *stream, char *to, size_t room, size_t *got, struct error *err);
	void (*close)(struct archive_stream *stream);
};

#define ARCHIVE_SOURCE_SCHEME "s3://"

static inline bool archive_source_has(const struct archive_source *source, const char *path)
{
	return source && strncmp(path, ARCHIVE_SOURCE_SCHEME, sizeof ARCHIVE_SOURCE_SCHEME - 1) == 0;
}

#endif
