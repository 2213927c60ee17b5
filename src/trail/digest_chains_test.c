/* trail/digest_chains_test.c: chains begin, go on and end as their trail does, and nothing is written to one that has changed. */
#include "trail/digest_chains.h"

#include "store/catalog.h"
#include "tests/test.h"
#include "trail/schema.h"
#include "trail/trail_files.h"
#include "trail/trails.h"

#define ACCOUNT S("111122223333")
#define HERE    S("us-east-1")
#define THERE   S("eu-north-1")

enum { TRAIL = 7 };

static struct catalog *open_catalog(struct test *t)
{
	struct catalog *catalog = catalog_open_writer(arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "c")), &t->err);

	CHECK(t, catalog && catalog_migrate(catalog, schema_trail_migrations, schema_trail_migration_count, &t->err));
	return catalog;
}

/* "region start[ first][ ended N][ seq N][ close N][ retry N/N][ < key]," of all. */
static struct slice shown(struct test *t, struct catalog *catalog)
{
	struct digest_chain_list list;
	struct buffer out;

	buffer_init(&out, &t->arena, 4000);
	CHECK(t, digest_chains_list(catalog, &t->arena, &list, &t->err));
	for (size_t i = 0; i < list.count; i++) {
		const struct digest_chain *chain = &list.items[i];
		buffer_printf(&out, "%.*s %" PRId64, SLICE_ARG(chain->region), chain->start_ms);
		if (chain->is_first)
			buffer_add(&out, S(" first"));
		if (chain->ended_ms)
			buffer_printf(&out, " ended %" PRId64, chain->ended_ms);
		if (chain->end_seq)
			buffer_printf(&out, " seq %" PRIu64, chain->end_seq);
		if (chain->close_ms)
			buffer_printf(&out, " close %" PRId64, chain->close_ms);
		if (chain->retry_count)
			buffer_printf(&out, " retry %" PRId64 "/%" PRId64, chain->retry_count, chain->retry_at_ms);
		if (chain->head.bucket.ptr)
			buffer_printf(&out, " < %.*s", SLICE_ARG(chain->head.key));
		buffer_add(&out, S(","));
	}
	return buffer_slice(&out);
}

static struct digest_chain read_first(struct test *t, struct catalog *catalog)
{
	struct digest_chain_list list;

	CHECK(t, digest_chains_list(catalog, &t->arena, &list, &t->err) && list.count > 0);
	return list.count ? list.items[0] : (struct digest_chain){0};
}

static struct digest_head head(const char *key, int64_t end_ms)
{
	return (struct digest_head){
		.bucket = S("logs"), .key = slice_of(key), .hash = S("00ff"), .signature = S("ab"), .end_ms = end_ms,
	};
}

static bool begin(struct test *t, struct catalog *catalog, int64_t now_ms)
{
	return digest_chains_begin(catalog, ACCOUNT, TRAIL, HERE, now_ms, &t->err);
}

static bool end(struct test *t, struct catalog *catalog, int64_t now_ms)
{
	return digest_chains_end(catalog, ACCOUNT, TRAIL, now_ms, &t->err);
}

static bool deliver(struct test *t, struct catalog *catalog, struct slice region, const char *key, int64_t delivered_ms)
{
	const struct trail_file file = {
		.account = ACCOUNT, .trail_id = TRAIL, .region = region, .delivered_ms = delivered_ms, .bucket = S("logs"),
		.key = slice_of(key), .hash = S("aa"),
	};

	return digest_chains_list_file(catalog, &file, &t->err);
}

static size_t files_of(struct test *t, struct catalog *catalog, struct slice region)
{
	struct trail_file_list list;

	CHECK(t, trail_files_list(catalog, &t->arena, ACCOUNT, TRAIL, region, INT64_MAX, &list, &t->err));
	return list.count;
}

