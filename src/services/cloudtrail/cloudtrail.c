/* services/cloudtrail/cloudtrail.c: the operations of CloudTrail. */
#include "services/cloudtrail/shapes.h"
#include "services/operation.h"

#define OPERATIONS(X) X(cloudtrail_lookup_events)

#define DECLARE(name) extern const struct operation name;
#define ROW(name) &name,
OPERATIONS(DECLARE)

extern const struct service cloudtrail;

const struct service cloudtrail = {
	.shape = &cloudtrail_shapes,
	.event_source = "cloudtrail.amazonaws.com",
	.operations = (const struct operation *const[]){ OPERATIONS(ROW) NULL },
};
