/* services/iam/list_attached_policies.c: the managed policies of a user, group or role, by name.
 * Source: IAM API Reference (2010-05-08), ListAttachedUserPolicies, ListAttachedGroupPolicies, ListAttachedRolePolicies. */
#include "auth/attachments.h"
#include "services/iam/listing.h"
#include "services/iam/member.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

/* By name ignoring case, then by ARN; a blank is in no name. */
static struct slice key_of(struct call *call, const struct entity_arn_parts *parts, struct slice arn)
{
	return arena_format(&call->arena, "%.*s %.*s", SLICE_ARG(entity_key(&call->arena, parts->name)), SLICE_ARG(arn));
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	struct iam_attached_policy_list *out = member_output(call, output, S("AttachedPolicies"));
	struct slice last_key = SLICE_NONE;
	struct attachment_list attachments;
	struct listing listing;
	struct subject subject;
	size_t shown = 0;
	bool is_full = false;

	if (!listing_begin(&listing, call, input, err) || !subject_of_input(call, input, &subject, err)
	    || !attachments_list(call->catalog, &call->arena, call->account, subject.id, &attachments, err))
		return false;
	out->items = arena_array(&call->arena, attachments.count, sizeof *out->items);
	out->is_set = true;
	for (size_t i = 0; i < attachments.count && !is_full; i++) {
		struct slice arn = attachments.items[i], key;
		struct entity_arn_parts parts;
		enum listing_verdict verdict;

		if (!entity_arn_parse(ENTITY_POLICY, arn, &parts)
		    || !slice_has_prefix(parts.path, page_path_prefix(&listing.page)))
			continue;
		key = key_of(call, &parts, arn);
		verdict = listing_admit(&listing, key, &shown);
		is_full = verdict == LISTING_FULL;
		if (verdict != LISTING_SHOW)
			continue;
		last_key = key;
		out->items[out->count++] = (struct iam_attached_policy){ .policy_name = parts.name, .policy_arn = arn };
	}
	listing_end(&listing, call, output, is_full, last_key);
	return true;
}

#define LIST(entity, Entity)                                                    \
	const struct operation iam_list_attached_##entity##_policies = {        \
		.shape   = &iam_list_attached_##entity##_policies_shape,        \
		.action  = "iam:ListAttached" Entity "Policies",                \
		.targets = subject_targets,                                     \
		.context = subject_context,                                     \
		.access  = ACCESS_READ,                                         \
		.place   = PLACE_FRONT,                                         \
		.perform = perform,                                             \
	}

LIST(user, "User");
LIST(group, "Group");
LIST(role, "Role");
