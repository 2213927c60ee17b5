/* trail/recorder_trash.h: what a reset has put aside is deleted by a worker, while the recorder goes on. */
#ifndef SPOOR_TRAIL_RECORDER_TRASH_H
#define SPOOR_TRAIL_RECORDER_TRASH_H

#include "base/workers.h"

struct recorder_trash {
	struct work    work;                    /* first */
	int            dir_fd;
	struct waiter *done;                    /* NULL: never begun */
};

/* Waits for the deletion before, if there was one. Without workers the trash waits for a start that has some. */
void recorder_trash_empty(struct recorder_trash *trash, struct workers *workers, int dir_fd);

/* Until nothing is being deleted any more. */
void recorder_trash_wait(struct recorder_trash *trash);

#endif
