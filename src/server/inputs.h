/* server/inputs.h: which records a command reads: what spoor match and spoor query have in common on their command lines.
 *
 *     struct inputs inputs;
 *     inputs_init(&inputs, &scan);            ... flags_read() with INPUTS_FLAGS for &inputs; scan.paths = ... behind the last
 *     if (inputs_open(&inputs, environ, &err)) ... scan_run(&scan, ...)
 *     inputs_close(&inputs); */
#ifndef SPOOR_SERVER_INPUTS_H
#define SPOOR_SERVER_INPUTS_H

#include "archive/scan.h"
#include "server/endpoint.h"
#include "server/flags.h"

struct inputs {
	struct scan_options *scan;              /* the command's: scope, is_strict and thread_count are filled in */
	int64_t              now_ms;            /* what relative times count from */

	/* for paths that begin with s3:// */
	struct endpoint_flags  flags;
	struct arena           arena;
	struct endpoint        endpoint;
	struct archive_source *source;          /* NULL: there is no such path */
};

enum { INPUTS_FLAG_COUNT = 7 };
extern const struct flag INPUTS_FLAGS[INPUTS_FLAG_COUNT];       /* for a struct inputs */

/* `scan` is for all time from here on, whatever it was for. */
void inputs_init(struct inputs *inputs, struct scan_options *scan);

/* Behind the last flag, with scan->paths set, and before scan_thread_count() is asked. Where a path begins with s3://, finds the
 * endpoint and the credentials for it; asks nothing of it yet. Errors: ERR_INVALID. */
bool inputs_open(struct inputs *inputs, char *const *environment, struct error *err);
void inputs_close(struct inputs *inputs);

/* Does one of the paths begin with s3://? */
bool inputs_has_bucket(const struct scan_options *scan);

/* "2026-01-15", "2026-01-15T10:00:00Z", seconds or milliseconds since 1970, "-7d" with s m h d w, "now". */
bool inputs_time(const char *text, int64_t now_ms, int64_t *ms, struct error *err);

/* How the command ends, for a scan that gave `is_done` and `err`. */
int inputs_exit_code(bool is_done, const struct error *err, const struct scan_report *report);

#endif
