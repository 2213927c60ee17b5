/* trail/verify_data_parts.h: what the parts of verifying a data directory share. For trail/verify_data*.c only. */
#ifndef SPOOR_TRAIL_VERIFY_DATA_PARTS_H
#define SPOOR_TRAIL_VERIFY_DATA_PARTS_H

#include "base/random.h"
#include "store/directory.h"
#include "store/journal_view.h"
#include "trail/verify_data.h"
#include "trail/verify_run.h"

struct stored_file;

/* A batch that must be in the journal, because somebody else knows it. */
struct verify_data_mark {
	bool                is_wanted;
	struct verify_mark  batch;
	_Atomic bool        is_found, is_same;
};

struct verify_data_file {                       /* of the journal */
	int          finding;                   /* enum verify_finding, or VERIFY_OK */
	struct slice detail;
	uint64_t     batches, frames, events, bytes;
};

struct verify_data_object {                     /* one file, whatever the number of rows that name it */
	struct slice what;                      /* "BUCKET/KEY", or which part */
	struct slice file, sealed_key;
	uint64_t     bytes;
	int          finding;
	struct slice detail;
};

struct verify_data {
	struct verify_run          run;         /* first: threads are given a struct verify_run */
	struct verify_threads     *threads;
	struct directory           directory;
	const char                *catalog_path;
	struct catalog            *catalog;
	struct random              random;

	/* journal */
	struct journal_file_list  *list;        /* NULL: damaged */
	struct journal_view       *view;
	struct journal_tail        tail;
	struct verify_data_file   *files;
	struct verify_data_mark    position;    /* of the catalog */
	struct verify_data_mark    head;        /* of the options */

	/* objects */
	struct objects            *store;       /* NULL: there is no folder */
	struct keyring            *keyring;     /* NULL: there is no master key */
	struct verify_data_object *objects;
	size_t                     object_count, object_room;
	struct map                 objects_by_file;     /* key: file, sealed key, bytes */
};

/* Each adds what it finds to the report. False: it could not be done at all. */
bool verify_data_check_journal(struct verify_data *data, struct error *err);
bool verify_data_check_rows(struct verify_data *data, struct error *err);       /* after the journal was found sound */
bool verify_data_check_objects(struct verify_data *data, struct error *err);

#endif
