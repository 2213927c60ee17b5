/* auth/simulate.c: a request for the evaluator is put together, and its trace turned into the simulator's answer. */
#include "auth/simulate.h"

#include "auth/grantee.h"
#include "base/limits.h"

static const struct policy *const *bare(struct arena *arena, const struct simulate_policies *policies)
{
	const struct policy **items = arena_array(arena, policies->count + 1, sizeof *items);

	for (size_t i = 0; i < policies->count; i++)
		items[i] = policies->items[i].policy;
	return items;
}

static size_t count_statements(const struct simulate_policies *policies)
{
	size_t count = 0;

	for (size_t i = 0; i < policies->count; i++)
		count += policies->items[i].policy ? policy_statement_count(policies->items[i].policy) : 0;
	return count;
}

struct slice simulate_account(struct slice text)
{
	struct slice account = text, part, rest = text;

	if (slice_has_prefix(text, S("arn:"))) {
		for (int i = 0; i < 4; i++)
			rest = slice_cut(rest, ':', &part);
		slice_cut(rest, ':', &account);
	}
	return grantee_is_account(account) ? account : SLICE_NONE;
}

/* Without a resource policy nobody can know what the other side says, so the resource counts as the caller's own,
 * unless its owner is stated. */
static struct slice resource_account(const struct simulation *simulation, struct slice resource)
{
	struct slice account = simulate_account(resource);

	if (simulation->resource_policy.policy && account.ptr)
		return account;
	return simulation->resource_owner.ptr ? simulation->resource_owner : simulation->caller->account;
}

/* Roles and keys are closed to whom their own policy does not name. */
static bool needs_resource_policy(const struct simulation *simulation, struct slice action)
{
	return simulation->resource_policy.policy
	    && (slice_has_prefix_nocase(action, S("sts:AssumeRole")) || slice_has_prefix_nocase(action, S("kms:")));
}

static struct simulate_statement statement_of(const struct simulation *simulation, const struct evaluate_match *match)
{
	const struct simulate_policy *source = &simulation->resource_policy;
	bool is_resource = match->set == SET_RESOURCE;

	if (match->set == SET_IDENTITY)
		source = &simulation->identity.items[match->policy];
	else if (match->set == SET_BOUNDARY)
		source = &simulation->boundary.items[match->policy];
	return (struct simulate_statement){
		.source_id = source->source_id,
		.source_type = is_resource ? S("Resource Policy") : S("IAM Policy"),
		.span = policy_statement_span(source->policy, match->statement),
	};
}

static void note_statements(struct arena *arena, const struct simulation *simulation, const struct evaluate_trace *trace,
                            struct simulate_result *result)
{
	bool wants_deny = result->decision == DECISION_EXPLICIT_DENY;

	result->statements = arena_array(arena, trace->match_count + 1, sizeof *result->statements);
	for (size_t i = 0; i < trace->match_count && result->decision != DECISION_IMPLICIT_DENY; i++) {
		const struct evaluate_match *match = &trace->matches[i];
		if (match->is_deny == wants_deny && (wants_deny || match->set != SET_BOUNDARY))
			result->statements[result->statement_count++] = statement_of(simulation, match);
	}
}

static enum decision side(const struct evaluate_trace *trace, enum policy_set set)
{
	return trace->is_denied_by[set] ? DECISION_EXPLICIT_DENY : trace->is_allowed_by[set] ? DECISION_ALLOW
	                                                                                     : DECISION_IMPLICIT_DENY;
}

struct simulate_result simulate(struct arena *arena, const struct simulation *simulation, struct slice action,
                                struct slice resource)
{
	const struct policy *boundary = simulation->boundary.count ? simulation->boundary.items[0].policy : NULL;
	const struct simulate_policies own_resource = { &simulation->resource_policy, 1 };
	size_t statements = count_statements(&simulation->identity) + count_statements(&simulation->boundary)
	                  + count_statements(&own_resource);
	struct arena scratch;             /* a large policy has many statements, and few of them match */
	struct slice *keys;

	arena_init(&scratch, SIMULATE_SCRATCH_BYTES_MAX);
	size_t key_count = simulate_context_keys(&scratch, &simulation->identity, &keys)
	                 + simulate_context_keys(&scratch, &simulation->boundary, &keys)
	                 + simulate_context_keys(&scratch, &own_resource, &keys);
	struct evaluate_trace trace = {
		.matches = arena_array(&scratch, statements + 1, sizeof *trace.matches), .match_room = statements,
		.missing_keys = arena_array(&scratch, key_count + 1, sizeof *trace.missing_keys), .missing_room = key_count,
	};
	struct evaluate_request request = {
		.principal = simulation->caller, .action = action, .resource = resource, .context = simulation->context,
		.resource_account = resource_account(simulation, resource), .scratch = &scratch, .trace = &trace,
		.identity = { bare(&scratch, &simulation->identity), simulation->identity.count, true },
		.boundary = boundary, .has_boundary = simulation->boundary.count > 0,
		.resource_policy = simulation->resource_policy.policy,
		.resource_policy_required = needs_resource_policy(simulation, action),
	};
	struct simulate_result result = { .action = action, .resource = resource };

