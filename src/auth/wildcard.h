/* auth/wildcard.h: texts of a policy that may hold * and ? and policy variables: ${aws:username}, ${key, 'default'}.
 *
 * A compiled pattern marks its wildcards with two bytes that UTF-8 never uses, so that a star which comes out of a
 * variable, or is written ${*}, stays a plain star. Matching costs at most pattern times text, and is linear where the
 * pattern has no '?': no pattern makes it backtrack further than its last star.
 * Source: IAM User Guide, "IAM JSON policy elements: Resource" and "Variables and tags". */
#ifndef SPOOR_AUTH_WILDCARD_H
#define SPOOR_AUTH_WILDCARD_H

#include "base/buffer.h"

struct context;

enum { WILDCARD_STAR = 0xFE, WILDCARD_ONE = 0xFF };

struct wildcard_part {
	struct slice key;        /* of a variable; SLICE_NONE: `text` is a piece of the pattern */
	uint64_t     key_hash;
	struct slice text;       /* of a variable: its default, or SLICE_NONE */
};

struct wildcard {
	struct slice                text;        /* the whole pattern, if there are no variables */
	const struct wildcard_part *parts;
	uint32_t                    part_count;  /* 0: no variables */
};

enum { WILDCARD_STARS = 1, WILDCARD_VARIABLES = 2 };    /* what `text` may hold; the rest is plain */

struct wildcard wildcard_compile(struct arena *arena, struct slice text, unsigned flags);

/* Puts the values in place of the variables. False if one has no single value and no default, or if the result has
 * more than `plain_max` bytes besides its stars and so cannot match a text of that length. `scratch` is overwritten. */
bool wildcard_expand(const struct wildcard *wildcard, const struct context *context, size_t plain_max,
                     struct buffer *scratch, struct slice *pattern);

/* `pattern` as expanded, against the whole text. A '?' is one character, not one byte. */
bool wildcard_match(struct slice pattern, struct slice text);

/* As ArnLike compares: the six parts one by one, so that a star does not cross a colon but in the last part. */
bool wildcard_match_arn(struct slice pattern, struct slice arn);

#endif
