/* store/directory_test.c: whose directory it is, which format it has, and what a reset leaves of it. */
#include "store/directory.h"

#include "base/file.h"
#include "tests/test.h"

static void write_text(struct test *t, const char *dir, const char *name, const char *text)
{
	int fd = open(arena_printf(&t->arena, "%s/%s", dir, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		test_failed(t, __FILE__, __LINE__, "cannot write %s", name);
	file_close(fd);
}

static bool has(struct test *t, const char *dir, const char *name)
{
	return file_exists(AT_FDCWD, arena_printf(&t->arena, "%s/%s", dir, name));
}

static void check_refused(struct test *t, const char *path, enum directory_mode mode, enum error_kind kind, struct slice words)
{
	struct directory directory;

	CHECK(t, !directory_open(&directory, NULL, path, mode, &t->err));
	CHECK_NUMBER(t, t->err.kind, kind);
	if (slice_find(slice_of(t->err.message), words) == SLICE_NPOS)
		test_failed(t, __FILE__, __LINE__, "not refused because '%.*s': %s", SLICE_ARG(words), t->err.message);
	directory_close(&directory);                    /* does nothing */
}

TEST(directory_is_made_once_and_found_again)
{
	const char *path = arena_printf(&t->arena, "%s/data/", test_dir(t, "d"));
	struct directory directory;

	CHECK(t, !directory_exists(path));
	REQUIRE(t, directory_open(&directory, NULL, path, DIRECTORY_CREATE, &t->err));
	CHECK(t, directory.is_new);
	CHECK(t, directory_exists(path));
	CHECK(t, !slice_has_suffix(slice_of(directory.path), S("/")));
	directory_close(&directory);
	CHECK_TEXT(t, test_read_file(t, arena_printf(&t->arena, "%sVERSION", path)), S("1\n"));
	REQUIRE(t, directory_open(&directory, NULL, path, DIRECTORY_EXISTING, &t->err));
	CHECK(t, !directory.is_new);
	directory_close(&directory);
}

TEST(directory_that_is_in_use_names_the_process)
{
	const char *path = arena_printf(&t->arena, "%s/data", test_dir(t, "d"));
	struct directory directory;

	REQUIRE(t, directory_open(&directory, NULL, path, DIRECTORY_CREATE, &t->err));
	check_refused(t, path, DIRECTORY_CREATE, ERR_BUSY, arena_format(&t->arena, "process %ld", (long)getpid()));
	directory_close(&directory);
	REQUIRE(t, directory_open(&directory, NULL, path, DIRECTORY_CREATE, &t->err));  /* nothing stale is left */
	directory_close(&directory);
}

TEST(directory_opened_for_reading_is_held_and_not_changed)
{
	const char *path = arena_printf(&t->arena, "%s/data", test_dir(t, "d"));
	struct directory directory;

	check_refused(t, path, DIRECTORY_READING, ERR_NOT_FOUND, S("not a data directory"));
	REQUIRE(t, directory_open(&directory, NULL, path, DIRECTORY_CREATE, &t->err));
	check_refused(t, path, DIRECTORY_READING, ERR_BUSY, arena_format(&t->arena, "process %ld", (long)getpid()));
	directory_close(&directory);
	REQUIRE(t, directory_open(&directory, NULL, path, DIRECTORY_READING, &t->err));
	check_refused(t, path, DIRECTORY_EXISTING, ERR_BUSY, arena_format(&t->arena, "process %ld", (long)getpid()));
	directory_close(&directory);

	CHECK(t, unlink(arena_printf(&t->arena, "%s/LOCK", path)) == 0);                /* a copy of the rest */
	REQUIRE(t, directory_open(&directory, NULL, path, DIRECTORY_READING, &t->err));
	CHECK(t, !has(t, path, "LOCK"));
	directory_close(&directory);
	write_text(t, path, "VERSION", "2\n");
	check_refused(t, path, DIRECTORY_READING, ERR_INVALID, S("a newer spoor"));
}

TEST(directory_of_somebody_else_is_left_alone)
{
	const char *dir = test_dir(t, "d");

	check_refused(t, arena_printf(&t->arena, "%s/none", dir), DIRECTORY_EXISTING, ERR_NOT_FOUND, S("not a data directory"));
	check_refused(t, dir, DIRECTORY_EXISTING, ERR_NOT_FOUND, S("not a data directory"));
	CHECK(t, !has(t, dir, "LOCK"));
	write_text(t, dir, "thesis.tex", "");
	check_refused(t, dir, DIRECTORY_CREATE, ERR_INVALID, S("thesis.tex"));
	CHECK(t, !has(t, dir, "VERSION"));
}

TEST(directory_of_an_interrupted_creation_is_made_whole)
{
	const char *dir = test_dir(t, "d");
	struct directory directory;

	write_text(t, dir, "LOCK", "123\n");
	write_text(t, dir, "VERSION.new", "");
	REQUIRE(t, directory_open(&directory, NULL, dir, DIRECTORY_CREATE, &t->err));
	CHECK(t, directory.is_new);
	CHECK(t, !has(t, dir, "VERSION.new"));
	directory_close(&directory);
}

TEST(directory_of_a_newer_format_is_refused)
{
	const char *dir = test_dir(t, "d");

	write_text(t, dir, "VERSION", "2\n");
	check_refused(t, dir, DIRECTORY_CREATE, ERR_INVALID, S("a newer spoor"));
	write_text(t, dir, "VERSION", "0\n");
	check_refused(t, dir, DIRECTORY_CREATE, ERR_INVALID, S("a foreign spoor"));
	write_text(t, dir, "VERSION", "one\n");
	check_refused(t, dir, DIRECTORY_EXISTING, ERR_CORRUPT, S("VERSION does not hold a number"));
}

TEST(directory_reset_moves_everything_away_but_what_says_whose_it_is)
{
	const char *dir = test_dir(t, "d");
	struct directory directory;
	uint64_t generation = 0;
	bool is_pending = true;

	REQUIRE(t, directory_open(&directory, NULL, dir, DIRECTORY_CREATE, &t->err));
	CHECK(t, directory_reset_pending(&directory, &generation, &is_pending, &t->err));
	CHECK(t, !is_pending);
	write_text(t, dir, "catalog.db", "rows");
	write_text(t, dir, "catalog.db-wal", "log");
	CHECK(t, mkdir(arena_printf(&t->arena, "%s/journal", dir), 0700) == 0);
	write_text(t, dir, "journal/00000000000000000001.journal", "events");
	CHECK(t, mkdir(arena_printf(&t->arena, "%s/keys", dir), 0700) == 0);
	REQUIRE(t, directory_reset_begin(&directory, 5, &t->err));
	CHECK(t, !has(t, dir, "catalog.db") && !has(t, dir, "catalog.db-wal") && !has(t, dir, "journal"));
	CHECK(t, has(t, dir, "keys") && has(t, dir, "VERSION") && has(t, dir, "LOCK"));
	CHECK(t, has(t, dir, "trash-5-0/journal/00000000000000000001.journal"));

	/* A crash here: it is done again, and what the first try moved stays where it is. */
	CHECK(t, directory_reset_pending(&directory, &generation, &is_pending, &t->err));
	CHECK(t, is_pending);
	CHECK_NUMBER(t, generation, 5);
	write_text(t, dir, "catalog.db", "half a new one");
	REQUIRE(t, directory_reset_begin(&directory, 5, &t->err));
	CHECK(t, has(t, dir, "trash-5-1/catalog.db") && !has(t, dir, "catalog.db"));
	REQUIRE(t, directory_reset_end(&directory, &t->err));
	CHECK(t, directory_reset_pending(&directory, &generation, &is_pending, &t->err));
	CHECK(t, !is_pending);

	write_text(t, dir, "catalog.db", "new");
	CHECK(t, directory_empty_trash(directory.fd, &t->err));
	CHECK(t, !has(t, dir, "trash-5-0") && !has(t, dir, "trash-5-1") && has(t, dir, "catalog.db"));
	directory_close(&directory);
}
