/* services/cloudtrail/insight_selectors_test.c: a put replaces, none is an error to who asks, and what cannot be counted is refused. */
#include "tests/cloudtrail_fixture.h"

#define NOT_ENABLED "InsightNotEnabledException: Trail audit does not have Insights enabled. Edit the trail settings to enable " \
	"Insights, and then try the operation again."
#define PUT(list) "{\"TrailName\":\"audit\",\"InsightSelectors\":" list "}"
#define KEPT(list) "{\"TrailARN\":\"" AUDIT "\",\"InsightSelectors\":" list "}"
#define RATE  "{\"InsightType\":\"ApiCallRateInsight\"}"
#define ERRORS "{\"InsightType\":\"ApiErrorRateInsight\"}"

/* A29, A30, T18, T19. */
TEST(insight_selectors_are_replaced_and_removed)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	TRAIL_SAYS(&f, "GetInsightSelectors", "{\"TrailName\":\"audit\"}", NOT_ENABLED);
	TRAIL_SAYS(&f, "PutInsightSelectors", PUT("[" RATE "]"), KEPT("[" RATE "]"));
	TRAIL_SAYS(&f, "PutInsightSelectors", PUT("[" ERRORS "]"), KEPT("[" ERRORS "]"));
	TRAIL_SAYS(&f, "GetInsightSelectors", "{\"TrailName\":\"" AUDIT "\"}", KEPT("[" ERRORS "]"));
	CHECK(t, slice_find(trail_fixture_call(&f, "GetTrail", "{\"Name\":\"audit\"}"), S("\"HasInsightSelectors\":true")) != SLICE_NPOS);
	TRAIL_SAYS(&f, "PutInsightSelectors", PUT("[{\"InsightType\":\"ApiCallRateInsight\",\"EventCategories\":[\"Management\",\"Data\"]}," ERRORS "]"),
	           KEPT("[{\"InsightType\":\"ApiCallRateInsight\",\"EventCategories\":[\"Management\",\"Data\"]}," ERRORS "]"));
	TRAIL_SAYS(&f, "PutInsightSelectors", PUT("[]"), KEPT("[]"));
	TRAIL_SAYS(&f, "GetInsightSelectors", "{\"TrailName\":\"audit\"}", NOT_ENABLED);
	CHECK(t, slice_find(trail_fixture_call(&f, "GetTrail", "{\"Name\":\"audit\"}"), S("\"HasInsightSelectors\":false")) != SLICE_NPOS);
	trail_fixture_end(&f);
}

TEST(insight_selectors_are_refused_by_type_source_and_bucket)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	TRAIL_SAYS(&f, "PutInsightSelectors", PUT("[" RATE "," RATE "]"), "InvalidInsightSelectorsException: Each InsightType may be given once.");
	TRAIL_SAYS(&f, "PutInsightSelectors", PUT("[{}]"), "InvalidInsightSelectorsException: An insight selector needs InsightType.");
	TRAIL_SAYS(&f, "PutInsightSelectors", PUT("[{\"InsightType\":\"Luck\"}]"), "InvalidInsightSelectorsException: 1 validation error detected: "
	           "Value 'Luck' at 'insightSelectors.1.member.insightType' failed to satisfy constraint: Member must satisfy enum value set: "
	           "[ApiCallRateInsight, ApiErrorRateInsight]");
	TRAIL_SAYS(&f, "PutInsightSelectors", "{\"TrailName\":\"audit\"}", "InvalidInsightSelectorsException: 1 validation error detected: Value null "
	           "at 'insightSelectors' failed to satisfy constraint: Member must not be null");
	TRAIL_SAYS(&f, "PutInsightSelectors", "{\"InsightSelectors\":[]}", "InvalidParameterException: TrailName or EventDataStore is needed.");
	TRAIL_SAYS(&f, "PutInsightSelectors", "{\"TrailName\":\"audit\",\"EventDataStore\":\"store\",\"InsightSelectors\":[]}",
	           "InvalidParameterCombinationException: TrailName cannot be given together with EventDataStore or InsightsDestination.");
	TRAIL_SAYS(&f, "PutInsightSelectors", "{\"EventDataStore\":\"store\",\"InsightSelectors\":[]}",
	           "UnsupportedOperationException: spoor does not serve event data stores.");
	TRAIL_SAYS(&f, "GetInsightSelectors", "{}", "InvalidParameterException: TrailName or EventDataStore is needed.");
	TRAIL_SAYS(&f, "GetInsightSelectors", "{\"TrailName\":\"audit\",\"EventDataStore\":\"store\"}",
	           "InvalidParameterCombinationException: TrailName cannot be given together with EventDataStore or InsightsDestination.");
	trail_fixture_policy(&f, NULL);
	TRAIL_SAYS(&f, "PutInsightSelectors", PUT("[" RATE "]"),
	           "InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket: audit-logs");
	CHECK(t, catalog_run(f.catalog, &t->err, "UPDATE trails SET bucket = 'gone'", ""));
	TRAIL_SAYS(&f, "PutInsightSelectors", PUT("[" RATE "]"), "S3BucketDoesNotExistException: S3 bucket gone does not exist!");
	trail_fixture_end(&f);
}

