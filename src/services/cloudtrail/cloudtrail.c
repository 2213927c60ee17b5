/* services/cloudtrail/cloudtrail.c: the operations of CloudTrail. */
#include "services/cloudtrail/shapes.h"
#include "services/operation.h"

#define OPERATIONS(X) \
	X(cloudtrail_add_tags) \
	X(cloudtrail_create_trail) \
	X(cloudtrail_delete_trail) \
	X(cloudtrail_describe_trails) \
	X(cloudtrail_get_event_selectors) \
	X(cloudtrail_get_insight_selectors) \
	X(cloudtrail_get_trail) \
	X(cloudtrail_get_trail_status) \
	X(cloudtrail_list_public_keys) \
	X(cloudtrail_list_tags) \
	X(cloudtrail_list_trails) \
	X(cloudtrail_lookup_events) \
	X(cloudtrail_put_event_selectors) \
	X(cloudtrail_put_insight_selectors) \
	X(cloudtrail_remove_tags) \
	X(cloudtrail_start_logging) \
	X(cloudtrail_stop_logging) \
	X(cloudtrail_update_trail)

#define DECLARE(name) extern const struct operation name;
#define ROW(name) &name,
OPERATIONS(DECLARE)

extern const struct service cloudtrail;

const struct service cloudtrail = {
	.shape = &cloudtrail_shapes,
	.event_source = "cloudtrail.amazonaws.com",
	.operations = (const struct operation *const[]){ OPERATIONS(ROW) NULL },
};
