/* auth/policy_validate.c: the grammar of policies, checked in the order in which AWS complains.
 *
 * IAM folds all grammar into one sentence and is specific about meaning; services with resource policies name the
 * element. So each problem has two texts, and a row for both. */
#include "auth/policy_validate.h"

#include "auth/action_index.h"
#include "auth/condition.h"
#include "auth/grantee.h"
#include "auth/policy.h"
#include "base/limits.h"
#include "codec/json.h"
#include "codec/utf8.h"

enum problem {
	PROBLEM_SYNTAX, PROBLEM_JSON, PROBLEM_FIELD, PROBLEM_VERSION, PROBLEM_OLD_VERSION, PROBLEM_NO_STATEMENT,
	PROBLEM_EFFECT, PROBLEM_SID, PROBLEM_SAME_SID, PROBLEM_NO_ACTION, PROBLEM_NO_VENDOR, PROBLEM_COLONS,
	PROBLEM_VENDOR, PROBLEM_TRUST_ACTION, PROBLEM_NO_RESOURCE, PROBLEM_RESOURCE, PROBLEM_PARTITION,
	PROBLEM_IAM_REGION, PROBLEM_IAM_PATH, PROBLEM_TRUST_RESOURCE, PROBLEM_HAS_PRINCIPAL, PROBLEM_NO_PRINCIPAL,
	PROBLEM_PRINCIPAL, PROBLEM_ALLOW_OTHERS, PROBLEM_OPERATOR, PROBLEM_CONDITION_VENDOR,
	PROBLEM_COUNT
};

#define SYNTAX "Syntax errors in policy."

static const struct { const char *of_iam, *of_resource; } TEXTS[PROBLEM_COUNT] = {
	[PROBLEM_SYNTAX]       = { SYNTAX, "Invalid policy syntax." },
	[PROBLEM_JSON]         = { SYNTAX, "Policies must be valid JSON and the first byte must be '{'" },
	[PROBLEM_FIELD]        = { SYNTAX, "Unknown field %.*s" },
	[PROBLEM_VERSION]      = { SYNTAX, "The policy must contain a valid version string" },
	[PROBLEM_OLD_VERSION]  = { "Policy document must be version 2012-10-17 or greater.", SYNTAX },
	[PROBLEM_NO_STATEMENT] = { SYNTAX, "Missing required field Statement" },
	[PROBLEM_EFFECT]       = { SYNTAX, "Invalid effect: %.*s" },
	[PROBLEM_SID]          = { "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular "
	                           "expression [0-9A-Za-z]*", SYNTAX },
	[PROBLEM_SAME_SID]     = { "Statement IDs (SID) in a single policy must be unique.",
	                           "Statement IDs (SID) in a single policy must be unique." },
	[PROBLEM_NO_ACTION]    = { "Policy statement must contain actions.", "Missing required field Action" },
	[PROBLEM_NO_VENDOR]    = { "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
	                           "Policy has invalid action" },
	[PROBLEM_COLONS]       = { "Actions/Condition can contain only one colon.", "Policy has invalid action" },
	[PROBLEM_VENDOR]       = { "Vendor %.*s is not valid", "Policy has invalid action" },
	[PROBLEM_TRUST_ACTION] = { "AssumeRole policy may only specify STS AssumeRole actions.", SYNTAX },
	[PROBLEM_NO_RESOURCE]  = { "Policy statement must contain resources.", "Missing required field Resource" },
	[PROBLEM_RESOURCE]     = { "Resource %.*s must be in ARN format or \"*\".", "Policy has invalid resource" },
	[PROBLEM_PARTITION]    = { "Partition \"%.*s\" is not valid for resource \"%.*s\".", "Policy has invalid resource" },
	[PROBLEM_IAM_REGION]   = { "IAM resource %.*s cannot contain region information.", "Policy has invalid resource" },
	[PROBLEM_IAM_PATH]     = { "IAM resource path must either be \"*\" or start with user/, federated-user/, role/, "
	                           "group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, "
	                           "saml-provider/, oidc-provider/, report/, access-report/.",
	                           "Policy has invalid resource" },
	[PROBLEM_TRUST_RESOURCE] = { "Has prohibited field %.*s", SYNTAX },
	[PROBLEM_HAS_PRINCIPAL]  = { "Policy document should not specify a principal.", SYNTAX },
	[PROBLEM_NO_PRINCIPAL]   = { "Missing required field Principal", "Missing required field Principal" },
	[PROBLEM_PRINCIPAL]      = { "Invalid principal in policy: \"%.*s\":\"%.*s\"", "Invalid principal in policy" },
	[PROBLEM_ALLOW_OTHERS]   = { "Allow with NotPrincipal is not allowed.", "Allow with NotPrincipal is not allowed." },
	[PROBLEM_OPERATOR]       = { SYNTAX, "Invalid Condition type : %.*s" },
	[PROBLEM_CONDITION_VENDOR] = { "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
	                               "Policy has an invalid condition key" },
};

