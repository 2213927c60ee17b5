/* base/turns.h: several threads write what belongs in one order, as it comes, holding back no more than they must.
 *
 * Work is numbered, and what a number gives is written behind that of all smaller ones, whichever threads work on them. Whoever
 * works on the smallest number writes at once; what the others have waits in memory, and when that is too much, they wait.
 * So the output is the same for one thread and for many, and memory is bounded whatever the work. */
#ifndef SPOOR_BASE_TURNS_H
#define SPOOR_BASE_TURNS_H

#include "base/base.h"

struct turns;

/* `write` is called by one thread at a time, with the number that gave the bytes; false from it ends everything: all later calls
 * return false. */
struct turns *turns_new(size_t held_bytes_max, bool (*write)(void *user, uint64_t number, struct slice bytes), void *user);
void          turns_free(struct turns *turns);                  /* accepts NULL; no thread may use it any more */

/* Something may come under this number; until it is closed, nothing of a larger one is written. A number is opened before a larger
 * one, or while the next smaller one of all is open still; it may be opened again after it was closed with nothing put. */
void turns_open(struct turns *turns, uint64_t number);

/* What `number`, which is open, gives, or a part of it; copied. Waits while too much is held back, unless it is this number's
 * turn: the smallest must be worked on by somebody who does not wait for those who do. */
bool turns_put(struct turns *turns, uint64_t number, struct slice bytes);

/* Nothing more comes under it. */
bool turns_close(struct turns *turns, uint64_t number);

#endif
