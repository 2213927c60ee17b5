/* services/cloudtrail/update_trail.c: a trail changes; what it had admitted still goes where it went then.
 * Source: CloudTrail API Reference (2013-11-01), UpdateTrail. */
#include "services/cloudtrail/preflight.h"
#include "services/cloudtrail/subject_trail.h"
#include "services/cloudtrail/trail_digests.h"
#include "services/cloudtrail/trail_output.h"
#include "services/cloudtrail/trail_settings.h"
#include "trail/trail_streams.h"
#include "trail/trail_targets.h"

static void targets(struct call *call, const void *input, struct targets *targets)
{
	const struct cloudtrail_update_trail_request *in = input;

	subject_trail_targets(call, input, targets);
	trail_settings_targets(in->cloud_watch_logs_role_arn, targets);
}

static void context(struct call *call, const void *input, struct context *context)
{
	const struct cloudtrail_update_trail_request *in = input;

	subject_trail_context(call, input, context);
	trail_settings_context(in->cloud_watch_logs_role_arn, context);
}

/* Another bucket or prefix is another target. */
static bool move(struct call *call, const struct trail *before, struct trail *trail, struct error *err)
{
	if (slice_equal(before->bucket, trail->bucket) && slice_equal(before->prefix, trail->prefix))
		return true;
	trail->target++;
	return trail_targets_add(call->catalog, trail, err);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_update_trail_request *in = input;
	struct cloudtrail_update_trail_response *out = output;
	const struct trail_settings settings = TRAIL_SETTINGS(in);
	const struct trail *found = subject_trail_get_home(call, in->name, err);

	if (!found)
		return false;
	struct trail trail = *found;
	if (!trail_settings_apply(call, &settings, &trail, err)
	    || (trail.is_multi_region && !found->is_multi_region && !trail_settings_check_quota(call, &trail, err))
	    || !preflight_bucket(call, &trail, err) || !preflight_others(call, &trail, err))
		return false;
	if (!move(call, found, &trail, err) || !trails_update(call->catalog, &trail, err)
	    || !trail_streams_retry(call->catalog, trail.account, trail.trail_id, err) || !trail_digests_follow(call, &trail, err))
		return false;
	TRAIL_OUTPUT(out, &trail, subject_trail_arn(call, &trail));
	return true;
}

const struct operation cloudtrail_update_trail = {
	.shape = &cloudtrail_update_trail_shape,
	.action = "cloudtrail:UpdateTrail",
	.authorise = subject_trail_authorise,
	.targets = targets,
	.context = context,
	.access = ACCESS_WRITE,
	.place = PLACE_WRITER,
	.calls_per_second = 1,
	.changes_trails = true,
	.perform = perform,
};
