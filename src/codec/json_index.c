/* codec/json_index.c: one loop over blocks for every machine; they differ in how bytes become bits.
 *
 * The loop is inlined into a function for each instruction set, so that its bit operations are compiled for it too. */
#include "codec/json_index.h"

#include "codec/utf8.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define INLINED static inline __attribute__((always_inline))

struct bits {                                   /* of 64 bytes of text, inside and outside strings */
	uint64_t quote, backslash, open, close, comma, control, high;
};

struct progress {
	uint64_t inside;                        /* all ones: the block begins within a string */
	uint64_t escaped;                       /* 1: its first byte comes behind a backslash that counts */
	uint32_t commas;
	size_t   utf8_end;                      /* UTF-8 is checked up to here */
};

/* Bytes behind a backslash that is not itself behind one. Few blocks have backslashes, and those few of them. */
INLINED uint64_t escaped_bytes(uint64_t backslash, uint64_t *carry)
{
	uint64_t escaped = *carry;

	*carry = 0;
	backslash &= ~escaped;
	while (backslash) {
		uint64_t first = backslash & (~backslash + 1);
		*carry = first >> 63;
		escaped |= first << 1;
		backslash &= ~(first | first << 1);
	}
	return escaped;
}

/* Text that is not ASCII is rare in these files, so it goes through the plain decoder, from its first byte in this block on.
 * It may run into the next block, which then begins behind it. */
static void check_utf8(struct json_index *index, struct progress *progress, size_t block_at, uint64_t high)
{
	while (high) {
		size_t at = block_at + (size_t)__builtin_ctzll(high);
		uint32_t code_point;
		if (at >= progress->utf8_end) {
			size_t bytes = utf8_decode(slice_from(index->text, at), &code_point);
			if (bytes == 0)
				index->faults |= JSON_NOT_UTF8;
			progress->utf8_end = at + (bytes ? bytes : 1);
		}
		high &= high - 1;
	}
}

INLINED void finish_block(struct json_index *index, struct progress *progress, size_t block, struct bits bits,
                          uint64_t (*prefix_xor)(uint64_t))
{
	uint64_t quote = bits.quote;

	if (__builtin_expect((bits.backslash | progress->escaped) != 0, 0))
		quote &= ~escaped_bytes(bits.backslash, &progress->escaped);
	uint64_t inside = prefix_xor(quote) ^ progress->inside;          /* with the quote that opens, without the one that closes */
	progress->inside = (uint64_t)-(int64_t)(inside >> 63);
	index->blocks[block] = (struct json_block){
		.quote = quote, .open = bits.open & ~inside, .close = bits.close & ~inside, .backslash = bits.backslash,
	};
	progress->commas += (uint32_t)__builtin_popcountll(bits.comma & ~inside);
	index->commas[block] = progress->commas;
	if (__builtin_expect((bits.control & inside) != 0, 0))
		index->faults |= JSON_CONTROL_IN_STRING;
	if (__builtin_expect(bits.high != 0, 0))
		check_utf8(index, progress, block * JSON_BLOCK_BYTES, bits.high);
}

INLINED void build_by(struct json_index *index, struct bits (*classify)(const char *), uint64_t (*prefix_xor)(uint64_t))
{
	struct progress progress = {0};
	size_t whole = index->text.len / JSON_BLOCK_BYTES, rest = index->text.len % JSON_BLOCK_BYTES;

	for (size_t block = 0; block < whole; block++)
		finish_block(index, &progress, block, classify(index->text.ptr + block * JSON_BLOCK_BYTES), prefix_xor);
	if (rest) {
		char last[JSON_BLOCK_BYTES];
		memset(last, ' ', sizeof last);
		memcpy(last, index->text.ptr + whole * JSON_BLOCK_BYTES, rest);
		finish_block(index, &progress, whole, classify(last), prefix_xor);
	}
	if (progress.inside)
		index->faults |= JSON_OPEN_STRING;
}

/* ---- any machine: a byte's classes from a table, eight bytes at a time turned into eight masks ---- */

enum { QUOTE = 1, BACKSLASH = 2, OPEN = 4, CLOSE = 8, COMMA = 16, CONTROL = 32, HIGH = 64 };

static const uint8_t CLASSES[256] = {
	[0 ... 0x1F] = CONTROL, ['"'] = QUOTE, ['\\'] = BACKSLASH, ['{'] = OPEN, ['['] = OPEN, ['}'] = CLOSE, [']'] = CLOSE,
	[','] = COMMA, [0x80 ... 0xFF] = HIGH,
};

/* Bit j of byte i becomes bit i of byte j: squares of 1, 2 and 4 bits change places across the diagonal. */
INLINED uint64_t transpose(uint64_t rows)
{
	uint64_t swap = (rows ^ rows >> 7) & 0x00AA00AA00AA00AA;
	rows ^= swap ^ swap << 7;
	swap = (rows ^ rows >> 14) & 0x0000CCCC0000CCCC;
	rows ^= swap ^ swap << 14;
	swap = (rows ^ rows >> 28) & 0x00000000F0F0F0F0;
	return rows ^ swap ^ swap << 28;
}

