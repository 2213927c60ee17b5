/* query/insights_pattern.c: which words vary, and the commands that count what does not. */
#include "query/insights_pattern.h"

#include "base/limits.h"
#include "codec/utf8.h"
#include "query/insights_expr.h"

#include <arpa/inet.h>

/* ---- tokens ---- */

static int peek(struct slice s, size_t at)
{
	return at < s.len ? (unsigned char)s.ptr[at] : -1;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(int c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool is_word(int c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c >= 0x80;
}

/* Bytes at `at` that have this form: d a digit, x a hexadecimal one, T a T or a blank, anything else itself. 0: they have not. */
static size_t has_form(struct slice s, size_t at, const char *form)
{
	size_t i = 0;

	for (; form[i]; i++) {
		int c = peek(s, at + i);
		bool fits = form[i] == 'd' ? is_digit(c) : form[i] == 'x' ? is_hex(c) : form[i] == 'T' ? c == 'T' || c == ' ' : c == form[i];
		if (!fits)
			return 0;
	}
	return i;
}

/* hh:mm:ss with a fraction and an offset, if it has them. */
static size_t time_bytes(struct slice s, size_t at)
{
	size_t bytes = has_form(s, at, "dd:dd:dd");

	if (bytes == 0)
		return 0;
	if ((peek(s, at + bytes) == '.' || peek(s, at + bytes) == ',') && is_digit(peek(s, at + bytes + 1)))
		for (bytes++; is_digit(peek(s, at + bytes)); )
			bytes++;
	if (peek(s, at + bytes) == 'Z')
		return bytes + 1;
	bool has_offset = peek(s, at + bytes) == '+' || peek(s, at + bytes) == '-';
	size_t offset = has_offset ? has_form(s, at + bytes + 1, "dd:dd") : 0;
	if (has_offset && offset == 0)
		offset = has_form(s, at + bytes + 1, "dddd");
	return bytes + (offset ? 1 + offset : 0);
}

static size_t date_bytes(struct slice s, size_t at, const char **type)
{
	size_t date = has_form(s, at, "dddd-dd-dd"), time = 0;

	if (date && has_form(s, at + date, "T"))
		time = time_bytes(s, at + date + 1);
	*type = time ? "Timestamp" : date ? "Date" : "Time";
	return time ? date + 1 + time : date ? date : time_bytes(s, at);
}

static size_t address_bytes(struct slice s, size_t at)
{
	unsigned char address[16];
	char text[INET6_ADDRSTRLEN];
	size_t bytes = 0, colons = 0, colon = 0;

	while (bytes < sizeof text - 1 && (is_hex(peek(s, at + bytes)) || peek(s, at + bytes) == '.' || peek(s, at + bytes) == ':')) {
		text[bytes] = s.ptr[at + bytes];
		colon = text[bytes] == ':' ? bytes : colon;
		colons += text[bytes++] == ':';
	}
	if (colons == 1)
		bytes = colon;                  /* 10.0.0.1:443 */
	while (bytes > 0 && (text[bytes - 1] == '.' || text[bytes - 1] == ':'))
		bytes--;                        /* of the sentence around it */
	text[bytes] = '\0';
	return inet_pton(colons >= 2 ? AF_INET6 : AF_INET, text, address) == 1 ? bytes : 0;
}

/* A word that varies: all digits, or with enough of them to be no name such as s3 or ec2. NULL: it is a word. */
static const char *type_of_word(struct slice word)
{
	size_t digits = 0;

	for (size_t i = 0; i < word.len; i++)
		digits += is_digit((unsigned char)word.ptr[i]);
	if (digits == word.len)
		return "Number";
	return digits >= 3 || (digits > 0 && (word.len >= 8 || is_digit((unsigned char)word.ptr[0]))) ? "Token" : NULL;
}

/* At the beginning of a word: how far what is one goes, and its *type, NULL if it does not vary. */
static size_t next_token(struct slice s, size_t at, const char **type)
{
	size_t bytes = has_form(s, at, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");

	*type = "UUID";
	if (bytes == 0)
		bytes = date_bytes(s, at, type);
	if (bytes == 0) {
		*type = "IP";
		bytes = address_bytes(s, at);
	}
	if (bytes > 0 && !is_word(peek(s, at + bytes)))
		return bytes;
	for (bytes = 0; is_word(peek(s, at + bytes)); )
		bytes++;
	*type = type_of_word(slice_sub(s, at, bytes));
	bool has_fraction = *type && **type == 'N' && peek(s, at + bytes) == '.' && is_digit(peek(s, at + bytes + 1));
	for (size_t more = bytes + 1; has_fraction; more++)
		if (!is_digit(peek(s, at + more))) {
			bytes = is_word(peek(s, at + more)) || peek(s, at + more) == '.' ? bytes : more;
			break;
		}
	return bytes;
}

struct slice insights_pattern_of(struct arena *arena, struct slice text)
{
	struct slice s = slice_sub(text, 0, utf8_prefix(text, INSIGHTS_PATTERN_BYTES_MAX));
	struct buffer out;
	const char *type;
	int number = 0;

	buffer_init(&out, arena, INSIGHTS_TEXT_BYTES_MAX);
	for (size_t at = 0, bytes; at < s.len; at += bytes) {
		bytes = 1;
		type = NULL;
		if (is_word(peek(s, at)))
			bytes = next_token(s, at, &type);
		if (type)
			buffer_printf(&out, "<%s-%d>", type, ++number);
		else
			buffer_add(&out, slice_sub(s, at, bytes));
	}
	buffer_add(&out, s.len < text.len ? S("<*>") : S(""));
	return out.len ? buffer_slice(&out) : S("");
}

struct slice insights_pattern_severity(struct slice text)
{
	static const struct { const char *word; size_t label; } words[] = {
		{ "fatal", 0 }, { "critical", 0 }, { "error", 0 }, { "errors", 0 }, { "err", 0 }, { "severe", 0 }, { "exception", 0 },
		{ "fail", 0 }, { "failed", 0 }, { "failure", 0 }, { "panic", 0 }, { "warn", 1 }, { "warning", 1 }, { "info", 2 },
		{ "information", 2 }, { "notice", 2 }, { "debug", 3 }, { "trace", 3 },
	};
	static const struct slice labels[] = { S_INIT("Error"), S_INIT("Warning"), S_INIT("Info"), S_INIT("Debug") };
	size_t best = COUNT(labels);

	for (size_t at = 0, bytes; at < text.len; at += bytes ? bytes : 1) {
		for (bytes = 0; is_word(peek(text, at + bytes)); )
			bytes++;
		for (size_t i = 0; i < COUNT(words) && bytes > 0; i++)
			if (words[i].label < best && slice_equal_nocase(slice_sub(text, at, bytes), slice_of(words[i].word)))
				best = words[i].label;
	}
	return best < COUNT(labels) ? labels[best] : SLICE_NONE;
}

/* ---- the commands that it stands for ---- */

static struct value eval_pattern(struct insights_context *context, const struct insights_expr *call, const struct value *args)
{
	(void)call;
	return value_text(insights_pattern_of(context->arena, value_to_text(&args[0], context->arena)));
}

static struct value eval_severity(struct insights_context *context, const struct insights_expr *call, const struct value *args)
{
	(void)call;
	return value_text(insights_pattern_severity(value_to_text(&args[0], context->arena)));
}

/* No query can name them. */
static const struct insights_function pattern_function = { "pattern", 1, 1, 0, 0, 0, AGGREGATE_NONE, eval_pattern };
static const struct insights_function severity_function = { "severity", 1, 1, 0, 0, 0, AGGREGATE_NONE, eval_severity };

struct maker {
	struct arena            *arena;
	struct insights_span     span;
	struct insights_command *last;
};

/* Names within the expansion have a backtick, which no name in a query can have. */
#define PART   S("`pattern")
#define COUNTED S("`count")
#define PAIR   S("`pair")
#define TOTAL  S("`total")
#define LIST   S("`list")
#define SAMPLES S("`samples")

static struct insights_expr *node(struct maker *m, enum insights_expr_kind kind, size_t arg_count)
{
	struct insights_expr *expr = arena_new(m->arena, struct insights_expr);

	*expr = (struct insights_expr){ .kind = kind, .span = m->span, .slot = INSIGHTS_NO_SLOT, .arg_count = arg_count };
	expr->args = arena_array(m->arena, 4, sizeof(struct insights_expr *));
	return expr;
}

static struct insights_expr *name(struct maker *m, struct slice text)
{
	return insights_expr_field(m->arena, text, m->span);
}

static struct insights_expr *call(struct maker *m, const struct insights_function *function, struct insights_expr *arg)
{
	struct insights_expr *expr = node(m, EXPR_CALL, arg ? 1 : 0);

	expr->function = function;
	expr->args[0] = arg;
	return expr;
}

static struct insights_expr *call_of(struct maker *m, struct slice function, struct insights_expr *arg)
{
	return call(m, insights_function_find(function), arg);
}

static void add_item(struct maker *m, struct insights_items *items, struct insights_expr *expr, struct slice as)
{
	if (items->count == 0)
		items->items = arena_array(m->arena, 4, sizeof *items->items);
	items->items[items->count++] = (struct insights_item){ .expr = expr, .name = as, .span = m->span, .slot = INSIGHTS_NO_SLOT,
	                                                       .has_alias = !expr || expr->kind != EXPR_FIELD };
}

static struct insights_command *next(struct maker *m, enum insights_command_kind kind)
{
	m->last->next = arena_new(m->arena, struct insights_command);
	m->last = m->last->next;
	*m->last = (struct insights_command){ .kind = kind, .word = m->span, .is_implied = true };
	return m->last;
}

static struct insights_expr *pair(struct maker *m)
{
	struct insights_expr *expr = call_of(m, S("concat"), name(m, COUNTED)), *blank = node(m, EXPR_TEXT, 0);

	blank->text = S(" ");
	expr->args[1] = blank;
	expr->args[2] = name(m, PART);
	expr->arg_count = 3;
	return expr;
}

static struct insights_expr *ratio(struct maker *m)
{
	struct insights_expr *expr = node(m, EXPR_OPERATOR, 2);

	expr->operator = OP_DIVIDE;
	expr->args[0] = name(m, SAMPLES);
	expr->args[1] = name(m, TOTAL);
	return expr;
}

void insights_pattern_expand(struct arena *arena, struct insights_command *command, struct insights_expr *expr)
{
	static const struct slice columns[] = { S_INIT("@pattern"), S_INIT("@ratio"), S_INIT("@sampleCount"), S_INIT("@severityLabel") };
	struct maker m = { .arena = arena, .span = command->word, .last = command };

	command->kind = COMMAND_FIELDS;
	command->is_implied = true;
	add_item(&m, &command->items, call(&m, &pattern_function, expr), PART);
	next(&m, COMMAND_FILTER)->expr = call_of(&m, S("ispresent"), name(&m, PART));
	struct insights_command *stats = next(&m, COMMAND_STATS);
	add_item(&m, &stats->items, call_of(&m, S("count"), NULL), COUNTED);
	add_item(&m, &stats->keys, name(&m, PART), PART);
	add_item(&m, &next(&m, COMMAND_FIELDS)->items, pair(&m), PAIR);
	stats = next(&m, COMMAND_STATS);
	add_item(&m, &stats->items, call_of(&m, S("sum"), name(&m, COUNTED)), TOTAL);
	add_item(&m, &stats->items, call_of(&m, S("values"), name(&m, PAIR)), LIST);
	struct insights_command *taken = next(&m, COMMAND_UNNEST);
	taken->expr = name(&m, LIST);
	add_item(&m, &taken->items, NULL, PAIR);
	taken = next(&m, COMMAND_PARSE);
	taken->expr = name(&m, PAIR);
	struct slice *literals = arena_array(arena, 3, sizeof *literals);
	literals[0] = literals[2] = S("");
	literals[1] = S(" ");
	taken->literals = literals;
	add_item(&m, &taken->items, NULL, SAMPLES);
	add_item(&m, &taken->items, NULL, columns[0]);
	struct insights_items *items = &next(&m, COMMAND_FIELDS)->items;
	add_item(&m, items, ratio(&m), columns[1]);
	add_item(&m, items, call_of(&m, S("tonumber"), name(&m, SAMPLES)), columns[2]);
	add_item(&m, items, call(&m, &severity_function, name(&m, columns[0])), columns[3]);
	items = &next(&m, COMMAND_DISPLAY)->items;
	for (size_t i = 0; i < COUNT(columns); i++)
		add_item(&m, items, name(&m, columns[i]), columns[i]);
	items = &next(&m, COMMAND_SORT)->items;
	add_item(&m, items, name(&m, columns[2]), columns[2]);
	items->items[0].is_descending = true;
}
