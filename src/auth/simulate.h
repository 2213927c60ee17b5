/* auth/simulate.h: what would the policies say? The evaluator, asked about a made-up request, and its reasons.
 *
 * Whether a simulated value is a number or an address is decided by the operator that compares it, as in a real call;
 * the declared type of a context entry decides nothing.
 * Source: IAM API Reference (2010-05-08), SimulateCustomPolicy, SimulatePrincipalPolicy. */
#ifndef SPOOR_AUTH_SIMULATE_H
#define SPOOR_AUTH_SIMULATE_H

#include "auth/evaluate.h"
#include "auth/policy.h"

/* A policy and what the answer calls it: "PolicyInputList.1", a managed policy's name, "user_alice_Inline". */
struct simulate_policy {
	struct slice         source_id;
	const struct policy *policy;
};

struct simulate_policies {
	const struct simulate_policy *items;
	size_t                        count;
};

struct simulation {
	const struct principal  *caller;
	struct simulate_policies identity;
	struct simulate_policies boundary;         /* at most one; none: no boundary */
	struct simulate_policy   resource_policy;  /* policy NULL: none, and then only the caller's side is asked */
	struct slice             resource_owner;   /* account of resources whose ARN has none; SLICE_NONE: the caller's */
	const struct context    *context;
};

struct simulate_statement {
	struct slice       source_id;
	struct slice       source_type;            /* "IAM Policy", "Resource Policy" */
	struct policy_span span;
};

struct simulate_result {
	struct slice               action, resource;
	enum decision              decision;
	struct simulate_statement *statements;     /* those that deny, else those that allow, if it is allowed */
	size_t                     statement_count;
	struct slice              *missing_keys;   /* context keys that statements about the action ask for */
	size_t                     missing_count;
	bool                       has_boundary, is_allowed_by_boundary;
	bool                       is_cross_account;
	enum decision              identity_decision, resource_decision;    /* across accounts: each side by itself */
};

/* All in `arena`. */
struct simulate_result simulate(struct arena *arena, const struct simulation *simulation, struct slice action,
                                struct slice resource);

/* The principal of an ARN: of a user, a role (as one of its sessions), a session, a federated user, or the root.
 * Only what the ARN says is known, so that the role of a session counts as one without a path. In `arena`, and in the
 * ARN itself. Errors: ERR_INVALID "InvalidInput". */
bool simulate_caller(struct arena *arena, struct slice arn, struct principal *caller, struct error *err);

/* The account in `arn`; `text` may also be an account. SLICE_NONE if there is none. */
struct slice simulate_account(struct slice text);

/* "allowed", "explicitDeny", "implicitDeny". */
struct slice simulate_decision_text(enum decision decision);

/* The condition keys of all of them, each once. Returns the count; *keys is in `arena`. */
size_t simulate_context_keys(struct arena *arena, const struct simulate_policies *policies, struct slice **keys);

#endif
