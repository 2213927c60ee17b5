/* store/object_format.c: sizes, names, nonces and keys of object files. */
#include "store/object_format.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "byte-swap the header on this machine");

void object_format_header(unsigned char header[OBJECT_HEADER_BYTES])
{
	static const uint32_t numbers[2] = { OBJECT_FORMAT, OBJECT_FRAME_BYTES };

	memcpy(header, "spoorobj", 8);
	memcpy(header + 8, numbers, sizeof numbers);
}

void object_format_key(struct digest_gcm *gcm, const unsigned char key[OBJECT_KEY_BYTES], struct slice name)
{
	unsigned char file_key[AES256_KEY_BYTES];

	digest_hkdf_sha256((struct slice){ (const char *)key, OBJECT_KEY_BYTES }, S("spoor object, format 1"), name, file_key,
	                   sizeof file_key);
	digest_gcm_init(gcm, file_key);
	digest_wipe(file_key, sizeof file_key);
}

void object_format_nonce(unsigned char nonce[GCM_NONCE_BYTES], uint64_t index, bool is_last)
{
	memset(nonce, 0, GCM_NONCE_BYTES);
	nonce[0] = is_last;
	memcpy(nonce + GCM_NONCE_BYTES - sizeof index, &index, sizeof index);
}

uint64_t object_format_frame_count(uint64_t bytes)
{
	return bytes ? (bytes - 1) / OBJECT_FRAME_BYTES + 1 : 1;
}

uint64_t object_format_file_bytes(uint64_t bytes)
{
	return OBJECT_HEADER_BYTES + bytes + object_format_frame_count(bytes) * GCM_TAG_BYTES;
}

bool object_format_is_name(struct slice name)
{
	if (name.len != OBJECT_NAME_BYTES)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!((name.ptr[i] >= '0' && name.ptr[i] <= '9') || (name.ptr[i] >= 'a' && name.ptr[i] <= 'f')))
			return false;
	return true;
}
