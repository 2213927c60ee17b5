/* services/iam/tag_rules.h: what may be a tag, and setting them.
 * Source: IAM User Guide, "Tags for AWS Identity and Access Management resources", "Rules for tagging". */
#ifndef SPOOR_SERVICES_IAM_TAG_RULES_H
#define SPOOR_SERVICES_IAM_TAG_RULES_H

#include "services/iam/shapes.h"
#include "services/operation.h"

/* Sets the tags of an entity, none of which it had if it is new. Errors: ERR_INVALID "InvalidInput" for a key twice or
 * one of AWS's own; ERR_CONFLICT "LimitExceeded" beyond fifty. */
bool tag_rules_apply(struct call *call, struct slice entity_id, const struct iam_tag_list *tags, struct error *err);

bool tag_rules_remove(struct call *call, struct slice entity_id, const struct text_list *keys, struct error *err);

#endif
