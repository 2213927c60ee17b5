/* base/buffer.c: doubling storage; the abandoned halves go with the arena. */
#include "base/buffer.h"

void buffer_init(struct buffer *buffer, struct arena *arena, size_t limit_bytes)
{
	*buffer = (struct buffer){ .arena = arena, .limit_bytes = limit_bytes };
}

char *buffer_reserve(struct buffer *buffer, size_t bytes)
{
	if (buffer->is_over || bytes > buffer->limit_bytes - buffer->len) {
		buffer->is_over = true;
		return NULL;
	}
	if (buffer->room - buffer->len < bytes) {
		size_t room = buffer->room ? buffer->room * 2 : 256;
		while (room < buffer->len + bytes)
			room *= 2;
		char *grown = arena_alloc(buffer->arena, room);
		if (buffer->len)
			memcpy(grown, buffer->ptr, buffer->len);
		buffer->ptr = grown;
		buffer->room = room;
	}
	return buffer->ptr + buffer->len;
}

void buffer_commit(struct buffer *buffer, size_t bytes)
{
	assert(bytes <= buffer->room - buffer->len);
	buffer->len += bytes;
}

void buffer_u64(struct buffer *buffer, uint64_t value)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	buffer_add(buffer, (struct slice){ digits + at, sizeof digits - at });
}

void buffer_i64(struct buffer *buffer, int64_t value)
{
	if (value < 0)
		buffer_byte(buffer, '-');
	buffer_u64(buffer, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list args;
	char small[512];

	va_start(args, format);
	int bytes = vsnprintf(small, sizeof small, format, args);
	va_end(args);
	assert(bytes >= 0);
	if ((size_t)bytes < sizeof small) {
		buffer_add(buffer, (struct slice){ small, (size_t)bytes });
		return;
	}
	char *to = buffer_reserve(buffer, (size_t)bytes + 1);      /* vsnprintf writes a NUL after the text */
	if (to) {
		va_start(args, format);
		vsnprintf(to, (size_t)bytes + 1, format, args);
		va_end(args);
		buffer->len += (size_t)bytes;
	}
}

void buffer_truncate(struct buffer *buffer, size_t len)
{
	assert(len <= buffer->len);
	buffer->len = len;
}

struct slice buffer_slice(const struct buffer *buffer)
{
	return (struct slice){ buffer->ptr ? buffer->ptr : "", buffer->len };
}

bool buffer_check(const struct buffer *buffer, struct error *err)
{
	return !buffer->is_over || fail(err, ERR_LIMIT, "More than %zu bytes of output.", buffer->limit_bytes);
}