struct validation {
	struct arena              *scratch;
	const struct policy_rules *rules;
	const struct json         *list;            /* of statements, or the only one */
	struct error              *err;
};

static bool refuse_two(const struct validation *v, enum problem problem, struct slice a, struct slice b)
{
	const char *text = v->rules->kind == POLICY_RESOURCE ? TEXTS[problem].of_resource : TEXTS[problem].of_iam;

	if (v->rules->kind == POLICY_TRUST && problem == PROBLEM_JSON)
		text = "This policy contains invalid Json";
	return fail_as(v->err, ERR_INVALID, "MalformedPolicyDocument", text, SLICE_ARG(a), SLICE_ARG(b));
}

static bool refuse(const struct validation *v, enum problem problem, struct slice which)
{
	return refuse_two(v, problem, which, which);
}

static bool is_one_of(struct slice text, const struct slice *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(text, list[i]))
			return true;
	return false;
}

/* ---- lists of texts ---- */

/* A text or a list of texts: calls `check` for each. */
static bool each_text(const struct validation *v, const struct json *member, const struct json *statement,
                      bool (*check)(const struct validation *, const struct json *statement, struct slice text))
{
	const struct json *value = member->kind == JSON_ARRAY ? member->first : member;

	for (; value; value = member->kind == JSON_ARRAY ? value->next : NULL)
		if (value->kind != JSON_STRING)
			return refuse(v, PROBLEM_SYNTAX, SLICE_NONE);
		else if (!check(v, statement, value->text))
			return false;
	return true;
}

static bool is_empty(const struct json *member)
{
	return !member || (member->kind == JSON_ARRAY && member->count == 0);
}

/* ---- Action ---- */

static bool is_word(struct slice text, const char *more)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
		      || (c != '\0' && strchr(more, c))))
			return false;
	}
	return text.len > 0;
}

static bool is_trust_action(struct arena *scratch, struct slice action)
{
	static const struct slice names[] = {
		S_INIT("sts:assumerole"), S_INIT("sts:assumerolewithsaml"), S_INIT("sts:assumerolewithwebidentity"),
		S_INIT("sts:tagsession"), S_INIT("sts:setsourceidentity"), S_INIT("sts:setcontext"),
	};
	struct action_name name;

	if (!slice_has_prefix_nocase(action, S("sts:")) || !action_name_init(&name, action))
		return false;
	struct wildcard pattern = wildcard_compile(scratch, name.text, WILDCARD_STARS);
	for (size_t i = 0; i < COUNT(names); i++)
		if (wildcard_match(pattern.text, names[i]))
			return true;
	return false;
}

