/* detect/pattern_columns.h: patterns that name the columns of a line divided by blanks.
 *
 * "text in quotes" and [text in brackets] are one column each, without their marks. Where there are more columns than the
 * pattern names, the last name takes the whole rest of the line; a `...` takes any number of columns, none too. */
#ifndef SPOOR_DETECT_PATTERN_COLUMNS_H
#define SPOOR_DETECT_PATTERN_COLUMNS_H

#include "detect/pattern_reader.h"

struct pattern_columns;

const struct pattern_columns *pattern_columns_compile(struct pattern_reader *reader);
bool pattern_columns_matches(const struct pattern_columns *pattern, struct slice message);

/* The columns of a message that matches, in order: $name, or $<position> of one without a name. */
size_t pattern_columns_extract(const struct pattern_columns *pattern, struct slice message, struct arena *arena,
                               struct pattern_value **values);

#endif
