/* auth/schema_test.c: the migrations. */
#include "auth/schema.h"

#include "tests/auth_catalog.h"

TEST(schema_numbers_ascend_and_the_last_is_the_catalogs)
{
	struct catalog *catalog = auth_catalog_open(t);
	int number = 0;

	for (size_t i = 1; i < schema_auth_migration_count; i++)
		CHECK(t, schema_auth_migrations[i].number > schema_auth_migrations[i - 1].number);
	CHECK(t, catalog_schema_number(catalog, &number, &t->err));
	CHECK_NUMBER(t, number, schema_auth_migrations[schema_auth_migration_count - 1].number);
	catalog_close(catalog);
}

/* Changes travel as changesets: each table needs a primary key, and the account comes first in it. */
TEST(schema_keys_of_all_tables_begin_with_the_account)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct rows rows = catalog_query(catalog, &t->err,
	                                 "SELECT m.name, (SELECT c.name FROM pragma_table_info(m.name) c WHERE c.pk = 1)"
	                                 " FROM sqlite_schema m WHERE m.type = 'table' AND m.name NOT IN ('journal_position', 'applied_migrations')", "");
	int count = 0;

	while (rows_next(&rows)) {
		CHECK_TEXT(t, rows_text(&rows, 1, &t->arena), S("account"));
		count++;
	}
	CHECK(t, rows_close(&rows));
	CHECK_NUMBER(t, count, schema_auth_migration_count);
	catalog_close(catalog);
}
