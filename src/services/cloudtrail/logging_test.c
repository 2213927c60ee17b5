/* services/cloudtrail/logging_test.c: what starts and stops with a trail, and what GetTrailStatus makes of it. */
#include "tests/cloudtrail_fixture.h"

#include "trail/digest_chains.h"
#include "trail/trail_status.h"
#include "trail/trail_streams.h"

#define UNKNOWN(arn) "TrailNotFoundException: Unknown trail: " arn " for the user: 111122223333"
#define FORM "CloudTrailARNInvalidException: arn:aws:cloudtrail:us-east-1:1:trail/audit is no ARN of a trail; one has the form " \
	"arn:aws:cloudtrail:us-east-1:123456789012:trail/MyTrail."

/* A15, A16, T2, T17. */
TEST(logging_moves_times_once)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	f.call.now_ms = NOW_MS + 1000;
	TRAIL_SAYS(&f, "StartLogging", "{\"Name\":\"audit\"}", "{}");
	f.call.now_ms = NOW_MS + 2500;
	TRAIL_SAYS(&f, "StartLogging", "{\"Name\":\"" AUDIT "\"}", "{}");
	TRAIL_SAYS(&f, "GetTrailStatus", "{\"Name\":\"audit\"}", "{\"IsLogging\":true,\"StartLoggingTime\":1768471268,"
		"\"LatestDeliveryAttemptTime\":\"\",\"LatestNotificationAttemptTime\":\"\",\"LatestNotificationAttemptSucceeded\":\"\","
		"\"LatestDeliveryAttemptSucceeded\":\"\",\"TimeLoggingStarted\":\"2026-01-15T10:01:08Z\",\"TimeLoggingStopped\":\"\"}");
	TRAIL_SAYS(&f, "StopLogging", "{\"Name\":\"audit\"}", "{}");
	f.call.now_ms = NOW_MS + 9000;
	TRAIL_SAYS(&f, "StopLogging", "{\"Name\":\"audit\"}", "{}");
	TRAIL_SAYS(&f, "GetTrailStatus", "{\"Name\":\"audit\"}", "{\"IsLogging\":false,\"StartLoggingTime\":1768471268,"
		"\"StopLoggingTime\":1768471269.5,\"LatestDeliveryAttemptTime\":\"\",\"LatestNotificationAttemptTime\":\"\","
		"\"LatestNotificationAttemptSucceeded\":\"\",\"LatestDeliveryAttemptSucceeded\":\"\","
		"\"TimeLoggingStarted\":\"2026-01-15T10:01:08Z\",\"TimeLoggingStopped\":\"2026-01-15T10:01:09Z\"}");
	TRAIL_SAYS(&f, "StartLogging", "{\"Name\":\"audit\"}", "{}");
	TRAIL_SAYS(&f, "GetTrailStatus", "{\"Name\":\"audit\"}", "{\"IsLogging\":true,\"StartLoggingTime\":1768471276,"
		"\"StopLoggingTime\":1768471269.5,\"LatestDeliveryAttemptTime\":\"\",\"LatestNotificationAttemptTime\":\"\","
		"\"LatestNotificationAttemptSucceeded\":\"\",\"LatestDeliveryAttemptSucceeded\":\"\","
		"\"TimeLoggingStarted\":\"2026-01-15T10:01:16Z\",\"TimeLoggingStopped\":\"2026-01-15T10:01:09Z\"}");
	trail_fixture_end(&f);
}

static uint64_t trail_id(struct trail_fixture *f)
{
	int64_t id = 0;

	slice_to_i64(trail_fixture_query(f, "SELECT trail_id || '' FROM trails"), &id);
	return (uint64_t)id;
}

/* A17, A18, T4: the status is that of the region that is asked. */
TEST(logging_status_is_of_the_region_of_the_request)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", ",\"IsMultiRegionTrail\":true,\"EnableLogFileValidation\":true");
	const struct trail_status_key there = { ACCOUNT, trail_id(&f), S("eu-west-1") };
	CHECK(t, trail_status_note_delivery(f.catalog, &there, NOW_MS, SLICE_NONE, &t->err));
	CHECK(t, trail_status_note_delivery(f.catalog, &there, NOW_MS + 5000, S("NoSuchBucket"), &t->err));
	CHECK(t, trail_status_note_digest(f.catalog, &there, NOW_MS + 6000, SLICE_NONE, &t->err));
	f.call.region = S("eu-west-1");
	TRAIL_SAYS(&f, "GetTrailStatus", "{\"Name\":\"audit\"}", UNKNOWN("arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"));
	TRAIL_SAYS(&f, "GetTrailStatus", "{\"Name\":\"" AUDIT "\"}", "{\"IsLogging\":false,\"LatestDeliveryError\":\"NoSuchBucket\","
		"\"LatestDeliveryTime\":1768471267,\"LatestDigestDeliveryTime\":1768471273,"
		"\"LatestDeliveryAttemptTime\":\"2026-01-15T10:01:12Z\",\"LatestNotificationAttemptTime\":\"\","
		"\"LatestNotificationAttemptSucceeded\":\"\",\"LatestDeliveryAttemptSucceeded\":\"2026-01-15T10:01:07Z\","
		"\"TimeLoggingStarted\":\"\",\"TimeLoggingStopped\":\"\"}");
	f.call.region = S("us-east-1");
	TRAIL_SAYS(&f, "GetTrailStatus", "{\"Name\":\"audit\"}", "{\"IsLogging\":false,\"LatestDeliveryAttemptTime\":\"\","
		"\"LatestNotificationAttemptTime\":\"\",\"LatestNotificationAttemptSucceeded\":\"\",\"LatestDeliveryAttemptSucceeded\":\"\","
		"\"TimeLoggingStarted\":\"\",\"TimeLoggingStopped\":\"\"}");
	trail_fixture_end(&f);
}

