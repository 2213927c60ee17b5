/* server/query_table.h: the rows of an answer in columns, as wide as they need and no wider than the terminal. */
#ifndef SPOOR_SERVER_QUERY_TABLE_H
#define SPOOR_SERVER_QUERY_TABLE_H

#include "query/insights_run.h"

struct query_table;

/* Looks through all rows for how wide each column has to be. */
struct query_table *query_table_new(struct arena *arena, const struct insights_result *result, size_t width);

void query_table_head(const struct query_table *table, struct buffer *out);
/* `scratch` is reset for each cell. */
void query_table_row(const struct query_table *table, size_t number, struct arena *scratch, struct buffer *out);

#endif
