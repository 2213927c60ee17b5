/* auth/mfa_devices.c: one row a device; its seed is sealed and bound to account and serial. */
#include "auth/mfa_devices.h"

#include "auth/keyring.h"
#include "auth/page.h"
#include "base/limits.h"
#include "codec/totp.h"
#include "store/catalog.h"

enum { STEPS_ACCEPTED = 1 };                     /* before and after now, for slow typing and small drift */

const char mfa_devices_table[] =
	"CREATE TABLE mfa_devices ("
	" account TEXT NOT NULL,"
	" serial TEXT NOT NULL,"
	" owner_id TEXT,"
	" seed BLOB NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" enabled_ms INTEGER NOT NULL,"
	" drift_steps INTEGER NOT NULL,"
	" last_step INTEGER NOT NULL,"
	" PRIMARY KEY (account, serial)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX mfa_devices_by_owner ON mfa_devices (account, owner_id)";

#define FROM_MFA_DEVICES \
	"SELECT account, serial, owner_id, seed, created_ms, enabled_ms, drift_steps, last_step FROM mfa_devices "

bool mfa_devices_insert(struct catalog *catalog, struct arena *arena, const struct keyring *keyring, struct random *random,
                        const struct mfa_device *device, struct slice seed, struct error *err)
{
	struct slice bound = arena_format(arena, "%.*s/%.*s", SLICE_ARG(device->account), SLICE_ARG(device->serial));
	struct slice box = keyring_seal(keyring, KEYRING_CATALOG_SECRET, bound, seed, random, arena);

	if (!catalog_run(catalog, err,
	                 "INSERT INTO mfa_devices (account, serial, owner_id, seed, created_ms, enabled_ms, drift_steps, last_step)"
	                 " VALUES (?1, ?2, NULL, ?3, ?4, 0, 0, 0) ON CONFLICT DO NOTHING", "ttbi", device->account, device->serial,
	                 box, device->created_ms))
		return false;
	return catalog_changes(catalog) == 1
	    || fail_as(err, ERR_CONFLICT, "EntityAlreadyExists", "MFADevice entity at the same path and name already exists.");
}

static void read_device(struct rows *rows, struct arena *arena, struct mfa_device *device)
{
	*device = (struct mfa_device){
		.account = rows_text(rows, 0, arena),
		.serial = rows_text(rows, 1, arena),
		.owner_id = rows_text(rows, 2, arena),
		.sealed_seed = rows_blob(rows, 3, arena),
		.created_ms = rows_i64(rows, 4),
		.enabled_ms = rows_i64(rows, 5),
		.drift_steps = rows_i64(rows, 6),
		.last_step = rows_i64(rows, 7),
	};
}

const struct mfa_device *mfa_devices_find(struct catalog *catalog, struct arena *arena, struct slice account,
                                          struct slice serial, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, FROM_MFA_DEVICES "WHERE account = ?1 AND serial = ?2", "tt", account, serial);
	struct mfa_device *device = NULL;

	if (rows_next(&rows)) {
		device = arena_new(arena, struct mfa_device);
		read_device(&rows, arena, device);
	}
	return rows_close(&rows) ? device : NULL;
}

bool mfa_devices_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice owner_id,
                      struct mfa_device_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 FROM_MFA_DEVICES "WHERE account = ?1 AND (?2 IS NULL OR owner_id = ?2) ORDER BY serial",
	                                 "tt", account, owner_id);

	*list = (struct mfa_device_list){ 0 };
	while (rows_next(&rows)) {
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		read_device(&rows, arena, &list->items[list->count++]);
	}
	return rows_close(&rows);
}

bool mfa_devices_update(struct catalog *catalog, const struct mfa_device *device, struct error *err)
{
	struct rows rows;
	int64_t count;

	if (!catalog_run(catalog, err,
	                 "UPDATE mfa_devices SET owner_id = ?3, enabled_ms = ?4, drift_steps = ?5, last_step = ?6"
	                 " WHERE account = ?1 AND serial = ?2", "tttiii", device->account, device->serial, device->owner_id,
	                 device->enabled_ms, device->drift_steps, device->last_step))
		return false;
	if (!device->owner_id.ptr)
		return true;
	rows = catalog_query(catalog, err, "SELECT count(*) FROM mfa_devices WHERE account = ?1 AND owner_id = ?2", "tt",
	                     device->account, device->owner_id);
	count = rows_next(&rows) ? rows_i64(&rows, 0) : 0;
	return rows_close(&rows)
	    && (count <= IAM_MFA_DEVICES_PER_USER_MAX
	        || fail_as(err, ERR_CONFLICT, "LimitExceeded", "Cannot exceed quota for MFADevicesPerUser: %d",
	                   IAM_MFA_DEVICES_PER_USER_MAX));
}

bool mfa_devices_delete(struct catalog *catalog, struct slice account, struct slice serial, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM mfa_devices WHERE account = ?1 AND serial = ?2", "tt", account, serial);
}

static struct slice unsealed(const struct mfa_device *device, const struct keyring *keyring, struct arena *arena,
                             struct error *err)
{
	struct slice bound = arena_format(arena, "%.*s/%.*s", SLICE_ARG(device->account), SLICE_ARG(device->serial));

	return keyring_unseal(keyring, KEYRING_CATALOG_SECRET, bound, device->sealed_seed, arena, err);
}

bool mfa_devices_accept(struct mfa_device *device, const struct keyring *keyring, struct arena *arena,
                        const int64_t *moments_ms, size_t moment_count, struct slice code, struct error *err)
{
	struct slice seed = unsealed(device, keyring, arena, err);
	int64_t found = -1;

	for (size_t i = 0; seed.ptr && i < moment_count && found < 0; i++) {
		int64_t now = totp_step(moments_ms[i]) + device->drift_steps;
		for (int64_t step = now - STEPS_ACCEPTED; step <= now + STEPS_ACCEPTED; step++)
			if (step > device->last_step && totp_is_code(seed, step, code))
				found = step;
	}
	if (found < 0)
		return false;
	device->last_step = found;
	return true;
}

bool mfa_devices_synchronise(struct mfa_device *device, const struct keyring *keyring, struct arena *arena,
                             const int64_t *moments_ms, size_t moment_count, int64_t steps_around, struct slice first,
                             struct slice second, struct error *err)
{
	struct slice seed = unsealed(device, keyring, arena, err);

	for (size_t i = 0; seed.ptr && i < moment_count; i++) {
		int64_t now = totp_step(moments_ms[i]);

		/* The nearest first; the second code is the newer one, so the first may lie one step further back. */
		for (int64_t away = 0; away <= steps_around + 1; away++)
			for (int sign = -1; sign <= 1; sign += 2) {
				int64_t step = now + sign * away;
				if (step < device->last_step || slice_equal(first, second)
				    || !totp_is_code(seed, step, first) || !totp_is_code(seed, step + 1, second))
					continue;
				/* What typing took is no drift of the clock. */
				int64_t drift = step + 1 - now;
				device->drift_steps = drift >= -STEPS_ACCEPTED && drift <= STEPS_ACCEPTED ? 0 : drift;
				device->last_step = step + 1;
				return true;
			}
	}
	return false;
}
