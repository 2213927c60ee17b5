/* services/iam/list_policies.c: the account's managed policies and AWS's, in one order of names.
 * Source: IAM API Reference (2010-05-08), ListPolicies. */
#include "auth/entity.h"
#include "auth/managed_policies.h"
#include "services/authorisation.h"
#include "services/iam/listing.h"
#include "services/iam/policy_output.h"

static void targets(struct call *call, const void *input, struct targets *targets)
{
	const struct iam_list_policies_request *in = input;
	struct slice path = in->path_prefix.ptr ? in->path_prefix : S("/");

	authorisation_add(targets, SLICE_NONE, S("*"), arena_format(&call->arena, "policy path %.*s", SLICE_ARG(path)));
}

static enum policies_use wanted_use(const struct iam_list_policies_request *in)
{
	bool only_attached = in->only_attached.is_set && in->only_attached.value;

	if (slice_equal(in->policy_usage_filter, S("PermissionsPolicy")))
		return POLICIES_USE_ATTACHED;
	if (slice_equal(in->policy_usage_filter, S("PermissionsBoundary")))
		return POLICIES_USE_BOUNDARY;
	return only_attached ? POLICIES_USE_EITHER : POLICIES_USE_ANY;
}

static bool is_used_so(const struct iam_policy *policy, enum policies_use use)
{
	bool is_attached = policy->attachment_count.value > 0;
	bool is_boundary = policy->permissions_boundary_usage_count.value > 0;

	switch (use) {
	case POLICIES_USE_ATTACHED: return is_attached;
	case POLICIES_USE_BOUNDARY: return is_boundary;
	case POLICIES_USE_EITHER:   return is_attached || is_boundary;
	default:                    return true;
	}
}

/* Both kinds are merged by keys: the lower-case name, then whose it is. The account's sorts before AWS's of the same
 * name, so the catalog is asked for names behind the marker's, and AWS's are compared by the whole key. */
struct candidate {
	struct slice          key;
	struct managed_policy policy;
};

enum { KIND_SUFFIX_BYTES = 2 };

static struct slice key_of(struct call *call, struct slice name, char kind)
{
	return arena_format(&call->arena, "%.*s %c", SLICE_ARG(entity_key(&call->arena, name)), kind);
}

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	return slice_compare(left->key, right->key);
}

/* In order, all of AWS's behind the marker, and of the account's as many as one page can take. */
static bool collect(struct call *call, const struct iam_list_policies_request *in, const struct listing *listing,
                    struct candidate **candidates, size_t *count, bool *is_truncated, struct error *err)
{
	struct policy_list own = { 0 };
	struct page page = listing->page;
	struct policy_ref aws;

	page.after = page.after.len > KIND_SUFFIX_BYTES ? slice_sub(page.after, 0, page.after.len - KIND_SUFFIX_BYTES) : SLICE_NONE;
	if (!slice_equal(in->scope, S("AWS"))
	    && !policies_list(call->catalog, &call->arena, call->account, &page, wanted_use(in), &own, err))
		return false;
	*is_truncated = own.is_truncated;
	*candidates = arena_array(&call->arena, own.count + managed_policies_count(), sizeof **candidates);
	for (*count = 0; *count < own.count; ++*count)
		(*candidates)[*count] = (struct candidate){ key_of(call, own.items[*count].name, '1'), own.items[*count] };
	for (size_t i = 0; i < managed_policies_count() && !slice_equal(in->scope, S("Local")); i++) {
		struct slice key;

		policy_ref_from_aws(managed_policies_at(i), &aws);
		key = key_of(call, aws.row.name, '2');
		if (slice_compare(key, page_after(&listing->page)) > 0
		    && slice_has_prefix(aws.row.path, page_path_prefix(&listing->page)))
			(*candidates)[(*count)++] = (struct candidate){ key, aws.row };
	}
	qsort(*candidates, *count, sizeof **candidates, compare_candidates);
	return true;
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_list_policies_request *in = input;
	struct iam_list_policies_response *out = output;
	struct slice last_key = SLICE_NONE;
	struct candidate *candidates;
	struct listing listing;
	bool is_truncated;
	size_t count;

	if (!listing_begin(&listing, call, input, err)
	    || !collect(call, in, &listing, &candidates, &count, &is_truncated, err))
		return false;
	out->policies.items = arena_array(&call->arena, listing.page.limit, sizeof *out->policies.items);
	out->policies.is_set = true;
	for (size_t i = 0; i < count; i++) {
		struct iam_policy policy;

		if (!policy_output(call, &candidates[i].policy, &policy, err))
			return false;
		if (!is_used_so(&policy, wanted_use(in)))
			continue;
		if (out->policies.count == listing.page.limit) {
			is_truncated = true;
			break;
		}
		out->policies.items[out->policies.count++] = policy;
		last_key = candidates[i].key;
	}
	listing_end(&listing, call, output, is_truncated, last_key);
	return true;
}

const struct operation iam_list_policies = {
	.shape   = &iam_list_policies_shape,
	.action  = "iam:ListPolicies",
	.targets = targets,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform,
};
