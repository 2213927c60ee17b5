/* services/cloudtrail/subject_trail.h: the trail that a call is about, named by Name or TrailName, as policies see it and
 * as it is found.
 *
 * A name means a trail that has its home in the region of the request. An ARN also means one of another region, if it is
 * multi-region: its shadow can be looked at everywhere, and changed only at home.
 * Source: CloudTrail API Reference (2013-11-01), GetTrailStatus; Service Authorization Reference, "Actions, resources, and
 * condition keys for AWS CloudTrail". */
#ifndef SPOOR_SERVICES_CLOUDTRAIL_SUBJECT_TRAIL_H
#define SPOOR_SERVICES_CLOUDTRAIL_SUBJECT_TRAIL_H

#include "auth/context.h"
#include "services/cloudtrail/shapes.h"
#include "services/operation.h"
#include "trail/trail_names.h"
#include "trail/trails.h"

/* Errors: ERR_NOT_FOUND "TrailNotFoundException"; those of trail_names_read(). */
const struct trail *subject_trail_get(struct call *call, struct slice name, struct error *err);

/* For what changes it. Errors: also ERR_CONFLICT "InvalidHomeRegionException". */
const struct trail *subject_trail_get_home(struct call *call, struct slice name, struct error *err);

/* By the parts of an ARN; NULL if there is none that this region sees, and on failure (then `err`, clean before, is filled). */
const struct trail *subject_trail_find(struct call *call, const struct trail_arn *parts, struct error *err);

struct slice subject_trail_arn(struct call *call, const struct trail *trail);

/* ---- for the rows of operations ---- */

/* What is no name is told before anybody is asked. Errors: those of trail_names_read(); ERR_DENIED "AccessDenied". */
bool subject_trail_authorise(struct call *call, const void *input, struct error *err);

/* Its ARN. */
void subject_trail_targets(struct call *call, const void *input, struct targets *targets);

/* aws:ResourceTag of the trail that is there. */
void subject_trail_context(struct call *call, const void *input, struct context *context);
void subject_trail_context_tags(struct call *call, const struct trail *trail, struct context *context);

/* aws:RequestTag and aws:TagKeys. */
void subject_trail_context_new(struct call *call, const struct cloudtrail_tag_list *tags, struct context *context);

#endif
