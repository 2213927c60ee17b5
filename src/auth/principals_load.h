/* auth/principals_load.h: one principal from the catalog: identity, tags and every policy that binds it. */
#ifndef SPOOR_AUTH_PRINCIPALS_LOAD_H
#define SPOOR_AUTH_PRINCIPALS_LOAD_H

#include "auth/principals.h"

struct principals_source {
	struct arena         *arena;             /* what is loaded lives here */
	struct catalog       *reader;
	const struct keyring *keyring;
	struct policy_cache  *policies;          /* compiled documents are held here until principals_load_release */
};

enum principals_found principals_load_long_term(struct principals_source *source, struct slice access_key_id,
                                                struct credential *credential, struct error *err);

/* Of a session token: the claims decide who it is, the catalog whether that role or user still exists. */
enum principals_found principals_load_session(struct principals_source *source, struct slice access_key_id,
                                              struct slice token, int64_t now_ms, struct credential *credential,
                                              struct error *err);

/* The identity policies, tags and boundary of the user or role `entity_id`, for simulation too. */
bool principals_load_policies(struct principals_source *source, struct slice account, struct slice entity_id,
                              bool is_user, struct slice boundary_arn, struct principal *principal, struct error *err);

/* Gives the compiled policies back. */
void principals_load_release(struct policy_cache *policies, struct principal *principal);

#endif
