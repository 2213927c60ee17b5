/* auth/keyring_file_test.c: made once, private, whole, and refused when it is none of that. */
#include "auth/keyring_file.h"
#include "auth/keyring.h"
#include "base/file.h"
#include "tests/test.h"

static bool get(struct test *t, int dir_fd, unsigned char *master)
{
	struct random random;

	random_init(&random);
	t->err = (struct error){0};
	return keyring_file_get(NULL, dir_fd, &random, master, &t->err);
}

TEST(keyring_file_is_made_once_for_its_owner_alone)
{
	int dir_fd = empty_dir(t, "keyring");
	unsigned char one[AES256_KEY_BYTES], two[AES256_KEY_BYTES];
	struct stat stat;

	REQUIRE(t, get(t, dir_fd, one));
	CHECK(t, t->err.kind == ERR_NONE);
	REQUIRE(t, get(t, dir_fd, two));
	CHECK(t, memcmp(one, two, sizeof one) == 0);
	REQUIRE(t, fstatat(dir_fd, "keys/master.key", &stat, 0) == 0);
	CHECK_NUMBER(t, stat.st_mode & 0777, 0600);
	REQUIRE(t, fstatat(dir_fd, "keys", &stat, 0) == 0);
	CHECK_NUMBER(t, stat.st_mode & 0777, 0700);
	CHECK(t, fstatat(dir_fd, "keys/master.key.new", &stat, 0) != 0);
}

TEST(keyring_file_that_others_may_read_is_refused)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0601 };
	int dir_fd = empty_dir(t, "keyring");
	unsigned char master[AES256_KEY_BYTES];

	REQUIRE(t, get(t, dir_fd, master));
	for (size_t i = 0; i < COUNT(modes); i++) {
		REQUIRE(t, fchmodat(dir_fd, "keys/master.key", modes[i], 0) == 0);
		CHECK(t, !get(t, dir_fd, master) && t->err.kind == ERR_DENIED);
	}
	REQUIRE(t, fchmodat(dir_fd, "keys/master.key", 0400, 0) == 0);
	CHECK(t, get(t, dir_fd, master));
}

TEST(keyring_file_that_is_damaged_is_refused_and_not_replaced)
{
	int dir_fd = empty_dir(t, "keyring");
	unsigned char master[AES256_KEY_BYTES];

	REQUIRE(t, get(t, dir_fd, master));
	overwrite(t, dir_fd, "keys/master.key", 10, S("x"));
	CHECK(t, !get(t, dir_fd, master) && t->err.kind == ERR_CORRUPT);
	overwrite(t, dir_fd, "keys/master.key", 65, S("more"));
	CHECK(t, !get(t, dir_fd, master) && t->err.kind == ERR_CORRUPT);
	int fd = openat(dir_fd, "keys/master.key", O_WRONLY | O_TRUNC);
	CHECK(t, fd >= 0);
	close(fd);
	CHECK(t, !get(t, dir_fd, master) && t->err.kind == ERR_CORRUPT);
}

TEST(keyring_file_of_a_crash_before_the_rename_is_overwritten)
{
	int dir_fd = empty_dir(t, "keyring");
	unsigned char master[AES256_KEY_BYTES];

	REQUIRE(t, mkdirat(dir_fd, "keys", 0700) == 0);
	int fd = openat(dir_fd, "keys/master.key.new", O_WRONLY | O_CREAT, 0600);
	REQUIRE(t, fd >= 0 && write(fd, "torn", 4) == 4);
	close(fd);
	CHECK(t, get(t, dir_fd, master));
}

TEST(keyring_open_makes_a_key_that_later_opens_what_it_sealed)
{
	int dir_fd = empty_dir(t, "keyring");
	struct random random;

	random_init(&random);
	struct keyring *first = keyring_open(NULL, dir_fd, &random, &t->err);
	REQUIRE(t, first);
	struct slice box = keyring_seal(first, KEYRING_CATALOG_SECRET, S("row"), S("secret"), &random, &t->arena);
	keyring_close(first);
	struct keyring *second = keyring_open(NULL, dir_fd, &random, &t->err);
	REQUIRE(t, second);
	CHECK_TEXT(t, keyring_unseal(second, KEYRING_CATALOG_SECRET, S("row"), box, &t->arena, &t->err), S("secret"));
	keyring_close(second);
}

/* ---- a disk that writes down what is asked of it, and fails at one of the operations ---- */

enum { OPERATIONS_MAX = 32 };

struct watched_disk {
	struct disk         disk;
	int                 fail_at;          /* counted from 0; -1: never */
	int                 count;
	enum disk_kind      kinds[OPERATIONS_MAX];
	const char         *labels[OPERATIONS_MAX];
};

static int watch(struct disk *disk, struct disk_operation *operation)
{
	struct watched_disk *watched = (struct watched_disk *)(void *)disk;
	int at = watched->count++;

	assert(at < OPERATIONS_MAX);
	watched->kinds[at] = operation->kind;
	watched->labels[at] = operation->label;
	return at == watched->fail_at ? EIO : 0;
}

static int find_operation(const struct watched_disk *watched, enum disk_kind kind, const char *label)
{
	for (int i = 0; i < watched->count; i++)
		if (watched->kinds[i] == kind && (!label || (watched->labels[i] && strcmp(watched->labels[i], label) == 0)))
			return i;
	return -1;
}

TEST(keyring_file_is_synced_before_it_gets_its_name_and_then_its_directories)
{
	struct watched_disk watched = { .disk = { .before = watch }, .fail_at = -1 };
	unsigned char master[AES256_KEY_BYTES];
	struct random random;

	random_init(&random);
	REQUIRE(t, keyring_file_get(&watched.disk, empty_dir(t, "keyring"), &random, master, &t->err));
	int written = find_operation(&watched, DISK_WRITE, NULL), synced = find_operation(&watched, DISK_SYNC, "master key");
	int renamed = find_operation(&watched, DISK_RENAME, NULL);
	int keys = find_operation(&watched, DISK_SYNC_DIR, "keys directory");
	int above = find_operation(&watched, DISK_SYNC_DIR, "directory of keys");
	CHECK(t, written >= 0 && written < synced && synced < renamed && renamed < keys && keys < above);
}

TEST(keyring_file_that_fails_anywhere_is_made_at_the_next_start_and_never_used_before)
{
	int operations = OPERATIONS_MAX;

	for (int fail_at = 0; fail_at < operations; fail_at++) {
		struct watched_disk watched = { .disk = { .before = watch }, .fail_at = fail_at };
		unsigned char one[AES256_KEY_BYTES], two[AES256_KEY_BYTES];
		int dir_fd = empty_dir(t, "keyring");
		struct random random;

		random_init(&random);
		if (keyring_file_get(&watched.disk, dir_fd, &random, one, &t->err)) {
			operations = watched.count;            /* nothing was left to fail */
			CHECK_NUMBER(t, fail_at, operations);
			break;
		}
		CHECK(t, t->err.kind == ERR_IO);
		CHECK(t, get(t, dir_fd, one) && get(t, dir_fd, two) && memcmp(one, two, sizeof one) == 0);
	}
	CHECK(t, operations < OPERATIONS_MAX);
}
