/* auth/access_key_id.c: ten bytes behind the prefix: one set bit, 40 bits of account, 39 bits of chance. */
#include "auth/access_key_id.h"
#include "codec/base32.h"
#include "codec/base64.h"

enum { PREFIX_BYTES = 4, TAIL_BYTES = 10, ACCOUNT_SHIFT = 7, SECRET_RANDOM_BYTES = 30 };

static const uint64_t FORM_BIT = (uint64_t)1 << 47;       /* of the first 48 bits; clear in ids without an account */
static const uint64_t ACCOUNT_MASK = 0x7fffffffff80;
static const uint64_t ACCOUNT_MAX = 999999999999;

_Static_assert(BASE32_TEXT_BYTES(TAIL_BYTES) == ACCESS_KEY_ID_BYTES - PREFIX_BYTES, "the tail fills the id");
_Static_assert(BASE64_TEXT_BYTES(SECRET_RANDOM_BYTES) == ACCESS_KEY_SECRET_BYTES, "no padding in a secret");

struct slice access_key_id_make(enum access_key_kind kind, struct slice account, struct random *random,
                                char out[ACCESS_KEY_ID_BYTES])
{
	unsigned char tail[TAIL_BYTES];
	uint64_t number = 0;

	assert(account.len == ACCOUNT_BYTES && slice_to_u64(account, &number));
	random_bytes(random, tail, sizeof tail);
	uint64_t head = FORM_BIT | number << ACCOUNT_SHIFT | (tail[5] & 0x7f);
	for (size_t i = 0; i < 6; i++)
		tail[i] = (unsigned char)(head >> (40 - 8 * i));
	memcpy(out, kind == ACCESS_KEY_TEMPORARY ? "ASIA" : "AKIA", PREFIX_BYTES);
	base32_encode(tail, sizeof tail, out + PREFIX_BYTES);
	return (struct slice){ out, ACCESS_KEY_ID_BYTES };
}

bool access_key_id_account(struct slice access_key_id, char account[ACCOUNT_BYTES])
{
	unsigned char tail[TAIL_BYTES];
	uint64_t head = 0;
	size_t count;
	bool has_prefix = slice_has_prefix(access_key_id, S("AKIA")) || slice_has_prefix(access_key_id, S("ASIA"));

	if (!has_prefix || access_key_id.len != ACCESS_KEY_ID_BYTES
	    || !base32_decode(slice_from(access_key_id, PREFIX_BYTES), tail, sizeof tail, &count))
		return false;
	for (size_t i = 0; i < 6; i++)
		head = head << 8 | tail[i];
	uint64_t number = (head & ACCOUNT_MASK) >> ACCOUNT_SHIFT;
	if (!(head & FORM_BIT) || number > ACCOUNT_MAX)
		return false;
	for (size_t i = ACCOUNT_BYTES; i-- > 0; number /= 10)
		account[i] = (char)('0' + number % 10);
	return true;
}

bool access_key_id_is_temporary(struct slice access_key_id)
{
	return slice_has_prefix(access_key_id, S("ASIA"));
}

struct slice access_key_id_secret(struct random *random, char out[ACCESS_KEY_SECRET_BYTES])
{
	unsigned char bytes[SECRET_RANDOM_BYTES];

	random_bytes(random, bytes, sizeof bytes);
	struct slice secret = base64_write(bytes, sizeof bytes, out);
	explicit_bzero(bytes, sizeof bytes);
	return secret;
}
