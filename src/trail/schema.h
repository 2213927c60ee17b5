/* trail/schema.h: the SQL tables of this layer as migrations, one a table. */
#ifndef SPOOR_TRAIL_SCHEMA_H
#define SPOOR_TRAIL_SCHEMA_H

#include "store/catalog.h"

/* Numbers are those of the whole program, see auth/schema.h. */
extern const struct migration schema_trail_migrations[];
extern const size_t schema_trail_migration_count;

#endif
