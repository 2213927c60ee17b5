/* server/flags.h: the flags of a command as a table: what is read, and what --help shows of it.
 *
 * The manual pages and the completions are made from what --help shows (tools/manuals), so a flag is written down once. */
#ifndef SPOOR_SERVER_FLAGS_H
#define SPOOR_SERVER_FLAGS_H

#include "base/base.h"

struct flag {
	const char *names;              /* "-v, --invert-match" */
	const char *value;              /* as --help calls it: "TIME", "table|json"; NULL: a switch */
	const char *help;
	size_t      offset;             /* in what the group is for: of a const char *, for a switch of a bool; or ... */
	bool      (*take)(void *user, const char *value, struct error *err);   /* ... this; a switch gives it no value */
};

struct flag_group {
	const struct flag *rows;
	size_t             count;
	void              *user;        /* what the flags are for */
};

struct flags {
	const char              *command;       /* for "see spoor COMMAND --help" */
	const char              *hint;          /* NULL, or what else whoever gives an unknown flag may mean */
	const struct flag_group *groups;
	size_t                   group_count;

	/* A word that is no flag. `after`: the flag whose value, or the words behind it, came last; NULL if none did. NULL: no words. */
	bool (*word)(void *user, const char *word, const struct flag *after, struct error *err);
	void  *user;
};

/* Flags and words in any order: `--name VALUE`, `--name=VALUE`, `-x VALUE`, switches of one letter together as -xy; behind `--` there are
 * only words. *wants_help: there is --help or -h; then nothing behind it was read. Errors: ERR_INVALID, and what `take` says. */
bool flags_read(const struct flags *flags, int argc, char **argv, bool *wants_help, struct error *err);

/* For --help: each flag with its text, and --help itself. */
void flags_print(const struct flags *flags, FILE *out);
void flags_print_row(const struct flag *flag, FILE *out);

#endif
