/* query/insights_parse.c: commands between bars, and which may follow which. */
#include "query/insights_parse.h"

#include "base/limits.h"
#include "query/insights_expr.h"

struct parser {
	struct insights_reader   reader;
	struct insights_query   *query;
	size_t                   stats_count;
	bool                     has_order, has_dedup;  /* sort or limit; dedup */
};

typedef bool parse_command(struct parser *p, struct insights_command *command);

static bool is_sign(struct parser *p, const char *sign)
{
	return insights_token_is_sign(&p->reader, sign);
}

static bool next(struct parser *p)
{
	return insights_token_next(&p->reader);
}

static bool unexpected(struct parser *p, const char *reason)
{
	return insights_token_unexpected(&p->reader, reason);
}

/* ---- items ---- */

static struct insights_item *add_item(struct parser *p, struct insights_items *items)
{
	if ((items->count & (items->count - 1)) == 0) {
		struct insights_item *grown = arena_array(p->reader.arena, items->count ? 2 * items->count : 1, sizeof *grown);
		if (items->count > 0)
			memcpy(grown, items->items, items->count * sizeof *grown);
		items->items = grown;
	}
	items->items[items->count].slot = INSIGHTS_NO_SLOT;
	return &items->items[items->count++];
}

/* The name is at hand, read by insights_token_next_name(). */
static bool read_name(struct parser *p, struct insights_item *item)
{
	struct insights_expr *name;

	if (!insights_expr_parse_field(&p->reader, &name))
		return false;
	item->name = name->text;
	item->span = name->span;
	for (size_t i = 0; i < name->step_count; i++)
		if (!name->steps[i].key.ptr)
			return insights_token_refuse(&p->reader, name->span, "a name has no brackets, unless it stands in backticks");
	return true;
}

/* expr [as name] */
static bool read_item(struct parser *p, struct insights_item *item)
{
	if (!insights_expr_parse(&p->reader, &item->expr))
		return false;
	item->span = item->expr->span;
	item->name = item->expr->kind == EXPR_FIELD ? item->expr->text
	                                            : slice_sub(p->query->text, item->span.from, item->span.to - item->span.from);
	if (!insights_token_is(&p->reader, "as"))
		return true;
	item->has_alias = true;
	return insights_token_next_name(&p->reader) && read_name(p, item);
}

static bool read_items(struct parser *p, struct insights_items *items)
{
	for (;;) {
		if (!read_item(p, add_item(p, items)))
			return false;
		if (!is_sign(p, ","))
			return true;
		if (!next(p))
			return false;
	}
}

/* The token at hand is the one before the first name. */
static bool read_names(struct parser *p, struct insights_items *items)
{
	do {
		if (!insights_token_next_name(&p->reader) || !read_name(p, add_item(p, items)))
			return false;
	} while (is_sign(p, ","));
	return true;
}

/* ---- commands: each is called behind its word ---- */

static bool parse_fields(struct parser *p, struct insights_command *command)
{
	return read_items(p, &command->items);
}

static bool parse_filter(struct parser *p, struct insights_command *command)
{
	return insights_expr_parse(&p->reader, &command->expr);
}

static bool parse_stats(struct parser *p, struct insights_command *command)
{
	if (p->has_order)
		return insights_token_refuse(&p->reader, command->word, "sort and limit stand behind the last stats");
	if (++p->stats_count > INSIGHTS_STATS_MAX)
		return insights_token_refuse(&p->reader, command->word, "a query has 10 stats at most");
	if (!read_items(p, &command->items))
		return false;
	return !insights_token_is(&p->reader, "by") || (next(p) && read_items(p, &command->keys));
}

static bool parse_sort(struct parser *p, struct insights_command *command)
{
	p->has_order = true;
	for (;;) {
		struct insights_item *key = add_item(p, &command->items);
		if (!insights_expr_parse(&p->reader, &key->expr))
			return false;
		key->span = key->expr->span;
		key->is_descending = insights_token_is(&p->reader, "desc");
		if ((key->is_descending || insights_token_is(&p->reader, "asc")) && !next(p))
			return false;
		if (!is_sign(p, ","))
			return true;
		if (!next(p))
			return false;
	}
}

static bool parse_limit(struct parser *p, struct insights_command *command)
{
	double number = p->reader.token.number;

	p->has_order = true;
	if (p->reader.token.kind != TOKEN_NUMBER || number != floor(number) || number < 1 || number > INSIGHTS_LIMIT_MAX)
		return unexpected(p, "a whole number from 1 to 100000 is expected here");
	command->limit = (int64_t)number;
	return next(p);
}

static bool parse_dedup(struct parser *p, struct insights_command *command)
{
	p->has_dedup = true;
	for (;;) {
		struct insights_item *item = add_item(p, &command->items);
		if (!insights_expr_parse_field(&p->reader, &item->expr))
			return false;
		item->span = item->expr->span;
		item->name = item->expr->text;
		if (!is_sign(p, ","))
			return true;
		if (!next(p))
			return false;
	}
}

