/* auth/principals_load.c: point queries by key, entity and policy; each document is compiled once a front. */
#include "auth/principals_load.h"

#include "auth/access_keys.h"
#include "auth/account_aliases.h"
#include "auth/accounts.h"
#include "auth/managed_policies.h"
#include "auth/policy_cache.h"
#include "auth/session.h"
#include "base/limits.h"
#include "store/catalog.h"

enum { POLICIES_MAX = 512, TAGS_MAX = 128 };

/* ---- policies ---- */

struct policy_list {
	const struct policy *items[POLICIES_MAX];
	size_t               count;
};

static bool add_document(struct principals_source *source, struct policy_list *list, struct slice document,
                         struct error *err)
{
	if (list->count == POLICIES_MAX)
		return fail(err, ERR_LIMIT, "more than %d policies bind one principal", POLICIES_MAX);
	const struct policy *policy = policy_cache_take(source->policies, document, err);
	if (!policy)
		return false;
	list->items[list->count++] = policy;
	return true;
}

static bool add_documents(struct principals_source *source, struct policy_list *list, struct rows rows)
{
	struct error *err = rows.err;
	bool ok = true;

	while (ok && rows_next(&rows))
		ok = add_document(source, list, rows_text(&rows, 0, source->arena), err);
	return rows_close(&rows) && ok;
}

/* Document of a managed policy; SLICE_NONE if it is gone. */
static bool managed_document(struct principals_source *source, struct slice account, struct slice arn,
                             struct slice *document, struct error *err)
{
	const struct aws_policy *builtin = managed_policies_find(arn);

	*document = builtin ? builtin->document : SLICE_NONE;
	if (builtin)
		return true;
	struct rows rows = catalog_query(source->reader, err,
		"SELECT v.document FROM policies p JOIN policy_versions v ON v.account = p.account AND v.policy_id = p.policy_id "
		"AND v.version = p.default_version WHERE p.account = ? AND p.arn = ?", "tt", account, arn);
	if (rows_next(&rows))
		*document = rows_text(&rows, 0, source->arena);
	return rows_close(&rows);
}

static bool add_attached(struct principals_source *source, struct policy_list *list, struct slice account,
                         struct rows rows)
{
	struct error *err = rows.err;
	bool ok = true;

	while (ok && rows_next(&rows)) {
		struct slice document;
		ok = managed_document(source, account, rows_text(&rows, 0, source->arena), &document, err)
		  && (!document.ptr || add_document(source, list, document, err));
	}
	return rows_close(&rows) && ok;
}

static bool add_identity_policies(struct principals_source *source, struct policy_list *list, struct slice account,
                                  struct slice entity_id, bool is_user, struct error *err)
{
	struct catalog *reader = source->reader;

	if (!add_documents(source, list, catalog_query(reader, err,
			"SELECT document FROM inline_policies WHERE account = ? AND entity_id = ?", "tt", account, entity_id))
	    || !add_attached(source, list, account, catalog_query(reader, err,
			"SELECT policy_arn FROM attachments WHERE account = ? AND entity_id = ?", "tt", account, entity_id)))
		return false;
	return !is_user
	    || (add_documents(source, list, catalog_query(reader, err,
			"SELECT p.document FROM group_members m JOIN inline_policies p ON p.account = m.account "
			"AND p.entity_id = m.group_id WHERE m.account = ? AND m.user_id = ?", "tt", account, entity_id))
	        && add_attached(source, list, account, catalog_query(reader, err,
			"SELECT a.policy_arn FROM group_members m JOIN attachments a ON a.account = m.account "
			"AND a.entity_id = m.group_id WHERE m.account = ? AND m.user_id = ?", "tt", account, entity_id)));
}

static const struct policy *const *list_copy(struct arena *arena, const struct policy_list *list)
{
	const struct policy **copy = arena_array(arena, list->count ? list->count : 1, sizeof *copy);

	if (list->count)
		memcpy(copy, list->items, list->count * sizeof *copy);
	return copy;
}

