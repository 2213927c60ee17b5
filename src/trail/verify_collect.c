/* trail/verify_collect.c: the list of objects, sorted into chains of digests and log files. */
#include "base/limits.h"
#include "trail/verify_run.h"
#include "trail/verify_source.h"

static void *grow(void *items, size_t count, size_t *room, size_t bytes)
{
	if (count < *room)
		return items;
	*room = *room ? 2 * *room : 256;
	return xrealloc(items, *room * bytes);
}

static bool add_object(void *user, const struct verify_object *listed, struct error *err)
{
	struct verify_run *run = user;
	struct verify_object object = *listed;
	struct slice key = listed->key;
	struct object_key name;

	object_keys_parse(key, &name);
	if (name.kind == OBJECT_KEY_OTHER || name.kind == OBJECT_KEY_INSIGHT) {
		run->report->others++;
		return true;
	}
	key = object.key = arena_copy(&run->arena, key);
	object_keys_parse(key, &name);          /* again, so that its parts point to the copy */
	run->newest_ms = name.time_ms > run->newest_ms ? name.time_ms : run->newest_ms;
	if (name.kind == OBJECT_KEY_DIGEST) {
		run->digests = grow(run->digests, run->digest_count, &run->digest_room, sizeof *run->digests);
		run->digests[run->digest_count++] = (struct verify_digest){ .object = object, .key = key, .name = name, .finding = VERIFY_OK };
	} else {
		run->logs = grow(run->logs, run->log_count, &run->log_room, sizeof *run->logs);
		run->logs[run->log_count++] = (struct verify_log){ .object = object, .key = key, .name = name, .finding = VERIFY_OK };
	}
	return arena_check(&run->arena, err);
}

static int compare_names(const struct object_key *a, const struct object_key *b)
{
	int order = slice_compare(a->account, b->account);

	order = order ? order : slice_compare(a->region, b->region);
	if (a->kind == OBJECT_KEY_DIGEST) {
		order = order ? order : slice_compare(a->home_region, b->home_region);
		order = order ? order : slice_compare(a->trail, b->trail);
		order = order ? order : (int)a->is_backfill - (int)b->is_backfill;
	}
	return order ? order : (a->time_ms > b->time_ms) - (a->time_ms < b->time_ms);
}

static int compare_digests(const void *a, const void *b)
{
	const struct verify_digest *x = a, *y = b;
	int order = compare_names(&x->name, &y->name);

	return order ? order : slice_compare(x->key, y->key);
}

static int compare_logs(const void *a, const void *b)
{
	const struct verify_log *x = a, *y = b;
	int order = compare_names(&x->name, &y->name);

	return order ? order : slice_compare(x->key, y->key);
}

bool verify_collect(struct verify_run *run, struct error *err)
{
	run->newest_ms = run->options->now_ms;
	if (!run->options->source->list(run->options->source, add_object, run, err))
		return false;
	if (run->digest_count)
		qsort(run->digests, run->digest_count, sizeof *run->digests, compare_digests);
	if (run->log_count)
		qsort(run->logs, run->log_count, sizeof *run->logs, compare_logs);
	for (size_t i = 0; i < run->digest_count; i++)
		map_put(&run->digests_by_key, run->digests[i].key, &run->digests[i]);
	for (size_t i = 0; i < run->log_count; i++)
		map_put(&run->logs_by_key, run->logs[i].key, &run->logs[i]);
	return true;
}

/* From "AWSLogs/" on; SLICE_NONE if that is not in it. */
static struct slice below_prefix(struct slice key)
{
	size_t at = slice_find(key, S("/AWSLogs/"));

	return at == SLICE_NPOS ? SLICE_NONE : slice_from(key, at + 1);
}

static void *find(const struct map *map, struct slice stored_key)
{
	void *found = stored_key.ptr ? map_find(map, stored_key) : NULL;
	struct slice below = found || !stored_key.ptr ? SLICE_NONE : below_prefix(stored_key);

	return below.ptr ? map_find(map, below) : found;
}

static bool is_other_bucket(struct slice a, struct slice b)
{
	return a.ptr && b.ptr && !slice_equal(a, b);
}

struct verify_digest *verify_find_digest(struct verify_run *run, struct slice bucket, struct slice stored_key)
{
	struct verify_digest *found = find(&run->digests_by_key, stored_key);

	return found && is_other_bucket(found->object.bucket, bucket) ? NULL : found;
}

struct verify_log *verify_find_log(struct verify_run *run, struct slice bucket, struct slice stored_key)
{
	struct verify_log *found = find(&run->logs_by_key, stored_key);

	return found && is_other_bucket(found->object.bucket, bucket) ? NULL : found;
}
