/* services/cloudtrail/insight_selectors.c: which insights a trail wants. They are kept; what would look for them comes with
 * the detector.
 * Source: CloudTrail API Reference (2013-11-01), PutInsightSelectors, GetInsightSelectors. */
#include "services/cloudtrail/preflight.h"
#include "services/cloudtrail/subject_trail.h"
#include "services/decode_json.h"
#include "services/encode_json.h"

enum { DOCUMENT_BYTES_MAX = 4096 };             /* two types with their categories */

/* PutInsightSelectorsRequest and GetInsightSelectorsRequest name a trail or an event data store; spoor has none of those. */
static bool check_source(struct slice trail_name, struct slice store, struct slice destination, struct error *err)
{
	if (trail_name.ptr && (store.ptr || destination.ptr))
		return fail_as(err, ERR_INVALID, "InvalidParameterCombinationException",
		               "TrailName cannot be given together with EventDataStore or InsightsDestination.");
	if (store.ptr)
		return fail_as(err, ERR_INVALID, "UnsupportedOperationException", "spoor does not serve event data stores.");
	return trail_name.ptr || fail_as(err, ERR_INVALID, "InvalidParameterException", "TrailName or EventDataStore is needed.");
}

/* ---- what is wanted ---- */

static bool refuse(struct error *err, const char *text)
{
	return fail_as(err, ERR_INVALID, "InvalidInsightSelectorsException", "%s", text);
}

static bool check_types(const struct cloudtrail_insight_selector_list *list, struct error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!list->items[i].insight_type.ptr)
			return refuse(err, "An insight selector needs InsightType.");
		for (size_t other = 0; other < i; other++)
			if (slice_equal(list->items[other].insight_type, list->items[i].insight_type))
				return refuse(err, "Each InsightType may be given once.");
	}
	return true;
}

static bool has_text(const struct text_list *list, struct slice text)
{
	for (size_t i = 0; i < list->count; i++)
		if (slice_equal(list->items[i], text))
			return true;
	return false;
}

static bool is_wanted(const struct cloudtrail_insight_selector *selector, struct slice category)
{
	return selector->event_categories.count ? has_text(&selector->event_categories, category)
	                                        : slice_equal(category, S("Management"));
}

/* Does the selector admit some management event that is a write, or one that is a read? */
static bool advanced_has_management(const struct cloudtrail_advanced_event_selector *selector, struct slice read_only)
{
	bool is_management = false, fits = true;

	for (size_t i = 0; i < selector->field_selectors.count; i++) {
		const struct cloudtrail_advanced_field_selector *field = &selector->field_selectors.items[i];
		if (slice_equal(field->field, S("eventCategory")))
			is_management = has_text(&field->equals, S("Management"));
		if (slice_equal(field->field, S("readOnly")))
			fits = has_text(&field->equals, read_only);
	}
	return is_management && fits;
}

static bool has_management(const struct cloudtrail_get_event_selectors_response *selectors, bool is_read)
{
	for (size_t i = 0; i < selectors->event_selectors.count; i++) {
		const struct cloudtrail_event_selector *selector = &selectors->event_selectors.items[i];
		if (selector->include_management_events.value
		    && !slice_equal(selector->read_write_type, is_read ? S("WriteOnly") : S("ReadOnly")))
			return true;
	}
	for (size_t i = 0; i < selectors->advanced_event_selectors.count; i++)
		if (advanced_has_management(&selectors->advanced_event_selectors.items[i], is_read ? S("true") : S("false")))
			return true;
	return false;
}

/* Rates of calls are counted on writes, of errors on all calls. */
static bool check_events(struct call *call, const struct trail *trail, const struct cloudtrail_insight_selector_list *list,
                         struct error *err)
{
	struct error why = {0};
	const struct cloudtrail_get_event_selectors_response *selectors =
		decode_json(&call->arena, cloudtrail_get_event_selectors_shape.output, trail->selectors, &why);

