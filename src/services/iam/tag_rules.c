/* services/iam/tag_rules.c: lengths and characters are checked by the shape; here is what needs the other tags. */
#include "services/iam/tag_rules.h"

#include "auth/entity_tags.h"
#include "base/limits.h"

static bool check_keys(struct slice entity_id, const struct iam_tag_list *tags, struct error *err)
{
	bool ignore_case = entity_tags_ignore_case(entity_id);

	for (size_t i = 0; i < tags->count; i++) {
		struct slice key = tags->items[i].key;

		if (slice_has_prefix_nocase(key, S("aws:")))
			return fail_as(err, ERR_INVALID, "InvalidInput", "System tags cannot be added/updated by requester.");
		for (size_t k = 0; k < i; k++) {
			struct slice other = tags->items[k].key;

			if (ignore_case ? slice_equal_nocase(key, other) : slice_equal(key, other))
				return fail_as(err, ERR_INVALID, "InvalidInput", "Duplicate tag keys found.%s",
				               ignore_case ? " Please note that Tag keys are case insensitive." : "");
		}
	}
	return true;
}

bool tag_rules_apply(struct call *call, struct slice entity_id, const struct iam_tag_list *tags, struct error *err)
{
	int64_t count;

	if (tags->count == 0)
		return true;
	if (!check_keys(entity_id, tags, err))
		return false;
	for (size_t i = 0; i < tags->count; i++) {
		const struct entity_tag tag = { tags->items[i].key, tags->items[i].value };

		if (!entity_tags_put(call->catalog, call->account, entity_id, &tag, err))
			return false;
	}
	return entity_tags_count(call->catalog, call->account, entity_id, &count, err)
	    && (count <= IAM_TAGS_MAX
	        || fail_as(err, ERR_CONFLICT, "LimitExceeded", "The number of tags has reached the maximum limit."));
}

bool tag_rules_remove(struct call *call, struct slice entity_id, const struct text_list *keys, struct error *err)
{
	for (size_t i = 0; i < keys->count; i++)
		if (!entity_tags_delete(call->catalog, call->account, entity_id, keys->items[i], err))
			return false;
	return true;
}
