/* codec/json_index_test.c: every machine gives the same bits, and they are the right ones wherever a block ends. */
#include "base/random.h"
#include "codec/json_index.h"
#include "codec/utf8.h"
#include "tests/test.h"

static bool is_same(const struct json_index *a, const struct json_index *b)
{
	size_t count = (a->text.len + JSON_BLOCK_BYTES - 1) / JSON_BLOCK_BYTES;

	return a->faults == b->faults && memcmp(a->blocks, b->blocks, count * sizeof *a->blocks) == 0
	    && memcmp(a->commas, b->commas, count * sizeof *a->commas) == 0;
}

/* What the header says, a byte at a time. */
static void build_plainly(struct json_index *index, struct slice text)
{
	bool inside = false, escaped = false;

	json_index_build(index, text, JSON_SCALAR);      /* for the memory */
	size_t count = (text.len + JSON_BLOCK_BYTES - 1) / JSON_BLOCK_BYTES;
	memset(index->blocks, 0, count * sizeof *index->blocks);
	memset(index->commas, 0, count * sizeof *index->commas);
	index->faults = utf8_is_valid(text) ? 0 : JSON_NOT_UTF8;
	for (size_t i = 0; i < text.len; i++) {
		struct json_block *block = &index->blocks[i / JSON_BLOCK_BYTES];
		uint64_t bit = UINT64_C(1) << i % JSON_BLOCK_BYTES;
		char c = text.ptr[i];
		if (c == '\\')
			block->backslash |= bit;
		if (c == '"' && !escaped) {
			block->quote |= bit;
			inside = !inside;
		} else if (inside && (unsigned char)c < 0x20) {
			index->faults |= JSON_CONTROL_IN_STRING;
		} else if (!inside && (c == '{' || c == '[')) {
			block->open |= bit;
		} else if (!inside && (c == '}' || c == ']')) {
			block->close |= bit;
		} else if (!inside && c == ',') {
			for (size_t k = i / JSON_BLOCK_BYTES; k < count; k++)
				index->commas[k]++;
		}
		escaped = c == '\\' && !escaped;
	}
	index->faults |= inside ? JSON_OPEN_STRING : 0;
}

TEST(json_index_is_the_same_on_every_machine_and_byte_by_byte)
{
	static const struct slice alphabets[] = {
		S_INIT("\"\\{}[],: a\n"), S_INIT("\"\\\\\\\\\\"), S_INIT("aaaaaaaaaaaaaaaa\"{}"),
		S_INIT("\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xFF\x80z,"), S_INIT("\x01\x1F\x20\x7F\"[]"),
	};
	struct json_index plain = {0}, fast = {0};
	struct random random;
	char text[400];

	random_init_seeded(&random, 7);
	for (size_t round = 0; round < 4000; round++) {
		struct slice alphabet = alphabets[round % COUNT(alphabets)];
		size_t length = random_u64(&random) % sizeof text;
		for (size_t i = 0; i < length; i++)
			text[i] = alphabet.ptr[random_u64(&random) % alphabet.len];
		build_plainly(&plain, (struct slice){ text, length });
		for (enum json_machine machine = JSON_SCALAR; machine < JSON_MACHINE_COUNT; machine++) {
			if (!json_index_runs_on(machine))
				continue;
			json_index_build(&fast, (struct slice){ text, length }, machine);
			if (!is_same(&plain, &fast))
				test_failed(t, __FILE__, __LINE__, "machine %d, %.*s", (int)machine, (int)length, text);
		}
	}
	json_index_fini(&plain);
	json_index_fini(&fast);
}

TEST(json_index_finds_the_ends_of_strings_and_containers_at_every_offset)
{
	struct slice text = S("{\"k\\\\\":[\"a\\\"]}\",{\"b\":[]}],\"long\":\"" /* a string over three blocks */
	                      "0123456789012345678901234567890123456789012345678901234567890123456789"
	                      "0123456789012345678901234567890123456789012345678901234567890123456789\"}");
	struct json_index index = {0};
	char padded[400];

	for (size_t shift = 0; shift < 130; shift++) {
		bool has_escapes = false;
		memset(padded, ' ', sizeof padded);
		memcpy(padded + shift, text.ptr, text.len);
		json_index_build(&index, (struct slice){ padded, shift + text.len }, json_index_fastest());
		CHECK_NUMBER(t, index.faults, 0);
		CHECK_NUMBER(t, json_index_container_end(&index, shift), shift + text.len - 1);
		CHECK_NUMBER(t, json_index_string_end(&index, shift + 1, &has_escapes), shift + 5);
		CHECK(t, has_escapes);
		CHECK_NUMBER(t, json_index_container_end(&index, shift + 7), shift + 7 + strlen("[\"a\\\"]}\",{\"b\":[]}") );
		CHECK_NUMBER(t, json_index_string_end(&index, shift + text.len - 142, &has_escapes), shift + text.len - 2 + 0);
		CHECK(t, !has_escapes);
	}
	json_index_fini(&index);
}

TEST(json_index_says_where_a_text_ends_too_early)
{
	struct json_index index = {0};
	bool has_escapes;

	json_index_build(&index, S("{\"a\":[1,2"), json_index_fastest());
	CHECK(t, json_index_container_end(&index, 0) == SLICE_NPOS);
	json_index_build(&index, S("\"abc"), json_index_fastest());
	CHECK_NUMBER(t, index.faults, JSON_OPEN_STRING);
	CHECK(t, json_index_string_end(&index, 0, &has_escapes) == SLICE_NPOS);
	json_index_build(&index, S(""), json_index_fastest());
	CHECK_NUMBER(t, index.faults, 0);
	json_index_fini(&index);
}

TEST(json_index_counts_commas_but_not_those_in_strings)
{
	struct json_index index = {0};
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	for (int i = 0; i < 100; i++)
		buffer_add(&out, S("[\"a,b,c\",1,2],"));
	json_index_build(&index, buffer_slice(&out), json_index_fastest());
	CHECK_NUMBER(t, json_index_commas(&index, 0, out.len), 300);
	size_t some = json_index_commas(&index, 140, 280);
	CHECK(t, some >= 30 && some <= 30 + 126);
	json_index_fini(&index);
}
