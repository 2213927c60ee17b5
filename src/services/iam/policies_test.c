/* services/iam/policies_test.c: managed policies, their versions and attachments, and each error. */
#include "auth/managed_policies.h"
#include "auth/quotas.h"
#include "tests/iam_fixture.h"

extern const struct operation iam_create_policy, iam_get_policy, iam_list_policies, iam_delete_policy,
	iam_create_policy_version, iam_get_policy_version, iam_list_policy_versions, iam_set_default_policy_version,
	iam_delete_policy_version, iam_attach_user_policy, iam_attach_group_policy, iam_attach_role_policy,
	iam_detach_user_policy, iam_detach_group_policy, iam_detach_role_policy, iam_list_attached_user_policies,
	iam_list_attached_group_policies, iam_list_attached_role_policies, iam_list_entities_for_policy,
	iam_put_user_permissions_boundary, iam_put_role_permissions_boundary;

#define ADMINISTRATOR S("arn:aws:iam::aws:policy/AdministratorAccess")
#define NONE          S("arn:aws:iam::111122223333:policy/none")

TEST(create_policy_answers_with_what_was_made)
{
	struct iam_create_policy_response made;
	struct iam_get_policy_response got;
	struct fixture f;

	fixture_begin(t, &f);
	CALL(&f, &made, create_policy, .policy_name = S("P"), .path = S("/x/"), .policy_document = DOCUMENT,
	     .description = S("text"));
	CHECK_TEXT(t, made.policy->arn, S("arn:aws:iam::111122223333:policy/x/P"));
	CHECK_TEXT(t, made.policy->default_version_id, S("v1"));
	CHECK(t, slice_has_prefix(made.policy->policy_id, S("ANPA")) && made.policy->attachment_count.value == 0
	         && made.policy->permissions_boundary_usage_count.is_set && made.policy->is_attachable.value
	         && made.policy->update_date.is_set && !made.policy->description.ptr && !made.policy->tags.is_set);
	CALL(&f, &got, get_policy, .policy_arn = made.policy->arn);
	CHECK_TEXT(t, got.policy->description, S("text"));
	CHECK(t, got.policy->tags.is_set && got.policy->tags.count == 0);
	fixture_end(&f);
}

