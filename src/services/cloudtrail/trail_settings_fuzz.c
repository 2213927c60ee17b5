/* services/cloudtrail/trail_settings_fuzz.c: whatever UpdateTrail asks for, a trail stays one that can be shown and delivered. */
#include "services/cloudtrail/shapes.h"
#include "services/cloudtrail/trail_settings.h"
#include "services/decode_json.h"
#include "tests/fuzz.h"
#include "trail/trail_names.h"

FUZZ(trail_settings)
{
	struct call call = { .account = S("111122223333"), .region = S("us-east-1") };
	struct trail trail = {
		.trail_id = 1, .account = call.account, .region = call.region, .name = S("audit"), .bucket = S("audit-logs"), .prefix = S("ct"),
		.has_global_events = true,
	};
	struct trail_reference reference;
	struct error err = {0}, why = {0};

	const struct cloudtrail_update_trail_request *in = decode_json(&f->arena, cloudtrail_update_trail_shape.input, f->input, &err);
	if (!in)
		return;
	if (in->name.ptr && trail_names_read(in->name, call.region, call.account, &reference, &why) && slice_has_prefix(in->name, S("arn:aws:")))
		CHECK_FUZZ(f, slice_equal(in->name, trail_names_arn(&f->arena, reference.parts.region, reference.parts.account,
		                                                    reference.parts.name)));
	const struct trail_settings settings = TRAIL_SETTINGS(in);
	arena_init(&call.arena, 1 << 20);
	if (trail_settings_apply(&call, &settings, &trail, &err)) {
		CHECK_FUZZ(f, !trail.is_multi_region || trail.has_global_events);
		CHECK_FUZZ(f, trail.bucket.len >= 3 && trail.bucket.len <= 63);
		CHECK_FUZZ(f, !trail.prefix.ptr || (trail.prefix.len > 0 && trail.prefix.len <= 200));
		CHECK_FUZZ(f, !slice_has_prefix(trail.prefix, S("/")) && !slice_has_suffix(trail.prefix, S("/")));
		CHECK_FUZZ(f, (trail.log_group_arn.ptr != NULL) == (trail.logs_role_arn.ptr != NULL));
		CHECK_FUZZ(f, (trail.sns_name.ptr != NULL) == (trail.sns_arn.ptr != NULL));
	} else {
		CHECK_FUZZ(f, err.kind == ERR_INVALID && err.name != NULL);
	}
	arena_fini(&call.arena);
}
