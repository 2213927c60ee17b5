/* detect/pattern_fields.h: the values that a set of selectors finds in one JSON message, in one pass over it.
 *
 * The one place where detect meets a JSON reader: patterns and sets of them see selectors, and what each of them found. */
#ifndef SPOOR_DETECT_PATTERN_FIELDS_H
#define SPOOR_DETECT_PATTERN_FIELDS_H

#include "archive/fields.h"

/* $.name, $[3], $.*, $[*]. `.*` is every member of an object, `[*]` every element of an array. */
enum pattern_step_kind { STEP_NAME, STEP_INDEX, STEP_ANY_MEMBER, STEP_ANY_ELEMENT };

struct pattern_step {
	enum pattern_step_kind kind;
	struct slice           name;
	uint64_t               index;
};

struct pattern_selector {
	struct slice               text;       /* as first written */
	const struct pattern_step *steps;
	size_t                     count;
};

bool pattern_selector_equals(const struct pattern_selector *a, const struct pattern_selector *b);

/* A node that a selector leads to. Text: of a string, escapes resolved; of a number, its literal; of true and false, the
 * word; SLICE_NONE for the others, which compare with nothing. */
struct pattern_field {
	enum field_kind kind;
	struct slice    text;
};

struct pattern_found {
	const struct pattern_field *fields;
	size_t                      count;     /* 0 or 1 without a wildcard */
};

struct pattern_fields;

/* Everything is copied into `arena`. */
const struct pattern_fields *pattern_fields_compile(struct arena *arena, const struct pattern_selector *const *selectors,
                                                    size_t count);

/* A JSON object or array, from bracket to bracket, within the text of an index. */
struct pattern_record {
	const struct json_index *index;
	struct slice             text;
};

/* A message as a record under an index of its own, which the caller keeps and ends with json_index_fini(). False if it is not
 * JSON, as far as an index can see, or no object and no array. Blanks around it are not part of it. */
bool pattern_record_open(struct pattern_record *record, struct json_index *index, struct slice message);

/* Is all of it JSON? Fields are found by stepping over the rest, so ask before saying that something matches. */
bool pattern_record_is_json(const struct pattern_record *record, struct arena *scratch);

/* Fills found[i] for selector i; what they hold lives as long as `scratch` and the record's text. Of members with equal names
 * the last counts; `.*` sees them all. False if what it stepped over was not JSON, or if `scratch` passed its cap. */
bool pattern_fields_find(const struct pattern_fields *fields, const struct pattern_record *record, struct arena *scratch,
                         struct pattern_found *found);

#endif
