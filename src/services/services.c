/* services/services.c: the services that spoor serves, and what every operation may use. */
#include "services/operation.h"

extern const struct service cloudtrail, iam, s3, sts;

const struct service *const services[] = { &cloudtrail, &iam, &s3, &sts, NULL };

struct slice call_iam_arn(struct call *call, const char *kind, struct slice path, struct slice name)
{
	return arena_format(&call->arena, "arn:aws:iam::%.*s:%s%.*s%.*s", SLICE_ARG(call->account), kind, SLICE_ARG(path),
	                    SLICE_ARG(name));
}
