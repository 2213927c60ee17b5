/* services/cloudtrail/delete_trail.c: a trail goes; what it had admitted, this call included, is still delivered.
 * Source: CloudTrail API Reference (2013-11-01), DeleteTrail. */
#include "services/cloudtrail/subject_trail.h"
#include "services/cloudtrail/trail_digests.h"
#include "trail/trail_status.h"
#include "trail/trail_streams.h"
#include "trail/trail_tags.h"
#include "trail/trail_targets.h"

/* The deliverer forgets the places of a stream when it is done with it; without stream there is nothing to deliver. */
static bool end_delivery(struct call *call, const struct trail *trail, struct error *err)
{
	if (trail->started_ms)
		return trail_streams_end(call->catalog, trail->account, trail->trail_id, err);
	return trail_targets_delete_all(call->catalog, trail->account, trail->trail_id, err)
	    && trail_status_delete_all(call->catalog, trail->account, trail->trail_id, err);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_delete_trail_request *in = input;
	const struct trail *found = subject_trail_get_home(call, in->name, err);

	(void)output;
	if (!found)
		return false;
	struct trail trail = *found;
	trail.is_logging = false;
	return trail_digests_follow(call, &trail, err) && end_delivery(call, &trail, err)
	    && trail_tags_delete_all(call->catalog, trail.account, trail.trail_id, err) && trails_delete(call->catalog, &trail, err);
}

const struct operation cloudtrail_delete_trail = {
	.shape = &cloudtrail_delete_trail_shape,
	.action = "cloudtrail:DeleteTrail",
	.authorise = subject_trail_authorise,
	.targets = subject_trail_targets,
	.context = subject_trail_context,
	.access = ACCESS_WRITE,
	.place = PLACE_WRITER,
	.calls_per_second = 1,
	.changes_trails = true,
	.perform = perform,
};
