/* auth/policy.c: a document as a whole: compiled, asked about its statements, and rewritten. */
#include "auth/policy.h"

#include "auth/statement.h"
#include "base/limits.h"
#include "codec/json.h"

static const struct json_limits LIMITS = { .depth_max = POLICY_DEPTH_MAX, .nodes_max = POLICY_NODES_MAX };

static bool malformed(struct error *err, const char *why)
{
	return fail_as(err, ERR_INVALID, "MalformedPolicyDocument", "Syntax errors in policy. (%s)", why);
}

/* Where the text that `json` was read from begins and ends, in the document. */
static size_t offset_of(struct slice document, const struct json *json)
{
	return (size_t)(json->text.ptr - document.ptr);
}

/* As AWS's simulator prints it, which shows where its JSON reader stood: a lone statement begins behind its brace, one
 * of a list behind what came before it, the bracket or the statement before; each ends behind its own brace. */
static void note_place(struct slice document, const struct json *list, const struct json *json, size_t previous_end,
                       struct statement *statement)
{
	size_t start = offset_of(document, json);

	statement->end = start + json->text.len;
	statement->start = list == json ? start + 1 : json == list->first ? offset_of(document, list) + 1 : previous_end;
}

static bool compile_statements(struct arena *arena, struct policy *policy, const struct json *list, struct error *err)
{
	const struct json *json = list->kind == JSON_ARRAY ? list->first : list;
	size_t count = list->kind == JSON_ARRAY ? list->count : 1, actions = 0, i = 0;
	struct statement *statements;

	if (count > POLICY_STATEMENTS_MAX)
		return fail(err, ERR_LIMIT, "A policy has at most %d statements.", POLICY_STATEMENTS_MAX);
	for (const struct json *each = json; each; each = list == each ? NULL : each->next)
		actions += statement_action_count(each);
	statements = arena_array(arena, count + 1, sizeof *statements);
	policy->denies = arena_array(arena, count / 64 + 1, sizeof *policy->denies);
	action_index_init(&policy->actions, arena, actions);

	for (; i < count; i++, json = json->next) {
		struct error why;
		if (json->kind != JSON_OBJECT)
			return malformed(err, "a statement is no object");
		if (!statement_compile(arena, json, policy->has_variables, (uint32_t)i, &statements[i], &policy->actions, &why))
			return malformed(err, why.message);
		note_place(policy->document, list, json, i ? statements[i - 1].end : 0, &statements[i]);
		if (statements[i].is_deny)
			policy->denies[i / 64] |= UINT64_C(1) << (i % 64);
	}
	action_index_seal(&policy->actions);
	policy->statements = statements;
	policy->statement_count = count;
	return true;
}

const struct policy *policy_compile(struct arena *arena, struct slice document, struct error *err)
{
	struct policy *policy = arena_new(arena, struct policy);
	struct error why;

	policy->document = arena_copy(arena, document);
	policy->json = json_parse(arena, policy->document, &LIMITS, &why);
	const struct json *list = json_get(policy->json, S("Statement"));
	if (!list) {
		malformed(err, policy->json ? "there is no Statement" : why.message);
		return NULL;
	}
	policy->has_variables = slice_equal(json_get_text(policy->json, S("Version")), S("2012-10-17"));
	if (!compile_statements(arena, policy, list, err) || !arena_check(arena, err))
		return NULL;
	return policy;
}

struct slice policy_document(const struct policy *policy)
{
	return policy->document;
}

size_t policy_statement_count(const struct policy *policy)
{
	return policy->statement_count;
}

struct slice policy_statement_sid(const struct policy *policy, size_t statement)
{
	return policy->statements[statement].sid;
}

static struct policy_position position(struct slice document, size_t offset)
{
	struct policy_position position = { 1, 1 };

	for (size_t i = 0; i < offset; i++) {
		bool is_new_line = document.ptr[i] == '\n';
		position.line += is_new_line;
		position.column = is_new_line ? 1 : position.column + 1;
	}
	return position;
}

struct policy_span policy_statement_span(const struct policy *policy, size_t statement)
{
	const struct statement *s = &policy->statements[statement];