static bool load_boundary(struct principals_source *source, struct slice account, struct slice arn,
                          struct principal *principal, struct error *err)
{
	struct slice document;

	if (!arn.ptr)
		return true;
	principal->has_boundary = true;
	if (!managed_document(source, account, arn, &document, err))
		return false;
	if (document.ptr)                                /* a boundary that is gone allows nothing */
		principal->boundary = policy_cache_take(source->policies, document, err);
	return !document.ptr || principal->boundary;
}

static bool load_tags(struct principals_source *source, struct slice account, struct slice entity_id,
                      struct principal *principal, struct error *err)
{
	struct principal_tag *tags = arena_array(source->arena, TAGS_MAX, sizeof *tags);
	struct rows rows = catalog_query(source->reader, err,
		"SELECT key, value FROM entity_tags WHERE account = ? AND entity_id = ? ORDER BY key_fold", "tt", account,
		entity_id);

	principal->tags = tags;
	while (principal->tag_count < TAGS_MAX / 2 && rows_next(&rows)) {
		tags[principal->tag_count].key = rows_text(&rows, 0, source->arena);
		tags[principal->tag_count++].value = rows_text(&rows, 1, source->arena);
	}
	return rows_close(&rows);
}

bool principals_load_policies(struct principals_source *source, struct slice account, struct slice entity_id,
                              bool is_user, struct slice boundary_arn, struct principal *principal, struct error *err)
{
	struct policy_list list = {0};
	bool ok = add_identity_policies(source, &list, account, entity_id, is_user, err);

	/* Listed even after a failure, so that what was taken is given back with the principal. */
	principal->identity_policies = list_copy(source->arena, &list);
	principal->identity_policy_count = list.count;
	return ok && load_boundary(source, account, boundary_arn, principal, err)
	    && load_tags(source, account, entity_id, principal, err);
}

static void release_all(struct policy_cache *policies, const struct policy *const *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		policy_cache_release(policies, items[i]);
}

void principals_load_release(struct policy_cache *policies, struct principal *principal)
{
	release_all(policies, principal->identity_policies, principal->identity_policy_count);
	release_all(policies, principal->session_policies, principal->session_policy_count);
	if (principal->boundary)
		policy_cache_release(policies, principal->boundary);
	principal->identity_policy_count = principal->session_policy_count = 0;
	principal->boundary = NULL;
}

/* ---- users and root ---- */

static bool fill_root(struct principals_source *source, struct slice account, struct principal *principal,
                      struct error *err)
{
	principal->type = PRINCIPAL_ROOT;
	principal->account = account;
	principal->unique_id = account;
	principal->arn = arena_format(source->arena, "arn:aws:iam::%.*s:root", SLICE_ARG(account));
	return account_aliases_get(source->reader, source->arena, account, &principal->name, err);
}

/* `*is_there` is false if there is no such user any more. */
static bool fill_user(struct principals_source *source, struct slice account, struct slice user_id,
                      struct principal *principal, bool *is_there, struct error *err)
{
	struct slice path = SLICE_NONE, boundary_arn = SLICE_NONE;
	struct rows rows = catalog_query(source->reader, err,
		"SELECT name, path, boundary_arn FROM users WHERE account = ? AND user_id = ?", "tt", account, user_id);

	*is_there = rows_next(&rows);
	if (*is_there) {
		principal->type = PRINCIPAL_USER;
		principal->account = account;
		principal->unique_id = user_id;
		principal->name = rows_text(&rows, 0, source->arena);
		path = rows_text(&rows, 1, source->arena);
		boundary_arn = rows_text(&rows, 2, source->arena);
		principal->arn = arena_format(source->arena, "arn:aws:iam::%.*s:user%.*s%.*s", SLICE_ARG(account),
		                              SLICE_ARG(path), SLICE_ARG(principal->name));
	}
	return rows_close(&rows)
	    && (!*is_there || principals_load_policies(source, account, user_id, true, boundary_arn, principal, err));
}

