/* query/insights_bind.c: which slot each name of a query means, command by command.
 *
 * The scope holds what commands have defined so far: aliases, parse's names, expressions by their text. Before a stats, any other
 * name is a field of the record; behind one, there is nothing but its outputs. */
#include "query/insights_bind.h"

#include "base/limits.h"
#include "codec/utf8.h"
#include "query/insights_expr.h"
#include "query/insights_token.h"

struct definition {
	struct slice                name;
	size_t                      slot;
	const struct insights_expr *expr;       /* what it stands for, where that can be written again: count(*) */
	bool                        is_ephemeral;       /* defining it again is refused */
	bool                        has_inside;         /* it can be an object or array, so that steps lead into it */
};

struct scope {
	struct definition *items;
	size_t             count;
};

struct binder {
	struct insights_reader   reader;        /* for refusing */
	struct insights_plan    *plan;
	struct fields           *fields;
	struct insights_source  *sources;
	struct slice            *source_names;  /* of each slot; SLICE_NONE: computed */
	struct insights_column  *columns;
	struct scope             scope;
	struct insights_command *stats;         /* whose items are being bound, or NULL */
	bool                     has_fields, has_display;
};

enum place { IN_ROW, IN_STATS };                /* beside aggregates, nothing of a row can be meant */

/* Room for one more; it is a power of two. */
static void *grown(struct arena *arena, void *items, size_t count, size_t bytes)
{
	if ((count & (count - 1)) != 0)
		return items;
	void *more = arena_array(arena, count ? 2 * count : 1, bytes);
	if (count > 0)
		memcpy(more, items, count * bytes);
	return more;
}

static size_t add_slot(struct binder *b, struct insights_source source, struct slice name)
{
	struct insights_plan *plan = b->plan;

	b->sources = grown(b->reader.arena, b->sources, plan->slot_count, sizeof *b->sources);
	b->source_names = grown(b->reader.arena, b->source_names, plan->slot_count, sizeof *b->source_names);
	b->sources[plan->slot_count] = source;
	b->source_names[plan->slot_count] = name;
	return plan->slot_count++;
}

static size_t add_computed(struct binder *b)
{
	return add_slot(b, (struct insights_source){ .kind = SOURCE_COMPUTED }, SLICE_NONE);
}

static void add_column(struct binder *b, struct slice name, size_t slot)
{
	for (size_t i = 0; i < b->plan->column_count; i++)
		if (slice_equal(b->columns[i].name, name)) {
			b->columns[i].slot = slot;
			return;
		}
	b->columns = grown(b->reader.arena, b->columns, b->plan->column_count, sizeof *b->columns);
	b->columns[b->plan->column_count++] = (struct insights_column){ name, slot };
}

/* ---- the scope ---- */

static const struct definition *find(const struct scope *scope, struct slice name)
{
	for (size_t i = scope->count; i-- > 0; )
		if (slice_equal(scope->items[i].name, name))
			return &scope->items[i];
	return NULL;
}

static void define(struct binder *b, struct scope *scope, struct definition definition)
{
	scope->items = grown(b->reader.arena, scope->items, scope->count, sizeof *scope->items);
	scope->items[scope->count++] = definition;
}

static bool refuse_redefinition(struct binder *b, struct slice name, struct insights_span span)
{
	struct slice text = b->reader.text;

	insights_token_refuse(&b->reader, span, "this name has been given already");
	return fail_as(b->reader.err, ERR_INVALID, "MalformedQueryException", "Ephemeral field is already defined: %.*s ([%zu,%zu])",
	               SLICE_ARG(name), utf8_length(slice_sub(text, 0, span.from)), utf8_length(slice_sub(text, 0, span.to)));
}

static bool check_new(struct binder *b, const struct scope *scope, const struct insights_item *item)
{
	const struct definition *definition = find(scope, item->name);

	return !definition || !definition->is_ephemeral || refuse_redefinition(b, item->name, item->span);
}

/* ---- names ---- */

static bool refuse_unknown(struct binder *b, const struct insights_expr *expr)
{
	insights_token_refuse(&b->reader, expr->span, "behind a stats, there are only the columns that it gives");
	return fail_as(b->reader.err, ERR_INVALID, "MalformedQueryException", "Unknown symbols found in or after stats: %.*s",
	               SLICE_ARG(expr->text));
}

