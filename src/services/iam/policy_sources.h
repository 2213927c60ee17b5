/* services/iam/policy_sources.h: the policies that the simulator asks: given as texts, or those of a user, group or role.
 *
 * Source: IAM API Reference (2010-05-08), SimulatePrincipalPolicy. */
#ifndef SPOOR_SERVICES_IAM_POLICY_SOURCES_H
#define SPOOR_SERVICES_IAM_POLICY_SOURCES_H

#include "auth/simulate.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

struct policy_sources {                    /* begin with a zeroed one; grows in the call's arena */
	struct simulate_policy *items;
	size_t                  count;
};

/* Each text is "LIST.1", "LIST.2" and so on. Errors: ERR_INVALID "InvalidInput" with what is wrong with a document. */
bool policy_sources_add_texts(struct call *call, struct policy_sources *sources, const char *list,
                              const struct text_list *documents, struct error *err);

/* What the caller gave as ResourcePolicy. */
bool policy_sources_read_resource(struct call *call, struct slice document, struct simulate_policy *policy,
                                  struct error *err);

/* Of the entity itself and, for a user, of its groups: managed ones by their name, inline ones as "user_alice_NAME". */
bool policy_sources_add_entity(struct call *call, struct policy_sources *sources, const struct subject *subject,
                               struct error *err);

/* Its permissions boundary; nothing is added if it has none. */
bool policy_sources_add_boundary(struct call *call, struct policy_sources *sources, const struct subject *subject,
                                 struct error *err);

/* The user, group or role of a PolicySourceArn. Errors: ERR_INVALID "InvalidInput"; ERR_NOT_FOUND "NoSuchEntity". */
bool policy_sources_find_entity(struct call *call, struct slice arn, struct subject *subject, struct error *err);

/* Targets and context of the operations that have a PolicySourceArn: that ARN, and its tags. */
void policy_sources_targets(struct call *call, const void *input, struct targets *targets);
void policy_sources_context(struct call *call, const void *input, struct context *context);

#endif
