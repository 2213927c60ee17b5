/* codec/printable.h: text for a terminal: how wide it is there, cut to fit, and with nothing in it that commands the terminal.
 *
 * Line breaks and tabs are blanks; other control characters, invisible ones that turn the direction of text, and bytes that are no
 * UTF-8 are question marks. Widths are those of tools/widths: 2 for East Asian wide characters and emoji, 0 for marks over the
 * character before (from the ninth on a question mark each, so that no pile of them reaches other lines). */
#ifndef SPOOR_CODEC_PRINTABLE_H
#define SPOOR_CODEC_PRINTABLE_H

#include "base/buffer.h"

/* Columns that `text` takes, or some number above `columns_max`: then it does not look at all of it. */
size_t printable_columns(struct slice text, size_t columns_max);

/* Appends what fits into `columns_max`, and returns the columns that it takes. With `shows_cut`, what does not fit ends in an ellipsis,
 * which is one column of them. */
size_t printable_add(struct buffer *out, struct slice text, size_t columns_max, bool shows_cut);

#endif
