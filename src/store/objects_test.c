/* store/objects_test.c: what no row names goes, and nothing else does. */
#include "tests/object_place.h"

struct known { struct slice name; bool fails; };

static bool is_known(void *user, struct slice name, bool *known, struct error *err)
{
	struct known *row = user;

	*known = slice_equal(name, row->name);
	return !row->fails || fail(err, ERR_IO, "no catalog");
}

TEST(objects_sweep_deletes_what_no_row_names_and_nobody_writes)
{
	struct object_place place = object_place_new(t, NULL);
	struct object_facts named = object_place_put(t, &place, 10), unnamed = object_place_put(t, &place, 20), facts;
	struct object_writer *writer = object_create(place.objects, OBJECT_PLACE_KEY, &place.random, &t->err);
	struct known known = { .name = object_place_name(&named), .fails = true };
	uint64_t removed = 0;

	REQUIRE(t, writer != NULL);
	CHECK(t, !objects_sweep(place.objects, is_known, &known, &removed, &t->err));
	CHECK(t, removed == 0 && object_place_file_count(t, &place) == 3);
	known.fails = false;
	CHECK(t, objects_sweep(place.objects, is_known, &known, &removed, &t->err) && removed == 1);
	CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&named), 10), ERR_NONE);
	CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&unnamed), 20), ERR_NOT_FOUND);
	CHECK(t, object_append(writer, S("more"), &t->err) && object_finish(writer, &facts, &t->err));
	CHECK(t, objects_sweep(place.objects, is_known, &known, &removed, &t->err) && removed == 0);    /* a row may yet come */
	object_writer_close(writer);
	CHECK(t, objects_sweep(place.objects, is_known, &known, &removed, &t->err) && removed == 1);
	objects_close(place.objects);
}

TEST(objects_are_removed_once_and_reads_under_way_go_on)
{
	struct object_place place = object_place_new(t, NULL);
	struct object_facts facts = object_place_put(t, &place, 10);
	struct object_reader *reader = object_open(place.objects, object_place_name(&facts), OBJECT_PLACE_KEY, 10, &t->err);
	char out[10];

	CHECK(t, objects_remove(place.objects, object_place_name(&facts), &t->err));
	CHECK(t, objects_remove(place.objects, object_place_name(&facts), &t->err));
	CHECK(t, reader && object_read(reader, 0, out, 10, &t->err) && memcmp(out, place.plain, 10) == 0);
	CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&facts), 10), ERR_NOT_FOUND);
	CHECK(t, !objects_remove(place.objects, S("../catalog.db"), &t->err) && t->err.kind == ERR_INVALID);
	object_reader_close(reader);
	objects_close(place.objects);
}

TEST(objects_go_on_after_a_reset_took_the_folder)
{
	struct watched watched = { .disk = { .before = object_place_watch } };
	struct object_place place = object_place_new(t, &watched.disk);

	for (int i = 0; i < 3; i++) {
		struct object_facts facts = object_place_put(t, &place, 10);
		CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&facts), 10), ERR_NONE);
		CHECK(t, file_remove_tree(place.dir_fd, "objects", &t->err));
		CHECK_NUMBER(t, object_place_read(t, &place, object_place_name(&facts), 10), ERR_NOT_FOUND);
	}
	objects_close(place.objects);
}
