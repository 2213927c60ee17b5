/* query/insights_key.h: a value as a key of tables, and back: what value_add_key() tells apart, without writing it down first.
 *
 * Values with one key need not be of one kind: the number 1 and the text "1" are one group. So whoever wants the value back keeps
 * the kind beside the key. */
#ifndef SPOOR_QUERY_INSIGHTS_KEY_H
#define SPOOR_QUERY_INSIGHTS_KEY_H

#include "query/value.h"

struct insights_key {
	char         kind;                      /* 't' a text or number, 'd' a time, '-' none */
	struct slice bytes;                     /* of the value, of `room`, or in the arena */
	char         room[24];
};

/* `key` does not move while it is used. */
void insights_key_of(const struct value *value, struct arena *scratch, struct insights_key *key);

/* The value that it was of, whose kind was `kind`; objects and arrays come back as absent. Texts are those of `bytes`. */
struct value insights_key_value(enum value_kind kind, struct slice bytes);

#endif
