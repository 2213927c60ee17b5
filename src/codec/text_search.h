/* codec/text_search.h: where one of a few short texts comes next, by vector instructions where the processor has them.
 *
 * A block of text is compared with the first byte of each text, and shifted with the last; what has both is compared whole. */
#ifndef SPOOR_CODEC_TEXT_SEARCH_H
#define SPOOR_CODEC_TEXT_SEARCH_H

#include "base/base.h"

enum { TEXT_SEARCH_MAX = 12 };

struct text_search {
	struct slice texts[TEXT_SEARCH_MAX];    /* each of a byte at least; not copied */
	size_t       count;
};

/* How it is done: all find the same. */
enum text_machine { TEXT_SCALAR, TEXT_AVX2, TEXT_MACHINE_COUNT };

bool              text_search_runs_on(enum text_machine machine);      /* this processor */
enum text_machine text_search_fastest(void);

/* The offset, at `from` or behind, where the first of the texts begins, and which of them it is (the first in the list of those that do);
 * SLICE_NPOS if none comes. */
size_t text_search_next(const struct text_search *search, struct slice text, size_t from, enum text_machine machine, size_t *which);

#endif
