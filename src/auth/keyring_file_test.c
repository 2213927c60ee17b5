/* auth/keyring_file_test.c: made once, private, whole, and refused when it is none of that. */
#include "auth/keyring_file.h"
#include "auth/keyring.h"
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
