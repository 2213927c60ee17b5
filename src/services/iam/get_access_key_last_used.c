/* services/iam/get_access_key_last_used.c: when, where and for what a key was last used.
 * Source: IAM API Reference (2010-05-08), GetAccessKeyLastUsed. */
#include "auth/access_keys.h"
#include "auth/users.h"
#include "services/authorisation.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

/* The key of this account; NULL also for a key of another one, about which nothing may be learned. */
static const struct access_key *find_key(struct call *call, struct slice access_key_id, struct error *err)
{
	const struct access_key *key = access_keys_find(call->catalog, &call->arena, access_key_id, err);

	return key && slice_equal(key->account, call->account) ? key : NULL;
}

static void targets(struct call *call, const void *input, struct targets *targets)
{
	const struct iam_get_access_key_last_used_request *in = input;
	struct error ignored = { 0 };
	const struct access_key *key = find_key(call, in->access_key_id, &ignored);
	const struct user *owner = key ? users_find_by_id(call->catalog, &call->arena, call->account, key->owner_id, &ignored)
	                               : NULL;

	authorisation_add(targets, SLICE_NONE,
	                   owner ? entity_arn(&call->arena, ENTITY_USER, call->account, owner->path, owner->name) : S("*"),
	                   arena_format(&call->arena, "access key %.*s", SLICE_ARG(in->access_key_id)));
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_get_access_key_last_used_request *in = input;
	struct iam_get_access_key_last_used_response *out = output;
	const struct access_key *key = find_key(call, in->access_key_id, err);
	const struct user *owner;

	if (err->kind != ERR_NONE)
		return false;
	if (!key)                               /* AWS's own words, without the colon of other refusals */
		return fail_as(err, ERR_DENIED, "AccessDenied",
		               "User: %.*s is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key %.*s",
		               SLICE_ARG(call->principal->arn), SLICE_ARG(in->access_key_id));
	owner = users_find_by_id(call->catalog, &call->arena, call->account, key->owner_id, err);
	if (err->kind != ERR_NONE)
		return false;
	out->user_name = owner ? owner->name : SLICE_NONE;
	out->access_key_last_used = arena_new(&call->arena, struct iam_access_key_last_used);
	out->access_key_last_used->service_name = key->last_used_ms ? key->last_used_service : S("N/A");
	out->access_key_last_used->region = key->last_used_ms ? key->last_used_region : S("N/A");
	if (key->last_used_ms)
		out->access_key_last_used->last_used_date = SET_TIME(key->last_used_ms);
	return true;
}

const struct operation iam_get_access_key_last_used = {
	.shape   = &iam_get_access_key_last_used_shape,
	.action  = "iam:GetAccessKeyLastUsed",
	.targets = targets,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform,
};
