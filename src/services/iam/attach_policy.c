/* services/iam/attach_policy.c: managed policies on and off users, groups and roles.
 * Source: IAM API Reference (2010-05-08), AttachUserPolicy, AttachGroupPolicy, AttachRolePolicy and the Detach... ones. */
#include "auth/attachments.h"
#include "base/limits.h"
#include "services/iam/member.h"
#include "services/iam/policy_ref.h"
#include "services/iam/subject.h"

static const char *quota_name(enum entity_kind kind)
{
	return kind == ENTITY_USER ? "PoliciesPerUser" : kind == ENTITY_GROUP ? "PoliciesPerGroup" : "PoliciesPerRole";
}

static bool perform_attach(struct call *call, const void *input, void *output, struct error *err)
{
	struct slice arn = member_text(call, input, S("PolicyArn"));
	struct policy_ref policy;
	struct subject subject;
	int64_t count;

	(void)output;
	return subject_of_input(call, input, &subject, err)
	    && policy_ref_get(call, arn, "does not exist or is not attachable", &policy, err)
	    && attachments_insert(call->catalog, call->account, subject.id, arn, &count, err)
	    && (count <= IAM_ATTACHED_POLICIES_MAX
	        || fail_as(err, ERR_CONFLICT, "LimitExceeded", "Cannot exceed quota for %s: %d", quota_name(subject.kind),
	                   IAM_ATTACHED_POLICIES_MAX));
}

/* A policy that is gone, or was never there, is answered like one that is not attached. */
static bool perform_detach(struct call *call, const void *input, void *output, struct error *err)
{
	struct slice arn = member_text(call, input, S("PolicyArn"));
	struct subject subject;
	struct policy_ref policy;
	bool found, deleted;

	(void)output;
	if (!subject_of_input(call, input, &subject, err)
	    || !policy_ref_find(call, arn, "ValidationError", &policy, &found, err)
	    || !attachments_delete(call->catalog, call->account, subject.id, arn, &deleted, err))
		return false;
	return deleted || fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "Policy %.*s was not found.", SLICE_ARG(arn));
}

#define ATTACH(entity, Entity)                                       \
	const struct operation iam_attach_##entity##_policy = {      \
		.shape             = &iam_attach_##entity##_policy_shape, \
		.action            = "iam:Attach" Entity "Policy",   \
		.targets           = subject_targets,                \
		.context           = subject_context,                \
		.access            = ACCESS_WRITE,                   \
		.place             = PLACE_WRITER,                   \
		.changes_authority = true,                           \
		.perform           = perform_attach,                 \
	}

#define DETACH(entity, Entity)                                       \
	const struct operation iam_detach_##entity##_policy = {      \
		.shape             = &iam_detach_##entity##_policy_shape, \
		.action            = "iam:Detach" Entity "Policy",   \
		.targets           = subject_targets,                \
		.context           = subject_context,                \
		.access            = ACCESS_WRITE,                   \
		.place             = PLACE_WRITER,                   \
		.changes_authority = true,                           \
		.perform           = perform_detach,                 \
	}

ATTACH(user, "User");
ATTACH(group, "Group");
ATTACH(role, "Role");
DETACH(user, "User");
DETACH(group, "Group");
DETACH(role, "Role");
