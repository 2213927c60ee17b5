/* trail/trail_streams_test.c: a cursor moves only from where it is, and failures wait longer each time. */
#include "trail/trail_streams.h"

#include "store/catalog.h"
#include "tests/test.h"
#include "trail/schema.h"

#define ACCOUNT S("111122223333")

static struct catalog *open_catalog(struct test *t)
{
	struct catalog *catalog = catalog_open_writer(arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "c")), &t->err);

	CHECK(t, catalog && catalog_migrate(catalog, schema_trail_migrations, schema_trail_migration_count, &t->err));
	return catalog;
}

/* The only one there is. */
static struct trail_stream only(struct test *t, struct catalog *catalog)
{
	struct trail_stream_list list;

	CHECK(t, trail_streams_list(catalog, &t->arena, &list, &t->err));
	CHECK_NUMBER(t, list.count, 1);
	return list.count ? list.items[0] : (struct trail_stream){0};
}

static const struct trail_stream STREAM = {
	.account = S_INIT("111122223333"), .trail_id = UINT64_MAX - 3, .region = S_INIT("eu-north-1"), .name = S_INIT("audit"),
	.cursor_seq = 41,
};

TEST(trail_streams_begin_once_and_move_from_where_they_are)
{
	struct catalog *catalog = open_catalog(t);
	struct error err = {0};

	CHECK(t, trail_streams_begin(catalog, &STREAM, &t->err));
	CHECK(t, trail_streams_move(catalog, &STREAM, 41, 50, &t->err));
	CHECK(t, trail_streams_begin(catalog, &STREAM, &t->err));       /* StartLogging again */
	struct trail_stream found = only(t, catalog);
	CHECK(t, found.trail_id == STREAM.trail_id);
	CHECK_NUMBER(t, found.cursor_seq, 50);
	CHECK_TEXT(t, found.name, S("audit"));
	CHECK_TEXT(t, found.region, S("eu-north-1"));
	CHECK(t, !trail_streams_move(catalog, &STREAM, 41, 60, &err));
	CHECK_NUMBER(t, err.kind, ERR_CONFLICT);
	CHECK_NUMBER(t, only(t, catalog).cursor_seq, 50);
	catalog_close(catalog);
}

TEST(trail_streams_forget_failures_once_they_have_delivered)
{
	struct catalog *catalog = open_catalog(t);

	CHECK(t, trail_streams_begin(catalog, &STREAM, &t->err));
	CHECK(t, trail_streams_fail(catalog, &STREAM, 1000, &t->err) && trail_streams_fail(catalog, &STREAM, 2000, &t->err));
	CHECK_NUMBER(t, only(t, catalog).retry_at_ms, 2000);
	CHECK_NUMBER(t, only(t, catalog).retry_count, 2);
	CHECK(t, trail_streams_retry(catalog, ACCOUNT, STREAM.trail_id, &t->err));
	CHECK_NUMBER(t, only(t, catalog).retry_at_ms, 0);
	CHECK_NUMBER(t, only(t, catalog).retry_count, 2);
	CHECK(t, trail_streams_fail(catalog, &STREAM, 4000, &t->err));
	CHECK(t, trail_streams_move(catalog, &STREAM, 41, 42, &t->err));
	CHECK_NUMBER(t, only(t, catalog).retry_at_ms, 0);
	CHECK_NUMBER(t, only(t, catalog).retry_count, 0);
	catalog_close(catalog);
}

TEST(trail_streams_of_a_deleted_trail_end_and_then_go)
{
	struct catalog *catalog = open_catalog(t);
	struct trail_stream_list list;

	CHECK(t, trail_streams_begin(catalog, &STREAM, &t->err));
	CHECK(t, !only(t, catalog).is_ended);
	CHECK(t, trail_streams_end(catalog, ACCOUNT, STREAM.trail_id, &t->err));
	CHECK(t, only(t, catalog).is_ended);
	CHECK(t, trail_streams_delete(catalog, ACCOUNT, STREAM.trail_id, &t->err));
	CHECK(t, trail_streams_list(catalog, &t->arena, &list, &t->err) && list.count == 0);
	catalog_close(catalog);
}

