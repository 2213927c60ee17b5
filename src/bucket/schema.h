/* bucket/schema.h: the SQL tables of this layer as migrations, one a table. */
#ifndef SPOOR_BUCKET_SCHEMA_H
#define SPOOR_BUCKET_SCHEMA_H

#include "store/catalog.h"

/* Numbers are those of the whole program, see auth/schema.h. */
extern const struct migration schema_bucket_migrations[];
extern const size_t schema_bucket_migration_count;

#endif