TEST(digest_chains_advance_from_where_they_were_read_and_keep_their_head)
{
	struct catalog *catalog = open_catalog(t);
	struct digest_head found, one = head("one", 5000), two = head("two", 9000);
	struct error err = {0};
	int64_t end_ms;

	CHECK(t, begin(t, catalog, 5700));
	CHECK_TEXT(t, shown(t, catalog), S("us-east-1 5000 first,"));
	struct digest_chain chain = read_first(t, catalog);
	CHECK(t, digest_chains_advance(catalog, &chain, &one, false, &t->err));
	CHECK_TEXT(t, shown(t, catalog), S("us-east-1 5000 < one,"));
	chain = read_first(t, catalog);
	CHECK(t, digest_chains_advance(catalog, &chain, &two, false, &t->err));
	CHECK_TEXT(t, shown(t, catalog), S("us-east-1 9000 < two,"));
	CHECK(t, !digest_chains_advance(catalog, &chain, &two, false, &err));
	CHECK_NUMBER(t, err.kind, ERR_CONFLICT);
	CHECK(t, digest_chains_head(catalog, &t->arena, ACCOUNT, TRAIL, HERE, &found, &t->err));
	CHECK_TEXT(t, found.bucket, S("logs"));
	CHECK_TEXT(t, found.key, S("two"));
	CHECK_TEXT(t, found.hash, S("00ff"));
	CHECK_TEXT(t, found.signature, S("ab"));
	CHECK_NUMBER(t, found.end_ms, 9000);
	CHECK(t, digest_chains_last_end(catalog, ACCOUNT, TRAIL, &end_ms, &t->err) && end_ms == 9000);
	CHECK(t, digest_chains_last_end(catalog, ACCOUNT, TRAIL + 1, &end_ms, &t->err) && end_ms == 0);
	CHECK(t, digest_chains_head(catalog, &t->arena, ACCOUNT, TRAIL, THERE, &found, &t->err) && !found.bucket.ptr);
	catalog_close(catalog);
}

TEST(digest_chains_that_end_leave_their_head_and_another_begins_behind_it)
{
	struct catalog *catalog = open_catalog(t);
	struct digest_head last = head("last", 9000);
	bool is_any, is_ending;

	CHECK(t, begin(t, catalog, 5000) && digest_chains_is_ending(catalog, ACCOUNT, TRAIL, &is_ending, &t->err) && !is_ending);
	CHECK(t, end(t, catalog, 8100) && end(t, catalog, 8900));
	CHECK(t, digest_chains_is_ending(catalog, ACCOUNT, TRAIL, &is_ending, &t->err) && is_ending);
	CHECK_TEXT(t, shown(t, catalog), S("us-east-1 5000 first ended 8100,"));
	struct digest_chain chain = read_first(t, catalog);
	CHECK(t, digest_chains_set_end(catalog, &chain, 41, 9000, &t->err));
	chain = read_first(t, catalog);
	CHECK_TEXT(t, shown(t, catalog), S("us-east-1 5000 first ended 8100 seq 41 close 9000,"));
	CHECK(t, digest_chains_any(catalog, ACCOUNT, TRAIL, &is_any, &t->err) && is_any);
	CHECK(t, digest_chains_advance(catalog, &chain, &last, true, &t->err));
	CHECK(t, digest_chains_any(catalog, ACCOUNT, TRAIL, &is_any, &t->err) && !is_any);
	CHECK(t, begin(t, catalog, 9400));                       /* in the second of the head: its key would be the same */
	CHECK_TEXT(t, shown(t, catalog), S("us-east-1 10000 first < last,"));
	catalog_close(catalog);
}

TEST(digest_chains_go_on_if_they_begin_again_before_the_last_digest)
{
	struct catalog *catalog = open_catalog(t);
	struct digest_head one = head("one", 9000);
	struct error err = {0};

	CHECK(t, begin(t, catalog, 5000) && deliver(t, catalog, THERE, "a", 6000) && end(t, catalog, 8100));
	struct digest_chain ending = read_first(t, catalog);
	CHECK(t, begin(t, catalog, 8500));
	CHECK_TEXT(t, shown(t, catalog), S("eu-north-1 6000 first,us-east-1 5000 first,"));
	CHECK(t, !digest_chains_advance(catalog, &ending, &one, true, &err));
	CHECK(t, !digest_chains_set_end(catalog, &ending, 3, 4, &err));
	CHECK(t, !digest_chains_fail(catalog, &ending, 3, &err));
	CHECK_NUMBER(t, err.kind, ERR_CONFLICT);
	struct digest_chain going = read_first(t, catalog);
	CHECK(t, end(t, catalog, 8600));
	CHECK(t, !digest_chains_advance(catalog, &going, &one, false, &err));
	catalog_close(catalog);
}

TEST(digest_chains_begin_with_the_first_file_of_their_region)
{
	struct catalog *catalog = open_catalog(t);

	CHECK(t, deliver(t, catalog, HERE, "a", 4000));          /* the trail signs nothing */
	CHECK_TEXT(t, shown(t, catalog), S(""));
	CHECK_NUMBER(t, files_of(t, catalog, HERE), 0);
	CHECK(t, begin(t, catalog, 5000) && deliver(t, catalog, HERE, "b", 6100) && deliver(t, catalog, THERE, "c", 6200));
	CHECK_TEXT(t, shown(t, catalog), S("eu-north-1 6000 first,us-east-1 5000 first,"));
	CHECK_NUMBER(t, files_of(t, catalog, HERE), 1);
	CHECK_NUMBER(t, files_of(t, catalog, THERE), 1);
	CHECK(t, end(t, catalog, 8000) && deliver(t, catalog, S("sa-east-1"), "d", 8300));
	CHECK_TEXT(t, shown(t, catalog), S("eu-north-1 6000 first ended 8000,sa-east-1 8000 first ended 8000,us-east-1 5000 first ended 8000,"));
	catalog_close(catalog);
}

