/* services/iam/output.c: copies of slices; all live in the call's arena. */
#include "services/iam/output.h"

#include "auth/entity.h"

struct iam_attached_permissions_boundary *output_boundary(struct call *call, struct slice boundary_arn)
{
	struct iam_attached_permissions_boundary *boundary;

	if (!boundary_arn.ptr)
		return NULL;
	boundary = arena_new(&call->arena, struct iam_attached_permissions_boundary);
	boundary->permissions_boundary_type = S("Policy");
	boundary->permissions_boundary_arn = boundary_arn;
	return boundary;
}

void output_user_in_list(struct call *call, const struct user *user, struct iam_user *out)
{
	*out = (struct iam_user){
		.path = user->path,
		.user_name = user->name,
		.user_id = user->user_id,
		.arn = entity_arn(&call->arena, ENTITY_USER, call->account, user->path, user->name),
		.create_date = SET_TIME(user->created_ms),
	};
	if (user->password_last_used_ms)
		out->password_last_used = SET_TIME(user->password_last_used_ms);
}

void output_user(struct call *call, const struct user *user, struct iam_user *out)
{
	output_user_in_list(call, user, out);
	out->permissions_boundary = output_boundary(call, user->boundary_arn);
}

void output_users(struct call *call, const struct user_list *users, struct iam_user_list *out)
{
	out->items = arena_array(&call->arena, users->count, sizeof *out->items);
	out->count = users->count;
	out->is_set = true;
	for (size_t i = 0; i < users->count; i++)
		output_user_in_list(call, &users->items[i], &out->items[i]);
}

void output_group(struct call *call, const struct group *group, struct iam_group *out)
{
	*out = (struct iam_group){
		.path = group->path,
		.group_name = group->name,
		.group_id = group->group_id,
		.arn = entity_arn(&call->arena, ENTITY_GROUP, call->account, group->path, group->name),
		.create_date = SET_TIME(group->created_ms),
	};
}

void output_groups(struct call *call, const struct group_list *groups, struct iam_group_list *out)
{
	out->items = arena_array(&call->arena, groups->count, sizeof *out->items);
	out->count = groups->count;
	out->is_set = true;
	for (size_t i = 0; i < groups->count; i++)
		output_group(call, &groups->items[i], &out->items[i]);
}

void output_tags(struct call *call, const struct entity_tag_list *tags, struct iam_tag_list *out)
{
	out->items = arena_array(&call->arena, tags->count, sizeof *out->items);
	out->count = tags->count;
	for (size_t i = 0; i < tags->count; i++)
		out->items[i] = (struct iam_tag){ .key = tags->items[i].key, .value = tags->items[i].value };
}

bool output_tags_of(struct call *call, struct slice entity_id, struct iam_tag_list *out, struct error *err)
{
	struct entity_tag_list tags;

	if (!entity_tags_list(call->catalog, &call->arena, call->account, entity_id, &PAGE_ALL, &tags, err))
		return false;
	output_tags(call, &tags, out);
	return true;
}