enum principals_found principals_load_long_term(struct principals_source *source, struct slice access_key_id,
                                                struct credential *credential, struct error *err)
{
	struct principal *principal = &credential->principal;
	bool is_there = false;
	const struct access_key *key = access_keys_find(source->reader, source->arena, access_key_id, err);

	if (!key || !key->is_active)
		return err->kind ? PRINCIPALS_FAILED : PRINCIPALS_UNKNOWN;
	credential->secret = access_keys_secret(key, source->keyring, source->arena, err);
	if (!credential->secret.ptr)
		return PRINCIPALS_FAILED;
	principal->access_key_id = access_key_id;
	if (slice_equal(key->owner_id, key->account))
		return fill_root(source, key->account, principal, err) ? PRINCIPALS_FOUND : PRINCIPALS_FAILED;
	if (!fill_user(source, key->account, key->owner_id, principal, &is_there, err))
		return PRINCIPALS_FAILED;
	return is_there ? PRINCIPALS_FOUND : PRINCIPALS_UNKNOWN;
}

/* ---- sessions ---- */

static bool fill_role(struct principals_source *source, const struct session *session, struct principal *principal,
                      bool *is_there, struct error *err)
{
	struct slice boundary_arn = SLICE_NONE;
	struct rows rows = catalog_query(source->reader, err,
		"SELECT boundary_arn FROM roles WHERE account = ? AND role_id = ?", "tt", session->account, session->issuer_id);

	*is_there = rows_next(&rows);
	if (*is_there)
		boundary_arn = rows_text(&rows, 0, source->arena);
	if (!rows_close(&rows))
		return false;
	principal->type = PRINCIPAL_ROLE_SESSION;
	principal->account = session->account;
	principal->name = session->name;
	principal->unique_id = arena_format(source->arena, "%.*s:%.*s", SLICE_ARG(session->issuer_id),
	                                    SLICE_ARG(session->name));
	principal->arn = arena_format(source->arena, "arn:aws:sts::%.*s:assumed-role/%.*s/%.*s",
	                              SLICE_ARG(session->account), SLICE_ARG(session->issuer_name), SLICE_ARG(session->name));
	return !*is_there || principals_load_policies(source, session->account, session->issuer_id, false, boundary_arn,
	                                              principal, err);
}

/* A root has no id that would tell it from the root of an account of the same number in a world before a reset. */
static bool fill_session_root(struct principals_source *source, const struct session *session, struct principal *principal,
                              bool *is_there, struct error *err)
{
	int64_t created_ms;

	if (!fill_root(source, session->account, principal, err) || !accounts_created(source->reader, session->account, &created_ms, err))
		return false;
	*is_there = created_ms >= 0 && created_ms <= session->issued_ms;
	return true;
}

/* The user or root behind the session, which is then narrowed to a federated one where it is that. */
static bool fill_behind(struct principals_source *source, const struct session *session, struct principal *principal,
                        bool *is_there, struct error *err)
{
	bool is_root = slice_equal(session->issuer_id, session->account);

	if (is_root ? !fill_session_root(source, session, principal, is_there, err)
	            : !fill_user(source, session->account, session->issuer_id, principal, is_there, err))
		return false;
	if (session->kind != SESSION_FEDERATED)
		return true;
	principal->type = PRINCIPAL_FEDERATED;
	principal->name = session->name;
	principal->unique_id = arena_format(source->arena, "%.*s:%.*s", SLICE_ARG(session->account), SLICE_ARG(session->name));
	principal->arn = arena_format(source->arena, "arn:aws:sts::%.*s:federated-user/%.*s", SLICE_ARG(session->account),
	                              SLICE_ARG(session->name));
	principal->has_session_policies = true;          /* without any it may do nothing */
	return true;
}

