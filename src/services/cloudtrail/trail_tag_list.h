/* services/cloudtrail/trail_tag_list.h: the tags of requests and replies, and those of rows. */
#ifndef SPOOR_SERVICES_CLOUDTRAIL_TRAIL_TAG_LIST_H
#define SPOOR_SERVICES_CLOUDTRAIL_TRAIL_TAG_LIST_H

#include "services/call.h"
#include "services/cloudtrail/shapes.h"
#include "trail/trail_tags.h"

/* As many as `list` has. */
struct trail_tag *trail_tag_list_read(struct call *call, const struct cloudtrail_tag_list *list);

void trail_tag_list_write(struct call *call, const struct trail_tag_list *tags, struct cloudtrail_tag_list *list);

#endif
