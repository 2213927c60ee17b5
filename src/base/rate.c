/* base/rate.c: thousandths of a token, so that slow rates lose nothing to rounding. */
#include "base/rate.h"

#include "base/map.h"

#include <pthread.h>

struct bucket {
	int64_t       updated_ms, tokens_milli;
	size_t        key_bytes;
	char          key[];
};

struct rate {
	pthread_mutex_t mutex;
	struct map      buckets;
	int64_t         per_second, burst;
	size_t          keys_max;
};

struct rate *rate_new(unsigned per_second, unsigned burst, size_t keys_max, uint64_t seed)
{
	struct rate *rate = xcalloc(1, sizeof *rate);

	assert(per_second > 0 && burst > 0 && keys_max > 0);
	pthread_mutex_init(&rate->mutex, NULL);
	map_init(&rate->buckets, seed);
	rate->per_second = per_second;
	rate->burst = burst;
	rate->keys_max = keys_max;
	return rate;
}

static void refill(const struct rate *rate, struct bucket *bucket, int64_t now_ms)
{
	int64_t elapsed_ms = now_ms - bucket->updated_ms, full = rate->burst * 1000;

	if (elapsed_ms <= 0)
		return;
	bucket->updated_ms = now_ms;
	if (elapsed_ms > full / rate->per_second || bucket->tokens_milli + elapsed_ms * rate->per_second > full)
		bucket->tokens_milli = full;
	else
		bucket->tokens_milli += elapsed_ms * rate->per_second;
}

static void forget_full(struct rate *rate, int64_t now_ms)
{
	const struct map_entry *entry;
	bool again = true;

	while (again) {                                  /* a table must not change while it is visited */
		again = false;
		for (size_t i = 0; (entry = map_next(&rate->buckets, &i)) != NULL; ) {
			struct bucket *bucket = entry->value;
			refill(rate, bucket, now_ms);
			if (bucket->tokens_milli < rate->burst * 1000)
				continue;
			map_remove(&rate->buckets, entry->key);
			free(bucket);
			again = true;
			break;
		}
	}
}

static struct bucket *new_bucket(struct rate *rate, struct slice key, int64_t now_ms)
{
	if (rate->buckets.count >= rate->keys_max)
		forget_full(rate, now_ms);
	if (rate->buckets.count >= rate->keys_max)
		return NULL;
	struct bucket *bucket = xmalloc(sizeof *bucket + key.len);
	bucket->updated_ms = now_ms;
	bucket->tokens_milli = rate->burst * 1000;
	bucket->key_bytes = key.len;
	memcpy(bucket->key, key.ptr, key.len);
	map_put(&rate->buckets, (struct slice){ bucket->key, key.len }, bucket);
	return bucket;
}

bool rate_take(struct rate *rate, struct slice key, int64_t monotonic_ms)
{
	pthread_mutex_lock(&rate->mutex);
	struct bucket *bucket = map_find(&rate->buckets, key);
	if (!bucket)
		bucket = new_bucket(rate, key, monotonic_ms);
	bool ok = true;
	if (bucket) {
		refill(rate, bucket, monotonic_ms);
		ok = bucket->tokens_milli >= 1000;
		bucket->tokens_milli -= ok ? 1000 : 0;
	}
	pthread_mutex_unlock(&rate->mutex);
	return ok;
}

void rate_free(struct rate *rate)
{
	const struct map_entry *entry;

	if (!rate)
		return;
	for (size_t i = 0; (entry = map_next(&rate->buckets, &i)) != NULL; )
		free(entry->value);
	map_fini(&rate->buckets);
	pthread_mutex_destroy(&rate->mutex);
	free(rate);
}
