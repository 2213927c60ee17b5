/* services/iam/output.h: rows of the catalog as the structures of replies.
 *
 * The same entity is shown with more or fewer members: lists leave out tags, boundary and last use, creations show what
 * was given. Each function says which it fills; absent members stay absent. What is shown was observed on AWS. */
#ifndef SPOOR_SERVICES_IAM_OUTPUT_H
#define SPOOR_SERVICES_IAM_OUTPUT_H

#include "auth/entity_tags.h"
#include "auth/groups.h"
#include "auth/users.h"
#include "services/iam/shapes.h"
#include "services/operation.h"

/* All but tags; lists show no boundary. */
void output_user(struct call *call, const struct user *user, struct iam_user *out);
void output_user_in_list(struct call *call, const struct user *user, struct iam_user *out);
void output_users(struct call *call, const struct user_list *users, struct iam_user_list *out);

void output_group(struct call *call, const struct group *group, struct iam_group *out);
void output_groups(struct call *call, const struct group_list *groups, struct iam_group_list *out);

/* NULL for SLICE_NONE. */
struct iam_attached_permissions_boundary *output_boundary(struct call *call, struct slice boundary_arn);

void output_tags(struct call *call, const struct entity_tag_list *tags, struct iam_tag_list *out);

/* All tags of an entity; none leaves the list absent. */
bool output_tags_of(struct call *call, struct slice entity_id, struct iam_tag_list *out, struct error *err);

#endif
