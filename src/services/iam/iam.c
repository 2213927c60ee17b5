/* services/iam/iam.c: AWS Identity and Access Management: the table of its operations.
 * Source: IAM API Reference (2010-05-08). */
#include "services/iam/shapes.h"
#include "services/operation.h"

#define OPERATIONS(X)                            \
	X(create_access_key)                     \
	X(create_user)                           \
	X(delete_access_key)                     \
	X(delete_user)                           \
	X(get_access_key_last_used)              \
	X(get_context_keys_for_custom_policy)    \
	X(get_context_keys_for_principal_policy) \
	X(get_user)                              \
	X(list_access_keys)                      \
	X(list_users)                            \
	X(simulate_custom_policy)                \
	X(simulate_principal_policy)             \
	X(update_access_key)                     \
	X(update_user)

#define DECLARE(op) extern const struct operation iam_##op;
#define ROW(op)     &iam_##op,
OPERATIONS(DECLARE)

extern const struct service iam;
const struct service iam = {
	.shape        = &iam_shapes,
	.event_source = "iam.amazonaws.com",
	.is_global    = true,
	.operations   = (const struct operation *const[]){ OPERATIONS(ROW) NULL },
};
