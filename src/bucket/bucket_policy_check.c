/* bucket/bucket_policy_check.c: the grammar is that of all resource policies; what S3 adds is that every statement must be
 * able to mean something about this very bucket. */
#include "bucket/bucket_policy_check.h"

#include "auth/policy.h"
#include "auth/trust_principals.h"
#include "base/limits.h"
#include "bucket/actions.h"
#include "bucket/bucket_policy_public.h"
#include "bucket/buckets.h"
#include "codec/json.h"

struct check {
	const struct bucket *bucket;
	struct error        *err;
};

static bool refuse(const struct check *check, const char *text)
{
	return fail_as(check->err, ERR_INVALID, "MalformedPolicy", "%s", text);
}

/* The items of a value that is one text or a list of them. */
static const struct json *first_of(const struct json *value)
{
	return value && value->kind == JSON_ARRAY ? value->first : value;
}

static const struct json *next_of(const struct json *value, const struct json *item)
{
	return value->kind == JSON_ARRAY ? item->next : NULL;
}

/* What a resource is: this bucket, objects in it, or both; 0: it is not about this bucket. */
static unsigned resource_about(const struct check *check, struct slice resource)
{
	struct slice prefix = S("arn:aws:s3:::"), rest;

	if (!slice_has_prefix(resource, prefix) || !slice_has_prefix(slice_from(resource, prefix.len), check->bucket->name))
		return 0;
	rest = slice_from(resource, prefix.len + check->bucket->name.len);
	if (rest.len == 0)
		return ABOUT_BUCKET;
	if (rest.ptr[0] == '*')
		return ABOUT_BUCKET | ABOUT_OBJECT;
	return rest.ptr[0] == '/' && rest.len > 1 ? ABOUT_OBJECT : 0;
}

static bool check_resources(const struct check *check, const struct json *value, unsigned *about)
{
	*about = 0;
	for (const struct json *item = first_of(value); item; item = next_of(value, item)) {
		unsigned one = resource_about(check, item->text);
		if (!one)
			return refuse(check, "Policy has invalid resource");
		*about |= one;
	}
	return true;
}

/* Each action must have a resource that it can be about. */
static bool check_actions(const struct check *check, const struct json *value, unsigned resources, unsigned *about)
{
	*about = 0;
	for (const struct json *item = first_of(value); item; item = next_of(value, item)) {
		unsigned one = actions_about(item->text);
		if (!one)
			return refuse(check, "Policy has invalid action");
		*about |= one;
	}
	for (const struct json *item = first_of(value); item; item = next_of(value, item))
		if (!(actions_about(item->text) & resources))
			return refuse(check, "Action does not apply to any resource(s) in statement");
	return true;
}

static bool check_conditions(const struct check *check, const struct json *block, unsigned actions)
{
	unsigned about;

	for (const struct json *op = block ? block->first : NULL; op; op = op->next)
		for (const struct json *key = op->first; key; key = key->next) {
			if (!actions_key(key->key, &about))
				return refuse(check, "Policy has an invalid condition key");
			if (about && !(about & actions))
				return refuse(check, "Conditions do not apply to combination of actions and resources in statement");
		}
	return true;
}

/* NotAction and NotResource can be about anything that is left; only what they name is checked. */
static bool check_statement(const struct check *check, const struct json *statement)
{
	const unsigned anything = ABOUT_BUCKET | ABOUT_OBJECT | ABOUT_LIST;
	const struct json *resource = json_get(statement, S("Resource")), *others = json_get(statement, S("NotResource"));
	const struct json *action = json_get(statement, S("Action")), *rest = json_get(statement, S("NotAction"));
	unsigned resources, actions;

	if (!check_resources(check, resource ? resource : others, &resources))
		return false;
	if (!check_actions(check, action ? action : rest, resource && action ? resources : anything, &actions))
		return false;
	return check_conditions(check, json_get(statement, S("Condition")), action ? actions : anything);
}

static bool check_statements(const struct check *check, struct arena *arena, struct slice document)
{
	static const struct json_limits limits = { .depth_max = POLICY_DEPTH_MAX, .nodes_max = POLICY_NODES_MAX };
	const struct json *json = json_parse(arena, document, &limits, check->err);
	const struct json *list = json ? json_get(json, S("Statement")) : NULL;

	if (!list)
		return false;
	for (const struct json *item = first_of(list); item; item = next_of(list, item))
		if (!check_statement(check, item))
			return false;
	return true;
}

struct slice bucket_policy_check(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                 struct slice document, bool *is_public, struct error *err)
{
	const struct check check = { bucket, err };
	const struct policy *policy;
	struct slice stored;

	if (document.len > S3_POLICY_BYTES_MAX) {
		refuse(&check, "The policy exceeds the maximum allowed document size.");
		return SLICE_NONE;
	}
	stored = trust_principals_store(catalog, arena, POLICY_RESOURCE, document, err);
	if (!stored.ptr) {
		if (err->kind == ERR_INVALID)
			err->name = "MalformedPolicy";
		return SLICE_NONE;
	}
	policy = check_statements(&check, arena, document) ? policy_compile(arena, stored, err) : NULL;
	if (!policy)
		return SLICE_NONE;
	*is_public = bucket_policy_public(policy);
	return stored;
}
