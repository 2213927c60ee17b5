/* server/match_command.c: spoor match: grep for audit logs. Reads flags and patterns, runs server/match_run, says what was read. */
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "codec/utf8.h"
#include "detect/pattern_needs.h"
#include "server/command.h"
#include "server/inputs.h"
#include "server/interrupt.h"
#include "server/match_run.h"
#include "server/terminal.h"

extern char **environ;

struct match_command {
	struct arena           arena;
	struct inputs          inputs;
	struct match_options   options;
	const struct pattern **patterns;
	size_t                 pattern_count;
	const char           **words;
	size_t                 word_count;
	enum match_format      format;
	bool                   has_format, is_raw, is_told;
};

static void help(const struct flags *flags)
{
	puts("usage: spoor match [FLAGS] PATTERN PATH...\n"
	     "       spoor match [FLAGS] -e PATTERN... -f FILE... PATH...\n\n"
	     "Prints the events in files and folders of CloudTrail logs that a filter pattern of CloudWatch Logs matches, one a line, in the\n"
	     "order of the files. A PATH is a file (.json, .json.gz, JSON lines, the output of lookup-events), a folder, s3://BUCKET/PREFIX,\n"
	     "or - for standard input. A pattern is { $.field = value ... }, terms, or [columns]; docs/match.md has the language in short.\n");
	flags_print(flags, stdout);
	puts("\nWhat was read, and what was not and why, is said on standard error.\n\n"
	     "exit: 0 some event matches and everything was read, 1 none does or something could not be read, 2 usage or no such\n"
	     "      pattern, 3 nothing could be read or written\n\nexamples:\n"
	     "  spoor match '{ $.userIdentity.type = \"Root\" && $.eventType != \"AwsServiceEvent\" }' AWSLogs\n"
	     "  spoor match -c '{ $.errorCode = \"AccessDenied*\" }' AWSLogs --start -7d");
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

static bool set_output(struct match_command *command, enum match_output output, struct error *err)
{
	if (command->options.output != MATCH_RECORDS && command->options.output != output)
		return fail(err, ERR_INVALID, "-c or -l, not both");
	command->options.output = output;
	return true;
}

static bool take_counts(void *user, const char *value, struct error *err)
{
	(void)value;
	return set_output(user, MATCH_COUNTS, err);
}

static bool take_paths(void *user, const char *value, struct error *err)
{
	(void)value;
	return set_output(user, MATCH_PATHS, err);
}

static bool take_pattern(void *user, const char *value, struct error *err)
{
	return add_pattern(user, slice_of(value), err);
}

static bool take_file(void *user, const char *value, struct error *err)
{
	return add_file(user, value, err);
}

static bool take_format(void *user, const char *text, struct error *err)
{
	static const char *const names[] = { [MATCH_JSONL] = "jsonl", [MATCH_JSON] = "json", [MATCH_TABLE] = "table", [MATCH_CSV] = "csv" };
	struct match_command *command = user;

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(text, names[i]) == 0) {
			command->format = (enum match_format)i;
			command->has_format = true;
			return true;
		}
	return fail(err, ERR_INVALID, "--format is table, json, jsonl or csv, not '%s'", text);
}

static const struct flag FLAGS[] = {
	{ "-v, --invert-match", NULL, "the events that no pattern matches", offsetof(struct match_command, options.is_inverted), NULL },
	{ "-c, --count", NULL, "how many match; of a folder or several files, how many in each that has any", 0, take_counts },
	{ "-l, --files-with-matches", NULL, "the files that have one", 0, take_paths },
	{ "-e", "PATTERN", "one more pattern, or one that begins with '-': an event matches if one of them does", 0, take_pattern },
	{ "-f", "FILE", "a pattern on each line that is not blank", 0, take_file },
	{ "--format", "table|json|jsonl|csv", "default: a table on a terminal, else jsonl, which is each event as it stands in its file",
	  0, take_format },
	{ "--raw", NULL, "CSV without an apostrophe before what a spreadsheet would take for a formula",
	  offsetof(struct match_command, is_raw), NULL },
};

static bool take_word(void *user, const char *word, const struct flag *after, struct error *err)
{
	struct match_command *command = user;

	(void)after, (void)err;
	command->words[command->word_count++] = word;
	return true;
}

/* The first word is the pattern, unless -e or -f gave one. */
static bool sort_words(struct match_command *command, struct error *err)
{
	size_t first = command->pattern_count == 0;

	if (command->has_format && command->options.output != MATCH_RECORDS)
		return fail(err, ERR_INVALID, "--format is for events; -c and -l print counts and paths");
	if (first > command->word_count)
		return fail(err, ERR_INVALID, "which pattern? See spoor match --help");
	if (first && !add_pattern(command, slice_of(command->words[0]), err))
		return false;
	command->options.scan.paths = command->words + first;
	command->options.scan.path_count = command->word_count - first;
	return command->word_count > first || fail(err, ERR_INVALID, "which files? Name files, folders, s3://BUCKET/PREFIX, or - for standard input");
}

