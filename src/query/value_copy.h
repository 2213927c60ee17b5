/* query/value_copy.h: values and all that they point to, copied into one piece of memory.
 *
 * First counted, then copied, by the same steps: with `room` NULL only `bytes` grows. `room` is aligned for any type.
 *
 *     struct value_copy copy = { NULL };         ... value_copy_value(&copy, &values[i]) ...
 *     copy = (struct value_copy){ .room = xmalloc(copy.bytes) };     ... the same again ... */
#ifndef SPOOR_QUERY_VALUE_COPY_H
#define SPOOR_QUERY_VALUE_COPY_H

#include "query/value.h"

struct value_copy {
	char  *room;
	size_t bytes;
	struct slice from, to;                  /* a text that has been copied, so that texts within it need no copy of their own */
};

void        *value_copy_place(struct value_copy *copy, size_t bytes);           /* NULL while counting */
struct slice value_copy_text(struct value_copy *copy, struct slice text);       /* SLICE_NONE stays that */
struct value value_copy_value(struct value_copy *copy, const struct value *value);

#endif
