/* codec/checksum_crc.h: cyclic redundancy checks of any reflected polynomial up to 64 bits. For codec/checksum.c only. */
#ifndef SPOOR_CODEC_CHECKSUM_CRC_H
#define SPOOR_CODEC_CHECKSUM_CRC_H

#include "codec/checksum.h"

void checksum_crc_init(struct checksum_crc *crc, uint64_t polynomial, unsigned bits, bool may_multiply);
void checksum_crc_add(struct checksum_crc *crc, struct slice data);
uint64_t checksum_crc_value(const struct checksum_crc *crc);

/* Of A followed by B, from those of A and B. */
uint64_t checksum_crc_combine(uint64_t polynomial, unsigned bits, uint64_t a, uint64_t b, uint64_t b_bytes);

#endif
