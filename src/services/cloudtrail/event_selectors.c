/* services/cloudtrail/event_selectors.c: which events a trail wants. Kept as the API spells them, what was left out filled in.
 * Source: CloudTrail API Reference (2013-11-01), PutEventSelectors, GetEventSelectors. */
#include "services/cloudtrail/subject_trail.h"
#include "services/decode_json.h"
#include "services/encode_json.h"
#include "trail/selectors.h"

enum { DOCUMENT_BYTES_MAX = 4 << 20 };          /* above the 500 values of 2,048 characters that a trail may have */

/* ---- putting ---- */

static void fill_defaults(struct call *call, const struct cloudtrail_event_selector_list *from,
                          struct cloudtrail_event_selector_list *to)
{
	to->items = arena_array(&call->arena, from->count, sizeof *to->items);
	to->count = from->count;
	to->is_set = from->is_set;
	for (size_t i = 0; i < from->count; i++) {
		struct cloudtrail_event_selector *item = &to->items[i];
		*item = from->items[i];
		if (!item->read_write_type.ptr)
			item->read_write_type = S("All");
		if (!item->include_management_events.is_set)
			item->include_management_events = SET_BOOL(true);
		item->data_resources.is_set = item->exclude_management_event_sources.is_set = true;
	}
}

/* The document, for the row. */
static bool read_document(struct call *call, const struct cloudtrail_put_event_selectors_response *selectors,
                          struct slice *document, struct error *err)
{
	struct buffer text;

	buffer_init(&text, &call->arena, DOCUMENT_BYTES_MAX);
	encode_json(&text, cloudtrail_put_event_selectors_shape.output, selectors);
	if (text.is_over)
		return fail_as(err, ERR_INVALID, "InvalidEventSelectorsException", "The event selectors are too long.");
	*document = buffer_slice(&text);
	return selectors_compile(&call->arena, *document, err) != NULL;
}

static bool put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_put_event_selectors_request *in = input;
	struct cloudtrail_put_event_selectors_response *out = output;
	const struct trail *found = subject_trail_get_home(call, in->trail_name, err);

	if (!found)
		return false;
	struct trail trail = *found;
	fill_defaults(call, &in->event_selectors, &out->event_selectors);
	out->advanced_event_selectors = in->advanced_event_selectors;
	if (!read_document(call, out, &trail.selectors, err))
		return false;
	trail.has_custom_selectors = !slice_equal(trail.selectors, slice_of(SELECTORS_DEFAULT));
	out->trail_arn = subject_trail_arn(call, &trail);
	return trails_update(call->catalog, &trail, err);
}

/* ---- getting ---- */

static bool get(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_get_event_selectors_request *in = input;
	struct cloudtrail_get_event_selectors_response *out = output;
	const struct trail *trail = subject_trail_get(call, in->trail_name, err);
	const struct cloudtrail_get_event_selectors_response *stored;
	struct error why = {0};

	if (!trail)
		return false;
	stored = decode_json(&call->arena, cloudtrail_get_event_selectors_shape.output, trail->selectors, &why);
	if (!stored)
		return fail(err, ERR_CORRUPT, "the event selectors of trail %.*s: %s", SLICE_ARG(trail->name), why.message);
	*out = *stored;
	out->trail_arn = subject_trail_arn(call, trail);
	return true;
}

const struct operation cloudtrail_put_event_selectors = {
	.shape = &cloudtrail_put_event_selectors_shape, .action = "cloudtrail:PutEventSelectors",
	.authorise = subject_trail_authorise, .targets = subject_trail_targets, .context = subject_trail_context,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .calls_per_second = 1, .changes_trails = true, .perform = put,
};

const struct operation cloudtrail_get_event_selectors = {
	.shape = &cloudtrail_get_event_selectors_shape, .action = "cloudtrail:GetEventSelectors",
	.authorise = subject_trail_authorise, .targets = subject_trail_targets, .context = subject_trail_context,
	.access = ACCESS_READ, .place = PLACE_FRONT, .calls_per_second = 10, .perform = get,
};
