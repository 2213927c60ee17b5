/* auth/evaluate.c: each kind of policy is asked once for its denials and its allowances; then the kinds are weighed.
 *
 * An explicit deny anywhere ends it. What an allowance of a resource policy is worth depends on how directly it names
 * the caller (auth/grantee.h), which is why the weighing is not a plain AND over the kinds. */
#include "auth/evaluate.h"

#include "auth/policy.h"
#include "auth/statement.h"
#include "base/limits.h"

/* What one kind of policy says. */
struct opinion {
	struct evaluate_match deny, allow;       /* set SET_NONE: there is none */
	enum grant            grant;             /* of a resource policy: the strongest allowance */
};

struct asking {
	const struct evaluate_request *request;
	struct action_name             action;
	struct buffer                  scratch;
};

static bool is_denied(const struct opinion *opinion)
{
	return opinion->deny.set != SET_NONE;
}

static bool is_allowed(const struct opinion *opinion)
{
	return opinion->allow.set != SET_NONE;
}

/* ---- tracing, for simulation ---- */

static void trace_match(struct evaluate_trace *trace, struct evaluate_match match)
{
	if (!trace)
		return;
	if (trace->match_count < trace->match_room)
		trace->matches[trace->match_count] = match;
	trace->match_count++;
	if (match.is_deny)
		trace->is_denied_by[match.set] = true;
	else
		trace->is_allowed_by[match.set] = true;
}

static void trace_key(struct evaluate_trace *trace, const struct context *context, struct slice key, uint64_t hash)
{
	const struct context_entry *entry = context_find_hashed(context, key, hash);

	if (entry && entry->count)
		return;
	for (size_t i = 0; i < trace->missing_count && i < trace->missing_room; i++)
		if (slice_equal_nocase(trace->missing_keys[i], key))
			return;
	if (trace->missing_count < trace->missing_room)
		trace->missing_keys[trace->missing_count] = key;
	trace->missing_count++;
}

static void trace_variables(struct evaluate_trace *trace, const struct context *context, const struct wildcard *wildcard)
{
	for (size_t i = 0; i < wildcard->part_count; i++) {
		const struct wildcard_part *part = &wildcard->parts[i];
		if (part->key.ptr && !part->text.ptr)
			trace_key(trace, context, part->key, part->key_hash);
	}
}

static void trace_missing(struct evaluate_trace *trace, const struct context *context, const struct statement *statement)
{
	for (size_t i = 0; i < statement->resource_count; i++)
		trace_variables(trace, context, &statement->resources[i]);
	for (size_t i = 0; i < statement->condition_count; i++) {
		const struct condition *condition = &statement->conditions[i];
		trace_key(trace, context, condition->key, condition->key_hash);
		for (size_t v = 0; condition->operator->text_flags && v < condition->value_count; v++)
			trace_variables(trace, context, &condition->values[v].text);
	}
}

/* ---- asking ---- */

/* Does the statement, which is about the action, apply? In a resource policy: with which strength. */
static enum grant applies(struct asking *asking, const struct statement *statement, enum policy_set set)
{
	const struct evaluate_request *request = asking->request;
	enum grant grant = set == SET_RESOURCE ? statement_grants(statement, request->principal) : GRANT_DIRECT;

	if (grant == GRANT_NONE)
		return GRANT_NONE;
	if (request->trace)
		trace_missing(request->trace, request->context, statement);
	if (!statement_covers(statement, request->resource, request->context, &asking->scratch)
	    || !statement_conditions_hold(statement, request->context, &asking->scratch))
		return GRANT_NONE;
	return grant;
}

/* Asks the statements of `bits`; all deny or all allow. Stops when nothing that follows could say more. */
static void ask_statements(struct asking *asking, const struct policy *policy, size_t number, enum policy_set set,
                           size_t word, uint64_t bits, bool is_deny, struct opinion *opinion)
{
	for (; bits; bits &= bits - 1) {
		size_t at = word * 64 + (size_t)__builtin_ctzll(bits);
		struct evaluate_match match = { set, (uint16_t)number, (uint16_t)at, is_deny };
		struct evaluate_match *first = is_deny ? &opinion->deny : &opinion->allow;

		if (!asking->request->trace && first->set && (is_deny || opinion->grant == GRANT_DIRECT))
			return;
		enum grant grant = applies(asking, &policy->statements[at], set);
		if (grant == GRANT_NONE)
			continue;
		trace_match(asking->request->trace, match);
		if (first->set == SET_NONE || (!is_deny && grant > opinion->grant))
			*first = match;
		if (!is_deny && grant > opinion->grant)
			opinion->grant = grant;
	}
}

