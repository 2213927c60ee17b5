/* base/turns.c: the open numbers in their order, each with what it holds back; the first of them writes. */
#include "base/turns.h"

#include <pthread.h>

struct piece {
	struct piece *next;
	size_t        len;
	char          bytes[];
};

struct turn {                            /* of a number that is open, or closed and not all written */
	struct turn  *next, *previous;
	uint64_t      number;
	bool          is_closed;
	struct piece *oldest, **tail;    /* held back */
};

struct turns {
	pthread_mutex_t mutex;
	pthread_cond_t  moved;
	struct turn    *first, *last;
	size_t          held_bytes, held_bytes_max;
	bool          (*write)(void *user, uint64_t number, struct slice bytes);
	void           *user;
	bool            has_failed;
};

struct turns *turns_new(size_t held_bytes_max, bool (*write)(void *user, uint64_t number, struct slice bytes), void *user)
{
	struct turns *turns = xcalloc(1, sizeof *turns);

	pthread_mutex_init(&turns->mutex, NULL);
	pthread_cond_init(&turns->moved, NULL);
	turns->held_bytes_max = held_bytes_max;
	turns->write = write;
	turns->user = user;
	return turns;
}

static void drop_oldest(struct turns *turns, struct turn *turn)
{
	struct piece *piece = turn->oldest;

	turn->oldest = piece->next;
	if (!turn->oldest)
		turn->tail = &turn->oldest;
	turns->held_bytes -= piece->len;
	free(piece);
}

static void drop(struct turns *turns, struct turn *turn)
{
	while (turn->oldest)
		drop_oldest(turns, turn);
	*(turn->previous ? &turn->previous->next : &turns->first) = turn->next;
	*(turn->next ? &turn->next->previous : &turns->last) = turn->previous;
	free(turn);
}

void turns_free(struct turns *turns)
{
	if (!turns)
		return;
	while (turns->first)
		drop(turns, turns->first);
	pthread_mutex_destroy(&turns->mutex);
	pthread_cond_destroy(&turns->moved);
	free(turns);
}

/* The last one whose number is not larger; NULL: all are. There are few, and most new ones come last. */
static struct turn *at_or_before(const struct turns *turns, uint64_t number)
{
	struct turn *turn = turns->last;

	while (turn && turn->number > number)
		turn = turn->previous;
	return turn;
}

void turns_open(struct turns *turns, uint64_t number)
{
	struct turn *turn = xcalloc(1, sizeof *turn);

	turn->number = number;
	turn->tail = &turn->oldest;
	pthread_mutex_lock(&turns->mutex);
	turn->previous = at_or_before(turns, number);
	assert(!turn->previous || turn->previous->number < number);
	turn->next = turn->previous ? turn->previous->next : turns->first;
	*(turn->previous ? &turn->previous->next : &turns->first) = turn;
	*(turn->next ? &turn->next->previous : &turns->last) = turn;
	pthread_mutex_unlock(&turns->mutex);
}

/* Writes what is next in order, as long as it is here. */
static void flush(struct turns *turns)
{
	for (struct turn *turn = turns->first; turn && !turns->has_failed; turn = turns->first) {
		for (; turn->oldest && !turns->has_failed; drop_oldest(turns, turn))
			turns->has_failed = !turns->write(turns->user, turn->number, (struct slice){ turn->oldest->bytes, turn->oldest->len });
		if (!turn->is_closed)
			break;
		drop(turns, turn);
	}
	pthread_cond_broadcast(&turns->moved);
}

static void hold(struct turns *turns, struct turn *turn, struct slice bytes)
{
	struct piece *piece = xmalloc(sizeof *piece + bytes.len);

	*piece = (struct piece){ .len = bytes.len };
	memcpy(piece->bytes, bytes.ptr, bytes.len);
	*turn->tail = piece;
	turn->tail = &piece->next;
	turns->held_bytes += bytes.len;
}

bool turns_put(struct turns *turns, uint64_t number, struct slice bytes)
{
	if (bytes.len == 0)
		return true;
	pthread_mutex_lock(&turns->mutex);
	struct turn *turn = at_or_before(turns, number);
	assert(turn && turn->number == number && !turn->is_closed);
	if (turn == turns->first && !turn->oldest && !turns->has_failed) {
		turns->has_failed = !turns->write(turns->user, number, bytes);
	} else if (!turns->has_failed) {
		hold(turns, turn, bytes);
		if (turn == turns->first)
			flush(turns);
	}
	while (turns->held_bytes > turns->held_bytes_max && turns->first != turn && !turns->has_failed)
		pthread_cond_wait(&turns->moved, &turns->mutex);
	bool ok = !turns->has_failed;
	if (!ok)
		pthread_cond_broadcast(&turns->moved);
	pthread_mutex_unlock(&turns->mutex);
	return ok;
}

bool turns_close(struct turns *turns, uint64_t number)
{
	pthread_mutex_lock(&turns->mutex);
	struct turn *turn = at_or_before(turns, number);
	assert(turn && turn->number == number && !turn->is_closed);
	turn->is_closed = true;
	if (!turn->oldest)
		drop(turns, turn);
	flush(turns);
	bool ok = !turns->has_failed;
	pthread_mutex_unlock(&turns->mutex);
	return ok;
}
