/* auth/schema.c: a table changes by a new row with the next number, never by editing one that was released. */
#include "auth/schema.h"

#include "auth/access_keys.h"
#include "auth/account_aliases.h"
#include "auth/accounts.h"
#include "auth/attachments.h"
#include "auth/credential_reports.h"
#include "auth/entity_tags.h"
#include "auth/group_members.h"
#include "auth/groups.h"
#include "auth/inline_policies.h"
#include "auth/instance_profiles.h"
#include "auth/login_profiles.h"
#include "auth/mfa_devices.h"
#include "auth/password_history.h"
#include "auth/password_policies.h"
#include "auth/policies.h"
#include "auth/policy_versions.h"
#include "auth/quotas.h"
#include "auth/roles.h"
#include "auth/users.h"

const struct migration schema_auth_migrations[] = {
	{  1, accounts_table },
	{  2, account_aliases_table },
	{  3, password_policies_table },
	{  4, quotas_table },
	{  5, users_table },
	{  6, groups_table },
	{  7, group_members_table },
	{  8, roles_table },
	{  9, policies_table },
	{ 10, policy_versions_table },
	{ 11, attachments_table },
	{ 12, inline_policies_table },
	{ 13, access_keys_table },
	{ 14, login_profiles_table },
	{ 15, password_history_table },
	{ 16, entity_tags_table },
	{ 17, instance_profiles_table },
	{ 18, mfa_devices_table },
	{ 19, credential_reports_table },
};
const size_t schema_auth_migration_count = COUNT(schema_auth_migrations);
