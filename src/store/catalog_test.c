/* store/catalog_test.c: statements, transactions, changesets and migrations behave as the recorder relies on. */
#include "store/catalog.h"
#include "tests/test.h"

static const struct migration users_schema[] = {
	{ 1, "CREATE TABLE users (account TEXT NOT NULL, name TEXT NOT NULL, created_ms INTEGER NOT NULL, secret BLOB,"
	     " PRIMARY KEY (account, name)) STRICT, WITHOUT ROWID" },
	{ 2, "CREATE TABLE keys (account TEXT NOT NULL, id TEXT NOT NULL UNIQUE, user TEXT NOT NULL,"
	     " PRIMARY KEY (account, id)) STRICT, WITHOUT ROWID; CREATE INDEX keys_by_user ON keys (account, user)" },
};

static const char *catalog_path(struct test *t, const char *name)
{
	return arena_printf(&t->arena, "%s/catalog.db", test_dir(t, name));
}

static struct catalog *open_users(struct test *t, const char *path)
{
	struct catalog *catalog = catalog_open_writer(path, &t->err);

	if (catalog && !catalog_migrate(catalog, users_schema, COUNT(users_schema), &t->err)) {
		catalog_close(catalog);
		return NULL;
	}
	return catalog;
}

static bool add_user(struct catalog *catalog, struct slice name, struct error *err)
{
	return catalog_run(catalog, err, "INSERT INTO users (account, name, created_ms, secret) VALUES (?, ?, ?, ?)", "ttib",
	                   S("123456789012"), name, (int64_t)1700000000000, SLICE_NONE);
}

static int64_t count_users(struct test *t, struct catalog *catalog)
{
	struct rows rows = catalog_query(catalog, &t->err, "SELECT count(*) FROM users", "");
	int64_t count = rows_next(&rows) ? rows_i64(&rows, 0) : -1;

	return rows_close(&rows) ? count : -1;
}

TEST(catalog_gives_back_what_was_stored)
{
	struct catalog *catalog = open_users(t, catalog_path(t, "c"));

	REQUIRE(t, catalog != NULL);
	CHECK(t, catalog_run(catalog, &t->err, "INSERT INTO users VALUES (?, ?, ?, ?)", "ttib", S("1"), S("ann"), INT64_MIN,
	                     S("\0\x01")));
	CHECK(t, catalog_run(catalog, &t->err, "INSERT INTO users VALUES (?, ?, ?, ?)", "ttib", S("1"), S(""), INT64_MAX,
	                     S("")));
	CHECK(t, catalog_run(catalog, &t->err, "INSERT INTO users VALUES (?, ?, ?, ?)", "ttib", S("1"), S("zoe"), (int64_t)0,
	                     SLICE_NONE));

	struct rows rows = catalog_query(catalog, &t->err, "SELECT name, created_ms, secret FROM users ORDER BY name", "");
	REQUIRE(t, rows_next(&rows));
	CHECK_TEXT(t, rows_text(&rows, 0, &t->arena), S(""));
	CHECK_NUMBER(t, rows_i64(&rows, 1), INT64_MAX);
	CHECK_TEXT(t, rows_blob(&rows, 2, &t->arena), S(""));
	CHECK(t, !rows_is_null(&rows, 2));
	REQUIRE(t, rows_next(&rows));
	CHECK_TEXT(t, rows_text(&rows, 0, &t->arena), S("ann"));
	CHECK_NUMBER(t, rows_i64(&rows, 1), INT64_MIN);
	CHECK_TEXT(t, rows_blob(&rows, 2, &t->arena), S("\0\x01"));
	REQUIRE(t, rows_next(&rows));
	CHECK(t, rows_is_null(&rows, 2));
	CHECK(t, rows_text(&rows, 2, &t->arena).ptr == NULL);
	CHECK(t, rows_blob(&rows, 2, &t->arena).ptr == NULL);
	CHECK(t, !rows_next(&rows));
	CHECK(t, rows_close(&rows));
	catalog_close(catalog);
}

