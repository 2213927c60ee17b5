/* auth/session.h: session tokens: all there is to know about temporary credentials, sealed and carried by the client.
 *
 * Nothing is stored, so a restart logs nobody out and a million sessions cost nothing. The secret access key is an HMAC
 * over key id and nonce, made anew at each call. What a token cannot know, that its issuer still exists, the directory
 * asks. Source: STS API Reference (2011-06-15), "Credentials"; IAM User Guide, "Temporary security credentials". */
#ifndef SPOOR_AUTH_SESSION_H
#define SPOOR_AUTH_SESSION_H

#include "auth/access_key_id.h"
#include "auth/keyring.h"
#include "auth/principal.h"

enum session_kind {
	SESSION_ROLE,                     /* AssumeRole */
	SESSION_USER,                     /* GetSessionToken: the user itself, or root */
	SESSION_FEDERATED,                /* GetFederationToken */
	SESSION_KIND_COUNT
};

enum { SESSION_NONCE_BYTES = 16, SESSION_SECRET_BYTES = ACCESS_KEY_SECRET_BYTES };

struct session {
	enum session_kind kind;
	struct slice      access_key_id;  /* ASIA... */
	struct slice      account;        /* of the session, 12 digits */
	struct slice      issuer_id;      /* unique id of the role (AROA...) or the user (AIDA...); of root the account */
	struct slice      issuer_arn;     /* of the role or user, as it was then */
	struct slice      issuer_name;    /* without its path; SLICE_NONE for root */
	struct slice      name;           /* role session or federated name; SLICE_NONE for SESSION_USER */
	int64_t           issued_ms, expires_ms;     /* the lab clock */

	bool              has_mfa;
	int64_t           mfa_ms;         /* when the code was given */
	struct slice      source_identity;

	const struct principal_tag *tags; /* session tags */
	size_t            tag_count;
	const struct slice *transitive_tag_keys;
	size_t            transitive_tag_key_count;

	struct slice      policy;         /* inline session policy, its text; SLICE_NONE without */
	const struct slice *policy_arns;  /* managed session policies */
	size_t            policy_arn_count;

	unsigned char     nonce[SESSION_NONCE_BYTES];
};

/* Gives `session` a fresh access key id and nonce; writes the secret access key. Key id and secret point into `arena`. */
struct slice session_begin(const struct keyring *keyring, struct session *session, struct random *random,
                           struct arena *arena);

/* The token, base64. SLICE_NONE and "PackedPolicyTooLarge" if policies and tags do not fit. Errors: ERR_LIMIT.
 * *packed_percent (may be NULL) is how much of that room they take, for PackedPolicySize. */
struct slice session_seal(const struct keyring *keyring, const struct session *session, struct random *random,
                          struct arena *arena, int *packed_percent, struct error *err);

enum session_state {
	SESSION_GOOD,
	SESSION_GARBLED,                  /* not a token of ours, or altered */
	SESSION_UNKNOWN_KEY,              /* sealed with another master key */
	SESSION_OTHER_KEY_ID,             /* a good token, of another access key */
	SESSION_EXPIRED,
};

/* Opens the token that came with `access_key_id` at `now_ms` (the lab clock). *session is filled when good or expired;
 * its slices are in `arena`. */
enum session_state session_open(const struct keyring *keyring, struct slice token, struct slice access_key_id,
                                int64_t now_ms, struct arena *arena, struct session *session);

/* The secret access key of an opened session. Returns `out`, not NUL-terminated. */
struct slice session_secret(const struct keyring *keyring, const struct session *session, char out[SESSION_SECRET_BYTES]);

#endif
