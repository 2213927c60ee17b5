/* auth/entity.c: one row a kind. */
#include "auth/entity.h"

#include "auth/unique_id.h"

static const struct row {
	struct slice        arn_word, word;
	enum unique_id_kind id_kind;
	const char         *absent;             /* how AWS begins to say that nobody has this name */
} rows[] = {
	[ENTITY_USER]   = { S_INIT("user"),   S_INIT("user"),   UNIQUE_ID_USER, "The user with name" },
	[ENTITY_GROUP]  = { S_INIT("group"),  S_INIT("group"),  UNIQUE_ID_GROUP, "The group with name" },
	[ENTITY_ROLE]   = { S_INIT("role"),   S_INIT("role"),   UNIQUE_ID_ROLE, "The role with name" },
	[ENTITY_POLICY] = { S_INIT("policy"), S_INIT("policy"), UNIQUE_ID_POLICY, "The policy with name" },
	[ENTITY_INSTANCE_PROFILE] = { S_INIT("instance-profile"), S_INIT("instance profile"), UNIQUE_ID_INSTANCE_PROFILE,
	                              "Instance Profile" },
};
_Static_assert(COUNT(rows) == ENTITY_KIND_COUNT, "a row for each kind");

struct slice entity_new_id(struct arena *arena, struct random *random, enum entity_kind kind)
{
	return unique_id_make(rows[kind].id_kind, random, arena_alloc(arena, UNIQUE_ID_BYTES));
}

bool entity_kind_of_id(struct slice id, enum entity_kind *kind)
{
	enum unique_id_kind id_kind;

	if (!unique_id_kind_of(id, &id_kind))
		return false;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (rows[i].id_kind == id_kind) {
			*kind = (enum entity_kind)i;
			return true;
		}
	}
	return false;
}

struct slice entity_key(struct arena *arena, struct slice name)
{
	char *key = arena_alloc(arena, name.len);

	for (size_t i = 0; i < name.len; i++)
		key[i] = name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? (char)(name.ptr[i] | 0x20) : name.ptr[i];
	return (struct slice){ key, name.len };
}

struct slice entity_arn(struct arena *arena, enum entity_kind kind, struct slice account, struct slice path,
                        struct slice name)
{
	return arena_format(arena, "arn:aws:iam::%.*s:%.*s%.*s%.*s", SLICE_ARG(account), SLICE_ARG(rows[kind].arn_word),
	                    SLICE_ARG(path.ptr ? path : S("/")), SLICE_ARG(name));
}

bool entity_arn_parse(enum entity_kind kind, struct slice arn, struct entity_arn_parts *parts)
{
	struct slice prefix = S("arn:aws:iam::"), rest, word;
	size_t slash;

	if (!slice_has_prefix(arn, prefix))
		return false;
	rest = slice_cut(slice_from(arn, prefix.len), ':', &parts->account);
	slash = slice_find_byte(rest, '/');
	if (!rest.ptr || slash == SLICE_NPOS)
		return false;
	word = slice_sub(rest, 0, slash);
	rest = slice_from(rest, slash);
	slash = slice_rfind_byte(rest, '/');
	parts->path = slice_sub(rest, 0, slash + 1);
	parts->name = slice_from(rest, slash + 1);
	return slice_equal(word, rows[kind].arn_word) && parts->name.len > 0 && parts->account.len > 0;
}

struct slice entity_arn_word(enum entity_kind kind)
{
	return rows[kind].arn_word;
}

struct slice entity_word(enum entity_kind kind)
{
	return rows[kind].word;
}

bool entity_fail_absent(enum entity_kind kind, struct slice name, struct error *err)
{
	if (err->kind != ERR_NONE)
		return false;
	return fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "%s %.*s cannot be found.", rows[kind].absent, SLICE_ARG(name));
}
