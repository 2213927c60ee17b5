/* services/s3/delete_object.c: a key or one version of it.
 * Source: Amazon S3 API Reference (2006-03-01), DeleteObject. */
#include "bucket/bucket_delete.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/output.h"

/* Past a governance lock only with the header and the permission. */
static bool authorise(struct call *call, const void *input, struct error *err)
{
	const struct s3_delete_object_request *in = input;
	const struct bucket *bucket;
	struct context context;

	if (!access_object(call, input, err))
		return false;
	if (!in->bypass_governance_retention.value)
		return true;
	bucket = access_bucket_now(call, err);
	if (!bucket)
		return false;
	if (!bucket->has_object_lock)
		return fail_as(err, ERR_INVALID, "InvalidArgument",
		               "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.");
	access_context(call, input, bucket, &context);
	return access_ask(call, bucket, "s3:BypassGovernanceRetention", in->key, &context, err);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_delete_object_request *in = input;
	struct s3_delete_object_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	struct removal removal = {
		.key = in->key, .version_id = in->version_id, .if_match = in->if_match,
		.bypasses_governance = in->bypass_governance_retention.value,
	};
	struct removed removed;

	if (!bucket)
		return false;
	if (in->if_match_last_modified_time.is_set || in->if_match_size.is_set)
		return fail_as(err, ERR_INVALID, "NotImplemented",
		               "A header you provided implies functionality that is not implemented");
	removal.marker_id = versions_make_id(&call->arena, call->random);
	if (!bucket_delete(call->catalog, &call->arena, bucket, call->now_ms, &removal, &removed, err))
		return output_condition(call, err);
	out->version_id = removed.version_id;
	if (removed.is_marker)
		out->delete_marker = SET_BOOL(true);
	return true;
}

const struct operation s3_delete_object = {
	.shape     = &s3_delete_object_shape,
	.action    = "s3:DeleteObject",
	.authorise = authorise,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.perform   = perform,
};
