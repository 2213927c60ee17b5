/* codec/totp.c: dynamic truncation of an HMAC over the step's number. */
#include "codec/totp.h"

#include "codec/digest.h"

int64_t totp_step(int64_t unix_ms)
{
	return unix_ms / TOTP_STEP_MS;
}

struct slice totp_code(struct slice seed, int64_t step, char out[TOTP_DIGITS])
{
	unsigned char counter[8], hash[SHA1_BYTES];

	for (int i = 0; i < 8; i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	digest_hmac_sha1(seed, (struct slice){ (const char *)counter, sizeof counter }, hash);
	const unsigned char *at = hash + (hash[SHA1_BYTES - 1] & 0x0f);
	uint32_t number = (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
	for (int i = TOTP_DIGITS - 1; i >= 0; i--, number /= 10)
		out[i] = (char)('0' + number % 10);
	digest_wipe(hash, sizeof hash);
	return (struct slice){ out, TOTP_DIGITS };
}

bool totp_is_code(struct slice seed, int64_t step, struct slice code)
{
	char right[TOTP_DIGITS];

	return slice_equal_secret(totp_code(seed, step, right), code);
}
