/* server/archive_bucket.c: pages of keys one after the other; of objects a part at a time.
 *
 * An object is asked for in parts, each with a range of its own, so that memory is bounded whatever its size, and a connection that is
 * lost costs one part. Parts behind the first are asked for with the entity tag of the first: an object that is
 * replaced meanwhile is refused, not read as a mixture. */
#include "server/archive_bucket.h"

#include "base/limits.h"
#include "trail/bucket_client.h"

enum { PAGE_ARENA_BYTES_MAX = 64 << 20, RANGE_TEXT_BYTES = 64 };

struct archive_bucket {
	struct archive_source         source;   /* first */
	struct archive_bucket_options options;
	struct api_settings           settings; /* theirs, with what stops a call */
	struct bucket_client         *client;
	size_t                        part_bytes;

	/* the place that is listed */
	struct slice                  bucket, prefix;
	struct api_client            *lister;
	struct arena                  arena;    /* the page, and its last path */
	struct object_list            page;
	size_t                        next;
	bool                          has_begun;
	struct slice                  path;     /* the last that was given out */
	char                         *after, *skipped;      /* goes on behind this key; leaves out what begins so. NULL: nothing */
};

struct archive_stream {
	struct archive_bucket *bucket;
	struct api_client     *connection;
	struct slice           name, key;       /* of the bucket; of the object: slices of `path` */
	uint64_t               offset, total;   /* of the next part; of the object, once it is known */
	struct slice           part;            /* what is left of the last one; in the connection */
	struct slice           tag;             /* SLICE_NONE: the server gives none */
	char                   path[];
};

static struct archive_bucket *bucket_of(struct archive_source *source)
{
	return (struct archive_bucket *)source;
}

static void begin(struct archive_source *source, size_t threads, bool (*must_stop)(void *user), void *user)
{
	struct archive_bucket *bucket = bucket_of(source);
	size_t bytes = ARCHIVE_PARTS_BYTES / threads;

	bucket->settings.must_stop = must_stop;
	bucket->settings.user = user;
	bucket->part_bytes = bytes > ARCHIVE_PART_BYTES_MAX ? ARCHIVE_PART_BYTES_MAX
	                   : bytes < ARCHIVE_PART_BYTES_MIN ? ARCHIVE_PART_BYTES_MIN : bytes;
}

/* ---- listing ---- */

static char *copy(struct slice text)
{
	char *bytes = xmalloc(text.len + 1);

	memcpy(bytes, text.ptr, text.len);
	bytes[text.len] = 0;
	return bytes;
}

static void forget(char **text)
{
	free(*text);
	*text = NULL;
}

static void list_begin(struct archive_source *source, const char *place)
{
	struct archive_bucket *bucket = bucket_of(source);

	bucket_client_read_place(slice_of(place), &bucket->bucket, &bucket->prefix, NULL);      /* the command has checked it */
	forget(&bucket->after);
	forget(&bucket->skipped);
	bucket->page = (struct object_list){0};
	bucket->next = 0;
	bucket->has_begun = false;
}

/* Keys that begin as the skipped ones have the end of a page behind them: '~' comes behind every character that AWS's names have.
 * Where one does come behind it, the listing goes on from the last key as if nothing were skipped. */
static void skip_ahead(struct archive_bucket *bucket)
{
	const struct object_list_entry *last = &bucket->page.entries[bucket->page.count - 1];
	size_t bytes = strlen(bucket->skipped);
	char *far = xmalloc(bytes + sizeof "~");

	memcpy(far, bucket->skipped, bytes);
	memcpy(far + bytes, "~", sizeof "~");
	free(bucket->after);
	if (slice_compare(last->key, slice_of(far)) < 0) {
		bucket->after = far;
	} else {
		bucket->after = copy(last->key);
		free(far);
	}
}

static bool read_page(struct archive_bucket *bucket, struct error *err)
{
	struct bucket_page page = { .bucket = bucket->bucket, .prefix = bucket->prefix, .keys_max = bucket->options.page_keys };
	char *token = bucket->page.next.ptr ? copy(bucket->page.next) : NULL;

	if (bucket->has_begun && bucket->skipped && bucket->page.count > 0) {
		skip_ahead(bucket);
		page.after = slice_of(bucket->after);
	} else if (token) {
		page.token = slice_of(token);
	}
	if (!bucket->lister)
		bucket->lister = bucket_client_take(bucket->client);
	arena_reset(&bucket->arena, 0);
	bucket->page = (struct object_list){0};
	bucket->next = 0;
	bucket->has_begun = true;
	bool ok = bucket_client_list(bucket->client, bucket->lister, &page, &bucket->arena, &bucket->page, err)
	       && arena_check(&bucket->arena, err);
	free(token);
	return ok;
}

static enum archive_listing list_next(struct archive_source *source, struct archive_object *object, struct error *err)
{
	struct archive_bucket *bucket = bucket_of(source);