	result.decision = evaluate(&request).decision;
	note_statements(arena, simulation, &trace, &result);
	result.missing_count = trace.missing_count < key_count ? trace.missing_count : key_count;
	result.missing_keys = arena_array(arena, result.missing_count + 1, sizeof *result.missing_keys);
	memcpy(result.missing_keys, trace.missing_keys, result.missing_count * sizeof *result.missing_keys);
	result.has_boundary = request.has_boundary;
	result.is_allowed_by_boundary = side(&trace, SET_BOUNDARY) == DECISION_ALLOW;
	result.is_cross_account = !slice_equal(request.resource_account, simulation->caller->account);
	result.identity_decision = side(&trace, SET_IDENTITY);
	result.resource_decision = side(&trace, SET_RESOURCE);
	arena_fini(&scratch);
	return result;
}

struct slice simulate_decision_text(enum decision decision)
{
	switch (decision) {
	case DECISION_ALLOW:         return S("allowed");
	case DECISION_EXPLICIT_DENY: return S("explicitDeny");
	default:                     return S("implicitDeny");
	}
}

size_t simulate_context_keys(struct arena *arena, const struct simulate_policies *policies, struct slice **keys)
{
	size_t room = 0, count = 0;

	for (size_t i = 0; i < policies->count; i++)
		room += policies->items[i].policy ? policy_context_keys(policies->items[i].policy, NULL, 0) : 0;
	*keys = arena_array(arena, room + 1, sizeof **keys);
	for (size_t i = 0; i < policies->count; i++) {
		struct slice *own = *keys + count;
		size_t added = policies->items[i].policy ? policy_context_keys(policies->items[i].policy, own, room - count) : 0;
		size_t kept = count;

		for (size_t k = 0; k < added && k < room - count; k++) {
			size_t seen = 0;
			while (seen < kept && !slice_equal_nocase((*keys)[seen], own[k]))
				seen++;
			if (seen == kept)
				(*keys)[kept++] = own[k];
		}
		count = kept;
	}
	return count;
}

/* ---- the caller ---- */

static struct slice after_last(struct slice text, char byte)
{
	size_t at = slice_rfind_byte(text, byte);

	return at == SLICE_NPOS ? text : slice_from(text, at + 1);
}

/* arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION -> arn:aws:iam::ACCOUNT:role/ROLE */
static struct slice role_of(struct arena *arena, struct slice partition, struct slice account, struct slice name)
{
	struct slice role;

	slice_cut(name, '/', &role);
	return arena_format(arena, "arn:%.*s:iam::%.*s:role/%.*s", SLICE_ARG(partition), SLICE_ARG(account), SLICE_ARG(role));
}

bool simulate_caller(struct arena *arena, struct slice arn, struct principal *caller, struct error *err)
{
	static const struct { struct slice service, kind; enum principal_type type; } rows[] = {
		{ S_INIT("iam"), S_INIT("user"),           PRINCIPAL_USER         },
		{ S_INIT("iam"), S_INIT("role"),           PRINCIPAL_ROLE_SESSION },
		{ S_INIT("iam"), S_INIT("root"),           PRINCIPAL_ROOT         },
		{ S_INIT("sts"), S_INIT("assumed-role"),   PRINCIPAL_ROLE_SESSION },
		{ S_INIT("sts"), S_INIT("federated-user"), PRINCIPAL_FEDERATED    },
	};
	struct slice account = simulate_account(arn), part, partition, service, rest = arn, kind, name;

	rest = slice_cut(slice_cut(rest, ':', &part), ':', &partition);
	rest = slice_cut(rest, ':', &service);
	rest = slice_cut(slice_cut(rest, ':', &part), ':', &part);
	name = slice_cut(rest, '/', &kind);
	for (size_t i = 0; account.ptr && i < COUNT(rows); i++) {
		bool is_root = rows[i].type == PRINCIPAL_ROOT;
		if (!slice_equal(service, rows[i].service) || !slice_equal(kind, rows[i].kind) || is_root != !name.len)
			continue;
		*caller = (struct principal){
			.type = rows[i].type, .account = account, .arn = arn, .name = is_root ? SLICE_NONE : after_last(name, '/'),
			.issuer_arn = slice_equal(kind, S("role"))         ? arn
			            : slice_equal(kind, S("assumed-role")) ? role_of(arena, partition, account, name)
			                                                   : SLICE_NONE,
		};
		return true;
	}
	return fail_as(err, ERR_INVALID, "InvalidInput",
	               "Invalid Entity Arn: %.*s does not clearly define entity type and name.", SLICE_ARG(arn));
}
