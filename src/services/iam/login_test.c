/* services/iam/login_test.c: login profiles and ChangePassword, and each error. */
#include "auth/login_profiles.h"
#include "auth/policy.h"
#include "codec/password.h"
#include "tests/iam_fixture.h"

extern const struct operation iam_create_login_profile, iam_get_login_profile, iam_update_login_profile,
	iam_delete_login_profile, iam_change_password, iam_update_account_password_policy;

#define GOOD   S("Correct-Horse-1")
#define BETTER S("Battery-Staple-2")

static const struct login_profile *stored(struct fixture *f, const char *name)
{
	struct principal caller = f->caller;
	const struct login_profile *profile;

	fixture_as_user(f, name);
	profile = login_profiles_find(f->catalog, &f->t->arena, FIXTURE_ACCOUNT, f->caller.unique_id, &f->t->err);
	f->caller = caller;
	return profile;
}

TEST(login_profiles_are_stored_as_hashes)
{
	struct iam_create_login_profile_response made;
	struct iam_get_login_profile_response got;
	struct fixture f;
	const struct login_profile *profile;

	fixture_begin(t, &f);
	fixture_user(&f, "Bob");
	CALL(&f, &made, create_login_profile, .user_name = S("bob"), .password = GOOD, .password_reset_required = SET_BOOL(true));
	CHECK_TEXT(t, made.login_profile->user_name, S("Bob"));
	CHECK(t, made.login_profile->password_reset_required.value && made.login_profile->create_date.ms == FIXTURE_NOW_MS);
	profile = stored(&f, "bob");
	REQUIRE(t, profile);
	CHECK(t, slice_has_prefix(profile->password_hash, S("$argon2id$")) && password_matches(GOOD, profile->password_hash));
	CALL(&f, &got, get_login_profile, .user_name = S("bob"));
	CHECK(t, got.login_profile->password_reset_required.value);
	f.call.now_ms += 1000;
	MUST(&f, update_login_profile, .user_name = S("bob"), .password = BETTER, .password_reset_required = SET_BOOL(false));
	profile = stored(&f, "bob");
	CHECK(t, password_matches(BETTER, profile->password_hash) && !profile->is_reset_required
	         && profile->created_ms == FIXTURE_NOW_MS && profile->changed_ms == FIXTURE_NOW_MS + 1000);
	MUST(&f, delete_login_profile, .user_name = S("bob"));
	CHECK(t, !stored(&f, "bob"));
	fixture_end(&f);
}

TEST(login_profiles_refuse_what_aws_refuses)
{
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	REFUSED(&f, "NoSuchEntity", "The user with name none cannot be found.", create_login_profile, .user_name = S("none"),
	        .password = GOOD);
	REFUSED(&f, "PasswordPolicyViolation", "Password should have a minimum length of 8", create_login_profile,
	        .user_name = S("bob"), .password = S("short"));
	REFUSED(&f, "ValidationError", "1 validation error detected: Value at 'password' failed to satisfy constraint: Member"
	        " must not be null", create_login_profile, .user_name = S("bob"));
	REFUSED(&f, "NoSuchEntity", "Login Profile for User bob cannot be found.", get_login_profile, .user_name = S("bob"));
	REFUSED(&f, "NoSuchEntity", "Login Profile for User bob cannot be found.", update_login_profile, .user_name = S("bob"),
	        .password = GOOD);
	REFUSED(&f, "NoSuchEntity", "Login Profile for User bob cannot be found.", delete_login_profile, .user_name = S("bob"));
	REFUSED(&f, "NoSuchEntity", "The user with name none cannot be found.", delete_login_profile, .user_name = S("none"));
	REFUSED(&f, "ValidationError", "Must specify userName when calling with non-User credentials", create_login_profile,
	        .password = GOOD);
	MUST(&f, create_login_profile, .user_name = S("bob"), .password = GOOD);
	REFUSED(&f, "EntityAlreadyExists", "Login Profile for user bob already exists.", create_login_profile,
	        .user_name = S("bob"), .password = GOOD);
	fixture_end(&f);
}