TEST(create_policy_refuses_what_aws_refuses)
{
	struct fixture f;
	struct buffer document;

	fixture_begin(t, &f);
	fixture_policy(&f, "P");
	REFUSED(&f, "EntityAlreadyExists", "A policy called p already exists. Duplicate names are not allowed.", create_policy,
	        .policy_name = S("p"), .policy_document = DOCUMENT);
	REFUSED(&f, "InvalidInput", "Duplicate tag keys found.", create_policy, .policy_name = S("x"),
	        .policy_document = DOCUMENT, .tags = TAGS({ S("a"), S("1") }, { S("a"), S("2") }));
	MUST(&f, create_policy, .policy_name = S("cased"), .policy_document = DOCUMENT,
	     .tags = TAGS({ S("a"), S("1") }, { S("A"), S("2") }));
	CHECK(t, !fixture_call(&f, &iam_create_policy, &(struct iam_create_policy_request){ .policy_name = S("x"),
	                       .policy_document = S("{}") }, arena_alloc(&t->arena, 64)));
	CHECK(t, strcmp(f.call.error.name, "MalformedPolicyDocument") == 0);
	buffer_init(&document, &t->arena, 65536);
	buffer_printf(&document, "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"");
	for (int i = 0; i < 6144; i++)
		buffer_byte(&document, '*');
	buffer_printf(&document, "\"}}");
	REFUSED(&f, "LimitExceeded", "Cannot exceed quota for PolicySize: 6144", create_policy, .policy_name = S("long"),
	        .policy_document = buffer_slice(&document));
	CHECK(t, quotas_set_allowed(f.catalog, FIXTURE_ACCOUNT, QUOTA_POLICIES, 2, &t->err));
	REFUSED(&f, "LimitExceeded", "Cannot exceed quota for PoliciesPerAccount: 2", create_policy, .policy_name = S("x"),
	        .policy_document = DOCUMENT);
	CHECK_TEXT(t, TARGETS(&f, create_policy, .policy_name = S("x"), .path = S("/a/")),
	           S("-|arn:aws:iam::111122223333:policy/a/x|policy x"));
	fixture_end(&f);
}

TEST(get_policy_knows_the_accounts_and_those_of_aws)
{
	struct iam_get_policy_response out;
	struct fixture f;

	fixture_begin(t, &f);
	CALL(&f, &out, get_policy, .policy_arn = ADMINISTRATOR);
	CHECK_TEXT(t, out.policy->policy_name, S("AdministratorAccess"));
	CHECK(t, out.policy->description.len > 0 && out.policy->attachment_count.value == 0);
	REFUSED(&f, "NoSuchEntity", "Policy arn:aws:iam::111122223333:policy/none was not found.", get_policy, .policy_arn = NONE);
	REFUSED(&f, "NoSuchEntity", "Policy arn:aws:iam::aws:policy/Nothing was not found.", get_policy,
	        .policy_arn = S("arn:aws:iam::aws:policy/Nothing"));
	REFUSED(&f, "ValidationError", "ARN longpolicynamebutnoarn is not valid.", get_policy,
	        .policy_arn = S("longpolicynamebutnoarn"));
	CHECK_TEXT(t, TARGETS(&f, get_policy, .policy_arn = ADMINISTRATOR),
	           S("-|arn:aws:iam::aws:policy/AdministratorAccess|policy arn:aws:iam::aws:policy/AdministratorAccess"));
	fixture_end(&f);
}

TEST(policy_versions_go_up_and_never_come_back)
{
	struct iam_create_policy_version_response made;
	struct iam_list_policy_versions_response list;
	struct iam_get_policy_version_response got;
	struct iam_get_policy_response policy;
	struct fixture f;
	struct slice arn;

	fixture_begin(t, &f);
	arn = fixture_policy(&f, "P");
	CALL(&f, &made, create_policy_version, .policy_arn = arn, .policy_document = DOCUMENT, .set_as_default = SET_BOOL(true));
	CHECK_TEXT(t, made.policy_version->version_id, S("v2"));
	CHECK(t, made.policy_version->is_default_version.value && !made.policy_version->document.ptr);
	CALL(&f, &made, create_policy_version, .policy_arn = arn, .policy_document = DOCUMENT);
	CHECK(t, !made.policy_version->is_default_version.value);
	MUST(&f, delete_policy_version, .policy_arn = arn, .version_id = S("v3"));
	CALL(&f, &made, create_policy_version, .policy_arn = arn, .policy_document = DOCUMENT);
	CHECK_TEXT(t, made.policy_version->version_id, S("v4"));
	CALL(&f, &list, list_policy_versions, .policy_arn = arn, .max_items = SET_I64(2));
	REQUIRE(t, list.versions.count == 2 && list.is_truncated.value);
	CHECK_TEXT(t, list.versions.items[0].version_id, S("v4"));
	CHECK(t, list.versions.items[1].is_default_version.value && !list.versions.items[1].document.ptr);
	CALL(&f, &list, list_policy_versions, .policy_arn = arn, .marker = list.marker);
	REQUIRE(t, list.versions.count == 1 && !list.is_truncated.value);
	CHECK_TEXT(t, list.versions.items[0].version_id, S("v1"));
	CALL(&f, &got, get_policy_version, .policy_arn = arn, .version_id = S("v1"));
	CHECK_TEXT(t, got.policy_version->document, DOCUMENT);
	MUST(&f, set_default_policy_version, .policy_arn = arn, .version_id = S("v1"));
	CALL(&f, &policy, get_policy, .policy_arn = arn);
	CHECK_TEXT(t, policy.policy->default_version_id, S("v1"));
	CHECK(t, iam_create_policy_version.changes_authority && iam_set_default_policy_version.changes_authority);
	fixture_end(&f);
}

TEST(policy_versions_refuse_what_aws_refuses)
{
	struct fixture f;
	struct slice arn;

	fixture_begin(t, &f);
	arn = fixture_policy(&f, "P");
	for (int i = 0; i < 4; i++)
		MUST(&f, create_policy_version, .policy_arn = arn, .policy_document = DOCUMENT);
	REFUSED(&f, "LimitExceeded", "A managed policy can have up to 5 versions. Before you create a new version, you must"
	        " delete an existing version.", create_policy_version, .policy_arn = arn, .policy_document = DOCUMENT);
	REFUSED(&f, "DeleteConflict", "Cannot delete the default version of a policy.", delete_policy_version,
	        .policy_arn = arn, .version_id = S("v1"));
	REFUSED(&f, "NoSuchEntity", "Policy arn:aws:iam::111122223333:policy/P version v9 does not exist or is not attachable.",
	        delete_policy_version, .policy_arn = arn, .version_id = S("v9"));
	REFUSED(&f, "NoSuchEntity", "Policy arn:aws:iam::111122223333:policy/P version v9 does not exist or is not attachable.",
	        set_default_policy_version, .policy_arn = arn, .version_id = S("v9"));
	REFUSED(&f, "NoSuchEntity", "Policy arn:aws:iam::111122223333:policy/none version v1 does not exist or is not attachable.",
	        get_policy_version, .policy_arn = NONE, .version_id = S("v1"));
	REFUSED(&f, "NoSuchEntity", "Policy arn:aws:iam::111122223333:policy/none was not found.", create_policy_version,
	        .policy_arn = NONE, .policy_document = DOCUMENT);
	REFUSED(&f, "NoSuchEntity", "Policy arn:aws:iam::111122223333:policy/none does not exist or is not attachable.",
	        list_policy_versions, .policy_arn = NONE);
	REFUSED(&f, "AccessDenied", "Policy is outside your own account.", create_policy_version, .policy_arn = ADMINISTRATOR,
	        .policy_document = DOCUMENT);
	REFUSED(&f, "AccessDenied", "Policy is outside your own account.", set_default_policy_version,
	        .policy_arn = ADMINISTRATOR, .version_id = S("v1"));
	CHECK_TEXT(t, TARGETS(&f, set_default_policy_version, .policy_arn = arn, .version_id = S("v2")),
	           S("-|arn:aws:iam::111122223333:policy/P|policy arn:aws:iam::111122223333:policy/P version v2"));
	fixture_end(&f);
}

TEST(delete_policy_refuses_while_it_is_used_or_has_versions)
{
	struct fixture f;
	struct slice arn;

	fixture_begin(t, &f);
	arn = fixture_policy(&f, "P");
	fixture_user(&f, "bob");
	MUST(&f, attach_user_policy, .user_name = S("bob"), .policy_arn = arn);
	REFUSED(&f, "DeleteConflict", "Cannot delete a policy attached to entities.", delete_policy, .policy_arn = arn);
	MUST(&f, detach_user_policy, .user_name = S("bob"), .policy_arn = arn);
	MUST(&f, create_policy_version, .policy_arn = arn, .policy_document = DOCUMENT);
	REFUSED(&f, "DeleteConflict", "This policy has more than one version. Before you delete a policy, you must delete the"
	        " policy's versions. The default version is deleted with the policy.", delete_policy, .policy_arn = arn);
	MUST(&f, delete_policy_version, .policy_arn = arn, .version_id = S("v2"));
	MUST(&f, delete_policy, .policy_arn = arn);
	REFUSED(&f, "NoSuchEntity", "Policy arn:aws:iam::111122223333:policy/P was not found.", delete_policy, .policy_arn = arn);
	REFUSED(&f, "AccessDenied", "Policy is outside your own account.", delete_policy, .policy_arn = ADMINISTRATOR);
	fixture_end(&f);
}

TEST(attaching_is_idempotent_and_detaching_is_not)
{
	struct iam_list_attached_user_policies_response users;
	struct iam_list_attached_group_policies_response groups;
	struct iam_list_attached_role_policies_response roles;
	struct fixture f;
	struct slice arn;

	fixture_begin(t, &f);
	arn = fixture_policy(&f, "P");
	fixture_user(&f, "u");
	fixture_group(&f, "g");
	fixture_role(&f, "r");
	for (int i = 0; i < 2; i++) {
		MUST(&f, attach_user_policy, .user_name = S("u"), .policy_arn = arn);
		MUST(&f, attach_user_policy, .user_name = S("u"), .policy_arn = ADMINISTRATOR);
		MUST(&f, attach_group_policy, .group_name = S("g"), .policy_arn = arn);
		MUST(&f, attach_role_policy, .role_name = S("r"), .policy_arn = arn);
	}
	CALL(&f, &users, list_attached_user_policies, .user_name = S("u"), .max_items = SET_I64(1));
	REQUIRE(t, users.attached_policies.count == 1 && users.is_truncated.value);
	CHECK_TEXT(t, users.attached_policies.items[0].policy_name, S("AdministratorAccess"));
	CALL(&f, &users, list_attached_user_policies, .user_name = S("u"), .marker = users.marker);
	REQUIRE(t, users.attached_policies.count == 1 && !users.is_truncated.value);
	CHECK_TEXT(t, users.attached_policies.items[0].policy_arn, arn);
	CALL(&f, &groups, list_attached_group_policies, .group_name = S("g"));
	CHECK_NUMBER(t, groups.attached_policies.count, 1);
	CALL(&f, &roles, list_attached_role_policies, .role_name = S("r"), .path_prefix = S("/none/"));
	CHECK(t, roles.attached_policies.is_set && roles.attached_policies.count == 0);
	MUST(&f, detach_group_policy, .group_name = S("g"), .policy_arn = arn);
	REFUSED(&f, "NoSuchEntity", "Policy arn:aws:iam::111122223333:policy/P was not found.", detach_group_policy,
	        .group_name = S("g"), .policy_arn = arn);
	MUST(&f, detach_role_policy, .role_name = S("r"), .policy_arn = arn);
	REFUSED(&f, "NoSuchEntity", "The role with name none cannot be found.", list_attached_role_policies, .role_name = S("none"));
	fixture_end(&f);
}

TEST(attaching_refuses_what_aws_refuses)
{
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "u");
	REFUSED(&f, "NoSuchEntity", "Policy arn:aws:iam::111122223333:policy/none does not exist or is not attachable.",
	        attach_user_policy, .user_name = S("u"), .policy_arn = NONE);
	REFUSED(&f, "NoSuchEntity", "The user with name none cannot be found.", attach_user_policy, .user_name = S("none"),
	        .policy_arn = ADMINISTRATOR);
	REFUSED(&f, "ValidationError", "ARN longpolicynamebutnoarn is not valid.", attach_user_policy, .user_name = S("u"),
	        .policy_arn = S("longpolicynamebutnoarn"));
	for (int i = 0; i < 11; i++) {
		struct slice arn = fixture_policy(&f, arena_printf(&t->arena, "p%d", i));

		if (i < 10)
			MUST(&f, attach_user_policy, .user_name = S("u"), .policy_arn = arn);
		else
			REFUSED(&f, "LimitExceeded", "Cannot exceed quota for PoliciesPerUser: 10", attach_user_policy,
			        .user_name = S("u"), .policy_arn = arn);
	}
	CHECK_TEXT(t, TARGETS(&f, attach_user_policy, .user_name = S("u"), .policy_arn = ADMINISTRATOR),
	           S("-|arn:aws:iam::111122223333:user/u|user u"));
	CHECK_TEXT(t, CONTEXT(&f, S("iam:PolicyARN"), attach_user_policy, .user_name = S("u"), .policy_arn = ADMINISTRATOR),
	           ADMINISTRATOR);
	CHECK(t, iam_attach_user_policy.changes_authority && iam_detach_role_policy.changes_authority);
	fixture_end(&f);
}

