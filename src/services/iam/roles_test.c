/* services/iam/roles_test.c: the operations on roles, their trust policies and boundaries, and each error. */
#include "auth/quotas.h"
#include "auth/roles.h"
#include "tests/iam_fixture.h"

extern const struct operation iam_create_role, iam_get_role, iam_list_roles, iam_update_role, iam_update_role_description,
	iam_update_assume_role_policy, iam_delete_role, iam_delete_user, iam_update_user, iam_put_role_policy,
	iam_attach_role_policy, iam_create_instance_profile, iam_add_role_to_instance_profile,
	iam_put_role_permissions_boundary, iam_delete_role_permissions_boundary, iam_put_user_permissions_boundary,
	iam_delete_user_permissions_boundary, iam_get_user;

#define TRUST_OF(principal) S("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\"," \
	"\"Principal\":{\"AWS\":\"" principal "\"},\"Action\":\"sts:AssumeRole\"}]}")

TEST(create_role_shows_less_than_get_role)
{
	struct iam_create_role_response made;
	struct iam_get_role_response got;
	struct fixture f;

	fixture_begin(t, &f);
	CALL(&f, &made, create_role, .role_name = S("Deploy"), .path = S("/x/"), .assume_role_policy_document = TRUST,
	     .description = S("text"), .max_session_duration = SET_I64(7200), .tags = TAGS({ S("a"), S("1") }),
	     .permissions_boundary = S("arn:aws:iam::aws:policy/AdministratorAccess"));
	CHECK_TEXT(t, made.role->arn, S("arn:aws:iam::111122223333:role/x/Deploy"));
	CHECK_TEXT(t, made.role->assume_role_policy_document, TRUST);
	CHECK(t, slice_has_prefix(made.role->role_id, S("AROA")) && made.role->tags.count == 1);
	CHECK(t, made.role->permissions_boundary && !made.role->max_session_duration.is_set && !made.role->description.ptr);
	CALL(&f, &got, get_role, .role_name = S("deploy"));
	CHECK_TEXT(t, got.role->description, S("text"));
	CHECK_NUMBER(t, got.role->max_session_duration.value, 7200);
	CHECK(t, got.role->role_last_used && !got.role->role_last_used->last_used_date.is_set && got.role->tags.count == 1);
	CHECK(t, roles_set_last_used(f.catalog, FIXTURE_ACCOUNT, got.role->role_id, 5000, S("eu-west-1"), &t->err));
	CALL(&f, &got, get_role, .role_name = S("deploy"));
	CHECK_NUMBER(t, got.role->role_last_used->last_used_date.ms, 5000);
	CHECK_TEXT(t, got.role->role_last_used->region, S("eu-west-1"));
	fixture_end(&f);
}

TEST(create_role_refuses_what_aws_refuses)
{
	struct fixture f;

	fixture_begin(t, &f);
	fixture_role(&f, "R");
	REFUSED(&f, "EntityAlreadyExists", "Role with name r already exists.", create_role, .role_name = S("r"),
	        .assume_role_policy_document = TRUST);
	REFUSED(&f, "MalformedPolicyDocument", "This policy contains invalid Json", create_role, .role_name = S("x"),
	        .assume_role_policy_document = S("{"));
	REFUSED(&f, "MalformedPolicyDocument", "Has prohibited field Resource", create_role, .role_name = S("x"),
	        .assume_role_policy_document = S("{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
	                                         "\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\",\"Resource\":\"*\"}}"));
	REFUSED(&f, "InvalidInput", "ARN arn:aws:iam::111122223333:not_a_policy/x is not valid.", create_role,
	        .role_name = S("x"), .assume_role_policy_document = TRUST,
	        .permissions_boundary = S("arn:aws:iam::111122223333:not_a_policy/x"));
	REFUSED(&f, "InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.", create_role,
	        .role_name = S("x"), .assume_role_policy_document = TRUST, .tags = TAGS({ S("a"), S("1") }, { S("A"), S("2") }));
	CHECK(t, quotas_set_allowed(f.catalog, FIXTURE_ACCOUNT, QUOTA_ROLES, 1, &t->err));
	REFUSED(&f, "LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1", create_role, .role_name = S("x"),
	        .assume_role_policy_document = TRUST);
	CHECK_TEXT(t, TARGETS(&f, create_role, .role_name = S("x"), .tags = TAGS({ S("a"), S("1") })),
	           S("-|arn:aws:iam::111122223333:role/x|\niam:TagRole|arn:aws:iam::111122223333:role/x|"));
	fixture_end(&f);
}

