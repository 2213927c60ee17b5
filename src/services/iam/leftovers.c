/* services/iam/leftovers.c: attached policies are named before inline ones, as AWS does. */
#include "services/iam/leftovers.h"

#include "auth/attachments.h"
#include "auth/inline_policies.h"

bool leftovers_fail(const char *what, struct error *err)
{
	return fail_as(err, ERR_CONFLICT, "DeleteConflict", "Cannot delete entity, must %s first.", what);
}

bool leftovers_check_policies(struct call *call, struct slice entity_id, struct error *err)
{
	struct attachment_list attachments;
	bool any_inline;

	if (!attachments_list(call->catalog, &call->arena, call->account, entity_id, &attachments, err)
	    || !inline_policies_any(call->catalog, call->account, entity_id, &any_inline, err))
		return false;
	if (attachments.count)
		return leftovers_fail("detach all policies", err);
	return !any_inline || leftovers_fail("delete policies", err);
}
