/* query/value_numbers.h: values, numbered from 0 in the order in which they came, and sets of such numbers.
 *
 * The same addresses come in a thousand groups. So for counting what is distinct each is kept once, for all groups together, and a
 * group has a set of numbers: 8 to 16 bytes a value instead of a hundred, which also is what makes it fast, since they are near. */
#ifndef SPOOR_QUERY_VALUE_NUMBERS_H
#define SPOOR_QUERY_VALUE_NUMBERS_H

#include "query/key_table.h"
#include "query/number_set.h"
#include "query/value.h"

struct value_numbers {                          /* zeroed is empty */
	struct key_table table;
};

/* The number of a value that takes part in distinct ones. False: the budget is used up, or 2^32 - 1 are numbered. */
bool value_numbers_find_or_add(struct value_numbers *numbers, struct pool *pool, uint64_t seed, struct arena *scratch,
                               const struct value *value, uint32_t *number);

/* Takes all of `from` over, whose pool `pool` has adopted, and says what each of its numbers is called now. False: the budget is used
 * up, or too many are numbered. */
bool value_numbers_merge(struct value_numbers *into, struct value_numbers *from, struct pool *pool, struct number_names *renamed);

void value_numbers_forget(struct number_names *renamed, struct pool *pool);

#endif
