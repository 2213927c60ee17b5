/* services/cloudtrail/tags.c: AddTags, RemoveTags, ListTags: tags of trails, which are named by ARN only.
 * Source: CloudTrail API Reference (2013-11-01), AddTags, RemoveTags, ListTags. */
#include "services/authorisation.h"
#include "services/cloudtrail/subject_trail.h"
#include "services/cloudtrail/trail_tag_list.h"

enum { LISTED_MAX = 20, SHOWN_BYTES_MAX = 300 };
_Static_assert((int)LISTED_MAX <= (int)TARGETS_MAX, "each is a target");

/* ---- the resource ---- */

/* "arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE", whatever that is. */
static bool is_arn(struct slice text)
{
	struct slice part;
	size_t count = 0;

	for (; text.ptr && count < 6; count++)
		text = slice_cut(text, ':', &part);
	return count == 6;
}

/* Event data stores, channels and dashboards have tags too, but spoor has none of them. */
static bool read_resource(struct slice id, struct trail_arn *parts, struct error *err)
{
	struct error why = {0};

	if (trail_names_parse_arn(id, parts, &why))
		return true;
	struct slice shown = slice_sub(id, 0, SHOWN_BYTES_MAX);
	if (slice_has_prefix(id, S("arn:")) && is_arn(id) && slice_find(id, S(":trail/")) == SLICE_NPOS)
		return fail_as(err, ERR_INVALID, "ResourceTypeNotSupportedException", "%.*s is no trail; spoor has tags of trails only.",
		               SLICE_ARG(shown));
	return fail_as(err, ERR_INVALID, why.name, "%s", why.message);
}

static const struct trail *get(struct call *call, struct slice id, struct error *err)
{
	struct trail_arn parts;
	const struct trail *trail;

	if (!read_resource(id, &parts, err))
		return NULL;
	trail = subject_trail_find(call, &parts, err);
	if (trail && !slice_equal(subject_trail_arn(call, trail), id))
		trail = NULL;
	if (!trail && err->kind == ERR_NONE)
		fail_as(err, ERR_NOT_FOUND, "ResourceNotFoundException", "There is no trail %.*s in the account %.*s.", SLICE_ARG(id),
		        SLICE_ARG(call->account));
	return trail;
}

/* For what changes them. */
static const struct trail *get_home(struct call *call, struct slice id, struct error *err)
{
	const struct trail *trail = get(call, id, err);

	return trail ? subject_trail_get_home(call, id, err) : NULL;
}

/* AddTagsRequest and RemoveTagsRequest are alike. */
_Static_assert(offsetof(struct cloudtrail_remove_tags_request, resource_id) == offsetof(struct cloudtrail_add_tags_request, resource_id)
	&& offsetof(struct cloudtrail_remove_tags_request, tags_list) == offsetof(struct cloudtrail_add_tags_request, tags_list),
	"one function reads both");

static bool authorise(struct call *call, const void *input, struct error *err)
{
	const struct cloudtrail_add_tags_request *in = input;
	struct trail_arn parts;

	return read_resource(in->resource_id, &parts, err) && authorisation_standard(call, input, err);
}

static void targets(struct call *call, const void *input, struct targets *targets)
{
	const struct cloudtrail_add_tags_request *in = input;

	(void)call;
	authorisation_add(targets, SLICE_NONE, in->resource_id, SLICE_NONE);
}

static void context(struct call *call, const void *input, struct context *context)
{
	const struct cloudtrail_add_tags_request *in = input;
	struct error ignored = {0};
	const struct trail *trail = get(call, in->resource_id, &ignored);

	subject_trail_context_new(call, &in->tags_list, context);
	if (trail)
		subject_trail_context_tags(call, trail, context);
}

/* ---- the operations ---- */

static bool add(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_add_tags_request *in = input;
	const struct trail_tag *tags = trail_tag_list_read(call, &in->tags_list);
	const struct trail *trail = get_home(call, in->resource_id, err);

	(void)output;
	return trail && trail_tags_check(tags, in->tags_list.count, err)
	    && trail_tags_set(call->catalog, trail->account, trail->trail_id, tags, in->tags_list.count, err);
}

/* By key, whatever value is given with it; what is not there is gone already. */
static bool remove_tags(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_remove_tags_request *in = input;
	const struct trail *trail = get_home(call, in->resource_id, err);

	(void)output;
	if (!trail)
		return false;
	for (size_t i = 0; i < in->tags_list.count; i++)
		if (!trail_tags_remove(call->catalog, trail->account, trail->trail_id, in->tags_list.items[i].key, err))
			return false;
	return true;
}

static bool authorise_list(struct call *call, const void *input, struct error *err)
{
	const struct cloudtrail_list_tags_request *in = input;
	struct trail_arn parts;

	if (in->resource_id_list.count == 0 || in->resource_id_list.count > LISTED_MAX)
		return fail_as(err, ERR_INVALID, "CloudTrailARNInvalidException", "ResourceIdList has 1 to %d ARNs, not %zu.", (int)LISTED_MAX,
		               in->resource_id_list.count);
	for (size_t i = 0; i < in->resource_id_list.count; i++)
		if (!read_resource(in->resource_id_list.items[i], &parts, err))
			return false;
	return authorisation_standard(call, input, err);
}

static void targets_list(struct call *call, const void *input, struct targets *targets)
{
	const struct cloudtrail_list_tags_request *in = input;

	(void)call;
	for (size_t i = 0; i < in->resource_id_list.count; i++)
		authorisation_add(targets, SLICE_NONE, in->resource_id_list.items[i], SLICE_NONE);
}

static bool list(struct call *call, const void *input, void *output, struct error *err)
{
	const struct cloudtrail_list_tags_request *in = input;
	struct cloudtrail_list_tags_response *out = output;
	const struct text_list *ids = &in->resource_id_list;

	if (in->next_token.ptr)
		return fail_as(err, ERR_INVALID, "InvalidTokenException", "ListTags gives no tokens: it answers everything at once.");
	out->resource_tag_list.items = arena_array(&call->arena, ids->count, sizeof *out->resource_tag_list.items);
	out->resource_tag_list.is_set = true;
	for (size_t i = 0; i < ids->count; i++) {
		const struct trail *trail = get(call, ids->items[i], err);
		struct trail_tag_list tags;
		if (!trail || !trail_tags_list(call->catalog, &call->arena, trail->account, trail->trail_id, &tags, err))
			return false;
		struct cloudtrail_resource_tag *item = &out->resource_tag_list.items[out->resource_tag_list.count++];
		item->resource_id = ids->items[i];
		trail_tag_list_write(call, &tags, &item->tags_list);
	}
	return true;
}

const struct operation cloudtrail_add_tags = {
	.shape = &cloudtrail_add_tags_shape, .action = "cloudtrail:AddTags", .authorise = authorise, .targets = targets,
	.context = context, .access = ACCESS_WRITE, .place = PLACE_WRITER, .calls_per_second = 1, .perform = add,
};

const struct operation cloudtrail_remove_tags = {
	.shape = &cloudtrail_remove_tags_shape, .action = "cloudtrail:RemoveTags", .authorise = authorise, .targets = targets,
	.context = context, .access = ACCESS_WRITE, .place = PLACE_WRITER, .calls_per_second = 1, .perform = remove_tags,
};

const struct operation cloudtrail_list_tags = {
	.shape = &cloudtrail_list_tags_shape, .action = "cloudtrail:ListTags", .authorise = authorise_list, .targets = targets_list,
	.access = ACCESS_READ, .place = PLACE_FRONT, .calls_per_second = 10, .perform = list,
};
