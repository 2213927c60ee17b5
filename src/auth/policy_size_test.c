/* auth/policy_size_test.c: what counts, and where each quota ends. */
#include "auth/policy_size.h"
#include "tests/test.h"

TEST(policy_size_does_not_count_white_space)
{
	struct error err = {0};

	CHECK_NUMBER(t, policy_size_characters(S(" {\t\"a b\":\r\n\"\xC3\xA9\"}\n")), 10);
	CHECK(t, policy_size_check(QUOTA_MANAGED_POLICY, 6144, SLICE_NONE, &err));
	CHECK(t, !policy_size_check(QUOTA_MANAGED_POLICY, 6145, SLICE_NONE, &err));
	CHECK_TEXT(t, slice_of(err.message), S("Cannot exceed quota for PolicySize: 6144"));
	CHECK_TEXT(t, slice_of(err.name), S("LimitExceeded"));
	CHECK(t, policy_size_check(QUOTA_TRUST_POLICY, 2048, SLICE_NONE, &err));
	CHECK(t, !policy_size_check(QUOTA_TRUST_POLICY, 2049, SLICE_NONE, &err));
	CHECK_TEXT(t, slice_of(err.message), S("Cannot exceed quota for ACLSizePerRole: 2048"));
	CHECK(t, !policy_size_check(QUOTA_USER_INLINE, 2049, S("bob"), &err));
	CHECK_TEXT(t, slice_of(err.message), S("Maximum policy size of 2048 bytes exceeded for user bob"));
	CHECK(t, policy_size_check(QUOTA_GROUP_INLINE, 5120, S("g"), &err));
	CHECK(t, !policy_size_check(QUOTA_GROUP_INLINE, 5121, S("g"), &err));
	CHECK(t, policy_size_check(QUOTA_ROLE_INLINE, 10240, S("r"), &err));
	CHECK(t, !policy_size_check(QUOTA_ROLE_INLINE, 10241, S("r"), &err));
}
