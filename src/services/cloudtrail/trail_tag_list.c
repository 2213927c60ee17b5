/* services/cloudtrail/trail_tag_list.c: the two forms differ in name only. */
#include "services/cloudtrail/trail_tag_list.h"

struct trail_tag *trail_tag_list_read(struct call *call, const struct cloudtrail_tag_list *list)
{
	struct trail_tag *tags = arena_array(&call->arena, list->count, sizeof *tags);

	for (size_t i = 0; i < list->count; i++)
		tags[i] = (struct trail_tag){ list->items[i].key, list->items[i].value };
	return tags;
}

void trail_tag_list_write(struct call *call, const struct trail_tag_list *tags, struct cloudtrail_tag_list *list)
{
	list->items = arena_array(&call->arena, tags->count, sizeof *list->items);
	list->count = tags->count;
	list->is_set = true;
	for (size_t i = 0; i < tags->count; i++)
		list->items[i] = (struct cloudtrail_tag){ tags->items[i].key, tags->items[i].value };
}
