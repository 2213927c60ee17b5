/* codec/checksum_test.c: the check value of each algorithm, by every way of computing it, in any pieces. */
#include "codec/checksum.h"
#include "base/random.h"
#include "codec/hex.h"
#include "tests/test.h"

enum { LENGTH = 3000 };

static const struct { enum checksum_algorithm algorithm; const char *name, *of_nine_digits, *of_nothing; } rows[] = {
	{ CHECKSUM_CRC32,     "CRC32",     "cbf43926", "00000000" },
	{ CHECKSUM_CRC32C,    "CRC32C",    "e3069283", "00000000" },
	{ CHECKSUM_CRC64NVME, "CRC64NVME", "ae8b14860a799888", "0000000000000000" },
	{ CHECKSUM_SHA1,      "SHA1",      "f7c3bc1d808e04732adf679965ccc34ca7ae3441", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ CHECKSUM_SHA256,    "SHA256",    "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225", SHA256_EMPTY_HEX },
};

static struct slice in_hex(struct test *t, struct checksum *checksum)
{
	unsigned char out[CHECKSUM_BYTES_MAX];
	size_t bytes = checksum_final(checksum, out);

	CHECK_NUMBER(t, bytes, checksum_bytes(checksum->algorithm));
	return hex_text(&t->arena, (struct slice){ (const char *)out, bytes });
}

static struct slice of(struct test *t, enum checksum_algorithm algorithm, struct slice data)
{
	struct checksum checksum;

	checksum_init(&checksum, algorithm);
	checksum_add(&checksum, data);
	return in_hex(t, &checksum);
}

TEST(checksum_gives_the_check_values)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK_TEXT(t, of(t, rows[i].algorithm, S("123456789")), slice_of(rows[i].of_nine_digits));
		CHECK_TEXT(t, of(t, rows[i].algorithm, S("")), slice_of(rows[i].of_nothing));
	}
}

TEST(checksum_names_are_those_of_the_wire)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK_TEXT(t, checksum_name(rows[i].algorithm), slice_of(rows[i].name));
		CHECK_NUMBER(t, checksum_of_name(slice_of(rows[i].name)), rows[i].algorithm);
		CHECK_NUMBER(t, checksum_of_header(checksum_header(rows[i].algorithm)), rows[i].algorithm);
	}
	CHECK_NUMBER(t, checksum_of_header(S("X-Amz-Checksum-CRC32C")), CHECKSUM_CRC32C);
	CHECK_NUMBER(t, checksum_of_header(S("x-amz-checksum-xxhash64")), CHECKSUM_NONE);
	CHECK_NUMBER(t, checksum_of_name(S("MD5")), CHECKSUM_NONE);
	CHECK(t, !checksum_header(CHECKSUM_NONE).ptr && !checksum_name(CHECKSUM_NONE).ptr);
}

static struct slice noise(struct test *t)
{
	struct random random;
	char *data = arena_alloc(&t->arena, LENGTH);

	random_init_seeded(&random, 3);
	random_bytes(&random, data, LENGTH);
	return (struct slice){ data, LENGTH };
}

/* One bit at a time, as the definition says. */
static uint64_t bitwise(uint64_t polynomial, unsigned bits, struct slice data)
{
	uint64_t ones = UINT64_MAX >> (64 - bits), value = ones;

	for (size_t i = 0; i < data.len; i++) {
		value ^= (unsigned char)data.ptr[i];
		for (int bit = 0; bit < 8; bit++)
			value = value & 1 ? value >> 1 ^ polynomial : value >> 1;
	}
	return value ^ ones;
}

TEST(checksum_crcs_agree_with_their_definition_however_they_are_computed)
{
	static const uint64_t polynomials[] = { 0xEDB88320, 0x82F63B78, 0x9A6C9329AC4BC9B5 };
	static const size_t lengths[] = { 1, 7, 8, 15, 16, 63, 64, 65, 79, 80, 127, 128, 129, 191, 255, 256, 1000, 2999 };
	struct slice data = noise(t);

	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < COUNT(lengths); k++) {
			struct slice part = slice_sub(data, k, lengths[k]);
			unsigned bits = (unsigned)checksum_bytes(rows[i].algorithm) * 8;
			char want[17];
			struct checksum by_tables;
			snprintf(want, sizeof want, "%0*" PRIx64, (int)bits / 4, bitwise(polynomials[i], bits, part));
			CHECK_TEXT(t, of(t, rows[i].algorithm, part), slice_of(want));
			checksum_init_by_tables(&by_tables, rows[i].algorithm);
			checksum_add(&by_tables, part);
			CHECK_TEXT(t, in_hex(t, &by_tables), slice_of(want));
		}
}

TEST(checksum_does_not_depend_on_the_pieces)
{
	struct slice data = noise(t);

	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t first = 0; first < 300; first += 13) {
			struct checksum checksum;
			checksum_init(&checksum, rows[i].algorithm);
			checksum_add(&checksum, slice_sub(data, 0, first));
			checksum_add(&checksum, slice_sub(data, first, first));
			checksum_add(&checksum, SLICE_NONE);
			checksum_add(&checksum, slice_from(data, 2 * first));
			CHECK_TEXT(t, in_hex(t, &checksum), of(t, rows[i].algorithm, data));
		}
}

TEST(checksum_of_a_whole_follows_from_those_of_its_parts)
{
	static const size_t cuts[] = { 0, 1, 8, 1000, LENGTH };
	struct slice data = noise(t);

	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < COUNT(cuts); k++) {
			unsigned char first[CHECKSUM_BYTES_MAX], second[CHECKSUM_BYTES_MAX];
			size_t bytes = checksum_bytes(rows[i].algorithm);
			CHECK(t, hex_decode(of(t, rows[i].algorithm, slice_sub(data, 0, cuts[k])), first, bytes));
			CHECK(t, hex_decode(of(t, rows[i].algorithm, slice_from(data, cuts[k])), second, bytes));
			checksum_combine(rows[i].algorithm, first, second, LENGTH - cuts[k]);
			CHECK_TEXT(t, hex_text(&t->arena, (struct slice){ (const char *)first, bytes }), of(t, rows[i].algorithm, data));
		}
}