static bool check_action(const struct validation *v, const struct json *statement, struct slice action)
{
	struct slice vendor, name = slice_cut(action, ':', &vendor);

	(void)statement;
	if (v->rules->kind == POLICY_TRUST && !is_trust_action(v->scratch, action))
		return refuse(v, PROBLEM_TRUST_ACTION, action);
	if (slice_equal(action, S("*")))
		return true;
	if (!name.ptr)
		return refuse(v, PROBLEM_NO_VENDOR, action);
	if (slice_find_byte(name, ':') != SLICE_NPOS)
		return refuse(v, PROBLEM_COLONS, action);
	if (!slice_equal(vendor, S("*")) && !is_word(vendor, "-_."))
		return refuse(v, PROBLEM_VENDOR, vendor);
	return is_word(name, "-_.*?") || refuse(v, PROBLEM_SYNTAX, action);
}

/* ---- Resource ---- */

static bool is_open(struct slice part)               /* has a wildcard or a variable: could be anything */
{
	return slice_find_byte(part, '*') != SLICE_NPOS || slice_find_byte(part, '?') != SLICE_NPOS
	    || slice_find_byte(part, '$') != SLICE_NPOS;
}

static bool check_iam_resource(const struct validation *v, struct slice resource, struct slice after_service)
{
	static const struct slice heads[] = {
		S_INIT("user"), S_INIT("federated-user"), S_INIT("role"), S_INIT("group"), S_INIT("instance-profile"),
		S_INIT("mfa"), S_INIT("server-certificate"), S_INIT("policy"), S_INIT("sms-mfa"), S_INIT("saml-provider"),
		S_INIT("oidc-provider"), S_INIT("report"), S_INIT("access-report"),
	};
	struct slice region, account, head, path = slice_cut(slice_cut(after_service, ':', &region), ':', &account);

	if (region.len && !slice_equal(region, S("*")))
		return refuse(v, PROBLEM_IAM_REGION, resource);
	if (!path.ptr || is_open(account))
		return true;
	struct slice name = slice_cut(path, '/', &head);
	return is_open(head) || (name.ptr && is_one_of(head, heads, COUNT(heads)))
	    || refuse(v, PROBLEM_IAM_PATH, resource);
}

static bool check_resource(const struct validation *v, const struct json *statement, struct slice resource)
{
	static const struct slice partitions[] = {
		S_INIT("aws"), S_INIT("aws-cn"), S_INIT("aws-us-gov"), S_INIT("aws-iso"), S_INIT("aws-iso-b"),
		S_INIT("aws-iso-e"), S_INIT("aws-iso-f"), S_INIT("aws-eusc"),
	};
	struct slice partition, service, rest;

	(void)statement;
	if (slice_equal(resource, S("*")))
		return true;
	if (!slice_has_prefix(resource, S("arn:")))
		return refuse(v, PROBLEM_RESOURCE, resource);
	rest = slice_cut(slice_from(resource, 4), ':', &partition);
	if (!is_open(partition) && !is_one_of(partition, partitions, COUNT(partitions)))
		return refuse_two(v, PROBLEM_PARTITION, partition, resource);
	rest = slice_cut(rest, ':', &service);
	return !rest.ptr || !slice_equal(service, S("iam")) || check_iam_resource(v, resource, rest);
}

/* ---- Principal ---- */

static bool is_unique_id(struct slice text)
{
	return (slice_has_prefix(text, S("AIDA")) || slice_has_prefix(text, S("AROA"))) && text.len >= 16 && text.len <= 128
	    && is_word(text, "");
}

/* arn:PARTITION:iam::ACCOUNT:{root,user/...,role/...} or arn:PARTITION:sts::ACCOUNT:{assumed-role/R/S,federated-user/N},
 * without wildcards: a part of a principal cannot be left open, and a group is none. */
static bool is_principal_arn(struct slice arn)
{
	struct slice part, service, account, kind, name;
	struct slice rest = slice_cut(slice_cut(arn, ':', &part), ':', &name);

	rest = slice_cut(rest, ':', &service);
	rest = slice_cut(rest, ':', &name);
	rest = slice_cut(rest, ':', &account);
	if (!rest.ptr || !slice_equal(part, S("arn")) || name.len || !grantee_is_account(account) || is_open(rest))
		return false;
	name = slice_cut(rest, '/', &kind);
	if (slice_equal(service, S("iam")))
		return slice_equal(rest, S("root"))
		    || (name.len > 0 && (slice_equal(kind, S("user")) || slice_equal(kind, S("role"))));
	if (!slice_equal(service, S("sts")) || name.len == 0)
		return false;
	return slice_equal(kind, S("federated-user"))
	    || (slice_equal(kind, S("assumed-role")) && slice_find_byte(name, '/') != SLICE_NPOS);
}

