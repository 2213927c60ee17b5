/* store/object_format.h: how an object lies on disk, for its writer, its reader and their tests (docs/objects.md).
 *
 *   header: "spoorobj", format (u32), bytes of a frame (u32)
 *   frames: ciphertext of 65,536 bytes (the last one: 0 to 65,536), tag of 16 bytes
 *
 * All numbers are little-endian. Every object has a last frame, an empty one an empty frame. The file's key is made from the
 * object's data key and the file's name; as both are used once, the frame's index and whether it is the last are the nonce.
 * So a frame opens only in its own file, in its own place, and the last one only as the last. */
#ifndef SPOOR_STORE_OBJECT_FORMAT_H
#define SPOOR_STORE_OBJECT_FORMAT_H

#include "codec/digest.h"
#include "store/objects.h"

enum {
	OBJECT_FORMAT        = 1,
	OBJECT_HEADER_BYTES  = 16,
	OBJECT_SEALED_BYTES  = OBJECT_FRAME_BYTES + GCM_TAG_BYTES,      /* a full frame on disk */
	OBJECT_FOLDER_BYTES  = 2,                                       /* of the name: which folder it is in */
};
_Static_assert((int)OBJECT_KEY_BYTES == (int)AES256_KEY_BYTES, "data keys are expanded to AES-256 keys");

void object_format_header(unsigned char header[OBJECT_HEADER_BYTES]);
void object_format_key(struct digest_gcm *gcm, const unsigned char key[OBJECT_KEY_BYTES], struct slice name);
void object_format_nonce(unsigned char nonce[GCM_NONCE_BYTES], uint64_t index, bool is_last);

uint64_t object_format_frame_count(uint64_t bytes);     /* at least one */
uint64_t object_format_file_bytes(uint64_t bytes);
bool     object_format_is_name(struct slice name);

#endif
