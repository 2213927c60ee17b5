/* auth/access_key_id.h: access key ids that carry their account, and secrets to go with them.
 *
 * Twenty characters: AKIA (long-term) or ASIA (temporary) and sixteen of base32, the first bits of which are the account
 * number; so the account of a key is known without asking anybody. Source: IAM User Guide, "IAM identifiers"; the
 * place of the account number was read off public sample keys. */
#ifndef SPOOR_AUTH_ACCESS_KEY_ID_H
#define SPOOR_AUTH_ACCESS_KEY_ID_H

#include "base/random.h"

enum { ACCESS_KEY_ID_BYTES = 20, ACCESS_KEY_SECRET_BYTES = 40, ACCOUNT_BYTES = 12 };

enum access_key_kind { ACCESS_KEY_LONG_TERM, ACCESS_KEY_TEMPORARY };

/* `account` is 12 digits. Not NUL-terminated; returns `out`. */
struct slice access_key_id_make(enum access_key_kind kind, struct slice account, struct random *random,
                                char out[ACCESS_KEY_ID_BYTES]);

/* The account in a key id of this form; false for any other text (older forms, "test"). */
bool access_key_id_account(struct slice access_key_id, char account[ACCOUNT_BYTES]);

bool access_key_id_is_temporary(struct slice access_key_id);      /* begins with ASIA: never good without a token */

/* A fresh secret access key of 40 characters of the base64 alphabet; 240 random bits. */
struct slice access_key_id_secret(struct random *random, char out[ACCESS_KEY_SECRET_BYTES]);

#endif