TEST(catalog_tells_conflicts_from_other_faults)
{
	struct catalog *catalog = open_users(t, catalog_path(t, "c"));
	static const char insert_key[] = "INSERT INTO keys VALUES (?, ?, ?)";

	REQUIRE(t, catalog != NULL);
	CHECK(t, add_user(catalog, S("ann"), &t->err));
	CHECK(t, !add_user(catalog, S("ann"), &t->err));
	CHECK_NUMBER(t, t->err.kind, ERR_CONFLICT);
	CHECK(t, catalog_run(catalog, &t->err, insert_key, "ttt", S("1"), S("AKIA"), S("ann")));
	CHECK(t, !catalog_run(catalog, &t->err, insert_key, "ttt", S("2"), S("AKIA"), S("ann")));
	CHECK_NUMBER(t, t->err.kind, ERR_CONFLICT);
	CHECK(t, !catalog_run(catalog, &t->err, insert_key, "ttt", S("2"), S("AKIB"), SLICE_NONE));
	CHECK_NUMBER(t, t->err.kind, ERR_INVALID);
	CHECK(t, !catalog_run(catalog, &t->err, "INSERT INTO absent VALUES (1)", ""));
	CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
	catalog_close(catalog);
}

TEST(catalog_counts_the_rows_of_the_last_change)
{
	struct catalog *catalog = open_users(t, catalog_path(t, "c"));

	REQUIRE(t, catalog != NULL);
	CHECK(t, add_user(catalog, S("ann"), &t->err) && add_user(catalog, S("bob"), &t->err));
	CHECK(t, catalog_run(catalog, &t->err, "DELETE FROM users WHERE account = ?", "t", S("123456789012")));
	CHECK_NUMBER(t, catalog_changes(catalog), 2);
	CHECK(t, catalog_run(catalog, &t->err, "DELETE FROM users WHERE account = ?", "t", S("123456789012")));
	CHECK_NUMBER(t, catalog_changes(catalog), 0);
	catalog_close(catalog);
}

static int64_t count_pairs(struct test *t, struct catalog *catalog, int depth)
{
	struct rows rows = catalog_query(catalog, &t->err, "SELECT name FROM users", "");
	int64_t count = 0;

	while (rows_next(&rows))
		count += depth > 0 ? count_pairs(t, catalog, depth - 1) : 1;
	CHECK(t, rows_close(&rows));
	return count;
}

TEST(catalog_answers_a_query_inside_the_same_query)
{
	struct catalog *catalog = open_users(t, catalog_path(t, "c"));

	REQUIRE(t, catalog != NULL);
	for (int i = 0; i < 5; i++)
		CHECK(t, add_user(catalog, arena_format(&t->arena, "u%d", i), &t->err));
	CHECK_NUMBER(t, count_pairs(t, catalog, 2), 125);
	catalog_close(catalog);
}

TEST(catalog_undoes_one_job_and_keeps_the_others)
{
	struct catalog *catalog = open_users(t, catalog_path(t, "c"));

	REQUIRE(t, catalog != NULL);
	CHECK(t, catalog_begin(catalog, &t->err));
	CHECK(t, catalog_savepoint(catalog, &t->err) && add_user(catalog, S("ann"), &t->err)
	      && catalog_release(catalog, &t->err));
	CHECK(t, catalog_savepoint(catalog, &t->err) && add_user(catalog, S("bob"), &t->err)
	      && catalog_rollback_to(catalog, &t->err));
	CHECK(t, catalog_savepoint(catalog, &t->err) && !add_user(catalog, S("ann"), &t->err)
	      && catalog_rollback_to(catalog, &t->err));
	CHECK(t, catalog_in_transaction(catalog));
	CHECK(t, catalog_commit(catalog, &t->err));
	CHECK_NUMBER(t, count_users(t, catalog), 1);

	CHECK(t, catalog_begin(catalog, &t->err) && add_user(catalog, S("cyd"), &t->err));
	catalog_rollback(catalog);
	catalog_rollback(catalog);
	CHECK(t, !catalog_in_transaction(catalog));
	CHECK_NUMBER(t, count_users(t, catalog), 1);
	catalog_close(catalog);
}

TEST(catalog_reader_sees_the_file_once_it_is_there)
{
	const char *path = catalog_path(t, "c");
	struct catalog *reader = catalog_open_reader(path, &t->err);

	CHECK_NUMBER(t, count_users(t, reader), -1);
	CHECK_NUMBER(t, t->err.kind, ERR_IO);

	struct catalog *writer = open_users(t, path);
	REQUIRE(t, writer != NULL);
	CHECK_NUMBER(t, count_users(t, reader), 0);
	CHECK(t, catalog_begin(writer, &t->err) && add_user(writer, S("ann"), &t->err));
	CHECK_NUMBER(t, count_users(t, reader), 0);                /* not yet committed */
	CHECK(t, catalog_commit(writer, &t->err));
	CHECK_NUMBER(t, count_users(t, reader), 1);
	CHECK(t, !add_user(reader, S("bob"), &t->err));            /* a reader changes nothing */
	catalog_close(writer);
	CHECK_NUMBER(t, count_users(t, reader), 1);
	catalog_close(reader);
}

