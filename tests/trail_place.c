/* tests/trail_place.c: migrated and opened as the server does it. */
#include "tests/trail_place.h"

#include "auth/keyring.h"
#include "auth/schema.h"
#include "base/waiter.h"
#include "bucket/bucket_policy.h"
#include "bucket/documents.h"
#include "bucket/schema.h"
#include "codec/gzip.h"
#include "store/object_reader.h"
#include "trail/schema.h"
#include "trail/stamps.h"
#include "trail/trail_targets.h"

enum { MIGRATIONS_MAX = 80, INFLATED_BYTES_MAX = 64 << 20 };

static const char POLICY[] =
	"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:PutObject\","
	"\"Resource\":\"arn:aws:s3:::%.*s/AWSLogs/*/CloudTrail/%.*s/*\"},{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"cloudtrail.amazonaws.com\"},"
	"\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::%.*s/*\",\"Condition\":{\"StringEquals\":{"
	"\"s3:x-amz-acl\":\"bucket-owner-full-control\",\"aws:SourceAccount\":\"111122223333\"},"
	"\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:cloudtrail:us-east-1:111122223333:trail/audit\"}}}]}";

/* ---- opening ---- */

static int64_t now_ms(void *user)
{
	return ((struct trail_place *)user)->now_ms;
}

struct delivery_options trail_place_options(struct trail_place *place)
{
	return (struct delivery_options){
		.recorder = place->recorder, .objects = place->objects, .keyring = place->keyring, .now_ms = now_ms, .user = place,
		.delivery_interval_ms = 300000, .digest_interval_ms = 3600000,
	};
}

static size_t migrations(struct migration *list)
{
	const struct { const struct migration *items; size_t count; } sets[] = {
		{ schema_auth_migrations, schema_auth_migration_count },
		{ schema_bucket_migrations, schema_bucket_migration_count },
		{ schema_trail_migrations, schema_trail_migration_count },
	};
	size_t count = 0;

	for (size_t i = 0; i < COUNT(sets); count += sets[i++].count) {
		assert(count + sets[i].count <= MIGRATIONS_MAX);
		memcpy(list + count, sets[i].items, sets[i].count * sizeof *list);
	}
	return count;
}

static bool open_recorder(struct trail_place *place)
{
	struct migration *list = arena_array(place->arena, MIGRATIONS_MAX, sizeof *list);

	place->recorder = recorder_open(&(struct recorder_options){
		.directory = &place->directory, .migrations = list, .migration_count = migrations(list),
		.journal_file_bytes = place->journal_file_bytes ? place->journal_file_bytes : 256 << 10,
		.reserve_file_bytes = 4096, .retry_ms = 1,
	}, &place->err);
	return place->recorder != NULL;
}

bool trail_place_open(struct trail_place *place)
{
	struct delivery_options options;

	if (place->now_ms == 0)
		place->now_ms = TRAIL_PLACE_NOW_MS;
	random_init_seeded(&place->random, 11);
	if (!directory_open(&place->directory, place->disk, place->path, DIRECTORY_CREATE, &place->err))
		return false;
	place->keyring = keyring_open(place->disk, place->directory.fd, &place->random, &place->err);
	place->objects = place->keyring ? objects_open(place->disk, place->directory.fd, &place->err) : NULL;
	if (place->objects && open_recorder(place)) {
		options = trail_place_options(place);
		if (delivery_context_init(&place->context, &options, &place->err))
			return true;
	}
	trail_place_close(place);
	return false;
}

void trail_place_close(struct trail_place *place)
{
	delivery_context_fini(&place->context);
	recorder_close(place->recorder);
	objects_close(place->objects);
	keyring_close(place->keyring);
	directory_close(&place->directory);
	place->context = (struct delivery_context){0};
	place->recorder = NULL;
	place->objects = NULL;
	place->keyring = NULL;
}

/* ---- changes ---- */

bool trail_place_change(struct trail_place *place, bool (*perform)(void *user, struct catalog *catalog, struct error *err),
                        void *user)
{
	return place->recorder && delivery_commit(&place->context, perform, user, &place->err) == DELIVERY_COMMITTED;
}

