/* codec/password.c: the only file that knows libargon2.
 *
 * The costs are in the text, so that old hashes stay readable when limits.h raises them. */
#include "codec/password.h"
#include "base/limits.h"

#include <argon2.h>

enum { SALT_BYTES = 16, HASH_BYTES = 32 };

/* Salt and hash that no password has: comparing with them takes the usual time. */
static const char NOBODY[] = "c3Bvb3JzcG9vcnNwb29ycw$b2Yc2mTn0qk3hGv7s1dX9eJwLrUaZ4oPiB8fK5yNxQE";

bool password_hash(struct slice password, struct random *random, char out[PASSWORD_HASH_TEXT_BYTES], struct error *err)
{
	unsigned char salt[SALT_BYTES];

	random_bytes(random, salt, sizeof salt);
	int result = argon2id_hash_encoded(PASSWORD_PASSES, PASSWORD_MEMORY_KIB, 1, password.ptr, password.len, salt,
	                                   sizeof salt, HASH_BYTES, out, PASSWORD_HASH_TEXT_BYTES);
	return result == ARGON2_OK || fail(err, ERR_BUSY, "The password could not be hashed: %s", argon2_error_message(result));
}

/* Reads `digits` up to `end`, within 1 to `max`. */
static bool read_cost(const char **at, const char *name, char end, uint64_t max)
{
	size_t len = strlen(name);
	uint64_t value;

	if (strncmp(*at, name, len) != 0)
		return false;
	const char *digits = *at + len, *stop = strchr(digits, end);
	if (!stop || !slice_to_u64((struct slice){ digits, (size_t)(stop - digits) }, &value) || value < 1 || value > max)
		return false;
	*at = stop + 1;
	return true;
}

/* Libargon2 would obey any cost written in the text; a damaged row must not take all memory. */
static bool is_affordable(const char *hash)
{
	const char *at = hash;

	return read_cost(&at, "$argon2id$v=", '$', 19) && read_cost(&at, "m=", ',', PASSWORD_MEMORY_KIB)
	       && read_cost(&at, "t=", ',', PASSWORD_PASSES) && read_cost(&at, "p=", '$', 1);
}

bool password_matches(struct slice password, struct slice hash)
{
	char text[PASSWORD_HASH_TEXT_BYTES];
	bool is_known = hash.len > 0 && hash.len < sizeof text && !memchr(hash.ptr, 0, hash.len);

	if (is_known) {
		memcpy(text, hash.ptr, hash.len);
		text[hash.len] = 0;
		is_known = is_affordable(text);
	}
	if (!is_known)
		snprintf(text, sizeof text, "$argon2id$v=19$m=%d,t=%d,p=1$%s", PASSWORD_MEMORY_KIB, PASSWORD_PASSES, NOBODY);
	return argon2id_verify(text, password.ptr, password.len) == ARGON2_OK && is_known;
}
