/* event/error_code.h: how a failed call appears in its record, which is not how it was answered.
 *
 * The record names the error's shape where the Query protocol answers with a shorter code, says AccessDenied for every
 * denial, and withholds parameters of calls that were refused. Source: record sets, see cloudtrail.md 3.7's facts in
 * the tests; CloudTrail User Guide, "CloudTrail record contents", errorCode. */
#ifndef SPOOR_EVENT_ERROR_CODE_H
#define SPOOR_EVENT_ERROR_CODE_H

#include "base/arena.h"

/* What became of a call, as far as the spelling of its error depends on it. */
enum error_cause {
	ERROR_CAUSE_FAILED,           /* the operation said no: it ran, or its input was wrong */
	ERROR_CAUSE_DENIED,           /* the policies said no */
	ERROR_CAUSE_THROTTLED,
};

struct error_code_recorded {
	struct slice code;            /* for errorCode; static, or in the arena */
	bool         keeps_parameters; /* else requestParameters is null */
	bool         keeps_resources; /* else the record has no `resources` */
};

/* `event_source` is "iam.amazonaws.com" and so on; `wire_code` what the client was answered. */
struct error_code_recorded error_code_record(struct arena *arena, struct slice event_source, enum error_cause cause,
                                             struct slice wire_code);

#endif
