/* auth/policy_versions.h: the documents of managed policies (SQL table `policy_versions`).
 *
 * Numbers are never used again: the policy's row keeps the next one. Which is the default is in that row too. */
#ifndef SPOOR_AUTH_POLICY_VERSIONS_H
#define SPOOR_AUTH_POLICY_VERSIONS_H

#include "auth/page.h"

struct catalog;

struct policy_version {
	int64_t      version;                  /* shown as v1, v2, ... */
	struct slice document;
	int64_t      created_ms;
};

struct policy_version_list { struct policy_version *items; size_t count; };

extern const char policy_versions_table[];

bool policy_versions_insert(struct catalog *catalog, struct slice account, struct slice policy_id,
                            const struct policy_version *version, struct error *err);

/* NULL if there is none, and on failure (then `err`, clean before, is filled). */
const struct policy_version *policy_versions_find(struct catalog *catalog, struct arena *arena, struct slice account,
                                                  struct slice policy_id, int64_t version, struct error *err);

/* All, newest first; there are at most IAM_POLICY_VERSIONS_MAX. */
bool policy_versions_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice policy_id,
                          struct policy_version_list *list, struct error *err);

/* *deleted is false if there was no such version. */
bool policy_versions_delete(struct catalog *catalog, struct slice account, struct slice policy_id, int64_t version,
                            bool *deleted, struct error *err);

/* Over all policies of the account. */
bool policy_versions_count(struct catalog *catalog, struct slice account, int64_t *count, struct error *err);

#endif
