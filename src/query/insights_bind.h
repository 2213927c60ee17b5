/* query/insights_bind.h: names resolved: an Insights query as a plan that only has to be run.
 *
 * A row is an array of values, one a slot: what the record has (sources), and what commands make of it. Which name means which slot
 * is settled here, so running looks nothing up. A plan is read only and shared by all threads. */
#ifndef SPOOR_QUERY_INSIGHTS_BIND_H
#define SPOOR_QUERY_INSIGHTS_BIND_H

#include "archive/fields.h"
#include "query/insights_ast.h"

enum insights_source_kind {
	SOURCE_COMPUTED,                        /* by a command */
	SOURCE_FIELD,                           /* discovered in the message */
	SOURCE_TIMESTAMP, SOURCE_INGESTION_TIME, SOURCE_MESSAGE, SOURCE_LOG_STREAM, SOURCE_LOG, SOURCE_PTR,
	SOURCE_NOTHING,                         /* a name with @ that there is not */
};

struct insights_source {                        /* of a slot */
	enum insights_source_kind kind;
	size_t                    field;        /* FIELD: its number in `fields` */
};

struct insights_column {
	struct slice name;
	size_t       slot;
};

struct insights_plan {
	const struct insights_query  *query;
	const struct insights_source *sources;  /* slot_count of them */
	size_t                        slot_count;
	const struct fields          *fields;   /* sealed, FIELD_JOINED */
	size_t                        time_field;       /* eventTime's number in it, for who reads records */
	const struct insights_column *columns;
	size_t                        column_count;
	bool                          is_aggregated;    /* there is a stats: rows are no events any more */
	bool                          has_limit;
};

/* Binds a query that insights_parse() made, and returns the plan, in the same arena. `leaves_max`: of each message only so many
 * fields are discovered, 0: all. `fault` may be NULL. NULL if it is refused.
 * Errors: ERR_INVALID "MalformedQueryException"; ERR_LIMIT (too many fields). */
const struct insights_plan *insights_bind(struct arena *arena, struct insights_query *query, size_t leaves_max,
                                          struct insights_fault *fault, struct error *err);

#endif
