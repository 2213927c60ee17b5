/* services/cloudtrail/event_selectors_test.c: selectors are put, shown as they were put, and refused; which events they admit
 * is trail/selectors_test.c's. */
#include "tests/cloudtrail_fixture.h"

#define DEFAULT "{\"ReadWriteType\":\"All\",\"IncludeManagementEvents\":true,\"DataResources\":[],\"ExcludeManagementEventSources\":[]}"
#define HAS_CUSTOM "SELECT has_custom_selectors || '' FROM trails"

static const char *put(struct test *t, const char *more)
{
	return arena_printf(&t->arena, "{\"TrailName\":\"audit\",%s}", more);
}

/* A23, T20. */
TEST(event_selectors_of_a_new_trail_are_the_default)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	TRAIL_SAYS(&f, "GetEventSelectors", "{\"TrailName\":\"audit\"}", "{\"TrailARN\":\"" AUDIT "\",\"EventSelectors\":[" DEFAULT "]}");
	TRAIL_SAYS(&f, "PutEventSelectors", "{\"TrailName\":\"audit\",\"EventSelectors\":[{}]}",
	           "{\"TrailARN\":\"" AUDIT "\",\"EventSelectors\":[" DEFAULT "]}");
	CHECK_TEXT(t, trail_fixture_query(&f, HAS_CUSTOM), S("0"));
	trail_fixture_end(&f);
}

TEST(event_selectors_of_one_kind_replace_those_of_the_other)
{
	static const char BASIC[] = "\"EventSelectors\":[{\"ReadWriteType\":\"WriteOnly\",\"IncludeManagementEvents\":false,\"DataResources\":"
		"[{\"Type\":\"AWS::S3::Object\",\"Values\":[\"arn:aws:s3:::b/\"]}],\"ExcludeManagementEventSources\":[]}]}";
	static const char ADVANCED[] = "\"AdvancedEventSelectors\":[{\"Name\":\"n\",\"FieldSelectors\":[{\"Field\":\"eventCategory\",\"Equals\":"
		"[\"Management\"]},{\"Field\":\"eventName\",\"StartsWith\":[\"Put\"],\"NotEquals\":[\"PutObjectAcl\"]}]}]}";
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	struct slice basic = arena_format(&t->arena, "{\"TrailARN\":\"" AUDIT "\",%s", BASIC);
	struct slice advanced = arena_format(&t->arena, "{\"TrailARN\":\"" AUDIT "\",%s", ADVANCED);
	CHECK_TEXT(t, trail_fixture_call(&f, "PutEventSelectors", arena_printf(&t->arena, "{\"TrailName\":\"" AUDIT "\",%s", BASIC)), basic);
	CHECK_TEXT(t, trail_fixture_call(&f, "GetEventSelectors", "{\"TrailName\":\"audit\"}"), basic);
	CHECK_TEXT(t, trail_fixture_query(&f, HAS_CUSTOM), S("1"));
	CHECK_TEXT(t, trail_fixture_call(&f, "PutEventSelectors", arena_printf(&t->arena, "{\"TrailName\":\"audit\",%s", ADVANCED)), advanced);
	CHECK_TEXT(t, trail_fixture_call(&f, "GetEventSelectors", "{\"TrailName\":\"audit\"}"), advanced);
	CHECK_TEXT(t, trail_fixture_call(&f, "PutEventSelectors", arena_printf(&t->arena, "{\"TrailName\":\"audit\",%s", BASIC)), basic);
	TRAIL_SAYS(&f, "PutEventSelectors", "{\"TrailName\":\"audit\",\"EventSelectors\":[" DEFAULT "]}",
	           "{\"TrailARN\":\"" AUDIT "\",\"EventSelectors\":[" DEFAULT "]}");
	CHECK_TEXT(t, trail_fixture_query(&f, HAS_CUSTOM), S("0"));
	trail_fixture_end(&f);
}