static void ask_policy(struct asking *asking, const struct policy *policy, size_t number, enum policy_set set,
                       struct opinion *opinion)
{
	uint64_t bits[POLICY_STATEMENTS_MAX / 64 + 1];
	size_t words = policy->statement_count / 64 + 1;

	memset(bits, 0, words * sizeof *bits);
	action_index_select(&policy->actions, &asking->action, bits);
	for (size_t i = 0; i < words; i++) {
		ask_statements(asking, policy, number, set, i, bits[i] & policy->denies[i], true, opinion);
		ask_statements(asking, policy, number, set, i, bits[i] & ~policy->denies[i], false, opinion);
	}
}

static struct opinion ask(struct asking *asking, enum policy_set set, const struct policy *const *items, size_t count)
{
	struct opinion opinion = {0};

	for (size_t i = 0; i < count; i++) {
		if (items[i])
			ask_policy(asking, items[i], i, set, &opinion);
		if (is_denied(&opinion) && !asking->request->trace)
			break;
	}
	return opinion;
}

/* ---- weighing ---- */

static struct evaluation denied(struct evaluate_match match)
{
	return (struct evaluation){ DECISION_EXPLICIT_DENY, match.set, match };
}

static struct evaluation not_allowed_by(enum policy_set set)
{
	return (struct evaluation){ DECISION_IMPLICIT_DENY, set, {0} };
}

static struct evaluation allowed(enum policy_set set, struct evaluate_match match)
{
	return (struct evaluation){ DECISION_ALLOW, set, match };
}

static bool is_same_account(const struct evaluate_request *request)
{
	return !request->resource_account.ptr || slice_equal(request->resource_account, request->principal->account);
}

struct opinions { struct opinion scp, resource, identity, boundary, session; };

/* Who has no policies of its own: services and strangers, and roots, for whom there is no identity policy. */
static struct evaluation weigh_without_identity(const struct evaluate_request *request, const struct opinion *resource)
{
	bool is_own_root = request->principal->type == PRINCIPAL_ROOT && is_same_account(request);

	if (is_own_root && !request->resource_policy_required)
		return allowed(SET_ROOT, (struct evaluate_match){0});
	return is_allowed(resource) ? allowed(SET_RESOURCE, resource->allow) : not_allowed_by(SET_RESOURCE);
}

static struct evaluation weigh(const struct evaluate_request *request, const struct opinions *say)
{
	bool has_session = request->session.is_present || request->principal->type == PRINCIPAL_FEDERATED;
	bool needs_resource = request->resource_policy_required || !is_same_account(request);
	bool is_granted = is_same_account(request) && say->resource.grant >= GRANT_LIMITED;

	if (needs_resource && !is_allowed(&say->resource))
		return not_allowed_by(SET_RESOURCE);
	if (is_same_account(request) && say->resource.grant == GRANT_DIRECT)
		return allowed(SET_RESOURCE, say->resource.allow);
	if (!is_granted && !is_allowed(&say->identity))
		return not_allowed_by(SET_IDENTITY);
	if (request->has_boundary && !is_allowed(&say->boundary))
		return not_allowed_by(SET_BOUNDARY);
	if (has_session && !is_allowed(&say->session))
		return not_allowed_by(SET_SESSION);
	return is_allowed(&say->identity) ? allowed(SET_IDENTITY, say->identity.allow)
	                                  : allowed(SET_RESOURCE, say->resource.allow);
}

struct evaluation evaluate(const struct evaluate_request *request)
{
	enum principal_type type = request->principal->type;
	bool is_nobody = type == PRINCIPAL_SERVICE || type == PRINCIPAL_ANONYMOUS;
	bool has_identity = !is_nobody && type != PRINCIPAL_ROOT;
	struct asking asking = { .request = request };
	struct opinions say = {0};
	struct evaluation verdict = {0};

