/* trail/verify_bucket.c: pages of keys, one after the other; objects on as many connections as there are threads.
 *
 * Listing in the order of keys is what makes it right while the bucket is being written: "CloudTrail-Digest" comes before
 * "CloudTrail", so whatever a listed digest lists was there before the log files were listed. */
#include "trail/verify_bucket.h"

#include "base/limits.h"
#include "trail/bucket_client.h"

enum { PAGE_ARENA_BYTES_MAX = 64 << 20 };

struct bucket_source {
	struct verify_source         source;    /* first */
	struct verify_bucket_options options;
	struct bucket_client        *client;
};

/* ---- listing ---- */

static bool list_place(struct bucket_source *bucket, struct api_client *connection, const struct verify_bucket_place *place,
                       verify_source_each *each, void *user, struct error *err)
{
	struct bucket_page page = { .bucket = place->bucket, .prefix = place->prefix, .keys_max = bucket->options.page_keys };
	char *kept = NULL;
	bool ok = true;

	do {
		struct object_list list;
		struct arena arena;
		arena_init(&arena, PAGE_ARENA_BYTES_MAX);
		ok = bucket_client_list(bucket->client, connection, &page, &arena, &list, err) && arena_check(&arena, err);
		for (size_t i = 0; ok && i < list.count; i++)
			ok = each(user, &(struct verify_object){ place->bucket, list.entries[i].key, list.entries[i].modified_ms }, err);
		page.token = SLICE_NONE;
		if (ok && list.next.ptr) {
			kept = xrealloc(kept, list.next.len);
			memcpy(kept, list.next.ptr, list.next.len);
			page.token = (struct slice){ kept, list.next.len };
		}
		arena_fini(&arena);
	} while (ok && page.token.ptr);
	free(kept);
	return ok;
}

static bool list(struct verify_source *source, verify_source_each *each, void *user, struct error *err)
{
	struct bucket_source *bucket = (struct bucket_source *)source;
	struct api_client *connection = bucket_client_take(bucket->client);
	bool ok = true;

	for (size_t i = 0; ok && i < bucket->options.place_count; i++) {
		struct error failure = {0};
		ok = list_place(bucket, connection, &bucket->options.places[i], each, user, &failure)
		  || fail(err, failure.kind, "s3://%.*s: %s", SLICE_ARG(bucket->options.places[i].bucket), failure.message);
	}
	bucket_client_give_back(bucket->client, connection);
	return ok;
}

/* ---- objects ---- */

static bool get(struct verify_source *source, const struct verify_object *object, struct verify_bytes *bytes, bool *is_missing,
                struct error *err)
{
	struct bucket_source *bucket = (struct bucket_source *)source;
	struct api_client *connection = bucket_client_take(bucket->client);
	struct bucket_object wanted = { .bucket = object->bucket, .key = object->key, .bytes_max = VERIFY_OBJECT_BYTES_MAX };
	struct error failure = {0};
	struct api_reply reply;

	bool ok = bucket_client_get(bucket->client, connection, &wanted, &reply, &failure);
	*is_missing = !ok && failure.kind == ERR_NOT_FOUND;
	if (!ok) {
		bucket_client_give_back(bucket->client, connection);
		return fail(err, failure.kind, "%s", failure.message);
	}
	*bytes = (struct verify_bytes){
		.body = reply.body, .signature = http_response_header(&reply.response, S("x-amz-meta-signature")), .handle = connection,
	};
	if (!bytes->signature.ptr)
		bytes->signature = S("");               /* it has metadata, and that is not among it */
	return true;
}

static void drop(struct verify_source *source, struct verify_bytes *bytes)
{
	bucket_client_give_back(((struct bucket_source *)source)->client, bytes->handle);
	*bytes = (struct verify_bytes){0};
}

static void close_bucket(struct verify_source *source)
{
	struct bucket_source *bucket = (struct bucket_source *)source;

	bucket_client_free(bucket->client);
	free(bucket);
}

struct verify_source *verify_bucket_open(const struct verify_bucket_options *options)
{
	struct bucket_source *bucket = xcalloc(1, sizeof *bucket);

	bucket->source = (struct verify_source){ list, get, drop, close_bucket };
	bucket->options = *options;
	bucket->client = bucket_client_new(options->settings, options->region);
	return &bucket->source;
}
