/* detect/pattern_set_test.c: a set says of each pattern what the pattern alone says, and what the plainest reader says. */
#include "detect/pattern_set.h"

#include "tests/pattern_oracle.h"
#include "tests/test.h"

enum { SET_SIZE = 70 };                  /* more than one word of bits */

static uint32_t draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % below;
}

static const char *pick(uint64_t *seed, const char *const *choices, uint32_t count)
{
	return choices[draw(seed, count)];
}

#define PICK(seed, ...) pick((seed), (const char *const[]){ __VA_ARGS__ }, COUNT(((const char *const[]){ __VA_ARGS__ })))

/* ---- random messages and patterns that meet often ---- */

static void add_value(struct buffer *out, uint64_t *seed, int depth)
{
	uint32_t kind = draw(seed, depth > 3 ? 6 : 9), count = draw(seed, 4);

	if (kind >= 6) {
		bool is_object = kind < 8;
		buffer_byte(out, is_object ? '{' : '[');
		for (uint32_t i = 0; i < count; i++) {
			buffer_add(out, i ? S(",") : S(""));
			if (is_object)
				buffer_printf(out, "%s:", PICK(seed, "\"a\"", "\"b\"", "\"\\u0063\"", "\"a.b\"", "\"d-e\"", " \"l\" "));
			add_value(out, seed, depth + 1);
		}
		buffer_byte(out, is_object ? '}' : ']');
		return;
	}
	buffer_add(out, slice_of(PICK(seed, "1", "2", "1.0", "-5e-1", "0", "10", "null", "true", "false", "\"\"", "\"x\"", "\"xy\"", "\"Root\"",
		"\"1\"", "\"*\"", "\"tr\\u0075e\"", "\"x y\"", "\"AccessDenied\"", "\"a\\\"b\"", "\"\\u00e9\"")));
}

static void add_message(struct buffer *out, uint64_t *seed)
{
	uint32_t count = draw(seed, 7), damage = draw(seed, 25);

	buffer_add(out, slice_of(PICK(seed, "{", " {", "{")));
	for (uint32_t i = 0; i < count; i++) {
		buffer_printf(out, "%s%s:", i ? ", " : "", PICK(seed, "\"a\"", "\"b\"", "\"c\"", "\"l\"", "\"l\"", "\"a.b\"", "\"\\u0061\"", "\"d-e\""));
		add_value(out, seed, 0);
	}
	buffer_add(out, damage == 0 ? S("") : damage == 1 ? S("}}") : damage == 2 ? S(",}") : S("}\n"));
}

static void add_condition(struct buffer *out, uint64_t *seed)
{
	buffer_add(out, slice_of(PICK(seed, "$.a", "$.b", "$.c", "$.a.b", "$.l[0]", "$.l[1].a", "$.l[*]", "$.a.*", "$.l[*].b", "$['a.b']", "$.d-e", "$.b.c",
		"$.b.l[0]", "$.*", "$.a", "$.b")));
	switch (draw(seed, 8)) {
	case 0: buffer_add(out, slice_of(PICK(seed, " IS NULL", " is true", " IS FALSE ", " NOT EXISTS", " Not Exists "))); break;
	case 1: buffer_printf(out, "%s%s", PICK(seed, "<", " <= ", ">", " >="), PICK(seed, "1", "1e0", "-3", "+.5", " 9")); break;
	default:
		buffer_printf(out, "%s%s", PICK(seed, "=", " = ", "!=", "="), PICK(seed, "x", "\"x\"", "1", "1.0", "10e-1", "*", "\"*\"", "x*", "*y", "\"* *\"",
			"true", "Root", "AccessDenied", "AccessDenied*", "\"a\\\"b\"", "\"\xC3\xA9\"", "\"\"", "**", "\"x y\"", "2", "\"1\""));
	}
}

static void add_expression(struct buffer *out, uint64_t *seed, int depth)
{
	uint32_t parts = 1 + draw(seed, 3);

	for (uint32_t i = 0; i < parts; i++) {
		buffer_add(out, i ? slice_of(PICK(seed, "&&", " && ", "||", " || ")) : S(""));
		if (depth < 3 && draw(seed, 4) == 0) {
			buffer_add(out, S("("));
			add_expression(out, seed, depth + 1);
			buffer_add(out, S(")"));
		} else {
			add_condition(out, seed);
		}
	}
}