TEST(trust_policies_above_their_quota_are_refused_white_space_not_counted)
{
	struct fixture f;
	struct buffer document;

	fixture_begin(t, &f);
	buffer_init(&document, &t->arena, 65536);
	buffer_printf(&document, "{\"Version\":\"2012-10-17\",\"Statement\":[%*s{\"Sid\":\"", 4000, "");
	for (int i = 0; i < 1800; i++)
		buffer_byte(&document, 'a');
	buffer_printf(&document, "\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\"}]}");
	MUST(&f, create_role, .role_name = S("wide"), .assume_role_policy_document = buffer_slice(&document));
	buffer_init(&document, &t->arena, 65536);
	buffer_printf(&document, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"");
	for (int i = 0; i < 2048; i++)
		buffer_byte(&document, 'a');
	buffer_printf(&document, "\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\"}]}");
	REFUSED(&f, "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048", create_role, .role_name = S("long"),
	        .assume_role_policy_document = buffer_slice(&document));
	fixture_end(&f);
}

TEST(trust_policies_refuse_principals_that_do_not_exist_here)
{
	struct fixture f;

	fixture_begin(t, &f);
	REFUSED(&f, "MalformedPolicyDocument",
	        "Invalid principal in policy: \"AWS\":\"arn:aws:iam::111122223333:user/bob\"", create_role, .role_name = S("x"),
	        .assume_role_policy_document = TRUST_OF("arn:aws:iam::111122223333:user/bob"));
	MUST(&f, create_role, .role_name = S("elsewhere"),
	     .assume_role_policy_document = TRUST_OF("arn:aws:iam::999900001111:user/bob"));
	MUST(&f, create_role, .role_name = S("account"), .assume_role_policy_document = TRUST_OF("111122223333"));
	fixture_user(&f, "bob");
	MUST(&f, create_role, .role_name = S("x"),
	     .assume_role_policy_document = TRUST_OF("arn:aws:iam::111122223333:user/bob"));
	fixture_end(&f);
}

/* platform.md, trap 52 */
TEST(after_deleting_and_recreating_a_user_old_trust_policies_do_not_apply)
{
	struct iam_get_role_response out;
	struct fixture f;
	const struct role *role;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	MUST(&f, create_role, .role_name = S("r"),
	     .assume_role_policy_document = TRUST_OF("arn:aws:iam::111122223333:user/bob"));
	role = roles_find(f.catalog, &t->arena, FIXTURE_ACCOUNT, S("r"), &t->err);
	REQUIRE(t, role);
	CHECK(t, slice_find(role->trust_policy, S("\"AIDA")) != SLICE_NPOS && slice_find(role->trust_policy, S("bob")) == SLICE_NPOS);
	CALL(&f, &out, get_role, .role_name = S("r"));
	CHECK_TEXT(t, out.role->assume_role_policy_document, TRUST_OF("arn:aws:iam::111122223333:user/bob"));
	MUST(&f, update_user, .user_name = S("bob"), .new_user_name = S("rob"), .new_path = S("/p/"));
	CALL(&f, &out, get_role, .role_name = S("r"));
	CHECK_TEXT(t, out.role->assume_role_policy_document, TRUST_OF("arn:aws:iam::111122223333:user/p/rob"));
	MUST(&f, delete_user, .user_name = S("rob"));
	fixture_user(&f, "bob");
	CALL(&f, &out, get_role, .role_name = S("r"));
	CHECK_TEXT(t, out.role->assume_role_policy_document, role->trust_policy);
	fixture_end(&f);
}

