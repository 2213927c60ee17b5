/* auth/condition_operator.h: the operators of Condition blocks, one row each: how a policy value is read and compared.
 *
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators". */
#ifndef SPOOR_AUTH_CONDITION_OPERATOR_H
#define SPOOR_AUTH_CONDITION_OPERATOR_H

#include "auth/wildcard.h"

struct condition_number {
	bool    is_integer;           /* `integer` is exact */
	int64_t integer;
	double  real;
};

struct condition_network {            /* an address is a network of one */
	bool    is_v6;
	int     prefix_bits;
	uint8_t bytes[16];
};

/* A value of the policy, read once. A value that cannot be read matches nothing. */
struct condition_value {
	bool is_readable;
	union {
		struct wildcard          text;
		struct condition_number  number;
		int64_t                  time_ms;
		bool                     boolean;
		struct slice             base64;
		struct condition_network network;
	};
};

struct condition_operator {
	struct slice name;
	bool         is_negated;      /* true when `matches` is not */
	bool         is_null;         /* asks whether the key is there */
	unsigned     text_flags;      /* what wildcard_compile may find in a value */

	/* Fills the union; false if `text` cannot be read so. */
	bool       (*read)(struct arena *arena, struct slice text, unsigned flags, struct condition_value *value);

	/* Does the request's value match the policy's? */
	bool       (*matches)(const struct condition_value *value, struct slice actual, const struct context *context,
	                      struct buffer *scratch);
};

/* Ignores case, as AWS does for operator names; NULL if there is none. Without prefix and suffix. */
const struct condition_operator *condition_operator_find(struct slice name);

#endif
