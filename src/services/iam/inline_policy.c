/* services/iam/inline_policy.c: policies that are part of a user, group or role: put, get, list, delete.
 * Source: IAM API Reference (2010-05-08), PutUserPolicy, GetUserPolicy, ListUserPolicies, DeleteUserPolicy and those of
 * groups and roles. */
#include "auth/inline_policies.h"
#include "auth/policy_size.h"
#include "auth/policy_validate.h"
#include "services/iam/listing.h"
#include "services/iam/member.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

static enum policy_quota quota_of(enum entity_kind kind)
{
	return kind == ENTITY_USER ? QUOTA_USER_INLINE : kind == ENTITY_GROUP ? QUOTA_GROUP_INLINE : QUOTA_ROLE_INLINE;
}

/* All inline policies of an entity share one quota. */
static bool check_quota(struct call *call, const struct subject *subject, struct error *err)
{
	struct inline_policy_list policies;
	size_t characters = 0;

	if (!inline_policies_list(call->catalog, &call->arena, call->account, subject->id, &PAGE_ALL, &policies, err))
		return false;
	for (size_t i = 0; i < policies.count; i++)
		characters += policy_size_characters(policies.items[i].document);
	return policy_size_check(quota_of(subject->kind), characters, subject->name, err);
}

static bool perform_put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct policy_rules rules = { .kind = POLICY_IDENTITY };
	const struct inline_policy policy = {
		.name = member_text(call, input, S("PolicyName")),
		.document = member_text(call, input, S("PolicyDocument")),
	};
	struct subject subject;

	(void)output;
	return subject_of_input(call, input, &subject, err)
	    && policy_validate(&call->arena, policy.document, &rules, err)
	    && inline_policies_put(call->catalog, call->account, subject.id, &policy, err)
	    && check_quota(call, &subject, err);
}

static bool fail_absent(const struct subject *subject, struct slice name, struct error *err)
{
	return fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "The %.*s policy with name %.*s cannot be found.",
	               SLICE_ARG(entity_word(subject->kind)), SLICE_ARG(name));
}

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	struct slice name = member_text(call, input, S("PolicyName"));
	const struct inline_policy *policy;
	struct slice *entity_name;
	struct subject subject;

	if (!subject_of_input(call, input, &subject, err))
		return false;
	policy = inline_policies_find(call->catalog, &call->arena, call->account, subject.id, name, err);
	if (!policy)
		return err->kind == ERR_NONE && fail_absent(&subject, name, err);
	entity_name = member_output(call, output, subject.kind == ENTITY_USER    ? S("UserName")
	                                          : subject.kind == ENTITY_GROUP ? S("GroupName")
	                                                                         : S("RoleName"));
	*entity_name = subject.name;
	*(struct slice *)member_output(call, output, S("PolicyName")) = policy->name;
	*(struct slice *)member_output(call, output, S("PolicyDocument")) = policy->document;
	return true;
}

static bool perform_list(struct call *call, const void *input, void *output, struct error *err)
{
	struct text_list *out = member_output(call, output, S("PolicyNames"));
	struct inline_policy_list policies;
	struct listing listing;
	struct subject subject;

	if (!listing_begin(&listing, call, input, err) || !subject_of_input(call, input, &subject, err)
	    || !inline_policies_list(call->catalog, &call->arena, call->account, subject.id, &listing.page, &policies, err))
		return false;
	out->items = arena_array(&call->arena, policies.count, sizeof *out->items);
	out->count = policies.count;
	out->is_set = true;
	for (size_t i = 0; i < policies.count; i++)
		out->items[i] = policies.items[i].name;
	listing_end(&listing, call, output, policies.is_truncated,
	            out->count ? entity_key(&call->arena, out->items[out->count - 1]) : SLICE_NONE);
	return true;
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	struct slice name = member_text(call, input, S("PolicyName"));
	struct subject subject;
	bool deleted;

	(void)output;
	if (!subject_of_input(call, input, &subject, err)
	    || !inline_policies_delete(call->catalog, call->account, subject.id, name, &deleted, err))
		return false;
	return deleted || fail_absent(&subject, name, err);
}

#define CHANGE(symbol, name, function)                                \
	const struct operation iam_##symbol = {                       \
		.shape             = &iam_##symbol##_shape,           \
		.action            = "iam:" name,                     \
		.targets           = subject_targets,                 \
		.context           = subject_context,                 \
		.access            = ACCESS_WRITE,                    \
		.place             = PLACE_WRITER,                    \
		.changes_authority = true,                            \
		.perform           = function,                        \
	}

#define READ(symbol, name, function)                                  \
	const struct operation iam_##symbol = {                       \
		.shape             = &iam_##symbol##_shape,           \
		.action            = "iam:" name,                     \
		.targets           = subject_targets,                 \
		.context           = subject_context,                 \
		.access            = ACCESS_READ,                     \
		.place             = PLACE_FRONT,                     \
		.perform           = function,                        \
	}

CHANGE(put_user_policy,     "PutUserPolicy",     perform_put);
CHANGE(put_group_policy,    "PutGroupPolicy",    perform_put);
CHANGE(put_role_policy,     "PutRolePolicy",     perform_put);
CHANGE(delete_user_policy,  "DeleteUserPolicy",  perform_delete);
CHANGE(delete_group_policy, "DeleteGroupPolicy", perform_delete);
CHANGE(delete_role_policy,  "DeleteRolePolicy",  perform_delete);
READ(get_user_policy,       "GetUserPolicy",     perform_get);
READ(get_group_policy,      "GetGroupPolicy",    perform_get);
READ(get_role_policy,       "GetRolePolicy",     perform_get);
READ(list_user_policies,    "ListUserPolicies",  perform_list);
READ(list_group_policies,   "ListGroupPolicies", perform_list);
READ(list_role_policies,    "ListRolePolicies",  perform_list);
