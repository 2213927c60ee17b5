/* services/cloudtrail/lookup_events.c: the newest management events of the account and region.
 * Source: CloudTrail API Reference (2013-11-01), LookupEvents. */
#include "base/clock.h"
#include "base/limits.h"
#include "services/cloudtrail/shapes.h"
#include "services/operation.h"
#include "trail/history.h"

struct attribute_row {
	struct slice   name;
	enum frame_key key;
	bool           is_for_insights;
};

static const struct attribute_row attributes[] = {
	{ S_INIT("AccessKeyId"),  FRAME_ACCESS_KEY_ID,  false },
	{ S_INIT("EventId"),      FRAME_EVENT_ID,       true  },
	{ S_INIT("EventName"),    FRAME_EVENT_NAME,     true  },
	{ S_INIT("EventSource"),  FRAME_EVENT_SOURCE,   true  },
	{ S_INIT("ReadOnly"),     FRAME_READ_ONLY_TEXT, false },
	{ S_INIT("ResourceName"), FRAME_RESOURCE_NAME,  false },
	{ S_INIT("ResourceType"), FRAME_RESOURCE_TYPE,  false },
	{ S_INIT("Username"),     FRAME_USERNAME,       false },
};

/* One attribute or none; validation has seen to the count, the key's spelling and the value's length. */
static bool fill_attribute(const struct cloudtrail_lookup_events_request *in, struct history_request *request,
                           struct error *err)
{
	if (in->lookup_attributes.count == 0)
		return true;
	const struct cloudtrail_lookup_attribute *asked = &in->lookup_attributes.items[0];
	for (size_t i = 0; i < COUNT(attributes); i++) {
		if (!slice_equal(attributes[i].name, asked->attribute_key))
			continue;
		if (request->category == HISTORY_INSIGHT && !attributes[i].is_for_insights)
			return fail_as(err, ERR_INVALID, "InvalidLookupAttributesException",
			               "Insights events can be looked up by EventId, EventName and EventSource; got %.*s.",
			               SLICE_ARG(asked->attribute_key));
		request->key = attributes[i].key;
		request->value = asked->attribute_value;
		return true;
	}
	return fail_as(err, ERR_INVALID, "InvalidLookupAttributesException", "%.*s is no lookup attribute.",
	               SLICE_ARG(asked->attribute_key));
}

static void fill_event(struct arena *arena, const struct history_event *from, struct cloudtrail_event *event)
{
	struct cloudtrail_resource *resources = arena_array(arena, from->resource_count, sizeof *resources);

	for (size_t i = 0; i < from->resource_count; i++)
		resources[i] = (struct cloudtrail_resource){
			.resource_type = from->resources[i].type, .resource_name = from->resources[i].name,
		};
	*event = (struct cloudtrail_event){
		.event_id = from->event_id,
		.event_name = from->event_name,
		.read_only = from->is_read_only ? S("true") : S("false"),   /* a text here, a boolean in the record */
		.access_key_id = from->access_key_id,
		.event_time = SET_TIME(from->time_ms),
		.event_source = from->event_source,
		.username = from->username,
		.resources = { resources, from->resource_count, .is_set = true },
		.cloud_trail_event = from->json,
	};
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_lookup_events_request *in = input;
	struct cloudtrail_lookup_events_response *out = output;
	struct history_page page;
	struct history_request request = {
		.region = call->region,
		.category = in->event_category.ptr ? HISTORY_INSIGHT : HISTORY_MANAGEMENT,
		.has_start = in->start_time.is_set, .start_ms = in->start_time.ms,
		.has_end = in->end_time.is_set, .end_ms = in->end_time.ms,
		.max_results = in->max_results.is_set ? (uint32_t)in->max_results.value : HISTORY_PAGE_MAX,
		.token = in->next_token,
		.now_ms = call->now_ms,
		.days = call->environment->history_days,
		.deadline_monotonic_ms = clock_monotonic_ms() + HISTORY_LOOKUP_MS_MAX,
	};

	slice_to_u64(call->account, &request.account);
	if (request.has_start && request.has_end && request.start_ms > request.end_ms)
		return fail_as(err, ERR_INVALID, "InvalidTimeRangeException",
		               "The start time must not be later than the end time.");
	if (!fill_attribute(in, &request, err)
	    || !history_lookup(call->environment->history, &call->arena, &request, &page, err))
		return false;
	out->events.items = arena_array(&call->arena, page.count, sizeof *out->events.items);
	out->events.count = page.count;
	out->events.is_set = true;
	for (size_t i = 0; i < page.count; i++)
		fill_event(&call->arena, &page.events[i], &out->events.items[i]);
	out->next_token = page.next_token;
	return true;
}

const struct operation cloudtrail_lookup_events = {
	.shape = &cloudtrail_lookup_events_shape,
	.action = "cloudtrail:LookupEvents",
	.access = ACCESS_READ,
	.place = PLACE_WORKER,
	.calls_per_second = 2,
	.perform = perform,
};
