/* detect/pattern_json.h: patterns of conditions over the fields of a JSON message.
 *
 * A condition is true if some node that its selector leads to satisfies it, so that `!=` is false where there is none. */
#ifndef SPOOR_DETECT_PATTERN_JSON_H
#define SPOOR_DETECT_PATTERN_JSON_H

#include "detect/pattern_fields.h"
#include "detect/pattern_reader.h"

enum condition_kind { CONDITION_COMPARES, CONDITION_IS_NULL, CONDITION_IS_TRUE, CONDITION_IS_FALSE, CONDITION_NOT_EXISTS };

struct pattern_condition {
	enum condition_kind       kind;
	size_t                    selector;    /* index of the pattern's selectors */
	struct pattern_comparison comparison;  /* of CONDITION_COMPARES */
};

enum expression_kind { EXPRESSION_CONDITION, EXPRESSION_AND, EXPRESSION_OR };

struct pattern_expression {
	enum expression_kind       kind;
	size_t                     condition;    /* index of the pattern's conditions */
	struct pattern_expression *first, *next; /* and, or: two parts or more */
};

struct pattern_json {
	const struct pattern_selector *const *selectors;    /* all different */
	size_t                                selector_count;
	const struct pattern_condition       *conditions;
	size_t                                condition_count;
	const struct pattern_expression      *expression;
	const struct pattern_fields          *fields;       /* of these selectors alone */
};

const struct pattern_json *pattern_json_compile(struct pattern_reader *reader);

/* A selector that stands alone, to the end of the reader's text. */
const struct pattern_selector *pattern_json_selector(struct pattern_reader *reader);

bool pattern_json_holds(const struct pattern_condition *condition, const struct pattern_found *found);
bool pattern_json_expression_holds(const struct pattern_condition *conditions, const struct pattern_expression *expression,
                                   const struct pattern_found *found);

/* Fills one place a selector. False if the message does not match; then they mean nothing. */
bool pattern_json_find(const struct pattern_json *pattern, struct slice message, struct arena *scratch,
                       struct pattern_found *found);
bool pattern_json_matches(const struct pattern_json *pattern, struct slice message, struct arena *scratch);

/* The first value node found, as text; SLICE_NONE if there is none. */
struct slice pattern_json_value(const struct pattern_found *found);

#endif
