/* query/scan.c: the calling thread walks, the workers read what it finds. */
#include "query/scan.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/supply.h"
#include "base/thread.h"
#include "query/archive_walk.h"

enum { FILES_AHEAD = 64, PROGRESS_MS = 100 };

struct scan;

struct worker {
	struct scan            *scan;
	struct thread           thread;
	size_t                  number;
	struct archive_text    *text;
	struct archive_records *records;
	struct scan_report      report;
	struct scan_progress    told;           /* of it, to the scan's sums */
	struct error            err;
	uint64_t                failed_file;    /* where err is of, if it is any */
	void                   *state;
};

struct scan {
	const struct scan_options *options;
	struct supply             *files;
	atomic_bool                is_over;             /* nobody goes on: failed, or cancelled */
	struct worker             *workers;
	size_t                     worker_count;

	_Atomic uint64_t files_sum, records_sum, bytes_read_sum, bytes_text_sum;
	_Atomic int64_t  next_progress_ms;
};

size_t scan_thread_count(const struct scan_options *options)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t count = options->thread_count ? options->thread_count : cores > 0 ? (size_t)cores : 1;

	if (!options->thread_count && options->source && count < SCAN_REMOTE_THREADS)
		count = SCAN_REMOTE_THREADS;
	return count < SCAN_THREADS_MAX ? count : SCAN_THREADS_MAX;
}

static size_t window_bytes(size_t threads)
{
	size_t bytes = ARCHIVE_WINDOWS_BYTES / threads;

	return bytes > ARCHIVE_WINDOW_BYTES_MAX ? ARCHIVE_WINDOW_BYTES_MAX
	     : bytes < ARCHIVE_WINDOW_BYTES_MIN ? ARCHIVE_WINDOW_BYTES_MIN : bytes;
}

/* ---- a worker ---- */

static bool must_stop(void *user)
{
	struct scan *scan = user;

	if (scan->options->is_cancelled && atomic_load_explicit(scan->options->is_cancelled, memory_order_relaxed))
		atomic_store(&scan->is_over, true);
	return atomic_load_explicit(&scan->is_over, memory_order_relaxed);
}

static void stop(struct worker *worker, uint64_t file)
{
	worker->failed_file = file;
	atomic_store(&worker->scan->is_over, true);
	supply_close(worker->scan->files);
}

/* Who moves the time of the next one forward, tells. */
static void tell(struct worker *worker)
{
	struct scan *scan = worker->scan;
	const struct scan_report *now = &worker->report;
	int64_t due_ms, now_ms;

	if (!scan->options->progress)
		return;
	atomic_fetch_add(&scan->files_sum, now->files - worker->told.files);
	atomic_fetch_add(&scan->records_sum, now->records - worker->told.records);
	atomic_fetch_add(&scan->bytes_read_sum, now->bytes_read - worker->told.bytes_read);
	atomic_fetch_add(&scan->bytes_text_sum, now->bytes_text - worker->told.bytes_text);
	worker->told = (struct scan_progress){ now->files, now->records, now->bytes_read, now->bytes_text };
	now_ms = clock_monotonic_ms();
	due_ms = atomic_load(&scan->next_progress_ms);
	if (now_ms < due_ms || !atomic_compare_exchange_strong(&scan->next_progress_ms, &due_ms, INT64_MAX))
		return;
	struct scan_progress progress = { scan->files_sum, scan->records_sum, scan->bytes_read_sum, scan->bytes_text_sum };
	scan->options->progress(scan->options->user, &progress);
	atomic_store(&scan->next_progress_ms, now_ms + PROGRESS_MS);
}

static bool is_flawless(struct worker *worker, const char *path)
{
	if (!worker->scan->options->is_strict || !scan_report_has_faults(&worker->report))
		return true;
	for (size_t reason = 0; reason < SCAN_REASON_COUNT; reason++) {
		const struct scan_cause *cause = &worker->report.causes[reason];
		if (scan_reason_is_fault((enum scan_reason)reason) && cause->name_count > 0)
			return fail(&worker->err, ERR_CORRUPT, "%s: %s", cause->names[0].text, scan_reason_text((enum scan_reason)reason));
	}
	return fail(&worker->err, ERR_CORRUPT, "%s", path);
}

static enum scan_reason open_file(struct worker *worker, const struct archive_file *file)
{
	struct archive_source *source = worker->scan->options->source;

	return archive_source_has(source, file->path) ? archive_text_open_source(worker->text, source, file->path)
	                                              : archive_text_open(worker->text, file->path, file->is_named);
}

