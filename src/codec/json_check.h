/* codec/json_check.h: is a text JSON, all of it, without building anything from it?
 *
 * For who has found what he wanted by way of an index, which leaves most of a text unread, and must not take half a text for
 * a whole one. The grammar of RFC 8259 alone decides: keys may be equal, a surrogate escape may stand alone, and nesting is
 * bounded by nothing but the text's length, for it is kept as one bit a level. */
#ifndef SPOOR_CODEC_JSON_CHECK_H
#define SPOOR_CODEC_JSON_CHECK_H

#include "base/arena.h"
#include "codec/json_index.h"

/* `record` is a slice of index->text: one value, blanks around it taken. `scratch` takes an eighth of its length. */
bool json_check(const struct json_index *index, struct slice record, struct arena *scratch);

#endif
