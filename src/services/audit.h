/* services/audit.h: an operation's input and output as the event shows them.
 *
 * First letters are lowered, nothing else of a name; secrets are gone before anything is stored. What is left empty is
 * null, never `{}`, because consumers read `{}` as parameters that were there. Source: CloudTrail User Guide,
 * "CloudTrail record contents"; the record sets in tests/data. */
#ifndef SPOOR_SERVICES_AUDIT_H
#define SPOOR_SERVICES_AUDIT_H

#include "base/arena.h"
#include "services/shape.h"

enum audit_flag {
	AUDIT_KEEP_SESSION_TOKEN = 1 << 0,     /* as AWS does; the operator's switch log_session_token */
};

/* requestParameters as JSON in `arena`; SLICE_NONE = null. Policy documents stay as they were sent. */
struct slice audit_request(struct arena *arena, const struct operation_shape *operation, const void *input, unsigned flags);

/* responseElements of a success; SLICE_NONE = null: a read (all but STS's AssumeRole calls, which keep theirs), or a reply
 * without members. Policy documents are percent-encoded, as on the wire. */
struct slice audit_response(struct arena *arena, const struct operation_shape *operation, const void *output,
                            bool is_read_only, unsigned flags);

#endif
