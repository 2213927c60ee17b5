/* services/sts/assume_role.c: credentials of a role, for whom its trust policy names.
 *
 * Both sides must agree: the caller's policies and the role's trust policy, which in the role's own account is enough
 * if it names the caller itself. A role that does not exist and one that may not be assumed give the same answer, so
 * that nobody learns which roles there are. Source: STS API Reference (2011-06-15), AssumeRole; IAM User Guide,
 * "Cross-account policy evaluation logic". */
#include "auth/context.h"
#include "auth/entity_tags.h"
#include "auth/evaluate.h"
#include "auth/policy_cache.h"
#include "auth/roles.h"
#include "services/authorisation.h"
#include "services/sts/sts.h"

/* arn:aws:iam::ACCOUNT:role/[PATH/]NAME */
static bool read_role_arn(struct slice arn, struct slice *account, struct slice *name)
{
	struct slice rest = arn, prefix = S("arn:aws:iam::");

	if (!slice_has_prefix(rest, prefix))
		return false;
	rest = slice_cut(slice_from(rest, prefix.len), ':', account);
	uint64_t number;
	if (account->len != ACCOUNT_BYTES || !slice_to_u64(*account, &number) || !slice_has_prefix(rest, S("role/")))
		return false;
	*name = slice_from(rest, slice_rfind_byte(rest, '/') + 1);
	return name->len > 0;
}

static bool uses_code(const void *input)
{
	const struct sts_assume_role_request *in = input;

	return in->serial_number.ptr && in->token_code.ptr;
}

struct asked {
	const struct role *role;              /* NULL: there is none */
	struct slice       account, name;
	bool               has_mfa;           /* this call brought a right code */
};

static bool refused(struct call *call, struct slice action, struct slice arn, struct error *err)
{
	struct evaluation none = {0};
	struct slice message = evaluate_denied_message(&call->arena, call->principal->arn, action, arn, &none, WORDING_NO_REASON);

	return fail_as(err, ERR_DENIED, "AccessDenied", "%.*s", SLICE_ARG(message));
}

static void add_role_tags(struct call *call, const struct asked *asked, struct context *context)
{
	struct error ignored = {0};
	struct entity_tag_list tags;

	if (!entity_tags_list(call->catalog, &call->arena, asked->account, asked->role->role_id, &PAGE_ALL, &tags, &ignored))
		return;
	for (size_t i = 0; i < tags.count; i++) {
		context_set_named(context, S("aws:ResourceTag/"), tags.items[i].key, tags.items[i].value);
		context_set_named(context, S("iam:ResourceTag/"), tags.items[i].key, tags.items[i].value);
	}
}

static void fill_context(struct call *call, const struct sts_assume_role_request *in, struct context *context)
{
	size_t count = in->tags.count;
	struct slice *keys = arena_array(&call->arena, count, sizeof *keys);

	const struct asked *asked = call->prepared;

	if (asked->has_mfa) {
		context_set_bool(context, S("aws:MultiFactorAuthPresent"), true);
		context_set_i64(context, S("aws:MultiFactorAuthAge"), 0);
	}
	context_set(context, S("sts:RoleSessionName"), in->role_session_name);
	context_set(context, S("sts:ExternalId"), in->external_id);
	context_set(context, S("sts:SourceIdentity"), in->source_identity);
	if (in->duration_seconds.is_set)
		context_set_i64(context, S("sts:DurationSeconds"), in->duration_seconds.value);
	for (size_t i = 0; i < count; i++) {
		context_set_named(context, S("aws:RequestTag/"), in->tags.items[i].key, in->tags.items[i].value);
		keys[i] = in->tags.items[i].key;
	}
	if (count)
		context_set_list(context, S("aws:TagKeys"), keys, count);
	if (in->transitive_tag_keys.count)
		context_set_list(context, S("sts:TransitiveTagKeys"), in->transitive_tag_keys.items, in->transitive_tag_keys.count);
	add_role_tags(call, asked, context);
}

static void context(struct call *call, const void *input, struct context *context)
{
	fill_context(call, input, context);
}

static bool may(struct call *call, const struct sts_assume_role_request *in, const struct asked *asked,
                const struct policy *trust, struct slice action, const struct context *context, struct error *err)
{
	struct evaluate_request request = evaluate_request_of(call->principal, action, in->role_arn, context, &call->arena);

	request.resource_policy = trust;
	request.resource_policy_required = true;
	request.resource_account = asked->account;
	return evaluate(&request).decision == DECISION_ALLOW || refused(call, action, in->role_arn, err);
}

