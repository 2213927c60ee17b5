/* query/pool.c: chunks that double up to a size, and blocks of their own for what is large beside a chunk. */
#include "query/pool.h"

enum { CHUNK_BYTES_MIN = 4 << 10, CHUNK_BYTES_MAX = 256 << 10, LARGE_BYTES = CHUNK_BYTES_MAX / 4, ALIGN_BYTES = 8 };

struct pool_block {                             /* a chunk, or one large piece */
	struct pool_block *older, *newer;
	size_t             bytes;               /* with this */
	alignas(ALIGN_BYTES) char data[];
};

void pool_init(struct pool *pool, struct budget *budget)
{
	*pool = (struct pool){ .budget = budget, .chunk_bytes = CHUNK_BYTES_MIN };
}

void pool_fini(struct pool *pool)
{
	for (struct pool_block *block = pool->newest, *older; block; block = older) {
		older = block->older;
		budget_give_back(pool->budget, block->bytes);
		free(block);
	}
	pool_init(pool, pool->budget);
}

static struct pool_block *add_block(struct pool *pool, size_t data_bytes)
{
	size_t bytes = sizeof(struct pool_block) + data_bytes;

	if (bytes < data_bytes || !budget_take(pool->budget, bytes))
		return NULL;
	struct pool_block *block = xcalloc(1, bytes);
	block->bytes = bytes;
	block->older = pool->newest;
	if (pool->newest)
		pool->newest->newer = block;
	pool->newest = block;
	return block;
}

void *pool_zalloc(struct pool *pool, size_t bytes)
{
	if (bytes > LARGE_BYTES) {
		struct pool_block *block = add_block(pool, bytes);
		return block ? block->data : NULL;
	}
	bytes = (bytes + (bytes == 0) + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
	if ((size_t)(pool->end - pool->next) < bytes) {
		while (pool->chunk_bytes < bytes)
			pool->chunk_bytes *= 2;
		struct pool_block *block = add_block(pool, pool->chunk_bytes);
		if (!block)
			return NULL;
		pool->next = block->data;
		pool->end = block->data + pool->chunk_bytes;
		if (pool->chunk_bytes < CHUNK_BYTES_MAX)
			pool->chunk_bytes *= 2;
	}
	char *result = pool->next;
	pool->next += bytes;
	return result;
}

void pool_free(struct pool *pool, void *ptr, size_t bytes)
{
	if (!ptr || bytes <= LARGE_BYTES)
		return;
	struct pool_block *block = (struct pool_block *)(void *)((char *)ptr - offsetof(struct pool_block, data));
	if (block->newer)
		block->newer->older = block->older;
	else
		pool->newest = block->older;
	if (block->older)
		block->older->newer = block->newer;
	budget_give_back(pool->budget, block->bytes);
	free(block);
}

void pool_adopt(struct pool *into, struct pool *from)
{
	struct pool_block *oldest = from->newest;

	assert(into->budget == from->budget);
	while (oldest && oldest->older)
		oldest = oldest->older;
	if (oldest) {
		oldest->older = into->newest;
		if (into->newest)
			into->newest->newer = oldest;
		into->newest = from->newest;
	}
	if (from->end - from->next > into->end - into->next) {
		into->next = from->next;
		into->end = from->end;
	}
	pool_init(from, from->budget);
}
