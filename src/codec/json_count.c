/* codec/json_count.c: 64 bytes at a time become four words, a bit a byte: quotes, backslashes, what opens, what closes.
 *
 * Between quotes nothing opens or closes, and a running exclusive-or over the quotes says where "between" is. What is left
 * are the few brackets of a record, which are walked one by one. A parser would have to look at every byte by itself. */
#include "codec/json_count.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { BLOCK_BYTES = 64, RECORD_DEPTH = 2 };

struct marks { uint64_t quotes, backslashes, opens, closes; };

struct count {
	uint64_t records;
	int64_t  depth;
	bool     is_text;                       /* the block before ended between quotes */
	bool     is_escaped;                    /* ... or with a backslash that takes the next byte along */
};

/* '[' and '{', ']' and '}' differ in one bit. */
#if defined(__SSE2__)

static uint64_t equals(__m128i bytes, char wanted, int shift)
{
	return (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(wanted))) << shift;
}

static struct marks mark(const char *block)
{
	struct marks marks = {0};

	for (int at = 0; at < BLOCK_BYTES; at += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + at));
		__m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
		marks.quotes |= equals(bytes, '"', at);
		marks.backslashes |= equals(bytes, '\\', at);
		marks.opens |= equals(folded, '{', at);
		marks.closes |= equals(folded, '}', at);
	}
	return marks;
}

#else

static struct marks mark(const char *block)
{
	struct marks marks = {0};

	for (int at = 0; at < BLOCK_BYTES; at++) {
		marks.quotes |= (uint64_t)(block[at] == '"') << at;
		marks.backslashes |= (uint64_t)(block[at] == '\\') << at;
		marks.opens |= (uint64_t)((block[at] | 0x20) == '{') << at;
		marks.closes |= (uint64_t)((block[at] | 0x20) == '}') << at;
	}
	return marks;
}

#endif

/* The quotes that no backslash takes away. */
static uint64_t real_quotes(struct count *count, const struct marks *marks)
{
	uint64_t quotes = marks->quotes, backslashes = marks->backslashes;

	if (count->is_escaped) {
		quotes &= ~UINT64_C(1);
		backslashes &= ~UINT64_C(1);
	}
	count->is_escaped = false;
	while (backslashes) {
		uint64_t first = backslashes & -backslashes, next = first << 1;
		count->is_escaped = next == 0;
		quotes &= ~next;
		backslashes &= ~(first | next);
	}
	return quotes;
}

/* A bit is set from each opening quote to the byte before the closing one. */
static uint64_t between(struct count *count, uint64_t quotes)
{
	for (int shift = 1; shift < BLOCK_BYTES; shift *= 2)
		quotes ^= quotes << shift;
	quotes ^= count->is_text ? UINT64_MAX : 0;
	count->is_text = quotes >> (BLOCK_BYTES - 1);
	return quotes;
}

static void count_block(struct count *count, const char *block)
{
	struct marks marks = mark(block);
	uint64_t quotes = real_quotes(count, &marks);

	if (!(marks.opens | marks.closes)) {            /* half of the blocks of usual records */
		count->is_text ^= __builtin_parityll(quotes);
		return;
	}
	uint64_t text = between(count, quotes), opens = marks.opens & ~text;
	for (uint64_t left = opens | (marks.closes & ~text); left; left &= left - 1) {
		bool is_open = opens & left & -left;
		count->records += is_open && count->depth == RECORD_DEPTH && block[__builtin_ctzll(left)] == '{';
		count->depth += is_open ? 1 : -1;
	}
}

uint64_t json_count_records(struct slice json)
{
	struct count count = {0};
	char last[BLOCK_BYTES] = {0};
	size_t at = 0;

	for (; json.len - at >= BLOCK_BYTES; at += BLOCK_BYTES)
		count_block(&count, json.ptr + at);
	if (at < json.len)
		memcpy(last, json.ptr + at, json.len - at);
	count_block(&count, last);
	return count.records;
}
