/* auth/policy_cache_test.c: compiled once, forgotten in order, never while in use. */
#include "auth/policy.h"
#include "auth/policy_cache.h"
#include "tests/test.h"

static struct slice document(struct test *t, int number)
{
	return arena_format(&t->arena, "{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"n%d\",\"Effect\":\"Allow\","
	                               "\"Action\":\"s3:*\",\"Resource\":\"*\"}}", number);
}

TEST(policy_cache_compiles_a_document_once)
{
	struct policy_cache *cache = policy_cache_new(1 << 20, 7);
	const struct policy *first = policy_cache_take(cache, document(t, 1), &t->err);
	const struct policy *again = policy_cache_take(cache, document(t, 1), &t->err);
	const struct policy *other = policy_cache_take(cache, document(t, 2), &t->err);

	CHECK(t, first && first == again && other && other != first);
	CHECK_NUMBER(t, policy_cache_count(cache), 2);
	policy_cache_release(cache, first);
	CHECK(t, policy_cache_take(cache, document(t, 1), &t->err) == first);
	policy_cache_free(cache);
}

TEST(policy_cache_forgets_the_least_recently_used_but_nothing_in_use)
{
	struct policy_cache *cache = policy_cache_new(0, 7);
	const struct policy *held = policy_cache_take(cache, document(t, 0), &t->err);
	size_t bytes = policy_cache_bytes(cache);

	policy_cache_free(cache);
	cache = policy_cache_new(bytes * 3, 7);
	held = policy_cache_take(cache, document(t, 0), &t->err);
	for (int i = 1; i <= 9; i++)
		policy_cache_release(cache, policy_cache_take(cache, document(t, i), &t->err));
	CHECK(t, policy_cache_count(cache) <= 4);
	CHECK(t, policy_cache_bytes(cache) <= bytes * 4);

	const struct policy *recent = policy_cache_take(cache, document(t, 9), &t->err);
	CHECK_TEXT(t, policy_statement_sid(recent, 0), S("n9"));
	CHECK_TEXT(t, policy_statement_sid(held, 0), S("n0"));
	CHECK(t, policy_cache_take(cache, document(t, 0), &t->err) == held);
	policy_cache_free(cache);
}

TEST(policy_cache_does_not_keep_what_does_not_compile)
{
	struct policy_cache *cache = policy_cache_new(1 << 20, 7);

	CHECK(t, policy_cache_take(cache, S("{}"), &t->err) == NULL);
	CHECK(t, t->err.kind == ERR_INVALID);
	CHECK_NUMBER(t, policy_cache_count(cache), 0);
	policy_cache_free(cache);
	policy_cache_free(NULL);
}
