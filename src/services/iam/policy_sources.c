/* services/iam/policy_sources.c: documents are compiled into the call's arena: a simulation is rare, a cache would only
 * be stirred by it. */
#include "services/iam/policy_sources.h"

#include "auth/attachments.h"
#include "auth/group_members.h"
#include "auth/inline_policies.h"
#include "auth/policy_validate.h"
#include "auth/policy_versions.h"
#include "services/authorisation.h"
#include "services/iam/member.h"
#include "services/iam/policy_ref.h"

static void add(struct call *call, struct policy_sources *sources, struct slice id, const struct policy *policy)
{
	sources->items = page_grow(&call->arena, sources->items, sources->count, sizeof *sources->items);
	sources->items[sources->count++] = (struct simulate_policy){ id, policy };
}

/* What is stored was checked when it was saved. */
static bool add_stored(struct call *call, struct policy_sources *sources, struct slice id, struct slice document,
                       struct error *err)
{
	const struct policy *policy = policy_compile(&call->arena, document, err);

	if (policy)
		add(call, sources, id, policy);
	return policy != NULL;
}

bool policy_sources_add_texts(struct call *call, struct policy_sources *sources, const char *list,
                              const struct text_list *documents, struct error *err)
{
	/* As a session policy: not bound to the newer version, which saved policies of AWS are not either. */
	static const struct policy_rules rules = { .kind = POLICY_SESSION };
	struct error why = { 0 };

	for (size_t i = 0; i < documents->count; i++) {
		if (!policy_validate(&call->arena, documents->items[i], &rules, &why))
			return fail_as(err, ERR_INVALID, "InvalidInput", "%s", why.message);
		if (!add_stored(call, sources, arena_format(&call->arena, "%s.%zu", list, i + 1), documents->items[i], err))
			return false;
	}
	return true;
}

bool policy_sources_read_resource(struct call *call, struct slice document, struct simulate_policy *policy,
                                  struct error *err)
{
	struct error why = { 0 };

	*policy = (struct simulate_policy){ S("ResourcePolicy"), NULL };
	if (!document.ptr)
		return true;
	policy->policy = policy_compile(&call->arena, document, &why);
	return policy->policy || fail_as(err, ERR_INVALID, "InvalidInput", "%s", why.message);
}

/* ---- of entities ---- */

static bool add_inline(struct call *call, struct policy_sources *sources, const struct subject *subject,
                       struct error *err)
{
	struct inline_policy_list list;

	if (!inline_policies_list(call->catalog, &call->arena, call->account, subject->id, &PAGE_ALL, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		struct slice id = arena_format(&call->arena, "%.*s_%.*s_%.*s", SLICE_ARG(entity_arn_word(subject->kind)),
		                               SLICE_ARG(subject->name), SLICE_ARG(list.items[i].name));
		if (!add_stored(call, sources, id, list.items[i].document, err))
			return false;
	}
	return true;
}

static bool add_managed(struct call *call, struct policy_sources *sources, struct slice arn, bool *found,
                        struct error *err)
{
	const struct policy_version *version;
	struct policy_ref policy;

	if (!policy_ref_find(call, arn, "InvalidInput", &policy, found, err))
		return false;
	if (!*found)
		return true;
	if (policy.is_aws)
		return add_stored(call, sources, policy.row.name, policy.aws_document, err);
	version = policy_versions_find(call->catalog, &call->arena, call->account, policy.row.policy_id,
	                               policy.row.default_version, err);
	return version && add_stored(call, sources, policy.row.name, version->document, err);
}

static bool add_attached(struct call *call, struct policy_sources *sources, const struct subject *subject,
                         struct error *err)
{
	struct attachment_list list;
	bool found;

	if (!attachments_list(call->catalog, &call->arena, call->account, subject->id, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++)
		if (!add_managed(call, sources, list.items[i], &found, err))
			return false;
	return true;
}

bool policy_sources_add_entity(struct call *call, struct policy_sources *sources, const struct subject *subject,
                               struct error *err)
{
	struct group_list groups;

	if (!add_inline(call, sources, subject, err) || !add_attached(call, sources, subject, err))
		return false;
	if (subject->kind != ENTITY_USER)
		return true;
	if (!group_members_groups(call->catalog, &call->arena, call->account, subject->id, &PAGE_ALL, &groups, err))
		return false;
	for (size_t i = 0; i < groups.count; i++) {
		struct subject group = { .kind = ENTITY_GROUP, .id = groups.items[i].group_id, .name = groups.items[i].name };
		if (!add_inline(call, sources, &group, err) || !add_attached(call, sources, &group, err))
			return false;
	}
	return true;
}

bool policy_sources_add_boundary(struct call *call, struct policy_sources *sources, const struct subject *subject,
                                 struct error *err)
{
	bool found;

	if (!subject->boundary_arn.ptr)
		return true;
	if (!add_managed(call, sources, subject->boundary_arn, &found, err))
		return false;
	if (!found)                                     /* a boundary that is gone allows nothing */
		add(call, sources, subject->boundary_arn, NULL);
	return true;
}

bool policy_sources_find_entity(struct call *call, struct slice arn, struct subject *subject, struct error *err)
{
	static const enum entity_kind kinds[] = { ENTITY_USER, ENTITY_GROUP, ENTITY_ROLE };
	struct entity_arn_parts parts;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (!entity_arn_parse(kinds[i], arn, &parts))
			continue;
		if (!slice_equal(parts.account, call->account))
			return entity_fail_absent(kinds[i], parts.name, err);
		return subject_get(call, kinds[i], parts.name, subject, err);
	}
	return fail_as(err, ERR_INVALID, "InvalidInput",
	               "Invalid Entity Arn: %.*s does not clearly define entity type and name.", SLICE_ARG(arn));
}

void policy_sources_targets(struct call *call, const void *input, struct targets *targets)
{
	authorisation_add(targets, SLICE_NONE, member_text(call, input, S("PolicySourceArn")), SLICE_NONE);
}

void policy_sources_context(struct call *call, const void *input, struct context *context)
{
	struct error ignored = { 0 };
	struct subject subject;

	if (policy_sources_find_entity(call, member_text(call, input, S("PolicySourceArn")), &subject, &ignored))
		subject_context_tags(call, subject.id, context);
}
