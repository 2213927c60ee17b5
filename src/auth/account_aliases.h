/* auth/account_aliases.h: the name of an account in its sign-in address (SQL table `account_aliases`).
 * Source: IAM User Guide, "Create an alias for your AWS account". */
#ifndef SPOOR_AUTH_ACCOUNT_ALIASES_H
#define SPOOR_AUTH_ACCOUNT_ALIASES_H

#include "base/arena.h"

struct catalog;

extern const char account_aliases_table[];

/* An account has one alias: a new one replaces it. Errors: ERR_CONFLICT "EntityAlreadyExists" if another account, or
 * this one, has that alias. */
bool account_aliases_set(struct catalog *catalog, struct slice account, struct slice alias, struct error *err);

/* SLICE_NONE if the account has none. */
bool account_aliases_get(struct catalog *catalog, struct arena *arena, struct slice account, struct slice *alias,
                         struct error *err);

/* The account of an alias; SLICE_NONE if nobody has it. */
bool account_aliases_find(struct catalog *catalog, struct arena *arena, struct slice alias, struct slice *account,
                          struct error *err);

/* Errors: ERR_NOT_FOUND "NoSuchEntity". */
bool account_aliases_delete(struct catalog *catalog, struct slice account, struct slice alias, struct error *err);

#endif
