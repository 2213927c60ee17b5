/* bucket/canonical_id.c: derived and not kept, so it is the same after a reset and needs no row. */
#include "bucket/canonical_id.h"

#include "codec/digest.h"

struct slice canonical_id_of(struct arena *arena, struct slice account)
{
	struct slice text = arena_format(arena, "spoor canonical user of %.*s", SLICE_ARG(account));
	char *hex = arena_alloc(arena, SHA256_HEX_BYTES);

	return digest_sha256_hex(text, hex);
}
