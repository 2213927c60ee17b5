/* services/s3/cors.c: the rules are tried in order; the first that fits answers alone. */
#include "services/s3/cors.h"

#include "services/rest.h"
#include "services/s3/document.h"
#include "services/s3/shapes.h"

/* At most one '*' in a pattern, for any characters. */
static bool matches(struct slice pattern, struct slice text)
{
	size_t star = slice_find_byte(pattern, '*');

	if (star == SLICE_NPOS)
		return slice_equal_nocase(pattern, text);
	struct slice head = slice_sub(pattern, 0, star), tail = slice_from(pattern, star + 1);
	return text.len >= head.len + tail.len && slice_has_prefix_nocase(text, head)
	    && slice_equal_nocase(slice_from(text, text.len - tail.len), tail);
}

static bool any_matches(const struct text_list *patterns, struct slice text)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (matches(patterns->items[i], text))
			return true;
	return false;
}

static bool has_method(const struct s3_cors_rule *rule, struct slice method)
{
	for (size_t i = 0; i < rule->allowed_methods.count; i++)
		if (slice_equal(rule->allowed_methods.items[i], method))
			return true;
	return false;
}

static bool allows_headers(const struct s3_cors_rule *rule, struct slice headers)
{
	for (struct slice rest = headers, name; rest.ptr; ) {
		rest = slice_cut(rest, ',', &name);
		name = slice_trim(name);
		if (name.len && !any_matches(&rule->allowed_headers, name))
			return false;
	}
	return true;
}

static const struct s3_cors_rule *find_rule(const struct s3_cors_configuration *configuration, struct slice origin,
                                            struct slice method, struct slice headers)
{
	for (size_t i = 0; configuration && i < configuration->cors_rules.count; i++) {
		const struct s3_cors_rule *rule = &configuration->cors_rules.items[i];
		if (any_matches(&rule->allowed_origins, origin) && has_method(rule, method) && allows_headers(rule, headers))
			return rule;
	}
	return NULL;
}

static struct slice joined(struct arena *arena, const struct text_list *list)
{
	struct buffer out;

	buffer_init(&out, arena, SIZE_MAX / 2);
	for (size_t i = 0; i < list->count; i++) {
		buffer_add(&out, i ? S(", ") : S(""));
		buffer_add(&out, list->items[i]);
	}
	return buffer_slice(&out);
}

static bool is_for_all(const struct s3_cors_rule *rule)
{
	for (size_t i = 0; i < rule->allowed_origins.count; i++)
		if (slice_equal(rule->allowed_origins.items[i], S("*")))
			return true;
	return false;
}

static void answer(struct call *call, const struct s3_cors_rule *rule, struct slice origin, struct slice headers)
{
	struct rest *rest = call->rest;
	bool is_open = is_for_all(rule);

	rest_add_header(rest, S("Access-Control-Allow-Origin"), is_open ? S("*") : origin);
	if (!is_open)
		rest_add_header(rest, S("Access-Control-Allow-Credentials"), S("true"));
	rest_add_header(rest, S("Access-Control-Allow-Methods"), joined(&call->arena, &rule->allowed_methods));
	if (headers.len)
		rest_add_header(rest, S("Access-Control-Allow-Headers"), headers);
	if (rule->expose_headers.count)
		rest_add_header(rest, S("Access-Control-Expose-Headers"), joined(&call->arena, &rule->expose_headers));
	if (rule->max_age_seconds.is_set)
		rest_add_header(rest, S("Access-Control-Max-Age"), arena_format(&call->arena, "%" PRId64, rule->max_age_seconds.value));
	rest_add_header(rest, S("Vary"), S("Origin, Access-Control-Request-Headers, Access-Control-Request-Method"));
}

bool cors_answer(struct call *call, const struct bucket *bucket, struct error *err)
{
	struct slice origin = rest_header(call->rest, S("Origin"));
	const void *value;

	if (!origin.len || slice_equal(call->rest->method, S("OPTIONS")))
		return true;
	if (!document_get_of(call, bucket, DOCUMENT_CORS, &s3_put_bucket_cors_shape, &value, err))
		return false;
	const struct s3_cors_rule *rule = find_rule(value, origin, call->rest->method, SLICE_NONE);
	if (rule)
		answer(call, rule, origin, SLICE_NONE);
	return true;
}

static bool is_method(struct slice method)
{
	static const struct slice methods[] = { S_INIT("GET"), S_INIT("PUT"), S_INIT("POST"), S_INIT("DELETE"), S_INIT("HEAD") };

	for (size_t i = 0; i < COUNT(methods); i++)
		if (slice_equal(methods[i], method))
			return true;
	return false;
}

bool cors_answer_preflight(struct call *call, const struct bucket *bucket, struct error *err)
{
	struct slice origin = rest_header(call->rest, S("Origin"));
	struct slice method = rest_header(call->rest, S("Access-Control-Request-Method"));
	struct slice headers = rest_header(call->rest, S("Access-Control-Request-Headers"));
	const void *value;

	if (!origin.len)
		return fail_as(err, ERR_INVALID, "BadRequest", "Insufficient information. Origin request header needed.");
	if (!is_method(method))
		return fail_as(err, ERR_INVALID, "BadRequest", "Invalid Access-Control-Request-Method: %.*s",
			method.ptr ? (int)(method.len < 64 ? method.len : 64) : 4, method.ptr ? method.ptr : "null");
	if (!document_get_of(call, bucket, DOCUMENT_CORS, &s3_put_bucket_cors_shape, &value, err))
		return false;
	if (!value)
		return fail_as(err, ERR_INVALID, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.");
	const struct s3_cors_rule *rule = find_rule(value, origin, method, headers);
	if (!rule)
		return fail_as(err, ERR_INVALID, "AccessForbidden", "CORSResponse: This CORS request is not allowed. No rule of the bucket "
			"allows this origin, method and these headers together.");
	answer(call, rule, origin, headers);
	return true;
}
