/* auth/quotas.h: how many users, roles, buckets and so on an account has and may have (SQL table `quotas`).
 *
 * A counter a kind, so that creating the 5000th user costs the same as the first. The tables that count call it from
 * their insert and delete; nobody else does. Source: IAM User Guide, "IAM and AWS STS quotas"; Amazon S3
 * User Guide, "General purpose bucket quotas". */
#ifndef SPOOR_AUTH_QUOTAS_H
#define SPOOR_AUTH_QUOTAS_H

#include "base/base.h"

struct catalog;

enum quota {
	QUOTA_USERS, QUOTA_GROUPS, QUOTA_ROLES, QUOTA_POLICIES, QUOTA_INSTANCE_PROFILES,
	QUOTA_BUCKETS,                    /* behind those of IAM */
	QUOTA_COUNT
};

extern const char quotas_table[];

/* Counts one more. Errors: ERR_CONFLICT "LimitExceeded" when the account has all it may have. */
bool quotas_take(struct catalog *catalog, struct slice account, enum quota quota, struct error *err);

bool quotas_give_back(struct catalog *catalog, struct slice account, enum quota quota, struct error *err);

/* How many there are, and how many there may be. */
bool quotas_get(struct catalog *catalog, struct slice account, enum quota quota, int64_t *used, int64_t *allowed,
                struct error *err);

/* AWS raises quotas on request; an operator or a benchmark does it here. */
bool quotas_set_allowed(struct catalog *catalog, struct slice account, enum quota quota, int64_t allowed,
                        struct error *err);

#endif
