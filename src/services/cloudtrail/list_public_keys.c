/* services/cloudtrail/list_public_keys.c: the keys that digests of a time were signed with.
 * Source: CloudTrail API Reference (2013-11-01), ListPublicKeys. */
#include "services/cloudtrail/shapes.h"
#include "services/operation.h"
#include "trail/signing_keys.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_list_public_keys_request *in = input;
	struct cloudtrail_list_public_keys_response *out = output;
	int64_t start_ms = in->start_time.is_set ? in->start_time.ms : call->now_ms;
	int64_t end_ms = in->end_time.is_set ? in->end_time.ms : call->now_ms;
	struct signing_key_list keys;

	if (in->next_token.ptr)
		return fail_as(err, ERR_INVALID, "InvalidTokenException", "ListPublicKeys gives no tokens: it answers everything at once.");
	if (start_ms > end_ms)
		return fail_as(err, ERR_INVALID, "InvalidTimeRangeException", "The start time must not be later than the end time.");
	if (!signing_keys_list(call->catalog, &call->arena, start_ms, end_ms, &keys, err))
		return false;
	out->public_key_list.items = arena_array(&call->arena, keys.count, sizeof *out->public_key_list.items);
	out->public_key_list.count = keys.count;
	out->public_key_list.is_set = true;
	for (size_t i = 0; i < keys.count; i++)
		out->public_key_list.items[i] = (struct cloudtrail_public_key){
			.value = keys.items[i].public_der, .validity_start_time = SET_TIME(keys.items[i].start_ms),
			.validity_end_time = SET_TIME(keys.items[i].end_ms), .fingerprint = keys.items[i].fingerprint,
		};
	return true;
}

const struct operation cloudtrail_list_public_keys = {
	.shape = &cloudtrail_list_public_keys_shape,
	.action = "cloudtrail:ListPublicKeys",
	.access = ACCESS_READ,
	.place = PLACE_FRONT,
	.calls_per_second = 10,
	.perform = perform,
};
