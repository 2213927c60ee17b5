/* services/cloudtrail/list_public_keys_test.c: every key whose time meets that of the request. */
#include "tests/cloudtrail_fixture.h"

#include "trail/signing_keys.h"

static void add_key(struct trail_fixture *f, const char *fingerprint, struct slice der, int64_t start_ms, int64_t end_ms)
{
	const struct signing_key key = {
		.fingerprint = slice_of(fingerprint), .public_der = der, .sealed_secret = S("sealed"), .start_ms = start_ms, .end_ms = end_ms,
	};

	CHECK(f->t, signing_keys_insert(f->catalog, &key, &f->t->err));
}

#define OLD "{\"Value\":\"AAH/\",\"ValidityStartTime\":1768000000,\"ValidityEndTime\":1768400000,\"Fingerprint\":\"old\"}"
#define NEW "{\"Value\":\"MIIB\",\"ValidityStartTime\":1768390000.25,\"ValidityEndTime\":1769000000,\"Fingerprint\":\"new\"}"

/* T54, T55. */
TEST(list_public_keys_by_the_times_that_meet)
{
	static const struct { const char *body, *want; } rows[] = {
		{ "{}", NEW },
		{ "{\"StartTime\":1768395000}", OLD "," NEW },
		{ "{\"StartTime\":1768400000,\"EndTime\":1768400000}", OLD "," NEW },
		{ "{\"StartTime\":1768400001}", NEW },
		{ "{\"StartTime\":1768000000,\"EndTime\":1768000001}", OLD },
		{ "{\"StartTime\":1,\"EndTime\":2}", "" },
		{ "{\"StartTime\":\"2026-01-01T00:00:00Z\"}", OLD "," NEW },
	};
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	add_key(&f, "new", (struct slice){ "0\x82\x01", 3 }, 1768390000250, 1769000000000);
	add_key(&f, "old", (struct slice){ "\0\x01\xff", 3 }, 1768000000000, 1768400000000);
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, trail_fixture_call(&f, "ListPublicKeys", rows[i].body), arena_format(&t->arena, "{\"PublicKeyList\":[%s]}", rows[i].want));
	TRAIL_SAYS(&f, "ListPublicKeys", "{\"StartTime\":2,\"EndTime\":1}",
	           "InvalidTimeRangeException: The start time must not be later than the end time.");
	TRAIL_SAYS(&f, "ListPublicKeys", "{\"NextToken\":\"x\"}",
	           "InvalidTokenException: ListPublicKeys gives no tokens: it answers everything at once.");
	trail_fixture_end(&f);
}
