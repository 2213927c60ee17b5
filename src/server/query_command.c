/* server/query_command.c: spoor query: an Insights query over files. Reads flags and the query, runs it, prints rows and what was read. */
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "query/insights_bind.h"
#include "query/insights_parse.h"
#include "query/insights_run.h"
#include "server/command.h"
#include "server/inputs.h"
#include "server/interrupt.h"
#include "server/query_explain.h"
#include "server/query_print.h"
#include "server/query_refusal.h"
#include "server/query_report.h"
#include "server/terminal.h"

#include <signal.h>

extern char **environ;

enum { TABLE_WIDTH = 120, QUERY_BYTES_MAX = 4 * INSIGHTS_CHARACTERS_MAX };

struct query_command {
	struct arena                arena;
	struct inputs               inputs;
	struct insights_run_options options;
	const char                **paths;              /* --files PATH, and the words right behind it */
	size_t                      path_count;
	const char                **words;              /* all others */
	size_t                      word_count;
	const char                 *query_file, *data;
	bool                        is_last_a_word;     /* the last path stood behind another one, so it may be the query */
	bool                        has_format, is_raw, explains, is_told;
	enum query_format           format;
	struct slice                text;               /* the query */
	const struct insights_plan *plan;
};

static void help(const struct flags *flags)
{
	puts("usage: spoor query --files PATH... [FLAGS] QUERY\n"
	     "       spoor query --files PATH... [FLAGS] -f FILE\n\n"
	     "Answers a query in CloudWatch Logs Insights' language over files and folders of CloudTrail logs, without a server and without\n"
	     "importing anything. A PATH is a file (.json, .json.gz, JSON lines, the output of lookup-events), a folder, - for standard input,\n"
	     "or s3://BUCKET/PREFIX. QUERY is the last word; docs/query.md has what it can say. What is not supported is refused with its place.\n");
	flags_print(flags, stdout);
	puts("\nWhat was read, and what was not and why, is said on standard error, and in JSON beside the rows, too.\n\n"
	     "exit: 0 everything was read, 1 something could not be, so the answer may lack something, 2 usage or no such query,\n"
	     "      3 nothing could be read or written, or it was interrupted\n\nexamples:\n"
	     "  spoor query --files AWSLogs 'filter errorCode like \"Denied\" | stats count(*) as n by userIdentity.arn | sort n desc'\n"
	     "  spoor query --files AWSLogs --start -7d --format csv 'fields eventTime, eventName | filter userIdentity.type = \"Root\"'");
}

/* ---- flags ---- */

static bool take_files(void *user, const char *value, struct error *err)
{
	struct query_command *command = user;

	(void)err;
	command->paths[command->path_count++] = value;
	command->is_last_a_word = false;
	return true;
}

static bool take_format(void *user, const char *text, struct error *err)
{
	static const char *const names[] = { [QUERY_TABLE] = "table", [QUERY_JSON] = "json", [QUERY_JSONL] = "jsonl", [QUERY_CSV] = "csv" };
	struct query_command *command = user;

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(text, names[i]) == 0) {
			command->format = (enum query_format)i;
			command->has_format = true;
			return true;
		}
	return fail(err, ERR_INVALID, "--format is table, json, jsonl or csv, not '%s'", text);
}

static bool take_limit(void *user, const char *text, struct error *err)
{
	struct query_command *command = user;
	uint64_t limit;

	if (!slice_to_u64(slice_of(text), &limit) || limit == 0 || limit > INSIGHTS_LIMIT_MAX)
		return fail(err, ERR_INVALID, "--limit is 1 to %d, not '%s'", INSIGHTS_LIMIT_MAX, text);
	command->options.limit = (int64_t)limit;
	return true;
}

static const struct flag FLAGS[] = {
	{ "--files", "PATH", "a file, a folder, - or s3://BUCKET/PREFIX; more of them may follow", 0, take_files },
	{ "-f, --query-file", "FILE", "the query is in this file; - is standard input", offsetof(struct query_command, query_file), NULL },
	{ "--format, --output", "table|json|jsonl|csv", "default: a table on a terminal, else jsonl", 0, take_format },
	{ "--raw", NULL, "CSV without an apostrophe before what a spreadsheet would take for a formula",
	  offsetof(struct query_command, is_raw), NULL },
	{ "--limit", "N", "at most so many rows, beside what the query says", 0, take_limit },
	{ "--explain", NULL, "print what the query does, instead of rows; with --files it runs, and says what it skipped",
	  offsetof(struct query_command, explains), NULL },
	{ "--data", "DIR", "a data directory; not served yet", offsetof(struct query_command, data), NULL },
};

