/* services/s3/output.c: small pieces. */
#include "services/s3/output.h"

#include "bucket/buckets.h"
#include "bucket/canonical_id.h"
#include "codec/checksum.h"
#include "services/rest.h"

struct slice output_etag(struct call *call, struct slice etag)
{
	return etag.ptr ? arena_format(&call->arena, "\"%.*s\"", SLICE_ARG(etag)) : SLICE_NONE;
}

struct s3_owner *output_owner(struct call *call, struct slice account)
{
	struct s3_owner *owner = arena_new(&call->arena, struct s3_owner);

	owner->id = canonical_id_of(&call->arena, account);
	return owner;
}

struct slice output_class(const struct attributes *attributes)
{
	return attributes->storage_class.ptr ? attributes->storage_class : S("STANDARD");
}

void output_checksum(struct output_checksums to, struct slice algorithm, struct slice checksum, struct slice type)
{
	struct slice *const members[CHECKSUM_COUNT] = {
		[CHECKSUM_CRC32] = to.crc32, [CHECKSUM_CRC32C] = to.crc32_c, [CHECKSUM_CRC64NVME] = to.crc64_nvme,
		[CHECKSUM_SHA1] = to.sha1, [CHECKSUM_SHA256] = to.sha256,
	};
	enum checksum_algorithm which = checksum.ptr ? checksum_of_name(algorithm) : CHECKSUM_NONE;

	if (which == CHECKSUM_NONE)
		return;
	*members[which] = checksum;
	if (to.type)
		*to.type = type;
}

struct output_checksum_sent output_sent(struct slice crc32, struct slice crc32_c, struct slice crc64_nvme,
                                        struct slice sha1, struct slice sha256)
{
	const struct slice values[CHECKSUM_COUNT] = {
		[CHECKSUM_CRC32] = crc32, [CHECKSUM_CRC32C] = crc32_c, [CHECKSUM_CRC64NVME] = crc64_nvme,
		[CHECKSUM_SHA1] = sha1, [CHECKSUM_SHA256] = sha256,
	};

	for (size_t i = 0; i < CHECKSUM_COUNT; i++)
		if (values[i].ptr)
			return (struct output_checksum_sent){ checksum_name((enum checksum_algorithm)i), values[i] };
	return (struct output_checksum_sent){ SLICE_NONE, SLICE_NONE };
}

bool output_condition(struct call *call, const struct error *err)
{
	bool is_none = rest_header(call->rest, S("if-none-match")).ptr != NULL;

	if (err->name && strcmp(err->name, "PreconditionFailed") == 0)
		rest_add_element(call->rest, S("Condition"), is_none ? S("If-None-Match") : S("If-Match"));
	return false;
}
