/* query/key_table_test.c: keys are found by their bytes and kind, also where all hashes are the same. */
#include "query/key_table.h"

#include "tests/test.h"

enum { KEYS = 3000 };

static void check_table(struct test *t, bool is_hostile, size_t keys)
{
	struct key_table table = {0}, other = {0};
	struct budget budget;
	struct pool pool;
	char text[16];

	budget_init(&budget, 8 << 20);
	pool_init(&pool, &budget);
	for (size_t i = 0; i < keys; i++) {
		struct slice key = { text, (size_t)snprintf(text, sizeof text, "%zu", i / 2) };
		char kind = i % 2 ? 't' : 'd';
		uint64_t hash = is_hostile ? 7 : hash64(key);
		CHECK(t, !key_table_find(&table, kind, key, hash));
		struct key_entry *entry = key_table_add(&table, &pool, kind, key, hash, 2);
		REQUIRE(t, entry != NULL && entry->payload[0] == 0 && entry->payload[1] == 0);
		entry->payload[1] = i;
		CHECK(t, key_table_find(&table, kind, key, hash) == entry);
	}
	CHECK_NUMBER(t, table.count, keys);
	for (struct key_entry *entry = table.first, *next; entry; entry = next) {
		next = entry->next;
		REQUIRE(t, key_table_take(&other, &pool, entry));
	}
	for (size_t i = 0; i < keys; i++) {
		struct slice key = { text, (size_t)snprintf(text, sizeof text, "%zu", i / 2) };
		struct key_entry *entry = key_table_find(&other, i % 2 ? 't' : 'd', key, is_hostile ? 7 : hash64(key));
		REQUIRE(t, entry != NULL);
		CHECK_NUMBER(t, entry->payload[1], i);
		CHECK_TEXT(t, key_entry_key(entry), key);
	}
	key_table_drop_slots(&other, &pool);
	pool_fini(&pool);
}

TEST(key_table_finds_each_of_few_and_of_many)
{
	for (size_t keys = 0; keys < 40; keys++)
		check_table(t, false, keys);
	check_table(t, false, KEYS);
}

TEST(key_table_tells_keys_apart_that_have_one_hash)
{
	check_table(t, true, 600);
}

TEST(key_table_says_when_the_budget_is_used_up)
{
	struct key_table table = {0};
	struct budget budget;
	struct pool pool;
	size_t keys = 0;

	budget_init(&budget, 256 << 10);
	pool_init(&pool, &budget);
	while (key_table_add(&table, &pool, 't', (struct slice){ (const char *)&keys, sizeof keys }, hash64((struct slice){ (const char *)&keys, sizeof keys }), 0))
		keys++;
	CHECK(t, keys > 1000 && keys < 8000);
	CHECK_NUMBER(t, table.count, keys);
	pool_fini(&pool);
}
