/* trail/delivery.c: plan, places, bytes, one commit. */
#include "trail/delivery.h"

#include "codec/digest.h"
#include "store/catalog.h"
#include "trail/digest_chains.h"
#include "trail/object_keys.h"
#include "trail/trail_files.h"
#include "trail/trail_object.h"
#include "trail/trail_status.h"
#include "trail/trail_targets.h"

struct refused_region { struct slice region, code; };

struct delivery {
	struct delivery_context   *context;
	struct arena              *arena;
	const struct trail_stream *stream;
	struct delivery_plan       plan;
	int64_t                    now_ms;              /* of delivery: in the keys, in what digests list */
	struct trail_object       *objects;             /* one a file of the plan */
	struct trail_file         *rows;
	struct refused_region     *refused;
	size_t                     refused_count;
	struct error               failure;             /* the bucket's */
};

/* S3 said no, with a code of its own; everything else is no fault of the bucket's. */
static bool is_of_bucket(const struct error *err)
{
	return err->name != NULL;
}

static bool note_try(const struct delivery *delivery, struct catalog *catalog, struct slice region, struct slice code,
                     struct error *err)
{
	const struct trail_status_key key = {
		.account = delivery->stream->account, .trail_id = delivery->stream->trail_id, .region = region,
	};

	return trail_status_note_delivery(catalog, &key, delivery->now_ms, code, err);
}

/* ---- where to ---- */

static struct slice make_key(struct delivery *delivery, struct slice prefix, struct slice region)
{
	struct slice alphabet = S("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
	char unique[LOG_UNIQUE_CHARACTERS];

	random_text(&delivery->context->random, alphabet, unique, sizeof unique);
	return object_keys_make(delivery->arena, &(struct object_key){
		.kind = OBJECT_KEY_LOG, .prefix = prefix, .account = delivery->stream->account, .region = region,
		.unique = { unique, sizeof unique }, .time_ms = delivery->now_ms,
	});
}

static bool try_target(struct delivery *delivery, size_t index, const struct trail_target *target, struct error *err)
{
	const struct trail_stream *stream = delivery->stream;
	struct trail_object *object = &delivery->objects[index];

	*object = (struct trail_object){
		.sender = { stream->account, stream->region, stream->name }, .bucket = target->bucket,
		.key = make_key(delivery, target->prefix, delivery->plan.files[index].region),
	};
	return trail_object_check(delivery->context->reader, delivery->arena, object, delivery->now_ms, err);
}

/* Where the trail delivered when it admitted the events; if that place takes nothing any more, where it delivers now: a trail
 * is moved away from a bucket that is lost, and what was pending must not be lost with it. */
static bool choose_target(struct delivery *delivery, size_t index, struct error *err)
{
	const struct trail_stream *stream = delivery->stream;
	struct catalog *reader = delivery->context->reader;
	uint32_t number = delivery->plan.files[index].target;
	const struct trail_target *target, *newest;

	target = trail_targets_find(reader, delivery->arena, stream->account, stream->trail_id, number, err);
	if (!target)
		return err->kind == ERR_NONE && fail(err, ERR_INVALID, "the trail has no target %u", number);
	if (try_target(delivery, index, target, err))
		return true;
	if (!is_of_bucket(err))
		return false;
	newest = trail_targets_newest(reader, delivery->arena, stream->account, stream->trail_id, &delivery->failure);
	if (!newest || newest->number == number)
		return false;
	*err = (struct error){0};
	return try_target(delivery, index, newest, err);
}

static bool is_refused(const struct delivery *delivery, struct slice region)
{
	for (size_t i = 0; i < delivery->refused_count; i++)
		if (slice_equal(delivery->refused[i].region, region))
			return true;
	return false;
}

static void refuse(struct delivery *delivery, struct slice region, const struct error *why)
{
	if (!is_refused(delivery, region))
		delivery->refused[delivery->refused_count++] = (struct refused_region){ region, slice_of(why->name) };
}

/* A region goes whole or stays whole: its events are delivered in their order. */
static void drop_refused(struct delivery *delivery)
{
	struct delivery_plan *plan = &delivery->plan;
	size_t kept = 0;

	for (size_t i = 0; i < plan->file_count; i++) {
		if (is_refused(delivery, plan->files[i].region))
			continue;
		plan->files[kept] = plan->files[i];
		delivery->objects[kept++] = delivery->objects[i];
	}
	plan->file_count = kept;
}

/* A stream of one region fails as a whole, and so keeps its files: the failure is noted of them. */
static bool choose_targets(struct delivery *delivery, struct error *err)
{
	size_t count = delivery->plan.file_count;

	delivery->objects = arena_array(delivery->arena, count, sizeof *delivery->objects);
	delivery->rows = arena_array(delivery->arena, count, sizeof *delivery->rows);
	delivery->refused = arena_array(delivery->arena, count, sizeof *delivery->refused);
	for (size_t i = 0; i < count; i++) {
		struct error why = {0};
		if (choose_target(delivery, i, &why))
			continue;
		if (!is_of_bucket(&why) || delivery->stream->only_region.ptr) {
			*err = why;
			return false;
		}
		refuse(delivery, delivery->plan.files[i].region, &why);
	}
	drop_refused(delivery);
	return true;
}

/* ---- the bytes ---- */

static bool write_file(struct delivery *delivery, size_t index, struct error *err)
{
	const struct delivery_file *file = &delivery->plan.files[index];
	struct trail_object *object = &delivery->objects[index];
	struct slice text = delivery_plan_write(&delivery->context->scratch, file);
	char *hash = arena_alloc(delivery->arena, SHA256_HEX_BYTES);

	delivery->rows[index] = (struct trail_file){
		.account = delivery->stream->account, .trail_id = delivery->stream->trail_id, .region = file->region,
		.delivered_ms = delivery->now_ms, .bucket = object->bucket, .key = object->key,
		.hash = digest_sha256_hex(text, hash),
		.oldest_ms = file->oldest_ms, .newest_ms = file->newest_ms,
	};
	return trail_object_write(delivery->context, delivery->arena, object, text, err);
}

static bool write_files(struct delivery *delivery, struct error *err)
{
	for (size_t i = 0; i < delivery->plan.file_count; i++)
		if (!write_file(delivery, i, err))
			return false;
	return true;
}

/* ---- the commits ---- */

static bool part_refused(struct delivery *delivery, struct catalog *catalog, struct error *err)
{
	int64_t retry_at_ms = delivery->now_ms + trail_streams_backoff_ms(1);

	for (size_t i = 0; i < delivery->refused_count; i++) {
		const struct refused_region *refused = &delivery->refused[i];
		if (!trail_streams_part(catalog, delivery->stream, refused->region, retry_at_ms, err)
		    || !note_try(delivery, catalog, refused->region, refused->code, err))
			return false;
	}
	return true;
}

static bool place_files(void *user, struct catalog *catalog, struct error *err)
{
	struct delivery *delivery = user;
	const struct trail_stream *stream = delivery->stream;

	if (!trail_streams_move(catalog, stream, stream->cursor_seq, delivery->plan.to_seq, err)
	    || !part_refused(delivery, catalog, err))
		return false;
	for (size_t i = 0; i < delivery->plan.file_count; i++) {
		if (!trail_object_put(catalog, delivery->arena, &delivery->objects[i], delivery->now_ms, err)
		    || !digest_chains_list_file(catalog, &delivery->rows[i], err)
		    || !note_try(delivery, catalog, delivery->plan.files[i].region, SLICE_NONE, err))
			return false;
	}
	return true;
}

static bool note_failure(void *user, struct catalog *catalog, struct error *err)
{
	struct delivery *delivery = user;
	const struct trail_stream *stream = delivery->stream;
	int64_t retry_at_ms = delivery->now_ms + trail_streams_backoff_ms(stream->retry_count + 1);

	for (size_t i = 0; i < delivery->plan.file_count; i++)
		if (!note_try(delivery, catalog, delivery->plan.files[i].region, slice_of(delivery->failure.name), err))
			return false;
	return trail_streams_fail(catalog, stream, retry_at_ms, err);
}

static enum delivery_end fail_delivery(struct delivery *delivery, struct error *err)
{
	if (!is_of_bucket(err))
		return DELIVERY_BROKEN_OFF;
	delivery->failure = *err;
	return delivery_commit(delivery->context, note_failure, delivery, err) == DELIVERY_COMMITTED ? DELIVERY_FAILED
	                                                                                            : DELIVERY_BROKEN_OFF;
}

static enum delivery_end commit_files(struct delivery *delivery, struct error *err)
{
	enum delivery_result result = write_files(delivery, err) ? delivery_commit(delivery->context, place_files, delivery, err)
	                                                         : DELIVERY_REFUSED;