static bool is_service_name(struct slice name)
{
	return is_word(name, "-._")
	    && (slice_has_suffix(name, S(".amazonaws.com")) || slice_has_suffix(name, S(".amazonaws.com.cn"))
	        || slice_has_suffix(name, S(".amazon.com")) || slice_has_suffix(name, S(".aws.internal")));
}

static bool check_principal(const struct validation *v, struct slice type, const struct json *name)
{
	static const struct { struct slice name, shown; } types[] = {
		{ S_INIT("AWS"), S_INIT("AWS") }, { S_INIT("Service"), S_INIT("SERVICE") },
		{ S_INIT("Federated"), S_INIT("FEDERATED") }, { S_INIT("CanonicalUser"), S_INIT("CANONICAL_USER") },
	};
	struct slice text = name->text, shown = type;
	bool is_good = text.len > 0 && slice_find_byte(text, '*') == SLICE_NPOS;

	if (name->kind != JSON_STRING)
		return refuse(v, PROBLEM_SYNTAX, SLICE_NONE);
	for (size_t i = 0; i < COUNT(types); i++)
		if (slice_equal(type, types[i].name))
			shown = types[i].shown;
	if (slice_equal(type, S("AWS"))) {
		if (slice_equal(text, S("*")))
			return true;
		is_good = grantee_is_account(text) || is_unique_id(text) || is_principal_arn(text);
		if (is_good && v->rules->principal_exists)
			is_good = v->rules->principal_exists(v->rules->user, text);
	} else if (slice_equal(type, S("Service"))) {
		is_good = is_service_name(text);
	}
	return is_good || refuse_two(v, PROBLEM_PRINCIPAL, shown, text);
}

static bool check_principals(const struct validation *v, const struct json *principal)
{
	static const struct slice types[] = {
		S_INIT("AWS"), S_INIT("Service"), S_INIT("Federated"), S_INIT("CanonicalUser"),
	};

	if (principal->kind == JSON_STRING && slice_equal(principal->text, S("*")))
		return true;
	if (principal->kind == JSON_STRING)
		return refuse_two(v, PROBLEM_PRINCIPAL, S("AWS"), principal->text);
	if (principal->kind != JSON_OBJECT)
		return refuse(v, PROBLEM_SYNTAX, SLICE_NONE);
	if (principal->count == 0)
		return refuse(v, PROBLEM_NO_PRINCIPAL, SLICE_NONE);
	for (const struct json *member = principal->first; member; member = member->next) {
		const struct json *name = member->kind == JSON_ARRAY ? member->first : member;
		if (!is_one_of(member->key, types, COUNT(types)))
			return refuse(v, PROBLEM_FIELD, member->key);
		if (is_empty(member))
			return refuse(v, PROBLEM_NO_PRINCIPAL, SLICE_NONE);
		for (; name; name = member->kind == JSON_ARRAY ? name->next : NULL)
			if (!check_principal(v, member->key, name))
				return false;
	}
	return true;
}

/* ---- Condition ---- */

static bool check_condition(const struct validation *v, const struct json *block)
{
	struct condition condition;
	size_t count;
	struct error why;

	if (block->kind != JSON_OBJECT)
		return refuse(v, PROBLEM_SYNTAX, SLICE_NONE);
	for (const struct json *op = block->first; op; op = op->next) {
		if (op->kind != JSON_OBJECT)
			return refuse(v, PROBLEM_SYNTAX, SLICE_NONE);
		if (!condition_parse_operator(op->key, &condition))
			return refuse(v, PROBLEM_OPERATOR, op->key);
		for (const struct json *member = op->first; member; member = member->next)
			if (slice_find_byte(member->key, ':') == SLICE_NPOS)
				return refuse(v, PROBLEM_CONDITION_VENDOR, member->key);
	}
	return condition_compile(v->scratch, block, true, &count, &why) || refuse(v, PROBLEM_SYNTAX, SLICE_NONE);
}

