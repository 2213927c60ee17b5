/* services/iam/role_output.h: roles and instance profiles as the structures of replies, see services/iam/output.h. */
#ifndef SPOOR_SERVICES_IAM_ROLE_OUTPUT_H
#define SPOOR_SERVICES_IAM_ROLE_OUTPUT_H

#include "auth/instance_profiles.h"
#include "auth/roles.h"
#include "services/iam/shapes.h"
#include "services/operation.h"

/* As the creation, and other entities, show it: without description, session length, boundary, last use and tags. */
bool role_output(struct call *call, const struct role *role, struct iam_role *out, struct error *err);

/* As lists show it: with description and session length. */
bool role_output_in_list(struct call *call, const struct role *role, struct iam_role *out, struct error *err);

/* When and where it was last assumed; without members if never. */
struct iam_role_last_used *role_output_last_used(struct call *call, const struct role *role);

/* Roles: the one it holds. */
bool role_output_profile(struct call *call, const struct instance_profile *profile, struct iam_instance_profile *out,
                         struct error *err);
bool role_output_profiles(struct call *call, const struct instance_profile_list *profiles,
                          struct iam_instance_profile_list *out, struct error *err);

#endif
