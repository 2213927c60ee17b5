/* codec/letter.h: upper and lower case of every letter there is, the same in every locale and thread.
 *
 * Unicode's full mappings of each letter by itself: the upper case of one can be several. Tables by tools/cases. */
#ifndef SPOOR_CODEC_LETTER_H
#define SPOOR_CODEC_LETTER_H

#include "base/buffer.h"

/* Appends `text` in that case; bytes that are no UTF-8 stay as they are. */
void letter_add_upper(struct buffer *out, struct slice text);
void letter_add_lower(struct buffer *out, struct slice text);

/* The next letter that differs from this one by case only, in a ring: k, the Kelvin sign, K. Itself if there is no other. */
uint32_t letter_next_case(uint32_t code_point);

/* Visits the letters that have another case, in order: `for (uint32_t c = 0; letter_from(&c); c++)`. */
bool letter_from(uint32_t *code_point);

#endif
