/* store/event_frame.h: an audit event as the journal keeps it: a small binary envelope, then the JSON record.
 *
 * The envelope has what a lookup needs, so that no lookup parses JSON: the time, flags and a 32-bit hash of each
 * attribute stand in its first bytes, and a scan that is looking for one value touches one or two cache lines a frame. */
#ifndef SPOOR_STORE_EVENT_FRAME_H
#define SPOOR_STORE_EVENT_FRAME_H

#include "base/arena.h"

enum frame_flag {
	FRAME_MANAGEMENT = 1 << 0,      /* eventCategory Management: LookupEvents shows these only */
	FRAME_READ_ONLY  = 1 << 1,
	FRAME_HAS_ERROR  = 1 << 2,
};

/* The attributes of LookupEvents; numbers are an on-disk format. A resource is a TYPE and then a NAME. */
enum frame_key {
	FRAME_EVENT_ID = 1, FRAME_EVENT_NAME, FRAME_READ_ONLY_TEXT, FRAME_USERNAME, FRAME_RESOURCE_TYPE, FRAME_RESOURCE_NAME,
	FRAME_EVENT_SOURCE, FRAME_ACCESS_KEY_ID,
	FRAME_KEY_COUNT
};

enum {
	FRAME_ATTRIBUTES_MAX      = 64,
	FRAME_ATTRIBUTE_BYTES_MAX = 65535,
	FRAME_REGION_BYTES_MAX    = 255,
	FRAME_STAMPS_BYTES_MAX    = 65535,
	FRAME_JSON_BYTES_MAX      = 4 << 20,    /* records are at most 256 KB; leaves room for batches of log events */
};

struct frame_attribute {
	uint8_t      key;               /* enum frame_key */
	struct slice value;
};

/* Slices belong to whoever fills it; after event_frame_read they point into the body. */
struct event_frame {
	int64_t                time_ms;
	uint64_t               account;
	uint32_t               flags;
	struct slice           region;
	struct frame_attribute attributes[FRAME_ATTRIBUTES_MAX];
	size_t                 attribute_count;
	struct slice           stamps;          /* which trails admit it; opaque here, SLICE_NONE: none */
	struct slice           json;            /* the record, compact */
};

/* What is longer than the limits above is a bug of the caller. */
size_t event_frame_bytes(const struct event_frame *frame);
void   event_frame_write(const struct event_frame *frame, char *out);   /* event_frame_bytes(frame) bytes */

/* Errors: ERR_CORRUPT. */
bool event_frame_read(struct slice body, struct event_frame *frame, struct error *err);

/* ---- scanning: each reads a few bytes at the front of a body and answers false or 0 for a damaged one ---- */
uint32_t event_frame_hash(enum frame_key key, struct slice value);
bool     event_frame_has(struct slice body, uint32_t hash);     /* maybe: compare the value after event_frame_read */
int64_t  event_frame_time_ms(struct slice body);
uint64_t event_frame_account(struct slice body);
uint32_t event_frame_flags(struct slice body);

#endif
