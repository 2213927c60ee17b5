/* codec/checksum.h: the checksums that S3 clients send along and ask for: CRC32, CRC32C, CRC64NVME, SHA-1, SHA-256.
 *
 * The CRCs run at several bytes a cycle where the processor multiplies without carries, else by tables; both are made
 * at init, a microsecond or five, so that nothing is shared. Values are raw and big-endian, as their base64 is on the wire.
 * Source: S3 User Guide, "Checking object integrity". */
#ifndef SPOOR_CODEC_CHECKSUM_H
#define SPOOR_CODEC_CHECKSUM_H

#include "codec/digest.h"

enum checksum_algorithm {
	CHECKSUM_CRC32, CHECKSUM_CRC32C, CHECKSUM_CRC64NVME, CHECKSUM_SHA1, CHECKSUM_SHA256,
	CHECKSUM_COUNT,
	CHECKSUM_NONE = CHECKSUM_COUNT,
};

enum { CHECKSUM_BYTES_MAX = SHA256_BYTES, CHECKSUM_SLICES = 8 };

struct checksum_crc {
	uint64_t polynomial;            /* reflected */
	unsigned bits;
	bool     is_carryless;          /* the processor has the multiplication */
	uint64_t value;
	uint64_t fold_far[2], fold_near[2];
	uint64_t table[CHECKSUM_SLICES][256];
};

struct checksum {
	enum checksum_algorithm algorithm;
	union {
		struct checksum_crc  crc;
		struct digest_sha1   sha1;
		struct digest_sha256 sha256;
	} as;
};

void   checksum_init(struct checksum *checksum, enum checksum_algorithm algorithm);
void   checksum_add(struct checksum *checksum, struct slice data);
size_t checksum_final(struct checksum *checksum, unsigned char out[CHECKSUM_BYTES_MAX]);        /* ends it; how many bytes */

/* As checksum_init() of a CRC, never with the multiplication: what other processors do, for tests. */
void checksum_init_by_tables(struct checksum *checksum, enum checksum_algorithm algorithm);

size_t       checksum_bytes(enum checksum_algorithm algorithm);
struct slice checksum_name(enum checksum_algorithm algorithm);          /* "CRC32", as in x-amz-sdk-checksum-algorithm */
struct slice checksum_header(enum checksum_algorithm algorithm);        /* "x-amz-checksum-crc32" */

/* CHECKSUM_NONE where there is no such. Any case. */
enum checksum_algorithm checksum_of_name(struct slice name);
enum checksum_algorithm checksum_of_header(struct slice header);

/* CRCs only: `first` becomes the checksum of what it was of, followed by `second_bytes` bytes that have `second`. */
void checksum_combine(enum checksum_algorithm algorithm, unsigned char *first, const unsigned char *second,
                      uint64_t second_bytes);

#endif
