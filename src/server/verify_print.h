/* server/verify_print.h: what spoor verify prints: the report as text or JSON, and the line that moves on a terminal. */
#ifndef SPOOR_SERVER_VERIFY_PRINT_H
#define SPOOR_SERVER_VERIFY_PRINT_H

#include "trail/verify.h"

void verify_print_text(const struct verify_report *report);
void verify_print_json(const struct verify_report *report);     /* docs/verify.md has the shape */

/* The progress line on stderr: from the second second on, a few times a second. */
struct verify_line {
	int64_t start_ms, shown_ms;             /* by the monotonic clock */
};

void verify_print_progress(void *line, const struct verify_progress *progress);
void verify_print_progress_end(const struct verify_line *line);         /* wipes it */

#endif
