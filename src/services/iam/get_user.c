/* services/iam/get_user.c: one user; the caller, who may be root, if none is named.
 * Source: IAM API Reference (2010-05-08), GetUser. */
#include "auth/account_aliases.h"
#include "auth/accounts.h"
#include "services/iam/output.h"
#include "services/iam/subject.h"

/* Root has no row. Its name is the account's alias, if there is one. */
static bool show_root(struct call *call, struct iam_user *out, struct error *err)
{
	struct account_list accounts;

	*out = (struct iam_user){ .user_id = call->account, .arn = call->principal->arn };
	if (!accounts_list(call->catalog, &call->arena, &accounts, err))
		return false;
	for (size_t i = 0; i < accounts.count; i++)
		if (slice_equal(accounts.items[i].account, call->account))
			out->create_date = SET_TIME(accounts.items[i].created_ms);
	return account_aliases_get(call->catalog, &call->arena, call->account, &out->user_name, err);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_get_user_request *in = input;
	struct iam_get_user_response *out = output;
	struct subject subject;
	const struct user *user;

	if (!subject_user_or_self(call, in->user_name, &subject, err))
		return false;
	out->user = arena_new(&call->arena, struct iam_user);
	if (subject.is_root)
		return show_root(call, out->user, err);
	user = users_find_by_id(call->catalog, &call->arena, call->account, subject.id, err);
	if (!user)
		return entity_fail_absent(ENTITY_USER, subject.name, err);
	output_user(call, user, out->user);
	return output_tags_of(call, user->user_id, &out->user->tags, err);
}

const struct operation iam_get_user = {
	.shape   = &iam_get_user_shape,
	.action  = "iam:GetUser",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform,
};
