/* services/s3/object_attributes.c: of one version only what was asked for: ETag, checksum, parts, class, size.
 * Source: Amazon S3 API Reference (2006-03-01), GetObjectAttributes. */
#include "base/limits.h"
#include "bucket/parts.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/found.h"
#include "services/s3/output.h"

static bool is_asked(const struct s3_get_object_attributes_request *in, struct slice name)
{
	for (size_t i = 0; i < in->object_attributes.count; i++)
		if (slice_equal(in->object_attributes.items[i], name))
			return true;
	return false;
}

static bool fill_parts(struct call *call, const struct s3_get_object_attributes_request *in, const struct found *found,
                       struct s3_get_object_attributes_output *out, struct error *err)
{
	const struct content *content = &found->version->content;
	int64_t limit = in->max_parts.is_set && in->max_parts.value < S3_PAGE_ITEMS_MAX ? in->max_parts.value : S3_PAGE_ITEMS_MAX;
	struct s3_get_object_attributes_parts *to = arena_new(&call->arena, struct s3_get_object_attributes_parts);
	struct part_list parts;

	if (limit < 0 || in->part_number_marker.value < 0)
		return fail_as(err, ERR_INVALID, "InvalidArgument", "A number of parts is not negative.");
	if (!parts_list(call->catalog, &call->arena, found->bucket, content->parts_id, in->part_number_marker.value, (size_t)limit, &parts, err))
		return false;
	to->total_parts_count = SET_I64(content->part_count);
	to->part_number_marker = SET_I64(in->part_number_marker.value);
	to->max_parts = SET_I64(limit);
	to->is_truncated = SET_BOOL(parts.is_truncated);
	to->parts.items = arena_array(&call->arena, parts.count, sizeof *to->parts.items);
	for (; to->parts.count < parts.count; to->parts.count++) {
		const struct part *part = &parts.items[to->parts.count];
		struct s3_object_part *item = &to->parts.items[to->parts.count];
		struct slice type = SLICE_NONE;
		item->part_number = SET_I64(part->number);
		item->size = SET_I64(part->bytes);
		output_checksum((struct output_checksums){ &item->checksum_crc32, &item->checksum_crc32_c, &item->checksum_crc64_nvme,
			&item->checksum_sha1, &item->checksum_sha256, &type }, part->checksum_algorithm, part->checksum, SLICE_NONE);
		to->next_part_number_marker = SET_I64(part->number);
	}
	out->object_parts = to;
	return true;
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_get_object_attributes_request *in = input;
	struct s3_get_object_attributes_output *out = output;
	struct found found;

	if (!found_version(call, input, &found, err))
		return false;
	const struct content *content = &found.version->content;
	out->last_modified = SET_TIME(found.version->modified_ms);
	out->version_id = found.version_id;
	if (is_asked(in, S("ETag")))
		out->e_tag = content->etag;                /* without quotes, here alone */
	if (is_asked(in, S("ObjectSize")))
		out->object_size = SET_I64(content->bytes);
	if (is_asked(in, S("StorageClass")))
		out->storage_class = output_class(&found.version->attributes);
	if (is_asked(in, S("Checksum")) && content->checksum.ptr) {
		out->checksum = arena_new(&call->arena, struct s3_checksum);
		output_checksum(OUTPUT_CHECKSUMS(out->checksum), content->checksum_algorithm, content->checksum, content->checksum_type);
	}
	return !is_asked(in, S("ObjectParts")) || !content->parts_id.ptr || fill_parts(call, in, &found, out, err);
}

const struct operation s3_get_object_attributes = {
	.shape = &s3_get_object_attributes_shape, .action = "s3:GetObjectAttributes", .authorise = access_object,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform,
};