/* Rates of calls are those of writes. */
TEST(insight_selectors_need_a_trail_that_logs_what_they_count)
{
	static const struct { const char *selectors; bool has_writes, has_any; } rows[] = {
		{ "\"EventSelectors\":[{\"ReadWriteType\":\"ReadOnly\"}]", false, true },
		{ "\"EventSelectors\":[{\"ReadWriteType\":\"ReadOnly\"},{\"ReadWriteType\":\"WriteOnly\"}]", true, true },
		{ "\"EventSelectors\":[{\"IncludeManagementEvents\":false}]", false, false },
		{ "\"AdvancedEventSelectors\":[{\"FieldSelectors\":[{\"Field\":\"eventCategory\",\"Equals\":[\"Management\"]}]}]", true, true },
		{ "\"AdvancedEventSelectors\":[{\"FieldSelectors\":[{\"Field\":\"eventCategory\",\"Equals\":[\"Management\"]},"
		  "{\"Field\":\"readOnly\",\"Equals\":[\"true\"]}]}]", false, true },
		{ "\"AdvancedEventSelectors\":[{\"FieldSelectors\":[{\"Field\":\"eventCategory\",\"Equals\":[\"Data\"]},"
		  "{\"Field\":\"resources.type\",\"Equals\":[\"AWS::S3::Object\"]}]}]", false, false },
	};
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	for (size_t i = 0; i < COUNT(rows); i++) {
		trail_fixture_call(&f, "PutEventSelectors", arena_printf(&t->arena, "{\"TrailName\":\"audit\",%s}", rows[i].selectors));
		CHECK_TEXT(t, trail_fixture_call(&f, "PutInsightSelectors", PUT("[" RATE "]")), rows[i].has_writes ? S(KEPT("[" RATE "]"))
			: S("InvalidInsightSelectorsException: ApiCallRateInsight needs a trail that logs write management events."));
		CHECK_TEXT(t, trail_fixture_call(&f, "PutInsightSelectors", PUT("[" ERRORS "]")), rows[i].has_any ? S(KEPT("[" ERRORS "]"))
			: S("InvalidInsightSelectorsException: ApiErrorRateInsight needs a trail that logs management events."));
	}
	TRAIL_SAYS(&f, "PutInsightSelectors", PUT("[{\"InsightType\":\"ApiCallRateInsight\",\"EventCategories\":[\"Data\"]}]"),
	           KEPT("[{\"InsightType\":\"ApiCallRateInsight\",\"EventCategories\":[\"Data\"]}]"));
	trail_fixture_end(&f);
}
