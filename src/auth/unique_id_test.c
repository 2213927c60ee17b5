/* auth/unique_id_test.c: form, kind and freshness. */
#include "auth/unique_id.h"
#include "tests/test.h"

TEST(unique_id_has_21_characters_and_tells_its_kind)
{
	struct random random;

	random_init_seeded(&random, 9);
	for (enum unique_id_kind kind = 0; kind < UNIQUE_ID_KIND_COUNT; kind++) {
		char one[UNIQUE_ID_BYTES], two[UNIQUE_ID_BYTES];
		enum unique_id_kind found = UNIQUE_ID_KIND_COUNT;
		struct slice id = unique_id_make(kind, &random, one);

		CHECK_NUMBER(t, id.len, 21);
		CHECK(t, unique_id_kind_of(id, &found) && found == kind);
		CHECK(t, !slice_equal(id, unique_id_make(kind, &random, two)));
	}
}

TEST(unique_id_of_a_user_begins_as_aws_has_it)
{
	struct random random;
	char id[UNIQUE_ID_BYTES];

	random_init_seeded(&random, 9);
	CHECK(t, slice_has_prefix(unique_id_make(UNIQUE_ID_USER, &random, id), S("AIDA")));
	CHECK(t, slice_has_prefix(unique_id_make(UNIQUE_ID_ROLE, &random, id), S("AROA")));
}

TEST(unique_id_kind_is_unknown_for_other_texts)
{
	static const char *const rows[] = { "", "AIDA", "AIDAAAAAAAAAAAAAAAAA", "AIDAAAAAAAAAAAAAAAAAAA", "XXXXAAAAAAAAAAAAAAAAA",
	                                    "AIDAaAAAAAAAAAAAAAAAA", "AIDA1AAAAAAAAAAAAAAAA" };
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum unique_id_kind kind;

		CHECK(t, !unique_id_kind_of(slice_of(rows[i]), &kind));
	}
}
