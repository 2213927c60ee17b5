/* auth/mfa_devices.h: virtual MFA devices: seeds of authenticator apps, whose they are, and their codes (SQL table
 * `mfa_devices`). Source: IAM User Guide, "Assign a virtual MFA device"; RFC 6238. */
#ifndef SPOOR_AUTH_MFA_DEVICES_H
#define SPOOR_AUTH_MFA_DEVICES_H

#include "base/arena.h"
#include "base/random.h"

struct catalog;
struct keyring;

enum { MFA_SEED_BYTES = 40 };                  /* 64 characters of base32 */

struct mfa_device {
	struct slice account, serial;          /* arn:aws:iam::ACCOUNT:mfa/path/name */
	struct slice owner_id;                 /* a user's id, or the account for its root; SLICE_NONE: not assigned */
	struct slice sealed_seed;
	int64_t      created_ms, enabled_ms;
	int64_t      drift_steps;              /* how far its clock is ahead of ours */
	int64_t      last_step;                /* of the last code that was accepted, by its clock */
};

struct mfa_device_list { struct mfa_device *items; size_t count; };

extern const char mfa_devices_table[];

/* `seed` is MFA_SEED_BYTES long. Errors: ERR_CONFLICT "EntityAlreadyExists". */
bool mfa_devices_insert(struct catalog *catalog, struct arena *arena, const struct keyring *keyring, struct random *random,
                        const struct mfa_device *device, struct slice seed, struct error *err);

/* NULL if there is none, and on failure (then `err`, clean before, is filled). */
const struct mfa_device *mfa_devices_find(struct catalog *catalog, struct arena *arena, struct slice account,
                                          struct slice serial, struct error *err);

/* By serial; of one owner, or with SLICE_NONE all of the account. */
bool mfa_devices_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice owner_id,
                      struct mfa_device_list *list, struct error *err);

/* Owner, time of assignment, drift and last step. Errors: ERR_CONFLICT "LimitExceeded" beyond eight of one owner. */
bool mfa_devices_update(struct catalog *catalog, const struct mfa_device *device, struct error *err);

bool mfa_devices_delete(struct catalog *catalog, struct slice account, struct slice serial, struct error *err);

/* Is `code` one of about now that was not used yet? Then `device` remembers it; mfa_devices_update keeps that. The
 * moments are those of the clocks that count: the real one, and a lab's. False without an error for a wrong code. */
bool mfa_devices_accept(struct mfa_device *device, const struct keyring *keyring, struct arena *arena,
                        const int64_t *moments_ms, size_t moment_count, struct slice code, struct error *err);

/* Two codes in a row, the second after the first, show that the device has the seed, and what its clock says. */
bool mfa_devices_synchronise(struct mfa_device *device, const struct keyring *keyring, struct arena *arena,
                             const int64_t *moments_ms, size_t moment_count, int64_t steps_around, struct slice first,
                             struct slice second, struct error *err);

#endif
