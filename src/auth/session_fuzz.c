/* auth/session_fuzz.c: no token crashes the reader or opens by chance; claims of any bytes come back as they were. */
#include "auth/session.h"
#include "tests/fuzz.h"

static const unsigned char master[AES256_KEY_BYTES] = "fuzz";

static struct slice piece(struct slice *rest)
{
	struct slice head;

	*rest = slice_cut(*rest, '\n', &head);
	return head;
}

static bool is_same(struct slice a, struct slice b)
{
	return slice_equal(a, b) && !a.ptr == !b.ptr;
}

FUZZ(session)
{
	struct keyring *keyring = keyring_from_key(master);
	struct slice rest = f->input;
	struct random random;
	struct session got, session = {
		.kind = SESSION_FEDERATED, .account = S("111122223333"), .issuer_id = piece(&rest), .issuer_arn = piece(&rest),
		.issuer_name = piece(&rest), .name = piece(&rest), .source_identity = piece(&rest), .policy = piece(&rest),
		.expires_ms = 1,
	};
	struct principal_tag tags[3] = { { piece(&rest), piece(&rest) }, { piece(&rest), piece(&rest) }, { piece(&rest), piece(&rest) } };

	CHECK_FUZZ(f, session_open(keyring, f->input, S("ASIA"), 0, &f->arena, &got) != SESSION_GOOD);
	random_init_seeded(&random, 5);
	session.tags = tags;
	session.tag_count = COUNT(tags);
	session_begin(keyring, &session, &random, &f->arena);
	struct slice token = session_seal(keyring, &session, &random, &f->arena, NULL, &f->err);
	if (token.ptr) {
		CHECK_FUZZ(f, session_open(keyring, token, session.access_key_id, 0, &f->arena, &got) == SESSION_GOOD);
		CHECK_FUZZ(f, is_same(got.issuer_id, session.issuer_id) && is_same(got.issuer_arn, session.issuer_arn));
		CHECK_FUZZ(f, is_same(got.issuer_name, session.issuer_name) && is_same(got.name, session.name));
		CHECK_FUZZ(f, is_same(got.source_identity, session.source_identity) && is_same(got.policy, session.policy));
		for (size_t i = 0; i < COUNT(tags); i++)
			CHECK_FUZZ(f, is_same(got.tags[i].key, tags[i].key) && is_same(got.tags[i].value, tags[i].value));
	} else {
		CHECK_FUZZ(f, f->err.kind == ERR_LIMIT);
	}
	keyring_close(keyring);
}
