/* server/command.h: the subcommands of the program. Each gets its arguments without the program and command names. */
#ifndef SPOOR_SERVER_COMMAND_H
#define SPOOR_SERVER_COMMAND_H

#include "base/base.h"

#define SPOOR_VERSION "0.1.0"

/* Exit codes that every command keeps. */
enum { EXIT_OK = 0, EXIT_NO = 1, EXIT_USAGE = 2, EXIT_COULD_NOT = 3 };

struct command {
	const char *name;
	int       (*run)(int argc, char **argv);
	const char *summary;
};

int command_serve(int argc, char **argv);
int command_init(int argc, char **argv);
int command_config(int argc, char **argv);
int command_operations(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_match(int argc, char **argv);
int command_query(int argc, char **argv);

#endif
