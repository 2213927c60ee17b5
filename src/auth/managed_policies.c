/* auth/managed_policies.c: the table. */
#include "auth/managed_policies.h"

#define ALLOW_ALL "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"

static const struct aws_policy policies[] = {
	{
		.name = S_INIT("AdministratorAccess"), .path = S_INIT("/"),
		.arn = S_INIT("arn:aws:iam::aws:policy/AdministratorAccess"), .policy_id = S_INIT("ANPAIWMBCKSKIEE64ZLYK"),
		.description = S_INIT("Provides full access to AWS services and resources."), .document = S_INIT(ALLOW_ALL),
		.version_id = S_INIT("v1"), .created_ms = 1423161598000,
	},
};

const struct aws_policy *managed_policies_find(struct slice arn)
{
	for (size_t i = 0; i < COUNT(policies); i++)
		if (slice_equal(policies[i].arn, arn))
			return &policies[i];
	return NULL;
}

size_t managed_policies_count(void)
{
	return COUNT(policies);
}

const struct aws_policy *managed_policies_at(size_t index)
{
	assert(index < COUNT(policies));
	return &policies[index];
}
