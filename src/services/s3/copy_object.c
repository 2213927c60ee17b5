/* services/s3/copy_object.c: an object under another key, or with other metadata.
 *
 * No byte is written: a copy names the files of its source, which never change. What was made of parts is read once, since
 * its copy has the MD5 of all its bytes as ETag. Source: Amazon S3 API Reference (2006-03-01), CopyObject. */
#include "base/limits.h"
#include "bucket/bucket_put.h"
#include "bucket/headers.h"
#include "bucket/parts.h"
#include "codec/base64.h"
#include "codec/checksum.h"
#include "codec/hex.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/attributes.h"
#include "services/s3/copy_source.h"
#include "services/s3/output.h"

struct copying {
	struct copy_source    source;
	const struct version *version;          /* as it was when it was allowed, and read */
	struct content        content;          /* of the copy */
};

static bool replaces(struct slice directive)
{
	return slice_equal(directive, S("REPLACE"));
}

/* ---- may it? ---- */

static bool ask_target(struct call *call, const struct s3_copy_object_request *in, const struct bucket *bucket,
                       const struct context *context, bool has_tags, struct error *err)
{
	return attributes_ask(call, bucket, in->key, context, err)
	    && (!has_tags || access_ask(call, bucket, "s3:PutObjectTagging", in->key, context, err));
}

static bool authorise(struct call *call, const void *input, struct error *err)
{
	const struct s3_copy_object_request *in = input;
	const struct bucket *bucket = access_find_bucket(call, err);
	struct copying *copying = arena_new(&call->arena, struct copying);
	bool copies_tags = !replaces(in->tagging_directive);
	struct context context;

	call->prepared = copying;
	if (!bucket || !access_check_key(call, in->key, err)
	    || !copy_source_read(&call->arena, in->copy_source, &copying->source, err))
		return false;
	access_context(call, input, bucket, &context);
	return access_ask(call, bucket, "s3:PutObject", in->key, &context, err)
	    && copy_source_ask(call, input, &copying->source, copies_tags, &copying->version, err)
	    && ask_target(call, in, bucket, &context, copies_tags && copying->version->attributes.tags.ptr, err);
}

/* ---- what the copy's bytes are, on a worker ---- */

static bool is_to_itself(const struct call *call, const struct s3_copy_object_request *in, const struct copying *copying)
{
	return slice_equal(copying->source.bucket, call->rest->bucket) && slice_equal(copying->source.key, in->key)
	    && !copying->source.version_id.ptr;
}

static bool check_request(struct call *call, const struct s3_copy_object_request *in, const struct copying *copying,
                          struct error *err)
{
	bool changes = replaces(in->metadata_directive) || in->storage_class.ptr || in->website_redirect_location.ptr
	            || in->server_side_encryption.ptr;

	if (in->metadata_directive.ptr && !replaces(in->metadata_directive) && !slice_equal(in->metadata_directive, S("COPY")))
		return fail_as(err, ERR_INVALID, "InvalidArgument", "Unknown metadata directive.");
	if (in->tagging_directive.ptr && !replaces(in->tagging_directive) && !slice_equal(in->tagging_directive, S("COPY")))
		return fail_as(err, ERR_INVALID, "InvalidArgument", "Unknown tagging directive.");
	if (is_to_itself(call, in, copying) && !changes)
		return fail_as(err, ERR_INVALID, "InvalidRequest",
		               "This copy request is illegal because it is trying to copy an object to itself without changing the "
		               "object's metadata, storage class, website redirect location or encryption attributes.");
	if (copying->version->content.bytes > S3_PUT_BYTES_MAX)
		return fail_as(err, ERR_INVALID, "InvalidRequest",
		               "The specified copy source is larger than the maximum allowable size for a copy source: %" PRId64,
		               S3_PUT_BYTES_MAX);
	const struct read_condition condition = COPY_SOURCE_CONDITION(in);
	return bucket_get_check_copy(copying->version, &condition, call->now_ms, err);
}

/* The checksum that the copy will have; CHECKSUM_NONE and an error for one that is not served. */
static bool choose_checksum(const struct s3_copy_object_request *in, const struct content *content,
                            enum checksum_algorithm *algorithm, struct error *err)
{
	struct slice name = in->checksum_algorithm.ptr ? in->checksum_algorithm
	                  : content->checksum_algorithm.ptr ? content->checksum_algorithm : S("CRC64NVME");

