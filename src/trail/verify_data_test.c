/* trail/verify_data_test.c: a data directory as a server leaves it, and everything that can be done to it. */
#include "trail/verify_data.h"

#include "auth/keyring.h"
#include "auth/schema.h"
#include "base/file.h"
#include "base/waiter.h"
#include "bucket/schema.h"
#include "store/directory.h"
#include "store/object_writer.h"
#include "tests/bucket_catalog.h"
#include "trail/recorder.h"
#include "trail/schema.h"

enum { OBJECTS = 3, EVENTS = 60, OBJECT_BYTES = 70000 };

struct place {
	const char         *path;
	struct directory    directory;
	struct keyring     *keyring;
	struct objects     *objects;
	struct recorder    *recorder;
	struct random       random;
	struct slice        files[OBJECTS];     /* names of the objects' files */
	struct verify_mark  end;                /* of the journal, as a verification tells it */
};

/* ---- making it ---- */

struct put_job {
	struct job     job;                     /* first */
	struct test   *t;
	struct put     put;                     /* no key: an event only */
	bool           makes_bucket;
	char           json[4096];
	struct waiter *done;
};

static bool perform(struct job *job, struct catalog *catalog, struct error *err)
{
	struct put_job *put = (struct put_job *)job;
	struct bucket bucket = { .account = ACCOUNT, .name = S("data"), .region = S("us-east-1"), BUCKET_DEFAULTS };
	struct put_result result;

	if (put->makes_bucket && !buckets_insert(catalog, &bucket, err))
		return false;
	return !put->put.key.ptr || bucket_put(catalog, &put->t->arena, S("data"), NOW_MS, &put->put, &result, err);
}

static bool describe(struct job *job, struct event_frame *frame)
{
	struct put_job *put = (struct put_job *)job;

	memset(put->json, 'x', sizeof put->json);
	*frame = (struct event_frame){
		.time_ms = NOW_MS, .account = 111122223333, .region = S("us-east-1"), .json = { put->json, sizeof put->json },
	};
	return true;
}

static void finish(struct job *job, enum job_result result)
{
	struct put_job *put = (struct put_job *)job;

	CHECK(put->t, result == JOB_DONE);
	waiter_wake(put->done);
}

static void call(struct test *t, struct place *place, const struct put *put, bool makes_bucket)
{
	struct put_job *job = arena_new(&t->arena, struct put_job);

	*job = (struct put_job){ .job = { .perform = perform, .describe = describe, .finish = finish }, .t = t, .makes_bucket = makes_bucket };
	if (put)
		job->put = *put;
	job->done = waiter_new();
	CHECK(t, recorder_submit(place->recorder, &job->job));
	waiter_wait(job->done);
	waiter_free(job->done);
	CHECK_NUMBER(t, job->job.error.kind, ERR_NONE);
}

static void put_object(struct test *t, struct place *place, int index)
{
	unsigned char key[OBJECT_KEY_BYTES];
	char *bytes = arena_zalloc(&t->arena, OBJECT_BYTES);
	struct object_facts facts;
	struct put put = { .key = arena_format(&t->arena, "key/%d", index), .content = { .bytes = OBJECT_BYTES, .etag = S("etag") } };

	random_bytes(&place->random, key, sizeof key);
	struct object_writer *writer = object_create(place->objects, key, &place->random, &t->err);
	REQUIRE(t, writer && object_append(writer, (struct slice){ bytes, OBJECT_BYTES }, &t->err));
	REQUIRE(t, object_finish(writer, &facts, &t->err));
	place->files[index] = put.content.file = arena_copy(&t->arena, (struct slice){ facts.name, sizeof facts.name });
	put.content.sealed_key = keyring_seal(place->keyring, KEYRING_OBJECT_KEY, put.content.file,
	                                      (struct slice){ (const char *)key, sizeof key }, &place->random, &t->arena);
	call(t, place, &put, false);
	object_writer_close(writer);
}

static void open_place(struct test *t, struct place *place)
{
	struct recorder_options options = {
		.directory = &place->directory, .reserve_file_bytes = 4096, .journal_file_bytes = 128 << 10,
	};
	const struct { const struct migration *items; size_t count; } sets[] = {
		{ schema_auth_migrations, schema_auth_migration_count }, { schema_bucket_migrations, schema_bucket_migration_count },
		{ schema_trail_migrations, schema_trail_migration_count },
	};
	struct migration *list = arena_array(&t->arena, 100, sizeof *list);

	for (size_t i = 0; i < COUNT(sets); options.migration_count += sets[i++].count)
		memcpy(list + options.migration_count, sets[i].items, sets[i].count * sizeof *list);
	options.migrations = list;
	REQUIRE(t, directory_open(&place->directory, NULL, place->path, DIRECTORY_CREATE, &t->err));
	place->keyring = keyring_open(NULL, place->directory.fd, &place->random, &t->err);
	place->objects = objects_open(NULL, place->directory.fd, &t->err);
	place->recorder = recorder_open(&options, &t->err);
	REQUIRE(t, place->keyring && place->objects && place->recorder);
}

