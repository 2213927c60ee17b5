/* base/log.h: one-line key=value diagnostics to stderr. Not the audit trail. */
#ifndef SPOOR_BASE_LOG_H
#define SPOOR_BASE_LOG_H

#include "base/base.h"

/* "2026-01-15T10:01:07Z WHAT key=value ..." in one write; control bytes in it become '?'. Any thread. */
void log_line(const char *what, const char *format, ...) PRINTF_LIKE(2, 3);

/* For what strangers can cause: at most LOG_LIMIT_BURST lines at once and one a second after that, and how many were
 * left out. One a thread. */
enum { LOG_LIMIT_BURST = 10 };

struct log_limit {
	int64_t  last_ms;              /* monotonic */
	unsigned tokens;
	uint64_t left_out;
};

void log_limit_init(struct log_limit *limit, int64_t monotonic_ms);
void log_limited(struct log_limit *limit, int64_t monotonic_ms, const char *what, const char *format, ...) PRINTF_LIKE(4, 5);

#endif
