/* auth/principals_test.c: who a key is, until when that is kept, and what ends it. */
#include "auth/principals.h"

#include "auth/access_keys.h"
#include "auth/accounts.h"
#include "auth/attachments.h"
#include "auth/evaluate.h"
#include "auth/group_members.h"
#include "auth/groups.h"
#include "auth/inline_policies.h"
#include "auth/policy_cache.h"
#include "auth/roles.h"
#include "auth/session.h"
#include "auth/users.h"
#include "tests/auth_catalog.h"

#define ACCOUNT S("111122223333")
#define BOB     S("AIDABOB00000000000001")
#define ROLE    S("AROAROLE0000000000001")
#define GROUP   S("AGPAGROUP000000000001")

static const char ALLOW_USERS[] =
	"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:ListUsers\",\"Resource\":\"*\"}]}";

struct world {
	struct catalog      *catalog;
	struct keyring      *keyring;
	struct policy_cache *policies;
	struct principals   *principals;
	struct random        random;
	uint64_t             epoch;
};

static struct world *world_new(struct test *t)
{
	static const unsigned char master[AES256_KEY_BYTES] = { 7 };
	struct world *world = arena_new(&t->arena, struct world);
	const struct user bob = { .name = S("bob"), .path = S("/eng/"), .user_id = BOB, .created_ms = 1 };
	const struct access_key key = {
		.account = ACCOUNT, .access_key_id = S("AKIABOB"), .owner_id = BOB, .is_active = true, .created_ms = 1,
	};

	random_init_seeded(&world->random, 3);
	world->catalog = auth_catalog_open(t);
	world->keyring = keyring_from_key(master);
	world->policies = policy_cache_new(1 << 20, 1);
	world->principals = principals_new(world->keyring, world->policies, 2, 1);
	CHECK(t, accounts_insert(world->catalog, ACCOUNT, 1, &t->err));
	CHECK(t, users_insert(world->catalog, ACCOUNT, &bob, &t->err));
	CHECK(t, access_keys_insert(world->catalog, &t->arena, world->keyring, &world->random, &key, S("bob's secret"), &t->err));
	return world;
}

static void world_free(struct world *world)
{
	principals_free(world->principals);
	policy_cache_free(world->policies);
	keyring_close(world->keyring);
	catalog_close(world->catalog);
}

static enum principals_found take(struct test *t, struct world *world, struct slice id, struct slice token, int64_t now_ms,
                                  const struct credential **credential)
{
	return principals_take(world->principals, world->catalog, world->epoch, id, token, now_ms, credential, &t->err);
}

static bool may_list(struct test *t, const struct credential *credential)
{
	struct context context;

	context_init(&context, &t->arena);
	struct evaluate_request request = evaluate_request_of(&credential->principal, S("iam:ListUsers"), S("*"), &context, &t->arena);
	return evaluate(&request).decision == DECISION_ALLOW;
}

TEST(principals_know_a_user_by_its_key)
{
	struct world *world = world_new(t);
	const struct credential *bob;

	REQUIRE(t, take(t, world, S("AKIABOB"), SLICE_NONE, 1000, &bob) == PRINCIPALS_FOUND);
	CHECK_TEXT(t, bob->secret, S("bob's secret"));
	CHECK_TEXT(t, bob->principal.arn, S("arn:aws:iam::111122223333:user/eng/bob"));
	CHECK_TEXT(t, bob->principal.unique_id, BOB);
	CHECK(t, bob->principal.type == PRINCIPAL_USER && !bob->principal.is_temporary && !bob->principal.has_boundary);
	principals_release(world->principals, bob);
	CHECK(t, take(t, world, S("AKIABOB"), S("a token"), 1000, &bob) == PRINCIPALS_BAD_TOKEN);
	CHECK(t, take(t, world, S("AKIANOBODY"), SLICE_NONE, 1000, &bob) == PRINCIPALS_UNKNOWN);
	world_free(world);
}

TEST(principals_see_a_change_with_the_next_epoch_and_not_before)
{
	struct world *world = world_new(t);
	const struct credential *bob, *later;
	const struct group group = { .name = S("readers"), .path = S("/"), .group_id = GROUP, .created_ms = 1 };

	REQUIRE(t, take(t, world, S("AKIABOB"), SLICE_NONE, 1000, &bob) == PRINCIPALS_FOUND);
	CHECK(t, !may_list(t, bob));
	CHECK(t, groups_insert(world->catalog, ACCOUNT, &group, &t->err));
	CHECK(t, inline_policies_put(world->catalog, ACCOUNT, GROUP, &(struct inline_policy){ S("p"), slice_of(ALLOW_USERS) }, &t->err));
	CHECK(t, group_members_insert(world->catalog, ACCOUNT, GROUP, BOB, &t->err));

	REQUIRE(t, take(t, world, S("AKIABOB"), SLICE_NONE, 1000, &later) == PRINCIPALS_FOUND);
	CHECK(t, later == bob && principals_loaded(world->principals) == 1);
	principals_release(world->principals, later);
	world->epoch++;
	REQUIRE(t, take(t, world, S("AKIABOB"), SLICE_NONE, 1000, &later) == PRINCIPALS_FOUND);
	CHECK(t, later != bob && may_list(t, later) && !may_list(t, bob));     /* who was held stays as it was */
	principals_release(world->principals, bob);
	principals_release(world->principals, later);
	world_free(world);
}

