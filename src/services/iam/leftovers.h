/* services/iam/leftovers.h: what must be taken off a user, group or role before it can be deleted.
 * Source: IAM API Reference (2010-05-08), DeleteUser, DeleteGroup, DeleteRole. */
#ifndef SPOOR_SERVICES_IAM_LEFTOVERS_H
#define SPOOR_SERVICES_IAM_LEFTOVERS_H

#include "services/operation.h"

/* Always ERR_CONFLICT "DeleteConflict": "Cannot delete entity, must WHAT first." */
bool leftovers_fail(const char *what, struct error *err);

/* Fails so while the entity has attached or inline policies. */
bool leftovers_check_policies(struct call *call, struct slice entity_id, struct error *err);

#endif
