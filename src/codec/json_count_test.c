/* codec/json_count_test.c: what looks like a record and is none, at every place of a block; and the parser as the judge. */
#include "codec/json_count.h"

#include "base/random.h"
#include "codec/json.h"
#include "tests/test.h"

TEST(json_count_counts_records_and_nothing_else)
{
	static const struct { const char *json; uint64_t want; } rows[] = {
		{ "", 0 },
		{ "{\"Records\":[]}", 0 },
		{ "{\"Records\":[{}]}", 1 },
		{ "{ \"Records\" : [ {} ,\n{\"a\":{}} ] }", 2 },
		{ "{\"Records\":[{\"a\":[{},{}],\"b\":{\"c\":[{}]}},{}]}", 2 },
		{ "{\"Records\":[{\"a\":\"},{\"},{\"a\":\"[{\\\"},{\"}]}", 2 },
		{ "{\"Records\":[{\"a\":\"\\\\\"},{\"b\":\"\\\\\\\"},{\"}]}", 2 },
		{ "{\"Records\":[1,\"x\",[]]}", 0 },
		{ "[{},{}]", 0 },
		{ "]]]}}}", 0 },
		{ "\"", 0 },
		{ "\\", 0 },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		for (int blanks = 0; blanks < 70; blanks++) {
			struct slice json = arena_format(&t->arena, "%*s%s", blanks, "", rows[i].json);
			CHECK_NUMBER(t, (int64_t)json_count_records(json), (int64_t)rows[i].want);
		}
}

/* Random text of the bytes that matter, in a string of a record, so that it is JSON whatever it is. */
TEST(json_count_agrees_with_the_parser)
{
	static const char alphabet[] = "{}[]\\\":,ab ";
	struct random random;

	random_init_seeded(&random, 7);
	for (int round = 0; round < 300; round++) {
		struct buffer out;
		struct json_writer json;
		buffer_init(&out, &t->arena, 100000);
		json_writer_init(&json, &out);
		json_object_begin(&json);
		json_key(&json, S("Records"));
		json_array_begin(&json);
		uint64_t want = random_u64(&random) % 5;
		for (uint64_t i = 0; i < want; i++) {
			char text[150];
			size_t length = random_u64(&random) % sizeof text;
			for (size_t c = 0; c < length; c++)
				text[c] = alphabet[random_u64(&random) % (sizeof alphabet - 1)];
			json_object_begin(&json);
			json_member(&json, S("text"), (struct slice){ text, length });
			json_object_end(&json);
		}
		json_array_end(&json);
		json_object_end(&json);
		CHECK_NUMBER(t, (int64_t)json_count_records(buffer_slice(&out)), (int64_t)want);
		const struct json *parsed = json_parse(&t->arena, buffer_slice(&out), &JSON_LIMITS_DEFAULT, &t->err);
		CHECK_NUMBER(t, (int64_t)json_get(parsed, S("Records"))->count, (int64_t)want);
	}
}