/* ---- statements ---- */

static bool has_known_fields(const struct validation *v, const struct json *object, const struct slice *names,
                             size_t count)
{
	for (const struct json *member = object->first; member; member = member->next)
		if (!is_one_of(member->key, names, count))
			return refuse(v, PROBLEM_FIELD, member->key);
	return true;
}

static bool check_sid(const struct validation *v, const struct json *statement)
{
	const struct json *sid = json_get(statement, S("Sid"));

	if (!sid)
		return true;
	if (sid->kind != JSON_STRING)
		return refuse(v, PROBLEM_SYNTAX, SLICE_NONE);
	if (sid->text.len == 0)
		return true;
	if (v->rules->kind != POLICY_RESOURCE && !is_word(sid->text, ""))
		return refuse(v, PROBLEM_SID, sid->text);
	for (const struct json *other = v->list->kind == JSON_ARRAY ? v->list->first : NULL; other && other != statement;
	     other = other->next)
		if (slice_equal(json_get_text(other, S("Sid")), sid->text))
			return refuse(v, PROBLEM_SAME_SID, sid->text);
	return true;
}

static bool check_effect(const struct validation *v, const struct json *statement)
{
	struct slice effect = json_get_text(statement, S("Effect"));

	return slice_equal(effect, S("Allow")) || slice_equal(effect, S("Deny")) || refuse(v, PROBLEM_EFFECT, effect);
}

static bool check_actions(const struct validation *v, const struct json *statement)
{
	const struct json *action = json_get(statement, S("Action")), *others = json_get(statement, S("NotAction"));

	if (action && others)
		return refuse(v, PROBLEM_SYNTAX, SLICE_NONE);
	if (is_empty(action) && is_empty(others))
		return refuse(v, PROBLEM_NO_ACTION, SLICE_NONE);
	return each_text(v, action ? action : others, statement, check_action);
}

static bool check_resources(const struct validation *v, const struct json *statement)
{
	const struct json *resource = json_get(statement, S("Resource")), *others = json_get(statement, S("NotResource"));

	if (v->rules->kind == POLICY_TRUST)
		return true;
	if (resource && others)
		return refuse(v, PROBLEM_SYNTAX, SLICE_NONE);
	if (is_empty(resource) && is_empty(others))
		return refuse(v, PROBLEM_NO_RESOURCE, SLICE_NONE);
	return each_text(v, resource ? resource : others, statement, check_resource);
}

/* Before all that a trust policy must have: what it must not have is what people see who pass the other kind. */
static bool has_no_resource_in_trust(const struct validation *v, const struct json *statement)
{
	if (v->rules->kind != POLICY_TRUST)
		return true;
	if (json_get(statement, S("Resource")))
		return refuse(v, PROBLEM_TRUST_RESOURCE, S("Resource"));
	return !json_get(statement, S("NotResource")) || refuse(v, PROBLEM_TRUST_RESOURCE, S("NotResource"));
}

static bool check_principal_elements(const struct validation *v, const struct json *statement)
{
	const struct json *principal = json_get(statement, S("Principal"));
	const struct json *others = json_get(statement, S("NotPrincipal"));

	if (v->rules->kind == POLICY_IDENTITY || v->rules->kind == POLICY_SESSION)
		return (!principal && !others) || refuse(v, PROBLEM_HAS_PRINCIPAL, SLICE_NONE);
	if (principal && others)
		return refuse(v, PROBLEM_SYNTAX, SLICE_NONE);
	if (!principal && !others)
		return refuse(v, PROBLEM_NO_PRINCIPAL, SLICE_NONE);
	if (others && slice_equal(json_get_text(statement, S("Effect")), S("Allow")))
		return refuse(v, PROBLEM_ALLOW_OTHERS, SLICE_NONE);
	return check_principals(v, principal ? principal : others);
}

