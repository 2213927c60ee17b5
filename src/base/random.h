/* base/random.h: random bytes from the kernel, a pool at a time; one per thread that needs some.
 *
 * Randomness enters at the edge: whoever makes ids is handed a struct random, so a test can hand in a seeded one. */
#ifndef SPOOR_BASE_RANDOM_H
#define SPOOR_BASE_RANDOM_H

#include "base/base.h"

struct random {
	unsigned char pool[1024];
	size_t        left;              /* unused bytes at the end of the pool */
	uint64_t      seed;              /* not 0: a repeatable sequence, for tests only */
};

void random_init(struct random *random);
void random_init_seeded(struct random *random, uint64_t seed);

void random_bytes(struct random *random, void *out, size_t bytes); /* fit for keys; used bytes are wiped */
uint64_t random_u64(struct random *random);

enum { UUID_TEXT_BYTES = 37 };
struct slice random_uuid(struct random *random, char out[UUID_TEXT_BYTES]); /* version 4, lower case, NUL-terminated */

/* `count` characters drawn evenly from `alphabet` (2 to 64 characters); not NUL-terminated. */
void random_text(struct random *random, struct slice alphabet, char *out, size_t count);

#endif
