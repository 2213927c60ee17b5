/* services/iam/get_account_summary.c: how much of everything there is, and may be.
 * Source: IAM API Reference (2010-05-08), GetAccountSummary. */
#include "auth/access_keys.h"
#include "auth/mfa_devices.h"
#include "auth/policy_versions.h"
#include "auth/quotas.h"
#include "base/limits.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

/* What does not depend on the account. */
static const struct { struct slice key; int64_t value; } constants[] = {
	{ S_INIT("AccessKeysPerUserQuota"),            IAM_ACCESS_KEYS_PER_USER_MAX },
	{ S_INIT("AccountPasswordPresent"),            0 },
	{ S_INIT("AccountSigningCertificatesPresent"), 0 },
	{ S_INIT("AssumeRolePolicySizeQuota"),         2048 },
	{ S_INIT("AttachedPoliciesPerGroupQuota"),     IAM_ATTACHED_POLICIES_MAX },
	{ S_INIT("AttachedPoliciesPerRoleQuota"),      IAM_ATTACHED_POLICIES_MAX },
	{ S_INIT("AttachedPoliciesPerUserQuota"),      IAM_ATTACHED_POLICIES_MAX },
	{ S_INIT("GlobalEndpointTokenVersion"),        1 },
	{ S_INIT("GroupPolicySizeQuota"),              5120 },
	{ S_INIT("GroupsPerUserQuota"),                IAM_GROUPS_PER_USER_MAX },
	{ S_INIT("PolicySizeQuota"),                   6144 },
	{ S_INIT("PolicyVersionsInUseQuota"),          10000 },
	{ S_INIT("Providers"),                         0 },
	{ S_INIT("RolePolicySizeQuota"),               10240 },
	{ S_INIT("ServerCertificates"),                0 },
	{ S_INIT("ServerCertificatesQuota"),           20 },
	{ S_INIT("SigningCertificatesPerUserQuota"),   2 },
	{ S_INIT("UserPolicySizeQuota"),               2048 },
	{ S_INIT("VersionsPerPolicyQuota"),            IAM_POLICY_VERSIONS_MAX },
};

static const struct { enum quota quota; struct slice used_key, allowed_key; } counted[] = {
	{ QUOTA_USERS,             S_INIT("Users"),            S_INIT("UsersQuota") },
	{ QUOTA_GROUPS,            S_INIT("Groups"),           S_INIT("GroupsQuota") },
	{ QUOTA_ROLES,             S_INIT("Roles"),            S_INIT("RolesQuota") },
	{ QUOTA_POLICIES,          S_INIT("Policies"),         S_INIT("PoliciesQuota") },
	{ QUOTA_INSTANCE_PROFILES, S_INIT("InstanceProfiles"), S_INIT("InstanceProfilesQuota") },
};
_Static_assert(COUNT(counted) == QUOTA_BUCKETS, "a row for each quota of IAM");

enum { OTHERS = 5, ENTRIES = COUNT(constants) + 2 * COUNT(counted) + OTHERS };

static void add(struct iam_summary_map_type *map, struct slice key, int64_t value)
{
	assert(map->count < ENTRIES);
	map->items[map->count++] = (struct iam_summary_map_type_entry){ key, SET_I64(value) };
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	struct iam_get_account_summary_response *out = output;
	struct iam_summary_map_type *map = &out->summary_map;
	struct access_key_list root_keys;
	struct mfa_device_list devices;
	int64_t versions, in_use = 0, of_root = 0;

	(void)input;
	if (!policy_versions_count(call->catalog, call->account, &versions, err)
	    || !access_keys_list(call->catalog, &call->arena, call->account, call->account, &root_keys, err)
	    || !mfa_devices_list(call->catalog, &call->arena, call->account, SLICE_NONE, &devices, err))
		return false;
	for (size_t i = 0; i < devices.count; i++) {
		in_use += devices.items[i].owner_id.ptr != NULL;
		of_root += slice_equal(devices.items[i].owner_id, call->account);
	}
	map->items = arena_array(&call->arena, ENTRIES, sizeof *map->items);
	for (size_t i = 0; i < COUNT(counted); i++) {
		int64_t used, allowed;

		if (!quotas_get(call->catalog, call->account, counted[i].quota, &used, &allowed, err))
			return false;
		add(map, counted[i].used_key, used);
		add(map, counted[i].allowed_key, allowed);
	}
	add(map, S("PolicyVersionsInUse"), versions);
	add(map, S("AccountAccessKeysPresent"), root_keys.count > 0);
	add(map, S("AccountMFAEnabled"), of_root > 0);
	add(map, S("MFADevices"), (int64_t)devices.count);
	add(map, S("MFADevicesInUse"), in_use);
	for (size_t i = 0; i < COUNT(constants); i++)
		add(map, constants[i].key, constants[i].value);
	return true;
}

const struct operation iam_get_account_summary = {
	.shape   = &iam_get_account_summary_shape,
	.action  = "iam:GetAccountSummary",
	.targets = subject_targets_account,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform,
};
