/* trail/verify_threads.c: threads that take the next index until there is none. */
#include "base/limits.h"
#include "base/thread.h"
#include "codec/gzip.h"
#include "trail/verify_run.h"

enum { PROGRESS_EVERY = 16 };

struct one {
	struct thread          thread;
	struct verify_thread   state;
	struct verify_threads *all;
};

struct verify_threads {
	struct verify_run *run;
	const char        *what;
	struct one        *items;
	size_t             count;
	_Atomic size_t     next;
	size_t             end;
	void             (*work)(struct verify_thread *, size_t);
};

struct verify_threads *verify_threads_new(struct verify_run *run)
{
	struct verify_threads *threads = xcalloc(1, sizeof *threads);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	threads->run = run;
	threads->count = run->options->threads ? run->options->threads : cores > 0 ? (size_t)cores : 1;
	if (threads->count > VERIFY_THREADS_MAX)
		threads->count = VERIFY_THREADS_MAX;
	threads->items = xcalloc(threads->count, sizeof *threads->items);
	for (size_t i = 0; i < threads->count; i++) {
		struct one *one = &threads->items[i];
		one->all = threads;
		one->state = (struct verify_thread){ .run = run, .gzip = gzip_reader_new() };
		arena_init(&one->state.arena, VERIFY_ARENA_BYTES_MAX);
	}
	return threads;
}

void verify_threads_free(struct verify_threads *threads)
{
	if (!threads)
		return;
	for (size_t i = 0; i < threads->count; i++) {
		gzip_reader_free(threads->items[i].state.gzip);
		arena_fini(&threads->items[i].state.arena);
	}
	free(threads->items);
	free(threads);
}

static void show_progress(const struct verify_threads *threads, size_t done)
{
	struct verify_run *run = threads->run;
	struct verify_progress progress = {
		.what = threads->what, .done = done, .of = threads->end, .records = atomic_load(&run->records_done),
		.bytes = atomic_load(&run->bytes_done), .inflated_bytes = atomic_load(&run->inflated_done),
	};

	run->options->progress(run->options->user, &progress);
}

/* The caller's thread is the first of them, and the one that shows progress. */
static void work_through(void *argument)
{
	struct one *one = argument;
	struct verify_threads *all = one->all;
	const struct verify_options *options = all->run->options;
	size_t index;

	while ((index = atomic_fetch_add(&all->next, 1)) < all->end) {
		all->work(&one->state, index);
		if (one == all->items && options->progress && index % PROGRESS_EVERY < all->count)
			show_progress(all, index);
	}
}

bool verify_threads_run(struct verify_threads *threads, const char *what, size_t count,
                        void (*work)(struct verify_thread *, size_t index), struct error *err)
{
	bool ok = true;

	threads->what = what;
	threads->work = work;
	threads->end = count;
	atomic_store(&threads->next, 0);
	for (size_t i = 1; ok && i < threads->count; i++)
		ok = thread_start(&threads->items[i].thread, "verify", work_through, &threads->items[i], err);
	if (ok)
		work_through(&threads->items[0]);
	else
		atomic_store(&threads->next, count);
	for (size_t i = 1; i < threads->count; i++) {
		thread_join(&threads->items[i].thread);
		threads->items[i].thread = (struct thread){0};
	}
	return ok;
}