static void read_file(struct worker *worker, const struct archive_file *file)
{
	const struct scan_options *options = worker->scan->options;
	enum scan_reason reason = open_file(worker, file);
	struct archive_batch batch;

	if (reason != SCAN_READ && !must_stop(worker->scan)) {
		scan_report_add_why(&worker->report, reason, SCAN_FILE, file->number, slice_of(file->path), archive_text_why(worker->text));
	} else if (reason == SCAN_READ) {
		archive_records_begin(worker->records, worker->text, &worker->report, file->number, file->path, file->is_named);
		while (!must_stop(worker->scan) && archive_records_next(worker->records, &batch)) {
			struct scan_batch given = { batch.index, batch.records, batch.count, file->number, file->path, &worker->report };
			if (!options->batch(worker->state, &given, &worker->err)) {
				stop(worker, file->number);
				break;
			}
			tell(worker);
		}
	}
	archive_text_close(worker->text);
	if (worker->err.kind == ERR_NONE && !is_flawless(worker, file->path))
		stop(worker, file->number);
	tell(worker);
}

static void work(void *argument)
{
	struct worker *worker = argument;
	struct scan *scan = worker->scan;
	const struct scan_options *options = scan->options;
	struct archive_file *file;

	worker->text = archive_text_new(window_bytes(scan->worker_count), must_stop, scan);
	worker->records = archive_records_new();
	worker->state = options->state_begin ? options->state_begin(options->user, worker->number) : NULL;
	while (!must_stop(scan) && (file = supply_take(scan->files))) {
		read_file(worker, file);
		free(file);
	}
	if (must_stop(scan))
		supply_close(scan->files);               /* the walk may wait for somebody to take its files */
	if (options->state_end)
		options->state_end(options->user, worker->number, worker->state);
	archive_records_free(worker->records);
	archive_text_free(worker->text);
}

/* ---- all of them ---- */

static bool start(struct scan *scan, struct error *err)
{
	for (size_t i = 0; i < scan->worker_count; i++) {
		struct worker *worker = &scan->workers[i];
		worker->scan = scan;
		worker->number = i;
		if (!thread_start(&worker->thread, "scan", work, worker, err))
			return false;
	}
	return true;
}

/* The error of the first file that has one: with one worker it is the same. */
static bool worst(const struct scan *scan, struct error *err)
{
	const struct worker *first = NULL;

	for (size_t i = 0; i < scan->worker_count; i++) {
		const struct worker *worker = &scan->workers[i];
		if (worker->err.kind != ERR_NONE && (!first || worker->failed_file < first->failed_file))
			first = worker;
	}
	if (first && err)
		*err = first->err;
	return first == NULL;
}

bool scan_run(const struct scan_options *options, struct scan_report *report, struct error *err)
{
	struct scan scan = { .options = options, .files = supply_new(FILES_AHEAD), .worker_count = scan_thread_count(options) };
	struct archive_walk *walk = archive_walk_new(options->paths, options->path_count, &options->scope, options->source, report, 0);
	struct archive_file *file = NULL;

	scan.workers = xcalloc(scan.worker_count, sizeof *scan.workers);
	if (options->source)
		options->source->begin(options->source, scan.worker_count, must_stop, &scan);
	bool ok = start(&scan, err);
	if (!ok) {
		atomic_store(&scan.is_over, true);
		supply_close(scan.files);
	}
	while (ok && !must_stop(&scan) && (file = archive_walk_next(walk)) && supply_put(scan.files, file))
		file = NULL;
	free(file);
	archive_walk_free(walk);
	supply_finish(scan.files);
	for (size_t i = 0; i < scan.worker_count; i++) {
		thread_join(&scan.workers[i].thread);
		scan_report_merge(report, &scan.workers[i].report);
		scan_report_fini(&scan.workers[i].report);
	}
	ok = ok && worst(&scan, err);
	if (ok && must_stop(&scan))
		ok = fail(err, ERR_BUSY, "cancelled");
	if (ok && options->is_strict && scan_report_has_faults(report))
		ok = fail(err, ERR_CORRUPT, "a folder could not be read");
	supply_free(scan.files, free);
	free(scan.workers);
	return ok;
}

void scan_refuse(const struct scan_batch *batch, const struct archive_record *record)
{
	batch->report->records--;
	scan_report_add(batch->report, SCAN_RECORD_NOT_JSON, SCAN_RECORD, batch->file, record->position, slice_of(batch->path));
}
