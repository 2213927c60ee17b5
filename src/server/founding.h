/* server/founding.h: the first rows of an account: its root, its first administrator, and their credentials.
 *
 * Every row comes with an event (AwsServiceEvent SpoorAccountCreated), as every change does. */
#ifndef SPOOR_SERVER_FOUNDING_H
#define SPOOR_SERVER_FOUNDING_H

#include "server/request.h"

struct founding {
	struct slice account;                  /* 12 digits */
	struct slice administrator;            /* the user's name; gets AdministratorAccess */

	/* keys to store; an absent id: none */
	struct slice administrator_key_id, administrator_secret;
	struct slice second_key_id, second_secret;             /* of the administrator too */
	struct slice root_key_id, root_secret;

	/* argon2id texts; SLICE_NONE: no password */
	struct slice administrator_password_hash, root_password_hash;
};

/* The rows. On the recorder's thread, inside a job. Errors: ERR_CONFLICT if the account exists. */
bool founding_write(struct catalog *catalog, const struct keyring *keyring, struct random *random, struct arena *arena,
                    const struct founding *founding, int64_t now_ms, struct error *err);

/* Its event. */
void founding_describe(struct random *random, struct arena *arena, const struct founding *founding, struct slice region,
                       int64_t now_ms, struct event_frame *frame);

/* The founding of a lab account: administrator `admin`, whose key is the account's number with secret `test`; for the
 * account of key `test` also that key, and root/root. */
struct founding founding_of_lab(struct slice account, bool is_main);

/* Lab: makes the account, then runs authenticate again. The request's signature must have been checked. */
enum verdict founding_of_lab_account(struct request *request, struct slice account);

/* `found` of a lab's main account, if it is not there yet. Before the server listens. */
bool founding_ensure_lab(struct server *server, struct error *err);

/* Submits a job and waits for it: for commands and start-up, never for a front. */
bool founding_run(struct server *server, const struct founding *founding, struct error *err);

#endif
