/* auth/statement.h: what a compiled policy is made of; for the evaluator and the simulator, others use auth/policy.h. */
#ifndef SPOOR_AUTH_STATEMENT_H
#define SPOOR_AUTH_STATEMENT_H

#include "auth/action_index.h"
#include "auth/condition.h"
#include "auth/grantee.h"

struct json;

struct statement {
	struct slice            sid;
	bool                    is_deny;

	bool                    has_resources;      /* a trust policy's statement is about its role */
	bool                    excludes_resources; /* NotResource */
	const struct wildcard  *resources;
	uint32_t                resource_count;

	bool                    has_grantees, excludes_grantees;        /* Principal, NotPrincipal */
	struct grantees         grantees;

	const struct condition *conditions;
	size_t                  condition_count;

	size_t                  start, end;         /* in the document, as policy_statement_span counts */
};

struct policy {
	struct slice            document;
	const struct json      *json;
	bool                    has_variables;      /* version 2012-10-17 */
	const struct statement *statements;
	size_t                  statement_count;
	uint64_t               *denies;             /* a bit for each statement that denies */
	struct action_index     actions;
};

/* Reads one element of Statement, and adds its actions to `index` under `number`. Errors: ERR_INVALID. */
bool statement_compile(struct arena *arena, const struct json *json, bool has_variables, uint32_t number,
                       struct statement *statement, struct action_index *index, struct error *err);

/* How many action patterns it has. */
size_t statement_action_count(const struct json *json);

bool statement_covers(const struct statement *statement, struct slice resource, const struct context *context,
                      struct buffer *scratch);

bool statement_conditions_hold(const struct statement *statement, const struct context *context,
                               struct buffer *scratch);

/* Of a resource policy's statement: what it is worth to `principal`; GRANT_NONE: it is not about it. */
enum grant statement_grants(const struct statement *statement, const struct principal *principal);

#endif
