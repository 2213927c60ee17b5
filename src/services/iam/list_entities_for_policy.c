/* services/iam/list_entities_for_policy.c: who has a managed policy attached, or as boundary.
 * Source: IAM API Reference (2010-05-08), ListEntitiesForPolicy. */
#include "auth/attachments.h"
#include "auth/entity.h"
#include "auth/groups.h"
#include "auth/roles.h"
#include "auth/users.h"
#include "services/iam/listing.h"
#include "services/iam/policy_ref.h"

/* Ordered by kind, then name; an entity that has the policy both ways is one. */
struct candidate {
	struct slice     key;
	enum entity_kind kind;
	struct slice     id, name;
};

struct candidates {
	struct call                                      *call;
	const struct iam_list_entities_for_policy_request *in;
	struct candidate                                 *items;
	size_t                                            count;
};

static bool is_wanted(const struct iam_list_entities_for_policy_request *in, const char *kind)
{
	return !in->entity_filter.ptr || slice_equal(in->entity_filter, slice_of(kind));
}

static void add(struct candidates *candidates, enum entity_kind kind, struct slice id, struct slice name, struct slice path)
{
	struct arena *arena = &candidates->call->arena;
	static const char order[] = { [ENTITY_GROUP] = '1', [ENTITY_USER] = '2', [ENTITY_ROLE] = '3' };

	if (!slice_has_prefix(path, candidates->in->path_prefix.ptr ? candidates->in->path_prefix : S("/")))
		return;
	candidates->items = page_grow(arena, candidates->items, candidates->count, sizeof *candidates->items);
	candidates->items[candidates->count++] = (struct candidate){
		.key = arena_format(arena, "%c %.*s", order[kind], SLICE_ARG(entity_key(arena, name))),
		.kind = kind, .id = id, .name = name,
	};
}

static bool add_by_id(struct candidates *candidates, struct slice id, struct error *err)
{
	struct call *call = candidates->call;
	const struct group *group;
	const struct user *user;
	const struct role *role;
	enum entity_kind kind;

	if (!entity_kind_of_id(id, &kind))
		return true;
	if (kind == ENTITY_USER && is_wanted(candidates->in, "User")) {
		user = users_find_by_id(call->catalog, &call->arena, call->account, id, err);
		if (user)
			add(candidates, kind, user->user_id, user->name, user->path);
	} else if (kind == ENTITY_GROUP && is_wanted(candidates->in, "Group")) {
		group = groups_find_by_id(call->catalog, &call->arena, call->account, id, err);
		if (group)
			add(candidates, kind, group->group_id, group->name, group->path);
	} else if (kind == ENTITY_ROLE && is_wanted(candidates->in, "Role")) {
		role = roles_find_by_id(call->catalog, &call->arena, call->account, id, err);
		if (role)
			add(candidates, kind, role->role_id, role->name, role->path);
	}
	return err->kind == ERR_NONE;
}

static bool add_attached(struct candidates *candidates, struct error *err)
{
	struct call *call = candidates->call;
	struct attachment_list ids;

	if (!attachments_entities(call->catalog, &call->arena, call->account, candidates->in->policy_arn, &ids, err))
		return false;
	for (size_t i = 0; i < ids.count; i++)
		if (!add_by_id(candidates, ids.items[i], err))
			return false;
	return true;
}

static bool add_bounded(struct candidates *candidates, struct error *err)
{
	struct call *call = candidates->call;
	struct slice arn = candidates->in->policy_arn;
	struct user_list users = { 0 };
	struct role_list roles = { 0 };

	if ((is_wanted(candidates->in, "User")
	     && !users_list_by_boundary(call->catalog, &call->arena, call->account, arn, &users, err))
	    || (is_wanted(candidates->in, "Role")
	        && !roles_list_by_boundary(call->catalog, &call->arena, call->account, arn, &roles, err)))
		return false;
	for (size_t i = 0; i < users.count; i++)
		add(candidates, ENTITY_USER, users.items[i].user_id, users.items[i].name, users.items[i].path);
	for (size_t i = 0; i < roles.count; i++)
		add(candidates, ENTITY_ROLE, roles.items[i].role_id, roles.items[i].name, roles.items[i].path);
	return true;
}

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	return slice_compare(left->key, right->key);
}

static void show(struct call *call, const struct candidate *candidate, struct iam_list_entities_for_policy_response *out)
{
	struct arena *arena = &call->arena;

	if (candidate->kind == ENTITY_GROUP) {
		out->policy_groups.items = page_grow(arena, out->policy_groups.items, out->policy_groups.count,
		                                     sizeof *out->policy_groups.items);
		out->policy_groups.items[out->policy_groups.count++] = (struct iam_policy_group){ candidate->name, candidate->id };
	} else if (candidate->kind == ENTITY_USER) {
		out->policy_users.items = page_grow(arena, out->policy_users.items, out->policy_users.count,
		                                    sizeof *out->policy_users.items);
		out->policy_users.items[out->policy_users.count++] = (struct iam_policy_user){ candidate->name, candidate->id };
	} else {
		out->policy_roles.items = page_grow(arena, out->policy_roles.items, out->policy_roles.count,
		                                    sizeof *out->policy_roles.items);
		out->policy_roles.items[out->policy_roles.count++] = (struct iam_policy_role){ candidate->name, candidate->id };
	}
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_list_entities_for_policy_request *in = input;
	struct iam_list_entities_for_policy_response *out = output;
	struct candidates candidates = { .call = call, .in = in };
	struct slice last_key = SLICE_NONE;
	struct policy_ref policy;
	struct listing listing;
	size_t shown = 0;
	bool is_full = false;

	if (!listing_begin(&listing, call, input, err)
	    || !policy_ref_get(call, in->policy_arn, "does not exist or is not attachable", &policy, err)
	    || (!slice_equal(in->policy_usage_filter, S("PermissionsBoundary")) && !add_attached(&candidates, err))
	    || (!slice_equal(in->policy_usage_filter, S("PermissionsPolicy")) && !add_bounded(&candidates, err)))
		return false;
	if (candidates.count)
		qsort(candidates.items, candidates.count, sizeof *candidates.items, compare_candidates);
	for (size_t i = 0; i < candidates.count && !is_full; i++) {
		enum listing_verdict verdict;

		if (i > 0 && slice_equal(candidates.items[i].key, candidates.items[i - 1].key))
			continue;
		verdict = listing_admit(&listing, candidates.items[i].key, &shown);
		is_full = verdict == LISTING_FULL;
		if (verdict != LISTING_SHOW)
			continue;
		last_key = candidates.items[i].key;
		show(call, &candidates.items[i], out);
	}
	out->policy_groups.is_set = out->policy_users.is_set = out->policy_roles.is_set = true;
	listing_end(&listing, call, output, is_full, last_key);
	return true;
}

const struct operation iam_list_entities_for_policy = {
	.shape   = &iam_list_entities_for_policy_shape,
	.action  = "iam:ListEntitiesForPolicy",
	.targets = policy_ref_targets,
	.context = policy_ref_context,
	.access  = ACCESS_READ,
	.place   = PLACE_WORKER,               /* a policy may be attached to thousands */
	.perform = perform,
};
