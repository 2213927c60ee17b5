/* tests/auth_catalog.h: an empty catalog with the tables of this layer, for the tests of each table. */
#ifndef SPOOR_TESTS_AUTH_CATALOG_H
#define SPOOR_TESTS_AUTH_CATALOG_H

#include "store/catalog.h"
#include "tests/test.h"

#define ACCOUNT       S("111122223333")
#define OTHER_ACCOUNT S("444455556666")

/* Close it with catalog_close. */
struct catalog *auth_catalog_open(struct test *t);

/* Checks that the last failure was this one, and clears it for the next. */
void auth_catalog_refused(struct test *t, const char *file, int line, const char *name, const char *message);
#define CHECK_REFUSED(t, name, message) auth_catalog_refused((t), __FILE__, __LINE__, (name), (message))

#endif
