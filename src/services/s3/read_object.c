/* services/s3/read_object.c: conditions before ranges, and ranges only in the forms that one reply can have. */
#include "services/s3/read_object.h"

#include "base/clock.h"
#include "base/limits.h"
#include "bucket/headers.h"
#include "bucket/parts.h"
#include "bucket/tags.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/output.h"

/* ---- which version ---- */

static bool find_version(struct call *call, const struct s3_head_object_request *in, struct read_object *read, struct error *err)
{
	struct got got = {0};
	struct rest *rest = call->rest;

	if (bucket_get(call->catalog, &call->arena, read->bucket, in->key, in->version_id, &got, err)) {
		read->version = got.version;
		return true;
	}
	if (got.marker) {
		rest_add_header(rest, S("x-amz-delete-marker"), S("true"));
		rest_add_header(rest, S("x-amz-version-id"), got.marker->version_id);
		if (in->version_id.ptr)
			rest_add_header(rest, S("Allow"), S("DELETE"));
	}
	return access_hide(call, in, read->bucket, err);
}

static bool check_conditions(struct call *call, const struct s3_head_object_request *in, const struct read_object *read,
                             struct error *err)
{
	static const struct { struct slice header, shown; } rows[] = {
		{ S_INIT("if-match"), S_INIT("If-Match") }, { S_INIT("if-unmodified-since"), S_INIT("If-Unmodified-Since") },
	};
	const struct read_condition condition = {
		.if_match = in->if_match, .if_none_match = in->if_none_match,
		.if_modified_since = { in->if_modified_since.is_set, in->if_modified_since.ms },
		.if_unmodified_since = { in->if_unmodified_since.is_set, in->if_unmodified_since.ms },
	};

	if (bucket_get_check(read->version, &condition, call->now_ms, err))
		return true;
	if (strcmp(err->name ? err->name : "", "NotModified") == 0) {
		char *time = arena_alloc(&call->arena, TIME_TEXT_BYTES);
		rest_add_header(call->rest, S("ETag"), output_etag(call, read->version->content.etag));
		rest_add_header(call->rest, S("Last-Modified"), time_http(read->version->modified_ms, time));
		return false;
	}
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rest_header(call->rest, rows[i].header).ptr) {
			rest_add_element(call->rest, S("Condition"), rows[i].shown);
			break;
		}
	return false;
}

/* ---- which bytes ---- */

/* "bytes=A-B", "bytes=A-", "bytes=-N": everything else is as if it were not there. */
static bool read_range(struct slice text, uint64_t size, uint64_t *from, uint64_t *bytes, bool *is_satisfiable)
{
	struct slice first, last;
	uint64_t a = 0, b = 0;

	if (!slice_has_prefix(text, S("bytes=")) || slice_find_byte(text, ',') != SLICE_NPOS)
		return false;
	last = slice_trim(slice_cut(slice_from(text, 6), '-', &first));
	first = slice_trim(first);
	if (!last.ptr || (first.len == 0 && last.len == 0) || (first.len && !slice_to_u64(first, &a)) || (last.len && !slice_to_u64(last, &b)))
		return false;
	if (first.len == 0) {
		*is_satisfiable = b > 0 && size > 0;
		*bytes = b < size ? b : size;
		*from = size - *bytes;
		return true;
	}
	if (last.len && b < a)
		return false;
	*is_satisfiable = a < size;
	*from = a;
	*bytes = !*is_satisfiable ? 0 : last.len && b < size ? b - a + 1 : size - a;
	return true;
}

static bool choose_range(struct call *call, struct slice range, struct read_object *read, struct error *err)
{
	uint64_t size = (uint64_t)read->version->content.bytes;
	bool is_satisfiable = true;

	if (!read_range(range, size, &read->from, &read->bytes, &is_satisfiable))
		return true;
	read->is_partial = true;
	if (is_satisfiable)
		return true;
	rest_add_element(call->rest, S("RangeRequested"), range);
	rest_add_element(call->rest, S("ActualObjectSize"), arena_format(&call->arena, "%" PRIu64, size));
	rest_add_header(call->rest, S("Content-Range"), arena_format(&call->arena, "bytes */%" PRIu64, size));
	return fail_as(err, ERR_INVALID, "InvalidRange", "The requested range is not satisfiable");
}

static bool choose_part(struct call *call, int64_t number, struct read_object *read, struct error *err)
{
	const struct content *content = &read->version->content;
	struct part_list parts;

	if (number < 1 || number > S3_PARTS_MAX)
		return fail_as(err, ERR_INVALID, "InvalidArgument", "Part number must be an integer between 1 and %d, inclusive", S3_PARTS_MAX);
	if (!content->parts_id.ptr) {
		read->is_partial = true;
		return number == 1 || fail_as(err, ERR_INVALID, "InvalidPartNumber", "The requested partnumber is not satisfiable");
	}
	if (!parts_list(call->catalog, &call->arena, read->bucket, content->parts_id, 0, S3_PARTS_MAX, &parts, err))
		return false;
	read->from = 0;
	for (size_t i = 0; i < parts.count; i++) {
		const struct part *part = &parts.items[i];
		if (part->number == number) {
			read->bytes = (uint64_t)part->bytes;
			read->is_partial = true;
			read->parts_count = (int64_t)parts.count;
			read->checksum = part->checksum;
			read->checksum_algorithm = part->checksum_algorithm;
			return true;
		}
		read->from += (uint64_t)part->bytes;
	}
	return fail_as(err, ERR_INVALID, "InvalidPartNumber", "The requested partnumber is not satisfiable");
}

