/* services/iam/change_password.c: a user gives themselves another password.
 *
 * The old password is verified, and the new one hashed, on a worker against what a reader sees; the writer then checks
 * that the stored hash is still the one that was verified. So argon2 never holds up the writer, and of two changes at
 * the same time only one wins.
 * Source: IAM API Reference (2010-05-08), ChangePassword; IAM User Guide, "Permit IAM users to change their own
 * passwords". */
#include "auth/evaluate.h"
#include "auth/login_profiles.h"
#include "auth/password_history.h"
#include "codec/password.h"
#include "services/authorisation.h"
#include "services/iam/new_password.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

static const int64_t DAY_MS = 24 * 3600 * 1000;

struct change {
	struct slice user_id;
	struct slice verified_hash, new_hash;
};

static void targets(struct call *call, const void *input, struct targets *targets)
{
	(void)input;
	authorisation_add(targets, SLICE_NONE, call->principal->arn,
	                  arena_format(&call->arena, "user %.*s", SLICE_ARG(call->principal->name)));
}

static bool is_denied_explicitly(struct call *call, const void *input)
{
	struct evaluate_request request;
	struct context context;

	context_init(&context, &call->arena);
	authorisation_context(call, input, &context);
	request = evaluate_request_of(call->principal, S("iam:ChangePassword"), call->principal->arn, &context, &call->arena);
	return evaluate(&request).decision == DECISION_EXPLICIT_DENY;
}

/* The account's password policy may let every user do this; a deny still counts. */
static bool authorise(struct call *call, const void *input, struct error *err)
{
	struct password_policy policy;
	struct error denied = { 0 };

	if (authorisation_standard(call, input, &denied))
		return true;
	if (denied.kind == ERR_DENIED && call->principal->type == PRINCIPAL_USER) {
		if (!password_policies_get(call->catalog, call->account, &policy, err))
			return false;
		if (policy.allow_change && !is_denied_explicitly(call, input))
			return true;
	}
	*err = denied;
	return false;
}

static bool has_expired_for_good(struct call *call, const struct login_profile *profile, bool *has_expired,
                                 struct error *err)
{
	struct password_policy policy;

	if (!password_policies_get(call->catalog, call->account, &policy, err))
		return false;
	*has_expired = policy.hard_expiry && policy.max_age_days > 0
	               && call->now_ms - profile->changed_ms > policy.max_age_days * DAY_MS;
	return true;
}

static bool prepare(struct call *call, const void *input, struct error *err)
{
	const struct iam_change_password_request *in = input;
	struct change *change = arena_new(&call->arena, struct change);
	const struct login_profile *profile;
	struct subject user;
	bool has_expired;

	call->prepared = change;
	if (call->principal->type != PRINCIPAL_USER)
		return fail_as(err, ERR_INVALID, "InvalidUserType", "Only IAM users can change their own password.");
	if (!subject_user_or_self(call, SLICE_NONE, &user, err))
		return false;
	profile = login_profiles_get(call->catalog, &call->arena, call->account, user.id, user.name, err);
	if (!profile || !has_expired_for_good(call, profile, &has_expired, err))
		return false;
	if (!password_matches(in->old_password, profile->password_hash))
		return fail_as(err, ERR_DENIED, "AccessDenied", "The old password was incorrect.");
	if (has_expired)
		return fail_as(err, ERR_DENIED, "AccessDenied", "The password has expired. Ask an administrator for a new one.");
	change->user_id = user.id;
	change->verified_hash = profile->password_hash;
	return new_password_hash(call, user.id, in->new_password, &change->new_hash, err);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct change *change = call->prepared;
	const struct login_profile *profile = login_profiles_get(call->catalog, &call->arena, call->account, change->user_id,
	                                                         call->principal->name, err);
	struct login_profile changed;

	(void)input;
	(void)output;
	if (!profile)
		return false;
	if (!slice_equal(profile->password_hash, change->verified_hash))
		return fail_as(err, ERR_CONFLICT, "EntityTemporarilyUnmodifiable",
		               "The password is being changed by another request. Try again.");
	changed = *profile;
	changed.password_hash = change->new_hash;
	changed.changed_ms = call->now_ms;
	changed.is_reset_required = false;
	return login_profiles_update(call->catalog, call->account, &changed, err)
	    && password_history_add(call->catalog, call->account, change->user_id, change->new_hash, err);
}

const struct operation iam_change_password = {
	.shape     = &iam_change_password_shape,
	.action    = "iam:ChangePassword",
	.targets   = targets,
	.authorise = authorise,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.prepare   = prepare,
	.perform   = perform,
};
