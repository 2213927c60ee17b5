/* base/buffer.h: a growing byte writer in an arena; one check after many appends.
 *
 * Appending past `limit_bytes` sets a flag and writes nothing more, so a writer of many small pieces checks once. */
#ifndef SPOOR_BASE_BUFFER_H
#define SPOOR_BASE_BUFFER_H

#include "base/arena.h"

struct buffer {
	struct arena *arena;
	char         *ptr;
	size_t        len, room;
	size_t        limit_bytes;
	bool          is_over;            /* something did not fit */
};

void buffer_init(struct buffer *buffer, struct arena *arena, size_t limit_bytes);

char *buffer_reserve(struct buffer *buffer, size_t bytes);     /* room to write `bytes`, then buffer_commit; NULL when over */
void buffer_commit(struct buffer *buffer, size_t bytes);

/* In the header because writers of many small pieces spend their time here. */
static inline void buffer_add(struct buffer *buffer, struct slice s)
{
	if (s.len == 0)
		return;
	bool fits = s.len <= buffer->room - buffer->len && s.len <= buffer->limit_bytes - buffer->len && !buffer->is_over;
	char *to = fits ? buffer->ptr + buffer->len : buffer_reserve(buffer, s.len);
	if (to) {
		memcpy(to, s.ptr, s.len);
		buffer->len += s.len;
	}
}

static inline void buffer_byte(struct buffer *buffer, char byte)
{
	buffer_add(buffer, (struct slice){ &byte, 1 });
}

void buffer_u64(struct buffer *buffer, uint64_t value);        /* decimal */
void buffer_i64(struct buffer *buffer, int64_t value);
void buffer_printf(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
void buffer_truncate(struct buffer *buffer, size_t len);

struct slice buffer_slice(const struct buffer *buffer);        /* valid until the next append */

/* Fails with ERR_LIMIT if something did not fit. */
bool buffer_check(const struct buffer *buffer, struct error *err);

#endif
