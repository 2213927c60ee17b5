/* trail/trails_test.c: trails are kept whole, and their names are one in an account and region. */
#include "trail/trails.h"

#include "store/catalog.h"
#include "tests/test.h"
#include "trail/schema.h"
#include "trail/selectors.h"

#define ACCOUNT S("111122223333")

static struct catalog *open_catalog(struct test *t)
{
	struct catalog *catalog = catalog_open_writer(arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "c")), &t->err);

	if (catalog && !catalog_migrate(catalog, schema_trail_migrations, schema_trail_migration_count, &t->err)) {
		catalog_close(catalog);
		return NULL;
	}
	return catalog;
}

static struct trail trail_named(const char *name, const char *region)
{
	return (struct trail){
		.trail_id = hash64(slice_of(name)), .account = ACCOUNT, .region = slice_of(region), .name = slice_of(name),
		.bucket = S("audit-logs"), .target = 1, .has_global_events = true, .selectors = slice_of(SELECTORS_DEFAULT),
		.created_ms = 1768471267000,
	};
}

TEST(trails_give_back_what_was_stored)
{
	struct catalog *catalog = open_catalog(t);
	struct trail trail = trail_named("audit", "eu-north-1");

	REQUIRE(t, catalog != NULL);
	trail.trail_id = UINT64_C(0xfedcba9876543210);
	trail.prefix = S("ct");
	trail.sns_name = S("topic");
	trail.sns_arn = S("arn:aws:sns:eu-north-1:111122223333:topic");
	trail.log_group_arn = S("arn:aws:logs:eu-north-1:111122223333:log-group:g:*");
	trail.logs_role_arn = S("arn:aws:iam::111122223333:role/r");
	trail.kms_key_arn = S("arn:aws:kms:eu-north-1:111122223333:key/k");
	trail.is_multi_region = trail.has_validation = trail.has_custom_selectors = trail.is_logging = true;
	trail.insight_selectors = S("[]");
	trail.started_ms = 5;
	trail.stopped_ms = 6;
	CHECK(t, trails_insert(catalog, &trail, &t->err));

	const struct trail *found = trails_find(catalog, &t->arena, ACCOUNT, S("eu-north-1"), S("audit"), &t->err);
	REQUIRE(t, found != NULL);
	CHECK(t, found->trail_id == trail.trail_id && found->target == 1 && found->has_global_events && found->is_multi_region
	         && found->has_validation && found->has_custom_selectors && found->is_logging);
	CHECK(t, found->created_ms == trail.created_ms && found->started_ms == 5 && found->stopped_ms == 6);
	CHECK_TEXT(t, found->bucket, trail.bucket);
	CHECK_TEXT(t, found->prefix, trail.prefix);
	CHECK_TEXT(t, found->sns_name, trail.sns_name);
	CHECK_TEXT(t, found->sns_arn, trail.sns_arn);
	CHECK_TEXT(t, found->log_group_arn, trail.log_group_arn);
	CHECK_TEXT(t, found->logs_role_arn, trail.logs_role_arn);
	CHECK_TEXT(t, found->kms_key_arn, trail.kms_key_arn);
	CHECK_TEXT(t, found->selectors, trail.selectors);
	CHECK_TEXT(t, found->insight_selectors, trail.insight_selectors);
	catalog_close(catalog);
}

TEST(trails_are_updated_in_everything_but_what_names_them)
{
	struct catalog *catalog = open_catalog(t);
	struct trail trail = trail_named("audit", "us-east-1");

	REQUIRE(t, catalog != NULL);
	CHECK(t, trails_insert(catalog, &trail, &t->err));
	trail.bucket = S("other");
	trail.target = 2;
	trail.kms_key_arn = S("k");
	trail.is_logging = trail.has_validation = true;
	trail.started_ms = 9;
	CHECK(t, trails_update(catalog, &trail, &t->err));
	const struct trail *found = trails_find(catalog, &t->arena, ACCOUNT, S("us-east-1"), S("audit"), &t->err);
	REQUIRE(t, found != NULL);
	CHECK_TEXT(t, found->bucket, S("other"));
	CHECK_TEXT(t, found->kms_key_arn, S("k"));
	CHECK(t, found->target == 2 && found->is_logging && found->has_validation && !found->is_multi_region && found->started_ms == 9);
	CHECK(t, !found->prefix.ptr && !found->sns_name.ptr && !found->insight_selectors.ptr);
	catalog_close(catalog);
}

TEST(trails_names_are_one_in_an_account_and_region_with_their_case)
{
	struct catalog *catalog = open_catalog(t);
	struct trail trail = trail_named("audit", "us-east-1"), other_case = trail_named("Audit", "us-east-1");
	struct trail elsewhere = trail_named("audit", "eu-north-1");

	REQUIRE(t, catalog != NULL);
	CHECK(t, trails_insert(catalog, &trail, &t->err) && trails_insert(catalog, &other_case, &t->err)
	         && trails_insert(catalog, &elsewhere, &t->err));
	CHECK(t, !trails_insert(catalog, &trail, &t->err));
	CHECK_TEXT(t, slice_of(t->err.name), S("TrailAlreadyExistsException"));
	CHECK_TEXT(t, slice_of(t->err.message), S("Trail audit already exists for customer: 111122223333"));
	CHECK(t, trails_find(catalog, &t->arena, S("999999999999"), S("us-east-1"), S("audit"), &t->err) == NULL);
	catalog_close(catalog);
}

TEST(trails_are_listed_by_region_and_name_and_those_that_log)
{
	struct catalog *catalog = open_catalog(t);
	static const char *const names[][2] = {
		{ "zeta", "eu-north-1" }, { "beta", "us-east-1" }, { "alpha", "us-east-1" }, { "nine", "us-east-1" }, { "ten", "us-east-1" },
		{ "m1x", "us-west-1" }, { "m2x", "us-west-1" }, { "m3x", "us-west-1" }, { "m4x", "us-west-1" },
	};
	struct trail_list list;

	REQUIRE(t, catalog != NULL);
	for (size_t i = 0; i < COUNT(names); i++) {
		struct trail trail = trail_named(names[i][0], names[i][1]);
		trail.is_logging = i == 1;
		CHECK(t, trails_insert(catalog, &trail, &t->err));
	}
	CHECK(t, trails_list(catalog, &t->arena, ACCOUNT, &list, &t->err));
	CHECK_NUMBER(t, list.count, COUNT(names));
	CHECK_TEXT(t, list.items[0].name, S("zeta"));
	CHECK_TEXT(t, list.items[1].name, S("alpha"));
	CHECK_TEXT(t, list.items[8].name, S("m4x"));
	CHECK(t, trails_list_logging(catalog, &t->arena, &list, &t->err));
	REQUIRE(t, list.count == 1);
	CHECK_TEXT(t, list.items[0].name, S("beta"));
	CHECK(t, trails_delete(catalog, &list.items[0], &t->err));
	CHECK(t, trails_list_logging(catalog, &t->arena, &list, &t->err));
	CHECK_NUMBER(t, list.count, 0);
	catalog_close(catalog);
}
