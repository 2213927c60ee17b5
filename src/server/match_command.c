/* server/match_command.c: spoor match: grep for audit logs. Reads flags and patterns, runs server/match_run, says what was read. */
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "codec/utf8.h"
#include "server/command.h"
#include "server/inputs.h"
#include "server/interrupt.h"
#include "server/match_run.h"

#include <sys/ioctl.h>

extern char **environ;

enum { QUIET_MS = 1000 };

struct match_command {
	struct arena           arena;
	struct match_options   options;
	struct inputs          inputs;
	const struct pattern **patterns;
	size_t                 pattern_count;
	const char           **paths;
	int64_t                start_ms;         /* of the progress line */
	enum match_format      format;
	bool                   has_format, is_raw, has_line, ends_flags, is_told;
};

static void help(void)
{
	printf("usage: spoor match [FLAGS] PATTERN PATH...\n"
	     "       spoor match [FLAGS] -e PATTERN... -f FILE... PATH...\n\n"
	     "Prints the events in files and folders of CloudTrail logs that a filter pattern of CloudWatch Logs matches, one a line, in the\n"
	     "order of the files. A PATH is a file (.json, .json.gz, JSON lines, the output of lookup-events), a folder, or - for standard\n"
	     "input. A pattern is { $.field = value ... }, terms, or [columns]; docs/match.md has the language in short.\n\n"
	     "  -v, --invert-match         the events that no pattern matches\n"
	     "  -c, --count                how many match; of a folder or several files, how many in each that has any\n"
	     "  -l, --files-with-matches   the files that have one\n"
	     "  -e PATTERN                 one more pattern, or one that begins with '-': an event matches if one of them does\n"
	     "  -f FILE                    a pattern on each line that is not blank\n"
	     "  --format table|json|jsonl|csv   default: a table on a terminal, else jsonl, which is each event as it stands in its file\n"
	     "  --raw                      CSV without an apostrophe before what a spreadsheet would take for a formula\n"
	     "%s\n"
	     "What was read, and what was not and why, is said on standard error.\n\n"
	     "exit: 0 some event matches and everything was read, 1 none does or something could not be read, 2 usage or no such\n"
	     "      pattern, 3 nothing could be read or written\n\nexamples:\n"
	     "  spoor match '{ $.userIdentity.type = \"Root\" && $.eventType != \"AwsServiceEvent\" }' AWSLogs\n"
	     "  spoor match -c '{ $.errorCode = \"AccessDenied*\" }' AWSLogs --start -7d\n", INPUTS_HELP);
}

/* ---- patterns ---- */

/* The pattern on one line, and a mark under what is wrong. */
static bool refuse_pattern(struct slice text, const struct pattern_fault *fault, struct error *err)
{
	struct slice before = slice_sub(text, 0, fault->at_byte);

	fprintf(stderr, "spoor match: %s: %s\n  ", err->message, fault->reason);
	for (size_t i = 0; i < text.len; i++)
		fputc((unsigned char)text.ptr[i] < 0x20 ? ' ' : text.ptr[i], stderr);
	fprintf(stderr, "\n  %*s^\n", (int)utf8_length(before), "");
	return false;
}

static bool add_pattern(struct match_command *command, struct slice text, struct error *err)
{
	struct pattern_fault fault = { 0, "" };
	const struct pattern *pattern;

	if (command->pattern_count == MATCH_PATTERNS_MAX)
		return fail(err, ERR_INVALID, "at most %d patterns", MATCH_PATTERNS_MAX);
	pattern = pattern_compile(&command->arena, text, &fault, err);
	if (!pattern) {
		command->is_told = true;
		return refuse_pattern(text, &fault, err);
	}
	command->patterns[command->pattern_count++] = pattern;
	return true;
}

static bool add_file(struct match_command *command, const char *path, struct error *err)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	bool ok = file != NULL || fail_errno(err, path);

	while (ok && (len = getline(&line, &room, file)) >= 0) {
		struct slice text = slice_trim((struct slice){ line, (size_t)len });
		while (text.len > 0 && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r'))
			text = slice_trim(slice_sub(text, 0, text.len - 1));
		ok = text.len == 0 || add_pattern(command, text, err);
	}
	ok = ok && (!ferror(file) || fail_errno(err, path));
	free(line);
	if (file)
		fclose(file);
	return ok;
}

