/* auth/schema.h: the SQL tables of this layer as migrations, one a table. */
#ifndef SPOOR_AUTH_SCHEMA_H
#define SPOOR_AUTH_SCHEMA_H

#include "store/catalog.h"

/* Numbers are those of the whole program: later tables of any layer go on after the highest one in use. */
extern const struct migration schema_auth_migrations[];
extern const size_t schema_auth_migration_count;

#endif
