/* services/cloudtrail/trail_settings.h: what CreateTrail and UpdateTrail may ask for, checked and laid over what a trail has.
 * Source: CloudTrail API Reference (2013-11-01), CreateTrail, UpdateTrail; User Guide, "Amazon S3 bucket naming requirements". */
#ifndef SPOOR_SERVICES_CLOUDTRAIL_TRAIL_SETTINGS_H
#define SPOOR_SERVICES_CLOUDTRAIL_TRAIL_SETTINGS_H

#include "services/operation.h"
#include "services/shape.h"
#include "trail/trails.h"

/* The members that both requests have. SLICE_NONE: as it is. "" clears what a trail can be without. */
struct trail_settings {
	struct slice      bucket, prefix, topic, log_group, logs_role, kms_key;
	struct maybe_bool has_global_events, is_multi_region, has_validation, is_organization;
};

/* From either request. */
#define TRAIL_SETTINGS(in) (struct trail_settings){ \
	.bucket = (in)->s3_bucket_name, .prefix = (in)->s3_key_prefix, .topic = (in)->sns_topic_name, \
	.log_group = (in)->cloud_watch_logs_log_group_arn, .logs_role = (in)->cloud_watch_logs_role_arn, \
	.kms_key = (in)->kms_key_id, .has_global_events = (in)->include_global_service_events, \
	.is_multi_region = (in)->is_multi_region_trail, .has_validation = (in)->enable_log_file_validation, \
	.is_organization = (in)->is_organization_trail }

/* Who gives CloudTrail a role to write to CloudWatch Logs with must be allowed to pass it on; iam:PassedToService says to whom. */
void trail_settings_targets(struct slice logs_role, struct targets *targets);
void trail_settings_context(struct slice logs_role, struct context *context);

/* Changes `trail` and nothing else. The parameters' combination is looked at first, as AWS does. Errors: ERR_INVALID
 * "InvalidParameterCombinationException", "InvalidS3BucketNameException", "InvalidS3PrefixException",
 * "InvalidSnsTopicNameException", "InvalidKmsKeyIdException", "InvalidCloudWatchLogsLogGroupArnException",
 * "InvalidCloudWatchLogsRoleArnException", "OrganizationsNotInUseException". */
bool trail_settings_apply(struct call *call, const struct trail_settings *settings, struct trail *trail, struct error *err);

/* Room for `trail`, which is not counted if it is there already: five in its region, in every region if it is multi-region.
 * Errors: ERR_LIMIT "MaximumNumberOfTrailsExceededException". */
bool trail_settings_check_quota(struct call *call, const struct trail *trail, struct error *err);

#endif