TEST(trail_streams_wait_a_minute_then_twice_as_long_up_to_an_hour)
{
	static const int64_t minutes[] = { 1, 2, 4, 8, 16, 32, 60, 60 };

	for (size_t i = 0; i < COUNT(minutes); i++)
		CHECK_NUMBER(t, trail_streams_backoff_ms((int64_t)i + 1), minutes[i] * 60000);
	CHECK_NUMBER(t, trail_streams_backoff_ms(INT64_MAX), 3600000);
}

/* "REGION cursor retries retry_at ended apart," of each, in the order of the list. */
static struct slice listed(struct test *t, struct catalog *catalog)
{
	struct trail_stream_list list;
	struct slice all = S("");

	CHECK(t, trail_streams_list(catalog, &t->arena, &list, &t->err));
	for (size_t i = 0; i < list.count; i++) {
		const struct trail_stream *stream = &list.items[i];
		CHECK_TEXT(t, stream->name, S("audit"));
		CHECK_TEXT(t, stream->region, S("eu-north-1"));
		all = arena_format(&t->arena, "%.*s%.*s %d %d %d %d %.*s,", SLICE_ARG(all),
		                   SLICE_ARG(stream->only_region.ptr ? stream->only_region : S("-")), (int)stream->cursor_seq,
		                   (int)stream->retry_count, (int)stream->retry_at_ms, stream->is_ended, SLICE_ARG(stream->apart));
	}
	return all;
}

TEST(trail_streams_of_regions_part_from_the_trails_own_and_move_by_themselves)
{
	struct catalog *catalog = open_catalog(t);
	struct trail_stream other = STREAM, region;

	other.trail_id = 5;
	CHECK(t, trail_streams_begin(catalog, &STREAM, &t->err) && trail_streams_begin(catalog, &other, &t->err));
	CHECK(t, trail_streams_part(catalog, &STREAM, S("us-west-2"), 1000, &t->err)
	         && trail_streams_part(catalog, &STREAM, S("ca-central-1"), 2000, &t->err)
	         && trail_streams_move(catalog, &STREAM, 41, 50, &t->err));
	CHECK_TEXT(t, listed(t, catalog),
	           S("- 50 0 0 0 ca-central-1,us-west-2,ca-central-1 41 1 2000 0 ,us-west-2 41 1 1000 0 ,- 41 0 0 0 ,"));

	region = STREAM;
	region.only_region = S("us-west-2");
	CHECK(t, trail_streams_fail(catalog, &region, 3000, &t->err));
	CHECK(t, trail_streams_retry(catalog, ACCOUNT, STREAM.trail_id, &t->err)
	         && trail_streams_end(catalog, ACCOUNT, STREAM.trail_id, &t->err));
	CHECK_TEXT(t, listed(t, catalog),
	           S("- 50 0 0 1 ca-central-1,us-west-2,ca-central-1 41 1 0 1 ,us-west-2 41 2 0 1 ,- 41 0 0 0 ,"));
	CHECK(t, trail_streams_move(catalog, &region, 41, 60, &t->err));
	struct error err = {0};
	CHECK(t, !trail_streams_move(catalog, &region, 41, 70, &err));
	CHECK_NUMBER(t, err.kind, ERR_CONFLICT);
	region.only_region = S("ca-central-1");
	CHECK(t, trail_streams_give_up(catalog, &region, &t->err));
	CHECK_TEXT(t, listed(t, catalog), S("- 50 0 0 1 us-west-2,us-west-2 60 0 0 1 ,- 41 0 0 0 ,"));
	CHECK(t, trail_streams_delete(catalog, ACCOUNT, STREAM.trail_id, &t->err));
	CHECK_TEXT(t, listed(t, catalog), S("- 41 0 0 0 ,"));
	catalog_close(catalog);
}

TEST(trail_streams_take_whole_names_of_regions)
{
	const struct trail_stream own = { .apart = S("us-east-1,us-gov-east-1") }, region = { .only_region = S("us-east-1") };
	const struct trail_stream whole = { .trail_id = 1 };

	CHECK(t, !trail_streams_takes(&own, S("us-east-1")) && !trail_streams_takes(&own, S("us-gov-east-1")));
	CHECK(t, trail_streams_takes(&own, S("us-east-11")) && trail_streams_takes(&own, S("us-east")));
	CHECK(t, trail_streams_takes(&region, S("us-east-1")) && !trail_streams_takes(&region, S("us-east-2")));
	CHECK(t, trail_streams_takes(&whole, S("us-east-1")));
}
