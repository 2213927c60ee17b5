/* services/validate_test.c: every constraint, in AWS's words. */
#include "services/validate.h"

#include "services/cloudtrail/shapes.h"
#include "services/iam/shapes.h"
#include "services/sts/shapes.h"
#include "tests/sample_shapes.h"
#include "tests/test.h"

static void check_refused(struct test *t, const struct operation_shape *operation, const void *input, const char *message)
{
	t->err = (struct error){0};
	CHECK(t, !validate(operation->input, input, PROTOCOL_QUERY, &t->err));
	CHECK_TEXT(t, slice_of(t->err.name), S("ValidationError"));
	CHECK_TEXT(t, slice_of(t->err.message), slice_of(message));
}

static struct slice repeated(struct test *t, const char *text, size_t count)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	for (size_t i = 0; i < count; i++)
		buffer_add(&out, slice_of(text));
	return buffer_slice(&out);
}

TEST(validate_reports_a_missing_member_as_null)
{
	check_refused(t, &iam_create_user_shape, &(struct iam_create_user_request){0},
		"1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null");
}

TEST(validate_reports_every_violation_pattern_before_length)
{
	const struct sts_assume_role_request in = { .role_arn = S("arn:aws:iam::1:role/R"), .role_session_name = S("!") };

	check_refused(t, &sts_assume_role_shape, &in,
		"2 validation errors detected: Value '!' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular "
		"expression pattern: [\\w+=,.@-]*; Value '!' at 'roleSessionName' failed to satisfy constraint: Member must have length "
		"greater than or equal to 2");
}

TEST(validate_names_at_and_past_their_limits)
{
	struct iam_create_user_request in = { .user_name = repeated(t, "a", 64) };
	struct slice long_name = repeated(t, "a", 65);

	CHECK(t, validate(iam_create_user_shape.input, &in, PROTOCOL_QUERY, &t->err));
	in.user_name = long_name;
	check_refused(t, &iam_create_user_shape, &in, arena_printf(&t->arena, "1 validation error detected: Value '%.*s' at 'userName' "
		"failed to satisfy constraint: Member must have length less than or equal to 64", SLICE_ARG(long_name)));
	in.user_name = S("");
	check_refused(t, &iam_create_user_shape, &in, "2 validation errors detected: Value '' at 'userName' failed to satisfy "
		"constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+; Value '' at 'userName' failed to satisfy "
		"constraint: Member must have length greater than or equal to 1");
}

TEST(validate_counts_characters_not_bytes)
{
	struct iam_tag tag = { repeated(t, "\xC3\xA9", 128), S("v") };
	const struct iam_create_user_request in = { .user_name = S("bob"), .tags = { &tag, 1, true } };

	CHECK(t, validate(iam_create_user_shape.input, &in, PROTOCOL_QUERY, &t->err));
	tag.key = repeated(t, "\xC3\xA9", 129);
	CHECK(t, !validate(iam_create_user_shape.input, &in, PROTOCOL_QUERY, &t->err));
	CHECK(t, strstr(t->err.message, "at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal "
		"to 128") != NULL);
}

TEST(validate_walks_into_lists_of_structures)
{
	struct iam_tag tags[] = { { S("a"), S("1") }, { S("b$"), SLICE_NONE } };
	const struct iam_tag_user_request in = { .user_name = S("bob"), .tags = { tags, 2, true } };

	check_refused(t, &iam_tag_user_shape, &in, "2 validation errors detected: Value 'b$' at 'tags.2.member.key' failed to satisfy "
		"constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+; Value null at "
		"'tags.2.member.value' failed to satisfy constraint: Member must not be null");
}

TEST(validate_reports_one_line_for_a_list_of_scalars)
{
	struct slice keys[] = { S("a"), S("") };
	const struct iam_untag_user_request in = { .user_name = S("bob"), .tag_keys = { keys, 2, true } };

	check_refused(t, &iam_untag_user_shape, &in, "1 validation error detected: Value '[a, ]' at 'tagKeys' failed to satisfy "
		"constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length "
		"greater than or equal to 1, Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+]");
}

TEST(validate_bounds_the_size_of_a_list)
{
	struct iam_tag tags[51];
	const struct iam_tag_user_request in = { .user_name = S("bob"), .tags = { tags, 51, true } };

	for (size_t i = 0; i < COUNT(tags); i++)
		tags[i] = (struct iam_tag){ S("k"), S("v") };
	CHECK(t, !validate(iam_tag_user_shape.input, &in, PROTOCOL_QUERY, &t->err));
	CHECK(t, strstr(t->err.message, "1 validation error detected: Value '[Tag(key=k, value=v), Tag(key=k, value=v)") == t->err.message);
	CHECK(t, strstr(t->err.message, "at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50") != NULL);
}