static bool insert_trail(struct test *t, struct catalog *catalog, bool is_multi_region)
{
	const struct trail trail = {
		.trail_id = TRAIL, .account = ACCOUNT, .region = HERE, .name = S("audit"), .bucket = S("logs"), .target = 1,
		.selectors = S("{}"), .is_multi_region = is_multi_region,
	};

	return trails_insert(catalog, &trail, &t->err);
}

TEST(digest_chains_of_regions_that_a_trail_has_left_end_alone)
{
	struct catalog *catalog = open_catalog(t);

	CHECK(t, insert_trail(t, catalog, false) && begin(t, catalog, 5000) && deliver(t, catalog, HERE, "a", 5500));
	CHECK(t, deliver(t, catalog, S("sa-east-1"), "b", 5600));        /* admitted before, delivered after */
	CHECK_TEXT(t, shown(t, catalog), S("sa-east-1 5000 first ended 5600,us-east-1 5000 first,"));
	catalog_close(catalog);

	catalog = open_catalog(t);
	CHECK(t, insert_trail(t, catalog, true) && begin(t, catalog, 5000) && deliver(t, catalog, THERE, "a", 6000));
	CHECK(t, digest_chains_end_elsewhere(catalog, ACCOUNT, TRAIL, HERE, 7000, &t->err));
	CHECK_TEXT(t, shown(t, catalog), S("eu-north-1 6000 first ended 7000,us-east-1 5000 first,"));
	CHECK(t, begin(t, catalog, 8000));
	CHECK_TEXT(t, shown(t, catalog), S("eu-north-1 6000 first,us-east-1 5000 first,"));
	catalog_close(catalog);
}

TEST(digest_chains_begin_again_in_every_region_that_had_one)
{
	struct digest_head there = head("there", 6000), here = head("here", 5000);

	for (int is_multi_region = 0; is_multi_region < 2; is_multi_region++) {
		struct catalog *catalog = open_catalog(t);
		struct digest_chain_list list;
		CHECK(t, insert_trail(t, catalog, is_multi_region) && begin(t, catalog, 5000) && deliver(t, catalog, THERE, "a", 6000));
		CHECK(t, digest_chains_list(catalog, &t->arena, &list, &t->err) && list.count == 2);
		for (size_t i = 0; i < list.count; i++)
			CHECK(t, digest_chains_advance(catalog, &list.items[i], i ? &here : &there, true, &t->err));
		CHECK_TEXT(t, shown(t, catalog), S(""));
		CHECK(t, begin(t, catalog, 9000));
		CHECK_TEXT(t, shown(t, catalog), is_multi_region ? S("eu-north-1 9000 first < there,us-east-1 9000 first < here,")
		                                                 : S("us-east-1 9000 first < here,"));
		catalog_close(catalog);
	}
}

TEST(digest_chains_wait_after_failures_and_forget_them)
{
	struct catalog *catalog = open_catalog(t);
	struct digest_head one = head("one", 5000);

	CHECK(t, begin(t, catalog, 5000));
	struct digest_chain chain = read_first(t, catalog);
	CHECK(t, digest_chains_fail(catalog, &chain, 65000, &t->err) && digest_chains_fail(catalog, &chain, 185000, &t->err));
	CHECK_TEXT(t, shown(t, catalog), S("us-east-1 5000 first retry 2/185000,"));
	CHECK(t, begin(t, catalog, 5000));
	CHECK_TEXT(t, shown(t, catalog), S("us-east-1 5000 first retry 2/0,"));
	CHECK(t, digest_chains_fail(catalog, &chain, 65000, &t->err) && end(t, catalog, 5500));
	CHECK_TEXT(t, shown(t, catalog), S("us-east-1 5000 first ended 5500 retry 3/0,"));
	CHECK(t, begin(t, catalog, 5600));
	CHECK(t, digest_chains_advance(catalog, &chain, &one, false, &t->err) && deliver(t, catalog, HERE, "a", 6000));
	CHECK_TEXT(t, shown(t, catalog), S("us-east-1 5000 < one,"));
	CHECK(t, digest_chains_forget(catalog, &chain, &t->err));
	CHECK_TEXT(t, shown(t, catalog), S(""));
	CHECK_NUMBER(t, files_of(t, catalog, HERE), 0);
	CHECK(t, begin(t, catalog, 5000));
	CHECK_TEXT(t, shown(t, catalog), S("us-east-1 5000 first,"));
	catalog_close(catalog);
}
