/* auth/managed_policies_table.h: the rows of auth/managed_policies.h, which is what others use. */
#ifndef SPOOR_AUTH_MANAGED_POLICIES_TABLE_H
#define SPOOR_AUTH_MANAGED_POLICIES_TABLE_H

#include "auth/managed_policies.h"

extern const struct aws_policy managed_policies_table[];
extern const size_t            managed_policies_table_count;

#endif
