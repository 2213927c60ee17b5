/* codec/checksum.c: one table of what S3 knows. */
#include "codec/checksum.h"

#include "codec/checksum_crc.h"

static const struct row {
	struct slice name, header;
	uint64_t     polynomial;                /* CRCs; else 0 */
	size_t       bytes;
} rows[] = {
	[CHECKSUM_CRC32]     = { S_INIT("CRC32"),     S_INIT("x-amz-checksum-crc32"),     0xEDB88320,         4 },
	[CHECKSUM_CRC32C]    = { S_INIT("CRC32C"),    S_INIT("x-amz-checksum-crc32c"),    0x82F63B78,         4 },
	[CHECKSUM_CRC64NVME] = { S_INIT("CRC64NVME"), S_INIT("x-amz-checksum-crc64nvme"), 0x9A6C9329AC4BC9B5, 8 },
	[CHECKSUM_SHA1]      = { S_INIT("SHA1"),      S_INIT("x-amz-checksum-sha1"),      0,                  SHA1_BYTES },
	[CHECKSUM_SHA256]    = { S_INIT("SHA256"),    S_INIT("x-amz-checksum-sha256"),    0,                  SHA256_BYTES },
};
_Static_assert(COUNT(rows) == CHECKSUM_COUNT, "a row for each algorithm");

static void init(struct checksum *checksum, enum checksum_algorithm algorithm, bool may_multiply)
{
	assert(algorithm < CHECKSUM_COUNT);
	checksum->algorithm = algorithm;
	if (rows[algorithm].polynomial)
		checksum_crc_init(&checksum->as.crc, rows[algorithm].polynomial, (unsigned)rows[algorithm].bytes * 8, may_multiply);
	else if (algorithm == CHECKSUM_SHA1)
		digest_sha1_init(&checksum->as.sha1);
	else
		digest_sha256_init(&checksum->as.sha256);
}

void checksum_init(struct checksum *checksum, enum checksum_algorithm algorithm)
{
	init(checksum, algorithm, true);
}

void checksum_init_by_tables(struct checksum *checksum, enum checksum_algorithm algorithm)
{
	init(checksum, algorithm, false);
}

void checksum_add(struct checksum *checksum, struct slice data)
{
	if (rows[checksum->algorithm].polynomial)
		checksum_crc_add(&checksum->as.crc, data);
	else if (checksum->algorithm == CHECKSUM_SHA1)
		digest_sha1_add(&checksum->as.sha1, data);
	else
		digest_sha256_add(&checksum->as.sha256, data);
}

static void store(uint64_t value, unsigned char *out, size_t bytes)
{
	for (size_t i = bytes; i-- > 0; value >>= 8)
		out[i] = (unsigned char)value;
}

static uint64_t fetch(const unsigned char *in, size_t bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value = value << 8 | in[i];
	return value;
}

size_t checksum_final(struct checksum *checksum, unsigned char out[CHECKSUM_BYTES_MAX])
{
	const struct row *row = &rows[checksum->algorithm];

	if (row->polynomial)
		store(checksum_crc_value(&checksum->as.crc), out, row->bytes);
	else if (checksum->algorithm == CHECKSUM_SHA1)
		digest_sha1_final(&checksum->as.sha1, out);
	else
		digest_sha256_final(&checksum->as.sha256, out);
	return row->bytes;
}

size_t checksum_bytes(enum checksum_algorithm algorithm)
{
	assert(algorithm < CHECKSUM_COUNT);
	return rows[algorithm].bytes;
}

struct slice checksum_name(enum checksum_algorithm algorithm)
{
	return algorithm < CHECKSUM_COUNT ? rows[algorithm].name : SLICE_NONE;
}

struct slice checksum_header(enum checksum_algorithm algorithm)
{
	return algorithm < CHECKSUM_COUNT ? rows[algorithm].header : SLICE_NONE;
}

enum checksum_algorithm checksum_of_name(struct slice name)
{
	enum checksum_algorithm algorithm = 0;

	while (algorithm < CHECKSUM_COUNT && !slice_equal_nocase(name, rows[algorithm].name))
		algorithm++;
	return algorithm;
}

enum checksum_algorithm checksum_of_header(struct slice header)
{
	enum checksum_algorithm algorithm = 0;

	while (algorithm < CHECKSUM_COUNT && !slice_equal_nocase(header, rows[algorithm].header))
		algorithm++;
	return algorithm;
}

void checksum_combine(enum checksum_algorithm algorithm, unsigned char *first, const unsigned char *second,
                      uint64_t second_bytes)
{
	const struct row *row = &rows[algorithm];

	assert(algorithm < CHECKSUM_COUNT && row->polynomial);
	store(checksum_crc_combine(row->polynomial, (unsigned)row->bytes * 8, fetch(first, row->bytes), fetch(second, row->bytes),
	                           second_bytes), first, row->bytes);
}
