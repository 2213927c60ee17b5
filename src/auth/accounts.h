/* auth/accounts.h: the accounts that live here (SQL table `accounts`). */
#ifndef SPOOR_AUTH_ACCOUNTS_H
#define SPOOR_AUTH_ACCOUNTS_H

#include "base/arena.h"

struct catalog;

struct account {
	struct slice account;            /* 12 digits */
	int64_t      created_ms;
};

struct account_list { struct account *items; size_t count; };

extern const char accounts_table[];

/* Errors: ERR_CONFLICT if it exists. */
bool accounts_insert(struct catalog *catalog, struct slice account, int64_t created_ms, struct error *err);

bool accounts_exists(struct catalog *catalog, struct slice account, bool *exists, struct error *err);

/* *created_ms is -1 if there is none. */
bool accounts_created(struct catalog *catalog, struct slice account, int64_t *created_ms, struct error *err);

bool accounts_list(struct catalog *catalog, struct arena *arena, struct account_list *list, struct error *err);

#endif
