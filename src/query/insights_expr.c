/* query/insights_expr.c: operators by how tightly they bind: or, and, not, comparisons, + and -, * / %, ^, the sign. */
#include "query/insights_expr.h"

#include "base/limits.h"
#include "query/insights_date.h"

static bool parse_not(struct insights_reader *reader, struct insights_expr **expr);
static bool parse_unary(struct insights_reader *reader, struct insights_expr **expr);

static bool is_reserved(const struct insights_reader *reader)
{
	static const char *const words[] = { "and", "or", "not", "in", "like", "as", "by" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (insights_token_is(reader, words[i]))
			return true;
	return false;
}

static struct insights_expr *new_expr(struct insights_reader *reader, enum insights_expr_kind kind)
{
	struct insights_expr *expr = arena_new(reader->arena, struct insights_expr);

	expr->kind = kind;
	expr->span = reader->token.span;
	expr->slot = INSIGHTS_NO_SLOT;
	return expr;
}

/* Every level of nesting passes here, so that no text can exhaust the stack of whoever walks the tree. */
static bool enter(struct insights_reader *reader)
{
	return ++reader->depth <= INSIGHTS_DEPTH_MAX || insights_token_unexpected(reader, "the expression is nested too deeply");
}

static bool leave(struct insights_reader *reader, bool ok)
{
	reader->depth--;
	return ok;
}

static void add_arg(struct insights_reader *reader, struct insights_expr *expr, struct insights_expr *arg)
{
	/* Room is a power of two, so whoever fills one doubles it. */
	if ((expr->arg_count & (expr->arg_count - 1)) == 0) {
		struct insights_expr **args = arena_array(reader->arena, expr->arg_count ? 2 * expr->arg_count : 1, sizeof *args);
		if (expr->arg_count > 0)
			memcpy(args, expr->args, expr->arg_count * sizeof *args);
		expr->args = args;
	}
	expr->args[expr->arg_count++] = arg;
}

static struct insights_expr *operation(struct insights_reader *reader, enum insights_operator operator,
                                       struct insights_expr *left, size_t from)
{
	struct insights_expr *expr = new_expr(reader, EXPR_OPERATOR);

	expr->operator = operator;
	expr->span.from = from;
	add_arg(reader, expr, left);
	return expr;
}

static bool end(struct insights_reader *reader, struct insights_expr *expr)
{
	expr->span.to = reader->token_end;
	return true;
}

/* ---- what has no operator ---- */

static bool expect_sign(struct insights_reader *reader, const char *sign, const char *reason)
{
	return insights_token_is_sign(reader, sign) ? insights_token_next(reader) : insights_token_unexpected(reader, reason);
}

struct insights_expr *insights_expr_field(struct arena *arena, struct slice name, struct insights_span span)
{
	struct insights_expr *expr = arena_new(arena, struct insights_expr);
	struct insights_step *step = arena_new(arena, struct insights_step);

	*step = (struct insights_step){ .key = name };
	*expr = (struct insights_expr){ .kind = EXPR_FIELD, .span = span, .text = name, .steps = step, .step_count = 1,
	                                .slot = INSIGHTS_NO_SLOT };
	return expr;
}

/* Behind '[': a whole number, and ']'. */
static bool read_index(struct insights_reader *reader, uint32_t *index)
{
	if (!insights_token_next(reader))
		return false;
	double number = reader->token.number;
	if (reader->token.kind != TOKEN_NUMBER || number != floor(number) || number > 1e9)
		return insights_token_unexpected(reader, "the number of an element is expected here, from 0");
	*index = (uint32_t)number;
	return insights_token_next(reader) && expect_sign(reader, "]", "a ] is expected here");
}

static bool next_step(struct insights_reader *reader, struct insights_step *step)
{
	if (insights_token_is_sign(reader, "[")) {
		step->key = SLICE_NONE;
		return read_index(reader, &step->index);
	}
	if (!insights_token_next_name(reader))
		return false;
	step->key = reader->token.text;
	return insights_token_next(reader);
}

/* The steps' names joined by dots; brackets are no part of a name, and end it. */
static struct slice joined(struct insights_reader *reader, const struct insights_expr *expr)
{
	struct buffer out;

	if (expr->step_count == 1)
		return expr->steps[0].key;
	buffer_init(&out, reader->arena, 2 * reader->text.len);
	for (size_t i = 0; i < expr->step_count; i++) {
		if (expr->steps[i].key.ptr)
			buffer_printf(&out, "%s%.*s", i ? "." : "", SLICE_ARG(expr->steps[i].key));
		else
			buffer_printf(&out, "[%" PRIu32 "]", expr->steps[i].index);
	}
	return buffer_slice(&out);
}

bool insights_expr_parse_field(struct insights_reader *reader, struct insights_expr **expr)
{
	struct insights_step steps[FIELD_STEPS_MAX];
	struct insights_step *copy;

	if (reader->token.kind != TOKEN_NAME || is_reserved(reader))
		return insights_token_unexpected(reader, "the name of a field is expected here");
	*expr = new_expr(reader, EXPR_FIELD);
	steps[(*expr)->step_count++] = (struct insights_step){ .key = reader->token.text };
	if (!insights_token_next(reader))
		return false;
	while (insights_token_is_sign(reader, ".") || insights_token_is_sign(reader, "[")) {
		if ((*expr)->step_count == FIELD_STEPS_MAX)
			return insights_token_unexpected(reader, "this name has too many steps");
		if (!next_step(reader, &steps[(*expr)->step_count++]))
			return false;
	}
	copy = arena_array(reader->arena, (*expr)->step_count, sizeof *copy);
	memcpy(copy, steps, (*expr)->step_count * sizeof *copy);
	(*expr)->steps = copy;
	(*expr)->text = joined(reader, *expr);
	return end(reader, *expr);
}

static bool compile(struct insights_reader *reader, struct slice body, struct insights_span span, const struct regex **regex)
{
	struct regex_fault fault;

	*regex = regex_compile(reader->arena, body, &fault);
	return *regex || insights_token_refuse(reader, span, fault.reason);
}

bool insights_expr_parse_regex(struct insights_reader *reader, struct insights_expr **expr)
{
	*expr = new_expr(reader, EXPR_REGEX);
	return insights_token_regex(reader, &(*expr)->text, &(*expr)->span)
	    && compile(reader, (*expr)->text, (*expr)->span, &(*expr)->regex);
}

/* ---- calls ---- */

static bool parse_argument(struct insights_reader *reader, struct insights_expr *call)
{
	size_t number = call->arg_count + 1;
	struct insights_expr *arg;

	if (number == call->function->period_at) {
		if (reader->token.kind != TOKEN_PERIOD)
			return insights_token_unexpected(reader, "a period such as 5m is expected here");
		arg = new_expr(reader, EXPR_PERIOD);
		arg->period = reader->token.period;
		add_arg(reader, call, arg);
		return insights_token_next(reader);
	}
	if (number == call->function->regex_at && insights_token_is_sign(reader, "/")) {
		if (!insights_expr_parse_regex(reader, &arg))
			return false;
	} else if (number == call->function->regex_at) {
		if (reader->token.kind != TOKEN_TEXT)
			return insights_token_unexpected(reader, "a regular expression is expected here, as /x/ or in quotes");
		arg = new_expr(reader, EXPR_REGEX);
		arg->text = reader->token.text;
		if (!compile(reader, arg->text, arg->span, &arg->regex) || !insights_token_next(reader))
			return false;
	} else if (number > 1 && (call->function->traits & (READS_DATE | WRITES_DATE))) {
		if (reader->token.kind != TOKEN_TEXT)
			return insights_token_unexpected(reader, number == 2 ? "the format of a date is expected here, in quotes"
			                                                     : "a time zone is expected here, in quotes");
		arg = new_expr(reader, EXPR_TEXT);
		if (!insights_date_literal(reader, call->function, number, arg) || !insights_token_next(reader))
			return false;
	} else if (!insights_expr_parse(reader, &arg)) {
		return false;
	}
	add_arg(reader, call, arg);
	return true;
}

/* At the opening parenthesis; `name` is before it. */
static bool parse_call(struct insights_reader *reader, struct insights_token name, struct insights_expr **expr)
{
	struct insights_expr *call = *expr = new_expr(reader, EXPR_CALL);
	size_t hidden;

	call->span.from = name.span.from;
	call->function = insights_function_find(name.text);
	if (!call->function)
		return insights_token_refuse(reader, name.span, "there is no such function, or spoor does not have it");
	if (call->function->traits & USES_TIME)
		add_arg(reader, call, insights_expr_field(reader->arena, S("@timestamp"), name.span));
	hidden = call->arg_count;
	if (!enter(reader) || !insights_token_next(reader))
		return false;
	if ((call->function->traits & TAKES_STAR) && insights_token_is_sign(reader, "*")) {
		if (!insights_token_next(reader))
			return false;
	} else {
		while (!insights_token_is_sign(reader, ")")) {
			if (call->arg_count > hidden && !expect_sign(reader, ",", "a comma or ) is expected here"))
				return false;
			if (!parse_argument(reader, call))
				return false;
		}
	}
	size_t count = call->arg_count - hidden;
	if (!expect_sign(reader, ")", "a ) is expected here"))
		return false;
	if (count < call->function->args_min || (call->function->args_max != INSIGHTS_ARGS_ANY && count > call->function->args_max))
		return insights_token_refuse(reader, name.span, "this function takes another number of arguments");
	return leave(reader, end(reader, call));
}

static bool parse_name(struct insights_reader *reader, struct insights_expr **expr)
{
	struct insights_reader before = *reader;
	struct insights_token name = reader->token;
	bool is_true = insights_token_is(reader, "true"), is_false = insights_token_is(reader, "false");

	if (is_reserved(reader))
		return insights_token_unexpected(reader, "a value is expected here; a field of this name stands in backticks");
	if (!insights_token_next(reader))
		return false;
	if (!name.is_quoted && insights_token_is_sign(reader, "("))
		return parse_call(reader, name, expr);
	bool has_steps = insights_token_is_sign(reader, ".") || insights_token_is_sign(reader, "[");
	*reader = before;
	if ((is_true || is_false) && !has_steps) {
		*expr = new_expr(reader, EXPR_NUMBER);
		(*expr)->number = is_true;
		return insights_token_next(reader);
	}
	return insights_expr_parse_field(reader, expr);
}

bool insights_expr_parse_operand(struct insights_reader *reader, struct insights_expr **expr)
{
	switch (reader->token.kind) {
	case TOKEN_NAME:
		return parse_name(reader, expr);
	case TOKEN_NUMBER:
		*expr = new_expr(reader, EXPR_NUMBER);
		(*expr)->number = reader->token.number;
		return insights_token_next(reader);
	case TOKEN_TEXT:
		*expr = new_expr(reader, EXPR_TEXT);
		(*expr)->text = reader->token.text;
		return insights_token_next(reader);
	case TOKEN_PERIOD:
		return insights_token_unexpected(reader, "a period stands in bin(), datefloor() and dateceil() only");
	case TOKEN_SIGN:
		if (!insights_token_is_sign(reader, "("))
			return insights_token_unexpected(reader, "a value is expected here");
		return enter(reader) && insights_token_next(reader) && insights_expr_parse(reader, expr)
		    && leave(reader, expect_sign(reader, ")", "a ) is expected here"));
	case TOKEN_END:
		break;
	}
	return insights_token_unexpected(reader, "the query ends where a value is expected");
}

/* ---- operators ---- */

static bool parse_power(struct insights_reader *reader, struct insights_expr **expr)
{
	struct insights_expr *power;
	size_t from = reader->token.span.from;

	if (!parse_unary(reader, expr))
		return false;
	if (!insights_token_is_sign(reader, "^"))
		return true;
	power = operation(reader, OP_POWER, *expr, from);
	*expr = power;
	if (!enter(reader) || !insights_token_next(reader) || !parse_power(reader, &power))
		return false;
	add_arg(reader, *expr, power);
	return leave(reader, end(reader, *expr));
}

static bool parse_unary(struct insights_reader *reader, struct insights_expr **expr)
{
	size_t from = reader->token.span.from;
	struct insights_expr *inside;

	if (!insights_token_is_sign(reader, "-"))
		return insights_expr_parse_operand(reader, expr);
	if (!enter(reader) || !insights_token_next(reader) || !parse_unary(reader, &inside))
		return false;
	*expr = operation(reader, OP_NEGATE, inside, from);
	return leave(reader, end(reader, *expr));
}

typedef bool parse_level(struct insights_reader *reader, struct insights_expr **expr);

struct sign {
	const char            *sign;
	enum insights_operator operator;
};

/* Operands of `parse` with these between them, from the left. */
static bool parse_chain(struct insights_reader *reader, parse_level *parse, const struct sign *signs, struct insights_expr **expr)
{
	size_t from = reader->token.span.from, length = 0;

	if (!parse(reader, expr))
		return false;
	for (;;) {
		const struct sign *sign = signs;
		while (sign->sign && !insights_token_is_sign(reader, sign->sign) && !insights_token_is(reader, sign->sign))
			sign++;
		if (!sign->sign)
			return true;
		struct insights_expr *right;
		if (++length > INSIGHTS_DEPTH_MAX * 10)
			return insights_token_unexpected(reader, "the expression is too long");
		*expr = operation(reader, sign->operator, *expr, from);
		if (!insights_token_next(reader) || !parse(reader, &right))
			return false;
		add_arg(reader, *expr, right);
		end(reader, *expr);
	}
}

static bool parse_product(struct insights_reader *reader, struct insights_expr **expr)
{
	static const struct sign signs[] = { { "*", OP_MULTIPLY }, { "/", OP_DIVIDE }, { "%", OP_REMAINDER }, { NULL, OP_OR } };

	return parse_chain(reader, parse_power, signs, expr);
}

static bool parse_sum(struct insights_reader *reader, struct insights_expr **expr)
{
	static const struct sign signs[] = { { "+", OP_ADD }, { "-", OP_SUBTRACT }, { NULL, OP_OR } };

	return parse_chain(reader, parse_product, signs, expr);
}

/* Behind like or =~. */
static bool parse_like(struct insights_reader *reader, bool takes_text, struct insights_expr *expr)
{
	struct insights_expr *what;

	if (insights_token_is_sign(reader, "/")) {
		if (!insights_expr_parse_regex(reader, &what))
			return false;
	} else {
		if (!takes_text || reader->token.kind != TOKEN_TEXT)
			return insights_token_unexpected(reader, takes_text ? "a text in quotes or a regular expression is expected here"
			                                                    : "a regular expression as /x/ is expected here");
		if (!insights_expr_parse_operand(reader, &what))
			return false;
	}
	add_arg(reader, expr, what);
	return end(reader, expr);
}

/* Behind in. */
static bool parse_list(struct insights_reader *reader, struct insights_expr *expr)
{
	struct insights_expr *element;

	if (insights_token_is_sign(reader, "("))
		return insights_token_unexpected(reader, "a list stands in [ ]; queries within queries are not supported");
	if (!expect_sign(reader, "[", "a list such as [1, 2] is expected here"))
		return false;
	do {
		if (expr->arg_count > 1 && !insights_token_next(reader))
			return false;
		if (!parse_sum(reader, &element))
			return false;
		add_arg(reader, expr, element);
	} while (insights_token_is_sign(reader, ","));
	return expect_sign(reader, "]", "a comma or ] is expected here") && end(reader, expr);
}

/* like, in, and each with not before it. *is_one: there was one. */
static bool parse_word_operator(struct insights_reader *reader, size_t from, struct insights_expr **expr, bool *is_one)
{
	struct insights_reader before = *reader;
	bool is_not = insights_token_is(reader, "not");

	*is_one = true;
	if (is_not && !insights_token_next(reader))
		return false;
	if (insights_token_is(reader, "like")) {
		*expr = operation(reader, is_not ? OP_NOT_LIKE : OP_LIKE, *expr, from);
		return insights_token_next(reader) && parse_like(reader, true, *expr);
	}
	if (insights_token_is(reader, "in")) {
		*expr = operation(reader, is_not ? OP_NOT_IN : OP_IN, *expr, from);
		return insights_token_next(reader) && parse_list(reader, *expr);
	}
	if (!is_not && insights_token_is_sign(reader, "=~")) {
		*expr = operation(reader, OP_LIKE, *expr, from);
		return insights_token_next(reader) && parse_like(reader, false, *expr);
	}
	if (is_not)
		*reader = before;
	*is_one = false;
	return true;
}

static bool parse_comparison(struct insights_reader *reader, struct insights_expr **expr)
{
	static const struct sign signs[] = {
		{ "=", OP_EQUAL }, { "!=", OP_UNEQUAL }, { "<", OP_LESS }, { "<=", OP_LESS_EQUAL }, { ">", OP_GREATER },
		{ ">=", OP_GREATER_EQUAL }, { NULL, OP_OR },
	};
	size_t from = reader->token.span.from, length = 0;
	bool is_one;

	if (!parse_sum(reader, expr))
		return false;
	do {
		const struct sign *sign = signs;
		if (++length > INSIGHTS_DEPTH_MAX * 10)
			return insights_token_unexpected(reader, "the expression is too long");
		if (!parse_word_operator(reader, from, expr, &is_one))
			return false;
		while (!is_one && sign->sign && !insights_token_is_sign(reader, sign->sign))
			sign++;
		if (!is_one && sign->sign) {
			struct insights_expr *right;
			is_one = true;
			*expr = operation(reader, sign->operator, *expr, from);
			if (!insights_token_next(reader) || !parse_sum(reader, &right))
				return false;
			add_arg(reader, *expr, right);
			end(reader, *expr);
		}
	} while (is_one);
	return true;
}

static bool parse_not(struct insights_reader *reader, struct insights_expr **expr)
{
	size_t from = reader->token.span.from;
	struct insights_expr *inside;

	if (!insights_token_is(reader, "not") && !insights_token_is_sign(reader, "!"))
		return parse_comparison(reader, expr);
	if (!enter(reader) || !insights_token_next(reader) || !parse_not(reader, &inside))
		return false;
	*expr = operation(reader, OP_NOT, inside, from);
	return leave(reader, end(reader, *expr));
}

static bool parse_and(struct insights_reader *reader, struct insights_expr **expr)
{
	static const struct sign signs[] = { { "and", OP_AND }, { NULL, OP_OR } };

	return parse_chain(reader, parse_not, signs, expr);
}

bool insights_expr_parse(struct insights_reader *reader, struct insights_expr **expr)
{
	static const struct sign signs[] = { { "or", OP_OR }, { NULL, OP_OR } };

	return parse_chain(reader, parse_and, signs, expr);
}
