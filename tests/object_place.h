/* tests/object_place.h: a data directory with objects in it, whose bytes are those of `plain`, for the tests of store/object*.c. */
#ifndef SPOOR_TESTS_OBJECT_PLACE_H
#define SPOOR_TESTS_OBJECT_PLACE_H

#include "base/file.h"
#include "store/object_format.h"
#include "store/object_reader.h"
#include "store/object_writer.h"
#include "tests/test.h"

enum { OBJECT_PLACE_LARGEST = 5 * OBJECT_FRAME_BYTES };

#define OBJECT_PLACE_KEY ((const unsigned char *)"a key of thirty-two bytes, really")

struct object_place {
	struct objects *objects;
	struct random   random;
	int             dir_fd;
	char           *plain;                   /* OBJECT_PLACE_LARGEST bytes that do not repeat */
};

struct object_place object_place_new(struct test *t, struct disk *disk);

/* The first `bytes` of `plain` as an object. */
struct object_facts object_place_put(struct test *t, struct object_place *place, size_t bytes);

struct slice object_place_name(const struct object_facts *facts);               /* points into it */
const char  *object_place_path(struct test *t, struct slice name);              /* below dir_fd */

/* ERR_NONE: all of it could be read, and is what was put. */
enum error_kind object_place_read(struct test *t, struct object_place *place, struct slice name, size_t bytes);

int object_place_file_count(struct test *t, const struct object_place *place);

/* A disk that remembers what it was asked for, and fails once. */
struct watched {
	struct disk    disk;                     /* its `before` is object_place_watch */
	uint64_t       read_from, read_to;       /* bounds of what was read behind the header */
	enum disk_kind last[3];                  /* newest last */
	uint64_t       count, fail_at;           /* operations that change something, and syncs */
};

int object_place_watch(struct disk *disk, struct disk_operation *operation);

#endif
