/* services/iam/permissions_boundary.c: the boundary of a user or role, put and deleted.
 * Source: IAM API Reference (2010-05-08), PutUserPermissionsBoundary, PutRolePermissionsBoundary and the Delete... ones. */
#include "auth/roles.h"
#include "auth/users.h"
#include "services/iam/boundary.h"
#include "services/iam/member.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

static bool set(struct call *call, const struct subject *subject, struct slice boundary_arn, struct error *err)
{
	return subject->kind == ENTITY_USER
	     ? users_set_boundary(call->catalog, call->account, subject->id, boundary_arn, err)
	     : roles_set_boundary(call->catalog, call->account, subject->id, boundary_arn, err);
}

static bool perform_put(struct call *call, const void *input, void *output, struct error *err)
{
	struct slice boundary_arn = member_text(call, input, S("PermissionsBoundary"));
	struct subject subject;

	(void)output;
	return subject_of_input(call, input, &subject, err)
	    && boundary_check(call, boundary_arn, err)
	    && set(call, &subject, boundary_arn, err);
}

/* Without a boundary there is nothing to do, and nothing to complain about. */
static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	struct subject subject;

	(void)output;
	return subject_of_input(call, input, &subject, err) && set(call, &subject, SLICE_NONE, err);
}

#define CHANGE(symbol, name, function)                                \
	const struct operation iam_##symbol = {                       \
		.shape             = &iam_##symbol##_shape,           \
		.action            = "iam:" name,                     \
		.targets           = subject_targets,                 \
		.context           = subject_context,                 \
		.access            = ACCESS_WRITE,                    \
		.place             = PLACE_WRITER,                    \
		.changes_authority = true,                            \
		.perform           = function,                        \
	}

CHANGE(put_user_permissions_boundary,    "PutUserPermissionsBoundary",    perform_put);
CHANGE(put_role_permissions_boundary,    "PutRolePermissionsBoundary",    perform_put);
CHANGE(delete_user_permissions_boundary, "DeleteUserPermissionsBoundary", perform_delete);
CHANGE(delete_role_permissions_boundary, "DeleteRolePermissionsBoundary", perform_delete);
