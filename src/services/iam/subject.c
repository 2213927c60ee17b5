/* services/iam/subject.c: the input's members decide, so one function serves the operations of all kinds. */
#include "services/iam/subject.h"

#include "auth/entity_tags.h"
#include "auth/groups.h"
#include "auth/instance_profiles.h"
#include "auth/roles.h"
#include "auth/users.h"
#include "services/authorisation.h"
#include "services/iam/member.h"
#include "services/iam/shapes.h"

/* In the order in which they are looked for: AddUserToGroup is about the group, AddRoleToInstanceProfile about the
 * profile. */
static const struct naming {
	struct slice     member;
	enum entity_kind kind;
} namings[] = {
	{ S_INIT("InstanceProfileName"), ENTITY_INSTANCE_PROFILE },
	{ S_INIT("GroupName"),           ENTITY_GROUP },
	{ S_INIT("RoleName"),            ENTITY_ROLE },
	{ S_INIT("UserName"),            ENTITY_USER },
};

static const struct naming *naming_of(const struct call *call)
{
	for (size_t i = 0; i < COUNT(namings); i++)
		if (member_exists(call, namings[i].member))
			return &namings[i];
	return NULL;
}

static void from_user(const struct user *user, struct subject *subject)
{
	*subject = (struct subject){ .kind = ENTITY_USER, .id = user->user_id, .name = user->name, .path = user->path,
	                             .boundary_arn = user->boundary_arn };
}

static bool get_user(struct call *call, struct slice name, struct subject *subject, struct error *err)
{
	const struct user *user = users_get(call->catalog, &call->arena, call->account, name, err);

	if (user)
		from_user(user, subject);
	return user != NULL;
}

static bool get_group(struct call *call, struct slice name, struct subject *subject, struct error *err)
{
	const struct group *group = groups_get(call->catalog, &call->arena, call->account, name, err);

	if (group)
		*subject = (struct subject){ .kind = ENTITY_GROUP, .id = group->group_id, .name = group->name,
		                             .path = group->path };
	return group != NULL;
}

static bool get_role(struct call *call, struct slice name, struct subject *subject, struct error *err)
{
	const struct role *role = roles_get(call->catalog, &call->arena, call->account, name, err);

	if (role)
		*subject = (struct subject){ .kind = ENTITY_ROLE, .id = role->role_id, .name = role->name, .path = role->path,
		                             .boundary_arn = role->boundary_arn };
	return role != NULL;
}

static bool get_instance_profile(struct call *call, struct slice name, struct subject *subject, struct error *err)
{
	const struct instance_profile *profile = instance_profiles_get(call->catalog, &call->arena, call->account, name, err);

	if (profile)
		*subject = (struct subject){ .kind = ENTITY_INSTANCE_PROFILE, .id = profile->profile_id, .name = profile->name,
		                             .path = profile->path };
	return profile != NULL;
}

bool subject_get(struct call *call, enum entity_kind kind, struct slice name, struct subject *subject,
                 struct error *err)
{
	*subject = (struct subject){ .kind = kind };
	switch (kind) {
	case ENTITY_USER:             return get_user(call, name, subject, err);
	case ENTITY_GROUP:            return get_group(call, name, subject, err);
	case ENTITY_ROLE:             return get_role(call, name, subject, err);
	case ENTITY_INSTANCE_PROFILE: return get_instance_profile(call, name, subject, err);
	default:                      break;
	}
	assert(false);                                   /* a kind that is not named by its name */
}

bool subject_of_input(struct call *call, const void *input, struct subject *subject, struct error *err)
{
	const struct naming *naming = naming_of(call);
	struct slice name;

	assert(naming);
	name = member_text(call, input, naming->member);
	return naming->kind == ENTITY_USER ? subject_user_or_self(call, name, subject, err)
	                                   : subject_get(call, naming->kind, name, subject, err);
}

bool subject_user_or_self(struct call *call, struct slice name, struct subject *subject, struct error *err)
{
	const struct principal *caller = call->principal;
	const struct user *user;

	if (name.ptr)
		return subject_get(call, ENTITY_USER, name, subject, err);
	if (caller->type == PRINCIPAL_ROOT) {
		*subject = (struct subject){ .kind = ENTITY_USER, .is_root = true, .id = call->account };
		return true;
	}
	if (caller->type != PRINCIPAL_USER)
		return fail_as(err, ERR_INVALID, "ValidationError", "Must specify userName when calling with non-User credentials");
	user = users_find_by_id(call->catalog, &call->arena, call->account, caller->unique_id, err);
	if (!user)
		return entity_fail_absent(ENTITY_USER, caller->name, err);
	from_user(user, subject);
	return true;
}

/* ---- targets ---- */

