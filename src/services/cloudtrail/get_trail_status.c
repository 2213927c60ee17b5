/* services/cloudtrail/get_trail_status.c: whether a trail logs, and how its deliveries go in the region of the request.
 *
 * DigestHeads is ours: who knows the newest digest of every region notices when it is gone from the bucket.
 * Source: CloudTrail API Reference (2013-11-01), GetTrailStatus. */
#include "base/clock.h"
#include "services/cloudtrail/subject_trail.h"
#include "trail/digest_chains.h"
#include "trail/trail_status.h"

/* What has not happened is left out. */
static struct maybe_time time_of(int64_t ms)
{
	return ms ? SET_TIME(ms) : (struct maybe_time){ 0 };
}

/* Members of the API's first years, which are never left out: "" if it has not happened. */
static struct slice text_of(struct call *call, int64_t ms)
{
	char text[TIME_TEXT_BYTES];

	return ms ? arena_copy(&call->arena, time_iso(ms, text)) : S("");
}

/* Of a trail that signed digests once, those of all regions. */
static bool fill_heads(struct call *call, const struct trail *trail, struct cloudtrail_digest_head_list *out, struct error *err)
{
	struct digest_region_list heads;

	if (!digest_chains_list_heads(call->catalog, &call->arena, trail->account, trail->trail_id, &heads, err))
		return false;
	out->items = arena_array(&call->arena, heads.count, sizeof *out->items);
	out->count = heads.count;
	for (size_t i = 0; i < heads.count; i++) {
		const struct digest_head *head = &heads.items[i].head;
		out->items[i] = (struct cloudtrail_digest_head){
			.aws_region = heads.items[i].region, .s3_bucket = head->bucket, .s3_object = head->key, .hash_value = head->hash,
			.signature = head->signature,
		};
	}
	return true;
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_get_trail_status_request *in = input;
	struct cloudtrail_get_trail_status_response *out = output;
	const struct trail *trail = subject_trail_get(call, in->name, err);
	struct trail_status status;

	if (!trail)
		return false;
	const struct trail_status_key key = { trail->account, trail->trail_id, call->region };
	if (!trail_status_find(call->catalog, &call->arena, &key, &status, err))
		return false;
	out->is_logging = SET_BOOL(trail->is_logging);
	out->latest_delivery_error = status.delivery_error;
	out->latest_delivery_time = time_of(status.delivered_ms);
	out->start_logging_time = time_of(trail->started_ms);
	out->stop_logging_time = time_of(trail->stopped_ms);
	if (trail->has_validation) {
		out->latest_digest_delivery_time = time_of(status.digested_ms);
		out->latest_digest_delivery_error = status.digest_error;
	}
	out->latest_delivery_attempt_time = text_of(call, status.attempted_ms);
	out->latest_notification_attempt_time = S("");
	out->latest_notification_attempt_succeeded = S("");
	out->latest_delivery_attempt_succeeded = text_of(call, status.delivered_ms);
	out->time_logging_started = text_of(call, trail->started_ms);
	out->time_logging_stopped = text_of(call, trail->stopped_ms);
	return fill_heads(call, trail, &out->digest_heads, err);
}

const struct operation cloudtrail_get_trail_status = {
	.shape = &cloudtrail_get_trail_status_shape,
	.action = "cloudtrail:GetTrailStatus",
	.authorise = subject_trail_authorise,
	.targets = subject_trail_targets,
	.context = subject_trail_context,
	.access = ACCESS_READ,
	.place = PLACE_FRONT,
	.calls_per_second = 10,
	.perform = perform,
};
