/* query/insights_row.h: one event as the row that a plan begins with. */
#ifndef SPOOR_QUERY_INSIGHTS_ROW_H
#define SPOOR_QUERY_INSIGHTS_ROW_H

#include "query/insights_bind.h"

struct insights_event {
	int64_t      time_ms, ingestion_ms;
	struct slice message, log_stream, log, ptr;
};

/* The plan's fields in the message that `index` is of. False where that is no JSON object: nothing is discovered in it. */
bool insights_row_discover(const struct insights_plan *plan, const struct json_index *index, struct field *found);

/* What a slot of the row begins with. `found` is NULL where nothing is discovered. A text that needs unescaping is put into `arena`. */
struct value insights_row_value(const struct insights_source *source, const struct insights_event *event, const struct field *found,
                                struct arena *arena);

/* Fills `row`, a value for each slot of the plan. `index` is of event->message; `found` has room for fields_count(plan->fields).
 * What is discovered in a message that is no JSON object is absent. Texts that need unescaping are put into `arena`; all others
 * live in the message. */
void insights_row_read(const struct insights_plan *plan, const struct insights_event *event, const struct json_index *index,
                       struct field *found, struct arena *arena, struct value *row);

#endif
