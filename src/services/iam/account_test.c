/* services/iam/account_test.c: alias, password policy and summary of an account, and each error. */
#include "tests/iam_fixture.h"

extern const struct operation iam_create_account_alias, iam_list_account_aliases, iam_delete_account_alias,
	iam_update_account_password_policy, iam_get_account_password_policy, iam_delete_account_password_policy,
	iam_get_account_summary, iam_create_access_key, iam_create_policy_version;

TEST(account_alias_is_one_and_the_new_one_replaces_it)
{
	struct iam_list_account_aliases_response out;
	struct fixture f;

	fixture_begin(t, &f);
	CALL(&f, &out, list_account_aliases, 0);
	CHECK(t, out.account_aliases.is_set && out.account_aliases.count == 0 && !out.is_truncated.value);
	MUST(&f, create_account_alias, .account_alias = S("first"));
	MUST(&f, create_account_alias, .account_alias = S("second"));
	CALL(&f, &out, list_account_aliases, 0);
	REQUIRE(t, out.account_aliases.count == 1);
	CHECK_TEXT(t, out.account_aliases.items[0], S("second"));
	f.call.account = S("444455556666");
	REFUSED(&f, "EntityAlreadyExists", "The account alias second already exists.", create_account_alias,
	        .account_alias = S("second"));
	REFUSED(&f, "NoSuchEntity", "The Account Alias second cannot be found.", delete_account_alias,
	        .account_alias = S("second"));
	f.call.account = FIXTURE_ACCOUNT;
	MUST(&f, delete_account_alias, .account_alias = S("second"));
	CHECK_TEXT(t, TARGETS(&f, list_account_aliases, 0), S("-|*|"));
	fixture_end(&f);
}

/* These two have no input. */
static bool call_plain(struct fixture *f, const struct operation *operation, void *output)
{
	return fixture_call(f, operation, NULL, output);
}

TEST(account_password_policy_goes_back_to_defaults_where_nothing_is_sent)
{
	struct iam_get_account_password_policy_response out;
	const struct iam_password_policy *policy;
	struct fixture f;
	char nothing[8];

	fixture_begin(t, &f);
	CHECK(t, !call_plain(&f, &iam_get_account_password_policy, &out));
	CHECK_TEXT(t, slice_of(f.call.error.message), S("The Password Policy with domain name 111122223333 cannot be found."));
	CHECK(t, strcmp(f.call.error.name, "NoSuchEntity") == 0);
	CHECK(t, !call_plain(&f, &iam_delete_account_password_policy, nothing));
	CHECK_TEXT(t, slice_of(f.call.error.message), S("The account policy with name PasswordPolicy cannot be found."));
	MUST(&f, update_account_password_policy, .minimum_password_length = SET_I64(14), .require_symbols = SET_BOOL(true),
	     .max_password_age = SET_I64(90), .password_reuse_prevention = SET_I64(3), .hard_expiry = SET_BOOL(true));
	CHECK(t, call_plain(&f, &iam_get_account_password_policy, &out));
	policy = out.password_policy;
	CHECK(t, policy->minimum_password_length.value == 14 && policy->require_symbols.value && !policy->require_numbers.value
	         && policy->expire_passwords.value && policy->max_password_age.value == 90
	         && policy->password_reuse_prevention.value == 3 && policy->hard_expiry.value);
	MUST(&f, update_account_password_policy, 0);
	CHECK(t, call_plain(&f, &iam_get_account_password_policy, &out));
	policy = out.password_policy;
	CHECK(t, policy->minimum_password_length.value == 6 && !policy->require_symbols.value && !policy->expire_passwords.value
	         && !policy->max_password_age.is_set && !policy->password_reuse_prevention.is_set && !policy->hard_expiry.is_set
	         && policy->allow_users_to_change_password.is_set);
	CHECK(t, call_plain(&f, &iam_delete_account_password_policy, nothing));
	CHECK(t, !call_plain(&f, &iam_get_account_password_policy, &out));
	fixture_end(&f);
}

static int64_t entry(const struct iam_get_account_summary_response *summary, struct slice key)
{
	for (size_t i = 0; i < summary->summary_map.count; i++)
		if (slice_equal(summary->summary_map.items[i].key, key))
			return summary->summary_map.items[i].value.value;
	return -1;
}

TEST(account_summary_counts_and_names_the_quotas)
{
	static const struct { struct slice key; int64_t value; } rows[] = {
		{ S_INIT("Users"), 2 }, { S_INIT("UsersQuota"), 5000 }, { S_INIT("Groups"), 1 }, { S_INIT("GroupsQuota"), 300 },
		{ S_INIT("Roles"), 1 }, { S_INIT("RolesQuota"), 1000 }, { S_INIT("Policies"), 1 }, { S_INIT("PoliciesQuota"), 1500 },
		{ S_INIT("PolicyVersionsInUse"), 2 }, { S_INIT("PolicyVersionsInUseQuota"), 10000 },
		{ S_INIT("AccountAccessKeysPresent"), 1 }, { S_INIT("AccessKeysPerUserQuota"), 2 },
		{ S_INIT("InstanceProfiles"), 0 }, { S_INIT("InstanceProfilesQuota"), 1000 }, { S_INIT("PolicySizeQuota"), 6144 },
		{ S_INIT("AssumeRolePolicySizeQuota"), 2048 }, { S_INIT("UserPolicySizeQuota"), 2048 },
		{ S_INIT("GroupPolicySizeQuota"), 5120 }, { S_INIT("RolePolicySizeQuota"), 10240 },
		{ S_INIT("AttachedPoliciesPerUserQuota"), 10 }, { S_INIT("VersionsPerPolicyQuota"), 5 },
		{ S_INIT("MFADevices"), 0 }, { S_INIT("AccountMFAEnabled"), 0 }, { S_INIT("GlobalEndpointTokenVersion"), 1 },
	};
	struct iam_get_account_summary_response out;
	struct fixture f;
	struct slice arn;

	fixture_begin(t, &f);
	fixture_user(&f, "a");
	fixture_user(&f, "b");
	fixture_group(&f, "g");
	fixture_role(&f, "r");
	arn = fixture_policy(&f, "p");
	MUST(&f, create_policy_version, .policy_arn = arn, .policy_document = DOCUMENT);
	MUST(&f, create_access_key, 0);
	CHECK(t, call_plain(&f, &iam_get_account_summary, &out));
	CHECK_NUMBER(t, out.summary_map.count, 34);
	for (size_t i = 0; i < COUNT(rows); i++)
		if (entry(&out, rows[i].key) != rows[i].value)
			test_failed(t, __FILE__, __LINE__, "%.*s is %" PRId64, SLICE_ARG(rows[i].key), entry(&out, rows[i].key));
	fixture_end(&f);
}
