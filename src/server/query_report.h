/* server/query_report.h: what an answer was made from: how much was read, what was not and why, and whether rows are missing. */
#ifndef SPOOR_SERVER_QUERY_REPORT_H
#define SPOOR_SERVER_QUERY_REPORT_H

#include "codec/json.h"
#include "query/insights_run.h"

/* Several lines for a person. `result`: NULL if there is no answer. */
void query_report_write(const struct insights_result *result, const struct scan_report *report, struct buffer *out);

/* The same as one JSON object; docs/query.md has its members. */
void query_report_json(const struct insights_result *result, const struct scan_report *report, struct json_writer *json);

#endif