/* A19, T5, T7, T8: each operation finds a trail alike; only looking works on a shadow. */
TEST(logging_and_the_rest_find_a_trail_alike)
{
	static const struct { const char *operation, *member, *more; bool is_change; } rows[] = {
		{ "StartLogging", "Name", "", true }, { "StopLogging", "Name", "", true }, { "DeleteTrail", "Name", "", true },
		{ "UpdateTrail", "Name", "", true }, { "GetTrailStatus", "Name", "", false },
		{ "PutEventSelectors", "TrailName", ",\"EventSelectors\":[{}]", true }, { "GetEventSelectors", "TrailName", "", false },
		{ "PutInsightSelectors", "TrailName", ",\"InsightSelectors\":[]", true }, { "GetInsightSelectors", "TrailName", "", false },
	};
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", ",\"IsMultiRegionTrail\":true");
	trail_fixture_make(&f, "home", "");
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct { const char *region, *name, *want; } asked[] = {
			{ "us-east-1", "nope", UNKNOWN("arn:aws:cloudtrail:us-east-1:111122223333:trail/nope") },
			{ "eu-west-1", "audit", UNKNOWN("arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit") },
			{ "us-east-1", "AUDIT", UNKNOWN("arn:aws:cloudtrail:us-east-1:111122223333:trail/AUDIT") },
			{ "eu-west-1", "arn:aws:cloudtrail:us-east-1:111122223333:trail/home", UNKNOWN("arn:aws:cloudtrail:us-east-1:111122223333:trail/home") },
			{ "us-east-1", "arn:aws:cloudtrail:us-east-1:444455556666:trail/audit", UNKNOWN("arn:aws:cloudtrail:us-east-1:444455556666:trail/audit") },
			{ "us-east-1", "arn:aws-cn:cloudtrail:us-east-1:111122223333:trail/audit", UNKNOWN("arn:aws-cn:cloudtrail:us-east-1:111122223333:trail/audit") },
			{ "us-east-1", "arn:aws:cloudtrail:us-east-1:1:trail/audit", FORM },
			{ "us-east-1", "ab", "InvalidTrailNameException: Trail name too short. Minimum allowed length: 3 characters. Specified name "
			  "length: 2 characters." },
			{ "eu-west-1", AUDIT, "InvalidHomeRegionException: Trail " AUDIT " can be modified only from its home region us-east-1." },
		};
		for (size_t a = 0; a < COUNT(asked) - !rows[i].is_change; a++) {
			f.call.region = slice_of(asked[a].region);
			CHECK_TEXT(t, trail_fixture_call(&f, rows[i].operation, arena_printf(&t->arena, "{\"%s\":\"%s\"%s}", rows[i].member,
			                                                                     asked[a].name, rows[i].more)), slice_of(asked[a].want));
		}
	}
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT sum(is_logging) || count(*) FROM trails"), S("02"));
	trail_fixture_end(&f);
}

/* What the deliverer and the digests go by. */
TEST(logging_begins_a_stream_and_the_chain_at_home)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", ",\"EnableLogFileValidation\":true,\"S3KeyPrefix\":\"a\"");
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT number || ' ' || bucket || ' ' || prefix FROM trail_targets"), S("1 audit-logs a"));
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT name FROM trail_streams"), S("no row"));
	const struct catalog_position position = { .generation = 1, .applied_seq = 77 };
	CHECK(t, catalog_position_set(f.catalog, &position, &t->err));
	TRAIL_SAYS(&f, "StartLogging", "{\"Name\":\"audit\"}", "{}");
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT name || ' ' || region || ' ' || cursor_seq || ' ' || is_ended FROM trail_streams"),
	           S("audit us-east-1 77 0"));
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT region || ' ' || (ended_ms > 0) FROM digest_chains"), S("us-east-1 0"));
	TRAIL_SAYS(&f, "StopLogging", "{\"Name\":\"audit\"}", "{}");
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT region || ' ' || (ended_ms > 0) FROM digest_chains"), S("us-east-1 1"));
	TRAIL_SAYS(&f, "StartLogging", "{\"Name\":\"audit\"}", "{}");
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT region || ' ' || (ended_ms > 0) FROM digest_chains"), S("us-east-1 0"));
	TRAIL_SAYS(&f, "UpdateTrail", "{\"Name\":\"audit\",\"EnableLogFileValidation\":false}",
		"{\"Name\":\"audit\",\"S3BucketName\":\"audit-logs\",\"S3KeyPrefix\":\"a\",\"IncludeGlobalServiceEvents\":true,"
		"\"IsMultiRegionTrail\":false,\"TrailARN\":\"" AUDIT "\",\"LogFileValidationEnabled\":false,\"IsOrganizationTrail\":false}");
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT region || ' ' || (ended_ms > 0) FROM digest_chains"), S("us-east-1 1"));
	TRAIL_SAYS(&f, "DeleteTrail", "{\"Name\":\"audit\"}", "{}");
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT is_ended || '' FROM trail_streams"), S("1"));
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT count(*) || '' FROM trail_targets"), S("1"));
	trail_fixture_end(&f);
}

