/* services/iam/policy_versions.c: the documents of a managed policy: create, get, list, choose, delete.
 * Source: IAM API Reference (2010-05-08), CreatePolicyVersion, GetPolicyVersion, ListPolicyVersions,
 * SetDefaultPolicyVersion, DeletePolicyVersion. */
#include "auth/policy_versions.h"

#include "auth/policy_size.h"
#include "auth/policy_validate.h"
#include "base/limits.h"
#include "services/iam/listing.h"
#include "services/iam/policy_output.h"

/* The policy and one of its versions; AWS answers the same for a missing policy and a missing version. */
static bool get_version(struct call *call, struct slice arn, struct slice version_id, struct policy_ref *policy,
                        struct policy_version *version, struct error *err)
{
	struct policy_version_list versions = { 0 };
	int64_t number;
	bool found;

	if (!policy_ref_find(call, arn, "ValidationError", policy, &found, err)
	    || (found && !policy_output_versions(call, policy, &versions, err)))
		return false;
	for (size_t i = 0; i < versions.count && policy_output_version_number(version_id, &number); i++) {
		if (versions.items[i].version == number) {
			*version = versions.items[i];
			return true;
		}
	}
	return fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "Policy %.*s version %.*s does not exist or is not attachable.",
	               SLICE_ARG(arn), SLICE_ARG(version_id));
}

static bool perform_create(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_create_policy_version_request *in = input;
	struct iam_create_policy_version_response *out = output;
	const struct policy_rules rules = { .kind = POLICY_IDENTITY };
	struct policy_version_list versions;
	struct policy_version version;
	struct policy_ref policy;

	if (!policy_ref_check_own(call, in->policy_arn, err)
	    || !policy_ref_get(call, in->policy_arn, "was not found", &policy, err)
	    || !policy_size_check(QUOTA_MANAGED_POLICY, policy_size_characters(in->policy_document), policy.row.name, err)
	    || !policy_validate(&call->arena, in->policy_document, &rules, err)
	    || !policy_output_versions(call, &policy, &versions, err))
		return false;
	if (versions.count >= IAM_POLICY_VERSIONS_MAX)
		return fail_as(err, ERR_CONFLICT, "LimitExceeded",
		               "A managed policy can have up to %d versions. Before you create a new version, you must delete an"
		               " existing version.", IAM_POLICY_VERSIONS_MAX);
	version = (struct policy_version){
		.version = policy.row.next_version++, .document = in->policy_document, .created_ms = call->now_ms
	};
	policy.row.updated_ms = call->now_ms;
	if (in->set_as_default.value)
		policy.row.default_version = version.version;
	if (!policy_versions_insert(call->catalog, call->account, policy.row.policy_id, &version, err)
	    || !policies_set_versions(call->catalog, call->account, &policy.row, err))
		return false;
	out->policy_version = arena_new(&call->arena, struct iam_policy_version);
	policy_output_version(call, &version, policy.row.default_version, out->policy_version);
	return true;
}

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_get_policy_version_request *in = input;
	struct iam_get_policy_version_response *out = output;
	struct policy_version version;
	struct policy_ref policy;

	if (!get_version(call, in->policy_arn, in->version_id, &policy, &version, err))
		return false;
	out->policy_version = arena_new(&call->arena, struct iam_policy_version);
	policy_output_version(call, &version, policy.row.default_version, out->policy_version);
	out->policy_version->document = version.document;
	return true;
}

static bool perform_list(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_list_policy_versions_request *in = input;
	struct iam_list_policy_versions_response *out = output;
	struct policy_version_list versions;
	struct slice key, last_key = SLICE_NONE;
	struct policy_ref policy;
	struct listing listing;
	size_t shown = 0;
	bool is_full = false;

	if (!listing_begin(&listing, call, input, err)
	    || !policy_ref_get(call, in->policy_arn, "does not exist or is not attachable", &policy, err)
	    || !policy_output_versions(call, &policy, &versions, err))
		return false;
	out->versions.items = arena_array(&call->arena, versions.count, sizeof *out->versions.items);
	out->versions.is_set = true;
	for (size_t i = 0; i < versions.count && !is_full; i++) {
		enum listing_verdict verdict;

		key = arena_format(&call->arena, "%020" PRId64, INT64_MAX - versions.items[i].version);   /* newest first */
		verdict = listing_admit(&listing, key, &shown);
		is_full = verdict == LISTING_FULL;
		if (verdict != LISTING_SHOW)
			continue;
		last_key = key;
		policy_output_version(call, &versions.items[i], policy.row.default_version,
		                      &out->versions.items[out->versions.count++]);
	}
	listing_end(&listing, call, output, is_full, last_key);
	return true;
}

static bool perform_set_default(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_set_default_policy_version_request *in = input;
	struct policy_version version;
	struct policy_ref policy;

	(void)output;
	if (!policy_ref_check_own(call, in->policy_arn, err)
	    || !get_version(call, in->policy_arn, in->version_id, &policy, &version, err))
		return false;
	policy.row.default_version = version.version;
	policy.row.updated_ms = call->now_ms;
	return policies_set_versions(call->catalog, call->account, &policy.row, err);
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_delete_policy_version_request *in = input;
	struct policy_version version;
	struct policy_ref policy;
	bool deleted;

	(void)output;
	if (!policy_ref_check_own(call, in->policy_arn, err)
	    || !get_version(call, in->policy_arn, in->version_id, &policy, &version, err))
		return false;
	if (version.version == policy.row.default_version)
		return fail_as(err, ERR_CONFLICT, "DeleteConflict", "Cannot delete the default version of a policy.");
	policy.row.updated_ms = call->now_ms;
	return policy_versions_delete(call->catalog, call->account, policy.row.policy_id, version.version, &deleted, err)
	    && policies_set_versions(call->catalog, call->account, &policy.row, err);
}

const struct operation iam_create_policy_version = {
	.shape             = &iam_create_policy_version_shape,
	.action            = "iam:CreatePolicyVersion",
	.targets           = policy_ref_targets,
	.context           = policy_ref_context,
	.access            = ACCESS_WRITE,
	.place             = PLACE_WRITER,
	.changes_authority = true,
	.perform           = perform_create,
};

const struct operation iam_get_policy_version = {
	.shape   = &iam_get_policy_version_shape,
	.action  = "iam:GetPolicyVersion",
	.targets = policy_ref_targets,
	.context = policy_ref_context,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform_get,
};

const struct operation iam_list_policy_versions = {
	.shape   = &iam_list_policy_versions_shape,
	.action  = "iam:ListPolicyVersions",
	.targets = policy_ref_targets,
	.context = policy_ref_context,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform_list,
};

const struct operation iam_set_default_policy_version = {
	.shape             = &iam_set_default_policy_version_shape,
	.action            = "iam:SetDefaultPolicyVersion",
	.targets           = policy_ref_targets,
	.context           = policy_ref_context,
	.access            = ACCESS_WRITE,
	.place             = PLACE_WRITER,
	.changes_authority = true,
	.perform           = perform_set_default,
};

const struct operation iam_delete_policy_version = {
	.shape   = &iam_delete_policy_version_shape,
	.action  = "iam:DeletePolicyVersion",
	.targets = policy_ref_targets,
	.context = policy_ref_context,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_delete,
};
