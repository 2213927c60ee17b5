/* services/cloudtrail/tags_test.c: tags are added, overwritten and removed by key; what is no trail is told apart. */
#include "tests/cloudtrail_fixture.h"

#define ABOUT(list) "{\"ResourceId\":\"" AUDIT "\",\"TagsList\":" list "}"
#define LIST "{\"ResourceIdList\":[\"" AUDIT "\"]}"
#define LISTED(list) "{\"ResourceTagList\":[{\"ResourceId\":\"" AUDIT "\",\"TagsList\":" list "}]}"

TEST(tags_keep_their_order_and_lose_by_key)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	TRAIL_SAYS(&f, "AddTags", ABOUT("[{\"Key\":\"z\",\"Value\":\"1\"},{\"Key\":\"a\"}]"), "{}");
	TRAIL_SAYS(&f, "AddTags", ABOUT("[{\"Key\":\"z\",\"Value\":\"2\"},{\"Key\":\"m\",\"Value\":\"3\"}]"), "{}");
	TRAIL_SAYS(&f, "ListTags", LIST, LISTED("[{\"Key\":\"z\",\"Value\":\"2\"},{\"Key\":\"a\"},{\"Key\":\"m\",\"Value\":\"3\"}]"));
	TRAIL_SAYS(&f, "RemoveTags", ABOUT("[{\"Key\":\"z\",\"Value\":\"another\"},{\"Key\":\"never\"}]"), "{}");
	TRAIL_SAYS(&f, "ListTags", LIST, LISTED("[{\"Key\":\"a\"},{\"Key\":\"m\",\"Value\":\"3\"}]"));
	trail_fixture_end(&f);
}

/* A31. */
TEST(tags_are_at_most_fifty)
{
	struct trail_fixture f;
	struct buffer tags;

	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	buffer_init(&tags, &t->arena, 65536);
	for (int i = 0; i < 50; i++)
		buffer_printf(&tags, "%s{\"Key\":\"k%d\",\"Value\":\"v\"}", i ? "," : "", i);
	struct slice text = buffer_slice(&tags);
	CHECK_TEXT(t, trail_fixture_call(&f, "AddTags", arena_printf(&t->arena, ABOUT("[%.*s]"), SLICE_ARG(text))), S("{}"));
	TRAIL_SAYS(&f, "AddTags", ABOUT("[{\"Key\":\"more\"}]"), "TagsLimitExceededException: A trail has at most 50 tags; this one would have 51.");
	TRAIL_SAYS(&f, "AddTags", ABOUT("[{\"Key\":\"k49\",\"Value\":\"w\"}]"), "{}");
	CHECK_TEXT(t, trail_fixture_query(&f, "SELECT count(*) || max(value) FROM trail_tags"), S("50w"));
	trail_fixture_end(&f);
}