/* ---- flags ---- */

static bool set_mode(struct match_command *command, char letter, struct error *err)
{
	enum match_output output = letter == 'c' ? MATCH_COUNTS : MATCH_PATHS;

	if (letter == 'v') {
		command->options.is_inverted = true;
		return true;
	}
	if (command->options.output != MATCH_RECORDS && command->options.output != output)
		return fail(err, ERR_INVALID, "-c or -l, not both");
	command->options.output = output;
	return true;
}

/* A flag that takes no value; a cluster such as -vc is several. False without an error: it is none. */
static bool take_switch(struct match_command *command, const char *flag, struct error *err)
{
	static const struct { const char *name; char letter; } names[] = {
		{ "--invert-match", 'v' }, { "--count", 'c' }, { "--files-with-matches", 'l' },
	};

	if (strcmp(flag, "--raw") == 0) {
		command->is_raw = true;
		return true;
	}
	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(flag, names[i].name) == 0)
			return set_mode(command, names[i].letter, err);
	if (flag[1] == '-' || strspn(flag + 1, "vcl") != strlen(flag + 1))
		return false;
	for (const char *letter = flag + 1; *letter; letter++)
		if (!set_mode(command, *letter, err))
			return false;
	return true;
}

static bool read_format(struct match_command *command, const char *text, struct error *err)
{
	static const char *const names[] = { [MATCH_JSONL] = "jsonl", [MATCH_JSON] = "json", [MATCH_TABLE] = "table", [MATCH_CSV] = "csv" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(text, names[i]) == 0) {
			command->format = (enum match_format)i;
			command->has_format = true;
			return true;
		}
	return fail(err, ERR_INVALID, "--format is table, json, jsonl or csv, not '%s'", text);
}

/* *words: as in inputs_take_flag(). */
static bool take_valued(struct match_command *command, const char *flag, const char *value, size_t *words, struct error *err)
{
	static const char *const names[] = { "-e", "-f", "--format" };
	size_t which = 0;

	while (which < COUNT(names) && strcmp(flag, names[which]) != 0)
		which++;
	if (which == COUNT(names))
		return inputs_take_flag(&command->inputs, flag, value, words, err);
	*words = 2;
	if (!value)
		return fail(err, ERR_INVALID, "%s needs a value", flag);
	switch (which) {
	case 0:  return add_pattern(command, slice_of(value), err);
	case 1:  return add_file(command, value, err);
	default: return read_format(command, value, err);
	}
}

static bool take_flag(struct match_command *command, char **argv, int *i, int argc, struct error *err)
{
	size_t words;

	if (strcmp(argv[*i], "--") == 0) {
		command->ends_flags = true;
		return true;
	}
	if (!take_valued(command, argv[*i], *i + 1 < argc ? argv[*i + 1] : NULL, &words, err))
		return false;
	*i += words == 2;
	return words > 0 || take_switch(command, argv[*i], err) || err->kind != ERR_NONE
	    || fail(err, ERR_INVALID, "unknown flag '%s'; a pattern that begins with '-' is given with -e", argv[*i]);
}

/* The first word is the pattern, unless -e or -f gave one; flags may stand anywhere. */
static bool read_flags(struct match_command *command, int argc, char **argv, struct error *err)
{
	const char **words = arena_array(&command->arena, (size_t)argc + 1, sizeof *words);
	size_t count = 0, first = 0;

	for (int i = 0; i < argc; i++)
		if (argv[i][0] != '-' || !argv[i][1] || command->ends_flags)
			words[count++] = argv[i];
		else if (!take_flag(command, argv, &i, argc, err) || err->kind != ERR_NONE)
			return false;
	if (command->has_format && command->options.output != MATCH_RECORDS)
		return fail(err, ERR_INVALID, "--format is for events; -c and -l print counts and paths");
	if (command->pattern_count == 0) {
		if (count == 0)
			return fail(err, ERR_INVALID, "which pattern? See spoor match --help");
		if (!add_pattern(command, slice_of(words[first++]), err))
			return false;
	}
	command->paths = words + first;
	command->options.scan.paths = command->paths;
	command->options.scan.path_count = count - first;
	return count > first || fail(err, ERR_INVALID, "which files? Name files, folders, or - for standard input");
}

