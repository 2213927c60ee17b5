/* auth/unique_id.c: a prefix that says what it is, and chance. */
#include "auth/unique_id.h"
#include "codec/base32.h"

enum { PREFIX_BYTES = 4 };

static const char *const prefixes[] = {
	[UNIQUE_ID_USER]             = "AIDA",
	[UNIQUE_ID_GROUP]            = "AGPA",
	[UNIQUE_ID_ROLE]             = "AROA",
	[UNIQUE_ID_POLICY]           = "ANPA",
	[UNIQUE_ID_POLICY_VERSION]   = "ANVA",
	[UNIQUE_ID_INSTANCE_PROFILE] = "AIPA",
	[UNIQUE_ID_PUBLIC_KEY]       = "APKA",
	[UNIQUE_ID_CERTIFICATE]      = "ASCA",
};
_Static_assert(COUNT(prefixes) == UNIQUE_ID_KIND_COUNT, "a prefix for each kind");

struct slice unique_id_make(enum unique_id_kind kind, struct random *random, char out[UNIQUE_ID_BYTES])
{
	assert(kind < UNIQUE_ID_KIND_COUNT);
	memcpy(out, prefixes[kind], PREFIX_BYTES);
	random_text(random, S(BASE32_ALPHABET), out + PREFIX_BYTES, UNIQUE_ID_BYTES - PREFIX_BYTES);
	return (struct slice){ out, UNIQUE_ID_BYTES };
}

bool unique_id_kind_of(struct slice id, enum unique_id_kind *kind)
{
	if (id.len != UNIQUE_ID_BYTES)
		return false;
	for (size_t i = PREFIX_BYTES; i < id.len; i++)
		if (!memchr(BASE32_ALPHABET, id.ptr[i], sizeof BASE32_ALPHABET - 1))
			return false;
	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (memcmp(id.ptr, prefixes[i], PREFIX_BYTES) == 0) {
			*kind = (enum unique_id_kind)i;
			return true;
		}
	return false;
}
