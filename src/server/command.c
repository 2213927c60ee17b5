/* server/command.c: the subcommands: what they print, and how they end. */
#include "server/command.h"

#include "auth/access_key_id.h"
#include "base/arena.h"
#include "base/limits.h"
#include "codec/password.h"
#include "server/flags.h"
#include "server/founding.h"
#include "server/server.h"
#include "services/reference.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

extern char **environ;

static int complain(const char *command, const struct error *err, bool is_usage)
{
	fprintf(stderr, "spoor %s: %s\n", command, err->message);
	return is_usage ? EXIT_USAGE : err->kind == ERR_CONFLICT ? EXIT_NO : EXIT_COULD_NOT;
}

/* serve, init and config read theirs by server/config. */
static const struct flags NO_MORE = { .group_count = 0 };

static bool wants_help(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

/* ---- serve ---- */

static void help_serve(void)
{
	puts("usage: spoor serve [FLAGS]\n\n"
	     "Serves AWS's APIs and records every call. Flags (each also SPOOR_NAME in the environment, or a line of --config):\n");
	config_print_flags(stdout, NULL);
	flags_print(&NO_MORE, stdout);
	puts("\nexamples:\n"
	     "  spoor serve --lab                           try things out: key test, secret test\n"
	     "  spoor serve --data /var/lib/spoor --listen 127.0.0.1:4566   after `spoor init --data /var/lib/spoor`");
}

/* systemd's readiness protocol: one datagram to the socket it names. */
static void notify_ready(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (!path || strlen(path) >= sizeof address.sun_path)
		return;
	memcpy(address.sun_path, path, strlen(path));
	if (address.sun_path[0] == '@')
		address.sun_path[0] = 0;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0) {
		socklen_t bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
		ssize_t sent = sendto(fd, "READY=1", 7, MSG_NOSIGNAL, (struct sockaddr *)(void *)&address, bytes);
		if (sent < 0)
			fprintf(stderr, "spoor serve: systemd cannot be told: %s\n", strerror(errno));
		close(fd);
	}
}

int command_serve(int argc, char **argv)
{
	struct arena arena;
	struct config config;
	struct error err = {0};
	sigset_t signals;
	int signal_number, code = EXIT_OK;

	if (wants_help(argc, argv)) {
		help_serve();
		return EXIT_OK;
	}
	/* Blocked before any thread starts, so that only sigwait gets them. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	xmalloc_map_large();

	arena_init(&arena, CONFIG_ARENA_BYTES_MAX);
	bool is_understood = config_load(&config, &arena, argc, argv, environ, &err);
	struct server *server = is_understood ? server_start(&config, &err) : NULL;
	if (server) {
		server_print_address(server, stdout);
		notify_ready();
		sigwait(&signals, &signal_number);
		pthread_sigmask(SIG_UNBLOCK, &signals, NULL);      /* a second one ends us at once */
		server_stop(server);
	} else {
		code = complain("serve", &err, !is_understood);
	}
	arena_fini(&arena);
	return code;
}

/* ---- init ---- */

static void help_init(void)
{
	static const char *const settings[] = { "data", NULL };

	puts("usage: spoor init [--data DIR] [--account ID]\n\n"
	     "Makes the data directory, its account, the account's root and the user `administrator`, and prints their secrets:\n"
	     "once, they cannot be shown again.\n");
	config_print_flags(stdout, settings);
	flags_print_row(&(struct flag){ .names = "--account", .value = "ID", .help = "12 digits; random unless given" }, stdout);
	flags_print(&NO_MORE, stdout);
	puts("\nexamples:\n"
	     "  spoor init --data /var/lib/spoor\n"
	     "  spoor init --data ./audit --account 111122223333 > secrets.txt");
}

struct secrets {
	char account[ACCOUNT_BYTES];
	char root_key_id[ACCESS_KEY_ID_BYTES], root_secret[ACCESS_KEY_SECRET_BYTES];
	char key_id[ACCESS_KEY_ID_BYTES], secret[ACCESS_KEY_SECRET_BYTES];
	char root_password[24], password[24];
	char root_hash[PASSWORD_HASH_TEXT_BYTES], hash[PASSWORD_HASH_TEXT_BYTES];
};

static bool make_secrets(struct secrets *secrets, struct slice account, struct random *random, struct founding *founding,
                         struct error *err)
{
	static const struct slice letters = S_INIT("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-_+=@.");

	random_text(random, S("123456789"), secrets->account, 1);
	random_text(random, S("0123456789"), secrets->account + 1, sizeof secrets->account - 1);
	if (account.ptr)
		memcpy(secrets->account, account.ptr, sizeof secrets->account);
	random_text(random, letters, secrets->root_password, sizeof secrets->root_password);
	random_text(random, letters, secrets->password, sizeof secrets->password);
	*founding = (struct founding){ .account = { secrets->account, sizeof secrets->account }, .administrator = S("administrator") };
	founding->root_key_id = access_key_id_make(ACCESS_KEY_LONG_TERM, founding->account, random, secrets->root_key_id);
	founding->root_secret = access_key_id_secret(random, secrets->root_secret);
	founding->administrator_key_id = access_key_id_make(ACCESS_KEY_LONG_TERM, founding->account, random, secrets->key_id);
	founding->administrator_secret = access_key_id_secret(random, secrets->secret);
	if (!password_hash((struct slice){ secrets->root_password, sizeof secrets->root_password }, random, secrets->root_hash, err)
	    || !password_hash((struct slice){ secrets->password, sizeof secrets->password }, random, secrets->hash, err))
		return false;
	founding->root_password_hash = slice_of(secrets->root_hash);
	founding->administrator_password_hash = slice_of(secrets->hash);
	return true;
}

