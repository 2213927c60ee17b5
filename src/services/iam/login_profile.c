/* services/iam/login_profile.c: a user's console password: create, get, update, delete.
 * Source: IAM API Reference (2010-05-08), CreateLoginProfile, GetLoginProfile, UpdateLoginProfile, DeleteLoginProfile. */
#include "auth/login_profiles.h"

#include "auth/password_history.h"
#include "services/iam/new_password.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

/* Root's password is none of IAM's business. */
static bool get_user(struct call *call, struct slice name, struct subject *user, struct error *err)
{
	return subject_user_or_self(call, name, user, err)
	    && (!user->is_root
	        || fail_as(err, ERR_INVALID, "ValidationError", "Must specify userName when calling with non-User credentials"));
}

/* Whether there is a profile already is asked again on the writer; here it saves hashing in vain. */
static bool prepare_create(struct call *call, const void *input, struct error *err)
{
	const struct iam_create_login_profile_request *in = input;
	struct slice *hash = arena_new(&call->arena, struct slice);
	struct subject user;

	call->prepared = hash;
	if (!get_user(call, in->user_name, &user, err))
		return false;
	if (login_profiles_find(call->catalog, &call->arena, call->account, user.id, err))
		return fail_as(err, ERR_CONFLICT, "EntityAlreadyExists", "Login Profile for user %.*s already exists.",
		               SLICE_ARG(user.name));
	return err->kind == ERR_NONE && new_password_hash(call, user.id, in->password, hash, err);
}

static void show(struct call *call, const struct subject *user, const struct login_profile *profile,
                 struct iam_login_profile **out)
{
	*out = arena_new(&call->arena, struct iam_login_profile);
	**out = (struct iam_login_profile){
		.user_name = user->name,
		.create_date = SET_TIME(profile->created_ms),
		.password_reset_required = SET_BOOL(profile->is_reset_required),
	};
}

static bool perform_create(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_create_login_profile_request *in = input;
	struct iam_create_login_profile_response *out = output;
	const struct slice *hash = call->prepared;
	struct login_profile profile;
	struct subject user;

	if (!get_user(call, in->user_name, &user, err))
		return false;
	profile = (struct login_profile){
		.user_id = user.id,
		.password_hash = *hash,
		.created_ms = call->now_ms,
		.changed_ms = call->now_ms,
		.is_reset_required = in->password_reset_required.value,
	};
	if (!login_profiles_insert(call->catalog, call->account, &profile, user.name, err)
	    || !password_history_add(call->catalog, call->account, user.id, *hash, err))
		return false;
	show(call, &user, &profile, &out->login_profile);
	return true;
}

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_get_login_profile_request *in = input;
	struct iam_get_login_profile_response *out = output;
	const struct login_profile *profile;
	struct subject user;

	if (!get_user(call, in->user_name, &user, err))
		return false;
	profile = login_profiles_get(call->catalog, &call->arena, call->account, user.id, user.name, err);
	if (!profile)
		return false;
	show(call, &user, profile, &out->login_profile);
	return true;
}

static bool prepare_update(struct call *call, const void *input, struct error *err)
{
	const struct iam_update_login_profile_request *in = input;
	struct slice *hash = arena_new(&call->arena, struct slice);
	struct subject user;

	call->prepared = hash;
	return get_user(call, in->user_name, &user, err)
	    && login_profiles_get(call->catalog, &call->arena, call->account, user.id, user.name, err)
	    && (!in->password.ptr || new_password_hash(call, user.id, in->password, hash, err));
}

static bool perform_update(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_update_login_profile_request *in = input;
	const struct slice *hash = call->prepared;
	const struct login_profile *profile;
	struct login_profile changed;
	struct subject user;

	(void)output;
	if (!get_user(call, in->user_name, &user, err))
		return false;
	profile = login_profiles_get(call->catalog, &call->arena, call->account, user.id, user.name, err);
	if (!profile)
		return false;
	changed = *profile;
	if (in->password_reset_required.is_set)
		changed.is_reset_required = in->password_reset_required.value;
	if (hash->ptr) {
		changed.password_hash = *hash;
		changed.changed_ms = call->now_ms;
		if (!password_history_add(call->catalog, call->account, user.id, *hash, err))
			return false;
	}
	return login_profiles_update(call->catalog, call->account, &changed, err);
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_delete_login_profile_request *in = input;
	struct subject user;

	(void)output;
	return get_user(call, in->user_name, &user, err)
	    && login_profiles_get(call->catalog, &call->arena, call->account, user.id, user.name, err)
	    && login_profiles_delete(call->catalog, call->account, user.id, err)
	    && password_history_delete(call->catalog, call->account, user.id, err);
}

const struct operation iam_create_login_profile = {
	.shape   = &iam_create_login_profile_shape,
	.action  = "iam:CreateLoginProfile",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.prepare = prepare_create,
	.perform = perform_create,
};

const struct operation iam_get_login_profile = {
	.shape   = &iam_get_login_profile_shape,
	.action  = "iam:GetLoginProfile",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform_get,
};

const struct operation iam_update_login_profile = {
	.shape   = &iam_update_login_profile_shape,
	.action  = "iam:UpdateLoginProfile",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.prepare = prepare_update,
	.perform = perform_update,
};

const struct operation iam_delete_login_profile = {
	.shape   = &iam_delete_login_profile_shape,
	.action  = "iam:DeleteLoginProfile",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_delete,
};