	for (size_t i = 0; i < delivery->plan.file_count; i++)
		trail_object_end(&delivery->objects[i], result);
	return result == DELIVERY_COMMITTED ? DELIVERY_DONE : result == DELIVERY_UNKNOWN ? DELIVERY_BROKEN_OFF
	                                                                                : fail_delivery(delivery, err);
}

/* Never before the end of a digest that is written: what is delivered from now on is the next one's. */
static bool choose_time(struct delivery *delivery, struct error *err)
{
	int64_t last_end_ms;

	delivery->now_ms = delivery_context_now_ms(delivery->context);
	if (!digest_chains_last_end(delivery->context->reader, delivery->stream->account, delivery->stream->trail_id, &last_end_ms,
	                            err))
		return false;
	if (delivery->now_ms < last_end_ms)
		delivery->now_ms = last_end_ms;
	return true;
}

enum delivery_end delivery_make(struct delivery_context *context, struct arena *arena, const struct trail_stream *stream,
                                struct journal_view *view, const struct delivery_limits *limits,
                                struct delivery_report *report, struct error *err)
{
	struct delivery delivery = { .context = context, .arena = arena, .stream = stream };
	const struct delivery_plan *plan = &delivery.plan;

	*report = (struct delivery_report){0};
	if (!delivery_plan_make(&delivery.plan, arena, view, stream, limits, err)
	    || !choose_time(&delivery, err))
		return DELIVERY_BROKEN_OFF;
	if (!choose_targets(&delivery, err))
		return fail_delivery(&delivery, err);
	*report = (struct delivery_report){
		.to_seq = plan->to_seq, .files = plan->file_count, .refused = delivery.refused_count, .is_full = plan->is_full,
	};
	for (size_t i = 0; i < plan->file_count; i++) {
		report->records += plan->files[i].record_count;
		report->bytes += plan->files[i].bytes;
	}
	return commit_files(&delivery, err);
}

/* ---- the end of a stream ---- */

static bool forget_stream(void *user, struct catalog *catalog, struct error *err)
{
	const struct trail_stream *stream = user;

	if (stream->only_region.ptr)
		return trail_streams_give_up(catalog, stream, err);
	return trail_streams_delete(catalog, stream->account, stream->trail_id, err)
	    && trail_targets_delete_all(catalog, stream->account, stream->trail_id, err)
	    && trail_status_delete_all(catalog, stream->account, stream->trail_id, err);
}

enum delivery_result delivery_forget(struct delivery_context *context, const struct trail_stream *stream, struct error *err)
{
	struct trail_stream copy = *stream;

	return delivery_commit(context, forget_stream, &copy, err);
}