static bool load_session_policies(struct principals_source *source, const struct session *session,
                                  struct principal *principal, struct error *err)
{
	struct policy_list list = {0};
	bool ok = !session->policy.ptr || add_document(source, &list, session->policy, err);

	for (size_t i = 0; ok && i < session->policy_arn_count; i++) {
		struct slice document;
		ok = managed_document(source, session->account, session->policy_arns[i], &document, err)
		  && (!document.ptr || add_document(source, &list, document, err));
	}
	principal->session_policies = list_copy(source->arena, &list);
	principal->session_policy_count = list.count;
	principal->has_session_policies |= session->policy.ptr || session->policy_arn_count;
	return ok;
}

/* A session tag hides the entity's tag of the same key, ignoring case. */
static void overlay_tags(struct arena *arena, const struct session *session, struct principal *principal)
{
	struct principal_tag *tags = arena_array(arena, TAGS_MAX, sizeof *tags);
	size_t count = 0;

	for (size_t i = 0; i < session->tag_count && count < TAGS_MAX / 2; i++)
		tags[count++] = session->tags[i];
	for (size_t i = 0; i < principal->tag_count && count < TAGS_MAX; i++) {
		bool is_hidden = false;
		for (size_t k = 0; k < session->tag_count; k++)
			is_hidden |= slice_equal_nocase(session->tags[k].key, principal->tags[i].key);
		if (!is_hidden)
			tags[count++] = principal->tags[i];
	}
	principal->tags = tags;
	principal->tag_count = count;
}

static void fill_session_facts(struct principals_source *source, const struct session *session,
                               struct principal *principal)
{
	principal->access_key_id = session->access_key_id;
	principal->is_temporary = true;
	principal->issued_ms = session->issued_ms;
	principal->expires_ms = session->expires_ms;
	principal->has_mfa = session->has_mfa;
	principal->mfa_ms = session->mfa_ms;
	principal->source_identity = session->source_identity;
	principal->issuer_arn = session->issuer_arn;
	principal->issuer_id = session->issuer_id;
	principal->issuer_name = session->issuer_name;
	principal->transitive_tag_keys = session->transitive_tag_keys;
	principal->transitive_tag_key_count = session->transitive_tag_key_count;
	if (session->tag_count)
		overlay_tags(source->arena, session, principal);
}

enum principals_found principals_load_session(struct principals_source *source, struct slice access_key_id,
                                              struct slice token, int64_t now_ms, struct credential *credential,
                                              struct error *err)
{
	struct principal *principal = &credential->principal;
	char *secret = arena_alloc(source->arena, SESSION_SECRET_BYTES);
	struct session session;
	bool is_there = false;

	switch (session_open(source->keyring, token, access_key_id, now_ms, source->arena, &session)) {
	case SESSION_GOOD:
		break;
	case SESSION_EXPIRED:
		return PRINCIPALS_EXPIRED;
	case SESSION_GARBLED:
	case SESSION_UNKNOWN_KEY:
	case SESSION_OTHER_KEY_ID:
		return PRINCIPALS_BAD_TOKEN;
	}
	if (session.issued_ms > now_ms + SESSION_AHEAD_MS_MAX)
		return PRINCIPALS_BAD_TOKEN;             /* of a lab whose clock led, before a reset set it back */
	bool ok = session.kind == SESSION_ROLE ? fill_role(source, &session, principal, &is_there, err)
	                                       : fill_behind(source, &session, principal, &is_there, err);
	if (!ok)
		return PRINCIPALS_FAILED;
	if (!is_there)
		return PRINCIPALS_UNKNOWN;
	if (!load_session_policies(source, &session, principal, err))
		return PRINCIPALS_FAILED;
	fill_session_facts(source, &session, principal);
	credential->secret = session_secret(source->keyring, &session, secret);
	return PRINCIPALS_FOUND;
}
