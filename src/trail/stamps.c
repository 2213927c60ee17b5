/* trail/stamps.c: the layout, and nothing else. */
#include "trail/stamps.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "byte-swap stamps on this machine");

void stamps_write(const struct stamp *stamps, size_t count, char *out)
{
	for (size_t i = 0; i < count; i++, out += STAMP_BYTES) {
		memset(out, 0, STAMP_BYTES);
		memcpy(out, &stamps[i].trail_id, sizeof stamps[i].trail_id);
		memcpy(out + 8, &stamps[i].target, sizeof stamps[i].target);
	}
}

size_t stamps_count(struct slice stamps)
{
	return stamps.len % STAMP_BYTES == 0 ? stamps.len / STAMP_BYTES : 0;
}

struct stamp stamps_at(struct slice stamps, size_t index)
{
	struct stamp stamp;

	assert(index < stamps_count(stamps));
	memcpy(&stamp.trail_id, stamps.ptr + index * STAMP_BYTES, sizeof stamp.trail_id);
	memcpy(&stamp.target, stamps.ptr + index * STAMP_BYTES + 8, sizeof stamp.target);
	return stamp;
}
