/* services/s3/output.h: what several operations put into their outputs: owners, ETags, checksums. */
#ifndef SPOOR_SERVICES_S3_OUTPUT_H
#define SPOOR_SERVICES_S3_OUTPUT_H

#include "bucket/versions.h"
#include "services/call.h"
#include "services/s3/shapes.h"

struct bucket;

struct slice output_etag(struct call *call, struct slice etag);               /* in quotes */
struct s3_owner *output_owner(struct call *call, struct slice account);
struct slice output_class(const struct attributes *attributes);               /* "STANDARD" where none is kept */

/* Where a checksum goes: the addresses of an output's members. */
struct output_checksums { struct slice *crc32, *crc32_c, *crc64_nvme, *sha1, *sha256, *type; };
void output_checksum(struct output_checksums to, struct slice algorithm, struct slice checksum, struct slice type);

/* The same for what a client sent: the one that is there. */
struct output_checksum_sent { struct slice algorithm, checksum; };
struct output_checksum_sent output_sent(struct slice crc32, struct slice crc32_c, struct slice crc64_nvme,
                                        struct slice sha1, struct slice sha256);

#define OUTPUT_CHECKSUMS(out) ((struct output_checksums){ \
	&(out)->checksum_crc32, &(out)->checksum_crc32_c, &(out)->checksum_crc64_nvme, &(out)->checksum_sha1, \
	&(out)->checksum_sha256, &(out)->checksum_type })
#define OUTPUT_SENT(in) output_sent((in)->checksum_crc32, (in)->checksum_crc32_c, (in)->checksum_crc64_nvme, \
	(in)->checksum_sha1, (in)->checksum_sha256)

/* After a refusal by a condition: which header it was, as an element of the error. Always false. */
bool output_condition(struct call *call, const struct error *err);

#endif
