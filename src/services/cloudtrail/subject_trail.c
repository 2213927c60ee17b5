/* services/cloudtrail/subject_trail.c: one row by its key; what the region of the request sees of it. */
#include "services/cloudtrail/subject_trail.h"

#include "services/authorisation.h"
#include "trail/trail_tags.h"

/* The member that names it. */
static struct slice name_of(const struct call *call, const void *input)
{
	const struct shape *shape = call->operation->shape->input;
	const struct shape_member *member = shape_member_find(shape, S("Name"));
	const struct slice *name;

	if (!member)
		member = shape_member_find(shape, S("TrailName"));
	assert(member);
	name = shape_value(member, input);
	return name ? *name : SLICE_NONE;
}

static struct slice arn_of(struct call *call, const struct trail_arn *parts)
{
	return trail_names_arn(&call->arena, parts->region, parts->account, parts->name);
}

struct slice subject_trail_arn(struct call *call, const struct trail *trail)
{
	return trail_names_arn(&call->arena, trail->region, trail->account, trail->name);
}

const struct trail *subject_trail_find(struct call *call, const struct trail_arn *parts, struct error *err)
{
	const struct trail *trail;

	if (!slice_equal(parts->account, call->account))
		return NULL;
	trail = trails_find(call->catalog, &call->arena, parts->account, parts->region, parts->name, err);
	return trail && (trail->is_multi_region || slice_equal(trail->region, call->region)) ? trail : NULL;
}

const struct trail *subject_trail_get(struct call *call, struct slice name, struct error *err)
{
	struct trail_reference reference;
	const struct trail *trail;

	if (!trail_names_read(name, call->region, call->account, &reference, err))
		return NULL;
	trail = subject_trail_find(call, &reference.parts, err);
	/* An ARN of another partition names nothing here. */
	if (trail && reference.is_arn && !slice_equal(name, subject_trail_arn(call, trail)))
		trail = NULL;
	if (!trail && err->kind == ERR_NONE) {
		struct slice shown = reference.is_arn ? name : arn_of(call, &reference.parts);
		fail_as(err, ERR_NOT_FOUND, "TrailNotFoundException", "Unknown trail: %.*s for the user: %.*s", SLICE_ARG(shown),
		        SLICE_ARG(call->account));
	}
	return trail;
}

const struct trail *subject_trail_get_home(struct call *call, struct slice name, struct error *err)
{
	const struct trail *trail = subject_trail_get(call, name, err);

	if (!trail || slice_equal(trail->region, call->region))
		return trail;
	fail_as(err, ERR_CONFLICT, "InvalidHomeRegionException", "Trail %.*s can be modified only from its home region %.*s.",
	        SLICE_ARG(subject_trail_arn(call, trail)), SLICE_ARG(trail->region));
	return NULL;
}

/* ---- for the rows of operations ---- */

bool subject_trail_authorise(struct call *call, const void *input, struct error *err)
{
	struct trail_reference reference;

	return trail_names_read(name_of(call, input), call->region, call->account, &reference, err)
	    && authorisation_standard(call, input, err);
}

void subject_trail_targets(struct call *call, const void *input, struct targets *targets)
{
	struct slice name = name_of(call, input);
	struct trail_reference reference;
	struct error ignored = {0};

	if (trail_names_read(name, call->region, call->account, &reference, &ignored))
		authorisation_add(targets, SLICE_NONE, reference.is_arn ? name : arn_of(call, &reference.parts), SLICE_NONE);
}

void subject_trail_context_tags(struct call *call, const struct trail *trail, struct context *context)
{
	struct error ignored = {0};
	struct trail_tag_list tags;

	if (!trail_tags_list(call->catalog, &call->arena, trail->account, trail->trail_id, &tags, &ignored))
		return;
	for (size_t i = 0; i < tags.count; i++)
		context_set_named(context, S("aws:ResourceTag/"), tags.items[i].key, tags.items[i].value.ptr ? tags.items[i].value : S(""));
}

void subject_trail_context(struct call *call, const void *input, struct context *context)
{
	struct error ignored = {0};
	const struct trail *trail = subject_trail_get(call, name_of(call, input), &ignored);

	if (trail)
		subject_trail_context_tags(call, trail, context);
}

void subject_trail_context_new(struct call *call, const struct cloudtrail_tag_list *tags, struct context *context)
{
	struct slice *keys = arena_array(&call->arena, tags->count, sizeof *keys);

	for (size_t i = 0; i < tags->count; i++) {
		const struct cloudtrail_tag *tag = &tags->items[i];
		keys[i] = tag->key;
		context_set_named(context, S("aws:RequestTag/"), tag->key, tag->value.ptr ? tag->value : S(""));
	}
	if (tags->count)
		context_set_list(context, S("aws:TagKeys"), keys, tags->count);
}
