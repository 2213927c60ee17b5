/* server/inputs.h: which records a command reads: what spoor match and spoor query have in common on their command lines.
 *
 *     struct inputs inputs;
 *     inputs_init(&inputs, &scan);            ... for each flag: inputs_take_flag(); scan.paths = ... behind the last
 *     if (inputs_open(&inputs, environ, &err)) ... scan_run(&scan, ...)
 *     inputs_close(&inputs); */
#ifndef SPOOR_SERVER_INPUTS_H
#define SPOOR_SERVER_INPUTS_H

#include "query/scan.h"

struct inputs {
	struct scan_options *scan;              /* the command's */
};

/* Of a command's help, each line with its newline. */
extern const char INPUTS_HELP[];

/* `scan` is for all time from here on, whatever it was for. */
void inputs_init(struct inputs *inputs, struct scan_options *scan);

/* --start TIME, --end TIME, --strict, --threads N: fills scope, is_strict and thread_count. `value` is the next word, or NULL. *words: how many were taken; 0: it is none of these.
 * Errors: ERR_INVALID, in a user's words. */
bool inputs_take_flag(struct inputs *inputs, const char *flag, const char *value, size_t *words, struct error *err);

/* Behind the last flag, with scan->paths set, and before scan_thread_count() is asked. Errors: ERR_INVALID. */
bool inputs_open(struct inputs *inputs, char *const *environment, struct error *err);
void inputs_close(struct inputs *inputs);

#endif