/* "..." as a, b: at the text. */
static bool parse_glob(struct parser *p, struct insights_command *command)
{
	struct insights_span span = p->reader.token.span;
	struct slice glob = p->reader.token.text;
	size_t star_count = 0;

	for (size_t i = 0; i < glob.len; i++)
		star_count += glob.ptr[i] == '*';
	struct slice *literals = arena_array(p->reader.arena, star_count + 1, sizeof *literals);
	for (size_t i = 0; i <= star_count; i++) {
		struct slice rest = slice_cut(glob, '*', &literals[i]);
		glob = rest.ptr ? rest : S("");
	}
	command->literals = literals;
	if (!next(p))
		return false;
	if (!insights_token_is(&p->reader, "as"))
		return unexpected(p, "as and the names of what the stars stand for are expected here");
	if (!read_names(p, &command->items))
		return false;
	return command->items.count == star_count
	    || insights_token_refuse_whole(&p->reader, span, "there are not as many names as stars");
}

static bool parse_groups(struct parser *p, struct insights_command *command)
{
	struct insights_expr *regex;

	if (!insights_expr_parse_regex(&p->reader, &regex))
		return false;
	command->regex = regex->regex;
	for (size_t i = 0; i < regex_group_count(command->regex); i++) {
		struct insights_item *item = add_item(p, &command->items);
		item->name = regex_group_name(command->regex, i);
		item->span = regex->span;
	}
	return command->items.count > 0
	    || insights_token_refuse_whole(&p->reader, regex->span, "no group of the expression has a name, as in (?<name>...)");
}

static bool parse_parse(struct parser *p, struct insights_command *command)
{
	static const char *const others[] = { "logfmt", "csv", "json", "xml", "multi", "regex" };

	command->expr = insights_expr_field(p->reader.arena, S("@message"), command->word);
	if (p->reader.token.kind != TOKEN_TEXT && !is_sign(p, "/") && !insights_expr_parse_operand(&p->reader, &command->expr))
		return false;
	if (p->reader.token.kind == TOKEN_TEXT)
		return parse_glob(p, command);
	if (is_sign(p, "/"))
		return parse_groups(p, command);
	for (size_t i = 0; i < COUNT(others); i++)
		if (insights_token_is(&p->reader, others[i]))
			return unexpected(p, "spoor does not support this mode of parse");
	return unexpected(p, "a text with stars or a regular expression is expected here");
}

static bool parse_unnest(struct parser *p, struct insights_command *command)
{
	if (!insights_expr_parse(&p->reader, &command->expr))
		return false;
	if (!insights_token_is(&p->reader, "into"))
		return unexpected(p, "into and a name are expected here");
	return insights_token_next_name(&p->reader) && read_name(p, add_item(p, &command->items));
}

static const struct command_word {
	const char                *word;
	enum insights_command_kind kind;
	parse_command             *parse;
} words[] = {
	{ "fields",      COMMAND_FIELDS,  parse_fields },
	{ "display",     COMMAND_DISPLAY, parse_fields },
	{ "filter",      COMMAND_FILTER,  parse_filter },
	{ "where",       COMMAND_FILTER,  parse_filter },
	{ "filterindex", COMMAND_FILTER,  parse_filter },
	{ "stats",       COMMAND_STATS,   parse_stats },
	{ "sort",        COMMAND_SORT,    parse_sort },
	{ "limit",       COMMAND_LIMIT,   parse_limit },
	{ "dedup",       COMMAND_DEDUP,   parse_dedup },
	{ "parse",       COMMAND_PARSE,   parse_parse },
	{ "unnest",      COMMAND_UNNEST,  parse_unnest },
	{ "unmask",      COMMAND_UNMASK,  parse_fields },
};

static bool refuse_diff(struct parser *p)
{
	insights_token_refuse_whole(&p->reader, p->reader.token.span, "spoor supports neither pattern nor diff");
	return fail_as(p->reader.err, ERR_INVALID, "MalformedQueryException",
	               "Diff compilation Failed : Diff operation has to be used after Pattern");
}

static bool read_command(struct parser *p, struct insights_command *command)
{
	for (size_t i = 0; i < COUNT(words); i++) {
		if (!insights_token_is(&p->reader, words[i].word))
			continue;
		command->kind = words[i].kind;
		command->word = p->reader.token.span;
		if (p->has_dedup && command->kind != COMMAND_LIMIT)
			return unexpected(p, "behind dedup, only limit may follow");
		return next(p) && words[i].parse(p, command);
	}
	if (insights_token_is(&p->reader, "diff"))
		return refuse_diff(p);
	return unexpected(p, p->reader.token.kind == TOKEN_NAME ? "this is no command, or one that spoor does not support"
	                                                        : "a command is expected here");
}

struct insights_query *insights_parse(struct arena *arena, struct slice text, struct insights_fault *fault, struct error *err)
{
	struct insights_query *query = arena_new(arena, struct insights_query);
	struct parser p = { .reader = { .arena = arena, .fault = fault, .err = err }, .query = query };
	struct insights_command **last = &query->first;

	p.reader.text = query->text = arena_copy(arena, text.ptr ? text : S(""));
	if (!insights_token_begin(&p.reader))
		return NULL;
	for (;; last = &(*last)->next) {
		*last = arena_new(arena, struct insights_command);
		if (++query->count > INSIGHTS_COMMANDS_MAX) {
			unexpected(&p, "a query has 200 commands at most");
			return NULL;
		}
		if (!read_command(&p, *last))
			return NULL;
		if (p.reader.token.kind == TOKEN_END)
			return query;
		if (!is_sign(&p, "|")) {
			unexpected(&p, "this does not belong to the command before it; a | is expected between commands");
			return NULL;
		}
		if (!next(&p))
			return NULL;
	}
}
