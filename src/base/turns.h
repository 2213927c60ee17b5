/* base/turns.h: several threads write what belongs in one order, as it comes, holding back no more than they must.
 *
 * Work is numbered, each thread takes numbers that only grow, and what a number gives is written behind that of all smaller
 * ones. The thread whose number is the smallest writes at once; what the others have waits in memory, and when that is too much,
 * they wait. So the output is the same for one thread and for many, and memory is bounded whatever the work. */
#ifndef SPOOR_BASE_TURNS_H
#define SPOOR_BASE_TURNS_H

#include "base/base.h"

struct turns;

/* Threads are 0 to thread_count - 1; each counts as busy until turns_end(). `write` is called by one thread at a time; false from
 * it ends everything: all later calls return false. */
struct turns *turns_new(size_t thread_count, size_t held_bytes_max, bool (*write)(void *user, struct slice bytes), void *user);
void          turns_free(struct turns *turns);                  /* accepts NULL; no thread may use it any more */

/* What `number` gives, or a part of it; copied. The thread is past all smaller numbers. Empty bytes say only that. Waits while too
 * much is held back, unless it is this thread's turn. */
bool turns_put(struct turns *turns, size_t thread, uint64_t number, struct slice bytes);

/* The thread has nothing more. */
bool turns_end(struct turns *turns, size_t thread);

#endif
