/* services/sts/sts.c: the Security Token Service: its table, and credentials out of a session. */
#include "services/sts/sts.h"

#include "auth/managed_policies.h"
#include "auth/mfa_devices.h"
#include "auth/policies.h"
#include "auth/policy_size.h"
#include "auth/policy_validate.h"
#include "base/limits.h"
#include "base/rate.h"
#include "services/authorisation.h"
#include "services/shape.h"

enum { TAGS_MAX = 50, POLICY_ARNS_MAX = 10, SESSION_POLICY_CHARACTERS_MAX = 2048 };

struct sts_credentials *sts_credentials_new(struct call *call, struct session *session, int *packed_percent,
                                            struct error *err)
{
	const struct keyring *keyring = call->environment->keyring;
	struct slice secret = session_begin(keyring, session, call->random, &call->arena);
	struct slice token = session_seal(keyring, session, call->random, &call->arena, packed_percent, err);

	if (!token.ptr)
		return NULL;
	struct sts_credentials *credentials = arena_new(&call->arena, struct sts_credentials);
	*credentials = (struct sts_credentials){
		.access_key_id = session->access_key_id, .secret_access_key = secret, .session_token = token,
		.expiration = SET_TIME(session->expires_ms),
	};
	return credentials;
}

static bool is_policy(struct call *call, struct slice account, struct slice arn, bool *exists, struct error *err)
{
	*exists = managed_policies_find(arn) != NULL;
	if (*exists)
		return true;
	*exists = policies_find(call->catalog, &call->arena, account, arn, err) != NULL;
	return err->kind == ERR_NONE;
}

bool sts_session_policies(struct call *call, struct slice policy, const struct sts_policy_descriptor_type_list *arns,
                          struct session *session, struct error *err)
{
	const struct policy_rules rules = { .kind = POLICY_SESSION };

	if (policy.ptr && policy_size_characters(policy) > SESSION_POLICY_CHARACTERS_MAX)
		return fail_as(err, ERR_LIMIT, "PackedPolicyTooLarge", "Packed size of session policy exceeds the limit of %d characters.",
		               SESSION_POLICY_CHARACTERS_MAX);
	if (policy.ptr && !policy_validate(&call->arena, policy, &rules, err))
		return false;
	if (arns->count > POLICY_ARNS_MAX)
		return fail_as(err, ERR_INVALID, "ValidationError", "At most %d managed session policies can be passed.", POLICY_ARNS_MAX);
	struct slice *list = arena_array(&call->arena, arns->count, sizeof *list);
	for (size_t i = 0; i < arns->count; i++) {
		bool exists;
		list[i] = arns->items[i].arn;
		if (!list[i].ptr || !is_policy(call, session->account, list[i], &exists, err))
			return err->kind != ERR_NONE ? false
			     : fail_as(err, ERR_INVALID, "ValidationError", "A managed session policy has no arn.");
		if (!exists)
			return fail_as(err, ERR_INVALID, "ValidationError", "Policy %.*s does not exist or is not attachable.",
			               SLICE_ARG(list[i]));
	}
	session->policy = policy;
	session->policy_arns = list;
	session->policy_arn_count = arns->count;
	return true;
}

