/* trail/trail_names.h: names and ARNs of trails, and which trail a request means by one.
 * Source: CloudTrail User Guide, "Naming requirements"; API Reference, CreateTrail, GetTrailStatus; messages as real
 * accounts answered them. */
#ifndef SPOOR_TRAIL_TRAIL_NAMES_H
#define SPOOR_TRAIL_TRAIL_NAMES_H

#include "base/arena.h"

enum { TRAIL_NAME_CHARACTERS_MIN = 3, TRAIL_NAME_CHARACTERS_MAX = 128 };

/* Errors: ERR_INVALID "InvalidTrailNameException". */
bool trail_names_check(struct slice name, struct error *err);

/* "arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME", in the arena. */
struct slice trail_names_arn(struct arena *arena, struct slice region, struct slice account, struct slice name);

/* The parts of an ARN of a trail; they point into it. */
struct trail_arn { struct slice region, account, name; };

/* Errors: ERR_INVALID "CloudTrailARNInvalidException". */
bool trail_names_parse_arn(struct slice arn, struct trail_arn *parts, struct error *err);

/* What a request gave where the API takes a name or an ARN: an ARN is parsed, a name is checked and completed with the
 * region and account of the request. Errors: those of the two above. */
struct trail_reference {
	struct trail_arn parts;
	bool             is_arn;
};
bool trail_names_read(struct slice text, struct slice region, struct slice account, struct trail_reference *reference,
                      struct error *err);

#endif