TEST(change_password_verifies_the_old_one)
{
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	REFUSED(&f, "InvalidUserType", "Only IAM users can change their own password.", change_password, .old_password = GOOD,
	        .new_password = BETTER);
	fixture_as_user(&f, "bob");
	REFUSED(&f, "NoSuchEntity", "Login Profile for User bob cannot be found.", change_password, .old_password = GOOD,
	        .new_password = BETTER);
	MUST(&f, create_login_profile, .password = GOOD, .password_reset_required = SET_BOOL(true));
	REFUSED(&f, "AccessDenied", "The old password was incorrect.", change_password, .old_password = BETTER,
	        .new_password = BETTER);
	REFUSED(&f, "PasswordPolicyViolation", "Password should have a minimum length of 8", change_password,
	        .old_password = GOOD, .new_password = S("short"));
	MUST(&f, change_password, .old_password = GOOD, .new_password = BETTER);
	CHECK(t, password_matches(BETTER, stored(&f, "bob")->password_hash) && !stored(&f, "bob")->is_reset_required);
	CHECK_TEXT(t, TARGETS(&f, change_password, .old_password = GOOD, .new_password = BETTER),
	           S("-|arn:aws:iam::111122223333:user/bob|user bob"));
	fixture_end(&f);
}

TEST(change_password_refuses_when_another_change_came_between)
{
	const struct iam_change_password_request in = { .old_password = GOOD, .new_password = BETTER };
	struct fixture f;
	void *prepared;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	fixture_as_user(&f, "bob");
	MUST(&f, create_login_profile, .password = GOOD);
	f.call.operation = &iam_change_password;
	f.call.error = (struct error){ 0 };
	CHECK(t, iam_change_password.prepare(&f.call, &in, &f.call.error));
	prepared = f.call.prepared;
	MUST(&f, update_login_profile, .user_name = S("bob"), .password = S("Third-Secret-3"));
	f.call.operation = &iam_change_password;
	f.call.prepared = prepared;
	CHECK(t, !iam_change_password.perform(&f.call, &in, NULL, &f.call.error));
	CHECK(t, strcmp(f.call.error.name, "EntityTemporarilyUnmodifiable") == 0);
	fixture_end(&f);
}

TEST(password_policies_forbid_old_passwords_and_may_forbid_late_changes)
{
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	MUST(&f, update_account_password_policy, .password_reuse_prevention = SET_I64(2), .max_password_age = SET_I64(1),
	     .hard_expiry = SET_BOOL(true));
	fixture_as_user(&f, "bob");
	MUST(&f, create_login_profile, .password = S("first-1"));
	MUST(&f, change_password, .old_password = S("first-1"), .new_password = S("second-2"));
	REFUSED(&f, "PasswordPolicyViolation", "Password should not be one of the last 2 passwords", change_password,
	        .old_password = S("second-2"), .new_password = S("first-1"));
	MUST(&f, change_password, .old_password = S("second-2"), .new_password = S("third-3"));
	MUST(&f, change_password, .old_password = S("third-3"), .new_password = S("first-1"));
	f.call.now_ms += 25 * 3600 * 1000;
	REFUSED(&f, "AccessDenied", "The password has expired. Ask an administrator for a new one.", change_password,
	        .old_password = S("first-1"), .new_password = S("fourth-4"));
	fixture_end(&f);
}

static bool may_change(struct fixture *f, const char *document)
{
	const struct policy *policy = document ? policy_compile(&f->t->arena, slice_of(document), &f->t->err) : NULL;
	const struct iam_change_password_request in = { .old_password = GOOD, .new_password = BETTER };
	struct error denied = { 0 };

	f->caller.identity_policies = &policy;
	f->caller.identity_policy_count = policy ? 1 : 0;
	f->call.operation = &iam_change_password;
	return iam_change_password.authorise(&f->call, &in, &denied);
}

TEST(change_password_is_allowed_by_a_policy_or_by_the_account_unless_denied)
{
	const char *allow = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iam:ChangePassword\",\"Resource\":\"*\"}}";
	const char *deny = "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"iam:*\",\"Resource\":\"*\"}}";
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	fixture_as_user(&f, "bob");
	CHECK(t, !may_change(&f, NULL));
	CHECK(t, may_change(&f, allow));
	MUST(&f, update_account_password_policy, .allow_users_to_change_password = SET_BOOL(true));
	CHECK(t, may_change(&f, NULL));
	CHECK(t, !may_change(&f, deny));
	fixture_end(&f);
}