bool sts_session_tags(struct call *call, const struct sts_tag_list *tags, struct session *session, struct error *err)
{
	struct principal_tag *list = arena_array(&call->arena, tags->count, sizeof *list);

	if (tags->count > TAGS_MAX)
		return fail_as(err, ERR_INVALID, "ValidationError", "At most %d session tags can be passed.", TAGS_MAX);
	for (size_t i = 0; i < tags->count; i++) {
		list[i] = (struct principal_tag){ tags->items[i].key, tags->items[i].value };
		if (slice_has_prefix_nocase(list[i].key, S("aws:")))
			return fail_as(err, ERR_INVALID, "InvalidParameterValue", "Tag keys may not begin with aws:; got %.*s.",
			               SLICE_ARG(list[i].key));
		for (size_t k = 0; k < i; k++)
			if (slice_equal_nocase(list[k].key, list[i].key))
				return fail_as(err, ERR_INVALID, "InvalidParameterValue",
				               "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
	}
	session->tags = list;
	session->tag_count = tags->count;
	return true;
}

static bool refuse_session(const struct call *call, struct error *err)
{
	return fail_as(err, ERR_DENIED, "AccessDenied", "Cannot call %.*s with session credentials",
	               SLICE_ARG(call->operation->shape->name));
}

bool sts_only_long_term(struct call *call, const void *input, struct error *err)
{
	return call->principal->is_temporary ? refuse_session(call, err) : authorisation_standard(call, input, err);
}

bool sts_no_user_session(struct call *call, const void *input, struct error *err)
{
	bool is_session = call->principal->is_temporary && call->principal->type != PRINCIPAL_ROLE_SESSION;

	return is_session ? refuse_session(call, err) : authorisation_standard(call, input, err);
}

static bool wrong_code(struct error *err)
{
	return fail_as(err, ERR_DENIED, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ");
}

bool sts_mfa_try(struct call *call, struct slice serial, struct slice code, struct error *err)
{
	struct rate *attempts = call->environment->code_attempts;
	struct slice key = arena_format(&call->arena, "%.*s/%.*s", SLICE_ARG(call->account), SLICE_ARG(serial));

	return !serial.ptr || !code.ptr || !attempts || rate_take(attempts, key, call->wall_ms * 1000 / CODE_ATTEMPT_MS)
	    || wrong_code(err);
}

bool sts_mfa(struct call *call, struct slice serial, struct slice code, bool is_used, bool *has_mfa, struct error *err)
{
	const int64_t moments_ms[] = { call->wall_ms, call->now_ms };
	const struct mfa_device *found;

	*has_mfa = false;
	if (!serial.ptr && !code.ptr)
		return true;
	if (!serial.ptr || !code.ptr)
		return fail_as(err, ERR_DENIED, "AccessDenied",
		               "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.");
	found = mfa_devices_find(call->catalog, &call->arena, call->account, serial, err);
	if (err->kind != ERR_NONE)
		return false;
	if (!found || !slice_equal(found->owner_id, call->principal->unique_id))
		return fail_as(err, ERR_DENIED, "AccessDenied",
		               "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is "
		               "valid and associated with this user.");
	struct mfa_device device = *found;
	*has_mfa = mfa_devices_accept(&device, call->environment->keyring, &call->arena, moments_ms, COUNT(moments_ms), code, err);
	if (!*has_mfa)
		return err->kind == ERR_NONE && wrong_code(err);
	return !is_used || mfa_devices_update(call->catalog, &device, err);
}

bool sts_user_duration(struct call *call, struct maybe_i64 asked, int64_t *seconds, struct error *err)
{
	bool is_root = call->principal->type == PRINCIPAL_ROOT;
	int64_t most = is_root ? STS_ROOT_DURATION_MAX : STS_USER_DURATION_MAX;

	*seconds = asked.is_set ? asked.value : is_root ? STS_ROOT_DURATION_MAX : STS_USER_DURATION_DEFAULT;
	if (*seconds > most && is_root)
		*seconds = most;                             /* AWS shortens root's silently */
	return (*seconds >= STS_DURATION_MIN && *seconds <= most)
	    || fail_as(err, ERR_INVALID, "ValidationError",
	               "1 validation error detected: Value '%" PRId64 "' at 'durationSeconds' failed to satisfy constraint: "
	               "Member must have value %s than or equal to %" PRId64, *seconds,
	               *seconds < STS_DURATION_MIN ? "greater" : "less", *seconds < STS_DURATION_MIN ? (int64_t)STS_DURATION_MIN : most);
}

#define OPERATIONS(X)              \
	X(sts_assume_role)         \
	X(sts_get_access_key_info) \
	X(sts_get_caller_identity) \
	X(sts_get_federation_token) \
	X(sts_get_session_token)

#define DECLARE(name) extern const struct operation name;
#define ROW(name)     &name,
OPERATIONS(DECLARE)

const struct service sts = {
	.shape = &sts_shapes,
	.event_source = "sts.amazonaws.com",
	.operations = (const struct operation *const[]){ OPERATIONS(ROW) NULL },
};
