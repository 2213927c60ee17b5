/* trail/digest_writer.h: writes one digest of a chain: document, signature, object, and the commit that makes it the head.
 *
 * The commit puts the object, moves the chain, and takes the listed files off the list, so that whatever crashes, an object
 * is there exactly if the chain has moved, and every file is in exactly one digest. There is no try whose outcome is
 * unknown, so nothing has to be kept for a repetition; still one writes the same bytes under the same key: the document
 * follows from rows that wait for it, the key of its window's end always is the same one, and RSASSA-PKCS1-v1_5 has no
 * randomness. Only a trail that has moved meanwhile puts it to its new place. */
#ifndef SPOOR_TRAIL_DIGEST_WRITER_H
#define SPOOR_TRAIL_DIGEST_WRITER_H

#include "trail/digest_window.h"
#include "trail/trail_object.h"

struct digest_order {
	const struct digest_chain *chain;       /* as it was read */
	struct trail_sender        sender;      /* the trail: in the key, and on whose behalf it is put */
	struct digest_window       window;      /* its end is not in the future */
	int64_t                    now_ms;
	bool                       is_forgotten;        /* the trail is deleted: its last digest leaves nothing behind */
};

/* Never writes over an object: a window whose key is taken, by a trail that had the same name, ends a second later.
 * `arena` for scratch. False: nothing happened, and chain and files wait. Errors: ERR_CONFLICT: something has changed, look
 * again; ERR_BUSY: not now, as without a signing key yet; ERR_IO and others without a name are spoor's; with a name, S3's
 * code, they are the bucket's: "NoSuchBucket", "AccessDenied". */
bool digest_writer_write(struct delivery_context *context, struct arena *arena, const struct digest_order *order,
                         struct error *err);

#endif