static struct slice draw_pattern(struct arena *arena, uint64_t *seed)
{
	struct buffer out;

	buffer_init(&out, arena, 4096);
	switch (draw(seed, 12)) {
	case 0:
		buffer_printf(&out, "%s%s %s", PICK(seed, "", "?", "-", "- "), PICK(seed, "x", "\"x y\"", "%[0-9]+\\.%", "\" \""),
		              PICK(seed, "", "?Root", "?a ?b", "-AccessDenied", "a"));
		break;
	case 1:
		buffer_printf(&out, "[%s%s%s]", PICK(seed, "", "a", "a=*x* || a=%l%", "...", "a != 1 && a != \"{*\""),
		              PICK(seed, "", ",", ",...", ", b > 0", ",b=*}*"), PICK(seed, "", ",c", ", c != 5 "));
		break;
	default:
		buffer_byte(&out, '{');
		add_expression(&out, seed, 0);
		buffer_byte(&out, '}');
	}
	return buffer_slice(&out);
}

/* ---- the comparison ---- */

struct pair {
	const struct pattern **patterns;
	struct slice          *texts;
	size_t                 count;
};

static struct pair draw_patterns(struct test *t, uint64_t *seed)
{
	struct pair pair = { arena_array(&t->arena, SET_SIZE, sizeof(const struct pattern *)), arena_array(&t->arena, SET_SIZE, sizeof(struct slice)), 0 };

	while (pair.count < SET_SIZE) {
		struct slice text = draw_pattern(&t->arena, seed);
		struct error ignored;                            /* two gaps, four wildcards: not every sentence is a pattern */
		const struct pattern *pattern = pattern_compile(&t->arena, text, NULL, &ignored);
		if (pattern) {
			pair.patterns[pair.count] = pattern;
			pair.texts[pair.count++] = text;
		}
	}
	return pair;
}

static size_t compare(struct test *t, const struct pair *pair, struct pattern_set_reader *reader, struct slice message)
{
	struct pattern_set_result result;
	struct arena scratch;
	size_t count = 0;

	arena_init(&scratch, 256 << 20);
	CHECK(t, pattern_set_match(reader, message, &result, &t->err));
	for (size_t i = 0; i < pair->count; i++) {
		bool knows, want = oracle_matches(&scratch, pair->texts[i], message, &knows);
		bool alone = pattern_matches(pair->patterns[i], message, &scratch), in_set = pattern_set_has(&result, i);
		if (!knows || alone != want || in_set != want)
			test_failed(t, __FILE__, __LINE__, "%.*s on %.*s: alone %d, in the set %d, want %d", SLICE_ARG(pair->texts[i]),
			            SLICE_ARG(message), alone, in_set, want);
		count += want;
	}
	CHECK_NUMBER(t, result.count, count);
	arena_fini(&scratch);
	return count;
}

TEST(pattern_set_says_what_each_pattern_and_the_plainest_reader_say)
{
	enum { ROUNDS = 25, MESSAGES = 60 };
	uint64_t seed = 20260116;
	size_t matched = 0;

	for (int round = 0; round < ROUNDS && t->failed_checks == 0; round++) {
		struct pair pair = draw_patterns(t, &seed);
		struct pattern_set_reader *reader = pattern_set_reader_new(pattern_set_compile(&t->arena, pair.patterns, pair.count));
		for (int i = 0; i < MESSAGES; i++) {
			struct buffer message;
			buffer_init(&message, &t->arena, 1 << 20);
			add_message(&message, &seed);
			matched += compare(t, &pair, reader, buffer_slice(&message));
		}
		pattern_set_reader_free(reader);
	}
	size_t asked = (size_t)ROUNDS * MESSAGES * SET_SIZE;
	CHECK(t, matched > asked / 10 && matched < asked - asked / 3);        /* both answers, often */
}