static void close_place(struct place *place)
{
	recorder_close(place->recorder);
	objects_close(place->objects);
	keyring_close(place->keyring);
	directory_close(&place->directory);
}

/* Stopped: three journal files, three objects. */
static struct place make_place(struct test *t, const char *name)
{
	struct place place = { .path = arena_printf(&t->arena, "%s/data", test_dir(t, name)) };

	random_init_seeded(&place.random, 3);
	open_place(t, &place);
	call(t, &place, NULL, true);
	for (int i = 0; i < OBJECTS; i++)
		put_object(t, &place, i);
	for (int i = 0; i < EVENTS; i++)
		call(t, &place, NULL, false);
	close_place(&place);
	return place;
}

/* ---- asking ---- */

static struct slice verify(struct test *t, struct place *place, const struct verify_mark *head, struct verify_report *counts)
{
	struct verify_options options = { .threads = 3, .journal_head = head };
	struct verify_report report;
	struct buffer out;

	buffer_init(&out, &t->arena, 100000);
	if (!verify_data_run(place->path, &options, &report, &t->err))
		buffer_printf(&out, "could not: ");
	for (size_t i = 0; i < report.problem_count; i++)
		buffer_printf(&out, "%s, ", verify_finding_name(report.problems[i].finding));
	buffer_printf(&out, "exit %d", verify_exit_code(&report));
	place->end = report.journal_end;
	if (counts)
		*counts = report;
	verify_report_free(&report);
	return buffer_slice(&out);
}

static const char *object_path(struct test *t, const struct place *place, int index)
{
	return arena_printf(&t->arena, "%s/objects/%.2s/%.*s", place->path, place->files[index].ptr, SLICE_ARG(place->files[index]));
}

/* Of the n-th journal file, oldest first; -1: the last. */
static const char *journal_path(struct test *t, const struct place *place, int n)
{
	char *names[100];
	int count = 0;

	for (uint64_t seq = 1; seq < 1000; seq++) {
		const char *path = arena_printf(&t->arena, "%s/journal/%020" PRIu64 ".journal", place->path, seq);
		if (file_exists(AT_FDCWD, path))
			names[count++] = (char *)(uintptr_t)path;
	}
	CHECK(t, count >= 3);
	return names[n < 0 ? count - 1 : n];
}

/* Changes one byte; from the end for a negative offset. */
static void flip(struct test *t, const char *path, off_t at)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct stat facts;
	char byte;

	REQUIRE(t, fd >= 0 && fstat(fd, &facts) == 0);
	at = at < 0 ? facts.st_size + at : at;
	CHECK(t, pread(fd, &byte, 1, at) == 1);
	byte ^= 0x40;
	CHECK(t, pwrite(fd, &byte, 1, at) == 1);
	file_close(fd);
}

TEST(verify_data_finds_a_stopped_directory_sound)
{
	struct place place = make_place(t, "data");
	struct verify_report counts;

	CHECK_TEXT(t, verify(t, &place, NULL, &counts), S("exit 0"));
	CHECK_NUMBER(t, counts.records, 1 + OBJECTS + EVENTS);
	CHECK(t, counts.is_data && counts.journal_files >= 3 && counts.journal_frames > counts.records && counts.bytes > 0);
	CHECK(t, counts.objects == OBJECTS && counts.objects_valid == OBJECTS && counts.object_bytes == OBJECTS * OBJECT_BYTES);
	CHECK(t, counts.journal_end.seq == counts.journal_frames && counts.tables > 10);

	struct verify_mark head = place.end;
	open_place(t, &place);                  /* goes on: the head of before is still in it */
	call(t, &place, NULL, false);
	close_place(&place);
	CHECK_TEXT(t, verify(t, &place, &head, NULL), S("exit 0"));
	CHECK(t, place.end.seq > head.seq);
	head.chain[0] ^= 1;
	CHECK_TEXT(t, verify(t, &place, &head, NULL), S("journal cut, exit 1"));
	head = place.end;
	head.seq++;
	CHECK_TEXT(t, verify(t, &place, &head, NULL), S("journal cut, exit 1"));
}

TEST(verify_data_changes_nothing_and_works_without_a_lock_file)
{
	struct place place = make_place(t, "data");
	struct stat before, after;

	unlink(arena_printf(&t->arena, "%s/LOCK", place.path));
	CHECK(t, stat(place.path, &before) == 0);
	CHECK_TEXT(t, verify(t, &place, NULL, NULL), S("exit 0"));
	CHECK(t, stat(place.path, &after) == 0);
	CHECK(t, !file_exists(AT_FDCWD, arena_printf(&t->arena, "%s/LOCK", place.path)));
	CHECK(t, !file_exists(AT_FDCWD, arena_printf(&t->arena, "%s/catalog.db-wal", place.path))
	         || before.st_mtim.tv_sec == after.st_mtim.tv_sec);
}

