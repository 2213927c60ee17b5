/* services/iam/virtual_mfa_devices.c: CreateVirtualMFADevice, ListVirtualMFADevices, DeleteVirtualMFADevice.
 * Source: IAM API Reference (2010-05-08). */
#include "auth/entity_tags.h"
#include "auth/mfa_devices.h"
#include "auth/users.h"
#include "codec/base32.h"
#include "codec/digest.h"
#include "services/authorisation.h"
#include "services/iam/leftovers.h"
#include "services/iam/listing.h"
#include "services/iam/output.h"
#include "services/iam/subject.h"
#include "services/iam/tag_rules.h"

/* The smallest image there is, one white dot: a console would draw the code that spoor's callers make from the seed. */
static const unsigned char ONE_DOT_PNG[] = {
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01,
	0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41,
	0x54, 0x78, 0xda, 0x63, 0xf8, 0x0f, 0x00, 0x01, 0x01, 0x01, 0x00, 0x1c, 0xb0, 0x8c, 0x99, 0x00, 0x00, 0x00, 0x00, 0x49,
	0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

static struct slice serial_of(struct call *call, const struct iam_create_virtual_mfa_device_request *in)
{
	return call_iam_arn(call, "mfa", in->path.ptr ? in->path : S("/"), in->virtual_mfa_device_name);
}

static void targets_create(struct call *call, const void *input, struct targets *targets)
{
	const struct iam_create_virtual_mfa_device_request *in = input;

	authorisation_add(targets, SLICE_NONE, serial_of(call, in), SLICE_NONE);
	if (in->tags.count)
		authorisation_add(targets, S("iam:TagMFADevice"), serial_of(call, in), SLICE_NONE);
}

static bool perform_create(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_create_virtual_mfa_device_request *in = input;
	struct iam_create_virtual_mfa_device_response *out = output;
	const struct mfa_device device = { .account = call->account, .serial = serial_of(call, in), .created_ms = call->now_ms };
	char *text = arena_alloc(&call->arena, BASE32_TEXT_BYTES(MFA_SEED_BYTES));
	char seed[MFA_SEED_BYTES];

	random_bytes(call->random, seed, sizeof seed);
	bool ok = mfa_devices_insert(call->catalog, &call->arena, call->environment->keyring, call->random, &device,
	                             (struct slice){ seed, sizeof seed }, err)
	       && tag_rules_apply(call, device.serial, &in->tags, err);
	struct slice shown = base32_encode(seed, sizeof seed, text);
	digest_wipe(seed, sizeof seed);
	if (!ok)
		return false;
	out->virtual_mfa_device = arena_new(&call->arena, struct iam_virtual_mfa_device);
	*out->virtual_mfa_device = (struct iam_virtual_mfa_device){
		.serial_number = device.serial, .base32_string_seed = shown,
		.qr_code_png = { (const char *)ONE_DOT_PNG, sizeof ONE_DOT_PNG }, .tags = in->tags,
	};
	return true;
}

/* The root user as GetUser has it, or whom the device belongs to. */
static bool show_owner(struct call *call, const struct mfa_device *device, struct iam_virtual_mfa_device *out, struct error *err)
{
	const struct user *user;

	if (!device->owner_id.ptr)
		return true;
	out->enable_date = SET_TIME(device->enabled_ms);
	out->user = arena_new(&call->arena, struct iam_user);
	if (slice_equal(device->owner_id, call->account)) {
		out->user->user_id = call->account;
		out->user->arn = arena_format(&call->arena, "arn:aws:iam::%.*s:root", SLICE_ARG(call->account));
		out->user->create_date = SET_TIME(device->created_ms);
		return true;
	}
	user = users_find_by_id(call->catalog, &call->arena, call->account, device->owner_id, err);
	if (user)
		output_user_in_list(call, user, out->user);
	return err->kind == ERR_NONE;
}

static bool perform_list(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_list_virtual_mfa_devices_request *in = input;
	struct iam_list_virtual_mfa_devices_response *out = output;
	struct iam_virtual_mfa_device_list *list = &out->virtual_mfa_devices;
	bool only_assigned = slice_equal(in->assignment_status, S("Assigned"));
	bool only_free = slice_equal(in->assignment_status, S("Unassigned"));
	struct mfa_device_list devices;
	struct listing listing;
	struct slice place = SLICE_NONE;
	size_t shown = 0;
	bool is_full = false;

	if (!listing_begin(&listing, call, input, err)
	    || !mfa_devices_list(call->catalog, &call->arena, call->account, SLICE_NONE, &devices, err))
		return false;
	list->items = arena_array(&call->arena, devices.count, sizeof *list->items);
	list->is_set = true;
	for (size_t i = 0; i < devices.count && !is_full; i++) {
		const struct mfa_device *device = &devices.items[i];

		if (device->owner_id.ptr ? only_free : only_assigned)
			continue;
		enum listing_verdict verdict = listing_admit(&listing, device->serial, &shown);
		is_full = verdict == LISTING_FULL;
		if (verdict != LISTING_SHOW)
			continue;
		place = device->serial;
		list->items[list->count].serial_number = device->serial;
		if (!show_owner(call, device, &list->items[list->count++], err))
			return false;
	}
	listing_end(&listing, call, output, is_full, place);
	return true;
}

static void targets_delete(struct call *call, const void *input, struct targets *targets)
{
	const struct iam_delete_virtual_mfa_device_request *in = input;

	(void)call;
	authorisation_add(targets, SLICE_NONE, in->serial_number, SLICE_NONE);
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_delete_virtual_mfa_device_request *in = input;
	const struct mfa_device *device = mfa_devices_find(call->catalog, &call->arena, call->account, in->serial_number, err);

	(void)output;
	if (!device)
		return err->kind != ERR_NONE ? false
		     : fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "VirtualMFADevice with serial number %.*s doesn't exist.",
		               SLICE_ARG(in->serial_number));
	if (device->owner_id.ptr)
		return fail_as(err, ERR_CONFLICT, "DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.");
	return entity_tags_delete_all(call->catalog, call->account, device->serial, err)
	    && mfa_devices_delete(call->catalog, call->account, device->serial, err);
}

const struct operation iam_create_virtual_mfa_device = {
	.shape   = &iam_create_virtual_mfa_device_shape,
	.action  = "iam:CreateVirtualMFADevice",
	.targets = targets_create,
	.context = subject_context_new,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_create,
};

const struct operation iam_list_virtual_mfa_devices = {
	.shape   = &iam_list_virtual_mfa_devices_shape,
	.action  = "iam:ListVirtualMFADevices",
	.targets = subject_targets_account,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform_list,
};

const struct operation iam_delete_virtual_mfa_device = {
	.shape   = &iam_delete_virtual_mfa_device_shape,
	.action  = "iam:DeleteVirtualMFADevice",
	.targets = targets_delete,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_delete,
};
