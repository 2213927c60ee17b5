/* store/event_frame.c: the layout of an event's body in the journal.
 *
 * Little-endian, packed, at an address that is a multiple of 8:
 *   0 time_ms i64 | 8 account u64 | 16 flags u32 | 20 json_offset u32 | 24 attribute_count u8 | 25 region_bytes u8
 *   26 stamps_bytes u16 | 28 zero u32 | 32 hashes u32 * attribute_count
 *   then for each attribute: key u8, zero u8, length u16 | then region, stamps, the values in order | json to the end */
#include "store/event_frame.h"

enum { FIXED_BYTES = 32, HASH_BYTES = 4, ENTRY_BYTES = 4 };

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "frames are written as they lie in memory");
_Static_assert(FRAME_ATTRIBUTES_MAX <= UINT8_MAX && FRAME_REGION_BYTES_MAX <= UINT8_MAX, "their counts are single bytes");

struct fixed {                                  /* on disk */
	int64_t  time_ms;
	uint64_t account;
	uint32_t flags, json_offset;
	uint8_t  attribute_count, region_bytes;
	uint16_t stamps_bytes;
	uint32_t zero;
};
_Static_assert(sizeof(struct fixed) == FIXED_BYTES, "the envelope is an on-disk format");

struct entry {                                  /* on disk */
	uint8_t  key, zero;
	uint16_t bytes;
};
_Static_assert(sizeof(struct entry) == ENTRY_BYTES, "the envelope is an on-disk format");

static size_t json_offset_of(const struct event_frame *frame)
{
	size_t offset = FIXED_BYTES + frame->attribute_count * (HASH_BYTES + ENTRY_BYTES) + frame->region.len + frame->stamps.len;

	for (size_t i = 0; i < frame->attribute_count; i++)
		offset += frame->attributes[i].value.len;
	return offset;
}

size_t event_frame_bytes(const struct event_frame *frame)
{
	assert(frame->attribute_count <= FRAME_ATTRIBUTES_MAX && frame->region.len <= FRAME_REGION_BYTES_MAX);
	assert(frame->stamps.len <= FRAME_STAMPS_BYTES_MAX && frame->json.len <= FRAME_JSON_BYTES_MAX);
	return json_offset_of(frame) + frame->json.len;
}

static char *put(char *out, const void *bytes, size_t count)
{
	if (count > 0)
		memcpy(out, bytes, count);
	return out + count;
}

void event_frame_write(const struct event_frame *frame, char *out)
{
	struct fixed fixed = {
		.time_ms = frame->time_ms, .account = frame->account, .flags = frame->flags,
		.json_offset = (uint32_t)json_offset_of(frame), .attribute_count = (uint8_t)frame->attribute_count,
		.region_bytes = (uint8_t)frame->region.len, .stamps_bytes = (uint16_t)frame->stamps.len,
	};

	out = put(out, &fixed, sizeof fixed);
	for (size_t i = 0; i < frame->attribute_count; i++) {
		uint32_t hash = event_frame_hash(frame->attributes[i].key, frame->attributes[i].value);
		out = put(out, &hash, sizeof hash);
	}
	for (size_t i = 0; i < frame->attribute_count; i++) {
		const struct frame_attribute *attribute = &frame->attributes[i];
		assert(attribute->value.len <= FRAME_ATTRIBUTE_BYTES_MAX);
		struct entry entry = { .key = attribute->key, .bytes = (uint16_t)attribute->value.len };
		out = put(out, &entry, sizeof entry);
	}
	out = put(out, frame->region.ptr, frame->region.len);
	out = put(out, frame->stamps.ptr, frame->stamps.len);
	for (size_t i = 0; i < frame->attribute_count; i++)
		out = put(out, frame->attributes[i].value.ptr, frame->attributes[i].value.len);
	put(out, frame->json.ptr, frame->json.len);
}

/* The next `bytes` of what is left; the caller checks that all fit together afterwards. */
static struct slice cut(struct slice *rest, size_t bytes, bool *fits)
{
	struct slice part = slice_sub(*rest, 0, bytes);

	*fits = *fits && part.len == bytes;
	*rest = slice_from(*rest, bytes);
	return part;
}

bool event_frame_read(struct slice body, struct event_frame *frame, struct error *err)
{
	struct fixed fixed;
	struct slice rest = body;
	bool fits = body.len >= FIXED_BYTES;

	*frame = (struct event_frame){0};
	if (!fits)
		return fail(err, ERR_CORRUPT, "an event frame of %zu bytes is too short", body.len);
	memcpy(&fixed, body.ptr, sizeof fixed);
	rest = slice_from(rest, FIXED_BYTES);
	if (fixed.attribute_count > FRAME_ATTRIBUTES_MAX)
		return fail(err, ERR_CORRUPT, "an event frame with %u attributes", fixed.attribute_count);
	cut(&rest, fixed.attribute_count * (size_t)HASH_BYTES, &fits);
	struct slice entries = cut(&rest, fixed.attribute_count * (size_t)ENTRY_BYTES, &fits);
	*frame = (struct event_frame){
		.time_ms = fixed.time_ms, .account = fixed.account, .flags = fixed.flags, .attribute_count = fixed.attribute_count,
		.region = cut(&rest, fixed.region_bytes, &fits), .stamps = cut(&rest, fixed.stamps_bytes, &fits),
	};
	for (size_t i = 0; fits && i < fixed.attribute_count; i++) {
		struct entry entry;
		memcpy(&entry, entries.ptr + i * ENTRY_BYTES, sizeof entry);
		fits = entry.key > 0 && entry.key < FRAME_KEY_COUNT && entry.zero == 0;
		frame->attributes[i] = (struct frame_attribute){ entry.key, cut(&rest, entry.bytes, &fits) };
	}
	frame->json = rest;
	return (fits && fixed.zero == 0 && (size_t)(rest.ptr - body.ptr) == fixed.json_offset && rest.len <= FRAME_JSON_BYTES_MAX)
	    || fail(err, ERR_CORRUPT, "the envelope of an event frame does not add up");
}

/* ---- scanning ---- */

uint32_t event_frame_hash(enum frame_key key, struct slice value)
{
	return (uint32_t)hash64_seeded(value, (uint64_t)key);
}

bool event_frame_has(struct slice body, uint32_t hash)
{
	struct fixed fixed;
	uint32_t found;

	if (body.len < FIXED_BYTES)
		return false;
	memcpy(&fixed, body.ptr, sizeof fixed);
	if (body.len < FIXED_BYTES + fixed.attribute_count * (size_t)HASH_BYTES)
		return false;
	for (size_t i = 0; i < fixed.attribute_count; i++) {
		memcpy(&found, body.ptr + FIXED_BYTES + i * HASH_BYTES, sizeof found);
		if (found == hash)
			return true;
	}
	return false;
}

static struct fixed fixed_of(struct slice body)
{
	struct fixed fixed = {0};

	if (body.len >= FIXED_BYTES)
		memcpy(&fixed, body.ptr, sizeof fixed);
	return fixed;
}

int64_t event_frame_time_ms(struct slice body)
{
	return fixed_of(body).time_ms;
}

uint64_t event_frame_account(struct slice body)
{
	return fixed_of(body).account;
}

uint32_t event_frame_flags(struct slice body)
{
	return fixed_of(body).flags;
}