TEST(principals_forget_keys_and_users_that_are_gone)
{
	struct world *world = world_new(t);
	const struct credential *bob;

	CHECK(t, access_keys_set_active(world->catalog, ACCOUNT, S("AKIABOB"), false, &t->err));
	CHECK(t, take(t, world, S("AKIABOB"), SLICE_NONE, 1000, &bob) == PRINCIPALS_UNKNOWN);
	CHECK(t, access_keys_set_active(world->catalog, ACCOUNT, S("AKIABOB"), true, &t->err));
	CHECK(t, users_delete(world->catalog, ACCOUNT, BOB, &t->err));
	CHECK(t, take(t, world, S("AKIABOB"), SLICE_NONE, 1000, &bob) == PRINCIPALS_UNKNOWN);
	world_free(world);
}

TEST(principals_keep_a_bounded_number)
{
	struct world *world = world_new(t);
	const struct credential *held, *other;

	REQUIRE(t, take(t, world, S("AKIABOB"), SLICE_NONE, 1000, &held) == PRINCIPALS_FOUND);
	for (int i = 0; i < 4; i++) {
		struct slice id = arena_format(&t->arena, "KEY%d", i);
		const struct access_key key = {
			.account = ACCOUNT, .access_key_id = id, .owner_id = i < 2 ? ACCOUNT : BOB, .is_active = true, .created_ms = 1,
		};
		struct error ignored = {0};
		if (!access_keys_insert(world->catalog, &t->arena, world->keyring, &world->random, &key, S("s"), &ignored))
			continue;
		REQUIRE(t, take(t, world, id, SLICE_NONE, 1000, &other) == PRINCIPALS_FOUND);
		CHECK(t, i >= 2 || other->principal.type == PRINCIPAL_ROOT);
		principals_release(world->principals, other);
	}
	CHECK_TEXT(t, held->secret, S("bob's secret"));                        /* pushed out of the table, still ours */
	principals_release(world->principals, held);
	world_free(world);
}

static struct slice make_session(struct test *t, struct world *world, struct session *session, enum session_kind kind)
{
	*session = (struct session){
		.kind = kind, .account = ACCOUNT, .issuer_id = kind == SESSION_ROLE ? ROLE : BOB,
		.issuer_arn = S("arn:aws:iam::111122223333:role/team/R"), .issuer_name = S("R"), .name = S("s1"),
		.issued_ms = 1000, .expires_ms = 5000,
	};
	session_begin(world->keyring, session, &world->random, &t->arena);
	struct slice token = session_seal(world->keyring, session, &world->random, &t->arena, NULL, &t->err);
	CHECK(t, token.ptr);
	return token;
}

TEST(principals_open_role_sessions_while_the_role_is_there)
{
	struct world *world = world_new(t);
	const struct role role = {
		.name = S("R"), .path = S("/team/"), .role_id = ROLE, .created_ms = 1, .trust_policy = S("{}"), .max_session_s = 3600,
	};
	const struct credential *found;
	struct session session;
	int64_t attached;

	CHECK(t, roles_insert(world->catalog, ACCOUNT, &role, &t->err));
	CHECK(t, attachments_insert(world->catalog, ACCOUNT, ROLE, S("arn:aws:iam::aws:policy/AdministratorAccess"), &attached, &t->err));
	struct slice token = make_session(t, world, &session, SESSION_ROLE);
	REQUIRE(t, take(t, world, session.access_key_id, token, 1000, &found) == PRINCIPALS_FOUND);
	CHECK_TEXT(t, found->principal.arn, S("arn:aws:sts::111122223333:assumed-role/R/s1"));
	CHECK_TEXT(t, found->principal.unique_id, S("AROAROLE0000000000001:s1"));
	CHECK(t, found->principal.is_temporary && may_list(t, found));
	principals_release(world->principals, found);
	CHECK(t, take(t, world, session.access_key_id, token, 5000, &found) == PRINCIPALS_EXPIRED);
	CHECK(t, take(t, world, S("ASIAANOTHERKEY000000"), token, 1000, &found) == PRINCIPALS_BAD_TOKEN);
	CHECK(t, take(t, world, session.access_key_id, SLICE_NONE, 1000, &found) == PRINCIPALS_BAD_TOKEN);
	CHECK(t, roles_delete(world->catalog, ACCOUNT, ROLE, &t->err));
	world->epoch++;
	CHECK(t, take(t, world, session.access_key_id, token, 1000, &found) == PRINCIPALS_UNKNOWN);
	world_free(world);
}