static void print_secrets(const struct secrets *secrets, const struct founding *founding)
{
	const struct { const char *name; struct slice value; } lines[] = {
		{ "account_id", founding->account },
		{ "root_access_key_id", founding->root_key_id },
		{ "root_secret_access_key", founding->root_secret },
		{ "root_password", { secrets->root_password, sizeof secrets->root_password } },
		{ "administrator_user_name", founding->administrator },
		{ "administrator_access_key_id", founding->administrator_key_id },
		{ "administrator_secret_access_key", founding->administrator_secret },
		{ "administrator_password", { secrets->password, sizeof secrets->password } },
	};

	for (size_t i = 0; i < COUNT(lines); i++)
		printf("%s %.*s\n", lines[i].name, SLICE_ARG(lines[i].value));
	fflush(stdout);
	fputs("These secrets are not shown again.\n", stderr);
}

/* Only --data and --account mean something here; others would be ignored silently. */
static bool init_flags_fit(int argc, char **argv, bool *has_account, struct error *err)
{
	for (int i = 0; i < argc; i++) {
		struct slice name;
		slice_cut(slice_of(argv[i]), '=', &name);
		bool is_account = slice_equal(name, S("--account"));
		if (!is_account && !slice_equal(name, S("--data")))
			return fail(err, ERR_INVALID, "unknown flag '%s'; see spoor init --help", argv[i]);
		*has_account |= is_account;
		if (name.len == strlen(argv[i]))
			i++;
	}
	return true;
}

static bool initialise(const struct config *config, bool has_account, struct error *err)
{
	struct secrets secrets;
	struct founding founding;
	struct random random;
	bool ok;

	random_init(&random);
	struct server *server = server_open(config, err);
	if (!server)
		return false;
	ok = server_is_empty(server, err)
	  && make_secrets(&secrets, has_account ? config->account : SLICE_NONE, &random, &founding, err)
	  && founding_run(server, &founding, err);
	if (ok)
		print_secrets(&secrets, &founding);
	explicit_bzero(&secrets, sizeof secrets);
	server_stop(server);
	return ok;
}

int command_init(int argc, char **argv)
{
	struct arena arena;
	struct config config;
	struct error err = {0};
	bool has_account = false;

	if (wants_help(argc, argv)) {
		help_init();
		return EXIT_OK;
	}
	arena_init(&arena, CONFIG_ARENA_BYTES_MAX);
	bool is_understood = init_flags_fit(argc, argv, &has_account, &err)
	                  && config_load(&config, &arena, argc, argv, environ, &err);
	bool ok = is_understood && initialise(&config, has_account, &err);
	arena_fini(&arena);
	return ok ? EXIT_OK : complain("init", &err, !is_understood);
}

/* ---- config, operations ---- */

int command_config(int argc, char **argv)
{
	struct arena arena;
	struct config config;
	struct error err = {0};

	if (wants_help(argc, argv)) {
		puts("usage: spoor config [FLAGS OF SERVE]\n\nPrints every setting as a file that --config reads, with the value it has\n"
		     "under these flags, the environment and --config.\n");
		config_print_flags(stdout, NULL);
		flags_print(&NO_MORE, stdout);
		puts("\nexamples:\n  spoor config > spoor.conf\n  spoor config --lab");
		return EXIT_OK;
	}
	arena_init(&arena, CONFIG_ARENA_BYTES_MAX);
	bool ok = config_load(&config, &arena, argc, argv, environ, &err);
	if (ok)
		config_print(&config, stdout);
	arena_fini(&arena);
	return ok ? EXIT_OK : complain("config", &err, true);
}

int command_operations(int argc, char **argv)
{
	static const struct flag rows[] = { { "--markdown", NULL, "as a table for a document", 0, NULL } };
	bool is_markdown = false, wants_to_know;
	struct flag_group group = { rows, COUNT(rows), &is_markdown };
	struct flags flags = { .command = "operations", .groups = &group, .group_count = 1 };
	struct error err = {0};
	struct arena arena;
	struct buffer out;

	if (!flags_read(&flags, argc, argv, &wants_to_know, &err))
		return complain("operations", &err, true);
	if (wants_to_know) {
		puts("usage: spoor operations [--markdown]\n\nPrints every API operation that spoor serves.\n");
		flags_print(&flags, stdout);
		puts("\nexamples:\n  spoor operations | grep iam\n  spoor operations --markdown > operations.md");
		return EXIT_OK;
	}
	arena_init(&arena, REFERENCE_BYTES_MAX);
	buffer_init(&out, &arena, REFERENCE_BYTES_MAX);
	if (is_markdown)
		reference_write_markdown(&out, services);
	else
		reference_write_names(&out, services);
	fwrite(out.ptr, 1, out.len, stdout);
	arena_fini(&arena);
	return EXIT_OK;
}
