/* server/authorise.c: may they: every target of the operation is put to the policies, in order; the first refusal ends it.
 *
 * Source: IAM User Guide, "Policy evaluation logic"; "Troubleshoot access denied error messages". */
#include "auth/evaluate.h"
#include "server/request.h"
#include "services/authorisation.h"
#include "services/shape.h"

enum verdict authorise(struct request *request)
{
	struct call *call = &request->call;
	const struct operation *operation = call->operation;
	bool ok = operation->authorise ? operation->authorise(call, call->input, &call->error)
	                               : authorisation_standard(call, call->input, &call->error);

	if (ok)
		return NEXT;
	request->outcome = call->error.kind == ERR_DENIED ? OUTCOME_DENIED : OUTCOME_FAILED;
	return FAIL;
}