TEST(principals_federated_without_a_session_policy_may_nothing)
{
	struct world *world = world_new(t);
	const struct credential *found;
	struct session session;

	CHECK(t, inline_policies_put(world->catalog, ACCOUNT, BOB, &(struct inline_policy){ S("p"), slice_of(ALLOW_USERS) }, &t->err));
	struct slice token = make_session(t, world, &session, SESSION_FEDERATED);
	REQUIRE(t, take(t, world, session.access_key_id, token, 1000, &found) == PRINCIPALS_FOUND);
	CHECK_TEXT(t, found->principal.arn, S("arn:aws:sts::111122223333:federated-user/s1"));
	CHECK(t, found->principal.has_session_policies && !may_list(t, found));
	principals_release(world->principals, found);

	token = make_session(t, world, &session, SESSION_USER);
	REQUIRE(t, take(t, world, session.access_key_id, token, 1000, &found) == PRINCIPALS_FOUND);
	CHECK(t, found->principal.type == PRINCIPAL_USER && may_list(t, found));
	principals_release(world->principals, found);
	world_free(world);
}

TEST(principals_forgotten_are_read_again_and_who_is_held_stays)
{
	struct world *world = world_new(t);
	const struct credential *held, *again;

	REQUIRE(t, take(t, world, S("AKIABOB"), SLICE_NONE, 1000, &held) == PRINCIPALS_FOUND);
	CHECK(t, users_delete(world->catalog, ACCOUNT, BOB, &t->err));
	CHECK(t, take(t, world, S("AKIABOB"), SLICE_NONE, 1000, &again) == PRINCIPALS_FOUND);     /* no epoch told of it */
	principals_release(world->principals, again);
	principals_forget(world->principals);
	CHECK(t, take(t, world, S("AKIABOB"), SLICE_NONE, 1000, &again) == PRINCIPALS_UNKNOWN);
	CHECK_TEXT(t, held->secret, S("bob's secret"));
	principals_release(world->principals, held);
	world_free(world);
}

TEST(principals_use_is_noted_now_and_then_even_if_the_clock_goes_back)
{
	static const struct { int64_t now_ms; bool is_noted; } rows[] = {
		{ 1000000000, true }, { 1000000001, false }, { 1000899999, false }, { 1000900000, true }, { 5000, true }, { 5001, false },
	};
	struct world *world = world_new(t);
	const struct credential *bob;

	for (size_t i = 0; i < COUNT(rows); i++) {
		REQUIRE(t, take(t, world, S("AKIABOB"), SLICE_NONE, rows[i].now_ms, &bob) == PRINCIPALS_FOUND);
		CHECK(t, principals_note_use(bob, rows[i].now_ms) == rows[i].is_noted);
		principals_release(world->principals, bob);
		world->epoch++;                          /* a change of authority does not make it a new key */
	}
	world_free(world);
}

/* The root of an account has no unique id: what came before a reset is told by its time. */
TEST(principals_do_not_know_roots_of_a_world_before_this_one)
{
	struct world *world = world_new(t);
	const struct credential *found;
	struct session session = {
		.kind = SESSION_USER, .account = S("444455556666"), .issuer_id = S("444455556666"),
		.issuer_arn = S("arn:aws:iam::444455556666:root"), .issued_ms = 1000, .expires_ms = INT64_C(1) << 50,
	};

	session_begin(world->keyring, &session, &world->random, &t->arena);
	struct slice token = session_seal(world->keyring, &session, &world->random, &t->arena, NULL, &t->err);
	CHECK(t, take(t, world, session.access_key_id, token, 2000, &found) == PRINCIPALS_UNKNOWN);     /* no such account */
	CHECK(t, accounts_insert(world->catalog, S("444455556666"), 1001, &t->err));
	CHECK(t, take(t, world, session.access_key_id, token, 2000, &found) == PRINCIPALS_UNKNOWN);     /* a younger one */
	CHECK(t, catalog_run(world->catalog, &t->err, "UPDATE accounts SET created_ms = 1000", ""));
	REQUIRE(t, take(t, world, session.access_key_id, token, 2000, &found) == PRINCIPALS_FOUND);
	CHECK(t, found->principal.type == PRINCIPAL_ROOT);
	principals_release(world->principals, found);
	principals_forget(world->principals);
	CHECK(t, take(t, world, session.access_key_id, token, 1000 - 300001, &found) == PRINCIPALS_BAD_TOKEN);  /* of the future */
	world_free(world);
}