/* A trail that stops being multi-region signs no digests elsewhere any more. */
TEST(logging_at_home_alone_ends_the_chains_elsewhere)
{
	static const char SHOWN[] = "SELECT group_concat(region || (ended_ms > 0)) FROM (SELECT * FROM digest_chains ORDER BY region)";
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", ",\"EnableLogFileValidation\":true,\"IsMultiRegionTrail\":true");
	TRAIL_SAYS(&f, "StartLogging", "{\"Name\":\"audit\"}", "{}");
	CHECK(t, digest_chains_begin(f.catalog, ACCOUNT, trail_id(&f), S("eu-west-1"), NOW_MS, &t->err));
	trail_fixture_call(&f, "UpdateTrail", "{\"Name\":\"audit\"}");
	CHECK_TEXT(t, trail_fixture_query(&f, SHOWN), S("eu-west-10,us-east-10"));
	trail_fixture_call(&f, "UpdateTrail", "{\"Name\":\"audit\",\"IsMultiRegionTrail\":false}");
	CHECK_TEXT(t, trail_fixture_query(&f, SHOWN), S("eu-west-11,us-east-10"));
	trail_fixture_end(&f);
}

/* A repaired bucket is tried at once. */
TEST(logging_again_forgets_the_wait_after_a_failure)
{
	struct trail_stream_list streams;
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	TRAIL_SAYS(&f, "StartLogging", "{\"Name\":\"audit\"}", "{}");
	for (int i = 0; i < 2; i++) {
		CHECK(t, trail_streams_list(f.catalog, &t->arena, &streams, &t->err) && streams.count == 1);
		CHECK(t, trail_streams_fail(f.catalog, &streams.items[0], NOW_MS + 60000, &t->err));
		trail_fixture_call(&f, i ? "UpdateTrail" : "StartLogging", "{\"Name\":\"audit\"}");
		CHECK_TEXT(t, trail_fixture_query(&f, "SELECT retry_at_ms || '' FROM trail_streams"), S("0"));
	}
	trail_fixture_end(&f);
}

/* A trail that never logged leaves nothing; one of the same name is another trail. */
TEST(logging_never_and_deleting_leaves_nothing)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", ",\"TagsList\":[{\"Key\":\"a\"}]");
	uint64_t first = trail_id(&f);
	TRAIL_SAYS(&f, "DeleteTrail", "{\"Name\":\"audit\"}", "{}");
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT (SELECT count(*) FROM trails) || (SELECT count(*) FROM trail_targets)"
	                                      " || (SELECT count(*) FROM trail_streams) || (SELECT count(*) FROM trail_tags)"), S("0000"));
	trail_fixture_make(&f, "audit", "");
	CHECK(t, trail_id(&f) != first);
	TRAIL_SAYS(&f, "ListTags", "{\"ResourceIdList\":[\"" AUDIT "\"]}",
	           "{\"ResourceTagList\":[{\"ResourceId\":\"" AUDIT "\",\"TagsList\":[]}]}");
	trail_fixture_end(&f);
}

TEST(logging_status_names_the_newest_digest_of_every_region)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", ",\"EnableLogFileValidation\":true");
	static const char *const regions[] = { "us-east-1", "eu-west-1" };
	for (size_t i = 0; i < COUNT(regions); i++)
		CHECK(t, catalog_run(f.catalog, &t->err, "INSERT INTO digest_heads (account, trail_id, region, bucket, key, hash, signature, end_ms)"
		                     " VALUES (?1, ?2, ?3, 'audit-logs', 'k-' || ?3, '00', 'ff', 1)", "tit", ACCOUNT, (int64_t)trail_id(&f),
		                     slice_of(regions[i])));
	struct slice reply = trail_fixture_call(&f, "GetTrailStatus", "{\"Name\":\"audit\"}");
	CHECK(t, slice_has_suffix(reply, S("\"TimeLoggingStopped\":\"\",\"DigestHeads\":["
		"{\"AwsRegion\":\"eu-west-1\",\"S3Bucket\":\"audit-logs\",\"S3Object\":\"k-eu-west-1\",\"HashValue\":\"00\",\"Signature\":\"ff\"},"
		"{\"AwsRegion\":\"us-east-1\",\"S3Bucket\":\"audit-logs\",\"S3Object\":\"k-us-east-1\",\"HashValue\":\"00\",\"Signature\":\"ff\"}]}")));
	trail_fixture_end(&f);
}
