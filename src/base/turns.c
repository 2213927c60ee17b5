/* base/turns.c: a list of pieces for each thread, and whose floor is lowest writes. */
#include "base/turns.h"

#include <pthread.h>

struct piece {
	struct piece *next;
	uint64_t      number;
	size_t        len;
	char          bytes[];
};

struct lane {                            /* of a thread */
	uint64_t      number;            /* it may give more of this one, never of a smaller */
	bool          has_ended;
	struct piece *oldest, **tail;    /* held back, numbers growing */
};

struct turns {
	pthread_mutex_t mutex;
	pthread_cond_t  moved;
	struct lane    *lanes;
	size_t          lane_count, held_bytes, held_bytes_max;
	bool          (*write)(void *user, struct slice bytes);
	void           *user;
	bool            has_failed;
};

struct turns *turns_new(size_t thread_count, size_t held_bytes_max, bool (*write)(void *user, struct slice bytes), void *user)
{
	struct turns *turns = xcalloc(1, sizeof *turns);

	pthread_mutex_init(&turns->mutex, NULL);
	pthread_cond_init(&turns->moved, NULL);
	turns->lanes = xcalloc(thread_count, sizeof *turns->lanes);
	turns->lane_count = thread_count;
	turns->held_bytes_max = held_bytes_max;
	turns->write = write;
	turns->user = user;
	for (size_t i = 0; i < thread_count; i++)
		turns->lanes[i].tail = &turns->lanes[i].oldest;
	return turns;
}

static void drop_oldest(struct turns *turns, struct lane *lane)
{
	struct piece *piece = lane->oldest;

	lane->oldest = piece->next;
	if (!lane->oldest)
		lane->tail = &lane->oldest;
	turns->held_bytes -= piece->len;
	free(piece);
}

void turns_free(struct turns *turns)
{
	if (!turns)
		return;
	for (size_t i = 0; i < turns->lane_count; i++)
		while (turns->lanes[i].oldest)
			drop_oldest(turns, &turns->lanes[i]);
	pthread_mutex_destroy(&turns->mutex);
	pthread_cond_destroy(&turns->moved);
	free(turns->lanes);
	free(turns);
}

/* The smallest number that this thread holds back or may still give something of. */
static uint64_t floor_of(const struct lane *lane)
{
	return lane->oldest ? lane->oldest->number : lane->has_ended ? UINT64_MAX : lane->number;
}

static struct lane *lowest(struct turns *turns)
{
	struct lane *lane = &turns->lanes[0];

	for (size_t i = 1; i < turns->lane_count; i++)
		if (floor_of(&turns->lanes[i]) < floor_of(lane))
			lane = &turns->lanes[i];
	return lane;
}

/* Writes what is next in order, as long as it is here. */
static void flush(struct turns *turns)
{
	for (struct lane *lane = lowest(turns); lane->oldest && !turns->has_failed; lane = lowest(turns)) {
		turns->has_failed = !turns->write(turns->user, (struct slice){ lane->oldest->bytes, lane->oldest->len });
		drop_oldest(turns, lane);
	}
	pthread_cond_broadcast(&turns->moved);
}

static void hold(struct turns *turns, struct lane *lane, struct slice bytes)
{
	struct piece *piece = xmalloc(sizeof *piece + bytes.len);

	*piece = (struct piece){ .number = lane->number, .len = bytes.len };
	memcpy(piece->bytes, bytes.ptr, bytes.len);
	*lane->tail = piece;
	lane->tail = &piece->next;
	turns->held_bytes += bytes.len;
}

bool turns_put(struct turns *turns, size_t thread, uint64_t number, struct slice bytes)
{
	struct lane *lane = &turns->lanes[thread];

	pthread_mutex_lock(&turns->mutex);
	assert(number >= lane->number && !lane->has_ended);
	bool has_moved = number > lane->number;
	lane->number = number;
	if (bytes.len > 0)
		hold(turns, lane, bytes);
	if (has_moved || bytes.len > 0)
		flush(turns);
	while (turns->held_bytes > turns->held_bytes_max && lowest(turns) != lane && !turns->has_failed)
		pthread_cond_wait(&turns->moved, &turns->mutex);
	bool ok = !turns->has_failed;
	pthread_mutex_unlock(&turns->mutex);
	return ok;
}

bool turns_end(struct turns *turns, size_t thread)
{
	pthread_mutex_lock(&turns->mutex);
	turns->lanes[thread].has_ended = true;
	flush(turns);
	bool ok = !turns->has_failed;
	pthread_mutex_unlock(&turns->mutex);
	return ok;
}
