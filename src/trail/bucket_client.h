/* trail/bucket_client.h: pages of keys and objects of buckets behind an S3 endpoint, asked for by many threads. */
#ifndef SPOOR_TRAIL_BUCKET_CLIENT_H
#define SPOOR_TRAIL_BUCKET_CLIENT_H

#include "trail/api_client.h"
#include "trail/object_list.h"

struct bucket_client;

/* "s3://BUCKET/PREFIX", or without a prefix. Errors: ERR_INVALID. */
bool bucket_client_read_place(struct slice text, struct slice *bucket, struct slice *prefix, struct error *err);

/* `settings` and the text of `region`, which is that of the signature, outlive it. */
struct bucket_client *bucket_client_new(const struct api_settings *settings, struct slice region);
void                  bucket_client_free(struct bucket_client *client);        /* accepts NULL; nobody has a connection of it */

/* A connection for one thread at a time, any thread: one that nobody uses, or a new one. */
struct api_client *bucket_client_take(struct bucket_client *client);
void               bucket_client_give_back(struct bucket_client *client, struct api_client *connection);

struct bucket_page {
	struct slice bucket, prefix;            /* the prefix may be empty */
	struct slice token;                     /* goes on behind the page that had it as `next`; or ... */
	struct slice after;                     /* ... behind this key. SLICE_NONE, both: from the first key on */
	size_t       keys_max;                  /* 0: 1,000, which is S3's most */
};

/* One page, in `arena`. Errors: as api_client_call(), object_list_read(). */
bool bucket_client_list(struct bucket_client *client, struct api_client *connection, const struct bucket_page *page, struct arena *arena,
                        struct object_list *list, struct error *err);

struct bucket_object {
	struct slice              bucket, key;
	const struct http_header *headers;      /* of the request: Range, If-Match */
	size_t                    header_count;
	size_t                    bytes_max;    /* of the reply */
};

/* The reply lives in the connection until its next call. Errors: as api_client_call(). */
bool bucket_client_get(struct bucket_client *client, struct api_client *connection, const struct bucket_object *object,
                       struct api_reply *reply, struct error *err);

#endif
