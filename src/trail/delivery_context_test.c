/* trail/delivery_context_test.c: what became of a commit, and when nothing of a trail is pending. */
#include "trail/delivery_context.h"

#include "tests/trail_place.h"

enum { TRAIL = 7 };

static bool say_no(void *user, struct catalog *catalog, struct error *err)
{
	(void)user;
	return catalog_run(catalog, err, "DELETE FROM trail_streams WHERE account = ?", "t", TRAIL_PLACE_ACCOUNT)
	    && fail_as(err, ERR_DENIED, "AccessDenied", "as the test wanted");
}

static bool touch(void *user, struct catalog *catalog, struct error *err)
{
	(void)user;
	return trail_streams_retry(catalog, TRAIL_PLACE_ACCOUNT, TRAIL, err);
}

static void reset_done(struct recorder_reset *reset, bool is_ok, const struct error *err)
{
	(void)reset;
	(void)err;
	assert(is_ok);
}

TEST(delivery_commit_tells_what_became_of_it)
{
	struct trail_place place = { .arena = &t->arena, .path = test_dir(t, "place") };
	struct error err = {0};

	REQUIRE(t, trail_place_open(&place) && trail_place_trail(&place, TRAIL, 1, "logs", NULL));
	CHECK_NUMBER(t, delivery_commit(&place.context, touch, NULL, &err), DELIVERY_COMMITTED);
	CHECK_NUMBER(t, delivery_commit(&place.context, say_no, NULL, &err), DELIVERY_REFUSED);
	CHECK_NUMBER(t, err.kind, ERR_DENIED);
	CHECK_TEXT(t, slice_of(err.name), S("AccessDenied"));
	CHECK_NUMBER(t, trail_place_stream(&place, TRAIL).trail_id, TRAIL);     /* it was undone */
	trail_place_close(&place);
}

TEST(delivery_commit_refuses_what_was_begun_before_a_reset)
{
	struct trail_place place = { .arena = &t->arena, .path = test_dir(t, "place") };
	struct recorder_reset reset = { .done = reset_done };
	struct error err = {0};

	REQUIRE(t, trail_place_open(&place));
	REQUIRE(t, recorder_submit_reset(place.recorder, &reset));
	CHECK_NUMBER(t, delivery_commit(&place.context, touch, NULL, &err), DELIVERY_REFUSED);
	CHECK_NUMBER(t, err.kind, ERR_CONFLICT);
	delivery_context_begin(&place.context);
	CHECK_NUMBER(t, delivery_commit(&place.context, touch, NULL, &err), DELIVERY_COMMITTED);
	trail_place_close(&place);
}

static void follow(struct test *t, struct trail_place *place)
{
	struct trail_stream_list list;

	CHECK(t, trail_streams_list(place->context.reader, &t->arena, &list, &t->err));
	pending_follow(&place->context.pending, &list);
}

TEST(delivery_context_is_quiet_when_everything_is_delivered)
{
	struct trail_place place = { .arena = &t->arena, .path = test_dir(t, "place") };
	struct delivery_report report;

	REQUIRE(t, trail_place_open(&place) && trail_place_trail(&place, TRAIL, 1, "logs", NULL)
	           && trail_place_bucket(&place, "logs", true));
	CHECK(t, delivery_context_is_quiet(&place.context, TRAIL_PLACE_ACCOUNT, TRAIL));        /* nobody knows of it */
	follow(t, &place);
	CHECK(t, delivery_context_is_quiet(&place.context, TRAIL_PLACE_ACCOUNT, TRAIL));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1));
	CHECK(t, !delivery_context_is_quiet(&place.context, TRAIL_PLACE_ACCOUNT, TRAIL));       /* without a look in between */
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	follow(t, &place);
	CHECK(t, delivery_context_is_quiet(&place.context, TRAIL_PLACE_ACCOUNT, TRAIL));
	trail_place_close(&place);
}
