/* query/insights_predicate.h: what a filter asks, in a form that mostly needs no values: the text of the record is looked at.
 *
 * A field is asked whether it is, or has in it, a text that is no number: that is decided by its bytes. Everything else is evaluated. */
#ifndef SPOOR_QUERY_INSIGHTS_PREDICATE_H
#define SPOOR_QUERY_INSIGHTS_PREDICATE_H

#include "query/insights_bind.h"

struct insights_need {                          /* slots that the record fills, before something can be evaluated */
	size_t *slots;
	size_t  count;
};

enum insights_predicate_kind {
	PREDICATE_AND, PREDICATE_OR, PREDICATE_NOT,
	PREDICATE_EXPR,                         /* the expression is evaluated */
	/* of one field as it stands in the record: */
	PREDICATE_EQUAL,                        /* is it one of `texts`, none of which is a number? */
	PREDICATE_LIKE, PREDICATE_REGEX,
	PREDICATE_PRESENT,
};

struct insights_predicate {
	enum insights_predicate_kind     kind;
	const struct insights_predicate *left, *right;  /* AND, OR; NOT: left */
	const struct insights_expr *expr;       /* all that it says, for a field that is no plain text */
	struct insights_need        need;       /* of expr */
	bool                        is_negated; /* of EQUAL, LIKE and REGEX; expr says so itself */
	size_t                      slot;       /* of the field */
	struct slice               *texts;      /* EQUAL; LIKE: one */
	size_t                      text_count;
	const struct regex         *regex;
	size_t                      memo;       /* REGEX: its number among them */
};

/* Marks each slot on which the expression's value depends. */
void insights_predicate_mark(const struct insights_expr *expr, bool *marks);

/* Those of the marked slots that a record fills; none where rows do not come from records. */
struct insights_need insights_predicate_need(struct arena *arena, const struct insights_plan *plan, const bool *marks, bool is_record);

/* `is_record`: the rows come from records, so fields can be looked at as they stand there. *memo_count: of regexes. */
const struct insights_predicate *insights_predicate_make(struct arena *arena, const struct insights_plan *plan,
                                                         const struct insights_expr *expr, bool is_record, size_t *memo_count);

#endif
