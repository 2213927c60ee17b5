/* services/iam/member.h: members of inputs and outputs by name, for functions that serve several operations.
 *
 * AttachUserPolicy, AttachGroupPolicy and AttachRolePolicy differ in nothing but the name of one member. The tables of
 * shapes know where that is, so there is one function for the three. */
#ifndef SPOOR_SERVICES_IAM_MEMBER_H
#define SPOOR_SERVICES_IAM_MEMBER_H

#include "services/operation.h"
#include "services/shape.h"

/* Does the input of the call's operation have that member at all? */
bool member_exists(const struct call *call, struct slice name);

/* Text of a member of the input; SLICE_NONE if it was not sent or the operation has none of that name. */
struct slice member_text(const struct call *call, const void *input, struct slice name);

/* Members of other kinds; absent ones as above. */
struct maybe_i64 member_i64(const struct call *call, const void *input, struct slice name);
const struct any_list *member_list(const struct call *call, const void *input, struct slice name);    /* or NULL */

/* Where to write a member of the output. It is a bug if there is none of that name. */
void *member_output(const struct call *call, void *output, struct slice name);

#endif
