/* services/decode_query.h: the parameters of a Query or EC2 request -> the operation's input struct. */
#ifndef SPOOR_SERVICES_DECODE_QUERY_H
#define SPOOR_SERVICES_DECODE_QUERY_H

#include "base/arena.h"
#include "codec/uri.h"
#include "services/shape.h"

/* The struct of `input` (NULL: an operation without members, which gives an empty one) in `arena`; its texts are those of
 * `pairs`, which come from a form or from a query string alike. Lists and maps are `Tags.member.1.Key=..`, in any order
 * and with gaps; `protocol` PROTOCOL_EC2_QUERY leaves out `.member` and uses EC2's names. Parameters that the model does
 * not have are skipped.
 * Errors: ERR_INVALID, named MalformedQueryString (not UTF-8, a parameter twice), MalformedInput (a list where there is
 * none, and the like) or ValidationError (a value that is no number and the like); ERR_LIMIT if the arena is full. */
void *decode_query(struct arena *arena, const struct shape *input, const struct uri_pairs *pairs, enum protocol protocol,
                   struct error *err);

#endif