	if (!action_name_init(&asking.action, request->action))
		return not_allowed_by(SET_IDENTITY);
	buffer_init(&asking.scratch, request->scratch, POLICY_EXPANDED_BYTES_MAX);

	/* The first deny in this order is the one that is told. */
	const struct {
		bool                        is_asked;
		enum policy_set             set;
		struct opinion             *opinion;
		const struct policy *const *items;
		size_t                      count;
	} order[] = {
		{ !is_nobody,   SET_SCP,      &say.scp,      request->scps.items,       request->scps.count     },
		{ true,         SET_RESOURCE, &say.resource, &request->resource_policy, 1                       },
		{ has_identity, SET_IDENTITY, &say.identity, request->identity.items,   request->identity.count },
		{ has_identity, SET_BOUNDARY, &say.boundary, &request->boundary,        request->has_boundary   },
		{ has_identity, SET_SESSION,  &say.session,  request->session.items,    request->session.count  },
	};
	for (size_t i = 0; i < COUNT(order); i++) {
		if (order[i].is_asked)
			*order[i].opinion = ask(&asking, order[i].set, order[i].items, order[i].count);
		if (is_denied(order[i].opinion) && verdict.decision != DECISION_EXPLICIT_DENY)
			verdict = denied(order[i].opinion->deny);
		if (verdict.decision == DECISION_EXPLICIT_DENY && !request->trace)
			break;
	}
	if (verdict.decision == DECISION_EXPLICIT_DENY)
		return verdict;
	if (!is_nobody && request->scps.is_present && !is_allowed(&say.scp))
		return not_allowed_by(SET_SCP);
	return has_identity ? weigh(request, &say) : weigh_without_identity(request, &say.resource);
}

struct evaluate_request evaluate_request_of(const struct principal *principal, struct slice action,
                                            struct slice resource, const struct context *context,
                                            struct arena *scratch)
{
	return (struct evaluate_request){
		.principal = principal,
		.action = action,
		.resource = resource,
		.context = context,
		.scratch = scratch,
		.identity = { principal->identity_policies, principal->identity_policy_count, true },
		.session = { principal->session_policies, principal->session_policy_count, principal->has_session_policies },
		.boundary = principal->boundary,
		.has_boundary = principal->has_boundary,
	};
}

/* ---- wording ---- */

static const struct { const char *noun, *with_article; } KINDS[POLICY_SET_COUNT] = {
	[SET_NONE]     = { "identity-based policy",  "an identity-based policy"  },
	[SET_ROOT]     = { "identity-based policy",  "an identity-based policy"  },
	[SET_SCP]      = { "service control policy", "a service control policy"  },
	[SET_RESOURCE] = { "resource-based policy",  "a resource-based policy"   },
	[SET_IDENTITY] = { "identity-based policy",  "an identity-based policy"  },
	[SET_BOUNDARY] = { "permissions boundary",   "a permissions boundary"    },
	[SET_SESSION]  = { "session policy",         "a session policy"          },
};

struct slice evaluate_denied_message(struct arena *arena, struct slice caller_arn, struct slice action,
                                     struct slice shown, const struct evaluation *evaluation,
                                     enum evaluate_wording wording)
{
	struct buffer out;

	buffer_init(&out, arena, ERROR_MESSAGE_BYTES_MAX * 8);
	buffer_printf(&out, "User: %.*s is not authorized to perform: %.*s", SLICE_ARG(caller_arn), SLICE_ARG(action));
	if (shown.len)
		buffer_printf(&out, " on resource: %.*s", SLICE_ARG(shown));
	if (wording == WORDING_FULL && evaluation->decision == DECISION_EXPLICIT_DENY)
		buffer_printf(&out, " with an explicit deny in %s", KINDS[evaluation->decided_by].with_article);
	else if (wording == WORDING_FULL)
		buffer_printf(&out, " because no %s allows the %.*s action", KINDS[evaluation->decided_by].noun,
		              SLICE_ARG(action));
	return buffer_slice(&out);
}
