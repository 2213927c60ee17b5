/* auth/condition.c: operators are ANDed, keys are ANDed, values are ORed (of a negated operator: none may match). */
#include "auth/condition.h"

#include "auth/context.h"
#include "codec/json.h"

static bool take_prefix(struct slice *text, struct slice prefix)
{
	if (!slice_has_prefix_nocase(*text, prefix))
		return false;
	*text = slice_from(*text, prefix.len);
	return true;
}

bool condition_parse_operator(struct slice text, struct condition *condition)
{
	const struct slice suffix = S("IfExists");

	condition->scope = take_prefix(&text, S("ForAllValues:")) ? SCOPE_FOR_ALL_VALUES
	                 : take_prefix(&text, S("ForAnyValue:"))  ? SCOPE_FOR_ANY_VALUE
	                                                          : SCOPE_PLAIN;
	condition->if_exists = text.len > suffix.len
	                    && slice_equal_nocase(slice_from(text, text.len - suffix.len), suffix);
	if (condition->if_exists)
		text.len -= suffix.len;
	condition->operator = condition_operator_find(text);
	return condition->operator && !(condition->operator->is_null && condition->if_exists);
}

/* Numbers and booleans stand for their text. */
static bool value_text(const struct json *value, struct slice *text)
{
	switch (value->kind) {
	case JSON_STRING:
	case JSON_NUMBER: *text = value->text; return true;
	case JSON_TRUE:   *text = S("true");   return true;
	case JSON_FALSE:  *text = S("false");  return true;
	default:          return false;
	}
}

static bool compile_values(struct arena *arena, const struct json *member, bool has_variables,
                           struct condition *condition, struct error *err)
{
	const struct json *value = member->kind == JSON_ARRAY ? member->first : member;
	size_t count = member->kind == JSON_ARRAY ? member->count : 1;
	struct condition_value *values = arena_array(arena, count + 1, sizeof *values);
	unsigned flags = condition->operator->text_flags & (has_variables ? ~0u : ~(unsigned)WILDCARD_VARIABLES);

	for (size_t i = 0; i < count; i++, value = value->next) {
		struct slice text;
		if (!value_text(value, &text))
			return fail(err, ERR_INVALID, "A value of condition key %.*s is no text.", SLICE_ARG(member->key));
		values[i].is_readable = condition->operator->read(arena, text, flags, &values[i]);
	}
	condition->values = values;
	condition->value_count = count;
	return true;
}

const struct condition *condition_compile(struct arena *arena, const struct json *block, bool has_variables,
                                          size_t *count, struct error *err)
{
	struct condition *conditions;
	size_t total = 0;

	*count = 0;
	if (block->kind != JSON_OBJECT) {
		fail(err, ERR_INVALID, "Condition is no object.");
		return NULL;
	}
	for (const struct json *op = block->first; op; op = op->next)
		total += op->kind == JSON_OBJECT ? op->count : 0;
	conditions = arena_array(arena, total + 1, sizeof *conditions);
	for (const struct json *op = block->first; op; op = op->next) {
		struct condition common = {0};
		if (op->kind != JSON_OBJECT || !condition_parse_operator(op->key, &common)) {
			fail(err, ERR_INVALID, "%.*s is no condition operator.", SLICE_ARG(op->key));
			return NULL;
		}
		for (const struct json *member = op->first; member; member = member->next) {
			struct condition *condition = &conditions[(*count)++];
			*condition = common;
			condition->key = member->key;
			condition->key_hash = context_hash(member->key);
			if (!compile_values(arena, member, has_variables, condition, err))
				return NULL;
		}
	}
	return conditions;
}

static bool any_matches(const struct condition *condition, struct slice actual, const struct context *context,
                        struct buffer *scratch)
{
	for (size_t i = 0; i < condition->value_count; i++)
		if (condition->values[i].is_readable
		    && condition->operator->matches(&condition->values[i], actual, context, scratch))
			return true;
	return false;
}

static bool is_null_as_asked(const struct condition *condition, bool is_absent)
{
	for (size_t i = 0; i < condition->value_count; i++)
		if (condition->values[i].is_readable && condition->values[i].boolean == is_absent)
			return true;
	return false;
}

static bool holds_when_absent(const struct condition *condition)
{
	if (condition->if_exists)
		return true;
	switch (condition->scope) {
	case SCOPE_FOR_ALL_VALUES: return true;
	case SCOPE_FOR_ANY_VALUE:  return false;
	default:                   return condition->operator->is_negated;
	}
}

bool condition_holds(const struct condition *condition, const struct context *context, struct buffer *scratch)
{
	const struct context_entry *entry = context_find_hashed(context, condition->key, condition->key_hash);
	bool is_absent = !entry || entry->count == 0, is_negated = condition->operator->is_negated;

	if (condition->operator->is_null)
		return is_null_as_asked(condition, is_absent);
	if (is_absent)
		return holds_when_absent(condition);

	/* The first value that settles it does: one that fails for all, one that holds for any; plain, a match. */
	for (size_t i = 0; i < entry->count; i++) {
		bool matches = any_matches(condition, entry->values[i], context, scratch);
		switch (condition->scope) {
		case SCOPE_FOR_ALL_VALUES:
			if (matches == is_negated)
				return false;
			break;
		case SCOPE_FOR_ANY_VALUE:
			if (matches != is_negated)
				return true;
			break;
		default:
			if (matches)
				return !is_negated;
			break;
		}
	}
	return condition->scope == SCOPE_FOR_ALL_VALUES || (condition->scope == SCOPE_PLAIN && is_negated);
}
