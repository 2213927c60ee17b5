/* services/iam/new_password.h: is a new password good enough, and its hash. Tens of milliseconds: for workers only. */
#ifndef SPOOR_SERVICES_IAM_NEW_PASSWORD_H
#define SPOOR_SERVICES_IAM_NEW_PASSWORD_H

#include "auth/password_policies.h"
#include "services/operation.h"

/* Checks the account's password policy, reads the user's earlier passwords if that policy asks for it, and hashes.
 * Errors: ERR_INVALID "ValidationError" without a password, "PasswordPolicyViolation"; ERR_BUSY. */
bool new_password_hash(struct call *call, struct slice user_id, struct slice password, struct slice *hash,
                       struct error *err);

#endif