	*algorithm = checksum_of_name(name);
	return *algorithm != CHECKSUM_NONE
	    || fail_as(err, ERR_INVALID, "InvalidRequest", "Checksum algorithm provided is unsupported. Please try again with any of "
	               "the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
}

struct hashes {
	struct digest_md5 md5;
	struct checksum   checksum;
};

static bool add_to_hashes(void *user, struct slice window, struct error *err)
{
	struct hashes *hashes = user;

	(void)err;
	digest_md5_add(&hashes->md5, window);
	checksum_add(&hashes->checksum, window);
	return true;
}

/* ETag and checksum of the whole, from the bytes. */
static bool hash_source(struct call *call, struct copying *copying, enum checksum_algorithm algorithm, struct error *err)
{
	struct hashes *hashes = arena_new(&call->arena, struct hashes);
	unsigned char sum[CHECKSUM_BYTES_MAX], md5_sum[MD5_BYTES];

	digest_md5_init(&hashes->md5);
	checksum_init(&hashes->checksum, algorithm);
	if (!copy_source_each(call, &copying->source, copying->version, 0, (uint64_t)copying->version->content.bytes,
	                      add_to_hashes, hashes, err))
		return false;
	digest_md5_final(&hashes->md5, md5_sum);
	size_t bytes = checksum_final(&hashes->checksum, sum);
	copying->content.etag = hex_text(&call->arena, (struct slice){ (char *)md5_sum, sizeof md5_sum });
	copying->content.checksum = base64_text(&call->arena, (struct slice){ (char *)sum, bytes });
	copying->content.checksum_algorithm = checksum_name(algorithm);
	copying->content.checksum_type = S("FULL_OBJECT");
	return true;
}

static bool prepare(struct call *call, const void *input, struct error *err)
{
	const struct s3_copy_object_request *in = input;
	struct copying *copying = call->prepared;
	const struct content *content = &copying->version->content;
	enum checksum_algorithm algorithm;

	if (!check_request(call, in, copying, err) || !choose_checksum(in, content, &algorithm, err))
		return false;
	copying->content = *content;
	copying->content.part_count = 0;        /* its parts are nobody's business any more */
	if (!content->parts_id.ptr && content->checksum.ptr && checksum_of_name(content->checksum_algorithm) == algorithm)
		return true;
	return hash_source(call, copying, algorithm, err);
}

/* ---- the copy, on the writer ---- */

/* The source's metadata but for what every request says anew. */
static struct slice source_headers(struct call *call, struct slice kept, struct slice redirect)
{
	struct buffer out;
	struct header header;

	buffer_init(&out, &call->arena, SIZE_MAX);
	while (headers_next(&kept, &header))
		if (!slice_equal(header.name, S("x-amz-website-redirect-location")))
			headers_add(&out, header.name, header.value);
	headers_add(&out, S("x-amz-website-redirect-location"), redirect);
	return buffer_slice(&out);
}

static bool fill_attributes(struct call *call, const struct s3_copy_object_request *in, const struct bucket *bucket,
                            const struct version *version, struct attributes *attributes, struct error *err)
{
	if (!attributes_check(call, bucket, err) || !attributes_class_and_lock(call, bucket, attributes, err))
		return false;
	attributes->headers = replaces(in->metadata_directive)
	                    ? attributes_headers(call, err)
	                    : source_headers(call, version->attributes.headers, in->website_redirect_location);
	attributes->tags = version->attributes.tags;
	return attributes->headers.ptr && (!replaces(in->tagging_directive) || attributes_tags(call, &attributes->tags, err));
}

static bool is_same_content(const struct content *a, const struct content *b)
{
	return a->bytes == b->bytes && slice_equal(a->file, b->file) && slice_equal(a->parts_id, b->parts_id);
}

/* Parts of the source are named once more, under an id of the copy's own. */
static bool share_parts(struct call *call, const struct bucket *from, const struct bucket *to, struct content *content,
                        struct error *err)
{
	struct slice own_id = versions_make_id(&call->arena, call->random), source_id = content->parts_id;

	if (!source_id.ptr)
		return true;
	content->parts_id = own_id;
	return parts_share(call->catalog, from, source_id, to, own_id, err);
}

static void answer(struct call *call, const struct copying *copying, const struct bucket *from, const struct version *version,
                   const struct put_result *result, struct s3_copy_object_output *out)
{
	const struct content *content = &copying->content;
	struct s3_copy_object_result *copy = arena_new(&call->arena, struct s3_copy_object_result);

	copy->e_tag = output_etag(call, content->etag);
	copy->last_modified = SET_TIME(result->modified_ms);
	output_checksum(OUTPUT_CHECKSUMS(copy), content->checksum_algorithm, content->checksum, content->checksum_type);
	out->copy_object_result = copy;
	out->copy_source_version_id = from->versioning == VERSIONING_NEVER ? SLICE_NONE : version->version_id;
	out->version_id = result->version_id;
	out->server_side_encryption = S("AES256");
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_copy_object_request *in = input;
	struct copying *copying = call->prepared;
	const struct bucket *bucket = access_bucket_now(call, err), *from;
	const struct version *version = bucket ? copy_source_now(call, &copying->source, &from, err) : NULL;
	struct put put = { .key = in->key, .condition = { in->if_match, in->if_none_match } };
	struct put_result result;

	if (!version)
		return false;
	if (!is_same_content(&version->content, &copying->version->content))
		return fail_as(err, ERR_CONFLICT, "OperationAborted", "A conflicting conditional operation is currently in progress "
		               "against this resource. Please try again.");
	if (!fill_attributes(call, in, bucket, version, &put.attributes, err)
	    || !share_parts(call, from, bucket, &copying->content, err))
		return false;
	put.content = copying->content;
	put.version_id = versions_make_id(&call->arena, call->random);
	if (!bucket_put(call->catalog, &call->arena, bucket->name, call->now_ms, &put, &result, err))
		return output_condition(call, err);
	answer(call, copying, from, version, &result, output);
	return true;
}

const struct operation s3_copy_object = {
	.shape     = &s3_copy_object_shape,
	.action    = "s3:PutObject",
	.authorise = authorise,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.prepare   = prepare,
	.perform   = perform,
};
