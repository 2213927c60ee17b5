/* services/cloudtrail/create_trail.c: a new trail, which does not log before StartLogging.
 * Source: CloudTrail API Reference (2013-11-01), CreateTrail. */
#include "services/authorisation.h"
#include "services/cloudtrail/preflight.h"
#include "services/cloudtrail/subject_trail.h"
#include "services/cloudtrail/trail_output.h"
#include "services/cloudtrail/trail_settings.h"
#include "services/cloudtrail/trail_tag_list.h"
#include "trail/selectors.h"
#include "trail/trail_targets.h"

/* A name only: there is no ARN yet. */
static bool authorise(struct call *call, const void *input, struct error *err)
{
	const struct cloudtrail_create_trail_request *in = input;

	return trail_names_check(in->name, err) && authorisation_standard(call, input, err);
}

static void targets(struct call *call, const void *input, struct targets *targets)
{
	const struct cloudtrail_create_trail_request *in = input;
	struct slice arn = trail_names_arn(&call->arena, call->region, call->account, in->name);

	authorisation_add(targets, SLICE_NONE, arn, SLICE_NONE);
	if (in->tags_list.count)
		authorisation_add(targets, S("cloudtrail:AddTags"), arn, SLICE_NONE);
	trail_settings_targets(in->cloud_watch_logs_role_arn, targets);
}

static void context(struct call *call, const void *input, struct context *context)
{
	const struct cloudtrail_create_trail_request *in = input;

	subject_trail_context_new(call, &in->tags_list, context);
	trail_settings_context(in->cloud_watch_logs_role_arn, context);
}

/* Equal parameters make it no less a duplicate. */
static bool check_new(struct call *call, const struct trail *trail, struct error *err)
{
	if (trails_find(call->catalog, &call->arena, trail->account, trail->region, trail->name, err))
		return trails_fail_exists(trail, err);
	return err->kind == ERR_NONE && trail_settings_check_quota(call, trail, err);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_create_trail_request *in = input;
	struct cloudtrail_create_trail_response *out = output;
	const struct trail_settings settings = TRAIL_SETTINGS(in);
	struct trail_tag *tags = trail_tag_list_read(call, &in->tags_list);
	struct trail trail = {
		.account = call->account, .region = call->region, .name = in->name, .target = 1, .has_global_events = true,
		.selectors = slice_of(SELECTORS_DEFAULT), .created_ms = call->now_ms,
	};

	if (!trail_settings_apply(call, &settings, &trail, err) || !trail_tags_check(tags, in->tags_list.count, err)
	    || !check_new(call, &trail, err) || !preflight_bucket(call, &trail, err) || !preflight_others(call, &trail, err))
		return false;
	while (trail.trail_id == 0)
		trail.trail_id = random_u64(call->random);
	TRAIL_OUTPUT(out, &trail, subject_trail_arn(call, &trail));
	return trails_insert(call->catalog, &trail, err) && trail_targets_add(call->catalog, &trail, err)
	    && trail_tags_set(call->catalog, trail.account, trail.trail_id, tags, in->tags_list.count, err);
}

const struct operation cloudtrail_create_trail = {
	.shape = &cloudtrail_create_trail_shape,
	.action = "cloudtrail:CreateTrail",
	.authorise = authorise,
	.targets = targets,
	.context = context,
	.access = ACCESS_WRITE,
	.place = PLACE_WRITER,
	.calls_per_second = 1,
	.changes_trails = true,
	.perform = perform,
};
