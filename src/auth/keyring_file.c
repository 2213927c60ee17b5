/* auth/keyring_file.c: a key that is made once, durable before anything is sealed with it.
 *
 * If it were lost in a crash after a token or a stored secret had been handed out, nobody could open those again. */
#include "auth/keyring_file.h"
#include "base/file.h"
#include "codec/hex.h"

#define KEYS_DIR "keys"
#define KEY_NAME "master.key"
#define NEW_NAME "master.key.new"

enum { TEXT_BYTES = 2 * AES256_KEY_BYTES + 1 };

static bool is_private(int fd, struct error *err)
{
	struct stat stat;

	if (fstat(fd, &stat) != 0)
		return fail_errno(err, KEY_NAME);
	return (S_ISREG(stat.st_mode) && (stat.st_mode & 077) == 0)
	       || fail(err, ERR_DENIED, "keys/master.key can be used by others than its owner; run chmod 600 on it.");
}

static bool read_key(struct disk *disk, int fd, unsigned char *master, struct error *err)
{
	char text[TEXT_BYTES + 1];
	size_t got;

	bool is_read = is_private(fd, err) && file_read(disk, fd, text, sizeof text, 0, &got, KEY_NAME, err);
	bool is_good = is_read && got == TEXT_BYTES && text[TEXT_BYTES - 1] == '\n'
	               && hex_decode((struct slice){ text, TEXT_BYTES - 1 }, master, AES256_KEY_BYTES);
	digest_wipe(text, sizeof text);
	return is_good || (is_read && fail(err, ERR_CORRUPT, "keys/master.key is not 64 hexadecimal digits and a newline."));
}

static bool write_key(struct disk *disk, int keys_fd, const unsigned char *master, struct error *err)
{
	char text[TEXT_BYTES];

	if (!file_unlink(disk, keys_fd, NEW_NAME, err))            /* what a crash left */
		return false;
	int fd = file_open(disk, keys_fd, NEW_NAME, O_WRONLY | O_CREAT | O_EXCL, NULL, err);
	if (fd < 0)
		return false;
	hex_encode(master, AES256_KEY_BYTES, text);
	text[TEXT_BYTES - 1] = '\n';
	bool is_written = file_write(disk, fd, (struct slice){ text, sizeof text }, 0, KEY_NAME, err)
	                  && file_sync(disk, fd, "master key", err);
	digest_wipe(text, sizeof text);
	file_close(fd);
	return is_written && file_rename(disk, keys_fd, NEW_NAME, keys_fd, KEY_NAME, err);
}

static bool read_or_make(struct disk *disk, int keys_fd, struct random *random, unsigned char *master, struct error *err)
{
	bool is_missing = false;
	int fd = file_open(disk, keys_fd, KEY_NAME, O_RDONLY, &is_missing, err);

	if (fd < 0 && !is_missing)
		return false;
	if (fd < 0) {
		if (err)
			*err = (struct error){0};
		random_bytes(random, master, AES256_KEY_BYTES);
		return write_key(disk, keys_fd, master, err);
	}
	bool is_read = read_key(disk, fd, master, err);
	file_close(fd);
	return is_read;
}

bool keyring_file_get(struct disk *disk, int dir_fd, struct random *random, unsigned char master[AES256_KEY_BYTES],
                      struct error *err)
{
	if (!file_make_dir(disk, dir_fd, KEYS_DIR, err))
		return false;
	int keys_fd = file_open_dir(dir_fd, KEYS_DIR, err);
	if (keys_fd < 0)
		return false;
	/* An earlier start may have made the key and failed to sync the directories, so they are synced at every start. */
	bool is_good = read_or_make(disk, keys_fd, random, master, err) && file_sync_dir(disk, keys_fd, "keys directory", err)
	               && file_sync_dir(disk, dir_fd, "directory of keys", err);
	file_close(keys_fd);
	return is_good;
}
