/* trail/bucket_client.c: targets and signatures; connections wait in an array until somebody takes them. */
#include "trail/bucket_client.h"

#include "base/limits.h"
#include "codec/uri.h"

enum { PAGE_KEYS = 1000, TARGET_BYTES_MAX = 1 << 20 };

struct bucket_client {
	const struct api_settings *settings;
	struct slice               region;

	/* Connections that nobody uses. A thread takes one by leaving NULL in its place. */
	_Atomic(struct api_client *) idle[VERIFY_THREADS_MAX];
};

/* Old buckets may have capitals and underscores. */
static bool is_bucket_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || strchr(".-_", byte);
}

bool bucket_client_read_place(struct slice text, struct slice *bucket, struct slice *prefix, struct error *err)
{
	bool is_sound = slice_has_prefix(text, S("s3://"));

	*prefix = slice_cut(slice_from(text, is_sound ? sizeof "s3://" - 1 : 0), '/', bucket);
	for (size_t i = 0; i < bucket->len; i++)
		is_sound = is_sound && is_bucket_byte(bucket->ptr[i]);
	return (is_sound && bucket->len > 0)
	    || fail(err, ERR_INVALID, "'%.*s' is no place such as s3://audit-logs or s3://audit-logs/prefix", SLICE_ARG(text));
}

struct bucket_client *bucket_client_new(const struct api_settings *settings, struct slice region)
{
	struct bucket_client *client = xcalloc(1, sizeof *client);

	client->settings = settings;
	client->region = region;
	return client;
}

void bucket_client_free(struct bucket_client *client)
{
	if (!client)
		return;
	for (size_t i = 0; i < COUNT(client->idle); i++)
		api_client_free(atomic_load(&client->idle[i]));
	free(client);
}

struct api_client *bucket_client_take(struct bucket_client *client)
{
	for (size_t i = 0; i < COUNT(client->idle); i++) {
		struct api_client *connection = atomic_exchange(&client->idle[i], NULL);
		if (connection)
			return connection;
	}
	return api_client_new(client->settings);
}

void bucket_client_give_back(struct bucket_client *client, struct api_client *connection)
{
	for (size_t i = 0; i < COUNT(client->idle); i++) {
		struct api_client *none = NULL;
		if (atomic_compare_exchange_strong(&client->idle[i], &none, connection))
			return;
	}
	api_client_free(connection);
}

static void add_parameter(struct buffer *target, const char *name, struct slice value)
{
	if (!value.ptr || value.len == 0)
		return;
	buffer_printf(target, "&%s=", name);
	uri_encode(target, value, URI_ENCODE_SLASH);
}

bool bucket_client_list(struct bucket_client *client, struct api_client *connection, const struct bucket_page *page, struct arena *arena,
                        struct object_list *list, struct error *err)
{
	struct api_call call = {
		.service = S("s3"), .region = client->region, .method = S("GET"), .reply_bytes_max = API_REPLY_BYTES_MAX,
	};
	struct buffer target;
	struct api_reply reply;

	buffer_init(&target, arena, TARGET_BYTES_MAX);
	buffer_printf(&target, "/%.*s?list-type=2&encoding-type=url&max-keys=%zu", SLICE_ARG(page->bucket),
	              page->keys_max ? page->keys_max : PAGE_KEYS);
	add_parameter(&target, "prefix", page->prefix);
	add_parameter(&target, "continuation-token", page->token);
	add_parameter(&target, "start-after", page->after);
	call.target = buffer_slice(&target);
	return api_client_call(connection, &call, &reply, err) && object_list_read(arena, reply.body, list, err);
}

bool bucket_client_get(struct bucket_client *client, struct api_client *connection, const struct bucket_object *object,
                       struct api_reply *reply, struct error *err)
{
	struct api_call call = {
		.service = S("s3"), .region = client->region, .method = S("GET"), .headers = object->headers,
		.header_count = object->header_count, .reply_bytes_max = object->bytes_max,
	};
	struct buffer target;
	struct arena arena;

	arena_init(&arena, TARGET_BYTES_MAX * 2);
	buffer_init(&target, &arena, TARGET_BYTES_MAX);
	buffer_printf(&target, "/%.*s/", SLICE_ARG(object->bucket));
	uri_encode(&target, object->key, URI_KEEP_SLASH);
	call.target = buffer_slice(&target);
	bool ok = api_client_call(connection, &call, reply, err);
	arena_fini(&arena);
	return ok;
}
