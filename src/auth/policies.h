/* auth/policies.h: an account's own managed policies (SQL table `policies`); their documents are in policy_versions.
 * AWS's own are in auth/managed_policies.h. */
#ifndef SPOOR_AUTH_POLICIES_H
#define SPOOR_AUTH_POLICIES_H

#include "auth/page.h"

struct catalog;

struct managed_policy {
	struct slice name, path;
	struct slice policy_id;                /* ANPA... */
	struct slice arn;
	struct slice description;              /* SLICE_NONE: none */
	int64_t      created_ms, updated_ms;
	int64_t      default_version, next_version;
};

struct policy_list { struct managed_policy *items; size_t count; bool is_truncated; };

extern const char policies_table[];

/* Errors: ERR_CONFLICT "EntityAlreadyExists", "LimitExceeded". */
bool policies_insert(struct catalog *catalog, struct slice account, const struct managed_policy *policy,
                     struct error *err);

/* NULL if there is none, and on failure (then `err`, clean before, is filled). ARNs are compared exactly. */
const struct managed_policy *policies_find(struct catalog *catalog, struct arena *arena, struct slice account,
                                           struct slice arn, struct error *err);

/* Which ones ListPolicies wants, beside the path. */
enum policies_use { POLICIES_USE_ANY, POLICIES_USE_ATTACHED, POLICIES_USE_BOUNDARY, POLICIES_USE_EITHER };

/* By name. The key of a page is the lower-case name. */
bool policies_list(struct catalog *catalog, struct arena *arena, struct slice account, const struct page *page,
                   enum policies_use use, struct policy_list *list, struct error *err);

/* A version was added, deleted or made the default. */
bool policies_set_versions(struct catalog *catalog, struct slice account, const struct managed_policy *policy,
                           struct error *err);

bool policies_delete(struct catalog *catalog, struct slice account, struct slice policy_id, struct error *err);

#endif
