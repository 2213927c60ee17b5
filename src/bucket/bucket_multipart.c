/* bucket/bucket_multipart.c: completing compares what the client lists with what came in, in one pass over both. */
#include "bucket/bucket_multipart.h"

#include "base/limits.h"
#include "codec/base64.h"
#include "codec/checksum.h"
#include "codec/hex.h"
#include "store/catalog.h"

const struct upload *bucket_multipart_get(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                          struct slice key, struct slice upload_id, int64_t part_number,
                                          struct error *err)
{
	if (part_number < 1 || part_number > S3_PARTS_MAX) {
		fail_as(err, ERR_INVALID, "InvalidArgument", "Part number must be an integer between 1 and %d, inclusive", S3_PARTS_MAX);
		return NULL;
	}
	return uploads_get(catalog, arena, bucket, key, upload_id, err);
}

bool bucket_multipart_put_part(struct catalog *catalog, struct arena *arena, struct slice bucket_name, struct slice key,
                               struct slice upload_id, int64_t now_ms, const struct part *part, struct error *err)
{
	const struct bucket *bucket = buckets_get(catalog, arena, bucket_name, err);

	return bucket && bucket_multipart_get(catalog, arena, bucket, key, upload_id, part->number, err)
	    && parts_put(catalog, arena, bucket, upload_id, part, now_ms, err);
}

bool bucket_multipart_abort(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, struct slice key,
                            struct slice upload_id, int64_t now_ms, struct error *err)
{
	return uploads_get(catalog, arena, bucket, key, upload_id, err)
	    && parts_delete_all(catalog, bucket, upload_id, now_ms, err)
	    && uploads_delete(catalog, bucket, key, upload_id, err);
}

/* ---- completing ---- */

struct completing {
	struct catalog          *catalog;
	struct arena            *arena;
	const struct bucket     *bucket;
	const struct completion *asked;
	struct completed        *completed;
	struct part_list         stored;       /* all that came in */
	const struct part      **chosen;       /* of them, as asked */
	struct error            *err;
};

static struct slice unquoted(struct slice etag)
{
	if (etag.len && etag.ptr[0] == '"')
		etag = slice_from(etag, 1);
	if (etag.len && etag.ptr[etag.len - 1] == '"')
		etag.len--;
	return etag;
}

static bool is_in_order(struct completing *c)
{
	for (size_t i = 1; i < c->asked->count; i++)
		if (c->asked->parts[i].number <= c->asked->parts[i - 1].number)
			return fail_as(c->err, ERR_INVALID, "InvalidPartOrder",
			               "The list of parts was not in ascending order. Parts must be ordered by part number.");
	return true;
}

static bool is_as_asked(const struct part *asked, const struct part *stored)
{
	if (stored->number != asked->number || !slice_equal_nocase(unquoted(asked->etag), stored->etag))
		return false;
	return !asked->checksum.ptr || !slice_equal(asked->checksum_algorithm, stored->checksum_algorithm)
	    || slice_equal(asked->checksum, stored->checksum);
}

static bool choose(struct completing *c)
{
	const struct completion *asked = c->asked;
	size_t at = 0;

	c->chosen = arena_array(c->arena, asked->count, sizeof *c->chosen);
	for (size_t i = 0; i < asked->count; i++) {
		while (at < c->stored.count && c->stored.items[at].number < asked->parts[i].number)
			at++;
		if (at == c->stored.count || !is_as_asked(&asked->parts[i], &c->stored.items[at])) {
			c->completed->bad = &asked->parts[i];
			return fail_as(c->err, ERR_INVALID, "InvalidPart",
			               "One or more of the specified parts could not be found.  The part may not have been uploaded, or "
			               "the specified entity tag may not match the part's entity tag.");
		}
		c->chosen[i] = &c->stored.items[at];
	}
	return true;
}