TEST(catalog_reader_follows_to_a_new_generation_of_the_file)
{
	const char *path = catalog_path(t, "c"), *moved = arena_printf(&t->arena, "%s.old", path);
	_Atomic uint64_t generation = 1;
	struct catalog *writer = open_users(t, path), *reader = catalog_open_reader(path, &t->err);

	REQUIRE(t, writer != NULL);
	catalog_follow(reader, &generation);
	CHECK(t, add_user(writer, S("ann"), &t->err));
	CHECK_NUMBER(t, count_users(t, reader), 1);
	CHECK(t, catalog_checkpoint(writer, true, &t->err));
	catalog_abandon(writer);
	CHECK(t, rename(path, moved) == 0);
	CHECK(t, rename(arena_printf(&t->arena, "%s-wal", path), arena_printf(&t->arena, "%s-wal", moved)) == 0);

	writer = open_users(t, path);
	REQUIRE(t, writer != NULL);
	CHECK_NUMBER(t, count_users(t, reader), 1);
	atomic_store(&generation, 2);
	CHECK_NUMBER(t, count_users(t, reader), 0);
	CHECK(t, add_user(writer, S("bob"), &t->err) && add_user(writer, S("cyd"), &t->err));
	CHECK_NUMBER(t, count_users(t, reader), 2);                /* closing the old file left the new one's log alone */
	catalog_close(reader);
	catalog_close(writer);
}

/* A page of a mapped file cannot be had on a full disk, and touching it would be SIGBUS. */
TEST(catalog_maps_no_file_for_the_index_of_its_log)
{
	const char *path = catalog_path(t, "c");
	struct catalog *writer = open_users(t, path), *reader = catalog_open_reader(path, &t->err);

	REQUIRE(t, writer != NULL);
	CHECK(t, add_user(writer, S("ann"), &t->err));
	CHECK_NUMBER(t, count_users(t, reader), 1);
	CHECK(t, access(arena_printf(&t->arena, "%s-wal", path), F_OK) == 0);
	CHECK(t, access(arena_printf(&t->arena, "%s-shm", path), F_OK) != 0);
	catalog_close(reader);
	catalog_close(writer);
}

/* ---- changesets ---- */

static struct slice record_changes(struct test *t, struct catalog *catalog, bool (*change)(struct catalog *, struct error *))
{
	struct slice changeset = SLICE_NONE;

	CHECK(t, catalog_begin(catalog, &t->err) && catalog_record(catalog, &t->err));
	CHECK(t, change(catalog, &t->err));
	CHECK(t, catalog_changeset(catalog, &changeset, &t->err));
	changeset = arena_copy(&t->arena, changeset);
	CHECK(t, catalog_commit(catalog, &t->err));
	return changeset;
}

static bool two_users(struct catalog *catalog, struct error *err)
{
	struct catalog_position position = { .generation = 1, .applied_seq = 7 };

	return add_user(catalog, S("ann"), err) && add_user(catalog, S("bob"), err)
	    && catalog_position_set(catalog, &position, err);
}

static bool rename_one_remove_one(struct catalog *catalog, struct error *err)
{
	return catalog_run(catalog, err, "UPDATE users SET secret = ? WHERE name = ?", "bt", S("x"), S("ann"))
	    && catalog_run(catalog, err, "DELETE FROM users WHERE name = ?", "t", S("bob"));
}

static bool nothing(struct catalog *catalog, struct error *err)
{
	return catalog_savepoint(catalog, err) && add_user(catalog, S("eve"), err) && catalog_rollback_to(catalog, err);
}

TEST(changeset_applied_to_a_copy_gives_the_same_rows)
{
	struct catalog *first = open_users(t, catalog_path(t, "first")), *second = open_users(t, catalog_path(t, "second"));

	REQUIRE(t, first != NULL && second != NULL);
	struct slice a = record_changes(t, first, two_users), b = record_changes(t, first, rename_one_remove_one);
	CHECK_NUMBER(t, record_changes(t, first, nothing).len, 0);
	CHECK(t, catalog_begin(second, &t->err) && catalog_apply(second, a, &t->err) && catalog_apply(second, b, &t->err)
	      && catalog_commit(second, &t->err));
	struct rows rows = catalog_query(second, &t->err, "SELECT name, secret FROM users", "");
	REQUIRE(t, rows_next(&rows));
	CHECK_TEXT(t, rows_text(&rows, 0, &t->arena), S("ann"));
	CHECK_TEXT(t, rows_blob(&rows, 1, &t->arena), S("x"));
	CHECK(t, !rows_next(&rows) && rows_close(&rows));

	struct catalog_position position;
	bool is_present = true;
	CHECK(t, catalog_position_get(second, &position, &is_present, &t->err));
	CHECK(t, !is_present);                  /* the place in the journal does not travel */
	catalog_close(first);
	catalog_close(second);
}