TEST(list_policies_merges_both_kinds_by_name)
{
	struct iam_list_policies_response out;
	struct fixture f;
	struct slice previous = S("");
	size_t own = 0, aws = 0, pages = 0;
	struct slice marker = SLICE_NONE;

	fixture_begin(t, &f);
	fixture_policy(&f, "AdministratorAccess");
	fixture_policy(&f, "zzz");
	fixture_policy(&f, "AAA");
	do {
		CALL(&f, &out, list_policies, .max_items = SET_I64(1), .marker = marker);
		REQUIRE(t, out.policies.count == 1);
		CHECK(t, slice_compare_nocase(previous, out.policies.items[0].policy_name) <= 0);
		previous = arena_copy(&t->arena, out.policies.items[0].policy_name);
		if (slice_has_prefix(out.policies.items[0].arn, S("arn:aws:iam::aws:")))
			aws++;
		else
			own++;
		marker = arena_copy(&t->arena, out.marker);
	} while (out.is_truncated.value && ++pages < 1000);
	CHECK_NUMBER(t, own, 3);
	CHECK_NUMBER(t, aws, managed_policies_count());
	CALL(&f, &out, list_policies, .scope = S("Local"));
	CHECK_NUMBER(t, out.policies.count, 3);
	CALL(&f, &out, list_policies, .scope = S("AWS"));
	CHECK_NUMBER(t, out.policies.count, managed_policies_count());
	CHECK_TEXT(t, TARGETS(&f, list_policies, 0), S("-|*|policy path /"));
	fixture_end(&f);
}

