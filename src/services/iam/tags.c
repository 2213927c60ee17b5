/* services/iam/tags.c: tags on, off and listed, of users, roles, instance profiles and managed policies.
 * Source: IAM API Reference (2010-05-08), TagUser, UntagUser, ListUserTags and those of the others. */
#include "services/iam/listing.h"
#include "services/iam/member.h"
#include "services/iam/output.h"
#include "services/iam/policy_ref.h"
#include "services/iam/subject.h"
#include "services/iam/tag_rules.h"

/* The unique id of what the input names: a policy by ARN, the others by name. */
static bool entity_id(struct call *call, const void *input, bool for_change, struct slice *id, struct error *err)
{
	struct slice arn = member_text(call, input, S("PolicyArn"));
	struct policy_ref policy;
	struct subject subject;

	if (!arn.ptr) {
		if (!subject_of_input(call, input, &subject, err))
			return false;
		*id = subject.id;
		return true;
	}
	if ((for_change && !policy_ref_check_own(call, arn, err)) || !policy_ref_get(call, arn, "was not found", &policy, err))
		return false;
	*id = policy.row.policy_id;
	return true;
}

static bool perform_tag(struct call *call, const void *input, void *output, struct error *err)
{
	const struct any_list *sent = member_list(call, input, S("Tags"));
	const struct iam_tag_list tags = { .items = sent->items, .count = sent->count };
	struct slice id;

	(void)output;
	return entity_id(call, input, true, &id, err) && tag_rules_apply(call, id, &tags, err);
}

static bool perform_untag(struct call *call, const void *input, void *output, struct error *err)
{
	const struct any_list *sent = member_list(call, input, S("TagKeys"));
	const struct text_list keys = { .items = sent->items, .count = sent->count };
	struct slice id;

	(void)output;
	return entity_id(call, input, true, &id, err) && tag_rules_remove(call, id, &keys, err);
}

static bool perform_list(struct call *call, const void *input, void *output, struct error *err)
{
	struct iam_tag_list *out = member_output(call, output, S("Tags"));
	struct entity_tag_list tags;
	struct listing listing;
	struct slice id;

	if (!listing_begin(&listing, call, input, err) || !entity_id(call, input, false, &id, err)
	    || !entity_tags_list(call->catalog, &call->arena, call->account, id, &listing.page, &tags, err))
		return false;
	output_tags(call, &tags, out);
	out->is_set = true;
	listing_end(&listing, call, output, tags.is_truncated,
	            tags.count ? entity_tags_fold(&call->arena, id, tags.items[tags.count - 1].key) : SLICE_NONE);
	return true;
}

#define CHANGE(symbol, name, prefix, function)                        \
	const struct operation iam_##symbol = {                       \
		.shape             = &iam_##symbol##_shape,           \
		.action            = "iam:" name,                     \
		.targets           = prefix##_targets,                \
		.context           = prefix##_context,                \
		.access            = ACCESS_WRITE,                    \
		.place             = PLACE_WRITER,                    \
		.changes_authority = true,                            \
		.perform           = function,                        \
	}

#define LIST(symbol, name, prefix)                                    \
	const struct operation iam_##symbol = {                       \
		.shape             = &iam_##symbol##_shape,           \
		.action            = "iam:" name,                     \
		.targets           = prefix##_targets,                \
		.context           = prefix##_context,                \
		.access            = ACCESS_READ,                     \
		.place             = PLACE_FRONT,                     \
		.perform           = perform_list,                    \
	}

CHANGE(tag_user,               "TagUser",               subject,    perform_tag);
CHANGE(tag_role,               "TagRole",               subject,    perform_tag);
CHANGE(tag_instance_profile,   "TagInstanceProfile",    subject,    perform_tag);
CHANGE(tag_policy,             "TagPolicy",             policy_ref, perform_tag);
CHANGE(untag_user,             "UntagUser",             subject,    perform_untag);
CHANGE(untag_role,             "UntagRole",             subject,    perform_untag);
CHANGE(untag_instance_profile, "UntagInstanceProfile",  subject,    perform_untag);
CHANGE(untag_policy,           "UntagPolicy",           policy_ref, perform_untag);
LIST(list_user_tags,             "ListUserTags",            subject);
LIST(list_role_tags,             "ListRoleTags",            subject);
LIST(list_instance_profile_tags, "ListInstanceProfileTags", subject);
LIST(list_policy_tags,           "ListPolicyTags",          policy_ref);
