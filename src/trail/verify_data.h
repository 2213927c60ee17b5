/* trail/verify_data.h: is a data directory what was committed to it?
 *
 * The journal: every batch is what its chain value says and continues the one before, over all files from the first one on.
 * The catalog: it is undamaged, the batch it knows as its last is in the journal, and its rows are those that the changes in
 * the journal make. The objects: every file that a row
 * names is there, and every frame of it is authentic. Nothing in the directory is changed; a server that runs holds it. */
#ifndef SPOOR_TRAIL_VERIFY_DATA_H
#define SPOOR_TRAIL_VERIFY_DATA_H

#include "trail/verify.h"

/* Of `options` counts threads, progress, user and journal_head. Fills the report, which verify_report_free() frees, also
 * after false. Errors: ERR_BUSY a process holds it, and which; ERR_NOT_FOUND no data directory; ERR_INVALID from a newer
 * spoor; ERR_IO. */
bool verify_data_run(const char *path, const struct verify_options *options, struct verify_report *report, struct error *err);

#endif
