/* services/s3/get_object.c: an object or a range of it; the bytes follow in windows (services/s3/outgoing.h).
 * Source: Amazon S3 API Reference (2006-03-01), GetObject. */
#include "bucket/tags.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/outgoing.h"
#include "services/s3/read_object.h"

enum { TRIES = 3 };

_Static_assert(sizeof(struct s3_get_object_request) == sizeof(struct s3_head_object_request), "they are read alike");

/* The file can go between row and file, when the key is put again just then: then there is another row. */
static bool open_bytes(struct call *call, const struct s3_head_object_request *in, struct read_object *read, struct error *err)
{
	for (int attempt = 0; attempt < TRIES; attempt++) {
		*err = (struct error){0};
		if (!read_object_find(call, in, read, err))
			return false;
		if (read->bytes == 0)
			return true;
		call->rest->outgoing = outgoing_open(call, read->bucket, read->version, read->from, read->bytes, err);
		if (call->rest->outgoing || err->kind != ERR_NOT_FOUND)
			break;
	}
	if (err->kind == ERR_NOT_FOUND)
		err->kind = ERR_CORRUPT;
	return call->rest->outgoing != NULL;
}

static void copy_output(const struct s3_head_object_output *from, struct s3_get_object_output *to)
{
#define COPY(member) to->member = from->member
	COPY(accept_ranges); COPY(last_modified); COPY(e_tag); COPY(version_id); COPY(cache_control); COPY(content_disposition);
	COPY(content_encoding); COPY(content_language); COPY(content_range); COPY(content_type); COPY(expires);
	COPY(website_redirect_location); COPY(server_side_encryption); COPY(metadata); COPY(storage_class); COPY(parts_count);
	COPY(object_lock_mode); COPY(object_lock_retain_until_date); COPY(object_lock_legal_hold_status);
	COPY(checksum_crc32); COPY(checksum_crc32_c); COPY(checksum_crc64_nvme); COPY(checksum_sha1); COPY(checksum_sha256);
	COPY(checksum_type);
#undef COPY
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_object_output *out = output;
	struct s3_head_object_output head = {0};
	struct read_object read;
	struct tag_list tags = {0};

	if (!open_bytes(call, input, &read, err))
		return false;
	read_object_fill(call, input, &read, &head);
	copy_output(&head, out);
	if (read.version->attributes.tags.ptr && tags_read(&call->arena, read.version->attributes.tags, &tags, err) && tags.count)
		out->tag_count = (struct maybe_i64){ .is_set = true, .value = (int64_t)tags.count };
	return true;
}

const struct operation s3_get_object = {
	.shape     = &s3_get_object_shape,
	.action    = "s3:GetObject",
	.authorise = access_object,
	.access    = ACCESS_READ,
	.place     = PLACE_WORKER,
	.perform   = perform,
};
