/* tests/test.h: the harness. A test registers itself, runs with a fresh arena, and prints one TAP line.
 *
 * TEST(name) { ... CHECK(t, ...); }               one test, named after the behaviour it protects
 * VECTORS(name, "file.jsonl") { ... }             one test a line of tests/vectors/file.jsonl, named name/id;
 *                                                 field_text(t, "key") and friends read the line
 * A test goes on after a failed CHECK; REQUIRE returns from it. */
#ifndef SPOOR_TESTS_TEST_H
#define SPOOR_TESTS_TEST_H

#include "base/arena.h"
#include "codec/json.h"

struct test {
	const char        *name;
	struct arena       arena;
	struct error       err;
	int                failed_checks;
	const char        *skipped;           /* a reason, set by test_skip */
	const struct json *line;              /* VECTORS: the line as an object */
};

typedef void test_run(struct test *t);

struct test_case {
	const char       *name;
	test_run         *run;
	const char       *vectors;            /* a file under tests/vectors, or NULL */
	const char       *kind;               /* only lines whose "kind" is this; NULL: all */
	struct test_case *next;
};

void test_register(struct test_case *test_case);

#define TEST(test_name)                                                                            \
	static void test_name(struct test *t);                                                     \
	__attribute__((constructor)) static void register_##test_name(void)                        \
	{                                                                                          \
		static struct test_case test_case = { .name = #test_name, .run = test_name };      \
		test_register(&test_case);                                                         \
	}                                                                                          \
	static void test_name(struct test *t)

#define VECTORS(test_name, file, ...)                                                              \
	static void test_name(struct test *t);                                                     \
	__attribute__((constructor)) static void register_##test_name(void)                        \
	{                                                                                          \
		static struct test_case test_case = { .name = #test_name, .run = test_name,        \
		                                      .vectors = file, ##__VA_ARGS__ };            \
		test_register(&test_case);                                                         \
	}                                                                                          \
	static void test_name(struct test *t)

void test_failed(struct test *t, const char *file, int line, const char *format, ...) PRINTF_LIKE(4, 5);
void test_skip(struct test *t, const char *reason);

#define CHECK(t, condition)                                                                        \
	do {                                                                                       \
		if (!(condition))                                                                  \
			test_failed((t), __FILE__, __LINE__, "%s; error: %s", #condition,          \
			            (t)->err.message);                                             \
	} while (0)

#define REQUIRE(t, condition)                                                                      \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			test_failed((t), __FILE__, __LINE__, "%s; error: %s", #condition,          \
			            (t)->err.message);                                             \
			return;                                                                    \
		}                                                                                  \
	} while (0)

/* Says both values when they differ. */
#define CHECK_TEXT(t, got, want)   test_check_text((t), __FILE__, __LINE__, #got, (got), (want))
#define CHECK_NUMBER(t, got, want) test_check_number((t), __FILE__, __LINE__, #got, (int64_t)(got), (int64_t)(want))

bool test_check_text(struct test *t, const char *file, int line, const char *what, struct slice got, struct slice want);
bool test_check_number(struct test *t, const char *file, int line, const char *what, int64_t got, int64_t want);

/* ---- a vector line ---- */
const struct json *field(struct test *t, const char *key);             /* NULL if absent */
struct slice       field_text(struct test *t, const char *key);        /* SLICE_NONE if absent or no string */
bool               field_bool(struct test *t, const char *key);
int64_t            field_i64(struct test *t, const char *key);

/* ---- files ---- */
const char  *test_dir(struct test *t, const char *name);               /* path of a new empty directory, removed at exit */
const char  *test_dir_in_memory(struct test *t, const char *name);     /* the same, if there is 32 MiB of such; small files */
int          empty_dir(struct test *t, const char *name);              /* the same, as a descriptor closed after the test */
struct slice test_read_file(struct test *t, const char *path);         /* fails the test if it cannot be read */
void         overwrite(struct test *t, int dir_fd, const char *name, off_t at, struct slice bytes);
const char  *test_source_path(struct test *t, const char *relative);   /* of a file in the repository */

#endif
