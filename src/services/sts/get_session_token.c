/* services/sts/get_session_token.c: temporary credentials of the caller itself; no policy can forbid it.
 * Source: STS API Reference (2011-06-15), GetSessionToken. */
#include "services/sts/sts.h"

static bool uses_code(const void *input)
{
	const struct sts_get_session_token_request *in = input;

	return in->serial_number.ptr && in->token_code.ptr;
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct sts_get_session_token_request *in = input;
	struct sts_get_session_token_response *out = output;
	const struct principal *caller = call->principal;
	int64_t seconds;
	bool has_mfa;

	if (!sts_user_duration(call, in->duration_seconds, &seconds, err))
		return false;
	if (!sts_mfa_try(call, in->serial_number, in->token_code, err)
	    || !sts_mfa(call, in->serial_number, in->token_code, uses_code(in), &has_mfa, err))
		return false;
	struct session session = {
		.kind = SESSION_USER, .account = call->account, .issuer_id = caller->unique_id, .issuer_arn = caller->arn,
		.issuer_name = caller->name, .issued_ms = call->now_ms, .expires_ms = call->now_ms + seconds * 1000,
		.has_mfa = has_mfa, .mfa_ms = call->now_ms,
	};
	out->credentials = sts_credentials_new(call, &session, NULL, err);
	return out->credentials != NULL;
}

const struct operation sts_get_session_token = {
	.shape = &sts_get_session_token_shape,
	.authorise = sts_only_long_term,
	.access = ACCESS_WRITE,
	.place = PLACE_FRONT,
	.changes = uses_code,
	.perform = perform,
};