/* ---- the run ---- */

static void show_progress(void *user, const struct scan_progress *progress)
{
	struct match_command *command = user;
	int64_t spent_ms = clock_monotonic_ms() - command->start_ms;

	if (spent_ms < QUIET_MS)
		return;
	command->has_line = true;
	fprintf(stderr, "\r\x1b[K%" PRIu64 " records in %" PRIu64 " files, %.1f MB, %.0f MB/s", progress->records, progress->files,
	        (double)progress->bytes_text / 1e6, (double)progress->bytes_text / 1e3 / (double)spent_ms);
	fflush(stderr);
}

/* A terminal gets a table as wide as it is. */
static const struct match_printer *choose_printer(struct match_command *command)
{
	struct winsize size = {0};
	bool is_terminal = isatty(STDOUT_FILENO);

	if (is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		size.ws_col = 0;
	return match_printer_new(&command->arena, command->has_format ? command->format : is_terminal ? MATCH_TABLE : MATCH_JSONL,
	                         size.ws_col, command->is_raw);
}

static bool is_folder(const char *path)
{
	struct stat file;

	return stat(path, &file) == 0 && S_ISDIR(file.st_mode);
}

static void say_what_was_read(struct match_command *command, const struct match_totals *totals, const struct scan_report *report)
{
	struct buffer out;

	buffer_init(&out, &command->arena, MATCH_OUT_BYTES_MAX);
	scan_report_write(report, &out);
	fprintf(stderr, "matched %" PRIu64 " of %.*s", totals->records, SLICE_ARG(buffer_slice(&out)));
}

static int run(struct match_command *command, struct error *err)
{
	struct scan_report report = {0};
	struct match_totals totals = {0};
	struct match_options *options = &command->options;
	struct interrupt interrupt = {0};
	int code = EXIT_OK;

	options->set = pattern_set_compile(&command->arena, command->patterns, command->pattern_count);
	options->names_counts = options->scan.path_count > 1 || is_folder(options->scan.paths[0]);
	options->out = stdout;
	options->printer = choose_printer(command);
	options->progress = isatty(STDERR_FILENO) ? show_progress : NULL;
	options->user = command;
	options->scan.is_cancelled = &interrupt.is_cancelled;
	command->start_ms = clock_monotonic_ms();
	bool ok = interrupt_begin(&interrupt, err) && match_run(options, &totals, &report, err);
	interrupt_end(&interrupt);
	if (command->has_line)
		fputs("\r\x1b[K", stderr);
	if (totals.is_closed)
		err->kind = ERR_NONE;                    /* `| head` has what it wanted */
	else
		say_what_was_read(command, &totals, &report);
	if (!ok)
		code = err->kind == ERR_CORRUPT ? EXIT_NO : EXIT_COULD_NOT;
	else if (scan_report_has_faults(&report))
		code = report.files == 0 ? EXIT_COULD_NOT : EXIT_NO;
	else if (totals.records == 0)
		code = EXIT_NO;
	scan_report_fini(&report);
	return code;
}

int command_match(int argc, char **argv)
{
	struct match_command command = {0};
	struct error err = {0};
	int code = EXIT_USAGE;

	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || (argc == 1 && strcmp(argv[i], "-h") == 0)) {
			help();
			return EXIT_OK;
		}
	arena_init(&command.arena, MATCH_ARENA_BYTES_MAX);
	inputs_init(&command.inputs, &command.options.scan);
	command.patterns = arena_array(&command.arena, MATCH_PATTERNS_MAX, sizeof(const struct pattern *));
	if (read_flags(&command, argc, argv, &err) && inputs_open(&command.inputs, environ, &err))
		code = run(&command, &err);
	else if (err.kind == ERR_IO)
		code = EXIT_COULD_NOT;
	if (err.kind != ERR_NONE && !command.is_told)
		fprintf(stderr, "spoor match: %s\n", err.message);
	inputs_close(&command.inputs);
	arena_fini(&command.arena);
	return code;
}
