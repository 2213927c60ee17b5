/* codec/json_index.h: where the strings and brackets of a JSON text are, as bits: 64 bytes of text at a time.
 *
 * A query names a few fields of a record and has no use for the rest. So the text is not parsed: one pass, by vector
 * instructions where the processor has them, marks the quotes, brackets and backslashes, and a reader then steps over strings and
 * whole containers without looking into them. Bits instead of a list of positions, because writing the list costs five times
 * as much as finding what is in it.
 *
 * The pass checks the whole text for what no later step would see: UTF-8, control characters in strings, an unclosed string.
 * Commas, colons and numbers are checked by whoever steps over them, so what nobody reads is only known to be balanced. */
#ifndef SPOOR_CODEC_JSON_INDEX_H
#define SPOOR_CODEC_JSON_INDEX_H

#include "base/base.h"

enum { JSON_BLOCK_BYTES = 64 };

struct json_block {                             /* bit i is byte i of the block */
	uint64_t quote;                         /* that opens or closes a string */
	uint64_t open, close;                   /* brackets outside strings */
	uint64_t backslash;
};

enum json_fault { JSON_NOT_UTF8 = 1, JSON_CONTROL_IN_STRING = 2, JSON_OPEN_STRING = 4 };

struct json_index {                             /* zeroed is empty; used text after text */
	struct slice       text;                /* not copied */
	struct json_block *blocks;
	uint32_t          *commas;              /* outside strings, in this block and all before it */
	size_t             room;                /* blocks */
	unsigned           faults;              /* of enum json_fault: somewhere in the text */
};

/* How it is done: all give the same bits. */
enum json_machine { JSON_SCALAR, JSON_AVX2, JSON_AVX512, JSON_MACHINE_COUNT };

bool              json_index_runs_on(enum json_machine machine);        /* this processor */
enum json_machine json_index_fastest(void);

/* `text` begins outside a string and has less than 4 GiB; it must outlive the use of the index. */
void json_index_build(struct json_index *index, struct slice text, enum json_machine machine);
void json_index_fini(struct json_index *index);

/* ---- stepping: offsets into index->text; SLICE_NPOS where the text ends before ---- */

/* `at` is the quote that opens a string: where is the one that closes it? *has_escapes: is there a backslash between? */
static inline size_t json_index_string_end(const struct json_index *index, size_t at, bool *has_escapes)
{
	size_t block = (at + 1) / JSON_BLOCK_BYTES, count = (index->text.len + JSON_BLOCK_BYTES - 1) / JSON_BLOCK_BYTES;
	uint64_t behind = ~UINT64_C(0) << (at + 1) % JSON_BLOCK_BYTES, escapes = 0;

	for (; block < count; block++, behind = ~UINT64_C(0)) {
		uint64_t quote = index->blocks[block].quote & behind;
		escapes |= index->blocks[block].backslash & behind & (quote ^ (quote - 1));
		if (quote) {
			*has_escapes = escapes != 0;
			return block * JSON_BLOCK_BYTES + (size_t)__builtin_ctzll(quote);
		}
	}
	return SLICE_NPOS;
}

/* `at` is a bracket that opens: where is the one that closes it? Of two kinds of brackets only the number is right. */
static inline size_t json_index_container_end(const struct json_index *index, size_t at)
{
	size_t block = at / JSON_BLOCK_BYTES, count = (index->text.len + JSON_BLOCK_BYTES - 1) / JSON_BLOCK_BYTES;
	uint64_t from = ~UINT64_C(0) << at % JSON_BLOCK_BYTES;
	size_t depth = 0;

	for (; block < count; block++, from = ~UINT64_C(0)) {
		uint64_t close = index->blocks[block].close & from, brackets = (index->blocks[block].open & from) | close;
		for (; brackets; brackets &= brackets - 1) {
			uint64_t bracket = brackets & (~brackets + 1);
			depth = close & bracket ? depth - 1 : depth + 1;
			if (depth == 0)
				return block * JSON_BLOCK_BYTES + (size_t)__builtin_ctzll(brackets);
		}
	}
	return SLICE_NPOS;
}

/* At least the number of commas outside strings in [from, to), at most 126 more. */
static inline size_t json_index_commas(const struct json_index *index, size_t from, size_t to)
{
	size_t first = from / JSON_BLOCK_BYTES, last = to / JSON_BLOCK_BYTES;
	size_t count = (index->text.len + JSON_BLOCK_BYTES - 1) / JSON_BLOCK_BYTES;

	return to <= from ? 0 : index->commas[last < count ? last : count - 1] - (first ? index->commas[first - 1] : 0);
}

#endif
