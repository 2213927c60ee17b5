/* trail/digest_window.c: whole seconds, because a digest's key and times have no more. */
#include "trail/digest_window.h"

static const int64_t SECOND_MS = 1000;

static int64_t round_up(int64_t ms)
{
	return (ms + SECOND_MS - 1) / SECOND_MS * SECOND_MS;
}

int64_t digest_window_close_ms(const struct digest_chain *chain, int64_t newest_ms)
{
	int64_t ms = round_up(chain->ended_ms);

	if (newest_ms >= ms)
		ms = round_up(newest_ms + 1);
	return ms > chain->start_ms ? ms : chain->start_ms + SECOND_MS;         /* never an empty one */
}

struct digest_window digest_window_next(const struct digest_chain *chain, int64_t interval_ms)
{
	if (chain->is_first)
		return (struct digest_window){ .start_ms = chain->start_ms - interval_ms, .end_ms = chain->start_ms };

	struct digest_window window = { .start_ms = chain->start_ms, .end_ms = chain->start_ms + interval_ms };
	if (chain->close_ms && chain->close_ms <= window.end_ms) {
		window.end_ms = chain->close_ms;
		window.is_last = true;
	}
	return window;
}
