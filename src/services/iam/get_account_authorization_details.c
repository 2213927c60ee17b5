/* services/iam/get_account_authorization_details.c: all users, groups, roles and policies, and how they hang together.
 *
 * The listing runs through five sections in turn; its keys are a section's digit and the key within it, so a marker can
 * lie between two sections. Source: IAM API Reference (2010-05-08), GetAccountAuthorizationDetails. */
#include "auth/entity.h"
#include "services/authorisation.h"
#include "services/iam/authorization_details.h"
#include "services/iam/listing.h"
#include "services/iam/policy_output.h"

struct walk {
	struct call                                             *call;
	struct iam_get_account_authorization_details_response   *out;
	struct page                                              page;      /* of the section, `limit` what is left to show */
	bool                                                     is_truncated;
	struct slice                                             last_key;  /* within the section */
};

static bool walk_users(struct walk *walk, size_t *shown, struct error *err)
{
	struct call *call = walk->call;
	struct iam_user_detail_list *out = &walk->out->user_detail_list;
	struct user_list users;

	if (!users_list(call->catalog, &call->arena, call->account, &walk->page, &users, err))
		return false;
	out->items = arena_array(&call->arena, users.count, sizeof *out->items);
	for (size_t i = 0; i < users.count; i++) {
		if (!authorization_details_user(call, &users.items[i], &out->items[out->count++], err))
			return false;
		walk->last_key = users_key(&call->arena, &users.items[i]);
	}
	walk->is_truncated = users.is_truncated;
	*shown = users.count;
	return true;
}

static bool walk_groups(struct walk *walk, size_t *shown, struct error *err)
{
	struct call *call = walk->call;
	struct iam_group_detail_list *out = &walk->out->group_detail_list;
	struct group_list groups;

	if (!groups_list(call->catalog, &call->arena, call->account, &walk->page, &groups, err))
		return false;
	out->items = arena_array(&call->arena, groups.count, sizeof *out->items);
	for (size_t i = 0; i < groups.count; i++) {
		if (!authorization_details_group(call, &groups.items[i], &out->items[out->count++], err))
			return false;
		walk->last_key = entity_key(&call->arena, groups.items[i].name);
	}
	walk->is_truncated = groups.is_truncated;
	*shown = groups.count;
	return true;
}

static bool walk_roles(struct walk *walk, size_t *shown, struct error *err)
{
	struct call *call = walk->call;
	struct iam_role_detail_list *out = &walk->out->role_detail_list;
	struct role_list roles;

	if (!roles_list(call->catalog, &call->arena, call->account, &walk->page, &roles, err))
		return false;
	out->items = arena_array(&call->arena, roles.count, sizeof *out->items);
	for (size_t i = 0; i < roles.count; i++) {
		if (!authorization_details_role(call, &roles.items[i], &out->items[out->count++], err))
			return false;
		walk->last_key = entity_key(&call->arena, roles.items[i].name);
	}
	walk->is_truncated = roles.is_truncated;
	*shown = roles.count;
	return true;
}

static bool show_policy(struct walk *walk, const struct policy_ref *policy, struct error *err)
{
	struct iam_managed_policy_detail_list *out = &walk->out->policies;
	struct iam_managed_policy_detail detail;

	if (!authorization_details_policy(walk->call, policy, &detail, err))
		return false;
	out->items = page_grow(&walk->call->arena, out->items, out->count, sizeof *out->items);
	out->items[out->count++] = detail;
	return true;
}

static bool walk_own_policies(struct walk *walk, size_t *shown, struct error *err)
{
	struct call *call = walk->call;
	struct policy_list policies;

	if (!policies_list(call->catalog, &call->arena, call->account, &walk->page, POLICIES_USE_ANY, &policies, err))
		return false;
	for (size_t i = 0; i < policies.count; i++) {
		const struct policy_ref policy = { .row = policies.items[i] };

		if (!show_policy(walk, &policy, err))
			return false;
		walk->last_key = entity_key(&call->arena, policies.items[i].name);
	}
	walk->is_truncated = policies.is_truncated;
	*shown = policies.count;
	return true;
}

