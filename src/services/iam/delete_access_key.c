/* services/iam/delete_access_key.c: an access key is gone for good.
 * Source: IAM API Reference (2010-05-08), DeleteAccessKey. */
#include "auth/access_keys.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_delete_access_key_request *in = input;
	struct subject owner;

	(void)output;
	return subject_user_or_self(call, in->user_name, &owner, err)
	    && access_keys_get(call->catalog, &call->arena, call->account, owner.id, in->access_key_id, err)
	    && access_keys_delete(call->catalog, call->account, in->access_key_id, err);
}

const struct operation iam_delete_access_key = {
	.shape             = &iam_delete_access_key_shape,
	.action            = "iam:DeleteAccessKey",
	.targets           = subject_targets,
	.context           = subject_context,
	.access            = ACCESS_WRITE,
	.place             = PLACE_WRITER,
	.changes_authority = true,
	.perform           = perform,
};
