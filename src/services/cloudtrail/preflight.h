/* services/cloudtrail/preflight.h: may CloudTrail deliver to where a trail wants it? Asked before the trail is set.
 * Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail", "Configure AWS KMS key policies for CloudTrail". */
#ifndef SPOOR_SERVICES_CLOUDTRAIL_PREFLIGHT_H
#define SPOOR_SERVICES_CLOUDTRAIL_PREFLIGHT_H

#include "services/call.h"
#include "trail/trails.h"

/* The bucket is there and its policy lets CloudTrail in; then empty objects whose keys end in "/" mark the folders that it
 * will write to, as AWS does. A bucket of the caller's account that has no policy gets the one that the trail needs, if the
 * environment says so. On the writer. Errors: ERR_NOT_FOUND "S3BucketDoesNotExistException"; ERR_INVALID
 * "InsufficientS3BucketPolicyException". */
bool preflight_bucket(struct call *call, const struct trail *trail, struct error *err);

/* SNS topic, log group and KMS key, which spoor does not have: none of them exists. Errors: ERR_INVALID
 * "InsufficientSnsTopicPolicyException", "InvalidCloudWatchLogsLogGroupArnException", "KmsKeyNotFoundException",
 * "InsufficientEncryptionPolicyException". */
bool preflight_others(struct call *call, const struct trail *trail, struct error *err);

#endif
