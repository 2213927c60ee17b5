/* services/sts/sts.h: what the operations of the Security Token Service share: credentials out of a session. */
#ifndef SPOOR_SERVICES_STS_STS_H
#define SPOOR_SERVICES_STS_STS_H

#include "auth/session.h"
#include "services/operation.h"
#include "services/sts/shapes.h"

extern const struct service sts;

/* Durations in seconds. Source: STS API Reference (2011-06-15). */
enum {
	STS_DURATION_MIN             = 900,
	STS_DURATION_DEFAULT         = 3600,        /* AssumeRole; and the most for a chained role */
	STS_CHAINED_DURATION_MAX     = 3600,
	STS_USER_DURATION_DEFAULT    = 43200,       /* GetSessionToken, GetFederationToken */
	STS_USER_DURATION_MAX        = 129600,
	STS_ROOT_DURATION_MAX        = 3600,
};

/* Seals `session` (kind, issuer, name, claims filled; times too) into fresh credentials. *packed_percent may be NULL.
 * Errors: "PackedPolicyTooLarge". */
struct sts_credentials *sts_credentials_new(struct call *call, struct session *session, int *packed_percent,
                                            struct error *err);

/* Session policies of a request: the inline text is checked (MalformedPolicyDocument), the ARNs must name policies of
 * AWS or of the session's account. */
bool sts_session_policies(struct call *call, struct slice policy, const struct sts_policy_descriptor_type_list *arns,
                          struct session *session, struct error *err);

/* Session tags: at most 50, no key twice ignoring case, none beginning with aws:. */
bool sts_session_tags(struct call *call, const struct sts_tag_list *tags, struct session *session, struct error *err);

/* For operations' `authorise`: only long-term keys; everybody but sessions of GetSessionToken and GetFederationToken.
 * Then the standard way. Errors: ERR_DENIED. */
bool sts_only_long_term(struct call *call, const void *input, struct error *err);
bool sts_no_user_session(struct call *call, const void *input, struct error *err);

/* Counts a try of that device's codes, which are few enough to be guessed. Once a call. Errors: ERR_DENIED, in the words for
 * a wrong code, so that nobody learns whether it was one. */
bool sts_mfa_try(struct call *call, struct slice serial, struct slice code, struct error *err);

/* The one-time code of a request with SerialNumber and TokenCode: *has_mfa if it is right, and not used before. `is_used`
 * also uses it up, on the writer. Errors: ERR_DENIED "AccessDenied". */
bool sts_mfa(struct call *call, struct slice serial, struct slice code, bool is_used, bool *has_mfa, struct error *err);

/* `asked` or the default, which for root is shorter; ValidationError beyond the bounds. */
bool sts_user_duration(struct call *call, struct maybe_i64 asked, int64_t *seconds, struct error *err);

#endif