TEST(list_policies_filters_by_use_and_path)
{
	struct iam_list_policies_response out;
	struct fixture f;
	struct slice attached, boundary;

	fixture_begin(t, &f);
	attached = fixture_policy(&f, "attached");
	boundary = fixture_policy(&f, "boundary");
	MUST(&f, create_policy, .policy_name = S("idle"), .path = S("/x/"), .policy_document = DOCUMENT);
	fixture_user(&f, "u");
	MUST(&f, attach_user_policy, .user_name = S("u"), .policy_arn = attached);
	MUST(&f, attach_user_policy, .user_name = S("u"), .policy_arn = ADMINISTRATOR);
	MUST(&f, put_user_permissions_boundary, .user_name = S("u"), .permissions_boundary = boundary);
	CALL(&f, &out, list_policies, .only_attached = SET_BOOL(true));
	CHECK_NUMBER(t, out.policies.count, 3);
	CALL(&f, &out, list_policies, .policy_usage_filter = S("PermissionsBoundary"));
	REQUIRE(t, out.policies.count == 1);
	CHECK_TEXT(t, out.policies.items[0].arn, boundary);
	CHECK_NUMBER(t, out.policies.items[0].permissions_boundary_usage_count.value, 1);
	CALL(&f, &out, list_policies, .policy_usage_filter = S("PermissionsPolicy"), .scope = S("Local"));
	REQUIRE(t, out.policies.count == 1);
	CHECK_TEXT(t, out.policies.items[0].arn, attached);
	CALL(&f, &out, list_policies, .path_prefix = S("/x/"));
	REQUIRE(t, out.policies.count == 1);
	CHECK_TEXT(t, out.policies.items[0].policy_name, S("idle"));
	fixture_end(&f);
}