	for (;;) {
		while (bucket->next < bucket->page.count) {
			const struct object_list_entry *entry = &bucket->page.entries[bucket->next++];
			if (bucket->skipped && slice_has_prefix(entry->key, slice_of(bucket->skipped)))
				continue;
			forget(&bucket->skipped);
			bucket->path = arena_format(&bucket->arena, ARCHIVE_SOURCE_SCHEME "%.*s/%.*s", SLICE_ARG(bucket->bucket),
			                            SLICE_ARG(entry->key));
			*object = (struct archive_object){ bucket->path, entry->bytes == 0 };
			return arena_check(&bucket->arena, err) ? ARCHIVE_LISTED : ARCHIVE_LIST_FAILED;
		}
		if (bucket->has_begun && !bucket->page.next.ptr)
			return ARCHIVE_LIST_ENDED;
		if (!read_page(bucket, err))
			return ARCHIVE_LIST_FAILED;
	}
}

static void list_skip(struct archive_source *source, size_t bytes)
{
	struct archive_bucket *bucket = bucket_of(source);
	size_t before = sizeof ARCHIVE_SOURCE_SCHEME - 1 + bucket->bucket.len + 1;

	forget(&bucket->skipped);
	bucket->skipped = copy(slice_sub(bucket->path, before, bytes > before ? bytes - before : 0));
}

/* ---- objects ---- */

static struct archive_stream *open_object(struct archive_source *source, const char *path)
{
	size_t bytes = strlen(path) + 1;
	struct archive_stream *stream = xcalloc(1, sizeof *stream + bytes);

	memcpy(stream->path, path, bytes);
	stream->bucket = bucket_of(source);
	bucket_client_read_place(slice_of(stream->path), &stream->name, &stream->key, NULL);
	stream->total = UINT64_MAX;
	return stream;
}

static void close_object(struct archive_stream *stream)
{
	if (stream->connection)
		bucket_client_give_back(stream->bucket->client, stream->connection);
	free((char *)(uintptr_t)stream->tag.ptr);
	free(stream);
}

/* Of an answer with a status of 2xx: which part it is. All of it is right where the server does not know ranges and the object is small. */
static bool take_part(struct archive_stream *stream, const struct api_reply *reply, struct error *err)
{
	struct slice text = http_response_header(&reply->response, S("content-range")), tag;
	struct http_content_range range;

	if (reply->response.status == 200 && stream->offset == 0)
		range = (struct http_content_range){ 0, reply->body.len - 1, reply->body.len };
	else if (reply->response.status != 206 || !http_response_content_range(text, &range))
		return fail(err, ERR_CORRUPT, "the server does not say which part of the object it gives");
	if (range.first != stream->offset || reply->body.len != range.last + 1 - range.first)
		return fail(err, ERR_CORRUPT, "the server gives another part of the object than was asked for");
	tag = http_response_header(&reply->response, S("etag"));
	if (stream->offset == 0 && tag.ptr)
		stream->tag = (struct slice){ copy(tag), tag.len };
	stream->offset += reply->body.len;
	stream->total = range.total;
	stream->part = reply->body;
	return true;
}

static bool get_part(struct archive_stream *stream, struct error *err)
{
	struct archive_bucket *bucket = stream->bucket;
	char range[RANGE_TEXT_BYTES];
	struct http_header headers[] = {
		{ S("Range"), { range, 0 } }, { S("If-Match"), stream->tag },
	};
	struct bucket_object wanted = {
		.bucket = stream->name, .key = stream->key, .headers = headers, .header_count = stream->tag.ptr ? 2 : 1,
		.bytes_max = bucket->part_bytes,
	};
	struct api_reply reply;

	headers[0].value.len = (size_t)snprintf(range, sizeof range, "bytes=%" PRIu64 "-%" PRIu64, stream->offset,
	                                        stream->offset + bucket->part_bytes - 1);
	if (!stream->connection)
		stream->connection = bucket_client_take(bucket->client);
	return bucket_client_get(bucket->client, stream->connection, &wanted, &reply, err) && take_part(stream, &reply, err);
}

static bool read_object(struct archive_stream *stream, char *to, size_t room, size_t *got, struct error *err)
{
	*got = 0;
	if (stream->part.len == 0 && stream->offset < stream->total && !get_part(stream, err))
		return false;
	*got = stream->part.len < room ? stream->part.len : room;
	memcpy(to, stream->part.ptr, *got);
	stream->part = slice_from(stream->part, *got);
	return true;
}

/* ---- all of it ---- */

struct archive_source *archive_bucket_open(const struct archive_bucket_options *options)
{
	struct archive_bucket *bucket = xcalloc(1, sizeof *bucket);

	bucket->source = (struct archive_source){
		.begin = begin, .list_begin = list_begin, .list_next = list_next, .list_skip = list_skip, .open = open_object,
		.read = read_object, .close = close_object,
	};
	bucket->options = *options;
	bucket->settings = *options->settings;
	bucket->client = bucket_client_new(&bucket->settings, options->region);
	bucket->part_bytes = ARCHIVE_PART_BYTES_MAX;
	arena_init(&bucket->arena, PAGE_ARENA_BYTES_MAX);
	return &bucket->source;
}

void archive_bucket_close(struct archive_source *source)
{
	struct archive_bucket *bucket = bucket_of(source);

	if (!source)
		return;
	if (bucket->lister)
		bucket_client_give_back(bucket->client, bucket->lister);
	bucket_client_free(bucket->client);
	forget(&bucket->after);
	forget(&bucket->skipped);
	arena_fini(&bucket->arena);
	free(bucket);
}