/* The role, if the ARN is its own in every letter of the path. */
static bool find_role(struct call *call, const struct sts_assume_role_request *in, struct asked *asked, struct error *err)
{
	if (!read_role_arn(in->role_arn, &asked->account, &asked->name))
		return fail_as(err, ERR_INVALID, "ValidationError", "%.*s is invalid", SLICE_ARG(in->role_arn));
	asked->role = roles_find(call->catalog, &call->arena, asked->account, asked->name, err);
	if (err->kind)
		return false;
	if (asked->role) {
		struct slice arn = arena_format(&call->arena, "arn:aws:iam::%.*s:role%.*s%.*s", SLICE_ARG(asked->account),
		                                SLICE_ARG(asked->role->path), SLICE_ARG(asked->role->name));
		if (!slice_equal(arn, in->role_arn))
			asked->role = NULL;
	}
	return true;
}

/* Once set, it stays for the whole chain of roles. */
static bool replaces_source_identity(const struct call *call, const struct sts_assume_role_request *in)
{
	struct slice set = call->principal->source_identity;

	return in->source_identity.ptr && set.ptr && !slice_equal(in->source_identity, set);
}

static bool authorise(struct call *call, const void *input, struct error *err)
{
	const struct sts_assume_role_request *in = input;
	struct asked *asked = arena_new(&call->arena, struct asked);
	struct context context;
	bool ok;

	/* The code comes first, so that its refusal says nothing about the role. */
	if (!find_role(call, in, asked, err) || !sts_mfa_try(call, in->serial_number, in->token_code, err)
	    || !sts_mfa(call, in->serial_number, in->token_code, false, &asked->has_mfa, err))
		return false;
	call->prepared = asked;
	if (!asked->role || call->principal->type == PRINCIPAL_ROOT || call->principal->type == PRINCIPAL_FEDERATED)
		return refused(call, S("sts:AssumeRole"), in->role_arn, err);
	const struct policy *trust = policy_cache_take(call->policies, asked->role->trust_policy, err);
	if (!trust)
		return false;
	authorisation_context(call, in, &context);
	ok = may(call, in, asked, trust, S("sts:AssumeRole"), &context, err)
	  && (in->tags.count == 0 || may(call, in, asked, trust, S("sts:TagSession"), &context, err))
	  && (!in->source_identity.ptr || may(call, in, asked, trust, S("sts:SetSourceIdentity"), &context, err))
	  && (!replaces_source_identity(call, in) || refused(call, S("sts:SetSourceIdentity"), in->role_arn, err));
	policy_cache_release(call->policies, trust);
	return ok;
}

static bool duration(struct call *call, const struct sts_assume_role_request *in, const struct role *role,
                     int64_t *seconds, struct error *err)
{
	*seconds = in->duration_seconds.is_set ? in->duration_seconds.value : STS_DURATION_DEFAULT;
	if (*seconds > role->max_session_s)
		return fail_as(err, ERR_INVALID, "ValidationError",
		               "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
	if (call->principal->type == PRINCIPAL_ROLE_SESSION && *seconds > STS_CHAINED_DURATION_MAX)
		return fail_as(err, ERR_INVALID, "ValidationError",
		               "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
	return true;
}

static bool has_key(const struct slice *keys, size_t count, struct slice key)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal_nocase(keys[i], key))
			return true;
	return false;
}

/* Tags that the caller's session passes on, beside those of the request. */
static bool transitive(struct call *call, const struct sts_assume_role_request *in, struct session *session,
                       struct error *err)
{
	const struct principal *caller = call->principal;
	struct principal_tag *tags = arena_array(&call->arena, session->tag_count + caller->transitive_tag_key_count, sizeof *tags);
	struct slice *keys = arena_array(&call->arena, in->transitive_tag_keys.count + caller->transitive_tag_key_count, sizeof *keys);
	size_t tag_count = session->tag_count, key_count = 0;

