/* services/cloudtrail/logging.c: a trail begins to log, and stops. Both calls are the first and the last that it has.
 * Source: CloudTrail API Reference (2013-11-01), StartLogging, StopLogging; User Guide, "Digest file structure". */
#include "services/cloudtrail/subject_trail.h"
#include "services/cloudtrail/trail_digests.h"
#include "store/catalog.h"
#include "trail/trail_streams.h"

/* The stream begins at the newest change that is committed: no event up to there is stamped with this trail. */
static bool begin_stream(struct call *call, const struct trail *trail, struct error *err)
{
	struct catalog_position position;
	bool is_present;

	return catalog_position_get(call->catalog, &position, &is_present, err)
	    && trail_streams_begin(call->catalog, &(struct trail_stream){
	           .account = trail->account, .trail_id = trail->trail_id, .region = trail->region, .name = trail->name,
	           .cursor_seq = position.applied_seq,
	       }, err)
	    && trail_streams_retry(call->catalog, trail->account, trail->trail_id, err);
}

static bool start(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_start_logging_request *in = input;
	const struct trail *found = subject_trail_get_home(call, in->name, err);

	(void)output;
	if (!found)
		return false;
	struct trail trail = *found;
	if (!trail.is_logging) {                         /* a second start does not move the time of the first */
		trail.is_logging = true;
		trail.started_ms = call->now_ms;
	}
	return trails_update(call->catalog, &trail, err) && begin_stream(call, &trail, err) && trail_digests_follow(call, &trail, err);
}

static bool stop(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_stop_logging_request *in = input;
	const struct trail *found = subject_trail_get_home(call, in->name, err);

	(void)output;
	if (!found || !found->is_logging)
		return found != NULL;
	struct trail trail = *found;
	trail.is_logging = false;
	trail.stopped_ms = call->now_ms;
	return trails_update(call->catalog, &trail, err) && trail_digests_follow(call, &trail, err);
}

#define ROW(op, doing, does) const struct operation cloudtrail_##op = { \
	.shape = &cloudtrail_##op##_shape, .action = doing, .authorise = subject_trail_authorise, \
	.targets = subject_trail_targets, .context = subject_trail_context, .access = ACCESS_WRITE, .place = PLACE_WRITER, \
	.calls_per_second = 1, .changes_trails = true, .perform = does, \
}

ROW(start_logging, "cloudtrail:StartLogging", start);
ROW(stop_logging, "cloudtrail:StopLogging", stop);