	if (!selectors)
		return fail(err, ERR_CORRUPT, "the event selectors of trail %.*s: %s", SLICE_ARG(trail->name), why.message);
	bool has_writes = has_management(selectors, false), has_any = has_writes || has_management(selectors, true);
	for (size_t i = 0; i < list->count; i++) {
		bool is_rate = slice_equal(list->items[i].insight_type, S("ApiCallRateInsight"));
		if (is_wanted(&list->items[i], S("Management")) && !(is_rate ? has_writes : has_any))
			return refuse(err, is_rate ? "ApiCallRateInsight needs a trail that logs write management events."
			                           : "ApiErrorRateInsight needs a trail that logs management events.");
	}
	return true;
}

/* ---- the operations ---- */

static bool authorise_put(struct call *call, const void *input, struct error *err)
{
	const struct cloudtrail_put_insight_selectors_request *in = input;

	return check_source(in->trail_name, in->event_data_store, in->insights_destination, err)
	    && subject_trail_authorise(call, input, err);
}

static bool authorise_get(struct call *call, const void *input, struct error *err)
{
	const struct cloudtrail_get_insight_selectors_request *in = input;

	return check_source(in->trail_name, in->event_data_store, SLICE_NONE, err) && subject_trail_authorise(call, input, err);
}

/* The list replaces the one before; an empty one is none. */
static bool put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_put_insight_selectors_request *in = input;
	struct cloudtrail_put_insight_selectors_response *out = output;
	const struct trail *found = subject_trail_get_home(call, in->trail_name, err);

	if (!found || !check_types(&in->insight_selectors, err))
		return false;
	struct trail trail = *found;
	struct buffer text;
	out->insight_selectors = in->insight_selectors;
	buffer_init(&text, &call->arena, DOCUMENT_BYTES_MAX);
	encode_json(&text, cloudtrail_put_insight_selectors_shape.output, out);
	trail.insight_selectors = in->insight_selectors.count ? buffer_slice(&text) : SLICE_NONE;
	if (text.is_over)
		return refuse(err, "The insight selectors are too long.");
	if (!check_events(call, &trail, &in->insight_selectors, err) || !preflight_bucket(call, &trail, err))
		return false;
	out->trail_arn = subject_trail_arn(call, &trail);
	return trails_update(call->catalog, &trail, err);
}

static bool get(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_get_insight_selectors_request *in = input;
	struct cloudtrail_get_insight_selectors_response *out = output;
	const struct trail *trail = subject_trail_get(call, in->trail_name, err);
	const struct cloudtrail_get_insight_selectors_response *stored;
	struct error why = {0};

	if (!trail)
		return false;
	if (!trail->insight_selectors.ptr)
		return fail_as(err, ERR_NOT_FOUND, "InsightNotEnabledException", "Trail %.*s does not have Insights enabled. Edit the trail "
		               "settings to enable Insights, and then try the operation again.", SLICE_ARG(trail->name));
	stored = decode_json(&call->arena, cloudtrail_get_insight_selectors_shape.output, trail->insight_selectors, &why);
	if (!stored)
		return fail(err, ERR_CORRUPT, "the insight selectors of trail %.*s: %s", SLICE_ARG(trail->name), why.message);
	*out = *stored;
	out->trail_arn = subject_trail_arn(call, trail);
	return true;
}

const struct operation cloudtrail_put_insight_selectors = {
	.shape = &cloudtrail_put_insight_selectors_shape, .action = "cloudtrail:PutInsightSelectors", .authorise = authorise_put,
	.targets = subject_trail_targets, .context = subject_trail_context, .access = ACCESS_WRITE, .place = PLACE_WRITER,
	.calls_per_second = 1, .perform = put,
};

const struct operation cloudtrail_get_insight_selectors = {
	.shape = &cloudtrail_get_insight_selectors_shape, .action = "cloudtrail:GetInsightSelectors", .authorise = authorise_get,
	.targets = subject_trail_targets, .context = subject_trail_context, .access = ACCESS_READ, .place = PLACE_FRONT,
	.calls_per_second = 10, .perform = get,
};