INLINED struct bits classify_scalar(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;
	struct bits bits = {0};

	for (unsigned at = 0; at < JSON_BLOCK_BYTES; at += 8) {
		uint64_t classes = 0;
		for (unsigned i = 0; i < 8; i++)
			classes |= (uint64_t)CLASSES[bytes[at + i]] << 8 * i;
		if (classes == 0)
			continue;
		classes = transpose(classes);
		bits.quote     |= (classes       & 0xFF) << at;
		bits.backslash |= (classes >>  8 & 0xFF) << at;
		bits.open      |= (classes >> 16 & 0xFF) << at;
		bits.close     |= (classes >> 24 & 0xFF) << at;
		bits.comma     |= (classes >> 32 & 0xFF) << at;
		bits.control   |= (classes >> 40 & 0xFF) << at;
		bits.high      |= (classes >> 48 & 0xFF) << at;
	}
	return bits;
}

/* Bit i of the result: is the number of bits up to i odd? */
INLINED uint64_t prefix_xor_scalar(uint64_t bits)
{
	for (unsigned shift = 1; shift < 64; shift *= 2)
		bits ^= bits << shift;
	return bits;
}

static void build_scalar(struct json_index *index)
{
	build_by(index, classify_scalar, prefix_xor_scalar);
}

#if defined(__x86_64__)

/* '[' and '{', ']' and '}' differ in one bit, 0x20, so each pair is one comparison. */

#define AVX2   __attribute__((target("avx2,pclmul,popcnt,bmi")))
#define AVX512 __attribute__((target("avx512f,avx512bw,pclmul,popcnt,bmi")))

AVX2 INLINED uint64_t equal_avx2(__m256i low, __m256i high, char byte)
{
	__m256i wanted = _mm256_set1_epi8(byte);
	uint32_t bits_low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
	uint32_t bits_high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted));

	return (uint64_t)bits_high << 32 | bits_low;
}

AVX2 INLINED struct bits classify_avx2(const char *text)
{
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)text);
	__m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(text + 32));
	__m256i case_bit = _mm256_set1_epi8(0x20), last_control = _mm256_set1_epi8(0x1F);
	__m256i low_cased = _mm256_or_si256(low, case_bit), high_cased = _mm256_or_si256(high, case_bit);
	__m256i low_controls = _mm256_min_epu8(low, last_control), high_controls = _mm256_min_epu8(high, last_control);

	return (struct bits){
		.quote = equal_avx2(low, high, '"'), .backslash = equal_avx2(low, high, '\\'),
		.open = equal_avx2(low_cased, high_cased, '{'), .close = equal_avx2(low_cased, high_cased, '}'),
		.comma = equal_avx2(low, high, ','),
		.control = (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, low_controls))
		           | (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, high_controls)) << 32,
		.high = (uint64_t)(uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32,
	};
}

/* A product without carries by all ones adds up, in bit i, all bits up to i. */
AVX2 INLINED uint64_t prefix_xor_avx2(uint64_t bits)
{
	__m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (int64_t)bits), _mm_set1_epi8((char)0xFF), 0);

	return (uint64_t)_mm_cvtsi128_si64(product);
}

AVX2 static void build_avx2(struct json_index *index)
{
	build_by(index, classify_avx2, prefix_xor_avx2);
}

AVX512 INLINED struct bits classify_avx512(const char *text)
{
	__m512i bytes = _mm512_loadu_si512((const void *)text);
	__m512i cased = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));

	return (struct bits){
		.quote = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')),
		.backslash = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\')),
		.open = _mm512_cmpeq_epi8_mask(cased, _mm512_set1_epi8('{')),
		.close = _mm512_cmpeq_epi8_mask(cased, _mm512_set1_epi8('}')),
		.comma = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(',')),
		.control = _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20)),
		.high = _mm512_movepi8_mask(bytes),
	};
}

AVX512 INLINED uint64_t prefix_xor_avx512(uint64_t bits)
{
	__m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (int64_t)bits), _mm_set1_epi8((char)0xFF), 0);

	return (uint64_t)_mm_cvtsi128_si64(product);
}

AVX512 static void build_avx512(struct json_index *index)
{
	build_by(index, classify_avx512, prefix_xor_avx512);
}

bool json_index_runs_on(enum json_machine machine)
{
	bool has_both = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi");

	switch (machine) {
	case JSON_SCALAR: return true;
	case JSON_AVX2:   return has_both && __builtin_cpu_supports("avx2");
	case JSON_AVX512: return has_both && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
	default:          return false;
	}
}

#else

bool json_index_runs_on(enum json_machine machine)
{
	return machine == JSON_SCALAR;
}

#endif

enum json_machine json_index_fastest(void)
{
	return json_index_runs_on(JSON_AVX512) ? JSON_AVX512 : json_index_runs_on(JSON_AVX2) ? JSON_AVX2 : JSON_SCALAR;
}

void json_index_build(struct json_index *index, struct slice text, enum json_machine machine)
{
	size_t count = (text.len + JSON_BLOCK_BYTES - 1) / JSON_BLOCK_BYTES;

	assert(text.len < UINT32_MAX);
	if (count > index->room) {
		json_index_fini(index);
		index->room = count;
		index->blocks = xmalloc(count * sizeof *index->blocks);
		index->commas = xmalloc(count * sizeof *index->commas);
	}
	index->text = text;
	index->faults = 0;
	switch (machine) {
#if defined(__x86_64__)
	case JSON_AVX512: build_avx512(index); break;
	case JSON_AVX2:   build_avx2(index); break;
#endif
	default:          build_scalar(index);
	}
}

void json_index_fini(struct json_index *index)
{
	free(index->blocks);
	free(index->commas);
	*index = (struct json_index){0};
}
