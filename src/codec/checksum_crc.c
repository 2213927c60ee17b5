/* codec/checksum_crc.c: long inputs are folded by carry-less multiplication, the rest goes through tables.
 *
 * Reflected means that bit 0 stands for the highest power of x. A block of 128 bits that is followed by d more bits is
 * congruent, modulo the polynomial, to its two halves multiplied by x^(d+64) and x^d, reduced beforehand: so four blocks at
 * a time move 512 bits ahead and are added to what stands there. What is left in the end, 128 bits congruent to all of
 * the input, is taken through the table like any 16 bytes. The product of two reflected words is one power of x too
 * high, hence the exponents less one. */
#include "codec/checksum_crc.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { BLOCK_BYTES = 16, LANES = 4, STRIDE_BYTES = LANES * BLOCK_BYTES };

/* ---- polynomials modulo another, reflected: the top bit of `bits` stands for 1 ---- */

static uint64_t multiply(uint64_t polynomial, unsigned bits, uint64_t a, uint64_t b)
{
	uint64_t product = 0;

	for (uint64_t bit = UINT64_C(1) << (bits - 1); bit; bit >>= 1) {
		if (a & bit)
			product ^= b;
		b = b & 1 ? b >> 1 ^ polynomial : b >> 1;
	}
	return product;
}

static uint64_t power_of_x(uint64_t polynomial, unsigned bits, uint64_t exponent)
{
	uint64_t result = UINT64_C(1) << (bits - 1), square = UINT64_C(1) << (bits - 2);

	for (; exponent; exponent >>= 1) {
		if (exponent & 1)
			result = multiply(polynomial, bits, result, square);
		square = multiply(polynomial, bits, square, square);
	}
	return result;
}

uint64_t checksum_crc_combine(uint64_t polynomial, unsigned bits, uint64_t a, uint64_t b, uint64_t b_bytes)
{
	uint64_t shift = power_of_x(polynomial, bits, b_bytes % (UINT64_MAX / 8) * 8);

	return multiply(polynomial, bits, a, shift) ^ b;
}

/* ---- by tables: eight bytes a step ---- */

static void make_tables(struct checksum_crc *crc, size_t count)
{
	for (unsigned byte = 0; byte < 256; byte++) {
		uint64_t value = byte;
		for (int bit = 0; bit < 8; bit++)
			value = value & 1 ? value >> 1 ^ crc->polynomial : value >> 1;
		crc->table[0][byte] = value;
	}
	for (size_t slice = 1; slice < count; slice++)
		for (unsigned byte = 0; byte < 256; byte++) {
			uint64_t before = crc->table[slice - 1][byte];
			crc->table[slice][byte] = before >> 8 ^ crc->table[0][before & 0xFF];
		}
}

static uint64_t add_bytes(const struct checksum_crc *crc, uint64_t value, const unsigned char *data, size_t bytes)
{
	while (bytes-- > 0)
		value = value >> 8 ^ crc->table[0][(value ^ *data++) & 0xFF];
	return value;
}

static uint64_t add_by_tables(const struct checksum_crc *crc, uint64_t value, const unsigned char *data, size_t bytes)
{
	_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "load the word byte by byte on this machine");
	for (; bytes >= CHECKSUM_SLICES; data += CHECKSUM_SLICES, bytes -= CHECKSUM_SLICES) {
		uint64_t word, next = 0;
		memcpy(&word, data, sizeof word);
		word ^= value;
		for (unsigned i = 0; i < CHECKSUM_SLICES; i++)
			next ^= crc->table[CHECKSUM_SLICES - 1 - i][word >> (8 * i) & 0xFF];
		value = next;
	}
	return add_bytes(crc, value, data, bytes);
}

/* ---- by multiplication ---- */

#if defined(__x86_64__)

static bool can_multiply(void)
{
	return __builtin_cpu_supports("pclmul");
}

__attribute__((target("pclmul,sse2")))
static __m128i fold(__m128i block, __m128i factors, __m128i onto)
{
	__m128i first = _mm_clmulepi64_si128(block, factors, 0x00), second = _mm_clmulepi64_si128(block, factors, 0x11);

	return _mm_xor_si128(_mm_xor_si128(first, second), onto);
}

__attribute__((target("pclmul,sse2")))
static __m128i load(const void *data)
{
	return _mm_loadu_si128(data);
}

/* At least STRIDE_BYTES; takes whole strides, then whole blocks. Returns how many bytes it took. */
__attribute__((target("pclmul,sse2")))
static size_t add_by_multiplication(const struct checksum_crc *crc, uint64_t *value, const unsigned char *data, size_t bytes)
{
	__m128i far = load(crc->fold_far), near = load(crc->fold_near), lane[LANES];
	unsigned char left[BLOCK_BYTES];
	size_t at = STRIDE_BYTES;

	for (size_t i = 0; i < LANES; i++)
		lane[i] = load(data + i * BLOCK_BYTES);
	lane[0] = _mm_xor_si128(lane[0], _mm_set_epi64x(0, (long long)*value));
	for (; bytes - at >= STRIDE_BYTES; at += STRIDE_BYTES)
		for (size_t i = 0; i < LANES; i++)
			lane[i] = fold(lane[i], far, load(data + at + i * BLOCK_BYTES));
	for (size_t i = 1; i < LANES; i++)
		lane[0] = fold(lane[0], near, lane[i]);
	for (; bytes - at >= BLOCK_BYTES; at += BLOCK_BYTES)
		lane[0] = fold(lane[0], near, load(data + at));
	_mm_storeu_si128((void *)left, lane[0]);
	*value = add_bytes(crc, 0, left, sizeof left);
	return at;
}

#else

static bool can_multiply(void)
{
	return false;
}

static size_t add_by_multiplication(const struct checksum_crc *crc, uint64_t *value, const unsigned char *data, size_t bytes)
{
	*value = add_by_tables(crc, *value, data, bytes);
	return bytes;
}

#endif

/* x^distance, where the upper half of a block goes, and x^(distance + 64), for the lower one; at the top of the word. */
static void make_factors(const struct checksum_crc *crc, uint64_t factors[2], uint64_t distance)
{
	factors[0] = power_of_x(crc->polynomial, crc->bits, distance + 63) << (64 - crc->bits);
	factors[1] = power_of_x(crc->polynomial, crc->bits, distance - 1) << (64 - crc->bits);
}

void checksum_crc_init(struct checksum_crc *crc, uint64_t polynomial, unsigned bits, bool may_multiply)
{
	crc->polynomial = polynomial;
	crc->bits = bits;
	crc->value = UINT64_MAX >> (64 - bits);
	crc->is_carryless = may_multiply && can_multiply();
	if (crc->is_carryless) {
		make_factors(crc, crc->fold_far, 8 * STRIDE_BYTES);
		make_factors(crc, crc->fold_near, 8 * BLOCK_BYTES);
	}
	make_tables(crc, crc->is_carryless ? 1 : CHECKSUM_SLICES);
}

void checksum_crc_add(struct checksum_crc *crc, struct slice data)
{
	const unsigned char *at = (const unsigned char *)data.ptr;
	size_t bytes = data.len, done = 0;

	if (crc->is_carryless && bytes >= STRIDE_BYTES)
		done = add_by_multiplication(crc, &crc->value, at, bytes);
	crc->value = crc->is_carryless ? add_bytes(crc, crc->value, at + done, bytes - done)
	                               : add_by_tables(crc, crc->value, at, bytes);
}

uint64_t checksum_crc_value(const struct checksum_crc *crc)
{
	return crc->value ^ UINT64_MAX >> (64 - crc->bits);
}
