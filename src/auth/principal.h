/* auth/principal.h: who asks: identity, session facts and the policy sets that bind them.
 *
 * A principal is immutable once built. It lives in the arena of whoever resolved it (auth/directory.h: until the next
 * change of authority, held by the front that owns the cache). Source: IAM User Guide, "IAM identifiers". */
#ifndef SPOOR_AUTH_PRINCIPAL_H
#define SPOOR_AUTH_PRINCIPAL_H

#include "base/base.h"

struct policy;

enum principal_type {
	PRINCIPAL_ROOT,            /* the account's root */
	PRINCIPAL_USER,            /* an IAM user: with a long-term key, or with a GetSessionToken session */
	PRINCIPAL_ROLE_SESSION,    /* AssumeRole */
	PRINCIPAL_FEDERATED,       /* GetFederationToken */
	PRINCIPAL_SERVICE,         /* cloudtrail.amazonaws.com acting for itself: `arn` is that name; no account */
	PRINCIPAL_ANONYMOUS,       /* an unsigned request; no account */
	PRINCIPAL_TYPE_COUNT
};

struct principal_tag { struct slice key, value; };

struct principal {
	enum principal_type type;
	struct slice        account;              /* 12 digits */
	struct slice        arn;                  /* as messages show it; of a session: the assumed-role or federated-user ARN */
	struct slice        unique_id;            /* AIDA...; root: the account; role session: AROA...:NAME; federated: ACCOUNT:NAME */
	struct slice        name;                 /* user name; session name; federated name; root: the account's alias */
	struct slice        access_key_id;

	/* who stands behind a role session or a federated user: the role, or the user that called GetFederationToken */
	struct slice        issuer_arn, issuer_id, issuer_name;

	/* temporary credentials */
	bool                is_temporary;
	bool                has_mfa;
	int64_t             issued_ms, expires_ms, mfa_ms;
	struct slice        source_identity;

	/* user or role tags, overlaid by session tags */
	const struct principal_tag *tags;
	size_t              tag_count;
	const struct slice *transitive_tag_keys;
	size_t              transitive_tag_key_count;

	/* what the policies say; compiled, immutable */
	const struct policy *const *identity_policies;
	size_t              identity_policy_count;
	const struct policy *boundary;            /* with has_boundary; NULL then means "a boundary that allows nothing" */
	const struct policy *const *session_policies;
	size_t              session_policy_count;
	bool                has_boundary, has_session_policies;
};

#endif
