/* services/iam/account_password_policy.c: what the account asks of passwords: update, get, delete.
 * Source: IAM API Reference (2010-05-08), UpdateAccountPasswordPolicy, GetAccountPasswordPolicy,
 * DeleteAccountPasswordPolicy. */
#include "auth/password_policies.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

enum { MINIMUM_LENGTH_DEFAULT = 6 };         /* of a policy that does not say; without a policy other rules hold */

/* What is not sent goes back to its default. */
static bool perform_update(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_update_account_password_policy_request *in = input;
	const struct password_policy policy = {
		.minimum_length = in->minimum_password_length.is_set ? in->minimum_password_length.value : MINIMUM_LENGTH_DEFAULT,
		.require_symbols = in->require_symbols.value,
		.require_numbers = in->require_numbers.value,
		.require_uppercase = in->require_uppercase_characters.value,
		.require_lowercase = in->require_lowercase_characters.value,
		.allow_change = in->allow_users_to_change_password.value,
		.max_age_days = in->max_password_age.value,
		.reuse_prevention = in->password_reuse_prevention.value,
		.hard_expiry = in->hard_expiry.value,
	};

	(void)output;
	return password_policies_set(call->catalog, call->account, &policy, err);
}

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	struct iam_get_account_password_policy_response *out = output;
	struct password_policy policy;

	(void)input;
	if (!password_policies_get(call->catalog, call->account, &policy, err))
		return false;
	if (policy.is_default)
		return fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "The Password Policy with domain name %.*s cannot be found.",
		               SLICE_ARG(call->account));
	out->password_policy = arena_new(&call->arena, struct iam_password_policy);
	*out->password_policy = (struct iam_password_policy){
		.minimum_password_length = SET_I64(policy.minimum_length),
		.require_symbols = SET_BOOL(policy.require_symbols),
		.require_numbers = SET_BOOL(policy.require_numbers),
		.require_uppercase_characters = SET_BOOL(policy.require_uppercase),
		.require_lowercase_characters = SET_BOOL(policy.require_lowercase),
		.allow_users_to_change_password = SET_BOOL(policy.allow_change),
		.expire_passwords = SET_BOOL(policy.max_age_days > 0),
	};
	if (policy.max_age_days)
		out->password_policy->max_password_age = SET_I64(policy.max_age_days);
	if (policy.reuse_prevention)
		out->password_policy->password_reuse_prevention = SET_I64(policy.reuse_prevention);
	if (policy.hard_expiry)
		out->password_policy->hard_expiry = SET_BOOL(true);
	return true;
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	bool deleted;

	(void)input;
	(void)output;
	return password_policies_delete(call->catalog, call->account, &deleted, err)
	    && (deleted
	        || fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "The account policy with name PasswordPolicy cannot be found."));
}

const struct operation iam_update_account_password_policy = {
	.shape   = &iam_update_account_password_policy_shape,
	.action  = "iam:UpdateAccountPasswordPolicy",
	.targets = subject_targets_account,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_update,
};

const struct operation iam_get_account_password_policy = {
	.shape   = &iam_get_account_password_policy_shape,
	.action  = "iam:GetAccountPasswordPolicy",
	.targets = subject_targets_account,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform_get,
};

const struct operation iam_delete_account_password_policy = {
	.shape   = &iam_delete_account_password_policy_shape,
	.action  = "iam:DeleteAccountPasswordPolicy",
	.targets = subject_targets_account,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_delete,
};
