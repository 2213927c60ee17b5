/* services/s3/copy_source.c: the version is cut off before anything is decoded: a key may hold a question mark. */
#include "services/s3/copy_source.h"

#include "bucket/bucket_put.h"
#include "codec/uri.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/outgoing.h"

static bool invalid(struct error *err, const char *text)
{
	return fail_as(err, ERR_INVALID, "InvalidArgument", "%s", text);
}

bool copy_source_read(struct arena *arena, struct slice text, struct copy_source *source, struct error *err)
{
	static const char form[] = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey";
	size_t mark = slice_find(text, S("?versionId="));
	struct slice path = slice_sub(text, 0, mark == SLICE_NPOS ? text.len : mark), name, key;

	*source = (struct copy_source){ 0 };
	if (mark != SLICE_NPOS)
		source->version_id = slice_from(text, mark + sizeof "?versionId=" - 1);
	path = uri_decode(arena, path, URI_PLUS_IS_PLUS, NULL);
	if (!path.ptr)
		return invalid(err, "Invalid copy source encoding.");
	if (slice_has_prefix(path, S("arn:")))
		return fail_as(err, ERR_INVALID, "NotImplemented", "spoor has no access points to copy from.");
	if (slice_has_prefix(path, S("/")))
		path = slice_from(path, 1);
	key = slice_cut(path, '/', &name);
	if (!name.len || !key.len)
		return invalid(err, form);
	source->bucket = name;
	source->key = key;
	return bucket_check_key(key, err);
}

/* A source's absence names the source, not the target. */
static bool explain(struct call *call, const struct copy_source *source, const struct got *got,
                    const struct context *context, struct error *err)
{
	struct error refusal = { 0 };

	rest_add_element(call->rest, S("Key"), source->key);
	if (got->marker && source->version_id.ptr)
		return fail_as(err, ERR_INVALID, "InvalidRequest",
		               "The source of a copy request may not specifically refer to a delete marker by version id.");
	if (err->name && strcmp(err->name, "NoSuchKey") == 0
	    && !access_ask(call, source->owner, "s3:ListBucket", SLICE_NONE, context, &refusal))
		*err = refusal;
	return false;
}

bool copy_source_ask(struct call *call, const void *input, struct copy_source *source, bool with_tags,
                     const struct version **version, struct error *err)
{
	struct context context;
	struct got got;
	const char *read = access_version_action("s3:GetObject", source->version_id);
	const char *read_tags = access_version_action("s3:GetObjectTagging", source->version_id);

	source->owner = access_find_other(call, source->bucket, rest_header(call->rest, S("x-amz-source-expected-bucket-owner")), err);
	if (!source->owner) {
		rest_add_element(call->rest, S("BucketName"), source->bucket);
		return false;
	}
	call->rest->source_bucket = source->bucket;
	call->rest->source_key = source->key;
	access_context(call, input, source->owner, &context);
	context_set(&context, S("s3:VersionId"), source->version_id);
	struct error absent = { 0 };
	bool is_there = bucket_get(call->catalog, &call->arena, source->owner, source->key, source->version_id, &got, &absent);
	access_add_existing(call, got.version, &context);
	if (!access_ask(call, source->owner, read, source->key, &context, err))
		return false;
	if (!is_there) {
		*err = absent;
		return explain(call, source, &got, &context, err);
	}
	*version = got.version;
	return !with_tags || !got.version->attributes.tags.ptr || access_ask(call, source->owner, read_tags, source->key, &context, err);
}

enum { READ_BYTES = 64 << 10 };

bool copy_source_each(struct call *call, const struct copy_source *source, const struct version *version, uint64_t from,
                      uint64_t bytes, copy_source_take *take, void *user, struct error *err)
{
	struct outgoing *outgoing = bytes ? outgoing_open(call, source->owner, version, from, bytes, err) : NULL;
	char *window = arena_alloc(&call->arena, READ_BYTES);
	bool is_good = outgoing || bytes == 0;
	size_t got = outgoing ? READ_BYTES : 0;

	while (is_good && got > 0)
		is_good = outgoing_read(outgoing, window, READ_BYTES, &got, err) && take(user, (struct slice){ window, got }, err);
	outgoing_close(outgoing);
	return is_good;
}

const struct version *copy_source_now(struct call *call, const struct copy_source *source, const struct bucket **bucket,
                                      struct error *err)
{
	struct got got;

	*bucket = buckets_get(call->catalog, &call->arena, source->bucket, err);
	if (!*bucket)
		return NULL;
	if (!slice_equal((*bucket)->account, source->owner->account)) {
		fail_as(err, ERR_NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist");
		return NULL;
	}
	return bucket_get(call->catalog, &call->arena, *bucket, source->key, source->version_id, &got, err) ? got.version : NULL;
}
