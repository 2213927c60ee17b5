/* base/base.c: slices, errors, assertions, checked allocation. */
#include "base/base.h"

#define XXH_INLINE_ALL
#include <malloc.h>
#include <xxhash.h>

struct slice slice_of(const char *text)
{
	return text ? (struct slice){ text, strlen(text) } : SLICE_NONE;
}

struct slice slice_sub(struct slice s, size_t from, size_t len)
{
	if (from > s.len)
		from = s.len;
	if (len > s.len - from)
		len = s.len - from;
	return (struct slice){ s.ptr ? s.ptr + from : NULL, len };
}

struct slice slice_from(struct slice s, size_t from)
{
	return slice_sub(s, from, SIZE_MAX);
}

struct slice slice_trim(struct slice s)
{
	while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
		s = slice_from(s, 1);
	while (s.len > 0 && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
		s.len--;
	return s;
}

bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static unsigned char lower(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 'A' && u <= 'Z' ? (unsigned char)(u + ('a' - 'A')) : u;
}

int slice_compare_nocase(struct slice a, struct slice b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < shorter; i++) {
		unsigned char x = lower(a.ptr[i]), y = lower(b.ptr[i]);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.len > b.len) - (a.len < b.len);
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
	return a.len == b.len && slice_compare_nocase(a, b) == 0;
}

int slice_compare(struct slice a, struct slice b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool slice_has_prefix(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len && slice_equal(slice_sub(s, 0, prefix.len), prefix);
}

bool slice_has_prefix_nocase(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len && slice_equal_nocase(slice_sub(s, 0, prefix.len), prefix);
}

bool slice_has_suffix(struct slice s, struct slice suffix)
{
	return s.len >= suffix.len && slice_equal(slice_from(s, s.len - suffix.len), suffix);
}

size_t slice_find(struct slice s, struct slice needle)
{
	if (needle.len == 0)
		return 0;
	if (s.len < needle.len)
		return SLICE_NPOS;
	const char *hit = memmem(s.ptr, s.len, needle.ptr, needle.len);
	return hit ? (size_t)(hit - s.ptr) : SLICE_NPOS;
}

size_t slice_find_byte(struct slice s, char byte)
{
	const char *hit = s.len ? memchr(s.ptr, byte, s.len) : NULL;

	return hit ? (size_t)(hit - s.ptr) : SLICE_NPOS;
}

size_t slice_rfind_byte(struct slice s, char byte)
{
	const char *hit = s.len ? memrchr(s.ptr, byte, s.len) : NULL;

	return hit ? (size_t)(hit - s.ptr) : SLICE_NPOS;
}

struct slice slice_cut(struct slice s, char byte, struct slice *head)
{
	size_t at = slice_find_byte(s, byte);

	if (at == SLICE_NPOS) {
		*head = s;
		return SLICE_NONE;
	}
	*head = slice_sub(s, 0, at);
	return slice_from(s, at + 1);
}

bool slice_to_u64(struct slice s, uint64_t *value)
{
	uint64_t sum = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		if (__builtin_mul_overflow(sum, 10u, &sum)
		    || __builtin_add_overflow(sum, (uint64_t)(s.ptr[i] - '0'), &sum))
			return false;
	}
	*value = sum;
	return true;
}

bool slice_to_i64(struct slice s, int64_t *value)
{
	bool negative = s.len > 0 && s.ptr[0] == '-';
	uint64_t magnitude;

	if (s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+'))
		s = slice_from(s, 1);
	if (!slice_to_u64(s, &magnitude) || magnitude > (uint64_t)INT64_MAX + (negative ? 1 : 0))
		return false;
	*value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
	return true;
}

uint64_t hash64(struct slice s)
{
	return XXH3_64bits(s.ptr, s.len);
}

uint64_t hash64_seeded(struct slice s, uint64_t seed)
{
	return XXH3_64bits_withSeed(s.ptr, s.len, seed);
}

bool slice_equal_secret(struct slice a, struct slice b)
{
	volatile unsigned char difference = 0;

	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		difference = (unsigned char)(difference | ((unsigned char)a.ptr[i] ^ (unsigned char)b.ptr[i]));
	return difference == 0;
}

static bool fail_with(struct error *err, enum error_kind kind, const char *name, const char *format, va_list args)
{
	if (!err)
		return false;
	err->kind = kind;
	err->name = name;
	int wanted = vsnprintf(err->message, sizeof err->message, format, args);
	if (wanted >= (int)sizeof err->message) {
		size_t end = sizeof err->message - 1;
		while (end > 0 && ((unsigned char)err->message[end - 1] & 0xC0) == 0x80)
			end--;                       /* step back over a cut character's tail ... */
		if (end > 0 && ((unsigned char)err->message[end - 1] & 0x80))
			end--;                       /* ... and its first byte */
		err->message[end] = 0;
	}
	return false;
}

bool fail(struct error *err, enum error_kind kind, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail_with(err, kind, NULL, format, args);
	va_end(args);
	return false;
}

bool fail_as(struct error *err, enum error_kind kind, const char *name, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail_with(err, kind, name, format, args);
	va_end(args);
	return false;
}

bool fail_errno(struct error *err, const char *what)
{
	char reason[128];
	int code = errno;

	return fail(err, ERR_IO, "%s: %s", what, strerror_r(code, reason, sizeof reason));
}

_Noreturn void assert_failed(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, condition);
	abort();
}

static void *checked(void *ptr)
{
	if (!ptr) {
		fputs("spoor: out of memory\n", stderr);
		abort();
	}
	return ptr;
}

void *xmalloc(size_t bytes)
{
	return checked(malloc(bytes ? bytes : 1));
}

void *xcalloc(size_t count, size_t bytes)
{
	return checked(calloc(count ? count : 1, bytes ? bytes : 1));
}

void *xrealloc(void *ptr, size_t bytes)
{
	return checked(realloc(ptr, bytes ? bytes : 1));
}

void xmalloc_map_large(void)
{
	mallopt(M_MMAP_THRESHOLD, 64 << 10);
}
