/* base/rate.c: thousandths of a token, so that slow rates lose nothing to rounding. */
#include "base/rate.h"

#include "base/map.h"

#include <pthread.h>

struct bucket {
	struct bucket *older;
	int64_t       updated_ms, tokens_milli;
	size_t        key_bytes;
	char          key[];
};

struct rate {
	pthread_mutex_t mutex;
	struct map      buckets;
	struct bucket  *newest;
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

/* One walk along the list: a table must not change while it is visited. */
static void forget_full(struct rate *rate, int64_t now_ms)
{
	for (struct bucket **place = &rate->newest, *bucket; (bucket = *place) != NULL; ) {
		refill(rate, bucket, now_ms);
		if (bucket->tokens_milli < rate->burst * 1000) {
			place = &bucket->older;
			continue;
		}
		*place = bucket->older;
		map_remove(&rate->buckets, (struct slice){ bucket->key, bucket->key_bytes });
		free(bucket);
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
	bucket->older = rate->newest;
	rate->newest = bucket;
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
	if (!rate)
		return;
	for (struct bucket *bucket = rate->newest, *older; bucket; bucket = older) {
		older = bucket->older;
		free(bucket);
	}
	map_fini(&rate->buckets);
	pthread_mutex_destroy(&rate->mutex);
	free(rate);
}