static enum insights_source_kind system_field(struct slice name)
{
	static const struct { const char *name; enum insights_source_kind kind; } fields[] = {
		{ "@timestamp", SOURCE_TIMESTAMP }, { "@ingestionTime", SOURCE_INGESTION_TIME }, { "@message", SOURCE_MESSAGE },
		{ "@logStream", SOURCE_LOG_STREAM }, { "@log", SOURCE_LOG }, { "@ptr", SOURCE_PTR },
	};
	for (size_t i = 0; i < COUNT(fields); i++)
		if (slice_equal(name, slice_of(fields[i].name)))
			return fields[i].kind;
	return slice_has_prefix(name, S("@")) && !slice_has_prefix(name, S("@@")) ? SOURCE_NOTHING : SOURCE_FIELD;
}

/* The slot of something of the record. A key that begins with @ has a second one before it in queries. */
static bool find_source(struct binder *b, struct slice name, size_t *slot)
{
	struct insights_source source = { .kind = system_field(name) };

	for (*slot = 0; *slot < b->plan->slot_count; ++*slot)
		if (slice_equal(b->source_names[*slot], name) && b->source_names[*slot].ptr)
			return true;
	if (source.kind == SOURCE_FIELD
	    && !fields_add_name(b->fields, slice_from(name, slice_has_prefix(name, S("@@"))), &source.field, b->reader.err))
		return false;
	*slot = add_slot(b, source, name);
	return true;
}

/* The first `count` steps joined by dots; SLICE_NONE where one is an index. */
static struct slice prefix(struct binder *b, const struct insights_expr *expr, size_t count)
{
	struct buffer name;

	if (count == 1)
		return expr->steps[0].key;
	buffer_init(&name, b->reader.arena, 2 * b->reader.text.len);
	for (size_t i = 0; i < count; i++) {
		if (!expr->steps[i].key.ptr)
			return SLICE_NONE;
		if (i > 0)
			buffer_byte(&name, '.');
		buffer_add(&name, expr->steps[i].key);
	}
	return buffer_slice(&name);
}

/* Can its value be an object or array? Those come from functions and aggregates that give or pass them on. */
static bool has_inside(const struct binder *b, const struct insights_expr *expr)
{
	if (expr->kind == EXPR_CALL)
		return expr->function->eval == NULL || (expr->function->traits & TAKES_JSON)
		    || expr->function == insights_function_find(S("split"));
	for (size_t i = 0; expr->kind == EXPR_FIELD && i < b->scope.count; i++)
		if (b->scope.items[i].slot == expr->slot && b->scope.items[i].has_inside)
			return true;
	return false;
}

/* What was defined comes first, the longest name of it; what is left are steps into its value. A name that is more than that of
 * a text or number still is the record's: a field o.p is there beside an alias o. */
static bool bind_field(struct binder *b, struct insights_expr *expr)
{
	size_t keys = 1;

	for (size_t count = expr->step_count; count > 0; count--) {
		struct slice name = prefix(b, expr, count);
		const struct definition *definition = name.ptr ? find(&b->scope, name) : NULL;
		if (definition && (count == expr->step_count || definition->has_inside)) {
			expr->slot = definition->slot;
			expr->step_first = count;
			return true;
		}
	}
	if (b->plan->is_aggregated)
		return refuse_unknown(b, expr);
	while (keys < expr->step_count && expr->steps[keys].key.ptr)
		keys++;
	expr->step_first = keys;                /* an index leads into a scalar: absent */
	return find_source(b, prefix(b, expr, keys), &expr->slot);
}

static bool is_exact(const struct insights_expr *expr)
{
	return expr->kind == EXPR_FIELD && expr->step_first == expr->step_count;
}

/* ---- expressions ---- */

static bool bind_expr(struct binder *b, struct insights_expr *expr, enum place place);

static bool bind_args(struct binder *b, struct insights_expr *expr, enum place place)
{
	for (size_t i = 0; i < expr->arg_count; i++)
		if (!bind_expr(b, expr->args[i], place))
			return false;
	return true;
}

