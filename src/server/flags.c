/* server/flags.c: one pass over the words; a name is looked for in every group. */
#include "server/flags.h"

enum { NAMES_COLUMNS = 36, LINE_COLUMNS = 118 };

struct reading {
	const struct flags *flags;
	int                 argc, at;
	char              **argv;
	const struct flag  *after;
	struct error       *err;
};

/* Is `name` one of the names in "-v, --invert-match"? */
static bool has_name(const struct flag *flag, struct slice name)
{
	struct slice rest = slice_of(flag->names), one;

	while (rest.ptr) {
		rest = slice_cut(rest, ',', &one);
		if (slice_equal(slice_trim(one), name))
			return true;
	}
	return false;
}

static const struct flag *find(const struct flags *flags, struct slice name, void **user)
{
	for (size_t i = 0; i < flags->group_count; i++)
		for (size_t k = 0; k < flags->groups[i].count; k++)
			if (has_name(&flags->groups[i].rows[k], name)) {
				*user = flags->groups[i].user;
				return &flags->groups[i].rows[k];
			}
	return NULL;
}

static bool give(struct reading *reading, const struct flag *flag, void *user, const char *value)
{
	reading->after = flag;
	if (flag->take)
		return flag->take(user, value, reading->err);
	if (flag->value)
		*(const char **)(void *)((char *)user + flag->offset) = value;
	else
		*(bool *)(void *)((char *)user + flag->offset) = true;
	return true;
}

static bool refuse(const struct reading *reading, const char *word)
{
	const struct flags *flags = reading->flags;

	return flags->hint ? fail(reading->err, ERR_INVALID, "unknown flag '%s'; %s", word, flags->hint)
	                   : fail(reading->err, ERR_INVALID, "unknown flag '%s'; see spoor %s --help", word, flags->command);
}

/* -vc: each letter is a switch. */
static bool take_cluster(struct reading *reading, const char *word)
{
	for (size_t i = 1; word[i]; i++) {
		char name[2] = { '-', word[i] };
		void *user;
		const struct flag *flag = find(reading->flags, (struct slice){ name, sizeof name }, &user);
		if (!flag || flag->value)
			return refuse(reading, word);
		if (!give(reading, flag, user, NULL))
			return false;
	}
	return true;
}

static bool take_flag(struct reading *reading, const char *word)
{
	struct slice name, value = slice_cut(slice_of(word), '=', &name);
	bool is_long = word[1] == '-';
	void *user;
	const struct flag *flag = find(reading->flags, is_long ? name : slice_of(word), &user);

	if (!flag)
		return is_long ? refuse(reading, word) : take_cluster(reading, word);
	if (!flag->value)
		return is_long && value.ptr ? fail(reading->err, ERR_INVALID, "%.*s takes no value", SLICE_ARG(name))
		                            : give(reading, flag, user, NULL);
	if (is_long && value.ptr)
		return give(reading, flag, user, value.ptr);
	if (reading->at + 1 == reading->argc)
		return fail(reading->err, ERR_INVALID, "%s needs a value", word);
	return give(reading, flag, user, reading->argv[++reading->at]);
}

bool flags_read(const struct flags *flags, int argc, char **argv, bool *wants_help, struct error *err)
{
	struct reading reading = { .flags = flags, .argc = argc, .argv = argv, .err = err };
	bool are_over = false;

	*wants_help = false;
	for (; reading.at < argc; reading.at++) {
		const char *word = argv[reading.at];
		if (are_over || word[0] != '-' || !word[1]) {
			if (!flags->word)
				return fail(err, ERR_INVALID, "'%s' is no flag; see spoor %s --help", word, flags->command);
			if (!flags->word(flags->user, word, reading.after, err))
				return false;
		} else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
			*wants_help = true;
			return true;
		} else if (strcmp(word, "--") == 0) {
			are_over = true;
			reading.after = NULL;
		} else if (!take_flag(&reading, word)) {
			return false;
		}
	}
	return true;
}

/* ---- --help ---- */

/* `help` in lines of words, each behind the names' column. */
static void print_text(struct slice help, FILE *out)
{
	struct slice word;
	int at = 0;

	while (help.ptr) {
		help = slice_cut(help, ' ', &word);
		if (at > 0 && at + 1 + (int)word.len > LINE_COLUMNS - NAMES_COLUMNS) {
			fprintf(out, "\n%*s", NAMES_COLUMNS, "");
			at = 0;
		}
		at += fprintf(out, "%s%.*s", at ? " " : "", SLICE_ARG(word));
	}
	fputc('\n', out);
}

void flags_print_row(const struct flag *flag, FILE *out)
{
	int at = fprintf(out, "  %s%s%s", flag->names, flag->value ? " " : "", flag->value ? flag->value : "");

	if (at + 2 > NAMES_COLUMNS)
		fprintf(out, "\n%*s", NAMES_COLUMNS, "");
	else
		fprintf(out, "%*s", NAMES_COLUMNS - at, "");
	print_text(slice_of(flag->help), out);
}

void flags_print(const struct flags *flags, FILE *out)
{
	static const struct flag help = { "-h, --help", NULL, "shows this", 0, NULL };

	for (size_t i = 0; i < flags->group_count; i++)
		for (size_t k = 0; k < flags->groups[i].count; k++)
			flags_print_row(&flags->groups[i].rows[k], out);
	flags_print_row(&help, out);
}
