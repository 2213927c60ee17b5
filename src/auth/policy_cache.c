/* auth/policy_cache.c: an index by text, and a ring of the entries that nobody uses, by when they were let go.
 *
 * The index compares whole documents: a hash alone would let whoever finds a collision wear another's policy. */
#include "auth/policy_cache.h"

#include "auth/policy.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"

struct cache_entry {
	struct cache_entry  *newer, *older;      /* in the ring, while nobody uses it */
	struct arena         arena;              /* owns `policy` and its document, which is the key */
	const struct policy *policy;
	uint32_t             users;
};

struct policy_cache {
	struct map         index;                /* document -> struct cache_entry */
	struct cache_entry ring;                 /* ring.older was let go last, ring.newer is the next to be forgotten */
	size_t             bytes, idle_bytes, idle_bytes_max;
};

struct policy_cache *policy_cache_new(size_t bytes_max, uint64_t seed)
{
	struct policy_cache *cache = xcalloc(1, sizeof *cache);

	map_init(&cache->index, seed);
	cache->ring.newer = cache->ring.older = &cache->ring;
	cache->idle_bytes_max = bytes_max;
	return cache;
}

static void use(struct policy_cache *cache, struct cache_entry *entry)
{
	if (entry->users++ > 0)
		return;
	entry->newer->older = entry->older;
	entry->older->newer = entry->newer;
	cache->idle_bytes -= entry->arena.used_bytes;
}

static void let_go(struct policy_cache *cache, struct cache_entry *entry)
{
	if (--entry->users > 0)
		return;
	entry->newer = &cache->ring;
	entry->older = cache->ring.older;
	entry->older->newer = entry;
	cache->ring.older = entry;
	cache->idle_bytes += entry->arena.used_bytes;
}

static void free_entry(struct cache_entry *entry)
{
	arena_fini(&entry->arena);
	free(entry);
}

void policy_cache_free(struct policy_cache *cache)
{
	const struct map_entry *slot;

	if (!cache)
		return;
	for (size_t at = 0; (slot = map_next(&cache->index, &at));)
		free_entry(slot->value);
	map_fini(&cache->index);
	free(cache);
}

static void make_room(struct policy_cache *cache)
{
	while (cache->idle_bytes > cache->idle_bytes_max) {
		struct cache_entry *entry = cache->ring.newer;
		use(cache, entry);
		map_remove(&cache->index, policy_document(entry->policy));
		cache->bytes -= entry->arena.used_bytes;
		free_entry(entry);
	}
}

const struct policy *policy_cache_take(struct policy_cache *cache, struct slice document, struct error *err)
{
	struct cache_entry *entry = map_find(&cache->index, document);

	if (entry) {
		use(cache, entry);
		return entry->policy;
	}
	entry = xcalloc(1, sizeof *entry);
	arena_init(&entry->arena, POLICY_COMPILED_BYTES_MAX);
	entry->policy = policy_compile(&entry->arena, document, err);
	if (!entry->policy) {
		free_entry(entry);
		return NULL;
	}
	entry->users = 1;
	cache->bytes += entry->arena.used_bytes;
	map_put(&cache->index, policy_document(entry->policy), entry);
	return entry->policy;
}

void policy_cache_release(struct policy_cache *cache, const struct policy *policy)
{
	struct cache_entry *entry = map_find(&cache->index, policy_document(policy));

	assert(entry && entry->policy == policy && entry->users > 0);
	let_go(cache, entry);
	make_room(cache);
}

size_t policy_cache_bytes(const struct policy_cache *cache)
{
	return cache->bytes;
}

size_t policy_cache_count(const struct policy_cache *cache)
{
	return cache->index.count;
}
