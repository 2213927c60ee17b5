/* auth/evaluate.h: may this principal do this? AWS's evaluation logic over compiled policies.
 *
 * A pure function of its request: the same request always gets the same answer, and nothing is looked up.
 * Source: IAM User Guide, "Policy evaluation logic" and "Troubleshoot access denied error messages". */
#ifndef SPOOR_AUTH_EVALUATE_H
#define SPOOR_AUTH_EVALUATE_H

#include "auth/context.h"
#include "auth/principal.h"

enum decision { DECISION_IMPLICIT_DENY, DECISION_EXPLICIT_DENY, DECISION_ALLOW };

/* Which kind of policy settled it. For an implicit deny: the first kind that would have had to allow. */
enum policy_set {
	SET_NONE, SET_ROOT, SET_SCP, SET_RESOURCE, SET_IDENTITY, SET_BOUNDARY, SET_SESSION,
	POLICY_SET_COUNT
};

struct evaluate_policies {
	const struct policy *const *items;
	size_t                      count;
	bool                        is_present;    /* for session policies and SCPs: an empty set allows nothing, none is no limit */
};

struct evaluate_request {
	const struct principal  *principal;
	struct slice             action;           /* "s3:GetObject"; case does not matter */
	struct slice             resource;         /* an ARN, or "*" where the action knows no resources */
	struct slice             resource_account; /* SLICE_NONE: the principal's */
	const struct context    *context;
	struct arena            *scratch;          /* policy variables are expanded here; little, and only if there are some */

	struct evaluate_policies identity;
	struct evaluate_policies session;
	struct evaluate_policies scps;
	const struct policy     *boundary;         /* NULL with has_boundary: a boundary that allows nothing */
	bool                     has_boundary;
	const struct policy     *resource_policy;  /* NULL: none */
	bool                     resource_policy_required; /* trust and key policies: they must allow, same account or not */

	struct evaluate_trace   *trace;            /* NULL: only the verdict, which is faster */
};

struct evaluate_match {
	enum policy_set set;
	uint16_t        policy, statement;         /* positions in the request's list and in the document */
	bool            is_deny;
};

/* Everything that matched, for simulation. The caller provides the arrays; what does not fit is counted, not written. */
struct evaluate_trace {
	struct evaluate_match *matches;
	size_t                 match_count, match_room;
	struct slice          *missing_keys;       /* asked for by statements about this action, and not in the context */
	size_t                 missing_count, missing_room;
	bool                   is_allowed_by[POLICY_SET_COUNT], is_denied_by[POLICY_SET_COUNT];
};

struct evaluation {
	enum decision         decision;
	enum policy_set       decided_by;
	struct evaluate_match match;               /* the statement that denied or allowed; set SET_NONE: none did */
};

struct evaluation evaluate(const struct evaluate_request *request);

/* A request with the principal's own policies in place. */
struct evaluate_request evaluate_request_of(const struct principal *principal, struct slice action,
                                            struct slice resource, const struct context *context,
                                            struct arena *scratch);

enum evaluate_wording {
	WORDING_FULL,             /* "... because no identity-based policy allows the iam:GetUser action" */
	WORDING_NO_REASON,        /* ends after the resource, as STS writes it */
};

/* What AWS tells a caller who was refused. `shown` is the resource as the service names it ("user bob", an ARN);
 * SLICE_NONE or "" leaves it out. The result lives in `arena`. */
struct slice evaluate_denied_message(struct arena *arena, struct slice caller_arn, struct slice action,
                                     struct slice shown, const struct evaluation *evaluation,
                                     enum evaluate_wording wording);

#endif
