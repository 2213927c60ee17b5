/* services/iam/authorization_details.h: one entity with everything that decides what it may do. */
#ifndef SPOOR_SERVICES_IAM_AUTHORIZATION_DETAILS_H
#define SPOOR_SERVICES_IAM_AUTHORIZATION_DETAILS_H

#include "auth/groups.h"
#include "auth/roles.h"
#include "auth/users.h"
#include "services/iam/policy_ref.h"

bool authorization_details_user(struct call *call, const struct user *user, struct iam_user_detail *out,
                                struct error *err);
bool authorization_details_group(struct call *call, const struct group *group, struct iam_group_detail *out,
                                 struct error *err);
bool authorization_details_role(struct call *call, const struct role *role, struct iam_role_detail *out,
                                struct error *err);
bool authorization_details_policy(struct call *call, const struct policy_ref *policy,
                                  struct iam_managed_policy_detail *out, struct error *err);

#endif
