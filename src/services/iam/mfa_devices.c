/* services/iam/mfa_devices.c: EnableMFADevice, ResyncMFADevice, DeactivateMFADevice, ListMFADevices: whose a device is.
 * Source: IAM API Reference (2010-05-08). */
#include "auth/mfa_devices.h"
#include "services/iam/listing.h"
#include "services/iam/member.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

enum {
	ENABLE_STEPS_AROUND = 1,             /* the clock of a new device may be half a minute off */
	RESYNC_STEPS_AROUND = 100,           /* ours: an old one's, 50 minutes */
};

static struct mfa_device *find(struct call *call, struct slice serial, struct slice owner_id, struct error *err)
{
	const struct mfa_device *found = mfa_devices_find(call->catalog, &call->arena, call->account, serial, err);
	struct mfa_device *device;

	if (!found || (owner_id.ptr && !slice_equal(found->owner_id, owner_id))) {
		if (err->kind == ERR_NONE)
			fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "MFA Device with serial number %.*s does not exist.", SLICE_ARG(serial));
		return NULL;
	}
	device = arena_new(&call->arena, struct mfa_device);
	*device = *found;
	return device;
}

/* Both codes of the input, one after the other. */
static bool synchronise(struct call *call, const void *input, struct mfa_device *device, int64_t steps_around, struct error *err)
{
	const int64_t moments_ms[] = { call->wall_ms, call->now_ms };

	if (mfa_devices_synchronise(device, call->environment->keyring, &call->arena, moments_ms, COUNT(moments_ms), steps_around,
	                            member_text(call, input, S("AuthenticationCode1")),
	                            member_text(call, input, S("AuthenticationCode2")), err))
		return true;
	return err->kind == ERR_NONE
	    && fail_as(err, ERR_DENIED, "InvalidAuthenticationCode", "Authentication code for device is not valid.");
}

static bool perform_enable(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_enable_mfa_device_request *in = input;
	struct mfa_device *device;
	struct subject user;

	(void)output;
	if (!subject_get(call, ENTITY_USER, in->user_name, &user, err))
		return false;
	device = find(call, in->serial_number, SLICE_NONE, err);
	if (!device)
		return false;
	if (device->owner_id.ptr)
		return fail_as(err, ERR_CONFLICT, "EntityAlreadyExists", "MFA Device is already in use.");
	if (!synchronise(call, input, device, ENABLE_STEPS_AROUND, err))
		return false;
	device->owner_id = user.id;
	device->enabled_ms = call->now_ms;
	return mfa_devices_update(call->catalog, device, err);
}

static bool perform_resync(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_resync_mfa_device_request *in = input;
	struct mfa_device *device;
	struct subject user;

	(void)output;
	if (!subject_get(call, ENTITY_USER, in->user_name, &user, err))
		return false;
	device = find(call, in->serial_number, user.id, err);
	return device && synchronise(call, input, device, RESYNC_STEPS_AROUND, err)
	    && mfa_devices_update(call->catalog, device, err);
}

static bool perform_deactivate(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_deactivate_mfa_device_request *in = input;
	struct mfa_device *device;
	struct subject owner;

	(void)output;
	if (!subject_user_or_self(call, in->user_name, &owner, err))
		return false;
	device = find(call, in->serial_number, owner.id, err);
	if (!device)
		return false;
	device->owner_id = SLICE_NONE;
	device->enabled_ms = 0;
	return mfa_devices_update(call->catalog, device, err);
}

static bool perform_list(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_list_mfa_devices_request *in = input;
	struct iam_list_mfa_devices_response *out = output;
	struct mfa_device_list devices;
	struct listing listing;
	struct subject owner;
	struct slice place = SLICE_NONE;
	size_t shown = 0;
	bool is_full = false;

	if (!listing_begin(&listing, call, input, err) || !subject_user_or_self(call, in->user_name, &owner, err)
	    || !mfa_devices_list(call->catalog, &call->arena, call->account, owner.id, &devices, err))
		return false;
	out->mfa_devices.items = arena_array(&call->arena, devices.count, sizeof *out->mfa_devices.items);
	out->mfa_devices.is_set = true;
	for (size_t i = 0; i < devices.count && !is_full; i++) {
		const struct mfa_device *device = &devices.items[i];
		enum listing_verdict verdict = listing_admit(&listing, device->serial, &shown);

		is_full = verdict == LISTING_FULL;
		if (verdict != LISTING_SHOW)
			continue;
		place = device->serial;
		out->mfa_devices.items[out->mfa_devices.count++] = (struct iam_mfa_device){
			.user_name = owner.name, .serial_number = device->serial, .enable_date = SET_TIME(device->enabled_ms),
		};
	}
	listing_end(&listing, call, output, is_full, place);
	return true;
}

const struct operation iam_enable_mfa_device = {
	.shape   = &iam_enable_mfa_device_shape,
	.action  = "iam:EnableMFADevice",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_enable,
};

const struct operation iam_resync_mfa_device = {
	.shape   = &iam_resync_mfa_device_shape,
	.action  = "iam:ResyncMFADevice",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_resync,
};

const struct operation iam_deactivate_mfa_device = {
	.shape   = &iam_deactivate_mfa_device_shape,
	.action  = "iam:DeactivateMFADevice",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_deactivate,
};

const struct operation iam_list_mfa_devices = {
	.shape   = &iam_list_mfa_devices_shape,
	.action  = "iam:ListMFADevices",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform_list,
};
