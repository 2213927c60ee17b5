/* bucket/canonical_id_test.c: of an account always the same, of another another. */
#include "bucket/canonical_id.h"

#include "codec/hex.h"
#include "tests/test.h"

TEST(a_canonical_id_is_64_digits_and_the_accounts_own)
{
	struct slice id = canonical_id_of(&t->arena, S("111122223333"));

	CHECK(t, hex_is_lower(id, 64));
	CHECK(t, slice_equal(id, canonical_id_of(&t->arena, S("111122223333"))));
	CHECK(t, !slice_equal(id, canonical_id_of(&t->arena, S("111122223334"))));
}