static bool check_sizes(struct completing *c)
{
	const struct completion *asked = c->asked;
	int64_t total = 0;

	for (size_t i = 0; i < asked->count; i++) {
		total += c->chosen[i]->bytes;
		if (i + 1 < asked->count && c->chosen[i]->bytes < S3_PART_BYTES_MIN) {
			c->completed->bad = c->chosen[i];
			return fail_as(c->err, ERR_INVALID, "EntityTooSmall",
			               "Your proposed upload is smaller than the minimum allowed size");
		}
	}
	if (total > S3_OBJECT_BYTES_MAX)
		return fail_as(c->err, ERR_INVALID, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
	if (asked->bytes.is_set && asked->bytes.value != total)
		return fail_as(c->err, ERR_INVALID, "InvalidRequest",
		               "The provided 'x-amz-mp-object-size' header value %" PRId64 " does not match what was computed: %" PRId64,
		               asked->bytes.value, total);
	c->completed->content.bytes = total;
	return true;
}

/* The MD5 of the parts' MD5s, and how many there are. */
static struct slice etag_of_parts(struct completing *c)
{
	struct digest_md5 md5;
	unsigned char sum[MD5_BYTES], of_part[MD5_BYTES];
	char hex[2 * MD5_BYTES];

	digest_md5_init(&md5);
	for (size_t i = 0; i < c->asked->count; i++) {
		if (!hex_decode(c->chosen[i]->etag, of_part, sizeof of_part))
			return SLICE_NONE;
		digest_md5_add(&md5, (struct slice){ (char *)of_part, sizeof of_part });
	}
	digest_md5_final(&md5, sum);
	return arena_format(c->arena, "%.*s-%zu", SLICE_ARG(hex_encode(sum, sizeof sum, hex)), c->asked->count);
}

/* The raw checksum of a part, if it has one of the upload's kind. */
static struct slice raw_checksum(struct completing *c, const struct part *part, enum checksum_algorithm algorithm)
{
	struct error ignored;
	struct slice raw = SLICE_NONE;

	if (part->checksum.ptr && checksum_of_name(part->checksum_algorithm) == algorithm)
		raw = base64_decode(c->arena, part->checksum, &ignored);
	return raw.len == checksum_bytes(algorithm) ? raw : SLICE_NONE;
}

/* SLICE_NONE if a part has none. */
static struct slice combined_checksum(struct completing *c, enum checksum_algorithm algorithm)
{
	unsigned char sum[CHECKSUM_BYTES_MAX];

	for (size_t i = 0; i < c->asked->count; i++) {
		struct slice raw = raw_checksum(c, c->chosen[i], algorithm);
		if (!raw.ptr)
			return SLICE_NONE;
		if (i == 0)
			memcpy(sum, raw.ptr, raw.len);
		else
			checksum_combine(algorithm, sum, (const unsigned char *)raw.ptr, (uint64_t)c->chosen[i]->bytes);
	}
	return base64_text(c->arena, (struct slice){ (char *)sum, checksum_bytes(algorithm) });
}

static struct slice composite_checksum(struct completing *c, enum checksum_algorithm algorithm)
{
	struct checksum *checksum = arena_new(c->arena, struct checksum);
	unsigned char sum[CHECKSUM_BYTES_MAX];

	checksum_init(checksum, algorithm);
	for (size_t i = 0; i < c->asked->count; i++) {
		struct slice raw = raw_checksum(c, c->chosen[i], algorithm);
		if (!raw.ptr)
			return SLICE_NONE;
		checksum_add(checksum, raw);
	}
	size_t bytes = checksum_final(checksum, sum);
	return arena_format(c->arena, "%.*s-%zu", SLICE_ARG(base64_text(c->arena, (struct slice){ (char *)sum, bytes })),
	                    c->asked->count);
}

/* With or without the "-N". */
static bool is_same_checksum(struct slice asked, struct slice computed)
{
	struct slice base;

	slice_cut(computed, '-', &base);
	return slice_equal(asked, computed) || slice_equal(asked, base);
}

static bool compute_checksum(struct completing *c, const struct upload *upload)
{
	const struct completion *asked = c->asked;
	struct content *content = &c->completed->content;
	struct slice name = upload->checksum_algorithm.ptr ? upload->checksum_algorithm : S("CRC64NVME");
	struct slice type = upload->checksum_type.ptr ? upload->checksum_type : S("FULL_OBJECT");
	enum checksum_algorithm algorithm = checksum_of_name(name);

	if (asked->checksum_type.ptr && !slice_equal(asked->checksum_type, type))
		return fail_as(c->err, ERR_INVALID, "InvalidRequest",
		               "The upload was created using the %.*s checksum mode. The complete request must use the same checksum mode.",
		               SLICE_ARG(type));
	content->checksum = slice_equal(type, S("COMPOSITE")) ? composite_checksum(c, algorithm) : combined_checksum(c, algorithm);
	if (!content->checksum.ptr)
		return true;
	content->checksum_algorithm = name;
	content->checksum_type = type;
	if (!asked->checksum.ptr || !slice_equal(asked->checksum_algorithm, name) || is_same_checksum(asked->checksum, content->checksum))
		return true;
	return fail_as(c->err, ERR_INVALID, "BadDigest", "The %.*s you specified did not match the calculated checksum.",
	               SLICE_ARG(name));
}

/* What the client left out goes, and the upload itself. */
static bool tidy(struct completing *c, int64_t now_ms)
{
	size_t at = 0;

	for (size_t i = 0; i < c->stored.count; i++) {
		if (at < c->asked->count && c->chosen[at] == &c->stored.items[i])
			at++;
		else if (!parts_delete(c->catalog, c->bucket, c->asked->upload_id, &c->stored.items[i], now_ms, c->err))
			return false;
	}
	return uploads_delete(c->catalog, c->bucket, c->asked->key, c->asked->upload_id, c->err);
}

/* The upload is gone. If it became the object that is asked for, a client repeats itself after a lost reply. */
static bool complete_again(struct completing *c, const struct error *gone)
{
	struct error failure = { 0 };
	const struct version *version = versions_find_by_parts(c->catalog, c->arena, c->bucket, c->asked->key,
	                                                       c->asked->upload_id, &failure);

	if (version && (size_t)version->content.part_count == c->asked->count
	    && parts_list(c->catalog, c->arena, c->bucket, c->asked->upload_id, 0, S3_PARTS_MAX, &c->stored, &failure)
	    && choose(c)) {
		c->completed->content = version->content;
		c->completed->result = (struct put_result){
			.version_id = slice_equal(version->version_id, S("null")) ? SLICE_NONE : version->version_id,
			.modified_ms = version->modified_ms,
		};
		return true;
	}
	c->completed->bad = NULL;
	*c->err = failure.kind != ERR_NONE ? failure : *gone;
	return false;
}

bool bucket_multipart_complete(struct catalog *catalog, struct arena *arena, struct slice bucket_name, int64_t now_ms,
                               const struct completion *completion, struct completed *completed, struct error *err)
{
	struct completing c = {
		.catalog = catalog, .arena = arena, .bucket = buckets_get(catalog, arena, bucket_name, err), .asked = completion,
		.completed = completed, .err = err,
	};
	struct error gone = { 0 };
	const struct upload *upload;

	*completed = (struct completed){ 0 };
	if (!c.bucket)
		return false;
	if (completion->count == 0 || completion->count > S3_PARTS_MAX)
		return fail_as(err, ERR_INVALID, "MalformedXML", "The XML you provided was not well-formed or did not validate against "
		               "our published schema");
	upload = uploads_get(catalog, arena, c.bucket, completion->key, completion->upload_id, &gone);
	if (!upload)
		return complete_again(&c, &gone);
	if (!is_in_order(&c)
	    || !parts_list(catalog, arena, c.bucket, completion->upload_id, 0, S3_PARTS_MAX, &c.stored, err)
	    || !choose(&c) || !check_sizes(&c) || !compute_checksum(&c, upload))
		return false;
	completed->content.etag = etag_of_parts(&c);
	if (!completed->content.etag.ptr)
		return fail(err, ERR_CORRUPT, "a part's ETag is no MD5");
	completed->content.parts_id = completion->upload_id;
	completed->content.part_count = (int64_t)completion->count;
	struct put put = {
		.key = completion->key, .version_id = completion->version_id, .content = completed->content,
		.attributes = upload->attributes, .condition = completion->condition,
	};
	return bucket_put(catalog, arena, bucket_name, now_ms, &put, &completed->result, err) && tidy(&c, now_ms);
}
