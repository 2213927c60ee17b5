/* codec/password.h: password hashes, Argon2id (RFC 9106) in the PHC text form.
 *
 * Cost: some 20 to 40 ms and PASSWORD_MEMORY_KIB of memory a call, so call it on a worker, never on a front. */
#ifndef SPOOR_CODEC_PASSWORD_H
#define SPOOR_CODEC_PASSWORD_H

#include "base/random.h"

enum { PASSWORD_HASH_TEXT_BYTES = 128 };         /* with the NUL */

/* Writes `$argon2id$v=19$m=...,t=...,p=1$salt$hash` with a fresh salt and returns it. Errors: ERR_BUSY without memory. */
bool password_hash(struct slice password, struct random *random, char out[PASSWORD_HASH_TEXT_BYTES], struct error *err);

/* Compares in constant time; false too for a text that password_hash did not write, or that would cost more than
 * what we write today. `hash` NUL or absent compares against a hash nobody has, so that unknown names take as long. */
bool password_matches(struct slice password, struct slice hash);

#endif