TEST(list_entities_for_policy_shows_each_once_and_pages)
{
	struct iam_list_entities_for_policy_response out;
	struct fixture f;
	struct slice arn;

	fixture_begin(t, &f);
	arn = fixture_policy(&f, "P");
	fixture_user(&f, "b");
	fixture_user(&f, "A");
	fixture_group(&f, "g");
	fixture_role(&f, "r");
	CALL(&f, &out, list_entities_for_policy, .policy_arn = arn);
	CHECK(t, out.policy_users.is_set && out.policy_groups.is_set && out.policy_roles.is_set && !out.is_truncated.value);
	MUST(&f, attach_user_policy, .user_name = S("b"), .policy_arn = arn);
	MUST(&f, put_user_permissions_boundary, .user_name = S("b"), .permissions_boundary = arn);
	MUST(&f, put_user_permissions_boundary, .user_name = S("A"), .permissions_boundary = arn);
	MUST(&f, attach_group_policy, .group_name = S("g"), .policy_arn = arn);
	MUST(&f, put_role_permissions_boundary, .role_name = S("r"), .permissions_boundary = arn);
	CALL(&f, &out, list_entities_for_policy, .policy_arn = arn, .max_items = SET_I64(2));
	CHECK(t, out.policy_groups.count == 1 && out.policy_users.count == 1 && out.is_truncated.value);
	CHECK_TEXT(t, out.policy_users.items[0].user_name, S("A"));
	CALL(&f, &out, list_entities_for_policy, .policy_arn = arn, .marker = out.marker);
	CHECK(t, out.policy_groups.count == 0 && out.policy_users.count == 1 && out.policy_roles.count == 1);
	CALL(&f, &out, list_entities_for_policy, .policy_arn = arn, .entity_filter = S("User"),
	     .policy_usage_filter = S("PermissionsPolicy"));
	REQUIRE(t, out.policy_users.count == 1 && out.policy_groups.count == 0);
	CHECK_TEXT(t, out.policy_users.items[0].user_name, S("b"));
	CALL(&f, &out, list_entities_for_policy, .policy_arn = arn, .policy_usage_filter = S("PermissionsBoundary"));
	CHECK(t, out.policy_users.count == 2 && out.policy_roles.count == 1 && out.policy_groups.count == 0);
	REFUSED(&f, "NoSuchEntity", "Policy arn:aws:iam::111122223333:policy/none does not exist or is not attachable.",
	        list_entities_for_policy, .policy_arn = NONE);
	fixture_end(&f);
}
