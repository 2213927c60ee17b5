/* base/base.h: slice, error, assertions: the only header that every file includes.
 *
 * It includes the standard headers once and then poisons what spoor does not use, so that a slip does not compile. */
#ifndef SPOOR_BASE_BASE_H
#define SPOOR_BASE_BASE_H

#ifndef _GNU_SOURCE
#error "compile with -D_GNU_SOURCE"
#endif

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#undef sprintf                 /* macros in a fortified build with clang */
#undef vsprintf
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets gmtime localtime system popen rand srand

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PRINTF_LIKE(format_index, first_argument) __attribute__((format(printf, format_index, first_argument)))

/* ---- slices: text or bytes by value; nothing relies on a terminating NUL ---- */

struct slice {
	const char *ptr;     /* NULL means "absent"; S("") is present and empty */
	size_t      len;
};

#define S(literal)       ((struct slice){ ("" literal ""), sizeof(literal) - 1 })
#define S_INIT(literal)  { ("" literal ""), sizeof(literal) - 1 }   /* in static initialisers */
#define SLICE_ARG(slice) (int)(slice).len, ((slice).ptr ? (slice).ptr : "")
#define SLICE_NONE       ((struct slice){ NULL, 0 })

struct slice slice_of(const char *text);                       /* of a NUL-terminated text; NULL gives SLICE_NONE */
struct slice slice_sub(struct slice s, size_t from, size_t len); /* clamped to `s` */
struct slice slice_from(struct slice s, size_t from);
struct slice slice_trim(struct slice s);                       /* blanks and tabs at both ends */
bool slice_equal(struct slice a, struct slice b);
bool slice_equal_nocase(struct slice a, struct slice b);       /* ASCII only */
int  slice_compare(struct slice a, struct slice b);            /* bytewise, shorter first: <0, 0, >0 */
int  slice_compare_nocase(struct slice a, struct slice b);
bool slice_has_prefix(struct slice s, struct slice prefix);
bool slice_has_suffix(struct slice s, struct slice suffix);
bool slice_has_prefix_nocase(struct slice s, struct slice prefix);

#define SLICE_NPOS ((size_t)-1)
size_t slice_find(struct slice s, struct slice needle);        /* offset or SLICE_NPOS */
size_t slice_find_byte(struct slice s, char byte);
size_t slice_rfind_byte(struct slice s, char byte);

/* Cuts `s` at the first `byte`: *head is before it, the result after it (SLICE_NONE where there is none). */
struct slice slice_cut(struct slice s, char byte, struct slice *head);

/* Decimal digits only, the whole slice, no sign; false on overflow or anything else. */
bool slice_to_u64(struct slice s, uint64_t *value);
bool slice_to_i64(struct slice s, int64_t *value);             /* an optional '-' or '+' first */

uint64_t hash64(struct slice s);                               /* XXH3; not for adversarial tables without a seed */
uint64_t hash64_seeded(struct slice s, uint64_t seed);

/* Constant time in `len`; false at once for different lengths. */
bool slice_equal_secret(struct slice a, struct slice b);

/* ---- errors ---- */

enum error_kind {
	ERR_NONE, ERR_INVALID, ERR_DENIED, ERR_NOT_FOUND, ERR_CONFLICT,
	ERR_LIMIT, ERR_BUSY, ERR_CORRUPT, ERR_IO,
	ERROR_KIND_COUNT
};

enum { ERROR_MESSAGE_BYTES_MAX = 1024 };         /* CloudTrail cuts errorMessage at 1 KB */

struct error {
	enum error_kind kind;                    /* what a program decides on */
	const char     *name;                    /* static wire name such as "NoSuchEntity", or NULL */
	char            message[ERROR_MESSAGE_BYTES_MAX + 1]; /* for a person: what, which, and what would be right */
};

/* Each fills `err` (NULL is allowed) and returns false, so that checks chain. Too long a message is cut at a
 * UTF-8 boundary. */
bool fail(struct error *err, enum error_kind kind, const char *format, ...) PRINTF_LIKE(3, 4);
bool fail_as(struct error *err, enum error_kind kind, const char *name, const char *format, ...) PRINTF_LIKE(4, 5);
bool fail_errno(struct error *err, const char *what);          /* ERR_IO, "what: strerror(errno)" */

/* ---- assertions: what only a bug can break; on in release builds too ---- */

_Noreturn void assert_failed(const char *condition, const char *file, int line);
#undef assert
#define assert(condition) ((condition) ? (void)0 : assert_failed(#condition, __FILE__, __LINE__))

/* ---- memory that cannot be had aborts: every input is bounded, and the journal survives it ---- */

void *xmalloc(size_t bytes);
void *xcalloc(size_t count, size_t bytes);
void *xrealloc(void *ptr, size_t bytes);

/* From now on a block of 64 KiB or more is a mapping of its own: pages that were never written cost nothing, and all go back when
 * it is freed. glibc begins so, but gives it up after the first such block is freed. For servers, whose memory is promised. */
void xmalloc_map_large(void);

#endif