TEST(update_assume_role_policy_checks_like_create_role)
{
	struct iam_get_role_response out;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_role(&f, "r");
	REFUSED(&f, "NoSuchEntity", "The role with name none cannot be found.", update_assume_role_policy,
	        .role_name = S("none"), .policy_document = TRUST);
	REFUSED(&f, "MalformedPolicyDocument", "This policy contains invalid Json", update_assume_role_policy,
	        .role_name = S("r"), .policy_document = S("[]x"));
	REFUSED(&f, "MalformedPolicyDocument", "AssumeRole policy may only specify STS AssumeRole actions.",
	        update_assume_role_policy, .role_name = S("r"),
	        .policy_document = S("{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
	                             "\"Principal\":{\"AWS\":\"*\"},\"Action\":\"s3:GetObject\"}}"));
	MUST(&f, update_assume_role_policy, .role_name = S("r"), .policy_document = TRUST_OF("*"));
	CALL(&f, &out, get_role, .role_name = S("r"));
	CHECK_TEXT(t, out.role->assume_role_policy_document, TRUST_OF("*"));
	CHECK(t, iam_update_assume_role_policy.changes_authority);
	fixture_end(&f);
}

TEST(list_roles_leaves_out_tags_boundary_and_last_use)
{
	struct iam_list_roles_response out;
	struct fixture f;

	fixture_begin(t, &f);
	MUST(&f, create_role, .role_name = S("b"), .assume_role_policy_document = TRUST, .tags = TAGS({ S("a"), S("1") }),
	     .permissions_boundary = S("arn:aws:iam::aws:policy/AdministratorAccess"));
	fixture_role(&f, "A");
	CALL(&f, &out, list_roles, .max_items = SET_I64(1));
	REQUIRE(t, out.roles.count == 1 && out.is_truncated.value);
	CHECK_TEXT(t, out.roles.items[0].role_name, S("A"));
	CALL(&f, &out, list_roles, .marker = out.marker);
	REQUIRE(t, out.roles.count == 1);
	CHECK_TEXT(t, out.roles.items[0].role_name, S("b"));
	CHECK_NUMBER(t, out.roles.items[0].max_session_duration.value, 3600);
	CHECK(t, out.roles.items[0].tags.count == 0 && !out.roles.items[0].permissions_boundary
	         && !out.roles.items[0].role_last_used);
	CHECK_TEXT(t, TARGETS(&f, list_roles, .path_prefix = S("/x/")), S("-|arn:aws:iam::111122223333:role/x/|"));
	fixture_end(&f);
}

TEST(update_role_keeps_what_is_not_sent)
{
	struct iam_update_role_description_response described;
	struct iam_get_role_response out;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_role(&f, "r");
	REFUSED(&f, "NoSuchEntity", "The role with name none cannot be found.", update_role, .role_name = S("none"));
	MUST(&f, update_role, .role_name = S("r"), .description = S("one"), .max_session_duration = SET_I64(7200));
	MUST(&f, update_role, .role_name = S("r"));
	CALL(&f, &out, get_role, .role_name = S("r"));
	CHECK_TEXT(t, out.role->description, S("one"));
	CHECK_NUMBER(t, out.role->max_session_duration.value, 7200);
	CALL(&f, &described, update_role_description, .role_name = S("r"), .description = S("two"));
	CHECK_TEXT(t, described.role->description, S("two"));
	CHECK(t, !described.role->max_session_duration.is_set);
	REFUSED(&f, "NoSuchEntity", "The role with name none cannot be found.", update_role_description,
	        .role_name = S("none"), .description = S(""));
	fixture_end(&f);
}

