/* bench/shapes.c: nanoseconds from a request's form to its input, from the output to XML, and for what the event shows. */
#include "base/clock.h"
#include "codec/uri.h"
#include "services/audit.h"
#include "services/cloudtrail/shapes.h"
#include "services/decode_json.h"
#include "services/decode_query.h"
#include "services/encode_query.h"
#include "services/iam/shapes.h"
#include "services/sts/shapes.h"
#include "services/validate.h"

enum { ROUNDS = 500000 };

static uint64_t since(uint64_t start)
{
	return clock_monotonic_ns() - start;
}

static void *read_form(struct arena *arena, const struct operation_shape *operation, struct slice form)
{
	struct uri_pairs pairs;
	struct error err;

	assert(uri_pairs_read(arena, form, URI_PLUS_IS_BLANK, 1000, &pairs, &err));
	return decode_query(arena, operation->input, &pairs, PROTOCOL_QUERY, &err);
}

static void bench_query(struct arena *arena, const struct operation_shape *operation, struct slice form, const void *output,
                        const char *name)
{
	uint64_t decode = 0, check = 0, encode = 0, audit = 0, start;
	struct error err;

	for (int i = 0; i < ROUNDS; i++) {
		struct buffer out;
		arena_reset(arena, 1 << 16);
		start = clock_monotonic_ns();
		void *input = read_form(arena, operation, form);
		decode += since(start);
		start = clock_monotonic_ns();
		assert(validate(operation->input, input, PROTOCOL_QUERY, &err));
		check += since(start);
		start = clock_monotonic_ns();
		buffer_init(&out, arena, 1 << 20);
		encode_query(&out, operation, output, S("0f6a2a52-6a0e-4c0e-9f3f-2f6a6f1f7a01"));
		encode += since(start);
		start = clock_monotonic_ns();
		(void)audit_request(arena, operation, input, 0);
		(void)audit_response(arena, operation, output, false, 0);
		audit += since(start);
	}
	start = clock_monotonic_ns();
	for (int i = 0; i < ROUNDS; i++)
		(void)since(start);
	uint64_t clock = since(start);
	printf("%s_decode %.0f ns\n", name, (double)(decode - clock) / ROUNDS);
	printf("%s_validate %.0f ns\n", name, (double)(check - clock) / ROUNDS);
	printf("%s_encode %.0f ns\n", name, (double)(encode - clock) / ROUNDS);
	printf("%s_audit %.0f ns\n", name, (double)(audit - clock) / ROUNDS);
}

static void bench_lookup(struct arena *arena)
{
	struct slice body = S("{\"LookupAttributes\":[{\"AttributeKey\":\"EventName\",\"AttributeValue\":\"CreateUser\"}],\"MaxResults\":50}");
	const struct shape *shape = cloudtrail_lookup_events_shape.input;
	struct error err;
	uint64_t start = clock_monotonic_ns();

	for (int i = 0; i < ROUNDS; i++) {
		arena_reset(arena, 1 << 16);
		void *input = decode_json(arena, shape, body, &err);
		assert(input && validate(shape, input, PROTOCOL_JSON_1_1, &err));
	}
	printf("lookup_events_decode_validate %.0f ns\n", (double)since(start) / ROUNDS);
}

int main(void)
{
	struct iam_user user = { .path = S("/eng/"), .user_name = S("bob"), .user_id = S("AIDAEXAMPLEBOB000001"),
		.arn = S("arn:aws:iam::111122223333:user/eng/bob"), .create_date = SET_TIME(1768471267000) };
	const struct iam_create_user_response created = { .user = &user };
	const struct sts_get_caller_identity_response who = { S("AIDAEXAMPLEALICE0001"), S("111122223333"),
		S("arn:aws:iam::111122223333:user/alice") };
	struct arena arena;

	arena_init(&arena, 4 << 20);
	bench_query(&arena, &iam_create_user_shape, S("Action=CreateUser&Version=2010-05-08&UserName=bob&Path=%2Feng%2F"
		"&Tags.member.1.Key=team&Tags.member.1.Value=red"), &created, "create_user");
	bench_query(&arena, &sts_get_caller_identity_shape, S("Action=GetCallerIdentity&Version=2011-06-15"), &who, "get_caller_identity");
	bench_lookup(&arena);
	arena_fini(&arena);
	return 0;
}
