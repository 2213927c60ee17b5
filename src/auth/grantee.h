/* auth/grantee.h: whom a Principal or NotPrincipal element names, and whether that is the one who asks.
 *
 * A role's ARN covers its sessions, an account covers all its principals. How directly somebody is named decides what
 * still limits the grant, so matching answers with a strength and not with a yes.
 * Source: IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal". */
#ifndef SPOOR_AUTH_GRANTEE_H
#define SPOOR_AUTH_GRANTEE_H

#include "auth/principal.h"
#include "base/arena.h"

struct json;

enum grantee_kind {
	GRANTEE_EVERYBODY,      /* "*", {"AWS": "*"} */
	GRANTEE_ACCOUNT,        /* 111122223333, arn:aws:iam::111122223333:root; a canonical user that was saved as its account */
	GRANTEE_ARN,            /* of a user, role or session */
	GRANTEE_UNIQUE_ID,      /* AIDA..., AROA...: what an ARN becomes when it is saved */
	GRANTEE_SERVICE,        /* cloudtrail.amazonaws.com */
	GRANTEE_NOBODY,         /* federated providers and unknown canonical users: nobody here signs in that way */
};

struct grantee {
	enum grantee_kind kind;
	struct slice      text;
};

/* What a matching Allow is worth in the principal's own account; weakest first. */
enum grant {
	GRANT_NONE,
	GRANT_ACCOUNT,          /* delegates to the account: an identity policy must allow too */
	GRANT_LIMITED,          /* stands for one, but boundary and session policies still limit it */
	GRANT_DIRECT,           /* the caller itself is named: nothing but an explicit deny limits it */
};

struct grantees {
	const struct grantee *items;
	size_t                count;
};

/* Reads the value of a Principal or NotPrincipal element. Errors: ERR_INVALID. */
bool grantees_compile(struct arena *arena, const struct json *value, struct grantees *grantees, struct error *err);

/* The strongest grant among them. */
enum grant grantees_match(const struct grantees *grantees, const struct principal *principal);

/* For NotPrincipal, which compares exactly: a user is exempt if it *and* its account are listed, a role session if
 * account, role and session are. */
bool grantees_exempt(const struct grantees *grantees, const struct principal *principal);

bool grantee_is_account(struct slice text);       /* 12 digits */

#endif
