/* server/query_print.h: the rows of an answer, as a table, JSON, JSON lines or CSV. */
#ifndef SPOOR_SERVER_QUERY_PRINT_H
#define SPOOR_SERVER_QUERY_PRINT_H

#include "query/insights_run.h"

enum query_format { QUERY_TABLE, QUERY_JSON, QUERY_JSONL, QUERY_CSV };

struct query_print_options {
	enum query_format  format;
	size_t             width;               /* of a table, in columns of the terminal; at least 1 */
	bool               is_raw;              /* CSV: what a spreadsheet would take for a formula is left alone */
	const atomic_bool *is_cancelled;        /* may be NULL */
};

/* In JSON a number is one, an absent cell has no member, and `report` is a member beside the rows. A table that cannot give each of its columns a few
 * places shows one cell a line instead. The same result gives the same bytes.
 * A reader that has had enough, as of `| head`, is no error. Errors: ERR_IO; ERR_LIMIT: a row is too large; ERR_BUSY: cancelled. */
bool query_print(const struct insights_result *result, const struct scan_report *report, const struct query_print_options *options,
                 FILE *out, struct error *err);

#endif
