/* spoor.c: main(): a table of subcommands. */
#include "base/base.h"
#include "server/command.h"

static const struct command commands[] = {
	{ "serve", command_serve, "run the server" },
	{ "init", command_init, "create the account, its root user and a first administrator; prints the secrets once" },
	{ "query", command_query, "run a Logs Insights query straight on files" },
	{ "match", command_match, "print the events that a filter pattern matches: grep for audit logs" },
	{ "verify", command_verify, "check the digests and log files of a bucket or its copy, or a data directory" },
	{ "config", command_config, "print every setting, its value, default, bounds and meaning" },
	{ "operations", command_operations, "print every API operation spoor serves (--markdown)" },
};

static void print_usage(FILE *out)
{
	fputs("spoor keeps an audit trail nobody can quietly change.\n\nusage: spoor COMMAND [FLAGS]\n\n", out);
	for (size_t i = 0; i < COUNT(commands); i++)
		fprintf(out, "  %-12s %s\n", commands[i].name, commands[i].summary);
	fputs("\nspoor COMMAND --help shows a command's flags and examples. spoor --version prints the version.\n", out);
}

int main(int argc, char **argv)
{
	umask(077);                                      /* SQLite makes files of its own, and they hold everybody's secrets */
	if (argc < 2) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	struct slice name = slice_of(argv[1]);
	if (slice_equal(name, S("--version"))) {
		printf("spoor %s\n", SPOOR_VERSION);
		return EXIT_OK;
	}
	if (slice_equal(name, S("--help")) || slice_equal(name, S("-h")) || slice_equal(name, S("help"))) {
		print_usage(stdout);
		return EXIT_OK;
	}
	for (size_t i = 0; i < COUNT(commands); i++)
		if (slice_equal(name, slice_of(commands[i].name)))
			return commands[i].run(argc - 2, argv + 2);
	fprintf(stderr, "spoor: '%s' is no command; see spoor --help\n", argv[1]);
	return EXIT_USAGE;
}
