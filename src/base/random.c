/* base/random.c: getrandom(2) behind a pool; a splitmix sequence where a test asks to repeat itself. */
#include "base/random.h"

#include <sys/random.h>

void random_init(struct random *random)
{
	*random = (struct random){0};
}

void random_init_seeded(struct random *random, uint64_t seed)
{
	*random = (struct random){ .seed = seed ? seed : 1 };
}

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = (*state += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static void refill(struct random *random)
{
	size_t filled = 0;

	if (random->seed) {
		for (size_t i = 0; i < sizeof random->pool; i += 8) {
			uint64_t word = splitmix(&random->seed);
			memcpy(random->pool + i, &word, 8);
		}
		filled = sizeof random->pool;
	}
	while (filled < sizeof random->pool) {
		ssize_t got = getrandom(random->pool + filled, sizeof random->pool - filled, 0);
		assert(got > 0 || errno == EINTR);       /* the kernel's pool is ready long before us */
		filled += got > 0 ? (size_t)got : 0;
	}
	random->left = sizeof random->pool;
}

void random_bytes(struct random *random, void *out, size_t bytes)
{
	unsigned char *to = out;

	while (bytes) {
		if (random->left == 0)
			refill(random);
		size_t part = bytes < random->left ? bytes : random->left;
		unsigned char *from = random->pool + sizeof random->pool - random->left;
		memcpy(to, from, part);
		explicit_bzero(from, part);
		random->left -= part;
		to += part;
		bytes -= part;
	}
}

uint64_t random_u64(struct random *random)
{
	uint64_t value;

	random_bytes(random, &value, sizeof value);
	return value;
}

struct slice random_uuid(struct random *random, char out[UUID_TEXT_BYTES])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char bytes[16];
	size_t at = 0;

	random_bytes(random, bytes, sizeof bytes);
	bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
	for (size_t i = 0; i < sizeof bytes; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[at++] = '-';
		out[at++] = hex[bytes[i] >> 4];
		out[at++] = hex[bytes[i] & 15];
	}
	out[at] = 0;
	return (struct slice){ out, at };
}

void random_text(struct random *random, struct slice alphabet, char *out, size_t count)
{
	assert(alphabet.len >= 2 && alphabet.len <= 64);
	size_t even = 256 / alphabet.len * alphabet.len;           /* bytes from here on would favour some letters */
	for (size_t i = 0; i < count;) {
		unsigned char byte;
		random_bytes(random, &byte, 1);
		if (byte < even)
			out[i++] = alphabet.ptr[byte % alphabet.len];
	}
}
