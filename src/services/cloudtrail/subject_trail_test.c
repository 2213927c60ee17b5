/* services/cloudtrail/subject_trail_test.c: what the policies are asked about each operation, and with which keys. */
#include "services/cloudtrail/subject_trail.h"

#include "tests/cloudtrail_fixture.h"

#define ROLE  "arn:aws:iam::111122223333:role/logs"
#define OTHER "arn:aws:cloudtrail:eu-west-1:444455556666:trail/other"

/* Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS CloudTrail". */
TEST(subject_trail_is_the_resource_that_policies_see)
{
	static const struct { const char *operation, *body, *want; } rows[] = {
		{ "CreateTrail", "{\"Name\":\"audit\",\"S3BucketName\":\"b\"}", "cloudtrail:CreateTrail " AUDIT },
		{ "CreateTrail", "{\"Name\":\"audit\",\"S3BucketName\":\"b\",\"TagsList\":[{\"Key\":\"a\"}]}",
		  "cloudtrail:CreateTrail " AUDIT "\ncloudtrail:AddTags " AUDIT },
		{ "CreateTrail", "{\"Name\":\"audit\",\"S3BucketName\":\"b\",\"CloudWatchLogsRoleArn\":\"" ROLE "\"}",
		  "cloudtrail:CreateTrail " AUDIT "\niam:PassRole " ROLE },
		{ "UpdateTrail", "{\"Name\":\"audit\",\"CloudWatchLogsRoleArn\":\"\"}", "cloudtrail:UpdateTrail " AUDIT },
		{ "UpdateTrail", "{\"Name\":\"audit\",\"CloudWatchLogsRoleArn\":\"" ROLE "\"}",
		  "cloudtrail:UpdateTrail " AUDIT "\niam:PassRole " ROLE },
		{ "DeleteTrail", "{\"Name\":\"" OTHER "\"}", "cloudtrail:DeleteTrail " OTHER },
		{ "StartLogging", "{\"Name\":\"audit\"}", "cloudtrail:StartLogging " AUDIT },
		{ "StopLogging", "{\"Name\":\"audit\"}", "cloudtrail:StopLogging " AUDIT },
		{ "GetTrail", "{\"Name\":\"audit\"}", "cloudtrail:GetTrail " AUDIT },
		{ "GetTrailStatus", "{\"Name\":\"audit\"}", "cloudtrail:GetTrailStatus " AUDIT },
		{ "PutEventSelectors", "{\"TrailName\":\"audit\"}", "cloudtrail:PutEventSelectors " AUDIT },
		{ "GetEventSelectors", "{\"TrailName\":\"audit\"}", "cloudtrail:GetEventSelectors " AUDIT },
		{ "PutInsightSelectors", "{\"TrailName\":\"audit\",\"InsightSelectors\":[]}", "cloudtrail:PutInsightSelectors " AUDIT },
		{ "GetInsightSelectors", "{\"TrailName\":\"audit\"}", "cloudtrail:GetInsightSelectors " AUDIT },
		{ "AddTags", "{\"ResourceId\":\"" AUDIT "\",\"TagsList\":[]}", "cloudtrail:AddTags " AUDIT },
		{ "RemoveTags", "{\"ResourceId\":\"" AUDIT "\",\"TagsList\":[]}", "cloudtrail:RemoveTags " AUDIT },
		{ "ListTags", "{\"ResourceIdList\":[\"" AUDIT "\",\"" OTHER "\"]}", "cloudtrail:ListTags " AUDIT "\ncloudtrail:ListTags " OTHER },
		{ "DescribeTrails", "{}", "*" }, { "ListTrails", "{}", "*" }, { "ListPublicKeys", "{}", "*" }, { "LookupEvents", "{}", "*" },
	};
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK_TEXT(t, trail_fixture_targets(&f, rows[i].operation, rows[i].body), slice_of(rows[i].want));
		CHECK_TEXT(t, slice_of(f.call.operation->action), arena_format(&t->arena, "cloudtrail:%s", rows[i].operation));
	}
	trail_fixture_end(&f);
}