static bool bind_aggregate(struct binder *b, struct insights_expr *expr, enum place place)
{
	struct insights_command *stats = b->stats;

	if (place == IN_ROW)
		return insights_token_refuse_whole(&b->reader, expr->span, "an aggregate stands in stats only, and not within another");
	if (expr->function->aggregate == AGGREGATE_PCT) {
		const struct insights_expr *percent = expr->args[1];
		if (percent->kind != EXPR_NUMBER || percent->number > 100)
			return insights_token_refuse(&b->reader, percent->span, "a number from 0 to 100 is expected here");
	}
	stats->aggregates = grown(b->reader.arena, stats->aggregates, stats->aggregate_count, sizeof *stats->aggregates);
	expr->aggregate = stats->aggregate_count;
	stats->aggregates[stats->aggregate_count++] = expr;
	return bind_args(b, expr, IN_ROW);
}

static bool bind_expr(struct binder *b, struct insights_expr *expr, enum place place)
{
	if (expr->kind == EXPR_FIELD && place == IN_STATS)
		return insights_token_refuse(&b->reader, expr->span, "beside aggregates, a field stands behind by");
	if (expr->kind == EXPR_FIELD)
		return bind_field(b, expr);
	for (size_t i = b->scope.count; b->plan->is_aggregated && place == IN_ROW && i-- > 0; ) {
		const struct definition *definition = &b->scope.items[i];
		bool is_it = expr->arg_count + (size_t)(expr->kind == EXPR_CALL) > 0 && definition->expr
		          && insights_expr_equal(definition->expr, expr);
		if (is_it) {
			expr->slot = definition->slot;
			return true;
		}
	}
	if (expr->kind == EXPR_CALL && expr->function->aggregate != AGGREGATE_NONE)
		return bind_aggregate(b, expr, place);
	return bind_args(b, expr, place);
}

/* ---- commands ---- */

/* The slot in which an item's value will be: that of the field which it only names, or a new one. */
static void give_slot(struct binder *b, struct insights_item *item)
{
	item->slot = is_exact(item->expr) ? item->expr->slot : add_computed(b);
}

static bool bind_fields(struct binder *b, struct insights_command *command)
{
	bool is_display = command->kind == COMMAND_DISPLAY;

	if (is_display)
		b->plan->column_count = 0;
	for (size_t i = 0; i < command->items.count; i++) {
		struct insights_item *item = &command->items.items[i];
		bool is_named = item->has_alias || item->expr->kind == EXPR_FIELD;
		if (!bind_expr(b, item->expr, IN_ROW) || (!is_display && is_named && !check_new(b, &b->scope, item)))
			return false;
		give_slot(b, item);
		if (is_display || !b->has_display)
			add_column(b, item->name, item->slot);
	}
	for (size_t i = 0; i < command->items.count; i++) {
		struct insights_item *item = &command->items.items[i];
		struct definition definition = { item->name, item->slot, item->expr, true, has_inside(b, item->expr) };
		if (item->has_alias && !is_display)
			for (size_t j = 0; j < i; j++)
				if (command->items.items[j].has_alias && slice_equal(command->items.items[j].name, item->name))
					return refuse_redefinition(b, item->name, item->span);
		if (item->has_alias || item->expr->kind != EXPR_FIELD)
			define(b, &b->scope, definition);
	}
	b->has_display = b->has_display || (is_display && !command->is_implied);
	b->has_fields = true;
	return true;
}

static bool bind_stats_item(struct binder *b, struct insights_item *item, struct scope *outputs, enum place place)
{
	size_t aggregates_before = b->stats->aggregate_count;

	if (!bind_expr(b, item->expr, place))
		return false;
	if (place == IN_STATS && b->stats->aggregate_count == aggregates_before)
		return insights_token_refuse_whole(&b->reader, item->expr->span, "there is no aggregate in it, such as count(*)");
	if (item->has_alias && (!check_new(b, &b->scope, item) || !check_new(b, outputs, item)))
		return false;
	item->slot = add_computed(b);
	define(b, outputs, (struct definition){ item->name, item->slot, item->expr, item->has_alias, has_inside(b, item->expr) });
	return true;
}

static bool bind_stats(struct binder *b, struct insights_command *command)
{
	struct scope outputs = { NULL, 0 };

	b->stats = command;
	for (size_t i = 0; i < command->keys.count; i++)
		if (!bind_stats_item(b, &command->keys.items[i], &outputs, IN_ROW))
			return false;
	for (size_t i = 0; i < command->items.count; i++)
		if (!bind_stats_item(b, &command->items.items[i], &outputs, IN_STATS))
			return false;
	b->scope = outputs;
	b->plan->is_aggregated = true;
	b->has_display = false;
	b->plan->column_count = 0;
	for (size_t i = 0; i < outputs.count; i++)
		add_column(b, outputs.items[i].name, outputs.items[i].slot);
	return true;
}