struct bucket_change { struct trail_place *place; struct slice name; bool may_deliver; struct slice denied_region; };

static bool put_policy(const struct bucket_change *change, struct catalog *catalog, const struct bucket *bucket,
                       struct slice denied_region, struct error *err)
{
	struct slice policy = arena_format(change->place->arena, POLICY, SLICE_ARG(change->name), SLICE_ARG(denied_region),
	                                   SLICE_ARG(change->name));

	return documents_put(catalog, bucket, DOCUMENT_POLICY, policy, TRAIL_PLACE_NOW_MS, err)
	    && buckets_set_policy(catalog, bucket, true, false, err);
}

static bool make_bucket(void *user, struct catalog *catalog, struct error *err)
{
	const struct bucket_change *change = user;
	const struct bucket bucket = {
		.account = TRAIL_PLACE_ACCOUNT, .name = change->name, .region = S("us-east-1"), .created_ms = TRAIL_PLACE_NOW_MS,
		BUCKET_DEFAULTS,
	};

	return buckets_insert(catalog, &bucket, err) && (!change->may_deliver || put_policy(change, catalog, &bucket, S("none"), err));
}

bool trail_place_bucket(struct trail_place *place, const char *name, bool may_deliver)
{
	struct bucket_change change = { .place = place, .name = slice_of(name), .may_deliver = may_deliver };

	return trail_place_change(place, make_bucket, &change);
}

static bool deny_region(void *user, struct catalog *catalog, struct error *err)
{
	const struct bucket_change *change = user;
	const struct bucket *bucket = buckets_get(catalog, change->place->arena, change->name, err);

	return bucket && put_policy(change, catalog, bucket, change->denied_region, err);
}

bool trail_place_deny(struct trail_place *place, const char *bucket, const char *region)
{
	struct bucket_change change = { .place = place, .name = slice_of(bucket), .denied_region = slice_of(region) };

	return trail_place_change(place, deny_region, &change);
}

static bool drop_bucket(void *user, struct catalog *catalog, struct error *err)
{
	const struct bucket_change *change = user;
	const struct bucket *bucket = buckets_get(catalog, change->place->arena, change->name, err);

	return bucket && buckets_delete(catalog, change->place->arena, bucket, TRAIL_PLACE_NOW_MS, err);
}

bool trail_place_drop_bucket(struct trail_place *place, const char *name)
{
	struct bucket_change change = { .place = place, .name = slice_of(name) };

	return trail_place_change(place, drop_bucket, &change);
}

static bool insert_target(void *user, struct catalog *catalog, struct error *err)
{
	const struct trail_target *target = user;
	const struct trail_stream stream = {
		.account = target->account, .trail_id = target->trail_id, .region = S("us-east-1"), .name = S("audit"),
	};

	return trail_targets_insert(catalog, target, err) && (target->number > 1 || trail_streams_begin(catalog, &stream, err));
}

bool trail_place_trail(struct trail_place *place, uint64_t trail_id, uint32_t number, const char *bucket, const char *prefix)
{
	struct trail_target target = {
		.account = TRAIL_PLACE_ACCOUNT, .trail_id = trail_id, .number = number, .bucket = slice_of(bucket),
		.prefix = slice_of(prefix),
	};

	return trail_place_change(place, insert_target, &target);
}

/* ---- events ---- */

struct event_job {
	struct job         job;                  /* first */
	struct event_frame frame;
	struct waiter     *done;
	enum job_result    result;
};

static bool describe_event(struct job *job, struct event_frame *frame)
{
	*frame = ((struct event_job *)job)->frame;
	return true;
}

static void finish_event(struct job *job, enum job_result result)
{
	struct event_job *event = (struct event_job *)job;

	event->result = result;
	waiter_wake(event->done);
}

bool trail_place_event(struct trail_place *place, int number, const char *region, uint64_t trail_id, uint32_t target)
{
	const struct stamp stamp = { trail_id, target };
	char stamps[STAMP_BYTES];
	struct event_job event = {
		.job = { .describe = describe_event, .finish = finish_event },
		.frame = {
			.time_ms = place->now_ms, .account = 111122223333, .flags = FRAME_MANAGEMENT, .region = slice_of(region),
			.stamps = { stamps, sizeof stamps }, .json = arena_format(place->arena, "{\"n\":%d}", number),
		},
		.done = waiter_new(),
	};

	stamps_write(&stamp, 1, stamps);
	bool is_taken = place->recorder && recorder_submit(place->recorder, &event.job);
	if (is_taken)
		waiter_wait(event.done);
	waiter_free(event.done);
	return is_taken && event.result == JOB_DONE;
}

