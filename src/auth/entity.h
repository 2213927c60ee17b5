/* auth/entity.h: what users, groups, roles, policies and instance profiles have in common: kinds, ids, keys, ARNs.
 * Source: IAM User Guide, "IAM identifiers". */
#ifndef SPOOR_AUTH_ENTITY_H
#define SPOOR_AUTH_ENTITY_H

#include "base/arena.h"
#include "base/random.h"

enum entity_kind {
	ENTITY_USER, ENTITY_GROUP, ENTITY_ROLE, ENTITY_POLICY, ENTITY_INSTANCE_PROFILE,
	ENTITY_KIND_COUNT
};

/* A new unique id of that kind, see auth/unique_id.h. */
struct slice entity_new_id(struct arena *arena, struct random *random, enum entity_kind kind);

/* Of a unique id; false for any other text. */
bool entity_kind_of_id(struct slice id, enum entity_kind *kind);

/* By which names are compared and ordered: lower case (names are ASCII). */
struct slice entity_key(struct arena *arena, struct slice name);

/* "arn:aws:iam::ACCOUNT:user/path/name"; `path` begins and ends with a slash, SLICE_NONE is "/". */
struct slice entity_arn(struct arena *arena, enum entity_kind kind, struct slice account, struct slice path,
                        struct slice name);

struct entity_arn_parts { struct slice account, path, name; };

/* Reads an ARN of that kind; false if it is none. */
bool entity_arn_parse(enum entity_kind kind, struct slice arn, struct entity_arn_parts *parts);

/* As ARNs and refusals spell it: "user", "instance-profile"; "user", "instance profile". */
struct slice entity_arn_word(enum entity_kind kind);
struct slice entity_word(enum entity_kind kind);

/* Fails with NoSuchEntity in AWS's words, unless `err` says already why the search failed. Not for policies. */
bool entity_fail_absent(enum entity_kind kind, struct slice name, struct error *err);

#endif
