/* base/workers.c: one list of jobs, threads that take one at a time. */
#include "base/workers.h"

#include "base/thread.h"

struct workers {
	struct workers_options options;
	pthread_mutex_t        mutex;
	pthread_cond_t         changed, idle;
	struct work           *oldest, *newest;
	size_t                 count, running;
	bool                   is_stopping;
	struct thread         *threads;
};

static void note_end(struct workers *workers)
{
	pthread_mutex_lock(&workers->mutex);
	workers->running--;
	if (workers->running == 0 && !workers->oldest)
		pthread_cond_broadcast(&workers->idle);
	pthread_mutex_unlock(&workers->mutex);
}

static struct work *take(struct workers *workers)
{
	struct work *work;

	pthread_mutex_lock(&workers->mutex);
	while (!workers->oldest && !workers->is_stopping)
		pthread_cond_wait(&workers->changed, &workers->mutex);
	work = workers->oldest;
	if (work) {
		workers->oldest = work->next;
		workers->newest = work->next ? workers->newest : NULL;
		workers->count--;
		workers->running++;
	}
	pthread_mutex_unlock(&workers->mutex);
	return work;
}

static void run_worker(void *argument)
{
	struct workers *workers = argument;
	void *state = workers->options.thread_begin ? workers->options.thread_begin(workers->options.user) : NULL;
	struct work *work;

	while ((work = take(workers))) {
		work->run(work, state);
		note_end(workers);
	}
	if (workers->options.thread_end)
		workers->options.thread_end(state);
}

struct workers *workers_start(const struct workers_options *options)
{
	struct workers *workers = xcalloc(1, sizeof *workers);
	struct error err;

	assert(options->thread_count > 0);
	workers->options = *options;
	pthread_mutex_init(&workers->mutex, NULL);
	pthread_cond_init(&workers->changed, NULL);
	pthread_cond_init(&workers->idle, NULL);
	workers->threads = xcalloc(options->thread_count, sizeof *workers->threads);
	for (size_t i = 0; i < options->thread_count; i++) {
		/* Without threads nothing can be served: as with memory, that ends the process. */
		bool ok = thread_start(&workers->threads[i], "worker", run_worker, workers, &err);
		assert(ok);
	}
	return workers;
}

bool workers_submit(struct workers *workers, struct work *work)
{
	bool is_taken;

	pthread_mutex_lock(&workers->mutex);
	is_taken = !workers->is_stopping && workers->count < workers->options.queue_max;
	if (is_taken) {
		work->next = NULL;
		if (workers->newest)
			workers->newest->next = work;
		else
			workers->oldest = work;
		workers->newest = work;
		workers->count++;
		pthread_cond_signal(&workers->changed);
	}
	pthread_mutex_unlock(&workers->mutex);
	return is_taken;
}

void workers_wait(struct workers *workers)
{
	pthread_mutex_lock(&workers->mutex);
	while (workers->running > 0 || workers->oldest)
		pthread_cond_wait(&workers->idle, &workers->mutex);
	pthread_mutex_unlock(&workers->mutex);
}

void workers_stop(struct workers *workers)
{
	if (!workers)
		return;
	pthread_mutex_lock(&workers->mutex);
	workers->is_stopping = true;
	pthread_cond_broadcast(&workers->changed);
	pthread_mutex_unlock(&workers->mutex);
	for (size_t i = 0; i < workers->options.thread_count; i++)
		thread_join(&workers->threads[i]);
	pthread_cond_destroy(&workers->changed);
	pthread_cond_destroy(&workers->idle);
	pthread_mutex_destroy(&workers->mutex);
	free(workers->threads);
	free(workers);
}
