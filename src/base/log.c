/* base/log.c: a line is one write(2), so that lines of several threads do not mix. */
#include "base/log.h"

#include "base/clock.h"

enum { LINE_BYTES_MAX = 2048 };

static void write_line(const char *what, uint64_t left_out, const char *format, va_list args)
{
	char line[LINE_BYTES_MAX], time[TIME_TEXT_BYTES];
	size_t at = 0;

	time_iso(clock_wall_ms(), time);
	at += (size_t)snprintf(line, sizeof line, "%s %s ", time, what);
	int bytes = vsnprintf(line + at, sizeof line - at, format, args);
	at = bytes > 0 && (size_t)bytes < sizeof line - at ? at + (size_t)bytes : bytes > 0 ? sizeof line - 1 : at;
	if (left_out && at < sizeof line - 40)
		at += (size_t)snprintf(line + at, sizeof line - at, " left_out=%" PRIu64, left_out);
	for (size_t i = 0; i < at; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
			line[i] = '?';
	if (at > sizeof line - 1)
		at = sizeof line - 1;
	line[at++] = '\n';
	ssize_t written = write(STDERR_FILENO, line, at);
	(void)written;                                   /* nobody is left to be told */
}

void log_line(const char *what, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(what, 0, format, args);
	va_end(args);
}

void log_limit_init(struct log_limit *limit, int64_t monotonic_ms)
{
	*limit = (struct log_limit){ .last_ms = monotonic_ms, .tokens = LOG_LIMIT_BURST };
}

void log_limited(struct log_limit *limit, int64_t monotonic_ms, const char *what, const char *format, ...)
{
	va_list args;
	int64_t seconds = (monotonic_ms - limit->last_ms) / 1000;

	if (seconds > 0) {
		limit->last_ms += seconds * 1000;
		limit->tokens = seconds > LOG_LIMIT_BURST - (int64_t)limit->tokens ? LOG_LIMIT_BURST
		              : limit->tokens + (unsigned)seconds;
	}
	if (limit->tokens == 0) {
		limit->left_out++;
		return;
	}
	limit->tokens--;
	va_start(args, format);
	write_line(what, limit->left_out, format, args);
	va_end(args);
	limit->left_out = 0;
}