/* Only those in use. There are few, so the whole list is always looked through, in the order of the program. */
static bool walk_aws_policies(struct walk *walk, size_t *shown, struct error *err)
{
	struct call *call = walk->call;

	*shown = 0;
	for (size_t i = 0; i < managed_policies_count(); i++) {
		struct slice key = arena_format(&call->arena, "%06zu", i);
		struct maybe_i64 attached, boundary;
		struct policy_ref policy;

		policy_ref_from_aws(managed_policies_at(i), &policy);
		if (!policy_output_uses(call, policy.row.arn, &attached, &boundary, err))
			return false;
		if (slice_compare(key, page_after(&walk->page)) <= 0 || attached.value + boundary.value == 0)
			continue;
		walk->is_truncated = *shown == walk->page.limit;
		if (walk->is_truncated)
			return true;
		if (!show_policy(walk, &policy, err))
			return false;
		walk->last_key = key;
		++*shown;
	}
	return true;
}

static const struct section {
	struct slice filter;
	bool       (*walk)(struct walk *walk, size_t *shown, struct error *err);
} sections[] = {
	{ S_INIT("User"),               walk_users },
	{ S_INIT("Group"),              walk_groups },
	{ S_INIT("Role"),               walk_roles },
	{ S_INIT("LocalManagedPolicy"), walk_own_policies },
	{ S_INIT("AWSManagedPolicy"),   walk_aws_policies },
};

static bool is_wanted(const struct text_list *filter, struct slice section)
{
	for (size_t i = 0; i < filter->count; i++)
		if (slice_equal(filter->items[i], section))
			return true;
	return filter->count == 0;
}

/* "3 deploy": within the roles, after deploy; "3 ": before the first role. */
static struct slice key_of(struct call *call, size_t section, struct slice key)
{
	return arena_format(&call->arena, "%zu %.*s", section, SLICE_ARG(key));
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_get_account_authorization_details_request *in = input;
	struct walk walk = { .call = call, .out = output };
	struct listing listing;
	size_t first = 0, left, shown;
	struct slice after;

	if (!listing_begin(&listing, call, input, err))
		return false;
	walk.out->user_detail_list.is_set = walk.out->group_detail_list.is_set = walk.out->role_detail_list.is_set = true;
	walk.out->policies.is_set = true;
	after = listing.page.after;
	if (after.len >= 2) {
		first = (size_t)(after.ptr[0] - '0');
		after = slice_from(after, 2);
	}
	left = listing.page.limit;
	for (size_t i = first; i < COUNT(sections); i++, after = SLICE_NONE) {
		if (!is_wanted(&in->filter, sections[i].filter))
			continue;
		if (left == 0) {
			listing_end(&listing, call, output, true, key_of(call, i, S("")));
			return true;
		}
		walk.page = (struct page){ .after = after, .limit = left };
		if (!sections[i].walk(&walk, &shown, err))
			return false;
		if (walk.is_truncated) {
			listing_end(&listing, call, output, true, key_of(call, i, walk.last_key));
			return true;
		}
		left -= shown;
	}
	listing_end(&listing, call, output, false, SLICE_NONE);
	return true;
}

static void targets(struct call *call, const void *input, struct targets *targets)
{
	(void)call;
	(void)input;
	authorisation_add(targets, SLICE_NONE, S("*"), S("*"));
}

const struct operation iam_get_account_authorization_details = {
	.shape   = &iam_get_account_authorization_details_shape,
	.action  = "iam:GetAccountAuthorizationDetails",
	.targets = targets,
	.access  = ACCESS_READ,
	.place   = PLACE_WORKER,
	.perform = perform,
};
