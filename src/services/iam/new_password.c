/* services/iam/new_password.c: the dear checks come after the cheap ones. */
#include "services/iam/new_password.h"

#include "auth/account_aliases.h"
#include "auth/password_history.h"
#include "codec/password.h"

static bool was_used_before(struct call *call, struct slice user_id, struct slice password, int64_t how_many,
                            bool *was_used, struct error *err)
{
	struct password_hashes hashes;

	*was_used = false;
	if (how_many == 0)
		return true;
	if (!password_history_list(call->catalog, &call->arena, call->account, user_id, how_many, &hashes, err))
		return false;
	for (size_t i = 0; i < hashes.count && !*was_used; i++)
		*was_used = password_matches(password, hashes.items[i]);
	return true;
}

bool new_password_hash(struct call *call, struct slice user_id, struct slice password, struct slice *hash,
                       struct error *err)
{
	char *text = arena_alloc(&call->arena, PASSWORD_HASH_TEXT_BYTES);
	struct password_policy policy;
	struct slice alias;
	bool was_used;

	if (!password.ptr)
		return fail_as(err, ERR_INVALID, "ValidationError",
		               "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be"
		               " null");
	if (!password_policies_get(call->catalog, call->account, &policy, err)
	    || !account_aliases_get(call->catalog, &call->arena, call->account, &alias, err)
	    || !password_policies_check(&policy, password, call->account, alias, err)
	    || !was_used_before(call, user_id, password, policy.reuse_prevention, &was_used, err))
		return false;
	if (was_used)
		return fail_as(err, ERR_INVALID, "PasswordPolicyViolation",
		               "Password should not be one of the last %" PRId64 " passwords", policy.reuse_prevention);
	if (!password_hash(password, call->random, text, err))
		return false;
	*hash = slice_of(text);
	return true;
}