static bool check_statement(const struct validation *v, const struct json *statement)
{
	static const struct slice fields[] = {
		S_INIT("Sid"), S_INIT("Effect"), S_INIT("Action"), S_INIT("NotAction"), S_INIT("Resource"),
		S_INIT("NotResource"), S_INIT("Principal"), S_INIT("NotPrincipal"), S_INIT("Condition"),
	};
	const struct json *condition = json_get(statement, S("Condition"));

	if (statement->kind != JSON_OBJECT)
		return refuse(v, PROBLEM_SYNTAX, SLICE_NONE);
	return has_known_fields(v, statement, fields, COUNT(fields)) && check_effect(v, statement)
	    && check_sid(v, statement) && has_no_resource_in_trust(v, statement)
	    && check_principal_elements(v, statement) && check_actions(v, statement)
	    && check_resources(v, statement) && (!condition || check_condition(v, condition));
}

/* ---- documents ---- */

/* U+0009, A, D and U+0020 to U+00FF. */
static bool has_allowed_characters(struct slice document)
{
	uint32_t code_point;

	for (size_t at = 0, bytes; at < document.len; at += bytes) {
		bytes = utf8_decode(slice_from(document, at), &code_point);
		if (bytes == 0 || code_point > 0xFF
		    || (code_point < 0x20 && code_point != '\t' && code_point != '\n' && code_point != '\r'))
			return false;
	}
	return true;
}

static bool check_version(const struct validation *v, const struct json *json)
{
	const struct json *version = json_get(json, S("Version"));
	bool is_new = version && version->kind == JSON_STRING && slice_equal(version->text, S("2012-10-17"));
	bool is_old = !version || (version->kind == JSON_STRING && slice_equal(version->text, S("2008-10-17")));

	if (!is_new && !is_old)
		return refuse(v, PROBLEM_VERSION, SLICE_NONE);
	return is_new || v->rules->kind != POLICY_IDENTITY || refuse(v, PROBLEM_OLD_VERSION, SLICE_NONE);
}

static bool check_document(struct validation *v, const struct json *json)
{
	static const struct slice fields[] = { S_INIT("Version"), S_INIT("Id"), S_INIT("Statement") };
	const struct json *id = json_get(json, S("Id"));

	v->list = json_get(json, S("Statement"));
	if (!has_known_fields(v, json, fields, COUNT(fields)) || !check_version(v, json))
		return false;
	if (id && id->kind != JSON_STRING)
		return refuse(v, PROBLEM_SYNTAX, SLICE_NONE);
	if (is_empty(v->list) || (v->list->kind != JSON_ARRAY && v->list->kind != JSON_OBJECT))
		return refuse(v, PROBLEM_NO_STATEMENT, SLICE_NONE);
	if (v->list->kind == JSON_OBJECT)
		return check_statement(v, v->list);
	for (const struct json *statement = v->list->first; statement; statement = statement->next)
		if (!check_statement(v, statement))
			return false;
	return true;
}

bool policy_validate(struct arena *scratch, struct slice document, const struct policy_rules *rules, struct error *err)
{
	static const struct json_limits limits = { .depth_max = POLICY_DEPTH_MAX, .nodes_max = POLICY_NODES_MAX };
	struct validation v = { .scratch = scratch, .rules = rules, .err = err };
	const struct json *json;

	if (!has_allowed_characters(document))
		return refuse(&v, PROBLEM_JSON, SLICE_NONE);
	json = json_parse(scratch, document, &limits, NULL);
	if (!json || json->kind != JSON_OBJECT)
		return refuse(&v, PROBLEM_JSON, SLICE_NONE);
	return check_document(&v, json) && policy_compile(scratch, document, err) != NULL;
}