/* ---- deliveries ---- */

static struct trail_stream find_stream(struct trail_place *place, uint64_t trail_id, struct slice only_region)
{
	struct trail_stream_list list;

	if (trail_streams_list(place->context.reader, place->arena, &list, &place->err))
		for (size_t i = 0; i < list.count; i++)
			if (list.items[i].trail_id == trail_id && slice_equal(list.items[i].only_region, only_region))
				return list.items[i];
	return (struct trail_stream){0};
}

struct trail_stream trail_place_stream(struct trail_place *place, uint64_t trail_id)
{
	return find_stream(place, trail_id, SLICE_NONE);
}

struct trail_stream trail_place_region_stream(struct trail_place *place, uint64_t trail_id, const char *region)
{
	return find_stream(place, trail_id, slice_of(region));
}

enum delivery_end trail_place_deliver_stream(struct trail_place *place, const struct trail_stream *stream,
                                             const struct delivery_limits *limits, struct delivery_report *report)
{
	struct journal_view *view = recorder_journal_view(place->recorder);
	enum delivery_end end;

	place->err = (struct error){0};
	end = delivery_make(&place->context, place->arena, stream, view, limits ? limits : &DELIVERY_LIMITS, report, &place->err);
	journal_view_release(view);
	return end;
}

enum delivery_end trail_place_deliver(struct trail_place *place, uint64_t trail_id, const struct delivery_limits *limits,
                                      struct delivery_report *report)
{
	const struct trail_stream stream = trail_place_stream(place, trail_id);

	return trail_place_deliver_stream(place, &stream, limits, report);
}

/* ---- what is in the buckets ---- */

static bool read_object(struct trail_place *place, struct slice file, struct slice sealed_key, size_t bytes, struct slice *text)
{
	struct gzip_reader *gzip = gzip_reader_new();
	struct slice key = keyring_unseal(place->keyring, KEYRING_OBJECT_KEY, file, sealed_key, place->arena, &place->err);
	char *out = arena_alloc(place->arena, bytes + 1);
	struct object_reader *reader = NULL;

	if (key.len == OBJECT_KEY_BYTES)
		reader = object_open(place->objects, file, (const unsigned char *)key.ptr, bytes, &place->err);
	bool ok = reader && object_read(reader, 0, out, bytes, &place->err);
	object_reader_close(reader);
	*text = ok ? arena_copy(place->arena, gzip_read(gzip, (struct slice){ out, bytes }, INFLATED_BYTES_MAX, &place->err))
	           : SLICE_NONE;
	gzip_reader_free(gzip);
	return text->ptr != NULL;
}

bool trail_place_read(struct trail_place *place, struct trail_place_objects *objects)
{
	enum { OBJECTS_MAX = 256 };
	struct rows rows = catalog_query(place->context.reader, &place->err,
	                                 "SELECT bucket, key, headers, modified_ms, file, sealed_key, bytes FROM object_versions"
	                                 " ORDER BY bucket, key, position", "");
	bool ok = true;

	*objects = (struct trail_place_objects){ .items = arena_array(place->arena, OBJECTS_MAX, sizeof *objects->items) };
	while (rows_next(&rows) && objects->count < OBJECTS_MAX) {
		struct trail_place_object *object = &objects->items[objects->count++];
		*object = (struct trail_place_object){
			.bucket = rows_text(&rows, 0, place->arena), .key = rows_text(&rows, 1, place->arena),
			.headers = rows_text(&rows, 2, place->arena), .modified_ms = rows_i64(&rows, 3),
		};
		ok &= read_object(place, rows_text(&rows, 4, place->arena), rows_blob(&rows, 5, place->arena),
		                  (size_t)rows_i64(&rows, 6), &object->text);
	}
	return rows_close(&rows) && ok;
}
