/* auth/condition.h: one line of a Condition block: operator, key, values.
 *
 * Source: IAM User Guide, "Condition operators", "Set operators for multivalued context keys". */
#ifndef SPOOR_AUTH_CONDITION_H
#define SPOOR_AUTH_CONDITION_H

#include "auth/condition_operator.h"

struct json;

/* Over which values of the request: without a prefix a positive operator wants one that matches, a negated one none. */
enum condition_scope { SCOPE_PLAIN, SCOPE_FOR_ALL_VALUES, SCOPE_FOR_ANY_VALUE };

struct condition {
	const struct condition_operator *operator;
	enum condition_scope             scope;
	bool                             if_exists;
	struct slice                     key;
	uint64_t                         key_hash;
	const struct condition_value    *values;
	size_t                           value_count;
};

/* Reads "ForAnyValue:StringLikeIfExists". False if there is no such operator. */
bool condition_parse_operator(struct slice text, struct condition *condition);

/* Reads the members of a Condition element into an array of *count. `has_variables`: version 2012-10-17.
 * Errors: ERR_INVALID. */
const struct condition *condition_compile(struct arena *arena, const struct json *block, bool has_variables,
                                          size_t *count, struct error *err);

bool condition_holds(const struct condition *condition, const struct context *context, struct buffer *scratch);

#endif