TEST(subject_trail_brings_the_tags_of_the_trail_and_of_the_request)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", ",\"TagsList\":[{\"Key\":\"team\",\"Value\":\"sec\"},{\"Key\":\"bare\"}]");
	static const char *const named[] = { "StopLogging", "GetTrail", "GetTrailStatus", "DeleteTrail", "UpdateTrail" };
	for (size_t i = 0; i < COUNT(named); i++) {
		CHECK_TEXT(t, trail_fixture_context(&f, named[i], "{\"Name\":\"audit\"}", S("aws:ResourceTag/team")), S("sec"));
		CHECK_TEXT(t, trail_fixture_context(&f, named[i], "{\"Name\":\"nope\"}", S("aws:ResourceTag/team")), SLICE_NONE);
	}
	CHECK_TEXT(t, trail_fixture_context(&f, "PutEventSelectors", "{\"TrailName\":\"" AUDIT "\"}", S("aws:ResourceTag/bare")), S(""));
	static const char tags[] = "{\"ResourceId\":\"" AUDIT "\",\"TagsList\":[{\"Key\":\"a\",\"Value\":\"1\"},{\"Key\":\"b\"}]}";
	static const char *const changes[] = { "AddTags", "RemoveTags" };
	for (size_t i = 0; i < COUNT(changes); i++) {
		CHECK_TEXT(t, trail_fixture_context(&f, changes[i], tags, S("aws:TagKeys")), S("a,b"));
		CHECK_TEXT(t, trail_fixture_context(&f, changes[i], tags, S("aws:RequestTag/a")), S("1"));
		CHECK_TEXT(t, trail_fixture_context(&f, changes[i], tags, S("aws:ResourceTag/team")), S("sec"));
	}
	static const char made[] = "{\"Name\":\"second\",\"S3BucketName\":\"b\",\"TagsList\":[{\"Key\":\"a\",\"Value\":\"1\"}]}";
	CHECK_TEXT(t, trail_fixture_context(&f, "CreateTrail", made, S("aws:TagKeys")), S("a"));
	CHECK_TEXT(t, trail_fixture_context(&f, "CreateTrail", made, S("aws:RequestTag/a")), S("1"));
	CHECK_TEXT(t, trail_fixture_context(&f, "CreateTrail", made, S("iam:PassedToService")), SLICE_NONE);
	static const char passed[] = "{\"Name\":\"audit\",\"S3BucketName\":\"b\",\"CloudWatchLogsRoleArn\":\"" ROLE "\"}";
	CHECK_TEXT(t, trail_fixture_context(&f, "CreateTrail", passed, S("iam:PassedToService")), S("cloudtrail.amazonaws.com"));
	CHECK_TEXT(t, trail_fixture_context(&f, "UpdateTrail", passed, S("iam:PassedToService")), S("cloudtrail.amazonaws.com"));
	CHECK_TEXT(t, trail_fixture_context(&f, "UpdateTrail", passed, S("aws:ResourceTag/team")), S("sec"));
	trail_fixture_end(&f);
}

/* Whom no policy allows anything is told what is no name, and nothing more. */
TEST(subject_trail_names_are_read_before_anybody_is_asked)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	f.caller = (struct principal){
		.type = PRINCIPAL_USER, .account = ACCOUNT, .arn = S("arn:aws:iam::111122223333:user/bob"), .unique_id = S("AIDA1"),
	};
	TRAIL_SAYS(&f, "StopLogging", "{\"Name\":\"a\"}", "InvalidTrailNameException: Trail name too short. Minimum allowed length: 3 characters. "
	           "Specified name length: 1 characters.");
	TRAIL_SAYS(&f, "StopLogging", "{\"Name\":\"audit\"}", "AccessDenied: User: arn:aws:iam::111122223333:user/bob is not authorized to perform: "
	           "cloudtrail:StopLogging on resource: " AUDIT " because no identity-based policy allows the cloudtrail:StopLogging action");
	TRAIL_SAYS(&f, "StopLogging", "{\"Name\":\"nope\"}", "AccessDenied: User: arn:aws:iam::111122223333:user/bob is not authorized to perform: "
	           "cloudtrail:StopLogging on resource: arn:aws:cloudtrail:us-east-1:111122223333:trail/nope because no identity-based policy "
	           "allows the cloudtrail:StopLogging action");
	TRAIL_SAYS(&f, "DescribeTrails", "{}", "AccessDenied: User: arn:aws:iam::111122223333:user/bob is not authorized to perform: "
	           "cloudtrail:DescribeTrails because no identity-based policy allows the cloudtrail:DescribeTrails action");
	trail_fixture_end(&f);
}

/* The table is the list that shapes are made for. */
TEST(subject_trail_and_the_rest_are_served_as_listed)
{
	size_t count = 0;

	for (; cloudtrail.operations[count]; count++) {
		const struct operation *operation = cloudtrail.operations[count];
		REQUIRE(t, count < cloudtrail_shapes.operation_count);
		CHECK_TEXT(t, operation->shape->name, cloudtrail_shapes.operations[count]->name);
		CHECK(t, (operation->access == ACCESS_WRITE) == (operation->place == PLACE_WRITER));
	}
	CHECK_NUMBER(t, count, cloudtrail_shapes.operation_count);
}
