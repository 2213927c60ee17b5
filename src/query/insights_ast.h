/* query/insights_ast.h: the syntax tree of an Insights query, and the typed plan that binding makes of it.
 *
 * Parsing fills in what stands in the text; binding (query/insights_bind.h) adds where names lead: each name becomes a slot, a
 * place in a row. From then on the tree is read only, and shared by whoever runs it. All of it lives in one arena, and texts that
 * needed no unescaping point into the copy of the query there. Every node knows its bytes in the query. */
#ifndef SPOOR_QUERY_INSIGHTS_AST_H
#define SPOOR_QUERY_INSIGHTS_AST_H

#include "query/date_pattern.h"
#include "query/insights_function.h"
#include "query/insights_time.h"
#include "regex/regex.h"

struct insights_span {
	size_t from, to;                        /* bytes of the query; to is behind the last */
};

/* Where a refused query is wrong, for who wrote it; the error itself has AWS's words. */
struct insights_fault {
	struct insights_span span;
	const char          *reason;            /* a static sentence without a full stop */
};

/* ---- expressions ---- */

enum insights_expr_kind {
	EXPR_NUMBER, EXPR_TEXT, EXPR_PERIOD, EXPR_REGEX,
	EXPR_FIELD,                             /* a name, with steps into what it holds */
	EXPR_CALL,                              /* of a function or an aggregate */
	EXPR_OPERATOR,
};

enum insights_operator {
	OP_OR, OP_AND, OP_NOT,
	OP_EQUAL, OP_UNEQUAL, OP_LESS, OP_LESS_EQUAL, OP_GREATER, OP_GREATER_EQUAL,
	OP_LIKE, OP_NOT_LIKE,                   /* second operand: EXPR_TEXT or EXPR_REGEX; =~ is OP_LIKE */
	OP_IN, OP_NOT_IN,                       /* second operand and on: the elements */
	OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE, OP_REMAINDER, OP_POWER, OP_NEGATE,
};

struct insights_step {                          /* of a path: .key or [index] */
	struct slice         key;               /* SLICE_NONE: index */
	uint32_t             index;
};

#define INSIGHTS_NO_SLOT SIZE_MAX

struct insights_expr {
	enum insights_expr_kind kind;
	struct insights_span    span;

	double                  number;         /* NUMBER */
	struct slice            text;           /* TEXT; FIELD: the steps joined by dots, without backticks; REGEX: its body */
	struct insights_period  period;         /* PERIOD */
	const struct regex     *regex;          /* REGEX */
	const struct date_pattern *date_pattern;        /* TEXT that parseDate() reads by */
	const struct zone      *zone;           /* TEXT that names one, or a date's format: UTC */

	const struct insights_step *steps;      /* FIELD */
	size_t                      step_count;
	size_t                      slot;       /* bound: FIELD; a CALL or OPERATOR whose value an earlier command has; else NO_SLOT */
	size_t                      step_first; /* bound: the steps from here on lead into what the slot holds */

	const struct insights_function *function;       /* CALL */
	enum insights_operator          operator;       /* OPERATOR */
	struct insights_expr          **args;           /* of calls and operators; count(*) has none */
	size_t                          arg_count;
	size_t                          aggregate;      /* bound: an aggregate's number within its stats */
};

/* ---- commands ---- */

struct insights_item {                          /* expr [as name], a sort key, a name that parse gives */
	struct insights_expr *expr;             /* NULL: a name only */
	struct slice          name;             /* of the column: the alias, the field's, or the text of the expression as written */
	struct insights_span  span;             /* of the alias if there is one, else of the expression */
	bool                  has_alias;
	bool                  is_descending;    /* sort */
	size_t                slot;             /* bound: where its value is put */
};

struct insights_items {
	struct insights_item *items;
	size_t                count;
};

enum insights_command_kind {
	COMMAND_FIELDS, COMMAND_DISPLAY, COMMAND_FILTER, COMMAND_STATS, COMMAND_SORT, COMMAND_LIMIT, COMMAND_DEDUP, COMMAND_PARSE,
	COMMAND_UNNEST,
	COMMAND_UNMASK,                         /* shows what a log group masks; spoor masks nothing */
};

struct insights_command {
	enum insights_command_kind kind;
	struct insights_span       word;        /* its name */
	bool                       is_implied;  /* no one wrote it: a part of what `pattern` stands for */
	struct insights_items      items;       /* fields, display, stats, sort, dedup, unmask; names of parse and unnest */
	struct insights_items      keys;        /* stats: behind `by` */
	struct insights_expr      *expr;        /* filter; parse, unnest: what is taken apart */
	const struct slice        *literals;    /* parse with a glob: what stands around the stars, items.count + 1 texts */
	const struct regex        *regex;       /* parse with a regular expression; items.items[i] is its group names[i] */
	int64_t                    limit;
	struct insights_expr     **aggregates;  /* bound, stats: by number */
	size_t                     aggregate_count;
	struct insights_command   *next;
};

struct insights_query {
	struct slice             text;          /* the copy */
	struct insights_command *first;
	size_t                   count;
};

#endif
