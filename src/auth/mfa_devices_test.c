/* auth/mfa_devices_test.c: sealed seeds, codes that count once, clocks that run apart. */
#include "auth/mfa_devices.h"

#include "auth/keyring.h"
#include "codec/totp.h"
#include "tests/auth_catalog.h"

static const int64_t NOW_MS = 1768471267000;
static const char SEED[MFA_SEED_BYTES + 1] = "0123456789012345678901234567890123456789";

struct devices {
	struct catalog *catalog;
	struct keyring *keyring;
	struct random   random;
};

static void begin(struct test *t, struct devices *devices)
{
	static const unsigned char master[AES256_KEY_BYTES] = { 7 };

	devices->catalog = auth_catalog_open(t);
	devices->keyring = keyring_from_key(master);
	random_init_seeded(&devices->random, 3);
}

static void end(struct devices *devices)
{
	keyring_close(devices->keyring);
	catalog_close(devices->catalog);
}

static bool add(struct test *t, struct devices *devices, const char *serial)
{
	const struct mfa_device device = { .account = ACCOUNT, .serial = slice_of(serial), .created_ms = NOW_MS };

	return mfa_devices_insert(devices->catalog, &t->arena, devices->keyring, &devices->random, &device, slice_of(SEED), &t->err);
}

static struct slice code_at(struct test *t, int64_t step)
{
	return totp_code(slice_of(SEED), step, arena_alloc(&t->arena, TOTP_DIGITS));
}

static bool accepts(struct test *t, struct devices *devices, struct mfa_device *device, int64_t now_ms, struct slice code)
{
	return mfa_devices_accept(device, devices->keyring, &t->arena, &now_ms, 1, code, &t->err);
}

static bool synchronises(struct test *t, struct devices *devices, struct mfa_device *device, int64_t around, int64_t first, int64_t second)
{
	return mfa_devices_synchronise(device, devices->keyring, &t->arena, &NOW_MS, 1, around, code_at(t, first), code_at(t, second), &t->err);
}

TEST(mfa_devices_keep_their_seed_sealed_in_their_row)
{
	struct devices devices;

	begin(t, &devices);
	CHECK(t, add(t, &devices, "arn:a"));
	CHECK(t, !add(t, &devices, "arn:a"));
	CHECK_REFUSED(t, "EntityAlreadyExists", "MFADevice entity at the same path and name already exists.");
	const struct mfa_device *found = mfa_devices_find(devices.catalog, &t->arena, ACCOUNT, S("arn:a"), &t->err);
	REQUIRE(t, found);
	CHECK(t, !found->owner_id.ptr && slice_find(found->sealed_seed, slice_of(SEED)) == SLICE_NPOS);
	struct mfa_device moved = *found;
	moved.serial = S("arn:b");
	CHECK(t, !accepts(t, &devices, &moved, NOW_MS, code_at(t, totp_step(NOW_MS))) && t->err.kind == ERR_INVALID);
	t->err = (struct error){0};
	CHECK(t, !mfa_devices_find(devices.catalog, &t->arena, OTHER_ACCOUNT, S("arn:a"), &t->err) && t->err.kind == ERR_NONE);
	end(&devices);
}

TEST(mfa_devices_accept_each_code_once_and_half_a_minute_around)
{
	struct devices devices;
	int64_t now = totp_step(NOW_MS);

	begin(t, &devices);
	CHECK(t, add(t, &devices, "arn:a"));
	struct mfa_device device = *mfa_devices_find(devices.catalog, &t->arena, ACCOUNT, S("arn:a"), &t->err);
	CHECK(t, !accepts(t, &devices, &device, NOW_MS, code_at(t, now - 2)));
	CHECK(t, !accepts(t, &devices, &device, NOW_MS, code_at(t, now + 2)));
	CHECK(t, accepts(t, &devices, &device, NOW_MS, code_at(t, now - 1)));
	CHECK(t, accepts(t, &devices, &device, NOW_MS, code_at(t, now)));
	CHECK(t, mfa_devices_update(devices.catalog, &device, &t->err));
	device = *mfa_devices_find(devices.catalog, &t->arena, ACCOUNT, S("arn:a"), &t->err);
	CHECK(t, !accepts(t, &devices, &device, NOW_MS, code_at(t, now)));
	CHECK(t, !accepts(t, &devices, &device, NOW_MS, code_at(t, now - 1)));
	CHECK(t, accepts(t, &devices, &device, NOW_MS, code_at(t, now + 1)));
	CHECK_NUMBER(t, t->err.kind, ERR_NONE);
	end(&devices);
}

TEST(mfa_devices_need_two_codes_in_a_row_to_be_in_step)
{
	struct devices devices;
	int64_t now = totp_step(NOW_MS);

	begin(t, &devices);
	CHECK(t, add(t, &devices, "arn:a"));
	struct mfa_device device = *mfa_devices_find(devices.catalog, &t->arena, ACCOUNT, S("arn:a"), &t->err);
	CHECK(t, !synchronises(t, &devices, &device, 1, now, now));
	CHECK(t, !synchronises(t, &devices, &device, 1, now, now - 1));
	CHECK(t, !synchronises(t, &devices, &device, 1, now - 1, now + 1));
	CHECK(t, !synchronises(t, &devices, &device, 1, now + 5, now + 6));
	CHECK(t, synchronises(t, &devices, &device, 1, now - 1, now));
	CHECK_NUMBER(t, device.drift_steps, 0);
	CHECK(t, !accepts(t, &devices, &device, NOW_MS, code_at(t, now)));
	CHECK(t, !synchronises(t, &devices, &device, 1, now - 1, now));

	/* A clock that is ten minutes ahead is learned, and its codes are right from then on. */
	CHECK(t, !synchronises(t, &devices, &device, 1, now + 19, now + 20));
	CHECK(t, synchronises(t, &devices, &device, 100, now + 19, now + 20));
	CHECK_NUMBER(t, device.drift_steps, 20);
	CHECK(t, accepts(t, &devices, &device, NOW_MS + TOTP_STEP_MS, code_at(t, now + 21)));
	CHECK(t, !accepts(t, &devices, &device, NOW_MS + TOTP_STEP_MS, code_at(t, now + 1)));
	end(&devices);
}

TEST(mfa_devices_are_at_most_eight_an_owner)
{
	struct devices devices;
	struct mfa_device_list list;

	begin(t, &devices);
	for (int i = 0; i < 9; i++) {
		char serial[2] = { (char)('a' + i), '\0' };
		CHECK(t, add(t, &devices, serial));
		struct mfa_device device = *mfa_devices_find(devices.catalog, &t->arena, ACCOUNT, slice_of(serial), &t->err);
		device.owner_id = S("AIDA1");
		bool is_updated = mfa_devices_update(devices.catalog, &device, &t->err);
		CHECK(t, is_updated == (i < 8));
	}
	CHECK_REFUSED(t, "LimitExceeded", "Cannot exceed quota for MFADevicesPerUser: 8");
	CHECK(t, mfa_devices_list(devices.catalog, &t->arena, ACCOUNT, SLICE_NONE, &list, &t->err));
	CHECK_NUMBER(t, list.count, 9);
	CHECK(t, mfa_devices_list(devices.catalog, &t->arena, ACCOUNT, S("AIDA2"), &list, &t->err));
	CHECK_NUMBER(t, list.count, 0);
	CHECK(t, mfa_devices_delete(devices.catalog, ACCOUNT, S("a"), &t->err));
	CHECK(t, !mfa_devices_find(devices.catalog, &t->arena, ACCOUNT, S("a"), &t->err) && t->err.kind == ERR_NONE);
	end(&devices);
}
