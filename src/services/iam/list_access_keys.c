/* services/iam/list_access_keys.c: the access keys of a user, or of root, oldest first and without their secrets.
 * Source: IAM API Reference (2010-05-08), ListAccessKeys. */
#include "auth/access_keys.h"
#include "services/iam/listing.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_list_access_keys_request *in = input;
	struct iam_list_access_keys_response *out = output;
	struct access_key_list keys;
	struct subject owner;
	struct listing listing;
	struct slice place = SLICE_NONE;
	size_t shown = 0;
	bool is_full = false;

	if (!listing_begin(&listing, call, input, err) || !subject_user_or_self(call, in->user_name, &owner, err)
	    || !access_keys_list(call->catalog, &call->arena, call->account, owner.id, &keys, err))
		return false;
	out->access_key_metadata.items = arena_array(&call->arena, keys.count, sizeof *out->access_key_metadata.items);
	out->access_key_metadata.is_set = true;
	for (size_t i = 0; i < keys.count && !is_full; i++) {
		const struct access_key *key = &keys.items[i];
		struct slice at = arena_format(&call->arena, "%020" PRId64 " %.*s", key->created_ms, SLICE_ARG(key->access_key_id));
		enum listing_verdict verdict = listing_admit(&listing, at, &shown);

		is_full = verdict == LISTING_FULL;
		if (verdict != LISTING_SHOW)
			continue;
		place = at;
		out->access_key_metadata.items[out->access_key_metadata.count++] = (struct iam_access_key_metadata){
			.user_name = owner.name,
			.access_key_id = key->access_key_id,
			.status = key->is_active ? S("Active") : S("Inactive"),
			.create_date = SET_TIME(key->created_ms),
		};
	}
	listing_end(&listing, call, output, is_full, place);
	return true;
}

const struct operation iam_list_access_keys = {
	.shape   = &iam_list_access_keys_shape,
	.action  = "iam:ListAccessKeys",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform,
};
