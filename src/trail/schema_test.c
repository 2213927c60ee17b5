/* trail/schema_test.c: the tables of this layer come after those of the layers before it. */
#include "trail/schema.h"

#include "auth/schema.h"
#include "tests/test.h"

TEST(trail_schema_follows_the_tables_of_auth)
{
	int last = schema_auth_migrations[schema_auth_migration_count - 1].number;

	for (size_t i = 0; i < schema_trail_migration_count; i++) {
		CHECK(t, schema_trail_migrations[i].number > last);
		last = schema_trail_migrations[i].number;
	}
}
