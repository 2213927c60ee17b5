/* detect/pattern_parts.h: what a compiled pattern is inside, for detect/pattern_set.h, which takes it apart. */
#ifndef SPOOR_DETECT_PATTERN_PARTS_H
#define SPOOR_DETECT_PATTERN_PARTS_H

#include "detect/pattern_columns.h"
#include "detect/pattern_json.h"
#include "detect/pattern_text.h"

struct pattern {
	enum pattern_form             form;
	bool                          has_regex;
	const struct pattern_text    *text;          /* the one of these three that `form` says; the others are NULL */
	const struct pattern_json    *json;
	const struct pattern_columns *columns;
};

#endif