/* ---- the run ---- */

/* A terminal gets a table as wide as it is. */
static const struct match_printer *choose_printer(struct match_command *command)
{
	bool is_terminal = isatty(STDOUT_FILENO);

	return match_printer_new(&command->arena, command->has_format ? command->format : is_terminal ? MATCH_TABLE : MATCH_JSONL,
	                         terminal_width(STDOUT_FILENO), command->is_raw);
}

static bool is_folder(const char *path)
{
	struct stat file;

	return slice_has_prefix(slice_of(path), S(ARCHIVE_SOURCE_SCHEME)) || (stat(path, &file) == 0 && S_ISDIR(file.st_mode));
}

static void say_what_was_read(struct match_command *command, const struct match_totals *totals, const struct scan_report *report)
{
	struct buffer out;

	buffer_init(&out, &command->arena, MATCH_OUT_BYTES_MAX);
	scan_report_write(report, &out);
	fprintf(stderr, "matched %" PRIu64 " of %.*s", totals->records, SLICE_ARG(buffer_slice(&out)));
}

/* What no record that matches is without. With --strict every record is looked into: one that is broken is a fault. */
static const struct literals *find_literals(const struct match_command *command, struct literals *literals)
{
	const struct match_options *options = &command->options;
	struct slice texts[LITERALS_MAX];
	bool looks_at_all = options->is_inverted || options->scan.is_strict;
	size_t count = looks_at_all ? 0 : pattern_needs(command->patterns, command->pattern_count, texts, COUNT(texts));

	return literals_init(literals, texts, count) ? literals : NULL;
}

static int run(struct match_command *command, struct error *err)
{
	struct literals literals;
	struct scan_report report = {0};
	struct match_totals totals = {0};
	struct match_options *options = &command->options;
	struct interrupt interrupt = {0};
	struct terminal_line line = { .start_ms = clock_monotonic_ms() };

	options->set = pattern_set_compile(&command->arena, command->patterns, command->pattern_count);
	options->names_counts = options->scan.path_count > 1 || is_folder(options->scan.paths[0]);
	options->out = stdout;
	options->printer = choose_printer(command);
	options->progress = isatty(STDERR_FILENO) ? terminal_line_show : NULL;
	options->user = &line;
	options->scan.is_cancelled = &interrupt.is_cancelled;
	options->scan.literals = find_literals(command, &literals);
	bool ok = interrupt_begin(&interrupt, err) && match_run(options, &totals, &report, err);
	interrupt_end(&interrupt);
	terminal_line_wipe(&line);
	if (totals.is_closed)
		err->kind = ERR_NONE;                    /* `| head` has what it wanted */
	else
		say_what_was_read(command, &totals, &report);
	int code = inputs_exit_code(ok, err, &report);
	if (code == EXIT_OK && totals.records == 0)
		code = EXIT_NO;
	scan_report_fini(&report);
	return code;
}

int command_match(int argc, char **argv)
{
	struct match_command command = {0};
	struct flag_group groups[] = { { FLAGS, COUNT(FLAGS), &command }, { INPUTS_FLAGS, INPUTS_FLAG_COUNT, &command.inputs } };
	struct flags flags = { .command = "match", .hint = "a pattern that begins with '-' is given with -e", .groups = groups,
	                       .group_count = COUNT(groups), .word = take_word, .user = &command };
	struct error err = {0};
	int code = EXIT_USAGE;
	bool wants_help;

	inputs_init(&command.inputs, &command.options.scan);
	arena_init(&command.arena, MATCH_ARENA_BYTES_MAX);
	command.patterns = arena_array(&command.arena, MATCH_PATTERNS_MAX, sizeof(const struct pattern *));
	command.words = arena_array(&command.arena, (size_t)argc + 1, sizeof *command.words);
	bool ok = flags_read(&flags, argc, argv, &wants_help, &err);
	if (wants_help) {
		help(&flags);
		code = EXIT_OK;
	} else if (ok && sort_words(&command, &err) && inputs_open(&command.inputs, environ, &err)) {
		code = run(&command, &err);
	} else if (err.kind == ERR_IO) {
		code = EXIT_COULD_NOT;
	}
	if (err.kind != ERR_NONE && !command.is_told)
		fprintf(stderr, "spoor match: %s\n", err.message);
	inputs_close(&command.inputs);
	arena_fini(&command.arena);
	return code;
}
