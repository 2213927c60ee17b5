/* server/authorise.c: may they: every target of the operation is put to the policies, in order; the first refusal ends it.
 *
 * Source: IAM User Guide, "Policy evaluation logic"; "Troubleshoot access denied error messages". */
#include "base/clock.h"
#include "base/rate.h"
#include "server/request.h"
#include "services/authorisation.h"
#include "services/errors.h"

/* After the policies: what is not allowed does not use up anybody's rate. Source: CloudTrail User Guide, "Quotas". */
static bool is_within_rate(struct request *request)
{
	const struct call *call = &request->call;
	unsigned per_second = call->operation->calls_per_second;
	struct rate *rate = per_second ? request->front->server->rates[per_second] : NULL;
	char key[192];

	if (!rate)
		return true;
	int bytes = snprintf(key, sizeof key, "%.*s/%.*s/%.*s", SLICE_ARG(call->account), SLICE_ARG(call->region),
	                     SLICE_ARG(call->operation->shape->name));
	return rate_take(rate, (struct slice){ key, (size_t)bytes < sizeof key ? (size_t)bytes : sizeof key }, clock_monotonic_ms());
}

enum verdict authorise(struct request *request)
{
	struct call *call = &request->call;
	const struct operation *operation = call->operation;
	bool ok = operation->authorise ? operation->authorise(call, call->input, &call->error)
	                               : authorisation_standard(call, call->input, &call->error);

	if (ok && !is_within_rate(request)) {
		request->outcome = OUTCOME_THROTTLED;
		errors_fail_front(&call->error, FRONT_THROTTLED, request_protocol(call->wire), "Rate exceeded");
		return FAIL;
	}
	if (ok)
		return NEXT;
	request->outcome = call->error.kind == ERR_DENIED ? OUTCOME_DENIED : OUTCOME_FAILED;
	if (request->outcome == OUTCOME_DENIED)
		call->error.name = errors_front(FRONT_DENIED, request_protocol(call->wire)).code.ptr;
	return FAIL;
}
