/* services/s3/incoming.h: the bytes of an object on their way in: checked, hashed, encrypted and written, window by window.
 *
 * incoming_open() on the front, from the headers alone; incoming_take() and incoming_end() on workers, never two at a
 * time. A body may have any size: memory is some 100 KiB and the window. Nothing of it is an object before a row names the
 * file. Source: Amazon S3 API Reference (2006-03-01), PutObject, UploadPart; User Guide, "Checking object integrity". */
#ifndef SPOOR_SERVICES_S3_INCOMING_H
#define SPOOR_SERVICES_S3_INCOMING_H

#include "bucket/versions.h"
#include "codec/checksum.h"
#include "services/operation.h"

struct incoming;

/* Reads the length and everything that the body must match; `own` is a checksum to make whatever the client sends
 * (CHECKSUM_NONE: CRC64NVME where the client names none). call->rest->verified tells how the body is framed. Errors: S3's
 * "MissingContentLength", "EntityTooLarge", "InvalidDigest", "InvalidRequest". The result goes to call->rest->incoming. */
bool incoming_open(struct call *call, enum checksum_algorithm own, struct error *err);

/* The same for bytes that are no body but come from another object: `bytes` of them, which nobody promised anything of. */
void incoming_open_copy(struct call *call, uint64_t bytes, enum checksum_algorithm own);

/* The next bytes of the body as HTTP brought them. Errors: those of the framing (auth/aws_chunked.h), "IncompleteBody",
 * ERR_IO. */
bool incoming_take(struct call *call, struct slice window, struct error *err);

/* The body has ended: all that was promised of it is checked, and the file is durable. In `content`: file, sealed_key,
 * bytes, etag, checksum, of the `own` algorithm, else the client's. `made` may be NULL: the client's checksum, for the reply.
 * Errors: "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody", "MalformedTrailerError". */
struct incoming_checksum { enum checksum_algorithm algorithm; struct slice value; };
bool incoming_end(struct call *call, struct content *content, struct incoming_checksum *made, struct error *err);

/* Whether a row may name the file: if not, it is deleted, which takes a disk. Frees; accepts NULL. */
void incoming_close(struct incoming *incoming, bool may_be_named);

/* A value of Content-Encoding without "aws-chunked"; SLICE_NONE if nothing is left. */
struct slice incoming_encoding(struct arena *arena, struct slice content_encoding);

#endif
