/* services/s3/object_tagging.c: Get, Put and DeleteObjectTagging: the tags of one version.
 * Source: Amazon S3 API Reference (2006-03-01), PutObjectTagging and its kin. */
#include "bucket/bucket_get.h"
#include "bucket/tags.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/output.h"

/* The version that is meant. A marker is told in headers, as GetObject does. */
static const struct version *find(struct call *call, const void *input, const struct bucket *bucket, struct slice *version_id,
                                  struct error *err)
{
	struct slice asked = rest_query(call->rest, S("versionId"));
	struct got got = { 0 };

	if (!bucket)
		return NULL;
	if (!bucket_get(call->catalog, &call->arena, bucket, call->rest->key, asked, &got, err)) {
		if (got.marker)
			rest_add_header(call->rest, S("x-amz-delete-marker"), S("true"));
		access_hide(call, input, bucket, err);
		return NULL;
	}
	*version_id = bucket->versioning == VERSIONING_NEVER ? SLICE_NONE : got.version->version_id;
	return got.version;
}

static bool get(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_object_tagging_output *out = output;
	const struct version *version = find(call, input, access_bucket_now(call, err), &out->version_id, err);
	struct tag_list tags;

	if (!version || !tags_read(&call->arena, version->attributes.tags, &tags, err))
		return false;
	out->tag_set.is_set = true;
	out->tag_set.items = arena_array(&call->arena, tags.count, sizeof *out->tag_set.items);
	for (; out->tag_set.count < tags.count; out->tag_set.count++) {
		const struct tag *tag = &tags.items[out->tag_set.count];
		out->tag_set.items[out->tag_set.count] = (struct s3_tag){ .key = tag->key, .value = tag->value };
	}
	return true;
}

static struct tag_list tags_of(struct call *call, const struct s3_tag_list *sent)
{
	struct tag_list tags = { arena_array(&call->arena, sent->count, sizeof *tags.items), sent->count };

	for (size_t i = 0; i < sent->count; i++)
		tags.items[i] = (struct tag){ sent->items[i].key, sent->items[i].value };
	return tags;
}

static bool put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_object_tagging_request *in = input;
	struct s3_put_object_tagging_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	const struct version *version = find(call, input, bucket, &out->version_id, err);
	struct tag_list tags = tags_of(call, &in->tagging->tag_set);

	return version && tags_check(&tags, TAGS_OF_OBJECT, err)
	    && versions_set_tags(call->catalog, bucket, version, tags_write(&call->arena, &tags), err);
}

static bool delete(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_delete_object_tagging_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	const struct version *version = find(call, input, bucket, &out->version_id, err);

	return version && versions_set_tags(call->catalog, bucket, version, SLICE_NONE, err);
}

const struct operation s3_get_object_tagging = {
	.shape     = &s3_get_object_tagging_shape,
	.action    = "s3:GetObjectTagging",
	.authorise = access_object,
	.access    = ACCESS_READ,
	.place     = PLACE_FRONT,
	.perform   = get,
};

const struct operation s3_put_object_tagging = {
	.shape     = &s3_put_object_tagging_shape,
	.action    = "s3:PutObjectTagging",
	.authorise = access_object,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.perform   = put,
};

const struct operation s3_delete_object_tagging = {
	.shape     = &s3_delete_object_tagging_shape,
	.action    = "s3:DeleteObjectTagging",
	.authorise = access_object,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.perform   = delete,
};
