/* bucket/schema.c: a table changes by a new row with the next number, never by editing one that was released. */
#include "bucket/schema.h"

#include "bucket/buckets.h"
#include "bucket/dead_files.h"
#include "bucket/documents.h"
#include "bucket/parts.h"
#include "bucket/uploads.h"
#include "bucket/versions.h"

const struct migration schema_bucket_migrations[] = {
	{ 41, buckets_table },
	{ 42, documents_table },
	{ 43, versions_table },
	{ 44, uploads_table },
	{ 45, parts_table },
	{ 46, dead_files_table },
};
const size_t schema_bucket_migration_count = COUNT(schema_bucket_migrations);
