/* query/value.h: one cell of an Insights query: absent, a text, a number, a time, or a piece of JSON; and how two compare.
 *
 * These are the rules of Insights and of nothing else: `!=` with an absent value is true here and false in filter patterns, so the
 * two languages share no comparison. Values are small and go by value; what they point to lives in the arena of who made them, or
 * in the record they were read from.
 * Source: CloudWatch Logs User Guide, "Supported operations and functions", "sort"; what it leaves open is decided where it is done. */
#ifndef SPOOR_QUERY_VALUE_H
#define SPOOR_QUERY_VALUE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "codec/json.h"

enum value_kind {
	VALUE_NONE,                     /* absent; JSON's null is this too */
	VALUE_TEXT, VALUE_NUMBER, VALUE_TIME,
	VALUE_JSON,                     /* an object or array, from jsonParse(), split() and values() */
};

struct value {
	enum value_kind    kind;
	double             number;      /* NUMBER; booleans are 1 and 0 */
	int64_t            time_ms;     /* TIME */
	struct slice       text;        /* TEXT; NUMBER: its spelling, where it came as an integer of JSON, else SLICE_NONE */
	const struct json *json;        /* JSON */
};

struct value value_none(void);
struct value value_text(struct slice text);             /* SLICE_NONE gives an absent one */
struct value value_number(double number);               /* what is not finite is absent */
struct value value_bool(bool is_true);                  /* 1 or 0 */
struct value value_time(double time_ms);                /* absent outside of the years 0 to 9999 */
struct value value_of_json(const struct json *json);    /* scalars become scalars, NULL and null absent */

/* Is `text`, all of it, a decimal number: sign, digits with a fraction, exponent? */
bool value_is_decimal(struct slice text, double *number);

/* The value as a number: a number, a text that is wholly one, a time's milliseconds. */
bool value_to_number(const struct value *value, double *number);

/* What `and`, `or`, `not`, `filter` and if() take for true: a number other than 0, a time, "true". */
bool value_is_true(const struct value *value);

/* As the value is shown, and as text functions see it: SLICE_NONE for an absent one. Numbers have four decimals at most. */
struct slice value_to_text(const struct value *value, struct arena *arena);

enum value_relation { VALUE_EQUAL, VALUE_UNEQUAL, VALUE_LESS, VALUE_LESS_EQUAL, VALUE_GREATER, VALUE_GREATER_EQUAL };

bool value_relates(const struct value *a, enum value_relation relation, const struct value *b);

/* The order of `sort`, ascending: <0, 0, >0. Absent ones first, then texts by their runs of digits and letters, then numbers. */
int value_sort_order(const struct value *a, const struct value *b);

/* The same for a value that is compared many times: what it is for sort is found out once. */
struct value_rank {
	int          rank;                      /* 0 absent, 1 text, 2 number */
	double       number;
	struct slice text;
};

struct value_rank value_rank(const struct value *value);        /* points to the value's text */
int               value_rank_order(const struct value_rank *a, const struct value_rank *b);

/* Appends what tells this value from all others, for groups and distinct values: equal keys, equal cells. */
void value_add_key(const struct value *value, struct buffer *key);

#endif