	return (struct policy_span){ position(policy->document, s->start), position(policy->document, s->end) };
}

/* ---- context keys ---- */

struct key_list {
	struct slice *keys;
	size_t        count, room;
};

static void add_key(struct key_list *list, struct slice key)
{
	for (size_t i = 0; i < list->count && i < list->room; i++)
		if (slice_equal_nocase(list->keys[i], key))
			return;
	if (list->count < list->room)
		list->keys[list->count] = key;
	list->count++;
}

static void add_variables(struct key_list *list, const struct wildcard *wildcard)
{
	for (size_t i = 0; i < wildcard->part_count; i++)
		if (wildcard->parts[i].key.ptr)
			add_key(list, wildcard->parts[i].key);
}

size_t policy_context_keys(const struct policy *policy, struct slice *keys, size_t room)
{
	struct key_list list = { keys, 0, room };

	for (size_t i = 0; i < policy->statement_count; i++) {
		const struct statement *statement = &policy->statements[i];
		for (size_t k = 0; k < statement->resource_count; k++)
			add_variables(&list, &statement->resources[k]);
		for (size_t k = 0; k < statement->condition_count; k++) {
			const struct condition *condition = &statement->conditions[k];
			add_key(&list, condition->key);
			if (condition->operator->text_flags)
				for (size_t v = 0; v < condition->value_count; v++)
					add_variables(&list, &condition->values[v].text);
		}
	}
	return list.count;
}

/* ---- principals ---- */

struct rewriting {
	struct arena *arena;
	struct slice  document;
	struct buffer out;
	size_t        copied;                   /* bytes of the document already in `out` */
	struct slice  (*map)(void *user, struct slice principal);
	void         *user;
};

static struct slice mapped_name(const struct rewriting *r, const struct json *name)
{
	struct slice mapped = name->kind == JSON_STRING ? r->map(r->user, name->text) : SLICE_NONE;

	return mapped.ptr ? mapped : name->text;
}

static void write_names(struct rewriting *r, struct json_writer *writer, const struct json *names)
{
	if (names->kind != JSON_ARRAY) {
		json_string(writer, mapped_name(r, names));
		return;
	}
	json_array_begin(writer);
	for (const struct json *name = names->first; name; name = name->next)
		json_string(writer, mapped_name(r, name));
	json_array_end(writer);
}

/* The whole element is written anew, because a name with escapes has no literal to be found in the document. */
static void rewrite_principal(struct rewriting *r, const struct json *principal)
{
	size_t start = offset_of(r->document, principal);
	struct json_writer writer;

	buffer_add(&r->out, slice_sub(r->document, r->copied, start - r->copied));
	json_writer_init(&writer, &r->out);
	json_object_begin(&writer);
	for (const struct json *member = principal->first; member; member = member->next) {
		json_key(&writer, member->key);
		if (slice_equal(member->key, S("AWS")))
			write_names(r, &writer, member);
		else
			json_value(&writer, member);
	}
	json_object_end(&writer);
	r->copied = start + principal->text.len;
}

struct slice policy_map_principals(struct arena *arena, struct slice document,
                                   struct slice (*map)(void *user, struct slice principal), void *user,
                                   struct error *err)
{
	struct rewriting r = { .arena = arena, .document = document, .map = map, .user = user };
	const struct json *json = json_parse(arena, document, &LIMITS, err);
	const struct json *list = json_get(json, S("Statement"));

	if (!json)
		return SLICE_NONE;
	buffer_init(&r.out, arena, document.len * 4 + 4096);
	const struct json *statement = list && list->kind == JSON_ARRAY ? list->first : list;
	for (; statement; statement = list == statement ? NULL : statement->next)
		for (const struct json *member = statement->kind == JSON_OBJECT ? statement->first : NULL; member;
		     member = member->next)
			if (member->kind == JSON_OBJECT
			    && (slice_equal(member->key, S("Principal")) || slice_equal(member->key, S("NotPrincipal"))))
				rewrite_principal(&r, member);
	buffer_add(&r.out, slice_from(document, r.copied));
	return buffer_check(&r.out, err) ? buffer_slice(&r.out) : SLICE_NONE;
}