static bool bind_parse(struct binder *b, struct insights_command *command)
{
	if (!bind_expr(b, command->expr, IN_ROW))
		return false;
	for (size_t i = 0; i < command->items.count; i++) {
		struct insights_item *item = &command->items.items[i];
		if (!check_new(b, &b->scope, item))
			return false;
		item->slot = add_computed(b);
		define(b, &b->scope, (struct definition){ item->name, item->slot, NULL, true,
		                                         command->kind == COMMAND_UNNEST });
		if (!b->has_display)
			add_column(b, item->name, item->slot);
	}
	return true;
}

static bool is_split(const struct insights_expr *expr)
{
	return expr->kind == EXPR_CALL && expr->function == insights_function_find(S("split"));
}

/* AWS refuses to take the list apart that split() gives, by whatever name. */
static bool bind_unnest(struct binder *b, struct insights_command *command)
{
	const struct insights_expr *expr = command->expr;

	if (!bind_parse(b, command))
		return false;
	bool gives_split = is_split(expr);
	for (size_t i = 0; i < b->scope.count && is_exact(expr); i++)
		gives_split = gives_split || (b->scope.items[i].slot == expr->slot && b->scope.items[i].expr
		                              && is_split(b->scope.items[i].expr));
	return !gives_split || insights_token_refuse_whole(&b->reader, expr->span, "what split() gives cannot be unnested");
}

static bool bind_command(struct binder *b, struct insights_command *command)
{
	switch (command->kind) {
	case COMMAND_FIELDS:
	case COMMAND_DISPLAY:
		return bind_fields(b, command);
	case COMMAND_STATS:
		return bind_stats(b, command);
	case COMMAND_PARSE:
		return bind_parse(b, command);
	case COMMAND_UNNEST:
		return bind_unnest(b, command);
	case COMMAND_FILTER:
		return bind_expr(b, command->expr, IN_ROW);
	case COMMAND_SORT:
	case COMMAND_DEDUP:
	case COMMAND_UNMASK:
		for (size_t i = 0; i < command->items.count; i++)
			if (!bind_expr(b, command->items.items[i].expr, IN_ROW))
				return false;
		return true;
	case COMMAND_LIMIT:
		b->plan->has_limit = true;
		return true;
	}
	return false;
}

/* Neither fields nor display nor stats: the time and the message, and what was taken out of it. */
static bool add_default_columns(struct binder *b)
{
	struct insights_column *columns = arena_array(b->reader.arena, b->plan->column_count + 2, sizeof *columns);
	size_t count = b->plan->column_count;

	if (count > 0)
		memcpy(columns + 2, b->columns, count * sizeof *columns);
	columns[0].name = S("@timestamp");
	columns[1].name = S("@message");
	if (!find_source(b, columns[0].name, &columns[0].slot) || !find_source(b, columns[1].name, &columns[1].slot))
		return false;
	b->columns = columns;
	b->plan->column_count = count + 2;
	return true;
}

const struct insights_plan *insights_bind(struct arena *arena, struct insights_query *query, size_t leaves_max,
                                          struct insights_fault *fault, struct error *err)
{
	struct binder b = { .reader = { .arena = arena, .text = query->text, .fault = fault, .err = err },
	                    .plan = arena_new(arena, struct insights_plan), .fields = fields_new(arena, FIELD_JOINED) };

	b.plan->query = query;
	if (fault)
		*fault = (struct insights_fault){ { 0, query->text.len }, "this query is too large" };
	for (struct insights_command *command = query->first; command; command = command->next)
		if (!bind_command(&b, command))
			return NULL;
	if (!b.has_fields && !b.plan->is_aggregated && !add_default_columns(&b))
		return NULL;
	if (!fields_add_name(b.fields, S("eventTime"), &b.plan->time_field, err))
		return NULL;
	fields_limit_leaves(b.fields, leaves_max);
	fields_seal(b.fields);
	b.plan->fields = b.fields;
	b.plan->sources = b.sources;
	b.plan->columns = b.columns;
	return b.plan;
}