/* A32, and the rest of what a resource can be. */
TEST(tags_are_of_trails_only)
{
	static const struct { const char *id, *want; } rows[] = {
		{ "audit", "CloudTrailARNInvalidException: audit is no ARN of a trail; one has the form "
		  "arn:aws:cloudtrail:us-east-1:123456789012:trail/MyTrail." },
		{ "arn:aws:cloudtrail:us-east-1:111122223333:trail/nope",
		  "ResourceNotFoundException: There is no trail arn:aws:cloudtrail:us-east-1:111122223333:trail/nope in the account 111122223333." },
		{ "arn:aws:cloudtrail:us-east-1:444455556666:trail/audit",
		  "ResourceNotFoundException: There is no trail arn:aws:cloudtrail:us-east-1:444455556666:trail/audit in the account 111122223333." },
		{ "arn:aws-cn:cloudtrail:us-east-1:111122223333:trail/audit",
		  "ResourceNotFoundException: There is no trail arn:aws-cn:cloudtrail:us-east-1:111122223333:trail/audit in the account 111122223333." },
		{ "arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/1234", "ResourceTypeNotSupportedException: "
		  "arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/1234 is no trail; spoor has tags of trails only." },
		{ "arn:aws:s3:::bucket", "ResourceTypeNotSupportedException: arn:aws:s3:::bucket is no trail; spoor has tags of trails only." },
		{ "arn:aws:cloudtrail:us-east-1:1:trail/audit", "CloudTrailARNInvalidException: arn:aws:cloudtrail:us-east-1:1:trail/audit is no ARN "
		  "of a trail; one has the form arn:aws:cloudtrail:us-east-1:123456789012:trail/MyTrail." },
	};
	static const char *const changes[] = { "AddTags", "RemoveTags" };
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", ",\"IsMultiRegionTrail\":true");
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t c = 0; c < COUNT(changes); c++)
			CHECK_TEXT(t, trail_fixture_call(&f, changes[c], arena_printf(&t->arena,
				"{\"ResourceId\":\"%s\",\"TagsList\":[{\"Key\":\"a\"}]}", rows[i].id)), slice_of(rows[i].want));
		CHECK_TEXT(t, trail_fixture_call(&f, "ListTags", arena_printf(&t->arena,
			"{\"ResourceIdList\":[\"" AUDIT "\",\"%s\"]}", rows[i].id)), slice_of(rows[i].want));
	}
	f.call.region = S("eu-west-1");
	TRAIL_SAYS(&f, "AddTags", ABOUT("[{\"Key\":\"a\"}]"),
	           "InvalidHomeRegionException: Trail " AUDIT " can be modified only from its home region us-east-1.");
	TRAIL_SAYS(&f, "RemoveTags", ABOUT("[{\"Key\":\"a\"}]"),
	           "InvalidHomeRegionException: Trail " AUDIT " can be modified only from its home region us-east-1.");
	TRAIL_SAYS(&f, "ListTags", LIST, LISTED("[]"));
	trail_fixture_end(&f);
}

TEST(tags_are_checked)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	TRAIL_SAYS(&f, "AddTags", ABOUT("[{\"Key\":\"a\"},{\"Key\":\"a\"}]"), "InvalidTagParameterException: The key \"a\" is given twice.");
	TRAIL_SAYS(&f, "AddTags", ABOUT("[{\"Key\":\"AWS:a\"}]"),
	           "InvalidTagParameterException: The key of a tag must not begin with aws:, which is reserved: \"AWS:a\".");
	TRAIL_SAYS(&f, "AddTags", ABOUT("[{}]"), "InvalidTagParameterException: 1 validation error detected: Value null at "
	           "'tagsList.1.member.key' failed to satisfy constraint: Member must not be null");
	TRAIL_SAYS(&f, "AddTags", "{\"ResourceId\":\"" AUDIT "\"}", "InvalidTagParameterException: 1 validation error detected: Value null at "
	           "'tagsList' failed to satisfy constraint: Member must not be null");
	TRAIL_SAYS(&f, "AddTags", "{\"TagsList\":[]}", "CloudTrailARNInvalidException: 1 validation error detected: Value null at 'resourceId' "
	           "failed to satisfy constraint: Member must not be null");
	TRAIL_SAYS(&f, "ListTags", "{\"ResourceIdList\":[\"" AUDIT "\"],\"NextToken\":\"x\"}",
	           "InvalidTokenException: ListTags gives no tokens: it answers everything at once.");
	TRAIL_SAYS(&f, "ListTags", "{\"ResourceIdList\":[]}", "CloudTrailARNInvalidException: ResourceIdList has 1 to 20 ARNs, not 0.");
	trail_fixture_end(&f);
}

/* In the order of the request, one of them twice. */
TEST(tags_of_twenty_trails_are_listed_at_once)
{
	struct trail_fixture f;
	trail_fixture_begin(t, &f);
	trail_fixture_make(&f, "audit", "");
	for (int count = 20; count <= 21; count++) {
		struct buffer ids;
		buffer_init(&ids, &t->arena, 65536);
		for (int i = 0; i < count; i++)
			buffer_printf(&ids, "%s\"" AUDIT "\"", i ? "," : "");
		struct slice reply = trail_fixture_call(&f, "ListTags", arena_printf(&t->arena, "{\"ResourceIdList\":[%.*s]}", SLICE_ARG(buffer_slice(&ids))));
		CHECK(t, slice_has_prefix(reply, count == 20 ? S("{\"ResourceTagList\":[{") : S("CloudTrailARNInvalidException: ")));
	}
	trail_fixture_end(&f);
}