TEST(changeset_that_does_not_fit_is_corruption)
{
	struct catalog *first = open_users(t, catalog_path(t, "first")), *second = open_users(t, catalog_path(t, "second"));
	struct catalog *bare = catalog_open_writer(catalog_path(t, "bare"), &t->err);

	REQUIRE(t, first != NULL && second != NULL && bare != NULL);
	struct slice a = record_changes(t, first, two_users), b = record_changes(t, first, rename_one_remove_one);
	CHECK(t, catalog_begin(second, &t->err));
	CHECK(t, !catalog_apply(second, b, &t->err));           /* the rows are not there */
	CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
	CHECK(t, catalog_apply(second, a, &t->err));
	CHECK(t, !catalog_apply(second, a, &t->err));           /* they are there already */
	CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
	catalog_rollback(second);
	CHECK(t, catalog_begin(bare, &t->err));
	CHECK(t, !catalog_apply(bare, a, &t->err));             /* the table is not there */
	CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
	catalog_rollback(bare);
	catalog_close(first);
	catalog_close(second);
	catalog_close(bare);
}

/* ---- schema ---- */

TEST(migrations_run_once_and_a_newer_file_is_refused)
{
	const char *path = catalog_path(t, "c");
	struct catalog *catalog = catalog_open_writer(path, &t->err);
	int number = -1;

	REQUIRE(t, catalog != NULL);
	CHECK(t, catalog_migrate(catalog, users_schema, 1, &t->err) && add_user(catalog, S("ann"), &t->err));
	CHECK(t, catalog_migrate(catalog, users_schema, 2, &t->err));
	CHECK(t, catalog_migrate(catalog, users_schema, 2, &t->err));
	CHECK(t, catalog_schema_number(catalog, &number, &t->err));
	CHECK_NUMBER(t, number, 2);
	CHECK_NUMBER(t, count_users(t, catalog), 1);
	CHECK(t, !catalog_migrate(catalog, users_schema, 1, &t->err));
	CHECK_NUMBER(t, t->err.kind, ERR_INVALID);
	catalog_close(catalog);
}

TEST(migrations_of_a_lower_range_are_applied_later_too)
{
	static const struct migration before[] = {
		{ 1, "CREATE TABLE a (account TEXT NOT NULL PRIMARY KEY) STRICT" },
		{ 40, "CREATE TABLE c (account TEXT NOT NULL PRIMARY KEY) STRICT" },
	};
	static const struct migration after[] = {
		{ 1, "CREATE TABLE a (account TEXT NOT NULL PRIMARY KEY) STRICT" },
		{ 2, "CREATE TABLE b (account TEXT NOT NULL PRIMARY KEY) STRICT" },
		{ 40, "CREATE TABLE c (account TEXT NOT NULL PRIMARY KEY) STRICT" },
	};
	struct catalog *catalog = catalog_open_writer(catalog_path(t, "c"), &t->err);

	REQUIRE(t, catalog != NULL);
	CHECK(t, catalog_migrate(catalog, before, COUNT(before), &t->err));
	for (int i = 0; i < 2; i++)
		CHECK(t, catalog_migrate(catalog, after, COUNT(after), &t->err));
	CHECK(t, catalog_run(catalog, &t->err, "INSERT INTO b (account) VALUES ('x')", ""));
	CHECK(t, !catalog_migrate(catalog, before, COUNT(before), &t->err));
	CHECK_TEXT(t, slice_of(t->err.message),
	           S("the catalog has migration 2, which this program does not know: it is from a newer spoor"));
	catalog_close(catalog);
}

TEST(migrations_apply_all_or_nothing)
{
	static const struct migration broken[] = {
		{ 1, "CREATE TABLE a (account TEXT NOT NULL PRIMARY KEY) STRICT" },
		{ 2, "CREATE TABLE b (account TEXT NOT NULL PRIMARY KEY) STRICT; CREATE TABLE a (x TEXT)" },
	};
	struct catalog *catalog = catalog_open_writer(catalog_path(t, "c"), &t->err);
	int number = -1;

	REQUIRE(t, catalog != NULL);
	CHECK(t, !catalog_migrate(catalog, broken, COUNT(broken), &t->err));
	CHECK(t, catalog_schema_number(catalog, &number, &t->err));
	CHECK_NUMBER(t, number, 0);
	CHECK(t, catalog_migrate(catalog, broken, 1, &t->err));
	catalog_close(catalog);
}

