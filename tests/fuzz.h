/* tests/fuzz.h: a fuzz target in ten lines.
 *
 * FUZZ(name) { ... CHECK_FUZZ(f, ...) } in src/LAYER/name_fuzz.c is compiled twice: with clang and libFuzzer as the program
 * fuzz-name (preset "fuzz"), and into spoor-fuzz-replay, which runs every file of fuzz/corpus/name/ in each normal
 * test run, so that a crash found once is a regression test for ever. */
#ifndef SPOOR_TESTS_FUZZ_H
#define SPOOR_TESTS_FUZZ_H

#include "base/arena.h"

struct fuzz {
	struct slice input;
	struct arena arena;
	struct error err;
};

struct fuzz_target {
	const char         *name;
	void              (*run)(struct fuzz *f);
	struct fuzz_target *next;
};

void fuzz_register(struct fuzz_target *target);

#define CHECK_FUZZ(f, condition)                                                                   \
	do {                                                                                       \
		(void)(f);                                                                         \
		if (!(condition))                                                                  \
			assert_failed(#condition, __FILE__, __LINE__);                             \
	} while (0)

#define FUZZ(target_name)                                                                          \
	static void fuzz_##target_name(struct fuzz *f);                                            \
	__attribute__((constructor)) static void register_fuzz_##target_name(void)                 \
	{                                                                                          \
		static struct fuzz_target target = { .name = #target_name, .run = fuzz_##target_name }; \
		fuzz_register(&target);                                                            \
	}                                                                                          \
	static void fuzz_##target_name(struct fuzz *f)

#endif
