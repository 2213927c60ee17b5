/* services/iam/create_access_key.c: long-term credentials for a user, or for root.
 * Source: IAM API Reference (2010-05-08), CreateAccessKey. */
#include "auth/access_key_id.h"
#include "auth/access_keys.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_create_access_key_request *in = input;
	struct iam_create_access_key_response *out = output;
	char *id = arena_alloc(&call->arena, ACCESS_KEY_ID_BYTES);
	char *secret = arena_alloc(&call->arena, ACCESS_KEY_SECRET_BYTES);
	struct subject owner;
	struct access_key key;
	struct slice secret_text;

	if (!subject_user_or_self(call, in->user_name, &owner, err))
		return false;
	key = (struct access_key){
		.account = call->account,
		.access_key_id = access_key_id_make(ACCESS_KEY_LONG_TERM, call->account, call->random, id),
		.owner_id = owner.id,
		.is_active = true,
		.created_ms = call->now_ms,
	};
	secret_text = access_key_id_secret(call->random, secret);
	if (!access_keys_insert(call->catalog, &call->arena, call->environment->keyring, call->random, &key, secret_text, err))
		return false;
	out->access_key = arena_new(&call->arena, struct iam_access_key);
	*out->access_key = (struct iam_access_key){
		.user_name = owner.name,
		.access_key_id = key.access_key_id,
		.status = S("Active"),
		.secret_access_key = secret_text,
		.create_date = SET_TIME(key.created_ms),
	};
	return true;
}

const struct operation iam_create_access_key = {
	.shape   = &iam_create_access_key_shape,
	.action  = "iam:CreateAccessKey",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform,
};
