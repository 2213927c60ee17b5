/* trail/stamper_test.c: an event is stamped with the trails that cover its account, region and kind, as of its moment. */
#include "trail/stamper.h"

#include "event/record.h"
#include "store/catalog.h"
#include "tests/test.h"
#include "trail/schema.h"
#include "trail/selectors.h"
#include "trail/stamps.h"
#include "trail/trails.h"

#define ACCOUNT S("111122223333")

struct bench {
	struct catalog *catalog;
	struct stamper *stamper;
};

static bool begin(struct test *t, struct bench *bench)
{
	bench->catalog = catalog_open_writer(arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "c")), &t->err);
	bench->stamper = stamper_new();
	return bench->catalog && catalog_migrate(bench->catalog, schema_trail_migrations, schema_trail_migration_count, &t->err);
}

static void end(struct bench *bench)
{
	catalog_close(bench->catalog);
	stamper_free(bench->stamper);
}

static struct trail logging_trail(uint64_t id, const char *region)
{
	return (struct trail){
		.trail_id = id, .account = ACCOUNT, .region = slice_of(region), .name = id == 1 ? S("one") : id == 2 ? S("two") : S("three"),
		.bucket = S("b"), .target = (uint32_t)id + 10, .has_global_events = true, .selectors = slice_of(SELECTORS_DEFAULT),
		.is_logging = true,
	};
}

static void add(struct test *t, struct bench *bench, struct trail trail)
{
	CHECK(t, trails_insert(bench->catalog, &trail, &t->err));
	CHECK(t, stamper_load(bench->stamper, bench->catalog, &t->err));
}

static struct record event(const char *source, const char *region)
{
	return (struct record){
		.category = RECORD_MANAGEMENT, .event_source = slice_of(source), .event_name = S("Something"), .region = slice_of(region),
		.recipient_account_id = ACCOUNT,
	};
}

/* The ids as text, "1 2". */
static struct slice stamped(struct test *t, const struct bench *bench, struct record record)
{
	struct slice stamps = stamper_stamp(bench->stamper, &record, &t->arena);
	struct buffer out;

	buffer_init(&out, &t->arena, 1000);
	for (size_t i = 0; i < stamps_count(stamps); i++)
		buffer_printf(&out, "%s%" PRIu64, i ? " " : "", stamps_at(stamps, i).trail_id);
	return buffer_slice(&out);
}

TEST(stamper_gives_an_event_to_the_trails_of_its_account_and_region)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench));
	add(t, &bench, logging_trail(1, "us-east-1"));
	add(t, &bench, logging_trail(2, "eu-north-1"));
	struct trail multi = logging_trail(3, "eu-north-1");
	multi.is_multi_region = true;
	add(t, &bench, multi);
	CHECK_TEXT(t, stamped(t, &bench, event("ec2.amazonaws.com", "us-east-1")), S("3 1"));
	CHECK_TEXT(t, stamped(t, &bench, event("ec2.amazonaws.com", "eu-north-1")), S("3 2"));
	CHECK_TEXT(t, stamped(t, &bench, event("ec2.amazonaws.com", "sa-east-1")), S("3"));
	struct record foreign = event("ec2.amazonaws.com", "us-east-1");
	foreign.recipient_account_id = S("999999999999");
	CHECK_TEXT(t, stamped(t, &bench, foreign), S(""));
	end(&bench);
}

TEST(stamper_gives_global_events_to_trails_that_cover_us_east_1_and_want_them)
{
	struct bench bench;
	struct trail without = logging_trail(2, "us-east-1");

	REQUIRE(t, begin(t, &bench));
	without.has_global_events = false;
	add(t, &bench, logging_trail(1, "eu-north-1"));
	add(t, &bench, without);
	CHECK_TEXT(t, stamped(t, &bench, event("iam.amazonaws.com", "us-east-1")), S(""));
	CHECK_TEXT(t, stamped(t, &bench, event("ec2.amazonaws.com", "us-east-1")), S("2"));
	add(t, &bench, logging_trail(3, "us-east-1"));
	CHECK_TEXT(t, stamped(t, &bench, event("iam.amazonaws.com", "us-east-1")), S("3"));
	end(&bench);
}

TEST(stamper_forgets_a_trail_that_stopped_and_asks_its_selectors)
{
	struct bench bench;
	struct trail trail = logging_trail(1, "us-east-1");

	REQUIRE(t, begin(t, &bench));
	add(t, &bench, trail);
	trail.selectors = S("{\"EventSelectors\":[{\"ReadWriteType\":\"ReadOnly\"}]}");
	CHECK(t, trails_update(bench.catalog, &trail, &t->err) && stamper_load(bench.stamper, bench.catalog, &t->err));
	CHECK_TEXT(t, stamped(t, &bench, event("ec2.amazonaws.com", "us-east-1")), S(""));
	trail.selectors = slice_of(SELECTORS_DEFAULT);
	trail.is_logging = false;
	CHECK(t, trails_update(bench.catalog, &trail, &t->err) && stamper_load(bench.stamper, bench.catalog, &t->err));
	CHECK_TEXT(t, stamped(t, &bench, event("ec2.amazonaws.com", "us-east-1")), S(""));
	end(&bench);
}