	if (tag_count)
		memcpy(tags, session->tags, tag_count * sizeof *tags);
	for (size_t i = 0; i < in->transitive_tag_keys.count; i++) {
		bool is_tag = false;
		for (size_t k = 0; k < in->tags.count; k++)
			is_tag |= slice_equal_nocase(in->tags.items[k].key, in->transitive_tag_keys.items[i]);
		if (!is_tag)
			return fail_as(err, ERR_INVALID, "InvalidParameterValue", "The specified transitive tag key must be included in the "
			               "requested tags.");
		if (!has_key(keys, key_count, in->transitive_tag_keys.items[i]))
			keys[key_count++] = in->transitive_tag_keys.items[i];
	}
	for (size_t i = 0; i < caller->transitive_tag_key_count; i++) {
		struct slice key = caller->transitive_tag_keys[i];
		for (size_t k = 0; k < session->tag_count; k++)
			if (slice_equal_nocase(tags[k].key, key))
				return fail_as(err, ERR_INVALID, "InvalidParameterValue", "One of the specified transitive tag keys can't be set "
				               "because it conflicts with a transitive tag key from the calling session.");
		for (size_t k = 0; k < caller->tag_count; k++)
			if (slice_equal_nocase(caller->tags[k].key, key))
				tags[tag_count++] = caller->tags[k];
		keys[key_count++] = key;
	}
	session->tags = tags;
	session->tag_count = tag_count;
	session->transitive_tag_keys = keys;
	session->transitive_tag_key_count = key_count;
	return true;
}

static void show_role(struct call *call, const struct sts_assume_role_request *in, struct slice account)
{
	call->resources = arena_new(&call->arena, struct resource_entry);
	call->resources[0] = (struct resource_entry){ .arn = in->role_arn, .account = account, .type = S("AWS::IAM::Role") };
	call->resource_count = 1;
	if (!slice_equal(account, call->account))
		call->shared_with = account;
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct sts_assume_role_request *in = input;
	struct sts_assume_role_response *out = output;
	const struct principal *caller = call->principal;
	const struct asked *asked = call->prepared;
	const struct role *role = asked->role;
	int packed_percent = 0;
	int64_t seconds;
	bool has_mfa;
	struct session session = {
		.kind = SESSION_ROLE, .account = asked->account, .issuer_id = role->role_id, .issuer_arn = in->role_arn,
		.issuer_name = role->name, .name = in->role_session_name, .issued_ms = call->now_ms,
		.has_mfa = asked->has_mfa || (caller->is_temporary && caller->has_mfa),
		.mfa_ms = asked->has_mfa ? call->now_ms : caller->mfa_ms,
		.source_identity = in->source_identity.ptr ? in->source_identity : caller->source_identity,
	};

	if (!sts_mfa(call, in->serial_number, in->token_code, uses_code(in), &has_mfa, err))
		return false;
	if (in->provided_contexts.count)                   /* of an Identity Center, which knows no session here */
		return fail_as(err, ERR_INVALID, "InvalidParameterValue", "There is no context provider that could have given ProvidedContexts.");
	if (!duration(call, in, role, &seconds, err) || !sts_session_policies(call, in->policy, &in->policy_arns, &session, err)
	    || !sts_session_tags(call, &in->tags, &session, err) || !transitive(call, in, &session, err))
		return false;
	session.expires_ms = call->now_ms + seconds * 1000;
	out->credentials = sts_credentials_new(call, &session, &packed_percent, err);
	if (!out->credentials)
		return false;
	out->assumed_role_user = arena_new(&call->arena, struct sts_assumed_role_user);
	out->assumed_role_user->assumed_role_id = arena_format(&call->arena, "%.*s:%.*s", SLICE_ARG(role->role_id),
	                                                       SLICE_ARG(in->role_session_name));
	out->assumed_role_user->arn = arena_format(&call->arena, "arn:aws:sts::%.*s:assumed-role/%.*s/%.*s",
	                                           SLICE_ARG(asked->account), SLICE_ARG(role->name), SLICE_ARG(in->role_session_name));
	if (in->policy.ptr || in->policy_arns.count || in->tags.count)
		out->packed_policy_size = SET_I64(packed_percent);
	out->source_identity = session.source_identity;
	show_role(call, in, asked->account);
	return true;
}

const struct operation sts_assume_role = {
	.shape = &sts_assume_role_shape,
	.action = "sts:AssumeRole",
	.authorise = authorise,
	.context = context,
	.access = ACCESS_READ,
	.place = PLACE_FRONT,
	.changes = uses_code,
	.perform = perform,
};
