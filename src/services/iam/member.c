/* services/iam/member.c: a search of the shape's few members. */
#include "services/iam/member.h"

static const void *input_field(const struct call *call, const void *input, struct slice name, enum shape_kind kind)
{
	const struct shape *shape = call->operation->shape->input;
	const struct shape_member *member = shape ? shape_member_find(shape, name) : NULL;

	if (!member)
		return NULL;
	assert(member->shape->kind == kind);
	return (const char *)input + member->offset;
}

bool member_exists(const struct call *call, struct slice name)
{
	const struct shape *shape = call->operation->shape->input;

	return shape && shape_member_find(shape, name);
}

struct slice member_text(const struct call *call, const void *input, struct slice name)
{
	const struct slice *text = input_field(call, input, name, SHAPE_STRING);

	return text ? *text : SLICE_NONE;
}

struct maybe_i64 member_i64(const struct call *call, const void *input, struct slice name)
{
	const struct maybe_i64 *number = input_field(call, input, name, SHAPE_INTEGER);

	return number ? *number : (struct maybe_i64){ 0 };
}

const struct any_list *member_list(const struct call *call, const void *input, struct slice name)
{
	return input_field(call, input, name, SHAPE_LIST);
}

void *member_output(const struct call *call, void *output, struct slice name)
{
	const struct shape_member *member = shape_member_find(call->operation->shape->output, name);

	assert(member);
	return (char *)output + member->offset;
}
