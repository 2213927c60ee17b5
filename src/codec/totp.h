/* codec/totp.h: one-time codes of authenticator apps: six digits, another every 30 seconds (RFC 6238, HMAC-SHA-1). */
#ifndef SPOOR_CODEC_TOTP_H
#define SPOOR_CODEC_TOTP_H

#include "base/base.h"

enum { TOTP_DIGITS = 6, TOTP_STEP_MS = 30000 };

/* The number of the step that a moment lies in. */
int64_t totp_step(int64_t unix_ms);

/* The code of a step, six digits without a NUL; returns `out`. `seed` is the shared secret as bytes. */
struct slice totp_code(struct slice seed, int64_t step, char out[TOTP_DIGITS]);

/* Is it the code of that step? Takes as long for a wrong one. */
bool totp_is_code(struct slice seed, int64_t step, struct slice code);

#endif
