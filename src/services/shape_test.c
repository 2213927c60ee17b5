/* services/shape_test.c: the generated tables are well formed and say what the models say. */
#include "services/shape.h"

#include "services/cloudtrail/shapes.h"
#include "services/iam/shapes.h"
#include "services/patterns.h"
#include "services/sts/shapes.h"
#include "tests/test.h"

static const struct service_shape *const services_of_test[] = { &cloudtrail_shapes, &iam_shapes, &sts_shapes };

static const struct shape_member *member_of(const struct shape *shape, const char *name)
{
	return shape_member_find(shape, slice_of(name));
}

/* Visits each shape below `shape`; `depth` ends the recursion of shapes that contain themselves. */
static void check_shape(struct test *t, const struct shape *shape, int depth)
{
	bool is_structure = shape->kind == SHAPE_STRUCTURE;

	CHECK(t, shape->name.len > 0 && shape->kind < SHAPE_KIND_COUNT);
	CHECK(t, shape->kind != SHAPE_LIST || (shape->member_count == 1 && shape->bytes > 0));
	CHECK(t, shape->kind != SHAPE_MAP || (shape->member_count == 2 && shape->members[0].shape->kind == SHAPE_STRING));
	CHECK(t, !(shape->flags & SHAPE_HAS_MIN && shape->flags & SHAPE_HAS_MAX) || shape->min <= shape->max);
	for (size_t i = 0; depth < 12 && i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		CHECK(t, member->offset < shape->bytes);
		CHECK(t, !is_structure || (member->record_name.ptr[0] | 0x20) == (member->name.ptr[0] | 0x20));
		CHECK(t, !(member->shape->flags & SHAPE_CONSTRAINED) || shape->flags & SHAPE_CONSTRAINED);
		CHECK(t, !(member->shape->flags & SHAPE_SENSITIVE) || member->redaction != REDACT_NONE);
		check_shape(t, member->shape, depth + 1);
	}
}

TEST(generated_tables_are_well_formed)
{
	for (size_t s = 0; s < COUNT(services_of_test); s++) {
		const struct service_shape *service = services_of_test[s];
		for (size_t i = 0; i < service->operation_count; i++) {
			const struct operation_shape *operation = service->operations[i];
			CHECK(t, operation->service == service);
			CHECK(t, i == 0 || slice_compare(service->operations[i - 1]->name, operation->name) < 0);
			CHECK(t, service_shape_find(service, operation->name) == operation);
			CHECK(t, service_shape_knows(service, operation->name));
			if (operation->input)
				check_shape(t, operation->input, 0);
			if (operation->output)
				check_shape(t, operation->output, 0);
		}
	}
}

TEST(an_operation_of_the_model_that_is_not_served_is_known_but_not_found)
{
	CHECK(t, !service_shape_find(&iam_shapes, S("CreateSAMLProvider")) && service_shape_knows(&iam_shapes, S("CreateSAMLProvider")));
	CHECK(t, !service_shape_find(&iam_shapes, S("createuser")) && !service_shape_knows(&iam_shapes, S("CreateUsers")));
	CHECK_NUMBER(t, iam_shapes.known_count, 176);
	CHECK_NUMBER(t, sts_shapes.known_count, 11);
	CHECK_NUMBER(t, cloudtrail_shapes.known_count, 60);
}

TEST(rows_say_what_the_models_say)
{
	const struct shape *input = iam_create_user_shape.input;

	CHECK_TEXT(t, iam_shapes.xml_namespace, S("https://iam.amazonaws.com/doc/2010-05-08/"));
	CHECK_TEXT(t, cloudtrail_shapes.target_prefix, S("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"));
	CHECK(t, member_of(input, "UserName")->flags & MEMBER_REQUIRED && !(member_of(input, "Path")->flags & MEMBER_REQUIRED));
	CHECK_NUMBER(t, member_of(input, "UserName")->shape->max, 64);
	CHECK_NUMBER(t, member_of(input, "Tags")->shape->max, 50);
	CHECK_TEXT(t, iam_create_user_shape.result_wrapper, S("CreateUserResult"));
	CHECK(t, !iam_delete_user_shape.output && !iam_delete_user_shape.result_wrapper.ptr);
	CHECK_TEXT(t, iam_delete_user_shape.errors[0]->code, S("LimitExceeded"));
	CHECK_NUMBER(t, iam_delete_user_shape.errors[0]->status, 409);
	CHECK_TEXT(t, member_of(sts_assume_role_shape.input, "PolicyArns")->shape->members[0].shape->members[0].query_name, S("arn"));
}