/* A24, A25, T21, T22. The set before stays. */
TEST(event_selectors_are_refused_in_the_words_of_aws)
{
	static const struct { const char *more, *want; } rows[] = {
		{ "\"EventSelectors\":[{\"DataResources\":[{\"Type\":\"AWS::S3::Object\",\"Values\":[\"arn:aws:s3:::*/*\"]}]}]",
		  "Value arn:aws:s3:::*/* for DataResources.Values is invalid." },
		{ "\"EventSelectors\":[{\"DataResources\":[{\"Type\":\"AWS::S3::Bucket\",\"Values\":[]}]}]", "Value AWS::S3::Bucket for "
		  "DataResources.Type is invalid. Valid values are: AWS::DynamoDB::Table, AWS::Lambda::Function, AWS::S3::Object" },
		{ "\"EventSelectors\":[{}],\"AdvancedEventSelectors\":[{\"FieldSelectors\":[{\"Field\":\"eventCategory\",\"Equals\":[\"Management\"]}]}]",
		  "Specify either EventSelectors or AdvancedEventSelectors." },
		{ "\"EventSelectors\":[]", "At least one event selector is needed." },
		{ "\"EventSelectors\":[{},{},{},{},{},{}]", "A trail has at most 5 event selectors." },
		{ "\"EventSelectors\":[{\"ReadWriteType\":\"Some\"}]", "1 validation error detected: Value 'Some' at "
		  "'eventSelectors.1.member.readWriteType' failed to satisfy constraint: Member must satisfy enum value set: [ReadOnly, WriteOnly, All]" },
		{ "\"AdvancedEventSelectors\":[{\"FieldSelectors\":[]}]", "1 validation error detected: Value '[]' at "
		  "'advancedEventSelectors.1.member.fieldSelectors' failed to satisfy constraint: Member must have length greater than or equal to 1" },
		{ "\"AdvancedEventSelectors\":[{}]", "1 validation error detected: Value null at 'advancedEventSelectors.1.member.fieldSelectors' "
		  "failed to satisfy constraint: Member must not be null" },
		{ "\"AdvancedEventSelectors\":[{\"FieldSelectors\":[{\"Field\":\"readOnly\",\"Equals\":[\"true\"]}]}]",
		  "Every advanced event selector needs the field eventCategory." },
	};
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, trail_fixture_call(&f, "PutEventSelectors", put(t, rows[i].more)),
		           arena_format(&t->arena, "InvalidEventSelectorsException: %s", rows[i].want));
	TRAIL_SAYS(&f, "PutEventSelectors", "{\"TrailName\":\"audit\"}",
	           "InvalidEventSelectorsException: Specify either EventSelectors or AdvancedEventSelectors.");
	TRAIL_SAYS(&f, "GetEventSelectors", "{\"TrailName\":\"audit\"}", "{\"TrailARN\":\"" AUDIT "\",\"EventSelectors\":[" DEFAULT "]}");
	trail_fixture_end(&f);
}

/* `count` values over `selectors` selectors of the kind. */
static const char *many(struct test *t, bool is_advanced, int selectors, int count)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	buffer_printf(&out, "\"%sEventSelectors\":[", is_advanced ? "Advanced" : "");
	for (int s = 0; s < selectors; s++) {
		buffer_printf(&out, "%s%s", s ? "," : "", is_advanced
			? "{\"FieldSelectors\":[{\"Field\":\"eventCategory\",\"Equals\":[\"Management\"]},{\"Field\":\"eventName\",\"Equals\":["
			: "{\"DataResources\":[{\"Type\":\"AWS::S3::Object\",\"Values\":[");
		int here = count / selectors + (s < count % selectors) - is_advanced;
		for (int i = 0; i < here; i++)
			buffer_printf(&out, "%s\"arn:aws:s3:::b%d-%d/\"", i ? "," : "", s, i);
		buffer_add(&out, S("]}]}"));
	}
	buffer_add(&out, S("]"));
	return arena_cstr(&t->arena, buffer_slice(&out));
}

/* A26 to A28. */
TEST(event_selectors_have_bounds_over_all_of_them)
{
	static const struct { bool is_advanced; int selectors, count; bool fits; } rows[] = {
		{ false, 2, 250, true }, { false, 2, 251, false }, { false, 5, 250, true }, { true, 1, 500, true }, { true, 1, 501, false },
		{ true, 3, 500, true }, { true, 3, 501, false },
	};
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice reply = trail_fixture_call(&f, "PutEventSelectors", put(t, many(t, rows[i].is_advanced, rows[i].selectors, rows[i].count)));
		CHECK(t, slice_has_prefix(reply, rows[i].fits ? S("{\"TrailARN\"") : S("InvalidEventSelectorsException: ")));
	}
	trail_fixture_end(&f);
}
