/* tests/auth_catalog.c: migrated as the server does it. */
#include "tests/auth_catalog.h"

#include "auth/schema.h"

struct catalog *auth_catalog_open(struct test *t)
{
	struct catalog *catalog = catalog_open_writer(arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "auth")), &t->err);

	CHECK(t, catalog && catalog_migrate(catalog, schema_auth_migrations, schema_auth_migration_count, &t->err));
	return catalog;
}

void auth_catalog_refused(struct test *t, const char *file, int line, const char *name, const char *message)
{
	if (strcmp(t->err.name ? t->err.name : "", name) != 0 || strcmp(t->err.message, message) != 0)
		test_failed(t, file, line, "refused as %s '%s', wanted %s '%s'", t->err.name, t->err.message, name, message);
	t->err = (struct error){ 0 };
}
