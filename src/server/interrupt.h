/* server/interrupt.h: Ctrl-C for a command that works on many threads: the first stops it cleanly, the second at once. */
#ifndef SPOOR_SERVER_INTERRUPT_H
#define SPOOR_SERVER_INTERRUPT_H

#include "base/thread.h"

struct interrupt {
	struct thread thread;
	atomic_bool   is_cancelled;            /* to be looked at now and then */
	atomic_bool   is_over;
};

/* From here on SIGINT and SIGTERM set is_cancelled. Call it before other threads begin; `interrupt` stays where it is. */
bool interrupt_begin(struct interrupt *interrupt, struct error *err);
void interrupt_end(struct interrupt *interrupt);        /* accepts one that did not begin */

#endif
