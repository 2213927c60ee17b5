/* services/s3/s3.c: Amazon Simple Storage Service: the table of its operations.
 * Source: Amazon S3 API Reference (2006-03-01). */
#include "services/operation.h"
#include "services/s3/event.h"
#include "services/s3/shapes.h"

#define OPERATIONS(X)                             \
	X(abort_multipart_upload)                 \
	X(complete_multipart_upload)              \
	X(copy_object)                            \
	X(create_bucket)                          \
	X(create_multipart_upload)                \
	X(delete_bucket)                          \
	X(delete_bucket_cors)                     \
	X(delete_bucket_encryption)               \
	X(delete_bucket_lifecycle)                \
	X(delete_bucket_ownership_controls)       \
	X(delete_bucket_policy)                   \
	X(delete_bucket_replication)              \
	X(delete_bucket_tagging)                  \
	X(delete_bucket_website)                  \
	X(delete_object)                          \
	X(delete_object_tagging)                  \
	X(delete_objects)                         \
	X(delete_public_access_block)             \
	X(get_bucket_accelerate_configuration)    \
	X(get_bucket_acl)                         \
	X(get_bucket_cors)                        \
	X(get_bucket_encryption)                  \
	X(get_bucket_lifecycle_configuration)     \
	X(get_bucket_location)                    \
	X(get_bucket_logging)                     \
	X(get_bucket_notification_configuration)  \
	X(get_bucket_ownership_controls)          \
	X(get_bucket_policy)                      \
	X(get_bucket_policy_status)               \
	X(get_bucket_replication)                 \
	X(get_bucket_request_payment)             \
	X(get_bucket_tagging)                     \
	X(get_bucket_versioning)                  \
	X(get_bucket_website)                     \
	X(get_object)                             \
	X(get_object_acl)                         \
	X(get_object_attributes)                  \
	X(get_object_legal_hold)                  \
	X(get_object_lock_configuration)          \
	X(get_object_retention)                   \
	X(get_object_tagging)                     \
	X(get_public_access_block)                \
	X(head_bucket)                            \
	X(head_object)                            \
	X(list_buckets)                           \
	X(list_multipart_uploads)                 \
	X(list_object_versions)                   \
	X(list_objects)                           \
	X(list_objects_v2)                        \
	X(list_parts)                             \
	X(preflight_request)                      \
	X(put_bucket_accelerate_configuration)    \
	X(put_bucket_acl)                         \
	X(put_bucket_cors)                        \
	X(put_bucket_encryption)                  \
	X(put_bucket_logging)                     \
	X(put_bucket_notification_configuration)  \
	X(put_bucket_ownership_controls)          \
	X(put_bucket_policy)                      \
	X(put_bucket_request_payment)             \
	X(put_bucket_tagging)                     \
	X(put_bucket_versioning)                  \
	X(put_object)                             \
	X(put_object_acl)                         \
	X(put_object_legal_hold)                  \
	X(put_object_lock_configuration)          \
	X(put_object_retention)                   \
	X(put_object_tagging)                     \
	X(put_public_access_block)                \
	X(upload_part)                            \
	X(upload_part_copy)

#define DECLARE(op) extern const struct operation s3_##op;
#define ROW(op)     &s3_##op,
OPERATIONS(DECLARE)

const struct service s3 = {
	.shape        = &s3_shapes,
	.event_source = "s3.amazonaws.com",
	.describe     = event_describe,
	.operations   = (const struct operation *const[]){ OPERATIONS(ROW) NULL },
};