TEST(migrations_refuse_tables_that_a_changeset_would_pass_over)
{
	static const struct { const char *sql, *fault; } rows[] = {
		{ "CREATE TABLE a (account TEXT NOT NULL) STRICT",                              "has no PRIMARY KEY" },
		{ "CREATE TABLE a (account TEXT PRIMARY KEY) STRICT",                           NULL },
		{ "CREATE TABLE a (account TEXT NOT NULL PRIMARY KEY)",                         "is not STRICT" },
		{ "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT) STRICT",                     NULL },
		{ "CREATE TABLE a (x TEXT, y TEXT, PRIMARY KEY (x, y)) STRICT, WITHOUT ROWID",  NULL },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct migration migration = { 1, rows[i].sql };
		struct catalog *catalog = catalog_open_writer(catalog_path(t, rows[i].sql + 16), &t->err);

		REQUIRE(t, catalog != NULL);
		CHECK_NUMBER(t, catalog_migrate(catalog, &migration, 1, &t->err), rows[i].fault == NULL);
		CHECK(t, !rows[i].fault || strstr(t->err.message, rows[i].fault) != NULL);
		catalog_close(catalog);
	}
}

TEST(catalog_strict_keys_are_never_null)
{
	struct migration migration = { 1, "CREATE TABLE a (account TEXT, n INTEGER, PRIMARY KEY (account, n)) STRICT" };
	struct catalog *catalog = catalog_open_writer(catalog_path(t, "c"), &t->err);

	REQUIRE(t, catalog != NULL && catalog_migrate(catalog, &migration, 1, &t->err));
	CHECK(t, !catalog_run(catalog, &t->err, "INSERT INTO a VALUES (?, ?)", "ti", SLICE_NONE, (int64_t)1));
	CHECK_NUMBER(t, t->err.kind, ERR_INVALID);
	catalog_close(catalog);
}

TEST(catalog_keeps_its_place_in_the_journal)
{
	const char *path = catalog_path(t, "c");
	struct catalog *catalog = open_users(t, path);
	struct catalog_position position = { UINT64_MAX, 42, { 1, 2, 3 }, 1, 4096 }, got;
	bool is_present = false;

	REQUIRE(t, catalog != NULL);
	CHECK(t, catalog_position_set(catalog, &position, &t->err));
	position.applied_seq = 43;
	CHECK(t, catalog_position_set(catalog, &position, &t->err));
	catalog_close(catalog);
	catalog = open_users(t, path);
	REQUIRE(t, catalog != NULL);
	CHECK(t, catalog_position_get(catalog, &got, &is_present, &t->err) && is_present);
	CHECK(t, memcmp(&position, &got, sizeof got) == 0);
	catalog_close(catalog);
}

TEST(catalog_checkpoint_moves_the_log_into_the_file)
{
	const char *path = catalog_path(t, "c");
	struct catalog *catalog = open_users(t, path);
	struct stat before, after;

	REQUIRE(t, catalog != NULL);
	for (int i = 0; i < 200; i++)
		CHECK(t, add_user(catalog, arena_format(&t->arena, "user-%d", i), &t->err));
	CHECK(t, catalog_wal_pages(catalog) > 200);
	CHECK(t, stat(path, &before) == 0);
	CHECK(t, catalog_checkpoint(catalog, false, &t->err));
	CHECK(t, stat(path, &after) == 0);
	CHECK(t, after.st_size > before.st_size);
	CHECK_NUMBER(t, catalog_wal_pages(catalog), 0);
	CHECK(t, add_user(catalog, S("one-more"), &t->err) && catalog_checkpoint(catalog, true, &t->err));
	CHECK(t, stat(arena_printf(&t->arena, "%s-wal", path), &after) == 0);
	CHECK_NUMBER(t, after.st_size, 0);
	catalog_close(catalog);
}

TEST(catalog_says_corrupt_for_a_file_that_is_no_catalog)
{
	const char *path = catalog_path(t, "c");
	FILE *file = fopen(path, "w");

	REQUIRE(t, file != NULL);
	for (int i = 0; i < 1000; i++)
		fputs("not a database ", file);
	fclose(file);
	CHECK(t, catalog_open_writer(path, &t->err) == NULL);
	CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
}