/* The vectors again, all of a file in one set, each message against every pattern. */
TEST(pattern_set_of_all_vectors_agrees_on_all_their_messages)
{
	struct slice rest = test_read_file(t, test_source_path(t, "tests/vectors/filter-patterns.jsonl")), line;
	struct pair pair = { arena_array(&t->arena, 1000, sizeof(const struct pattern *)), arena_array(&t->arena, 1000, sizeof(struct slice)), 0 };
	struct slice *messages = arena_array(&t->arena, 1000, sizeof *messages);

	while (rest.len > 0) {
		rest = slice_cut(rest, '\n', &line);
		const struct json *vector = line.len ? json_parse(&t->arena, line, &JSON_LIMITS_DEFAULT, &t->err) : NULL;
		if (!vector || !slice_equal(json_get_text(vector, S("kind")), S("match")))
			continue;
		REQUIRE(t, pair.count < 1000);
		pair.texts[pair.count] = json_get_text(vector, S("pattern"));
		messages[pair.count] = json_get_text(vector, S("event"));
		REQUIRE(t, (pair.patterns[pair.count] = pattern_compile(&t->arena, pair.texts[pair.count], NULL, &t->err)) != NULL);
		pair.count++;
	}
	struct pattern_set_reader *reader = pattern_set_reader_new(pattern_set_compile(&t->arena, pair.patterns, pair.count));
	for (size_t i = 0; i < pair.count; i++)
		CHECK(t, compare(t, &pair, reader, messages[i]) > 0);         /* the empty patterns are among them */
	pattern_set_reader_free(reader);
}

TEST(pattern_set_keeps_fields_apart_whose_names_look_alike)
{
	static const char *const texts[] = { "{ $.a.b = 1 }", "{ $['a0 0 b'] = 1 }", "{ $.a[0].b = 1 }", "{ $.a['0'].b = 1 }", "{ $.ab = 1 }", "{ $['a.b'] = 1 }" };
	static const char *const messages[] = { "{\"a\":{\"b\":1}}", "{\"a0 0 b\":1}", "{\"a\":[{\"b\":1}]}", "{\"a\":{\"0\":{\"b\":1}}}", "{\"ab\":1}",
		"{\"a.b\":1}" };
	const struct pattern *patterns[COUNT(texts)];
	struct pattern_set_result result;

	for (size_t i = 0; i < COUNT(texts); i++)
		patterns[i] = pattern_compile(&t->arena, slice_of(texts[i]), NULL, &t->err);
	struct pattern_set_reader *reader = pattern_set_reader_new(pattern_set_compile(&t->arena, patterns, COUNT(texts)));
	for (size_t i = 0; i < COUNT(messages); i++)
		CHECK(t, pattern_set_match(reader, slice_of(messages[i]), &result, &t->err) && result.count == 1 && pattern_set_has(&result, i));
	pattern_set_reader_free(reader);
}

TEST(pattern_set_of_nothing_matches_nothing)
{
	struct pattern_set_reader *reader = pattern_set_reader_new(pattern_set_compile(&t->arena, NULL, 0));
	struct pattern_set_result result;

	CHECK(t, pattern_set_match(reader, S("{\"a\":1}"), &result, &t->err));
	CHECK_NUMBER(t, result.count, 0);
	pattern_set_reader_free(reader);
}

TEST(pattern_set_reads_records_of_a_larger_text)
{
	struct slice text = S("{\"Records\":[{\"a\":1},{\"a\":2,\"b\":[1 1]},{\"a\":2}]}");
	static const struct { size_t from, len; bool matches, is_broken; } rows[] = {
		{ 12, 7, false, false }, { 20, 17, false, true }, { 38, 7, true, false },
	};
	const struct pattern *pattern = pattern_compile(&t->arena, S("{ $.a = 2 }"), NULL, &t->err);
	struct pattern_set_reader *reader = pattern_set_reader_new(pattern_set_compile(&t->arena, &pattern, 1));
	struct json_index index = {0};

	json_index_build(&index, text, JSON_SCALAR);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct pattern_record record = { &index, slice_sub(text, rows[i].from, rows[i].len) };
		struct pattern_set_result result;
		CHECK(t, pattern_set_match_record(reader, &record, &result, &t->err));
		CHECK(t, (result.count == 1) == rows[i].matches && result.is_broken == rows[i].is_broken);
	}
	json_index_fini(&index);
	pattern_set_reader_free(reader);
}