TEST(validate_bounds_numbers_and_enums)
{
	const struct iam_list_users_request users = { .max_items = SET_I64(1001) };
	const struct iam_update_access_key_request key = { .access_key_id = S("AKIA0000000000000001"), .status = S("active") };

	check_refused(t, &iam_list_users_shape, &users, "1 validation error detected: Value '1001' at 'maxItems' failed to satisfy "
		"constraint: Member must have value less than or equal to 1000");
	check_refused(t, &iam_update_access_key_shape, &key, "1 validation error detected: Value 'active' at 'status' failed to satisfy "
		"constraint: Member must satisfy enum value set: [Active, Inactive, Expired]");
}

TEST(validate_never_quotes_a_sensitive_value)
{
	const struct iam_create_login_profile_request in = { .user_name = S("bob"), .password = S("S3cret\xC4\x80!") };

	check_refused(t, &iam_create_login_profile_shape, &in, "1 validation error detected: Value at 'password' failed to satisfy "
		"constraint: Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+");
}

TEST(validate_uses_the_operations_own_error_where_it_has_one)
{
	struct cloudtrail_lookup_attribute attributes[] = { { S("username"), S("alice") }, { S("EventName"), S("x") } };
	const struct { struct cloudtrail_lookup_events_request in; const char *name; } rows[] = {
		{ { .max_results = SET_I64(51) }, "InvalidMaxResultsException" },
		{ { .max_results = SET_I64(0) }, "InvalidMaxResultsException" },
		{ { .lookup_attributes = { attributes, 1, true } }, "InvalidLookupAttributesException" },
		{ { .lookup_attributes = { attributes + 1, 1, true }, .event_category = S("Insight") }, "InvalidEventCategoryException" },
		{ { .lookup_attributes = { attributes, 2, true }, .max_results = SET_I64(51) }, "InvalidLookupAttributesException" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		t->err = (struct error){0};
		CHECK(t, !validate(cloudtrail_lookup_events_shape.input, &rows[i].in, PROTOCOL_JSON_1_1, &t->err));
		CHECK_TEXT(t, slice_of(t->err.name), slice_of(rows[i].name));
	}
	attributes[0].attribute_key = S("EventName");
	CHECK(t, !validate(cloudtrail_lookup_events_shape.input,
		&(struct cloudtrail_lookup_events_request){ .lookup_attributes = { attributes, 2, true } }, PROTOCOL_JSON_1_1, &t->err));
	CHECK_TEXT(t, slice_of(t->err.name), S("InvalidLookupAttributesException"));
	CHECK(t, validate(cloudtrail_lookup_events_shape.input,
		&(struct cloudtrail_lookup_events_request){ .lookup_attributes = { attributes, 1, true } }, PROTOCOL_JSON_1_1, &t->err));
}

TEST(validate_names_the_error_of_json_services_differently)
{
	CHECK(t, !validate(&sample_shape, &(struct sample){ .text = S("123456789") }, PROTOCOL_JSON_1_1, &t->err));
	CHECK_TEXT(t, slice_of(t->err.name), S("ValidationException"));
}

TEST(validate_checks_keys_and_values_of_maps)
{
	struct sample_map_entry entry = { S("123456789"), S("123456789") };
	struct sample_inner_map_entry inner = { S("k"), { .name = S("123456789") } };
	const struct sample in = { .map = { &entry, 1, true }, .inner_map = { &inner, 1, true } };

	CHECK(t, !validate(&sample_shape, &in, PROTOCOL_QUERY, &t->err));
	CHECK_TEXT(t, slice_of(t->err.message), S("3 validation errors detected: Value '{123456789=123456789}' at 'map' failed to satisfy "
		"constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 8]; Value "
		"'{123456789=123456789}' at 'map' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length "
		"less than or equal to 8]; Value '123456789' at 'innerMap.k.name' failed to satisfy constraint: Member must have length less "
		"than or equal to 8"));
}

TEST(validate_cuts_what_is_too_long_to_quote)
{
	const struct iam_create_user_request in = { .user_name = repeated(t, "\xC3\xA9", 5000) };

	CHECK(t, !validate(iam_create_user_shape.input, &in, PROTOCOL_QUERY, &t->err));
	CHECK(t, strlen(t->err.message) <= ERROR_MESSAGE_BYTES_MAX);
	CHECK(t, strstr(t->err.message, "...' at 'userName' failed to satisfy constraint: Member must satisfy") != NULL);
}
