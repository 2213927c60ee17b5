/* services/iam/subject.h: the user, group, role or instance profile that a call is about, as its policies see it.
 *
 * Which one it is the input says: InstanceProfileName, GroupName, RoleName or UserName, the first it has. Managed
 * policies, which are named by ARN, are in services/iam/policy_ref.h.
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Identity and Access
 * Management". */
#ifndef SPOOR_SERVICES_IAM_SUBJECT_H
#define SPOOR_SERVICES_IAM_SUBJECT_H

#include "auth/context.h"
#include "auth/entity.h"
#include "services/operation.h"

struct subject {
	enum entity_kind kind;
	bool             is_root;            /* the account's root user, who has no row: `id` is the account */
	struct slice     id, name, path;
	struct slice     boundary_arn;       /* SLICE_NONE: none */
};

/* By name. Errors: ERR_NOT_FOUND "NoSuchEntity". */
bool subject_get(struct call *call, enum entity_kind kind, struct slice name, struct subject *subject,
                 struct error *err);

/* The one that the input names. */
bool subject_of_input(struct call *call, const void *input, struct subject *subject, struct error *err);

/* The user that the input names, or the caller, who may be root. Errors: also ERR_INVALID "ValidationError" when a
 * session, which is no user, names nobody. */
bool subject_user_or_self(struct call *call, struct slice name, struct subject *subject, struct error *err);

/* ---- for the rows of operations ---- */

/* What exists: its ARN, shown as "user bob". */
void subject_targets(struct call *call, const void *input, struct targets *targets);

/* A list of all of a kind: "arn:aws:iam::ACCOUNT:user/", with PathPrefix if there is one. */
void subject_targets_users(struct call *call, const void *input, struct targets *targets);
void subject_targets_groups(struct call *call, const void *input, struct targets *targets);
void subject_targets_roles(struct call *call, const void *input, struct targets *targets);
void subject_targets_instance_profiles(struct call *call, const void *input, struct targets *targets);

/* The whole account: "*". */
void subject_targets_account(struct call *call, const void *input, struct targets *targets);

/* What is about to be made, and `tag_action` too if it is made with Tags. */
void subject_targets_new(struct call *call, const void *input, enum entity_kind kind, struct slice name,
                         const char *tag_action, struct targets *targets);

/* Of what exists: aws:ResourceTag and iam:ResourceTag, iam:PermissionsBoundary, iam:PolicyARN, and what
 * subject_context_new knows. */
void subject_context(struct call *call, const void *input, struct context *context);

/* From the input alone: aws:RequestTag, aws:TagKeys, iam:PermissionsBoundary. */
void subject_context_new(struct call *call, const void *input, struct context *context);

/* aws:ResourceTag and iam:ResourceTag of an entity. */
void subject_context_tags(struct call *call, struct slice entity_id, struct context *context);

#endif
