/* auth/trust_principals.c: point queries a principal; ids are looked for in every account that lives here. */
#include "auth/trust_principals.h"

#include "auth/accounts.h"
#include "auth/entity.h"
#include "auth/policy.h"
#include "auth/policy_validate.h"
#include "auth/roles.h"
#include "auth/users.h"
#include "store/catalog.h"

struct lookup {
	struct catalog *catalog;
	struct arena   *arena;
	struct error    error;
};

enum { ACCOUNT_DIGITS = 12 };

static bool is_account(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return text.len == ACCOUNT_DIGITS;
}

static bool is_local(struct lookup *lookup, struct slice account)
{
	bool exists = false;

	return accounts_exists(lookup->catalog, account, &exists, &lookup->error) && exists;
}

/* The unique id behind the ARN of a user or role; SLICE_NONE if there is no such one. */
static struct slice id_of(struct lookup *lookup, enum entity_kind kind, const struct entity_arn_parts *parts)
{
	if (kind == ENTITY_USER) {
		const struct user *user = users_find(lookup->catalog, lookup->arena, parts->account, parts->name, &lookup->error);

		return user && slice_equal(user->path, parts->path) ? user->user_id : SLICE_NONE;
	}
	const struct role *role = roles_find(lookup->catalog, lookup->arena, parts->account, parts->name, &lookup->error);

	return role && slice_equal(role->path, parts->path) ? role->role_id : SLICE_NONE;
}

/* The ARN of the user or role with a unique id; SLICE_NONE if it is gone, or lives elsewhere. */
static struct slice arn_of(struct lookup *lookup, struct slice id)
{
	struct account_list accounts;
	enum entity_kind kind;

	if (!entity_kind_of_id(id, &kind) || (kind != ENTITY_USER && kind != ENTITY_ROLE)
	    || !accounts_list(lookup->catalog, lookup->arena, &accounts, &lookup->error))
		return SLICE_NONE;
	for (size_t i = 0; i < accounts.count; i++) {
		struct slice account = accounts.items[i].account;

		if (kind == ENTITY_USER) {
			const struct user *user = users_find_by_id(lookup->catalog, lookup->arena, account, id, &lookup->error);
			if (user)
				return entity_arn(lookup->arena, kind, account, user->path, user->name);
		} else {
			const struct role *role = roles_find_by_id(lookup->catalog, lookup->arena, account, id, &lookup->error);
			if (role)
				return entity_arn(lookup->arena, kind, account, role->path, role->name);
		}
	}
	return SLICE_NONE;
}

/* Reads "arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION"; such a principal is kept as it is. */
static bool session_role(struct slice arn, struct slice *account, struct slice *role_name)
{
	struct slice prefix = S("arn:aws:sts::"), rest;

	if (!slice_has_prefix(arn, prefix))
		return false;
	rest = slice_cut(slice_from(arn, prefix.len), ':', account);
	if (!slice_has_prefix(rest, S("assumed-role/")))
		return false;
	rest = slice_cut(slice_from(rest, sizeof "assumed-role/" - 1), '/', role_name);
	return rest.len > 0;
}

static bool principal_exists(void *user, struct slice principal)
{
	struct lookup *lookup = user;
	struct entity_arn_parts parts;
	struct slice account, name;
	enum entity_kind kind;

	if (entity_kind_of_id(principal, &kind))
		return arn_of(lookup, principal).ptr != NULL;
	if (entity_arn_parse(ENTITY_USER, principal, &parts))
		return !is_local(lookup, parts.account) || id_of(lookup, ENTITY_USER, &parts).ptr;
	if (entity_arn_parse(ENTITY_ROLE, principal, &parts))
		return !is_local(lookup, parts.account) || id_of(lookup, ENTITY_ROLE, &parts).ptr;
	if (session_role(principal, &account, &name))
		return !is_local(lookup, account) || roles_find(lookup->catalog, lookup->arena, account, name, &lookup->error);
	return true;                            /* accounts, root, and what is looked up nowhere */
}

static struct slice to_stored(void *user, struct slice principal)
{
	struct lookup *lookup = user;
	struct entity_arn_parts parts;

	if (is_account(principal))
		return arena_format(lookup->arena, "arn:aws:iam::%.*s:root", SLICE_ARG(principal));
	if (entity_arn_parse(ENTITY_USER, principal, &parts))
		return id_of(lookup, ENTITY_USER, &parts);
	if (entity_arn_parse(ENTITY_ROLE, principal, &parts))
		return id_of(lookup, ENTITY_ROLE, &parts);
	return SLICE_NONE;
}

static struct slice to_shown(void *user, struct slice principal)
{
	return arn_of(user, principal);
}

static struct slice finish(struct lookup *lookup, struct slice document, struct error *err)
{
	if (lookup->error.kind != ERR_NONE) {
		*err = lookup->error;
		return SLICE_NONE;
	}
	return document;
}

struct slice trust_principals_store(struct catalog *catalog, struct arena *arena, enum policy_kind kind,
                                    struct slice document, struct error *err)
{
	struct lookup lookup = { .catalog = catalog, .arena = arena };
	const struct policy_rules rules = { .kind = kind, .principal_exists = principal_exists, .user = &lookup };
	bool is_valid = policy_validate(arena, document, &rules, err);

	if (lookup.error.kind != ERR_NONE || !is_valid)
		return finish(&lookup, SLICE_NONE, err);
	document = policy_map_principals(arena, document, to_stored, &lookup, err);
	return finish(&lookup, document, err);
}

struct slice trust_principals_show(struct catalog *catalog, struct arena *arena, struct slice stored,
                                   struct error *err)
{
	struct lookup lookup = { .catalog = catalog, .arena = arena };
	struct slice document;

	if (slice_find(stored, S("AIDA")) == SLICE_NPOS && slice_find(stored, S("AROA")) == SLICE_NPOS)
		return stored;                  /* most documents name services and accounts only */
	document = policy_map_principals(arena, stored, to_shown, &lookup, err);
	return finish(&lookup, document, err);
}
