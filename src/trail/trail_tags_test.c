/* trail/trail_tags_test.c: tags keep their order, replace values, and have the limits of AWS. */
#include "trail/trail_tags.h"

#include "store/catalog.h"
#include "tests/test.h"
#include "trail/schema.h"

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

TEST(trail_tags_keep_their_order_and_replace_values)
{
	struct catalog *catalog = open_catalog(t);
	const struct trail_tag first[] = { { S("zoo"), S("1") }, { S("ant"), SLICE_NONE } };
	const struct trail_tag second[] = { { S("ant"), S("2") }, { S("bee"), S("") } };
	struct trail_tag_list list;

	REQUIRE(t, catalog != NULL);
	CHECK(t, trail_tags_set(catalog, ACCOUNT, 7, first, COUNT(first), &t->err));
	CHECK(t, trail_tags_list(catalog, &t->arena, ACCOUNT, 7, &list, &t->err));
	CHECK(t, list.count == 2 && !list.items[1].value.ptr);
	CHECK(t, trail_tags_set(catalog, ACCOUNT, 7, second, COUNT(second), &t->err));
	CHECK(t, trail_tags_remove(catalog, ACCOUNT, 7, S("absent"), &t->err));
	CHECK(t, trail_tags_list(catalog, &t->arena, ACCOUNT, 7, &list, &t->err));
	REQUIRE(t, list.count == 3);
	CHECK_TEXT(t, list.items[0].key, S("zoo"));
	CHECK_TEXT(t, list.items[1].key, S("ant"));
	CHECK_TEXT(t, list.items[1].value, S("2"));
	CHECK_TEXT(t, list.items[2].key, S("bee"));
	CHECK(t, trail_tags_delete_all(catalog, ACCOUNT, 7, &t->err));
	CHECK(t, trail_tags_list(catalog, &t->arena, ACCOUNT, 7, &list, &t->err));
	CHECK_NUMBER(t, list.count, 0);
	catalog_close(catalog);
}

TEST(trail_tags_are_at_most_fifty)
{
	struct catalog *catalog = open_catalog(t);
	struct trail_tag tags[TRAIL_TAGS_MAX + 1];

	REQUIRE(t, catalog != NULL);
	for (size_t i = 0; i < COUNT(tags); i++)
		tags[i] = (struct trail_tag){ arena_format(&t->arena, "k%zu", i), S("v") };
	CHECK(t, trail_tags_set(catalog, ACCOUNT, 7, tags, TRAIL_TAGS_MAX, &t->err));
	CHECK(t, trail_tags_set(catalog, ACCOUNT, 7, tags, 1, &t->err));
	CHECK(t, !trail_tags_set(catalog, ACCOUNT, 7, &tags[TRAIL_TAGS_MAX], 1, &t->err));
	CHECK_TEXT(t, slice_of(t->err.name), S("TagsLimitExceededException"));
	catalog_close(catalog);
}

TEST(trail_tags_are_checked_for_length_prefix_and_repetition)
{
	char text[300];

	memset(text, 'k', sizeof text);
	const struct trail_tag good[] = { { { text, 128 }, { text, 256 } }, { S("a"), SLICE_NONE } };
	const struct trail_tag bad[][2] = {
		{ { { text, 129 }, S("v") } }, { { S(""), S("v") } }, { { S("k"), { text, 257 } } }, { { S("aws:x"), S("v") } },
		{ { S("AWS:x"), S("v") } }, { { S("k"), S("1") }, { S("k"), S("2") } },
	};

	CHECK(t, trail_tags_check(good, COUNT(good), &t->err));
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct error err = {0};
		CHECK(t, !trail_tags_check(bad[i], bad[i][1].key.ptr ? 2 : 1, &err));
		CHECK(t, err.name && strcmp(err.name, "InvalidTagParameterException") == 0);
	}
}