static bool choose_bytes(struct call *call, const struct s3_head_object_request *in, struct read_object *read, struct error *err)
{
	const struct content *content = &read->version->content;

	read->bytes = (uint64_t)content->bytes;
	if (in->range.ptr && in->part_number.is_set)
		return fail_as(err, ERR_INVALID, "InvalidRequest", "Cannot specify both Range header and partNumber query parameter");
	if (in->part_number.is_set)
		return choose_part(call, in->part_number.value, read, err);
	if (in->range.ptr && !choose_range(call, in->range, read, err))
		return false;
	if (!read->is_partial) {
		read->checksum = content->checksum;
		read->checksum_algorithm = content->checksum_algorithm;
		read->checksum_type = content->checksum_type;
	}
	return true;
}

bool read_object_find(struct call *call, const struct s3_head_object_request *in, struct read_object *read, struct error *err)
{
	const struct slice overrides[] = {
		in->response_cache_control, in->response_content_disposition, in->response_content_encoding, in->response_content_language,
		in->response_content_type, in->response_expires.is_set ? S("") : SLICE_NONE,
	};

	*read = (struct read_object){ .bucket = access_bucket_now(call, err) };
	for (size_t i = 0; i < COUNT(overrides); i++)
		if (overrides[i].ptr && call->rest->is_anonymous)
			return fail_as(err, ERR_INVALID, "InvalidRequest", "Request specific response headers cannot be used for anonymous GET requests.");
	if (in->sse_customer_algorithm.ptr)
		return fail_as(err, ERR_INVALID, "NotImplemented", "A header you provided implies functionality that is not implemented");
	return read->bucket && find_version(call, in, read, err) && check_conditions(call, in, read, err) && choose_bytes(call, in, read, err);
}

/* ---- headers ---- */

static struct slice or_stored(struct slice override, struct slice headers, struct slice name)
{
	return override.ptr ? override : headers_find(headers, name);
}

static void fill_stored(struct call *call, const struct s3_head_object_request *in, struct slice headers, struct s3_head_object_output *out)
{
	struct slice type = or_stored(in->response_content_type, headers, S("content-type"));

	out->content_type = type.ptr ? type : S("binary/octet-stream");
	out->cache_control = or_stored(in->response_cache_control, headers, S("cache-control"));
	out->content_disposition = or_stored(in->response_content_disposition, headers, S("content-disposition"));
	out->content_encoding = or_stored(in->response_content_encoding, headers, S("content-encoding"));
	out->content_language = or_stored(in->response_content_language, headers, S("content-language"));
	out->expires = in->response_expires.is_set ? time_http(in->response_expires.ms, arena_alloc(&call->arena, TIME_TEXT_BYTES))
	                                           : headers_find(headers, S("expires"));
	out->website_redirect_location = headers_find(headers, S("x-amz-website-redirect-location"));
}

static void fill_metadata(struct call *call, struct slice headers, struct s3_metadata *metadata)
{
	struct slice rest = headers;
	struct header header;
	size_t count = 0;

	while (headers_next(&rest, &header))
		count += slice_has_prefix(header.name, S("x-amz-meta-"));
	metadata->items = arena_array(&call->arena, count, sizeof *metadata->items);
	metadata->is_set = count > 0;
	for (rest = headers; headers_next(&rest, &header);)
		if (slice_has_prefix(header.name, S("x-amz-meta-")))
			metadata->items[metadata->count++] = (struct s3_metadata_entry){ slice_from(header.name, 11), header.value };
}

static void fill_lock(const struct attributes *attributes, struct s3_head_object_output *out)
{
	out->object_lock_mode = attributes->lock_mode;
	if (attributes->lock_mode.ptr)
		out->object_lock_retain_until_date = (struct maybe_time){ .is_set = true, .ms = attributes->retain_until_ms };
	if (attributes->has_legal_hold)
		out->object_lock_legal_hold_status = S("ON");
}

void read_object_fill(struct call *call, const struct s3_head_object_request *in, const struct read_object *read,
                      struct s3_head_object_output *out)
{
	const struct version *version = read->version;
	const struct attributes *attributes = &version->attributes;
	struct rest *rest = call->rest;

	fill_stored(call, in, attributes->headers, out);
	fill_metadata(call, attributes->headers, &out->metadata);
	fill_lock(attributes, out);
	out->accept_ranges = S("bytes");
	out->last_modified = (struct maybe_time){ .is_set = true, .ms = version->modified_ms };
	out->e_tag = output_etag(call, version->content.etag);
	out->server_side_encryption = S("AES256");
	out->storage_class = slice_equal(attributes->storage_class, S("STANDARD")) ? SLICE_NONE : attributes->storage_class;
	if (read->bucket->versioning != VERSIONING_NEVER)
		out->version_id = version->version_id;
	if (read->parts_count)
		out->parts_count = (struct maybe_i64){ .is_set = true, .value = read->parts_count };
	if (slice_equal_nocase(in->checksum_mode, S("ENABLED")))
		output_checksum(OUTPUT_CHECKSUMS(out), read->checksum_algorithm, read->checksum, read->checksum_type);
	if (read->is_partial && read->bytes > 0)
		out->content_range = arena_format(&call->arena, "bytes %" PRIu64 "-%" PRIu64 "/%" PRId64, read->from,
		                                  read->from + read->bytes - 1, version->content.bytes);
	rest->status = read->is_partial && read->bytes > 0 ? 206 : 200;
	rest->streams_out = true;
	rest->bytes_out = read->bytes;
}
