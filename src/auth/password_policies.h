/* auth/password_policies.h: what an account asks of its users' passwords (SQL table `password_policies`).
 * Source: IAM User Guide, "Set an account password policy for IAM users". */
#ifndef SPOOR_AUTH_PASSWORD_POLICIES_H
#define SPOOR_AUTH_PASSWORD_POLICIES_H

#include "base/base.h"

struct catalog;

struct password_policy {
	int64_t minimum_length;
	bool    require_symbols, require_numbers, require_uppercase, require_lowercase;
	bool    allow_change;                  /* users may change their own password */
	int64_t max_age_days;                  /* 0: passwords do not expire */
	int64_t reuse_prevention;              /* 0: old passwords may be used again */
	bool    hard_expiry;                   /* an expired password needs an administrator */
	bool    is_default;                    /* the account has no policy: three of four classes, not the account's name */
};

extern const char password_policies_table[];

/* The account's policy, or AWS's default with is_default. */
bool password_policies_get(struct catalog *catalog, struct slice account, struct password_policy *policy,
                           struct error *err);

bool password_policies_set(struct catalog *catalog, struct slice account, const struct password_policy *policy,
                           struct error *err);

/* *deleted is false if the account had none. */
bool password_policies_delete(struct catalog *catalog, struct slice account, bool *deleted, struct error *err);

/* Does `password` satisfy the policy, reuse apart? Errors: ERR_INVALID "PasswordPolicyViolation". */
bool password_policies_check(const struct password_policy *policy, struct slice password, struct slice account,
                             struct slice alias, struct error *err);

#endif
