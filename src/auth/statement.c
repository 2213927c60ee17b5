/* auth/statement.c: one statement: from JSON, and against a resource, a context and a principal. */
#include "auth/statement.h"

#include "codec/json.h"

/* A text or a list of texts is visited alike: `for (v = first_value(m); v; v = next_value(m, v))`. */
static const struct json *first_value(const struct json *member)
{
	return member->kind == JSON_ARRAY ? member->first : member;
}

static const struct json *next_value(const struct json *member, const struct json *value)
{
	return member->kind == JSON_ARRAY ? value->next : NULL;
}

static size_t value_count(const struct json *member)
{
	return member->kind == JSON_ARRAY ? member->count : 1;
}

static const struct json *either(const struct json *json, struct slice name, struct slice negated_name, bool *is_negated)
{
	const struct json *plain = json_get(json, name), *negated = json_get(json, negated_name);

	*is_negated = !plain && negated;
	return plain ? plain : negated;
}

size_t statement_action_count(const struct json *json)
{
	bool is_negated;
	const struct json *actions = either(json, S("Action"), S("NotAction"), &is_negated);

	return actions ? value_count(actions) : 0;
}

static bool compile_actions(struct arena *arena, const struct json *json, uint32_t number,
                            struct action_index *index, struct error *err)
{
	bool is_negated;
	const struct json *actions = either(json, S("Action"), S("NotAction"), &is_negated);

	if (!actions || value_count(actions) == 0)
		return fail(err, ERR_INVALID, "Policy statement must contain actions.");
	for (const struct json *value = first_value(actions); value; value = next_value(actions, value)) {
		if (value->kind != JSON_STRING)
			return fail(err, ERR_INVALID, "An action is no text.");
		action_index_add(index, arena, value->text, number, is_negated);
	}
	return true;
}

/* The colons outside of variables. */
static size_t count_colons(struct slice text)
{
	size_t colons = 0;
	bool in_variable = false;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '$' && i + 1 < text.len && text.ptr[i + 1] == '{')
			in_variable = true;
		else if (text.ptr[i] == '}')
			in_variable = false;
		colons += text.ptr[i] == ':' && !in_variable;
	}
	return colons;
}

/* AWS completes an ARN of fewer than six parts: arn:aws:sns stands for arn:aws:sns:*:*:*. */
static struct slice complete_arn(struct arena *arena, struct slice text)
{
	static const struct slice more = S_INIT(":*:*:*:*:*");
	size_t colons = count_colons(text);

	if (colons >= 5 || !(slice_has_prefix(text, S("arn:")) || slice_equal(text, S("arn"))))
		return text;
	return arena_format(arena, "%.*s%.*s", SLICE_ARG(text), (int)(5 - colons) * 2, more.ptr);
}

static bool compile_resources(struct arena *arena, const struct json *json, bool has_variables,
                              struct statement *statement, struct error *err)
{
	const struct json *resources = either(json, S("Resource"), S("NotResource"), &statement->excludes_resources);
	unsigned flags = has_variables ? WILDCARD_STARS | WILDCARD_VARIABLES : WILDCARD_STARS;

	statement->has_resources = resources != NULL;
	if (!resources)
		return true;
	struct wildcard *wildcards = arena_array(arena, value_count(resources) + 1, sizeof *wildcards);
	for (const struct json *value = first_value(resources); value; value = next_value(resources, value)) {
		if (value->kind != JSON_STRING)
			return fail(err, ERR_INVALID, "A resource is no text.");
		wildcards[statement->resource_count++] = wildcard_compile(arena, complete_arn(arena, value->text), flags);
	}
	statement->resources = wildcards;
	return true;
}

bool statement_compile(struct arena *arena, const struct json *json, bool has_variables, uint32_t number,
                       struct statement *statement, struct action_index *index, struct error *err)
{
	struct slice effect = json_get_text(json, S("Effect"));
	const struct json *condition = json_get(json, S("Condition"));

	*statement = (struct statement){
		.sid = json_get_text(json, S("Sid")),
		.is_deny = slice_equal(effect, S("Deny")),
	};
	if (!statement->is_deny && !slice_equal(effect, S("Allow")))
		return fail(err, ERR_INVALID, "Effect is neither Allow nor Deny.");
	if (!compile_actions(arena, json, number, index, err)
	    || !compile_resources(arena, json, has_variables, statement, err))
		return false;

	const struct json *principal = either(json, S("Principal"), S("NotPrincipal"), &statement->excludes_grantees);
	statement->has_grantees = principal != NULL;
	if (principal && !grantees_compile(arena, principal, &statement->grantees, err))
		return false;
	if (!condition)
		return true;
	statement->conditions = condition_compile(arena, condition, has_variables, &statement->condition_count, err);
	return statement->conditions != NULL;
}

bool statement_covers(const struct statement *statement, struct slice resource, const struct context *context,
                      struct buffer *scratch)
{
	struct slice pattern;

	if (!statement->has_resources)
		return true;
	for (size_t i = 0; i < statement->resource_count; i++)
		if (wildcard_expand(&statement->resources[i], context, resource.len, scratch, &pattern)
		    && wildcard_match(pattern, resource))
			return !statement->excludes_resources;
	return statement->excludes_resources;
}

bool statement_conditions_hold(const struct statement *statement, const struct context *context,
                               struct buffer *scratch)
{
	for (size_t i = 0; i < statement->condition_count; i++)
		if (!condition_holds(&statement->conditions[i], context, scratch))
			return false;
	return true;
}

enum grant statement_grants(const struct statement *statement, const struct principal *principal)
{
	if (!statement->has_grantees)
		return GRANT_NONE;
	if (!statement->excludes_grantees)
		return grantees_match(&statement->grantees, principal);
	if (grantees_exempt(&statement->grantees, principal))
		return GRANT_NONE;

	/* NotPrincipal is everybody else, and counts as everybody does. */
	static const struct grantee everybody = { .kind = GRANTEE_EVERYBODY };
	return grantees_match(&(struct grantees){ &everybody, 1 }, principal);
}
