/* query/insights_parse.c: commands between bars, and which may follow which. */
#include "query/insights_parse.h"

#include "base/limits.h"
#include "query/insights_expr.h"
#include "query/insights_pattern.h"

struct parser {
	struct insights_reader   reader;
	struct insights_query   *query;
	size_t                   stats_count;
	bool                     has_order, has_dedup;  /* sort or limit; dedup */
	bool                     is_behind_pattern;
	struct insights_command *before_sort;           /* the one before that of the last pattern, which orders what is shown */
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

/* Groups stand in the order of their rows, not in that of a pattern before them. */
static void drop_sort(struct parser *p)
{
	if (!p->before_sort)
		return;
	p->before_sort->next = p->before_sort->next->next;
	p->query->count--;
	p->before_sort = NULL;
}

static bool parse_stats(struct parser *p, struct insights_command *command)
{
	drop_sort(p);
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
	if (insights_token_is(&p->reader, "any"))
		return unexpected(p, "spoor does not have limit any; limit gives the first rows");
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

/* parse has other modes at AWS; a field of that name can still be parsed by a glob or an expression. */
static bool is_mode(const struct insights_expr *expr)
{
	static const char *const modes[] = { "logfmt", "csv", "json", "xml", "multi", "regex" };

	for (size_t i = 0; i < COUNT(modes) && expr->kind == EXPR_FIELD; i++)
		if (slice_equal_nocase(expr->text, slice_of(modes[i])))
			return true;
	return false;
}

static bool parse_parse(struct parser *p, struct insights_command *command)
{
	static const char no_mode[] = "spoor does not support this mode of parse";
	bool is_written = p->reader.token.kind != TOKEN_TEXT && !is_sign(p, "/");

	command->expr = insights_expr_field(p->reader.arena, S("@message"), command->word);
	if (is_written && !insights_expr_parse_operand(&p->reader, &command->expr))
		return false;
	if (p->reader.token.kind == TOKEN_TEXT)
		return parse_glob(p, command);
	if (is_sign(p, "/"))
		return parse_groups(p, command);
	if (is_written && is_mode(command->expr))
		return insights_token_refuse(&p->reader, command->expr->span, no_mode);
	struct insights_reader before = p->reader;
	struct insights_expr *mode;
	if (p->reader.token.kind == TOKEN_NAME && insights_expr_parse_field(&p->reader, &mode) && is_mode(mode))
		return insights_token_refuse(&p->reader, mode->span, no_mode);
	p->reader = before;
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

static bool parse_pattern(struct parser *p, struct insights_command *command)
{
	struct insights_expr *expr;

	if (p->has_order)
		return insights_token_refuse(&p->reader, command->word, "sort and limit stand behind pattern");
	if (!insights_expr_parse(&p->reader, &expr))
		return false;
	drop_sort(p);
	insights_pattern_expand(p->reader.arena, command, expr);
	for (p->before_sort = command; p->before_sort->next->next; )
		p->before_sort = p->before_sort->next;
	return true;
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
	{ "pattern",     COMMAND_FIELDS,  parse_pattern },
};

/* What AWS has and spoor has not, with what may do instead. */
static const struct { const char *word, *reason; } unsupported[] = {
	{ "source",         "spoor has no SOURCE: what is read is said outside of the query" },
	{ "expand",         "spoor does not have expand; unnest jsonParse(f) into x gives a row for each element" },
	{ "diff",           "spoor does not have diff; ask for both times, and compare" },
	{ "anomaly",        "spoor does not have anomaly" },
	{ "join",           "spoor does not have join" },
	{ "lookup",         "spoor does not have lookup tables" },
	{ "cidrlookup",     "spoor does not have lookup tables; isIpInSubnet() tests one network" },
	{ "subquery",       "spoor has no queries within queries" },
	{ "search",         "spoor does not have search; filter @message like /x/ finds text anywhere" },
	{ "order",          "spoor does not have order; rows are ordered by sort" },
	{ "head",           "spoor does not have head; limit takes the first rows" },
	{ "tail",           "spoor does not have tail; sort and limit take the last rows" },
	{ "relevantfields", "spoor does not have relevantfields" },
	{ "addtotals",      "spoor does not have addtotals" },
	{ "autoregress",    "spoor does not have autoregress" },
	{ "logcompare",     "spoor does not have logcompare" },
	{ "filldown",       "spoor does not have filldown" },
	{ "fillmissing",    "spoor does not have fillmissing" },
	{ "outlier",        "spoor does not have outlier" },
	{ "accum",          "spoor does not have accum" },
	{ "appendcols",     "spoor does not have appendcols" },
	{ "sessionize",     "spoor does not have sessionize" },
	{ "countfrequent",  "spoor does not have countFrequent; stats count(*) as n by f | sort n desc gives all" },
	{ "topk",           "spoor does not have topk; stats count(*) as n by f | sort n desc | limit 10 gives ten" },
	{ "estimate",       "spoor does not have estimate" },
	{ "rate",           "spoor does not have rate; stats count(*) by bin(1m) counts" },
	{ "histogram",      "spoor does not have histogram; stats count(*) by bin(1m) counts" },
	{ "countovertime",  "spoor does not have countOverTime; stats count(*) by bin(1m) counts" },
	{ "sumovertime",    "spoor does not have sumOverTime; stats sum(f) by bin(1m) sums" },
	{ "offset",         "spoor does not have offset" },
};

static bool refuse_command(struct parser *p)
{
	bool is_diff = insights_token_is(&p->reader, "diff") && !p->is_behind_pattern;

	for (size_t i = 0; i < COUNT(unsupported); i++) {
		if (!insights_token_is(&p->reader, unsupported[i].word))
			continue;
		unexpected(p, unsupported[i].reason);
		return is_diff ? fail_as(p->reader.err, ERR_INVALID, "MalformedQueryException",
		                         "Diff compilation Failed : Diff operation has to be used after Pattern") : false;
	}
	return unexpected(p, p->reader.token.kind == TOKEN_NAME ? "this is no command" : "a command is expected here");
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
		p->is_behind_pattern = words[i].parse == parse_pattern;
		return next(p) && words[i].parse(p, command);
	}
	return refuse_command(p);
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
		for (; (*last)->next; last = &(*last)->next)     /* one that stands for several */
			query->count++;
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