static bool take_word(void *user, const char *word, const struct flag *after, struct error *err)
{
	struct query_command *command = user;

	(void)err;
	if (after == &FLAGS[0]) {
		command->paths[command->path_count++] = word;
		command->is_last_a_word = true;
	} else {
		command->words[command->word_count++] = word;
	}
	return true;
}

/* ---- the query ---- */

static bool read_query_file(struct query_command *command, struct error *err)
{
	bool is_stdin = strcmp(command->query_file, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(command->query_file, "re");
	char *text = arena_alloc(&command->arena, QUERY_BYTES_MAX + 1);

	if (!file)
		return fail_errno(err, command->query_file);
	size_t bytes = fread(text, 1, QUERY_BYTES_MAX + 1, file);
	bool ok = !ferror(file) || fail_errno(err, command->query_file);
	if (!is_stdin)
		fclose(file);
	command->text = (struct slice){ text, bytes };
	if (slice_has_prefix(command->text, S("\xEF\xBB\xBF")))
		command->text = slice_from(command->text, 3);
	return ok && (bytes <= QUERY_BYTES_MAX || fail(err, ERR_INVALID, "%s: a query has at most %d characters", command->query_file,
	                                               INSIGHTS_CHARACTERS_MAX));
}

/* The word that is no path; or the last one behind --files. */
static bool find_query(struct query_command *command, struct error *err)
{
	if (command->query_file && command->word_count > 0)
		return fail(err, ERR_INVALID, "a query in words, or one in a file; not both: '%s'", command->words[0]);
	if (command->query_file)
		return read_query_file(command, err);
	if (command->word_count > 1)
		return fail(err, ERR_INVALID, "one query at a time: '%s' or '%s'? Files stand behind --files", command->words[0],
		            command->words[1]);
	if (command->word_count == 0 && !command->is_last_a_word)
		return fail(err, ERR_INVALID, "which query? See spoor query --help");
	command->text = slice_of(command->word_count == 1 ? command->words[0] : command->paths[--command->path_count]);
	return true;
}

static bool check_flags(struct query_command *command, struct error *err)
{
	bool reads_stdin = false;

	if (command->data)
		return fail(err, ERR_INVALID, "a query on a data directory (--data) is not served yet; --files PATH reads log files");
	if (command->inputs.flags.endpoint && command->path_count == 0)
		return fail(err, ERR_INVALID, "a query on a server (--endpoint) is not served yet; --files s3://BUCKET/PREFIX reads its log files");
	if (command->explains && command->has_format)
		return fail(err, ERR_INVALID, "--format is for rows; --explain prints none");
	if (!find_query(command, err))
		return false;
	for (size_t i = 0; i < command->path_count; i++)
		reads_stdin |= strcmp(command->paths[i], "-") == 0;
	if (reads_stdin && command->query_file && strcmp(command->query_file, "-") == 0)
		return fail(err, ERR_INVALID, "standard input is the query or the events, not both");
	command->options.scan.paths = command->paths;
	command->options.scan.path_count = command->path_count;
	return command->path_count > 0 || command->explains
	    || fail(err, ERR_INVALID, "which files? --files names files, folders, or - for standard input");
}

static bool make_plan(struct query_command *command, struct error *err)
{
	struct insights_fault fault = { { 0, 0 }, NULL };
	struct insights_query *query = insights_parse(&command->arena, command->text, &fault, err);
	struct buffer out;

	command->plan = query ? insights_bind(&command->arena, query, 0, &fault, err) : NULL;
	if (command->plan)
		return true;
	size_t width = terminal_width(STDERR_FILENO);
	buffer_init(&out, &command->arena, QUERY_OUT_BYTES_MAX);
	query_refusal_write(command->text, &fault, err, width ? width : TABLE_WIDTH, &out);
	fprintf(stderr, "spoor query: %.*s", SLICE_ARG(buffer_slice(&out)));
	command->is_told = true;
	return false;
}

/* ---- the run ---- */

static bool print_plan(struct query_command *command, struct error *err)
{
	struct buffer out;

	buffer_init(&out, &command->arena, QUERY_OUT_BYTES_MAX);
	if (!query_explain_write(command->plan, &command->options, &out, err))
		return false;
	fwrite(out.ptr, 1, out.len, stdout);
	return fflush(stdout) == 0 || fail_errno(err, "output");
}

static bool print_rows(struct query_command *command, const struct insights_result *result, const struct scan_report *report,
                       struct error *err)
{
	bool is_terminal = isatty(STDOUT_FILENO);
	size_t width = terminal_width(STDOUT_FILENO);
	struct query_print_options options = {
		.format = command->has_format ? command->format : is_terminal ? QUERY_TABLE : QUERY_JSONL,
		.width = width ? width : TABLE_WIDTH, .is_raw = command->is_raw, .is_cancelled = command->options.scan.is_cancelled,
	};

	return query_print(result, report, &options, stdout, err);
}

static void say_what_was_read(struct query_command *command, const struct insights_result *result, const struct scan_report *report)
{
	struct buffer out;

	buffer_init(&out, &command->arena, QUERY_OUT_BYTES_MAX);
	query_report_write(result, report, &out);
	fwrite(out.ptr, 1, out.len, stderr);
}

/* Rows are printed only when all are known; so whatever stops the scan leaves no half answer behind. */
static int run(struct query_command *command, struct error *err)
{
	struct insights_run_options *options = &command->options;
	struct scan_report report = {0};
	struct insights_result result = {0};
	struct interrupt interrupt = {0};
	struct terminal_line line = { .start_ms = clock_monotonic_ms() };

	options->scan.is_cancelled = &interrupt.is_cancelled;
	options->scan.progress = isatty(STDERR_FILENO) ? terminal_line_show : NULL;
	options->scan.user = &line;
	bool is_done = interrupt_begin(&interrupt, err) && insights_run(command->plan, options, &result, &report, err);
	terminal_line_wipe(&line);
	int code = inputs_exit_code(is_done, err, &report);
	if (is_done && !command->explains && !print_rows(command, &result, &report, err))
		code = EXIT_COULD_NOT;
	interrupt_end(&interrupt);
	say_what_was_read(command, is_done ? &result : NULL, &report);
	insights_result_fini(&result);
	scan_report_fini(&report);
	return code;
}

static int answer(struct query_command *command, struct error *err)
{
	struct insights_run_options *options = &command->options;

	options->now_ms = command->inputs.now_ms;
	options->start_ms = options->scan.scope.start_ms;
	options->end_ms = options->scan.scope.end_ms == INT64_MAX ? INT64_MAX : options->scan.scope.end_ms + 1;
	if (command->explains && !print_plan(command, err))
		return EXIT_COULD_NOT;
	return command->path_count > 0 ? run(command, err) : EXIT_OK;
}

int command_query(int argc, char **argv)
{
	struct query_command command = {0};
	struct flag_group groups[] = { { FLAGS, COUNT(FLAGS), &command }, { INPUTS_FLAGS, INPUTS_FLAG_COUNT, &command.inputs } };
	struct flags flags = { .command = "query", .groups = groups, .group_count = COUNT(groups), .word = take_word, .user = &command };
	struct error err = {0};
	int code = EXIT_USAGE;
	bool wants_help;

	signal(SIGPIPE, SIG_IGN);                        /* `| head` ends the rows, not the report */
	inputs_init(&command.inputs, &command.options.scan);
	arena_init(&command.arena, QUERY_ARENA_BYTES_MAX);
	command.words = arena_array(&command.arena, (size_t)argc + 1, sizeof *command.words);
	command.paths = arena_array(&command.arena, (size_t)argc + 1, sizeof *command.paths);
	bool ok = flags_read(&flags, argc, argv, &wants_help, &err);
	if (wants_help) {
		help(&flags);
		code = EXIT_OK;
	} else if (ok && check_flags(&command, &err) && make_plan(&command, &err) && inputs_open(&command.inputs, environ, &err)) {
		code = answer(&command, &err);
	} else if (err.kind == ERR_IO) {
		code = EXIT_COULD_NOT;
	}
	if (err.kind != ERR_NONE && !command.is_told)
		fprintf(stderr, "spoor query: %s\n", err.message);
	inputs_close(&command.inputs);
	arena_fini(&command.arena);
	return code;
}
