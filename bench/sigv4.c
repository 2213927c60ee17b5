/* bench/sigv4.c: what it costs to know who calls: one IAM POST as the AWS CLI sends it, and a session token. */
#include "auth/session.h"
#include "auth/sigv4_keys.h"
#include "auth/sigv4_sign.h"
#include "base/clock.h"
#include "base/limits.h"

enum { ROUNDS = 300000 };
static const int64_t NOW_MS = 1742040000000;

static const struct http_header HEADERS[] = {
	{ S_INIT("Host"), S_INIT("127.0.0.1:8080") }, { S_INIT("Accept-Encoding"), S_INIT("identity") },
	{ S_INIT("Content-Type"), S_INIT("application/x-www-form-urlencoded; charset=utf-8") },
	{ S_INIT("User-Agent"), S_INIT("aws-cli/2.9.19 Python/3.11.2 Linux/6.1.0-18-amd64 source/x86_64.debian.12 prompt/off "
	                               "command/iam.create-user") },
	{ S_INIT("Content-Length"), S_INIT("71") },
};

static const struct sigv4_credentials KEY = {
	.access_key_id = S_INIT("AKIAQNZGKIQY56JQ7WML"), .secret = S_INIT("an/invented+secret/of+forty+characters+x"),
	.region = S_INIT("us-east-1"), .service = S_INIT("iam"),
};

static void verify(struct arena *arena, const struct sigv4_request *request, struct sigv4_keys *keys)
{
	const struct sigv4_expectation expectation = { .service = S("iam"), .wall_ms = NOW_MS, .skew_ms = SIGV4_SKEW_MS };
	struct sigv4_verified verified;
	struct sigv4_refusal refusal;
	struct sigv4_claim claim;

	bool is_good = sigv4_claim_parse(arena, request, &claim, &refusal)
	               && sigv4_verify(arena, request, &claim, KEY.secret, &expectation, keys, &verified, &refusal);
	assert(is_good);
	arena_reset(arena, CALL_ARENA_KEEP_BYTES);
}

static void report(const char *name, uint64_t start_ns)
{
	printf("%s %.2f us\n", name, (double)(clock_monotonic_ns() - start_ns) / ROUNDS / 1000);
}

static void measure_signatures(struct arena *arena)
{
	struct arena request_arena;
	struct sigv4_keys *keys = sigv4_keys_new(SIGNING_KEYS_MAX, 1);
	struct sigv4_request request = { .method = S("POST"), .target = S("/"), .headers = HEADERS, .header_count = COUNT(HEADERS),
	                                 .body = S("Action=CreateUser&Version=2010-05-08&UserName=some-user-name&Path=%2Feng%2F") };

	arena_init(&request_arena, 1 << 20);
	bool is_signed = sigv4_sign_request(&request_arena, &request, &KEY, NOW_MS, NULL);
	assert(is_signed);
	uint64_t start_ns = clock_monotonic_ns();
	for (int i = 0; i < ROUNDS; i++)
		verify(arena, &request, keys);
	report("sigv4_verify", start_ns);
	start_ns = clock_monotonic_ns();
	for (int i = 0; i < ROUNDS; i++)
		verify(arena, &request, NULL);
	report("sigv4_verify_uncached_key", start_ns);
	sigv4_keys_free(keys);
	arena_fini(&request_arena);
}

static void measure_sessions(struct arena *arena)
{
	static const unsigned char master[AES256_KEY_BYTES] = "bench";
	struct keyring *keyring = keyring_from_key(master);
	struct arena token_arena;
	struct random random;
	struct session session = {
		.kind = SESSION_ROLE, .account = S("111122223333"), .issuer_id = S("AROAEXAMPLEEXAMPLE234"),
		.issuer_arn = S("arn:aws:iam::111122223333:role/deploy"), .issuer_name = S("deploy"), .name = S("ci-pipeline-1234"),
		.expires_ms = NOW_MS,
	};
	char secret[SESSION_SECRET_BYTES];

	arena_init(&token_arena, 1 << 20);
	random_init(&random);
	session_begin(keyring, &session, &random, &token_arena);
	struct slice token = session_seal(keyring, &session, &random, &token_arena, NULL, NULL), id = session.access_key_id;
	uint64_t start_ns = clock_monotonic_ns();
	for (int i = 0; i < ROUNDS; i++) {
		enum session_state state = session_open(keyring, token, id, 0, arena, &session);
		assert(state == SESSION_GOOD);
		session_secret(keyring, &session, secret);
		arena_reset(arena, CALL_ARENA_KEEP_BYTES);
	}
	report("session_open", start_ns);
	printf("session_token %zu bytes\n", token.len);
	keyring_close(keyring);
	arena_fini(&token_arena);
}

int main(void)
{
	struct arena arena;

	arena_init(&arena, 1 << 20);
	measure_signatures(&arena);
	measure_sessions(&arena);
	arena_fini(&arena);
	return 0;
}
