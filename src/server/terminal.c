/* server/terminal.c: the size that the terminal says, and a line written over itself. */
#include "server/terminal.h"

#include "base/clock.h"

#include <sys/ioctl.h>

enum { QUIET_MS = 1000 };

size_t terminal_width(int fd)
{
	struct winsize size = {0};

	return isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void terminal_line_show(void *user, const struct scan_progress *progress)
{
	struct terminal_line *line = user;
	int64_t spent_ms = clock_monotonic_ms() - line->start_ms;

	if (spent_ms < QUIET_MS)
		return;
	line->is_shown = true;
	fprintf(stderr, "\r\x1b[K%" PRIu64 " records in %" PRIu64 " files, %.1f MB, %.0f MB/s", progress->records, progress->files,
	        (double)progress->bytes_text / 1e6, (double)progress->bytes_text / 1e3 / (double)spent_ms);
	fflush(stderr);
}

void terminal_line_wipe(const struct terminal_line *line)
{
	if (line->is_shown)
		fputs("\r\x1b[K", stderr);
}