/* The record of StopLogging goes to the trail that it stops; that of a trail that moves goes to its old bucket, once. */
TEST(stamper_adds_to_the_stamps_of_the_settings_before)
{
	struct bench bench;
	struct trail trail = logging_trail(1, "us-east-1");
	struct record record = event("cloudtrail.amazonaws.com", "us-east-1");

	REQUIRE(t, begin(t, &bench));
	add(t, &bench, trail);
	trail.target = 99;
	CHECK(t, trails_update(bench.catalog, &trail, &t->err));
	add(t, &bench, logging_trail(2, "us-east-1"));
	struct slice both = stamper_stamp_change(bench.stamper, &record, &t->arena);
	REQUIRE(t, stamps_count(both) == 2);
	CHECK(t, stamps_at(both, 0).trail_id == 1 && stamps_at(both, 0).target == 11);
	CHECK(t, stamps_at(both, 1).trail_id == 2);
	CHECK_NUMBER(t, stamps_at(stamper_stamp(bench.stamper, &record, &t->arena), 0).target, 99);
	trail.is_logging = false;
	CHECK(t, trails_update(bench.catalog, &trail, &t->err));
	CHECK(t, trails_delete(bench.catalog, &(struct trail){ .account = ACCOUNT, .region = S("us-east-1"), .name = S("two") }, &t->err));
	CHECK(t, stamper_load(bench.stamper, bench.catalog, &t->err));
	CHECK_NUMBER(t, stamps_count(stamper_stamp_change(bench.stamper, &record, &t->arena)), 2);
	CHECK_NUMBER(t, stamps_count(stamper_stamp(bench.stamper, &record, &t->arena)), 0);
	end(&bench);
}

TEST(stamper_keeps_its_settings_when_new_ones_cannot_be_read)
{
	struct bench bench;
	struct trail broken = logging_trail(2, "us-east-1");

	REQUIRE(t, begin(t, &bench));
	add(t, &bench, logging_trail(1, "us-east-1"));
	broken.selectors = S("{}");
	CHECK(t, trails_insert(bench.catalog, &broken, &t->err));
	CHECK(t, !stamper_load(bench.stamper, bench.catalog, &t->err));
	CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
	CHECK_TEXT(t, stamped(t, &bench, event("ec2.amazonaws.com", "us-east-1")), S("1"));
	end(&bench);
}

TEST(stamper_stamps_a_kept_record_when_its_call_is_gone)
{
	static const char advanced[] =
		"{\"AdvancedEventSelectors\":[{\"FieldSelectors\":[{\"Field\":\"eventCategory\",\"Equals\":[\"Data\"]},"
		"{\"Field\":\"resources.type\",\"Equals\":[\"AWS::S3::Object\"]},{\"Field\":\"resources.ARN\",\"Equals\":[\"arn:aws:s3:::b/k\"]},"
		"{\"Field\":\"eventName\",\"Equals\":[\"PutObject\"]},{\"Field\":\"eventSource\",\"Equals\":[\"s3.amazonaws.com\"]},"
		"{\"Field\":\"errorCode\",\"Equals\":[\"IncompleteBody\"]},{\"Field\":\"userIdentity.arn\",\"Equals\":[\"arn:aws:iam::1:user/a\"]}]}]}";
	struct bench bench;
	char texts[] = "s3.amazonaws.com" "PutObject" "us-east-1" "IncompleteBody" "arn:aws:iam::1:user/a" "111122223333" "AWS::S3::Object" "arn:aws:s3:::b/k";

	REQUIRE(t, begin(t, &bench));
	struct trail trail = logging_trail(1, "us-east-1");
	trail.selectors = slice_of(advanced);
	add(t, &bench, trail);
	struct record_resource object = { .type = { texts + 81, 15 }, .arn = { texts + 96, 16 } };
	struct record call = {
		.category = RECORD_DATA, .event_source = { texts, 16 }, .event_name = { texts + 16, 9 }, .region = { texts + 25, 9 },
		.error_code = { texts + 34, 14 }, .identity.arn = { texts + 48, 21 }, .recipient_account_id = { texts + 69, 12 },
		.resources = &object, .resource_count = 1,
	};
	REQUIRE(t, slice_equal(stamped(t, &bench, call), S("1")));
	const struct record *kept = stamper_keep(&call, &t->arena);
	memset(texts, 'x', sizeof texts - 1);
	memset(&object, 0, sizeof object);
	CHECK_TEXT(t, stamped(t, &bench, *kept), S("1"));
	end(&bench);
}