TEST(verify_data_of_a_held_directory_names_the_process)
{
	struct place place = make_place(t, "data");

	open_place(t, &place);
	CHECK_TEXT(t, verify(t, &place, NULL, NULL), S("could not: exit 0"));
	CHECK_NUMBER(t, t->err.kind, ERR_BUSY);
	CHECK(t, strstr(t->err.message, arena_printf(&t->arena, "process %ld", (long)getpid())) != NULL);
	close_place(&place);
	place.path = test_dir(t, "none");
	CHECK_TEXT(t, verify(t, &place, NULL, NULL), S("could not: exit 0"));
	CHECK_NUMBER(t, t->err.kind, ERR_NOT_FOUND);
}

/* ---- tampering ---- */

static void change_first_batch(struct test *t, struct place *place) { flip(t, journal_path(t, place, 0), 4096 + 300); }
static void change_second_file(struct test *t, struct place *place) { flip(t, journal_path(t, place, 1), 4096 + 5000); }
static void change_batch_header(struct test *t, struct place *place) { flip(t, journal_path(t, place, 1), 4096 + 8); }
static void change_file_header(struct test *t, struct place *place) { flip(t, journal_path(t, place, 1), 16); }
static void delete_first_file(struct test *t, struct place *place) { unlink(journal_path(t, place, 0)); }
static void delete_middle_file(struct test *t, struct place *place) { unlink(journal_path(t, place, 1)); }
static void delete_last_file(struct test *t, struct place *place) { unlink(journal_path(t, place, -1)); }

static void cut_off_the_end(struct test *t, struct place *place)
{
	struct stat facts;
	const char *path = journal_path(t, place, -1);

	CHECK(t, stat(path, &facts) == 0 && truncate(path, 4096) == 0 && truncate(path, facts.st_size) == 0);
}

static void shorten_a_file(struct test *t, struct place *place)
{
	CHECK(t, truncate(journal_path(t, place, 0), 20000) == 0);
}

static void delete_the_journal(struct test *t, struct place *place)
{
	CHECK(t, file_remove_tree(AT_FDCWD, arena_printf(&t->arena, "%s/journal", place->path), &t->err));
}

static void delete_the_catalog(struct test *t, struct place *place) { unlink(arena_printf(&t->arena, "%s/catalog.db", place->path)); }

static void damage_the_catalog(struct test *t, struct place *place)
{
	int fd = open(arena_printf(&t->arena, "%s/catalog.db", place->path), O_RDWR | O_CLOEXEC);
	char bytes[4096];

	memset(bytes, 'x', sizeof bytes);
	for (off_t page = 2; page < 20; page++)
		CHECK(t, pwrite(fd, bytes, sizeof bytes, page * 4096) == sizeof bytes);
	file_close(fd);
}

static void run_sql(struct test *t, struct place *place, const char *sql)
{
	struct catalog *catalog = catalog_open_writer(arena_printf(&t->arena, "%s/catalog.db", place->path), &t->err);

	CHECK(t, catalog && catalog_run_script(catalog, sql, &t->err));
	catalog_close(catalog);
}

static void set_the_position_back(struct test *t, struct place *place)
{
	run_sql(t, place, "UPDATE journal_position SET applied_seq = 3, chain = zeroblob(32)");
}

static void set_the_position_between(struct test *t, struct place *place)
{
	run_sql(t, place, "UPDATE journal_position SET applied_seq = 1, chain = zeroblob(32)");
}

static void forget_the_position(struct test *t, struct place *place) { run_sql(t, place, "DELETE FROM journal_position"); }
static void resize_a_row(struct test *t, struct place *place) { run_sql(t, place, "UPDATE object_versions SET bytes = 5 WHERE key = 'key/1'"); }

static void swap_two_rows(struct test *t, struct place *place)
{
	run_sql(t, place, "UPDATE object_versions SET sealed_key = (SELECT sealed_key FROM object_versions WHERE key = 'key/2')"
	                  " WHERE key = 'key/1'");
}

static void lose_the_parts(struct test *t, struct place *place)
{
	run_sql(t, place, "UPDATE object_versions SET file = NULL, sealed_key = NULL, parts_id = 'gone' WHERE key = 'key/1'");
}

static void change_a_row(struct test *t, struct place *place)
{
	run_sql(t, place, "UPDATE object_versions SET etag = 'other' WHERE key = 'key/1'");
}

