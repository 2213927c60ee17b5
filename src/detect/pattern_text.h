/* detect/pattern_text.h: patterns of terms: words, "phrases" and %regexes% that must, may (?) or must not (-) occur.
 *
 * A term occurs as a part of the text, not as a word of it. Terms marked ? count only where all are: then one of them must
 * occur; beside any other term they are ignored, as AWS documents. A phrase of blanks only occurs in every text. */
#ifndef SPOOR_DETECT_PATTERN_TEXT_H
#define SPOOR_DETECT_PATTERN_TEXT_H

#include "detect/pattern_reader.h"

struct pattern_text;

const struct pattern_text *pattern_text_compile(struct pattern_reader *reader);
bool pattern_text_matches(const struct pattern_text *pattern, struct slice message);

/* Texts of which every message that the pattern matches has one, as it stands; at most `texts_max`. 0: nothing is known. */
size_t pattern_text_needs(const struct pattern_text *pattern, struct slice *texts, size_t texts_max);

#endif
