/* services/iam/policy_ref.c: the account in the ARN tells where to look. */
#include "services/iam/policy_ref.h"

#include "auth/entity.h"
#include "services/authorisation.h"
#include "services/iam/member.h"
#include "services/iam/subject.h"

void policy_ref_from_aws(const struct aws_policy *aws, struct policy_ref *policy)
{
	int64_t version = 1;

	slice_to_i64(slice_from(aws->version_id, 1), &version);
	*policy = (struct policy_ref){
		.row = {
			.name = aws->name,
			.path = aws->path,
			.policy_id = aws->policy_id,
			.arn = aws->arn,
			.description = aws->description,
			.created_ms = aws->created_ms,
			.updated_ms = aws->created_ms,
			.default_version = version,
			.next_version = version + 1,
		},
		.is_aws = true,
		.aws_document = aws->document,
	};
}

bool policy_ref_find(struct call *call, struct slice arn, const char *malformed_name, struct policy_ref *policy,
                     bool *found, struct error *err)
{
	const struct managed_policy *row = NULL;
	const struct aws_policy *aws;
	struct entity_arn_parts parts;

	*policy = (struct policy_ref){ 0 };
	*found = false;
	if (!entity_arn_parse(ENTITY_POLICY, arn, &parts))
		return fail_as(err, ERR_INVALID, malformed_name, "ARN %.*s is not valid.", SLICE_ARG(arn));
	if (slice_equal(parts.account, S("aws"))) {
		aws = managed_policies_find(arn);
		if (aws)
			policy_ref_from_aws(aws, policy);
		*found = aws != NULL;
		return true;
	}
	if (slice_equal(parts.account, call->account))
		row = policies_find(call->catalog, &call->arena, call->account, arn, err);
	if (row) {
		policy->row = *row;
		*found = true;
	}
	return err->kind == ERR_NONE;
}

bool policy_ref_get(struct call *call, struct slice arn, const char *absence, struct policy_ref *policy,
                    struct error *err)
{
	bool found;

	if (!policy_ref_find(call, arn, "ValidationError", policy, &found, err))
		return false;
	return found || fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "Policy %.*s %s.", SLICE_ARG(arn), absence);
}

bool policy_ref_check_own(struct call *call, struct slice arn, struct error *err)
{
	struct entity_arn_parts parts;

	return !entity_arn_parse(ENTITY_POLICY, arn, &parts) || slice_equal(parts.account, call->account)
	    || fail_as(err, ERR_DENIED, "AccessDenied", "Policy is outside your own account.");
}

void policy_ref_targets(struct call *call, const void *input, struct targets *targets)
{
	struct slice arn = member_text(call, input, S("PolicyArn"));
	struct slice version = member_text(call, input, S("VersionId"));

	authorisation_add(targets, SLICE_NONE, arn,
	                   version.ptr ? arena_format(&call->arena, "policy %.*s version %.*s", SLICE_ARG(arn), SLICE_ARG(version))
	                               : arena_format(&call->arena, "policy %.*s", SLICE_ARG(arn)));
}

void policy_ref_context(struct call *call, const void *input, struct context *context)
{
	struct error ignored = { 0 };
	struct policy_ref policy;
	bool found;

	if (policy_ref_find(call, member_text(call, input, S("PolicyArn")), "ValidationError", &policy, &found, &ignored)
	    && found && !policy.is_aws)
		subject_context_tags(call, policy.row.policy_id, context);
	subject_context_new(call, input, context);
}
