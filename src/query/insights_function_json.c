/* query/insights_function_json.c: the functions of objects and arrays. */
#include "query/insights_function.h"

#include "base/limits.h"
#include "query/insights_ast.h"

#define EVAL(name) \
	static struct value name(struct insights_context *context, const struct insights_expr *call, const struct value *args)
#define TEXT(index) value_to_text(&args[index], context->arena)

/* Absent unless the text is an object or array; of a key that comes twice, json_get() decides. */
static struct value parse(struct insights_context *context, struct slice text)
{
	struct json_limits limits = { .depth_max = 64, .nodes_max = INSIGHTS_JSON_VALUES_MAX, .allow_duplicate_keys = true };
	struct error err = { .kind = ERR_NONE };
	const struct json *json = text.ptr ? json_parse(context->arena, text, &limits, &err) : NULL;

	if (text.ptr && !json && err.kind == ERR_LIMIT)
		context->exceeded = "values than the 100,000 that jsonParse() takes, or deeper ones than 64";
	return json && (json->kind == JSON_OBJECT || json->kind == JSON_ARRAY) ? value_of_json(json) : value_none();
}

/* Of an argument that is an array, or the text of one. */
static const struct json *array(struct insights_context *context, const struct value *arg)
{
	struct value value = *arg;

	if (value.kind == VALUE_TEXT)
		value = parse(context, value.text);
	return value.kind == VALUE_JSON && value.json->kind == JSON_ARRAY ? value.json : NULL;
}

EVAL(eval_jsonparse)
{
	(void)call;
	return args[0].kind == VALUE_JSON ? args[0] : parse(context, TEXT(0));
}

EVAL(eval_jsonstringify)
{
	(void)call;
	return args[0].kind == VALUE_JSON ? value_text(TEXT(0)) : value_none();
}

EVAL(eval_jsonarraysize)
{
	const struct json *list = array(context, &args[0]);

	(void)call;
	return list ? value_number(list->count) : value_none();
}

EVAL(eval_jsonarraycontains)
{
	const struct json *list = array(context, &args[0]);

	(void)call;
	for (const struct json *child = list ? list->first : NULL; child; child = child->next) {
		struct value element = value_of_json(child);
		if (value_relates(&element, VALUE_EQUAL, &args[1]))
			return value_bool(true);
	}
	return list ? value_bool(false) : value_none();
}

EVAL(eval_split)
{
	struct slice s = TEXT(0), by = TEXT(1);
	struct json *list = arena_new(context->arena, struct json);
	const struct json **last = &list->first;

	(void)call;
	list->kind = JSON_ARRAY;
	for (size_t at = 0; at != SLICE_NPOS; list->count++) {
		struct json *part = arena_new(context->arena, struct json);
		at = by.len > 0 ? slice_find(s, by) : SLICE_NPOS;
		part->kind = JSON_STRING;
		part->text = at == SLICE_NPOS ? s : slice_sub(s, 0, at);
		s = at == SLICE_NPOS ? s : slice_from(s, at + by.len);
		*last = part;
		last = &part->next;
	}
	return value_of_json(list);
}

const struct insights_function insights_function_json[] = {
	{ "jsonparse",         1, 1, 0, 0, TAKES_JSON, AGGREGATE_NONE, eval_jsonparse },
	{ "jsonstringify",     1, 1, 0, 0, TAKES_JSON, AGGREGATE_NONE, eval_jsonstringify },
	{ "jsonarraysize",     1, 1, 0, 0, TAKES_JSON, AGGREGATE_NONE, eval_jsonarraysize },
	{ "jsonarraycontains", 2, 2, 0, 0, TAKES_JSON, AGGREGATE_NONE, eval_jsonarraycontains },
	{ "split",             2, 2, 0, 0, 0, AGGREGATE_NONE, eval_split },
	{ NULL, 0, 0, 0, 0, 0, AGGREGATE_NONE, NULL },
};
