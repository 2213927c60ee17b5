/* query/insights_pattern.h: the pattern command: what texts have in common, with tokens for what varies.
 *
 * AWS's clustering is its own; here the pattern of a text depends on that text alone, so that patterns are groups like any others,
 * the same whoever counts them in which order. `pattern x` is therefore no command of its own, but what these would be:
 *
 *     fields PATTERN(x) as p | filter ispresent(p) | stats count(*) as n by p
 *     | fields concat(n, " ", p) as q | stats sum(n) as t, values(q) as l | unnest l into q | parse q "* *" as n, @pattern
 *     | fields toNumber(n) as @sampleCount, n / t as @ratio, SEVERITY(@pattern) as @severityLabel
 *     | display @pattern, @ratio, @sampleCount, @severityLabel | sort @sampleCount desc
 *
 * Source: CloudWatch Logs User Guide, "pattern". */
#ifndef SPOOR_QUERY_INSIGHTS_PATTERN_H
#define SPOOR_QUERY_INSIGHTS_PATTERN_H

#include "query/insights_ast.h"

/* `command` was written with its word only; becomes the first of those that it stands for. */
void insights_pattern_expand(struct arena *arena, struct insights_command *command, struct insights_expr *expr);

/* The text with tokens such as <IP-1>, <Timestamp-2>, <UUID-3>, <Number-4>, and <Token-5> for other words with digits, numbered from
 * 1; of what is longer than INSIGHTS_PATTERN_BYTES_MAX the rest is <*>. */
struct slice insights_pattern_of(struct arena *arena, struct slice text);

/* Error, Warning, Info, Debug by the words in it, the gravest if there are several; SLICE_NONE if there is none. */
struct slice insights_pattern_severity(struct slice text);

#endif
