/* auth/policy_cache.h: compiled policies by the text of their document, the least recently used forgotten first.
 *
 * Most principals share few documents (AdministratorAccess), so a front compiles each once. One cache a thread: it has
 * no lock. An entry in use is never forgotten, so that a principal may point at it until it lets go. */
#ifndef SPOOR_AUTH_POLICY_CACHE_H
#define SPOOR_AUTH_POLICY_CACHE_H

#include "base/base.h"

struct policy;
struct policy_cache;

/* Keeps at most about `bytes_max` of entries that nobody uses. `seed` is random: documents come from outside. */
struct policy_cache *policy_cache_new(size_t bytes_max, uint64_t seed);
void                 policy_cache_free(struct policy_cache *cache);

/* The compiled `document`, held until policy_cache_release. NULL if it does not compile: a caller then has a policy
 * that allows nothing, and must not go on without its denials. Errors: as policy_compile. */
const struct policy *policy_cache_take(struct policy_cache *cache, struct slice document, struct error *err);
void                 policy_cache_release(struct policy_cache *cache, const struct policy *policy);

size_t policy_cache_bytes(const struct policy_cache *cache);     /* of all entries, used or not */
size_t policy_cache_count(const struct policy_cache *cache);

#endif
