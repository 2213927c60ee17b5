/* services/iam/iam.c: AWS Identity and Access Management: the table of its operations.
 * Source: IAM API Reference (2010-05-08). */
#include "services/iam/shapes.h"
#include "services/operation.h"

#define OPERATIONS(X)                            \
	X(add_role_to_instance_profile)          \
	X(add_user_to_group)                     \
	X(attach_group_policy)                   \
	X(attach_role_policy)                    \
	X(attach_user_policy)                    \
	X(change_password)                       \
	X(create_access_key)                     \
	X(create_account_alias)                  \
	X(create_group)                          \
	X(create_instance_profile)               \
	X(create_login_profile)                  \
	X(create_policy)                         \
	X(create_policy_version)                 \
	X(create_role)                           \
	X(create_user)                           \
	X(create_virtual_mfa_device)             \
	X(deactivate_mfa_device)                 \
	X(delete_access_key)                     \
	X(delete_account_alias)                  \
	X(delete_account_password_policy)        \
	X(delete_group)                          \
	X(delete_group_policy)                   \
	X(delete_instance_profile)               \
	X(delete_login_profile)                  \
	X(delete_policy)                         \
	X(delete_policy_version)                 \
	X(delete_role)                           \
	X(delete_role_permissions_boundary)      \
	X(delete_role_policy)                    \
	X(delete_user)                           \
	X(delete_user_permissions_boundary)      \
	X(delete_user_policy)                    \
	X(delete_virtual_mfa_device)             \
	X(detach_group_policy)                   \
	X(detach_role_policy)                    \
	X(detach_user_policy)                    \
	X(enable_mfa_device)                     \
	X(generate_credential_report)            \
	X(get_access_key_last_used)              \
	X(get_account_authorization_details)     \
	X(get_account_password_policy)           \
	X(get_account_summary)                   \
	X(get_context_keys_for_custom_policy)    \
	X(get_context_keys_for_principal_policy) \
	X(get_credential_report)                 \
	X(get_group)                             \
	X(get_group_policy)                      \
	X(get_instance_profile)                  \
	X(get_login_profile)                     \
	X(get_policy)                            \
	X(get_policy_version)                    \
	X(get_role)                              \
	X(get_role_policy)                       \
	X(get_user)                              \
	X(get_user_policy)                       \
	X(list_access_keys)                      \
	X(list_account_aliases)                  \
	X(list_attached_group_policies)          \
	X(list_attached_role_policies)           \
	X(list_attached_user_policies)           \
	X(list_entities_for_policy)              \
	X(list_group_policies)                   \
	X(list_groups)                           \
	X(list_groups_for_user)                  \
	X(list_instance_profile_tags)            \
	X(list_instance_profiles)                \
	X(list_instance_profiles_for_role)       \
	X(list_mfa_devices)                      \
	X(list_policies)                         \
	X(list_policy_tags)                      \
	X(list_policy_versions)                  \
	X(list_role_policies)                    \
	X(list_role_tags)                        \
	X(list_roles)                            \
	X(list_user_policies)                    \
	X(list_user_tags)                        \
	X(list_users)                            \
	X(list_virtual_mfa_devices)              \
	X(put_group_policy)                      \
	X(put_role_permissions_boundary)         \
	X(put_role_policy)                       \
	X(put_user_permissions_boundary)         \
	X(put_user_policy)                       \
	X(remove_role_from_instance_profile)     \
	X(remove_user_from_group)                \
	X(resync_mfa_device)                     \
	X(set_default_policy_version)            \
	X(simulate_custom_policy)                \
	X(simulate_principal_policy)             \
	X(tag_instance_profile)                  \
	X(tag_policy)                            \
	X(tag_role)                              \
	X(tag_user)                              \
	X(untag_instance_profile)                \
	X(untag_policy)                          \
	X(untag_role)                            \
	X(untag_user)                            \
	X(update_access_key)                     \
	X(update_account_password_policy)        \
	X(update_assume_role_policy)             \
	X(update_group)                          \
	X(update_login_profile)                  \
	X(update_role)                           \
	X(update_role_description)               \
	X(update_user)

#define DECLARE(op) extern const struct operation iam_##op;
#define ROW(op)     &iam_##op,
OPERATIONS(DECLARE)

extern const struct service iam;
const struct service iam = {
	.shape        = &iam_shapes,
	.event_source = "iam.amazonaws.com",
	.is_global    = true,
	.operations   = (const struct operation *const[]){ OPERATIONS(ROW) NULL },
};
