/* archive/scan.c: the calling thread walks, the workers read what it finds. */
#include "archive/scan.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/supply.h"
#include "base/thread.h"
#include "archive/archive_walk.h"

enum { FILES_AHEAD = 64, PROGRESS_MS = 100 };

struct scan;

struct work {                                   /* a file; or, with none, a batch that another worker gave away */
	struct archive_file  *file;
	uint64_t              turn, number;     /* of the batch; of its file */
	const char           *path;
	struct slice          text;             /* that the records stand in; behind them, with the path */
	size_t                count;
	struct archive_record records[];
};

struct worker {
	struct scan            *scan;
	struct thread           thread;
	size_t                  number;
	struct archive_text    *text;
	struct archive_records *records;
	struct scan_report      report;
	struct scan_progress    told;           /* of it, to the scan's sums */
	struct json_index       index;          /* of what was given to it */
	enum json_machine       machine;
	struct error            err;
	uint64_t                failed_turn;    /* where err is of, if it is any */
	void                   *state;
};

struct scan {
	const struct scan_options *options;
	struct supply             *work;
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

static void stop(struct worker *worker, uint64_t turn)
{
	worker->failed_turn = turn;
	atomic_store(&worker->scan->is_over, true);
	supply_close(worker->scan->work);
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

static void open_turn(const struct scan *scan, uint64_t turn)
{
	if (scan->options->turn_open)
		scan->options->turn_open(scan->options->user, turn);
}

static void close_turn(const struct scan *scan, uint64_t turn)
{
	if (scan->options->turn_close)
		scan->options->turn_close(scan->options->user, turn);
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

/* ---- a batch that is given away ---- */

static void free_work(void *item)
{
	struct work *work = item;

	free(work->file);
	free(work);
}

/* A copy of the batch: the window it stands in moves on. */
static struct work *copy_batch(const struct archive_batch *batch, const struct archive_file *file, uint64_t turn)
{
	const struct archive_record *last = &batch->records[batch->count - 1];
	const char *begin = batch->records[0].text.ptr;
	size_t bytes = (size_t)(last->text.ptr + last->text.len - begin), path_bytes = strlen(file->path) + 1;
	struct work *work = xmalloc(sizeof *work + batch->count * sizeof *work->records + path_bytes + bytes);
	char *path = (char *)&work->records[batch->count], *text = path + path_bytes;

	*work = (struct work){ .turn = turn, .number = file->number, .path = path, .text = { text, bytes }, .count = batch->count };
	memcpy(path, file->path, path_bytes);
	memcpy(text, begin, bytes);
	for (size_t i = 0; i < batch->count; i++)
		work->records[i] = (struct archive_record){ { text + (batch->records[i].text.ptr - begin), batch->records[i].text.len },
		                                            batch->records[i].position };
	return work;
}

/* Gives the batch to a worker that has nothing to do, if there is one. Behind it another turn of the file begins, which is *turn. */
static bool give_away(struct worker *worker, const struct archive_batch *batch, const struct archive_file *file, uint64_t *turn)
{
	struct scan *scan = worker->scan;

	if (!supply_has_waiting(scan->work) || scan->options->is_strict || scan_turn_file(*turn + 2) != file->number)
		return false;
	struct work *work = copy_batch(batch, file, *turn + 1);
	open_turn(scan, *turn + 1);
	open_turn(scan, *turn + 2);
	if (!supply_offer(scan->work, work)) {
		close_turn(scan, *turn + 2);
		close_turn(scan, *turn + 1);
		free_work(work);
		return false;
	}
	close_turn(scan, *turn);
	*turn += 2;
	worker->report.records -= batch->count;          /* whoever has it counts it */
	return true;
}

static void take_batch(struct worker *worker, const struct scan_batch *batch)
{
	if (!worker->scan->options->batch(worker->state, batch, &worker->err))
		stop(worker, batch->turn);
	tell(worker);
}

static void take_work(struct worker *worker, const struct work *work)
{
	struct scan_batch batch = {
		.index = &worker->index, .records = work->records, .count = work->count, .file = work->number, .turn = work->turn,
		.path = work->path, .report = &worker->report,
	};

	if (!must_stop(worker->scan)) {
		json_index_build(&worker->index, work->text, worker->machine);
		worker->report.records += work->count;
		take_batch(worker, &batch);
	}
	close_turn(worker->scan, work->turn);
}

/* ---- a file ---- */

static enum scan_reason open_file(struct worker *worker, const struct archive_file *file)
{
	struct archive_source *source = worker->scan->options->source;

	return archive_source_has(source, file->path) ? archive_text_open_source(worker->text, source, file->path)
	                                              : archive_text_open(worker->text, file->path, file->is_named);
}

/* Batch after batch. The first is never given away: most files have no other. */
static void read_records(struct worker *worker, const struct archive_file *file, uint64_t *turn)
{
	struct archive_batch batch;
	bool is_first = true;

	archive_records_begin(worker->records, worker->text, &worker->report, file->number, file->path, file->is_named);
	for (; !must_stop(worker->scan) && archive_records_next(worker->records, &batch); is_first = false) {
		if (!is_first && give_away(worker, &batch, file, turn))
			continue;
		struct scan_batch given = {
			.index = batch.index, .records = batch.records, .count = batch.count, .file = file->number, .turn = *turn,
			.path = file->path, .report = &worker->report,
		};
		take_batch(worker, &given);
	}
}

static void read_file(struct worker *worker, const struct archive_file *file)
{
	uint64_t turn = scan_turn_of(file->number);

	if (!must_stop(worker->scan)) {
		enum scan_reason reason = open_file(worker, file);
		if (reason == SCAN_READ)
			read_records(worker, file, &turn);
		else if (!must_stop(worker->scan))
			scan_report_add_why(&worker->report, reason, SCAN_FILE, file->number, slice_of(file->path), archive_text_why(worker->text));
		archive_text_close(worker->text);
		if (worker->err.kind == ERR_NONE && !is_flawless(worker, file->path))
			stop(worker, turn);
		tell(worker);
	}
	close_turn(worker->scan, turn);
}

static void work(void *argument)
{
	struct worker *worker = argument;
	struct scan *scan = worker->scan;
	const struct scan_options *options = scan->options;
	struct work *work;

	worker->text = archive_text_new(window_bytes(scan->worker_count), must_stop, scan);
	worker->records = archive_records_new();
	archive_records_want(worker->records, options->literals);
	worker->machine = json_index_fastest();
	worker->state = options->state_begin ? options->state_begin(options->user, worker->number) : NULL;
	while ((work = supply_take(scan->work))) {
		if (work->file)
			read_file(worker, work->file);
		else
			take_work(worker, work);
		free_work(work);
		if (must_stop(scan))
			supply_close(scan->work);        /* the walk may wait for somebody to take its files */
	}
	if (options->state_end)
		options->state_end(options->user, worker->number, worker->state);
	archive_records_free(worker->records);
	archive_text_free(worker->text);
	json_index_fini(&worker->index);
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

/* The error of the first turn that has one: with one worker it is the same. */
static bool worst(const struct scan *scan, struct error *err)
{
	const struct worker *first = NULL;

	for (size_t i = 0; i < scan->worker_count; i++) {
		const struct worker *worker = &scan->workers[i];
		if (worker->err.kind != ERR_NONE && (!first || worker->failed_turn < first->failed_turn))
			first = worker;
	}
	if (first && err)
		*err = first->err;
	return first == NULL;
}

static struct work *next_file(const struct scan *scan, struct archive_walk *walk)
{
	struct archive_file *file = archive_walk_next(walk);
	struct work *work = NULL;

	if (file) {
		work = xcalloc(1, sizeof *work);
		work->file = file;
		open_turn(scan, scan_turn_of(file->number));
	}
	return work;
}

bool scan_run(const struct scan_options *options, struct scan_report *report, struct error *err)
{
	struct scan scan = { .options = options, .worker_count = scan_thread_count(options) };
	struct archive_walk *walk = archive_walk_new(options->paths, options->path_count, &options->scope, options->source, report, 0);
	struct work *work = NULL;

	scan.work = supply_new(FILES_AHEAD, scan.worker_count);
	scan.workers = xcalloc(scan.worker_count, sizeof *scan.workers);
	if (options->source)
		options->source->begin(options->source, scan.worker_count, must_stop, &scan);
	bool ok = start(&scan, err);
	if (!ok) {
		atomic_store(&scan.is_over, true);
		supply_close(scan.work);
	}
	while (ok && !must_stop(&scan) && (work = next_file(&scan, walk)) && supply_put(scan.work, work))
		work = NULL;
	if (work)
		free_work(work);
	archive_walk_free(walk);
	supply_finish(scan.work);
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
	supply_free(scan.work, free_work);
	free(scan.workers);
	return ok;
}

void scan_refuse(const struct scan_batch *batch, const struct archive_record *record)
{
	batch->report->records--;
	scan_report_add(batch->report, SCAN_RECORD_NOT_JSON, SCAN_RECORD, batch->file, record->position, slice_of(batch->path));
}