static void delete_a_row(struct test *t, struct place *place) { run_sql(t, place, "DELETE FROM object_versions WHERE key = 'key/1'"); }

static void add_a_row(struct test *t, struct place *place)
{
	run_sql(t, place, "INSERT INTO accounts SELECT '999999999999', 0");
}

static void swap_values(struct test *t, struct place *place)
{
	run_sql(t, place, "UPDATE object_versions SET modified_ms = CASE key WHEN 'key/1' THEN 1 ELSE modified_ms END");
}

static void add_a_trigger(struct test *t, struct place *place)
{
	run_sql(t, place, "CREATE TRIGGER quiet AFTER INSERT ON buckets BEGIN DELETE FROM buckets; END");
}

static void delete_the_bucket(struct test *t, struct place *place)
{
	run_sql(t, place, "DELETE FROM buckets");
}

static void change_an_object(struct test *t, struct place *place) { flip(t, object_path(t, place, 1), 1000); }
static void change_its_last_byte(struct test *t, struct place *place) { flip(t, object_path(t, place, 1), -1); }
static void delete_an_object(struct test *t, struct place *place) { unlink(object_path(t, place, 1)); }
static void shorten_an_object(struct test *t, struct place *place) { CHECK(t, truncate(object_path(t, place, 1), 65536 + 32) == 0); }

static void swap_two_objects(struct test *t, struct place *place)
{
	const char *beside = arena_printf(&t->arena, "%s/beside", place->path);

	CHECK(t, rename(object_path(t, place, 1), beside) == 0 && rename(object_path(t, place, 2), object_path(t, place, 1)) == 0
	         && rename(beside, object_path(t, place, 2)) == 0);
}

static void delete_all_objects(struct test *t, struct place *place)
{
	CHECK(t, file_remove_tree(AT_FDCWD, arena_printf(&t->arena, "%s/objects", place->path), &t->err));
}

static void lose_the_master_key(struct test *t, struct place *place)
{
	CHECK(t, unlink(arena_printf(&t->arena, "%s/keys/master.key", place->path)) == 0);
}

static void bring_another_master_key(struct test *t, struct place *place)
{
	lose_the_master_key(t, place);
	int fd = open(place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	keyring_close(keyring_open(NULL, fd, &place->random, &t->err));
	file_close(fd);
}

TEST(verify_data_finds_each_tampering)
{
	static const struct { void (*tamper)(struct test *t, struct place *place); const char *want; } rows[] = {
		{ change_first_batch,        "journal changed, exit 1" },
		{ change_second_file,        "journal changed, exit 1" },
		{ change_batch_header,       "journal changed, exit 1" },
		{ change_file_header,        "journal changed, exit 1" },
		{ delete_first_file,         "journal cut, exit 1" },
		{ delete_middle_file,        "journal changed, exit 1" },
		{ delete_last_file,          "journal cut, exit 1" },
		{ cut_off_the_end,           "journal cut, exit 1" },
		{ shorten_a_file,            "journal changed, exit 1" },
		{ delete_the_journal,        "journal cut, exit 1" },
		{ delete_the_catalog,        "catalog damaged, exit 1" },
		{ damage_the_catalog,        "catalog damaged, exit 1" },
		{ set_the_position_back,     "journal changed, exit 1" },
		{ set_the_position_between,  "journal changed, exit 1" },
		{ forget_the_position,       "catalog damaged, exit 1" },
		{ change_a_row,              "catalog changed, exit 1" },
		{ delete_a_row,              "catalog changed, exit 1" },
		{ add_a_row,                 "catalog changed, exit 1" },
		{ swap_values,               "catalog changed, exit 1" },
		{ add_a_trigger,             "catalog changed, exit 1" },
		{ delete_the_bucket,         "catalog changed, exit 1" },
		{ resize_a_row,              "catalog changed, object changed, exit 1" },
		{ swap_two_rows,             "catalog changed, object changed, exit 1" },
		{ lose_the_parts,            "catalog changed, object missing, exit 1" },
		{ change_an_object,          "object changed, exit 1" },
		{ change_its_last_byte,      "object changed, exit 1" },
		{ delete_an_object,          "object missing, exit 1" },
		{ shorten_an_object,         "object changed, exit 1" },
		{ swap_two_objects,          "object changed, object changed, exit 1" },
		{ delete_all_objects,        "object missing, exit 1" },
		{ lose_the_master_key,       "unreadable, exit 3" },
		{ bring_another_master_key,  "unreadable, unreadable, unreadable, exit 3" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct place place = make_place(t, arena_printf(&t->arena, "data-%zu", i));
		rows[i].tamper(t, &place);
		if (!test_check_text(t, __FILE__, __LINE__, arena_printf(&t->arena, "row %zu", i), verify(t, &place, NULL, NULL),
		                     slice_of(rows[i].want)))
			break;
	}
}
