/* auth/managed_policies.c: looked up by walking the table: it has some seventy rows, and compiled policies are cached. */
#include "auth/managed_policies.h"

#include "auth/managed_policies_table.h"

const struct aws_policy *managed_policies_find(struct slice arn)
{
	for (size_t i = 0; i < managed_policies_table_count; i++)
		if (slice_equal(managed_policies_table[i].arn, arn))
			return &managed_policies_table[i];
	return NULL;
}

size_t managed_policies_count(void)
{
	return managed_policies_table_count;
}

const struct aws_policy *managed_policies_at(size_t index)
{
	assert(index < managed_policies_table_count);
	return &managed_policies_table[index];
}
