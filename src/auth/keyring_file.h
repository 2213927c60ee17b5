/* auth/keyring_file.h: DIR/keys/master.key, read or made. */
#ifndef SPOOR_AUTH_KEYRING_FILE_H
#define SPOOR_AUTH_KEYRING_FILE_H

#include "base/random.h"
#include "codec/digest.h"

struct disk;

/* 64 hexadecimal digits and a newline. Written to another name, synced, renamed: it is whole or not there. Errors:
 * ERR_DENIED when group or others have any right to it; ERR_CORRUPT when it is not such a text; ERR_IO. */
bool keyring_file_get(struct disk *disk, int dir_fd, struct random *random, unsigned char master[AES256_KEY_BYTES],
                      struct error *err);

#endif
