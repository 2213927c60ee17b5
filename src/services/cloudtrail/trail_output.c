/* services/cloudtrail/trail_output.c: what the reply to who looks has, and that to who changes has not. */
#include "services/cloudtrail/trail_output.h"

#include "services/cloudtrail/subject_trail.h"

void trail_output(struct call *call, const struct trail *trail, struct cloudtrail_trail *out)
{
	TRAIL_OUTPUT(out, trail, subject_trail_arn(call, trail));
	out->home_region = trail->region;
	out->has_custom_event_selectors = SET_BOOL(trail->has_custom_selectors);
	out->has_insight_selectors = SET_BOOL(trail->insight_selectors.ptr != NULL);
}