TEST(a_members_value_is_found_in_any_struct)
{
	struct iam_tag tags[] = { { S("k"), S("v") }, { S("l"), S("") } };
	struct iam_create_user_request request = { .user_name = S("bob"), .tags = { tags, 2, false } };
	const struct shape *shape = iam_create_user_shape.input;
	const struct shape_member *list = member_of(shape, "Tags");

	CHECK(t, !shape_value(member_of(shape, "Path"), &request));
	CHECK(t, shape_value(member_of(shape, "UserName"), &request) == &request.user_name);
	CHECK(t, shape_value(list, &request) == &request.tags);
	CHECK(t, shape_item(list->shape, &request.tags, 1) == &tags[1]);
	request.tags = (struct iam_tag_list){ .is_set = true };
	CHECK(t, shape_value(list, &request) == &request.tags);
	request.tags.is_set = false;
	CHECK(t, !shape_value(list, &request));
}

static const struct shape_pattern *pattern_of(const struct shape *shape, const char *name)
{
	return member_of(shape, name)->shape->pattern;
}

TEST(patterns_match_whole_texts_in_characters)
{
	const struct shape *user = iam_create_user_shape.input, *role = iam_create_role_shape.input;
	const struct shape *alias = iam_create_account_alias_shape.input, *tag = member_of(user, "Tags")->shape->members[0].shape;
	const struct shape *assume = sts_assume_role_shape.input;
	const struct { const struct shape_pattern *pattern; const char *text; bool matches; } rows[] = {
		{ pattern_of(user, "UserName"), "bob", true },           { pattern_of(user, "UserName"), "a+=,.@-_Z9", true },
		{ pattern_of(user, "UserName"), "", false },              { pattern_of(user, "UserName"), "bob smith", false },
		{ pattern_of(user, "UserName"), "bob\n", false },         { pattern_of(user, "UserName"), "b\xC3\xB6" "b", false },
		{ pattern_of(user, "UserName"), "bob/x", false },
		{ pattern_of(user, "Path"), "/", true },                  { pattern_of(user, "Path"), "/a/b/", true },
		{ pattern_of(user, "Path"), "/a", false },                { pattern_of(user, "Path"), "", false },
		{ pattern_of(user, "Path"), "//", false },                { pattern_of(user, "Path"), "/\x7F/", false },
		/* The policy document: tab, line ends, U+0020 to U+00FF: Latin-1 yes, beyond no. */
		{ pattern_of(role, "AssumeRolePolicyDocument"), "{\t\r\n \xC3\xBF}", true },
		{ pattern_of(role, "AssumeRolePolicyDocument"), "{\xC4\x80}", false },
		{ pattern_of(role, "AssumeRolePolicyDocument"), "{\x01}", false },
		{ pattern_of(role, "AssumeRolePolicyDocument"), "\xC2\x80", true },
		{ pattern_of(role, "Description"), "\xC2\xA1", true },   { pattern_of(role, "Description"), "\xC2\xA0", false },
		{ pattern_of(role, "Description"), "", true },
		{ pattern_of(tag, "Key"), "t\xC3\xA9" "am \xE5\x90\x8D\xE5\x89\x8D 1_.:/=+-@", true },
		{ pattern_of(tag, "Key"), "$", false },                   { pattern_of(tag, "Key"), "\xF0\x9F\x98\x80", false },
		{ pattern_of(tag, "Key"), "\xF0\x9D\x92\x9C", true },     /* U+1D49C, a letter above the first plane */
		{ pattern_of(alias, "AccountAlias"), "a-b", true },       { pattern_of(alias, "AccountAlias"), "a--b", false },
		{ pattern_of(alias, "AccountAlias"), "ab-", false },      { pattern_of(alias, "AccountAlias"), "-ab", false },
		{ pattern_of(alias, "AccountAlias"), "ab", false },       { pattern_of(alias, "AccountAlias"), "Abc", false },
		{ pattern_of(assume, "RoleSessionName"), "", true },      { pattern_of(assume, "RoleSessionName"), "a b", false },
		{ pattern_of(assume, "RoleArn"), "\xF0\x9F\x98\x80", true },
		{ pattern_of(iam_create_policy_shape.input, "Path"), "/a.b/", true },
		{ pattern_of(iam_create_policy_shape.input, "Path"), "/a b/", false },
		{ pattern_of(iam_get_policy_version_shape.input, "VersionId"), "v10", true },
		{ pattern_of(iam_get_policy_version_shape.input, "VersionId"), "v0", false },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (shape_pattern_matches(rows[i].pattern, slice_of(rows[i].text)) != rows[i].matches)
			test_failed(t, __FILE__, __LINE__, "row %zu: '%s' against %.*s", i, rows[i].text, SLICE_ARG(rows[i].pattern->source));
}

TEST(a_malformed_character_matches_no_pattern)
{
	CHECK(t, !shape_pattern_matches(pattern_of(iam_create_role_shape.input, "Description"), S("\xC3")));
	CHECK(t, !shape_pattern_matches(pattern_of(iam_create_role_shape.input, "Description"), S("a\xFF" "b")));
}