TEST(delete_role_refuses_while_something_is_left)
{
	struct fixture f;

	fixture_begin(t, &f);
	for (const char *const *name = (const char *const[]){ "a", "b", "c", "d", NULL }; *name; name++)
		fixture_role(&f, *name);
	MUST(&f, create_instance_profile, .instance_profile_name = S("i"));
	MUST(&f, add_role_to_instance_profile, .instance_profile_name = S("i"), .role_name = S("a"));
	REFUSED(&f, "DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.", delete_role,
	        .role_name = S("a"));
	MUST(&f, put_role_policy, .role_name = S("b"), .policy_name = S("p"), .policy_document = DOCUMENT);
	REFUSED(&f, "DeleteConflict", "Cannot delete entity, must delete policies first.", delete_role, .role_name = S("b"));
	MUST(&f, attach_role_policy, .role_name = S("c"), .policy_arn = S("arn:aws:iam::aws:policy/AdministratorAccess"));
	REFUSED(&f, "DeleteConflict", "Cannot delete entity, must detach all policies first.", delete_role, .role_name = S("c"));
	MUST(&f, delete_role, .role_name = S("d"));
	REFUSED(&f, "NoSuchEntity", "The role with name d cannot be found.", delete_role, .role_name = S("d"));
	fixture_end(&f);
}

TEST(boundaries_are_put_shown_and_deleted)
{
	struct iam_get_role_response role;
	struct iam_get_user_response user;
	struct fixture f;
	struct slice arn;

	fixture_begin(t, &f);
	fixture_role(&f, "r");
	fixture_user(&f, "u");
	arn = fixture_policy(&f, "limit");
	MUST(&f, put_role_permissions_boundary, .role_name = S("r"), .permissions_boundary = arn);
	MUST(&f, put_user_permissions_boundary, .user_name = S("u"), .permissions_boundary = arn);
	CALL(&f, &role, get_role, .role_name = S("r"));
	CHECK_TEXT(t, role.role->permissions_boundary->permissions_boundary_arn, arn);
	CALL(&f, &user, get_user, .user_name = S("u"));
	CHECK_TEXT(t, user.user->permissions_boundary->permissions_boundary_arn, arn);
	REFUSED(&f, "NoSuchEntity", "Scope ARN: arn:aws:iam::111122223333:policy/none does not exist or is not attachable.",
	        put_role_permissions_boundary, .role_name = S("r"), .permissions_boundary = S("arn:aws:iam::111122223333:policy/none"));
	REFUSED(&f, "InvalidInput", "ARN arn:aws:iam::111122223333:not_a_policy/x is not valid.", put_user_permissions_boundary,
	        .user_name = S("u"), .permissions_boundary = S("arn:aws:iam::111122223333:not_a_policy/x"));
	REFUSED(&f, "NoSuchEntity", "The role with name none cannot be found.", put_role_permissions_boundary,
	        .role_name = S("none"), .permissions_boundary = arn);
	CHECK_TEXT(t, CONTEXT(&f, S("iam:PermissionsBoundary"), put_role_permissions_boundary, .role_name = S("r"),
	                      .permissions_boundary = S("arn:aws:iam::aws:policy/X")), S("arn:aws:iam::aws:policy/X"));
	MUST(&f, delete_role_permissions_boundary, .role_name = S("r"));
	MUST(&f, delete_user_permissions_boundary, .user_name = S("u"));
	MUST(&f, delete_user_permissions_boundary, .user_name = S("u"));
	REFUSED(&f, "NoSuchEntity", "The user with name none cannot be found.", delete_user_permissions_boundary,
	        .user_name = S("none"));
	CALL(&f, &role, get_role, .role_name = S("r"));
	CHECK(t, !role.role->permissions_boundary);
	CHECK(t, iam_put_role_permissions_boundary.changes_authority && iam_delete_user_permissions_boundary.changes_authority);
	fixture_end(&f);
}
