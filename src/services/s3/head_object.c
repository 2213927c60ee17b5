/* services/s3/head_object.c: what GetObject would answer, without the bytes.
 * Source: Amazon S3 API Reference (2006-03-01), HeadObject. */
#include "services/s3/access.h"
#include "services/s3/read_object.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	struct read_object read;

	if (!read_object_find(call, input, &read, err))
		return false;
	read_object_fill(call, input, &read, output);
	return true;
}

const struct operation s3_head_object = {
	.shape     = &s3_head_object_shape,
	.action    = "s3:GetObject",
	.authorise = access_object,
	.access    = ACCESS_READ,
	.place     = PLACE_FRONT,
	.perform   = perform,
};
