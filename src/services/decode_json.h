/* services/decode_json.h: the body of a JSON 1.0 or 1.1 request -> the operation's input struct. */
#ifndef SPOOR_SERVICES_DECODE_JSON_H
#define SPOOR_SERVICES_DECODE_JSON_H

#include "base/arena.h"
#include "services/shape.h"

/* The struct of `input` (NULL: an operation without members, which gives an empty one) in `arena`; texts may point into
 * `body`. An empty body is `{}`; members that the model does not have are skipped; a null member is absent.
 * Errors: ERR_INVALID named SerializationException for what is no JSON, has a duplicate key, is nested too deep or has
 * the wrong JSON type; ERR_LIMIT if the arena is full. */
void *decode_json(struct arena *arena, const struct shape *input, struct slice body, struct error *err);

#endif