void subject_targets(struct call *call, const void *input, struct targets *targets)
{
	const struct naming *naming = naming_of(call);
	struct error ignored = { 0 };
	struct subject subject;
	struct slice name, resource;

	assert(naming);
	name = member_text(call, input, naming->member);
	if (!subject_of_input(call, input, &subject, &ignored))
		resource = entity_arn(&call->arena, naming->kind, call->account, S("/"), name);
	else if (subject.is_root)
		resource = call->principal->arn;
	else
		resource = entity_arn(&call->arena, naming->kind, call->account, subject.path, subject.name);
	if (!name.ptr)
		name = subject.name;                     /* the caller, who is meant but not named */
	authorisation_add(targets, SLICE_NONE, resource,
	                   arena_format(&call->arena, "%.*s %.*s", SLICE_ARG(entity_word(naming->kind)), SLICE_ARG(name)));
}

static void add_list_target(struct call *call, const void *input, enum entity_kind kind, struct targets *targets)
{
	authorisation_add(targets, SLICE_NONE,
	                   entity_arn(&call->arena, kind, call->account, member_text(call, input, S("PathPrefix")), S("")),
	                   SLICE_NONE);
}

void subject_targets_users(struct call *call, const void *input, struct targets *targets)
{
	add_list_target(call, input, ENTITY_USER, targets);
}

void subject_targets_groups(struct call *call, const void *input, struct targets *targets)
{
	add_list_target(call, input, ENTITY_GROUP, targets);
}

void subject_targets_roles(struct call *call, const void *input, struct targets *targets)
{
	add_list_target(call, input, ENTITY_ROLE, targets);
}

void subject_targets_instance_profiles(struct call *call, const void *input, struct targets *targets)
{
	add_list_target(call, input, ENTITY_INSTANCE_PROFILE, targets);
}

void subject_targets_account(struct call *call, const void *input, struct targets *targets)
{
	(void)call;
	(void)input;
	authorisation_add(targets, SLICE_NONE, S("*"), SLICE_NONE);
}

void subject_targets_new(struct call *call, const void *input, enum entity_kind kind, struct slice name,
                         const char *tag_action, struct targets *targets)
{
	const struct any_list *tags = member_list(call, input, S("Tags"));
	struct slice resource = entity_arn(&call->arena, kind, call->account, member_text(call, input, S("Path")), name);

	authorisation_add(targets, SLICE_NONE, resource, SLICE_NONE);
	if (tags && tags->count > 0)
		authorisation_add(targets, slice_of(tag_action), resource, SLICE_NONE);
}

/* ---- condition keys ---- */

void subject_context_new(struct call *call, const void *input, struct context *context)
{
	const struct any_list *tags = member_list(call, input, S("Tags"));
	const struct any_list *tag_keys = member_list(call, input, S("TagKeys"));
	struct slice boundary = member_text(call, input, S("PermissionsBoundary"));

	if (tags && tags->count > 0) {
		const struct iam_tag *items = tags->items;
		struct slice *keys = arena_array(&call->arena, tags->count, sizeof *keys);

		for (size_t i = 0; i < tags->count; i++) {
			keys[i] = items[i].key;
			context_set_named(context, S("aws:RequestTag/"), items[i].key, items[i].value);
		}
		context_set_list(context, S("aws:TagKeys"), keys, tags->count);
	}
	if (tag_keys && tag_keys->count > 0)
		context_set_list(context, S("aws:TagKeys"), tag_keys->items, tag_keys->count);
	if (boundary.ptr)
		context_set(context, S("iam:PermissionsBoundary"), boundary);
}

void subject_context_tags(struct call *call, struct slice entity_id, struct context *context)
{
	struct error ignored = { 0 };
	struct entity_tag_list tags;

	if (!entity_tags_list(call->catalog, &call->arena, call->account, entity_id, &PAGE_ALL, &tags, &ignored))
		return;
	for (size_t i = 0; i < tags.count; i++) {
		context_set_named(context, S("aws:ResourceTag/"), tags.items[i].key, tags.items[i].value);
		context_set_named(context, S("iam:ResourceTag/"), tags.items[i].key, tags.items[i].value);
	}
}

void subject_context(struct call *call, const void *input, struct context *context)
{
	struct error ignored = { 0 };
	struct subject subject;

	if (subject_of_input(call, input, &subject, &ignored) && !subject.is_root) {
		if (subject.kind != ENTITY_GROUP)
			subject_context_tags(call, subject.id, context);
		if (subject.boundary_arn.ptr)
			context_set(context, S("iam:PermissionsBoundary"), subject.boundary_arn);
	}
	if (member_exists(call, S("PolicyArn")))
		context_set(context, S("iam:PolicyARN"), member_text(call, input, S("PolicyArn")));
	subject_context_new(call, input, context);
}
