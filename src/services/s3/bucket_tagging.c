/* services/s3/bucket_tagging.c: tags of a bucket.
 * Source: Amazon S3 API Reference (2006-03-01), PutBucketTagging, GetBucketTagging, DeleteBucketTagging. */
#include "bucket/tags.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/document.h"
#include "services/s3/shapes.h"

enum { STATUS_NO_CONTENT = 204 };

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_bucket_tagging_output *out = output;
	const struct s3_tagging *tagging = document_require(call, DOCUMENT_TAGGING, &s3_put_bucket_tagging_shape, "NoSuchTagSet", err);

	(void)input;
	if (tagging)
		out->tag_set = tagging->tag_set;
	return tagging != NULL;
}

/* The first that is wrong by itself, for the error's elements. */
static void name_bad_tag(struct call *call, const struct tag_list *tags)
{
	for (size_t i = 0; i < tags->count; i++) {
		struct tag_list one = { &tags->items[i], 1 };
		if (tags_check(&one, TAGS_OF_BUCKET, NULL))
			continue;
		rest_add_element(call->rest, S("TagKey"), tags->items[i].key);
		rest_add_element(call->rest, S("TagValue"), tags->items[i].value);
		return;
	}
}

static bool perform_put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_bucket_tagging_request *in = input;
	const struct s3_tag_list *set = &in->tagging->tag_set;
	struct tag_list tags = { arena_array(&call->arena, set->count, sizeof *tags.items), set->count };

	(void)output;
	call->rest->status = STATUS_NO_CONTENT;
	for (size_t i = 0; i < set->count; i++)
		tags.items[i] = (struct tag){ set->items[i].key, set->items[i].value };
	if (!tags_check(&tags, TAGS_OF_BUCKET, err)) {
		name_bad_tag(call, &tags);
		return false;
	}
	if (tags.count == 0)
		return document_delete(call, DOCUMENT_TAGGING, err);
	return document_put(call, DOCUMENT_TAGGING, &s3_put_bucket_tagging_shape, input, err);
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	(void)input;
	(void)output;
	return document_delete(call, DOCUMENT_TAGGING, err);
}

const struct operation s3_get_bucket_tagging = {
	.shape = &s3_get_bucket_tagging_shape, .action = "s3:GetBucketTagging", .authorise = access_bucket,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get,
};

const struct operation s3_put_bucket_tagging = {
	.shape = &s3_put_bucket_tagging_shape, .action = "s3:PutBucketTagging", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_put,
};

const struct operation s3_delete_bucket_tagging = {
	.shape = &s3_delete_bucket_tagging_shape, .action = "s3:PutBucketTagging", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_delete,
};
