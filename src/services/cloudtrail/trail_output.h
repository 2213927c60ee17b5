/* services/cloudtrail/trail_output.h: a trail as replies show it. What it does not have is left out. */
#ifndef SPOOR_SERVICES_CLOUDTRAIL_TRAIL_OUTPUT_H
#define SPOOR_SERVICES_CLOUDTRAIL_TRAIL_OUTPUT_H

#include "services/call.h"
#include "services/cloudtrail/shapes.h"
#include "trail/trails.h"

/* The members that CreateTrailResponse, UpdateTrailResponse and Trail share. */
#define TRAIL_OUTPUT(out, trail, arn) do { \
	(out)->name = (trail)->name; \
	(out)->s3_bucket_name = (trail)->bucket; \
	(out)->s3_key_prefix = (trail)->prefix; \
	(out)->sns_topic_name = (trail)->sns_name; \
	(out)->sns_topic_arn = (trail)->sns_arn; \
	(out)->include_global_service_events = SET_BOOL((trail)->has_global_events); \
	(out)->is_multi_region_trail = SET_BOOL((trail)->is_multi_region); \
	(out)->trail_arn = (arn); \
	(out)->log_file_validation_enabled = SET_BOOL((trail)->has_validation); \
	(out)->cloud_watch_logs_log_group_arn = (trail)->log_group_arn; \
	(out)->cloud_watch_logs_role_arn = (trail)->logs_role_arn; \
	(out)->kms_key_id = (trail)->kms_key_arn; \
	(out)->is_organization_trail = SET_BOOL(false); \
} while (0)

/* As GetTrail and DescribeTrails give it. */
void trail_output(struct call *call, const struct trail *trail, struct cloudtrail_trail *out);

#endif
