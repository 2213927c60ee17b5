/* bucket/canonical_id.h: what S3 calls an account in lists and grants: 64 hexadecimal digits.
 * Source: Amazon S3 User Guide, "Finding the canonical user ID for your AWS account". */
#ifndef SPOOR_BUCKET_CANONICAL_ID_H
#define SPOOR_BUCKET_CANONICAL_ID_H

#include "base/arena.h"

struct slice canonical_id_of(struct arena *arena, struct slice account);

#endif
