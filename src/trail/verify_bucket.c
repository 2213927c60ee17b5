/* trail/verify_bucket.c: pages of keys, one after the other; objects on as many connections as there are threads.
 *
 * Listing in the order of keys is what makes it right while the bucket is being written: "CloudTrail-Digest" comes before
 * "CloudTrail", so whatever a listed digest lists was there before the log files were listed. */
#include "trail/verify_bucket.h"

#include "base/limits.h"
#include "codec/uri.h"
#include "trail/api_client.h"
#include "trail/object_list.h"

enum { PAGE_ARENA_BYTES_MAX = 64 << 20, PAGE_KEYS = 1000 };

struct bucket_source {
	struct verify_source         source;    /* first */
	struct verify_bucket_options options;

	/* Connections that nobody uses. A thread takes one by leaving NULL in its place. */
	_Atomic(struct api_client *) idle[VERIFY_THREADS_MAX];
};

/* ---- connections ---- */

static struct api_client *take(struct bucket_source *bucket)
{
	for (size_t i = 0; i < COUNT(bucket->idle); i++) {
		struct api_client *client = atomic_exchange(&bucket->idle[i], NULL);
		if (client)
			return client;
	}
	return api_client_new(bucket->options.settings);
}

static void give_back(struct bucket_source *bucket, struct api_client *client)
{
	for (size_t i = 0; i < COUNT(bucket->idle); i++) {
		struct api_client *none = NULL;
		if (atomic_compare_exchange_strong(&bucket->idle[i], &none, client))
			return;
	}
	api_client_free(client);
}

/* ---- listing ---- */

static void add_parameter(struct buffer *target, const char *name, struct slice value)
{
	buffer_printf(target, "&%s=", name);
	uri_encode(target, value, URI_ENCODE_SLASH);
}

static bool read_page(struct bucket_source *bucket, struct api_client *client, const struct verify_bucket_place *place,
                      struct slice token, struct arena *arena, struct object_list *list, struct error *err)
{
	struct api_call call = {
		.service = S("s3"), .region = bucket->options.region, .method = S("GET"), .reply_bytes_max = API_REPLY_BYTES_MAX,
	};
	struct buffer target;
	struct api_reply reply;

	buffer_init(&target, arena, 1 << 20);
	buffer_printf(&target, "/%.*s?list-type=2&encoding-type=url&max-keys=%zu", SLICE_ARG(place->bucket),
	              bucket->options.page_keys ? bucket->options.page_keys : PAGE_KEYS);
	if (place->prefix.len)
		add_parameter(&target, "prefix", place->prefix);
	if (token.ptr)
		add_parameter(&target, "continuation-token", token);
	call.target = buffer_slice(&target);
	return api_client_call(client, &call, &reply, err) && object_list_read(arena, reply.body, list, err);
}

static bool list_place(struct bucket_source *bucket, struct api_client *client, const struct verify_bucket_place *place,
                       verify_source_each *each, void *user, struct error *err)
{
	struct slice token = SLICE_NONE;
	char *kept = NULL;
	bool ok = true;

	do {
		struct object_list list;
		struct arena arena;
		arena_init(&arena, PAGE_ARENA_BYTES_MAX);
		ok = read_page(bucket, client, place, token, &arena, &list, err) && arena_check(&arena, err);
		for (size_t i = 0; ok && i < list.count; i++)
			ok = each(user, &(struct verify_object){ place->bucket, list.entries[i].key, list.entries[i].modified_ms }, err);
		token = SLICE_NONE;
		if (ok && list.next.ptr) {
			kept = xrealloc(kept, list.next.len);
			memcpy(kept, list.next.ptr, list.next.len);
			token = (struct slice){ kept, list.next.len };
		}
		arena_fini(&arena);
	} while (ok && token.ptr);
	free(kept);
	return ok;
}

static bool list(struct verify_source *source, verify_source_each *each, void *user, struct error *err)
{
	struct bucket_source *bucket = (struct bucket_source *)source;
	struct api_client *client = take(bucket);
	bool ok = true;

	for (size_t i = 0; ok && i < bucket->options.place_count; i++) {
		struct error failure = {0};
		ok = list_place(bucket, client, &bucket->options.places[i], each, user, &failure)
		  || fail(err, failure.kind, "s3://%.*s: %s", SLICE_ARG(bucket->options.places[i].bucket), failure.message);
	}
	give_back(bucket, client);
	return ok;
}

/* ---- objects ---- */

static bool get(struct verify_source *source, const struct verify_object *object, struct verify_bytes *bytes, bool *is_missing,
                struct error *err)
{
	struct bucket_source *bucket = (struct bucket_source *)source;
	struct api_client *client = take(bucket);
	struct api_call call = {
		.service = S("s3"), .region = bucket->options.region, .method = S("GET"), .reply_bytes_max = VERIFY_OBJECT_BYTES_MAX,
	};
	struct api_reply reply;
	struct buffer target;
	struct arena arena;
	struct error failure = {0};

	arena_init(&arena, 64 << 10);
	buffer_init(&target, &arena, 16 << 10);
	buffer_printf(&target, "/%.*s/", SLICE_ARG(object->bucket));
	uri_encode(&target, object->key, URI_KEEP_SLASH);
	call.target = buffer_slice(&target);
	bool ok = api_client_call(client, &call, &reply, &failure);
	arena_fini(&arena);
	*is_missing = !ok && failure.kind == ERR_NOT_FOUND;
	if (!ok) {
		give_back(bucket, client);
		return fail(err, failure.kind, "%s", failure.message);
	}
	*bytes = (struct verify_bytes){
		.body = reply.body, .signature = http_response_header(&reply.response, S("x-amz-meta-signature")), .handle = client,
	};
	if (!bytes->signature.ptr)
		bytes->signature = S("");               /* it has metadata, and that is not among it */
	return true;
}

static void drop(struct verify_source *source, struct verify_bytes *bytes)
{
	give_back((struct bucket_source *)source, bytes->handle);
	*bytes = (struct verify_bytes){0};
}

static void close_bucket(struct verify_source *source)
{
	struct bucket_source *bucket = (struct bucket_source *)source;

	for (size_t i = 0; i < COUNT(bucket->idle); i++)
		api_client_free(atomic_load(&bucket->idle[i]));
	free(bucket);
}

struct verify_source *verify_bucket_open(const struct verify_bucket_options *options)
{
	struct bucket_source *bucket = xcalloc(1, sizeof *bucket);

	bucket->source = (struct verify_source){ list, get, drop, close_bucket };
	bucket->options = *options;
	return &bucket->source;
}
