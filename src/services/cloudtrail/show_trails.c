/* services/cloudtrail/show_trails.c: GetTrail, DescribeTrails, ListTrails: trails that have their home in the region of the
 * request, and shadows of others.
 * Source: CloudTrail API Reference (2013-11-01), GetTrail, DescribeTrails, ListTrails. */
#include "codec/base64.h"
#include "services/authorisation.h"
#include "services/cloudtrail/subject_trail.h"
#include "services/cloudtrail/trail_output.h"

enum { LIST_PAGE = 100 };

/* ---- GetTrail ---- */

/* Says the name as it was given, where all others say the ARN. */
static bool get(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_get_trail_request *in = input;
	struct cloudtrail_get_trail_response *out = output;
	const struct trail *trail = subject_trail_get(call, in->name, err);

	if (!trail && err->name && slice_equal(slice_of(err->name), S("TrailNotFoundException"))) {
		*err = (struct error){0};
		return fail_as(err, ERR_NOT_FOUND, "TrailNotFoundException", "Unknown trail: %.*s for the user: %.*s", SLICE_ARG(in->name),
		               SLICE_ARG(call->account));
	}
	if (!trail)
		return false;
	out->trail = arena_new(&call->arena, struct cloudtrail_trail);
	trail_output(call, trail, out->trail);
	return true;
}

/* ---- DescribeTrails ---- */

/* Texts that are neither names nor ARNs are told before anybody is asked. */
static bool authorise_describe(struct call *call, const void *input, struct error *err)
{
	const struct cloudtrail_describe_trails_request *in = input;
	struct trail_reference reference;

	for (size_t i = 0; i < in->trail_name_list.count; i++)
		if (!trail_names_read(in->trail_name_list.items[i], call->region, call->account, &reference, err))
			return false;
	return authorisation_standard(call, input, err);
}

/* Those that are asked for, in that order; who is not there is not an error. */
static bool describe_named(struct call *call, const struct text_list *names, struct cloudtrail_trail_list *out, struct error *err)
{
	out->items = arena_array(&call->arena, names->count, sizeof *out->items);
	for (size_t i = 0; i < names->count; i++) {
		struct error why = {0};
		const struct trail *trail = subject_trail_get(call, names->items[i], &why);
		if (trail)
			trail_output(call, trail, &out->items[out->count++]);
		else if (why.kind != ERR_NOT_FOUND)
			return fail(err, why.kind, "%s", why.message);
	}
	return true;
}

static int compare_names(const void *a, const void *b)
{
	const struct cloudtrail_trail *x = a, *y = b;
	int order = slice_compare(x->name, y->name);

	return order ? order : slice_compare(x->home_region, y->home_region);
}

/* Those at home here, then shadows; each by name. */
static bool describe_all(struct call *call, bool has_shadows, struct cloudtrail_trail_list *out, struct error *err)
{
	struct trail_list list;

	if (!trails_list(call->catalog, &call->arena, call->account, &list, err))
		return false;
	out->items = arena_array(&call->arena, list.count, sizeof *out->items);
	for (size_t i = 0; i < list.count; i++)
		if (slice_equal(list.items[i].region, call->region))
			trail_output(call, &list.items[i], &out->items[out->count++]);
	size_t home_count = out->count;
	for (size_t i = 0; has_shadows && i < list.count; i++)
		if (list.items[i].is_multi_region && !slice_equal(list.items[i].region, call->region))
			trail_output(call, &list.items[i], &out->items[out->count++]);
	if (out->count > home_count)
		qsort(out->items + home_count, out->count - home_count, sizeof *out->items, compare_names);
	return true;
}

static bool describe(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_describe_trails_request *in = input;
	struct cloudtrail_describe_trails_response *out = output;

	out->trail_list.is_set = true;
	if (in->trail_name_list.count)
		return describe_named(call, &in->trail_name_list, &out->trail_list, err);
	return describe_all(call, !in->include_shadow_trails.is_set || in->include_shadow_trails.value, &out->trail_list, err);
}

/* ---- ListTrails ---- */

/* "REGION/NAME" of the last one of the page before. */
static bool read_token(struct call *call, struct slice token, struct slice *region, struct slice *name, struct error *err)
{
	struct error ignored = {0};
	struct slice text = token.ptr ? base64_decode(&call->arena, token, &ignored) : S("/");

	*name = slice_cut(text, '/', region);
	return name->ptr != NULL
	    || fail_as(err, ERR_INVALID, "InvalidNextTokenException", "The token is not one that ListTrails gave.");
}

static bool is_after(const struct trail *trail, struct slice region, struct slice name)
{
	int order = slice_compare(trail->region, region);

	return order > 0 || (order == 0 && slice_compare(trail->name, name) > 0);
}

/* Of every region, whatever the region of the request is. */
static bool list(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_list_trails_request *in = input;
	struct cloudtrail_list_trails_response *out = output;
	struct slice region, name;
	struct trail_list all;

	if (!read_token(call, in->next_token, &region, &name, err)
	    || !trails_list(call->catalog, &call->arena, call->account, &all, err))
		return false;
	out->trails.items = arena_array(&call->arena, LIST_PAGE, sizeof *out->trails.items);
	out->trails.is_set = true;
	for (size_t i = 0; i < all.count; i++) {
		const struct trail *trail = &all.items[i];
		if (!is_after(trail, region, name))
			continue;
		if (out->trails.count == LIST_PAGE) {
			out->next_token = base64_text(&call->arena, arena_format(&call->arena, "%.*s/%.*s", SLICE_ARG(all.items[i - 1].region),
			                                                         SLICE_ARG(all.items[i - 1].name)));
			return true;
		}
		out->trails.items[out->trails.count++] = (struct cloudtrail_trail_info){
			.trail_arn = subject_trail_arn(call, trail), .name = trail->name, .home_region = trail->region,
		};
	}
	return true;
}

const struct operation cloudtrail_get_trail = {
	.shape = &cloudtrail_get_trail_shape, .action = "cloudtrail:GetTrail", .authorise = subject_trail_authorise,
	.targets = subject_trail_targets, .context = subject_trail_context, .access = ACCESS_READ, .place = PLACE_FRONT,
	.calls_per_second = 10, .perform = get,
};

const struct operation cloudtrail_describe_trails = {
	.shape = &cloudtrail_describe_trails_shape, .action = "cloudtrail:DescribeTrails", .authorise = authorise_describe,
	.access = ACCESS_READ, .place = PLACE_FRONT, .calls_per_second = 10, .perform = describe,
};

const struct operation cloudtrail_list_trails = {
	.shape = &cloudtrail_list_trails_shape, .action = "cloudtrail:ListTrails", .access = ACCESS_READ, .place = PLACE_FRONT,
	.calls_per_second = 10, .perform = list,
};
