/* tests/bucket_catalog.h: an empty catalog with the tables of auth and bucket, a bucket in it, and short ways to fill it. */
#ifndef SPOOR_TESTS_BUCKET_CATALOG_H
#define SPOOR_TESTS_BUCKET_CATALOG_H

#include "base/random.h"
#include "bucket/bucket_delete.h"
#include "bucket/bucket_get.h"
#include "bucket/bucket_list.h"
#include "bucket/bucket_put.h"
#include "tests/auth_catalog.h"

#define NOW_MS INT64_C(1768471267000)           /* 2026-01-15T10:01:07Z */

/* Close it with catalog_close. */
struct catalog *bucket_catalog_open(struct test *t);

/* A bucket of ACCOUNT, as it is now. */
struct bucket *bucket_catalog_make(struct test *t, struct catalog *catalog, const char *name, enum versioning versioning);

/* Puts an object whose ETag is `etag` and whose file is named after it; gives its version id as the row has it. */
struct slice bucket_catalog_put(struct test *t, struct catalog *catalog, const char *bucket, const char *key,
                                const char *etag, int64_t now_ms);

/* Deletes; `version_id` NULL: the key. */
struct removed bucket_catalog_delete(struct test *t, struct catalog *catalog, const struct bucket *bucket, const char *key,
                                     const char *version_id);

/* What is under a key, newest first: "etag:id" or "marker:id" with ids shortened to "null" or "#", latest marked "*". */
struct slice bucket_catalog_show(struct test *t, struct catalog *catalog, const struct bucket *bucket, const char *key);

/* Names of all dead files, joined by commas. */
struct slice bucket_catalog_dead(struct test *t, struct catalog *catalog);

#endif
