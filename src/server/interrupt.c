/* server/interrupt.c: a thread that waits for the signal, so that no handler runs in the middle of anything. */
#include "server/interrupt.h"

#include <signal.h>

enum { EXIT_INTERRUPTED = 130 };         /* what shells expect: 128 and the signal */

static sigset_t signals_of_interest(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	return signals;
}

static void wait_for_signals(void *argument)
{
	struct interrupt *interrupt = argument;
	sigset_t signals = signals_of_interest();
	int signal_number;

	while (sigwait(&signals, &signal_number) == 0 && !interrupt->is_over)
		if (atomic_exchange(&interrupt->is_cancelled, true))
			_exit(EXIT_INTERRUPTED);
}

bool interrupt_begin(struct interrupt *interrupt, struct error *err)
{
	sigset_t signals = signals_of_interest();

	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	return thread_start(&interrupt->thread, "interrupt", wait_for_signals, interrupt, err);
}

void interrupt_end(struct interrupt *interrupt)
{
	interrupt->is_over = true;
	if (interrupt->thread.is_started)
		pthread_kill(interrupt->thread.handle, SIGINT);
	thread_join(&interrupt->thread);
}
