/* trail/digest_writer_test.c: a digest is written whole or nothing is, and never over something else. */
#include "trail/digest_writer.h"

#include "store/objects.h"
#include "tests/digest_place.h"

enum { TRAIL = DIGEST_PLACE_TRAIL, HOUR_MS = 3600000 };

#define ZERO (TRAIL_PLACE_NOW_MS / 1000 * 1000)

static struct digest_chain read_chain(struct test *t, struct trail_place *place)
{
	struct digest_chain_list list;

	CHECK(t, digest_chains_list(place->context.reader, &t->arena, &list, &t->err) && list.count == 1);
	return list.count ? list.items[0] : (struct digest_chain){0};
}

static struct digest_order order_for(const struct trail_place *place, const struct digest_chain *chain)
{
	return (struct digest_order){
		.chain = chain, .sender = { TRAIL_PLACE_ACCOUNT, S("us-east-1"), S("audit") },
		.window = digest_window_next(chain, HOUR_MS), .now_ms = place->now_ms,
	};
}

static bool begin(struct test *t, struct trail_place *place)
{
	*place = (struct trail_place){ .arena = &t->arena, .path = test_dir_in_memory(t, "place") };
	return trail_place_open(place) && trail_place_bucket(place, "logs", true)
	    && trail_place_trail(place, TRAIL, 1, "logs", NULL) && digest_place_start(place);
}

static bool knows_none(void *user, struct slice name, bool *is_known, struct error *err)
{
	(void)user;
	(void)name;
	(void)err;
	*is_known = false;
	return true;
}

/* Of objects, named by rows or not. Removes them. */
static uint64_t count_files(struct test *t, struct trail_place *place)
{
	uint64_t count = 0;

	CHECK(t, objects_sweep(place->objects, knows_none, NULL, &count, &t->err));
	return count;
}

TEST(digest_writer_waits_for_a_key)
{
	struct trail_place place;
	struct error err = {0};

	REQUIRE(t, begin(t, &place));
	struct digest_chain chain = read_chain(t, &place);
	struct digest_order order = order_for(&place, &chain);
	CHECK(t, !digest_writer_write(&place.context, &t->arena, &order, &err));
	CHECK_NUMBER(t, err.kind, ERR_BUSY);
	CHECK(t, digest_place_insert_key(&place));
	CHECK(t, digest_writer_write(&place.context, &t->arena, &order, &t->err));
	CHECK_TEXT(t, digest_place_shown(&place), S("us-east-1 -3600..0 files=0,"));
	trail_place_close(&place);
}

TEST(digest_writer_leaves_nothing_where_the_chain_was_changed_meanwhile)
{
	struct trail_place place;
	struct error err = {0};

	REQUIRE(t, begin(t, &place) && digest_place_insert_key(&place));
	struct digest_chain chain = read_chain(t, &place);
	struct digest_order order = order_for(&place, &chain);
	CHECK(t, digest_place_stop(&place));
	CHECK(t, !digest_writer_write(&place.context, &t->arena, &order, &err));
	CHECK_NUMBER(t, err.kind, ERR_CONFLICT);
	CHECK_TEXT(t, digest_place_shown(&place), S(""));
	CHECK_NUMBER(t, count_files(t, &place), 0);
	trail_place_close(&place);
}

TEST(digest_writer_names_what_a_bucket_refuses_before_it_writes_a_file)
{
	struct trail_place place;
	struct error err = {0};

	REQUIRE(t, begin(t, &place) && digest_place_insert_key(&place) && trail_place_bucket(&place, "closed", false));
	CHECK(t, trail_place_trail(&place, TRAIL, 2, "closed", NULL));
	struct digest_chain chain = read_chain(t, &place);
	struct digest_order order = order_for(&place, &chain);
	CHECK(t, !digest_writer_write(&place.context, &t->arena, &order, &err));
	CHECK_TEXT(t, slice_of(err.name), S("AccessDenied"));
	CHECK(t, trail_place_trail(&place, TRAIL, 3, "no-such-bucket", NULL));
	err = (struct error){0};
	CHECK(t, !digest_writer_write(&place.context, &t->arena, &order, &err));
	CHECK_TEXT(t, slice_of(err.name), S("NoSuchBucket"));
	CHECK_NUMBER(t, count_files(t, &place), 0);
	trail_place_close(&place);
}

/* The same chain once more, as a trail of the same name would. */
TEST(digest_writer_ends_a_second_later_where_the_key_is_taken)
{
	struct trail_place place;
	struct error err = {0};

	REQUIRE(t, begin(t, &place) && digest_place_insert_key(&place));
	struct digest_chain chain = read_chain(t, &place), again = chain;
	struct digest_order order = order_for(&place, &chain);
	CHECK(t, digest_writer_write(&place.context, &t->arena, &order, &t->err));
	order.chain = &again;
	CHECK(t, !digest_writer_write(&place.context, &t->arena, &order, &err));
	CHECK_NUMBER(t, err.kind, ERR_BUSY);                     /* the next second is not over */
	CHECK(t, digest_place_stop(&place));
	again = read_chain(t, &place);
	order.now_ms = ZERO + 2500;
	CHECK(t, digest_writer_write(&place.context, &t->arena, &order, &t->err));
	CHECK_TEXT(t, digest_place_shown(&place), S("us-east-1 -3600..0 files=0,us-east-1 -3600..1 files=0 <- 0,"));
	CHECK_NUMBER(t, read_chain(t, &place).start_ms, ZERO + 1000);
	trail_place_close(&place);
}
