/* services/cloudtrail/show_trails_test.c: which trails each region sees, under which names, in which order. */
#include "tests/cloudtrail_fixture.h"

#include "codec/json.h"

static void begin(struct test *t, struct trail_fixture *f)
{
	static const struct { const char *region, *name, *more; } trails[] = {
		{ "us-east-1", "zebra", "" }, { "us-east-1", "audit", ",\"IsMultiRegionTrail\":true" }, { "eu-west-1", "west", "" },
		{ "eu-west-1", "wide", ",\"IsMultiRegionTrail\":true" }, { "ap-south-1", "apple", ",\"IsMultiRegionTrail\":true" },
	};

	trail_fixture_begin(t, f);
	for (size_t i = 0; i < COUNT(trails); i++) {
		f->call.region = slice_of(trails[i].region);
		trail_fixture_make(f, trails[i].name, trails[i].more);
	}
}

/* "name@home" of each trail of the reply, or the error. */
static struct slice names(struct trail_fixture *f, const char *region, const char *operation, const char *list, const char *body)
{
	struct test *t = f->t;
	struct buffer out;

	f->call.region = slice_of(region);
	struct slice reply = trail_fixture_call(f, operation, body);
	const struct json *json = json_parse(&t->arena, reply, &JSON_LIMITS_DEFAULT, &t->err);
	if (!json) {
		t->err = (struct error){0};
		return reply;
	}
	buffer_init(&out, &t->arena, 65536);
	for (const struct json *item = json_get(json, slice_of(list))->first; item; item = item->next)
		buffer_printf(&out, "%s%.*s@%.*s", out.len ? " " : "", SLICE_ARG(json_get_text(item, S("Name"))),
		              SLICE_ARG(json_get_text(item, S("HomeRegion"))));
	return buffer_slice(&out);
}

#define DESCRIBED(region, body) names(&f, region, "DescribeTrails", "trailList", body)

/* A20, A21, T11, T12, T53. */
TEST(show_trails_lists_those_at_home_first_then_shadows)
{
	struct trail_fixture f;
	begin(t, &f);
	CHECK_TEXT(t, DESCRIBED("us-east-1", "{}"), S("audit@us-east-1 zebra@us-east-1 apple@ap-south-1 wide@eu-west-1"));
	CHECK_TEXT(t, DESCRIBED("us-east-1", "{\"trailNameList\":[],\"includeShadowTrails\":true}"),
	           S("audit@us-east-1 zebra@us-east-1 apple@ap-south-1 wide@eu-west-1"));
	CHECK_TEXT(t, DESCRIBED("us-east-1", "{\"includeShadowTrails\":false}"), S("audit@us-east-1 zebra@us-east-1"));
	CHECK_TEXT(t, DESCRIBED("sa-east-1", "{}"), S("apple@ap-south-1 audit@us-east-1 wide@eu-west-1"));
	CHECK_TEXT(t, DESCRIBED("sa-east-1", "{\"includeShadowTrails\":false}"), S(""));
	CHECK_TEXT(t, DESCRIBED("us-east-1", "{\"trailNameList\":[\"nope\",\"zebra\",\"wide\"]}"), S("zebra@us-east-1"));
	CHECK_TEXT(t, DESCRIBED("us-east-1", "{\"trailNameList\":[\"arn:aws:cloudtrail:eu-west-1:111122223333:trail/wide\","
		"\"arn:aws:cloudtrail:eu-west-1:111122223333:trail/west\",\"arn:aws:cloudtrail:eu-west-1:444455556666:trail/wide\"],"
		"\"includeShadowTrails\":false}"), S("wide@eu-west-1"));
	CHECK_TEXT(t, DESCRIBED("us-east-1", "{\"trailNameList\":[\"zebra\",\"arn:aws:s3:::b\"]}"), S("CloudTrailARNInvalidException: "
		"arn:aws:s3:::b is no ARN of a trail; one has the form arn:aws:cloudtrail:us-east-1:123456789012:trail/MyTrail."));
	CHECK_TEXT(t, DESCRIBED("us-east-1", "{\"trailNameList\":[\"x\"]}"), S("InvalidTrailNameException: Trail name too short. Minimum "
		"allowed length: 3 characters. Specified name length: 1 characters."));
	f.call.account = OTHER_ACCOUNT;
	TRAIL_SAYS(&f, "DescribeTrails", "{}", "{\"trailList\":[]}");
	trail_fixture_end(&f);
}

/* T1. */
TEST(show_trails_names_an_unknown_trail_as_it_was_given)
{
	struct trail_fixture f;
	begin(t, &f);
	f.call.region = S("eu-west-1");
	TRAIL_SAYS(&f, "GetTrail", "{\"Name\":\"audit\"}", "TrailNotFoundException: Unknown trail: audit for the user: 111122223333");
	TRAIL_SAYS(&f, "GetTrail", "{\"Name\":\"arn:aws:cloudtrail:us-east-1:111122223333:trail/zebra\"}",
	           "TrailNotFoundException: Unknown trail: arn:aws:cloudtrail:us-east-1:111122223333:trail/zebra for the user: 111122223333");
	TRAIL_SAYS(&f, "GetTrail", "{\"Name\":\"" AUDIT "\"}", "{\"Trail\":{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\","
		"\"IncludeGlobalServiceEvents\":true,\"IsMultiRegionTrail\":true,\"HomeRegion\":\"us-east-1\",\"TrailARN\":\"" AUDIT "\","
		"\"LogFileValidationEnabled\":false,\"HasCustomEventSelectors\":false,\"HasInsightSelectors\":false,\"IsOrganizationTrail\":false}}");
	TRAIL_SAYS(&f, "GetTrail", "{\"Name\":\"\"}", "InvalidTrailNameException: Trail name too short. Minimum allowed length: 3 characters. "
	           "Specified name length: 0 characters.");
	trail_fixture_end(&f);
}

#define LISTED(body) names(&f, "sa-east-1", "ListTrails", "Trails", body)

TEST(show_trails_lists_all_regions_by_pages)
{
	struct trail_fixture f;
	begin(t, &f);
	CHECK_TEXT(t, LISTED("{}"), S("apple@ap-south-1 west@eu-west-1 wide@eu-west-1 audit@us-east-1 zebra@us-east-1"));
	TRAIL_SAYS(&f, "ListTrails", "{\"NextToken\":\"!\"}", "InvalidNextTokenException: The token is not one that ListTrails gave.");
	TRAIL_SAYS(&f, "ListTrails", "{\"NextToken\":\"\"}", "InvalidNextTokenException: The token is not one that ListTrails gave.");
	/* 100 a page: another account with one more than that, in 51 regions. */
	f.call.account = f.caller.account = OTHER_ACCOUNT;
	for (int i = 0; i <= 100; i++) {
		f.call.region = slice_of(arena_printf(&t->arena, "us-east-%02d", i / 2));
		trail_fixture_make(&f, arena_printf(&t->arena, "trail%d", i % 2), "");
	}
	struct slice first = trail_fixture_call(&f, "ListTrails", "{}");
	const struct json *json = json_parse(&t->arena, first, &JSON_LIMITS_DEFAULT, &t->err);
	CHECK_NUMBER(t, json_get(json, S("Trails"))->count, 100);
	CHECK_TEXT(t, LISTED(arena_printf(&t->arena, "{\"NextToken\":\"%.*s\"}", SLICE_ARG(json_get_text(json, S("NextToken"))))),
	           S("trail0@us-east-50"));
	trail_fixture_end(&f);
}
