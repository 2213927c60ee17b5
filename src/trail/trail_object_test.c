/* trail/trail_object_test.c: what a trail puts goes the way of a caller's object, past the same policy. */
#include "trail/trail_object.h"

#include "tests/trail_place.h"

static const struct trail_sender SENDER = {
	S_INIT("111122223333"), S_INIT("us-east-1"), S_INIT("audit"),
};

struct putting { struct trail_place *place; struct trail_object *object; };

static bool put(void *user, struct catalog *catalog, struct error *err)
{
	struct putting *putting = user;

	return trail_object_put(catalog, putting->place->arena, putting->object, TRAIL_PLACE_NOW_MS, err);
}

static enum delivery_result write_and_put(struct trail_place *place, struct trail_object *object)
{
	struct putting putting = { place, object };

	if (!trail_object_write(&place->context, place->arena, object, S("{\"a\":1}"), &place->err))
		return DELIVERY_REFUSED;
	enum delivery_result result = delivery_commit(&place->context, put, &putting, &place->err);
	trail_object_end(object, result);
	return result;
}

TEST(trail_object_has_its_headers_and_metadata)
{
	struct trail_place place = { .arena = &t->arena, .path = test_dir(t, "place") };
	struct trail_place_objects objects;
	struct trail_object object = { .sender = SENDER, .bucket = S("logs"), .key = S("AWSLogs/x"),
	                               .metadata = S("x-amz-meta-signature: 4f\n") };

	REQUIRE(t, trail_place_open(&place) && trail_place_bucket(&place, "logs", true));
	CHECK_NUMBER(t, write_and_put(&place, &object), DELIVERY_COMMITTED);
	REQUIRE(t, trail_place_read(&place, &objects) && objects.count == 1);
	CHECK_TEXT(t, objects.items[0].headers,
	           S("content-type: application/json\ncontent-encoding: gzip\nx-amz-meta-signature: 4f\n"));
	CHECK_TEXT(t, objects.items[0].text, S("{\"a\":1}"));
	trail_place_close(&place);
}

/* The policy of the bucket names the trail: another one of the same account is refused, and so is one elsewhere. */
TEST(trail_object_is_put_as_its_trail)
{
	static const struct { struct trail_sender sender; const char *bucket, *code; } rows[] = {
		{ { S_INIT("111122223333"), S_INIT("us-east-1"), S_INIT("other") }, "logs", "AccessDenied" },
		{ { S_INIT("111122223333"), S_INIT("eu-north-1"), S_INIT("audit") }, "logs", "AccessDenied" },
		{ { S_INIT("444455556666"), S_INIT("us-east-1"), S_INIT("audit") }, "logs", "AccessDenied" },
		{ { S_INIT("111122223333"), S_INIT("us-east-1"), S_INIT("audit") }, "nowhere", "NoSuchBucket" },
		{ { S_INIT("111122223333"), S_INIT("us-east-1"), S_INIT("audit") }, "closed", "AccessDenied" },
	};
	struct trail_place place = { .arena = &t->arena, .path = test_dir(t, "place") };

	REQUIRE(t, trail_place_open(&place) && trail_place_bucket(&place, "logs", true) && trail_place_bucket(&place, "closed", false));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct trail_object object = { .sender = rows[i].sender, .bucket = slice_of(rows[i].bucket), .key = S("AWSLogs/x") };
		CHECK(t, !trail_object_check(place.context.reader, &t->arena, &object, TRAIL_PLACE_NOW_MS, &place.err));
		CHECK_TEXT(t, slice_of(place.err.name), slice_of(rows[i].code));
		place.err = (struct error){0};
		CHECK_NUMBER(t, write_and_put(&place, &object), DELIVERY_REFUSED);
		CHECK_TEXT(t, slice_of(place.err.name), slice_of(rows[i].code));
		place.err = (struct error){0};
	}
	trail_place_close(&place);
}

static bool enable_versioning(void *user, struct catalog *catalog, struct error *err)
{
	const struct bucket *bucket = buckets_get(catalog, ((struct trail_place *)user)->arena, S("logs"), err);

	return bucket && buckets_set_versioning(catalog, bucket, VERSIONING_ENABLED, false, err);
}

TEST(trail_object_is_a_version_where_the_bucket_keeps_them)
{
	struct trail_place place = { .arena = &t->arena, .path = test_dir(t, "place") };
	struct trail_place_objects objects;

	REQUIRE(t, trail_place_open(&place) && trail_place_bucket(&place, "logs", true)
	           && trail_place_change(&place, enable_versioning, &place));
	for (int i = 0; i < 2; i++) {
		struct trail_object object = { .sender = SENDER, .bucket = S("logs"), .key = S("AWSLogs/x") };
		CHECK_NUMBER(t, write_and_put(&place, &object), DELIVERY_COMMITTED);
	}
	CHECK(t, trail_place_read(&place, &objects) && objects.count == 2);
	trail_place_close(&place);
}
