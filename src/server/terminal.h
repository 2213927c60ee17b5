/* server/terminal.h: what only a terminal gets: lines that fit it, and one that moves. */
#ifndef SPOOR_SERVER_TERMINAL_H
#define SPOOR_SERVER_TERMINAL_H

#include "archive/scan.h"

/* Columns of the terminal that `fd` is; 0 if it is none, or does not say. */
size_t terminal_width(int fd);

/* How far a scan is, on standard error: from its second second on. `line` begins as { .start_ms = clock_monotonic_ms() }; this is what
 * struct scan_options takes for its progress and user. */
struct terminal_line {
	int64_t start_ms;
	bool    is_shown;
};

void terminal_line_show(void *line, const struct scan_progress *progress);
void terminal_line_wipe(const struct terminal_line *line);

#endif
