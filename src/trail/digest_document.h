/* trail/digest_document.h: digest files, bit for bit as AWS writes them, and what of them is signed.
 *
 * A digest lists the log files delivered in its window and names the digest before it. Its signature, kept beside it as
 * metadata, covers its place, its time, its content and the signature before. Texts are SLICE_NONE where the file has
 * null. Source: CloudTrail User Guide, "Digest file structure", "Custom implementations of integrity validation". */
#ifndef SPOOR_TRAIL_DIGEST_DOCUMENT_H
#define SPOOR_TRAIL_DIGEST_DOCUMENT_H

#include "base/arena.h"

struct digest_file {
	struct slice bucket, key;
	struct slice hash;                      /* SHA-256 of the uncompressed bytes, 64 lower-case hex digits */
	int64_t      newest_ms, oldest_ms;      /* of its events */
};

struct digest_document {
	struct slice account;
	int64_t      start_ms, end_ms;          /* whole seconds */
	struct slice bucket, key;               /* where it is stored */
	struct slice fingerprint;               /* of the public key, 32 lower-case hex digits */
	struct slice previous_bucket, previous_key, previous_hash, previous_signature;
	const struct digest_file *files;
	size_t       file_count;
};

/* The JSON text, one line, in the arena. newestEventTime and oldestEventTime are those over all files. */
struct slice digest_document_write(struct arena *arena, const struct digest_document *document);

/* What the signature covers; `json` are the exact bytes of the file. In the arena. */
struct slice digest_document_to_sign(struct arena *arena, const struct digest_document *document, struct slice json);

/* Reads and checks the members that validators need; slices point into `json` or the arena. Errors: ERR_INVALID. */
bool digest_document_read(struct arena *arena, struct slice json, struct digest_document *document, struct error *err);

#endif
