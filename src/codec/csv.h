/* codec/csv.h: cells of comma-separated values, RFC 4180. */
#ifndef SPOOR_CODEC_CSV_H
#define SPOOR_CODEC_CSV_H

#include "base/buffer.h"

/* A text, in quotes; nothing at all for SLICE_NONE, so an absent text and an empty one differ. A spreadsheet takes what begins with
 * = + - @, their full-width forms, a tab or a line break for a formula or hides that it does: it gets an apostrophe, which means "this is
 * text", unless `is_raw`. Bytes that are no UTF-8 become U+FFFD. */
void csv_text(struct buffer *out, struct slice text, bool is_raw);

#endif
