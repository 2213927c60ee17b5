/* trail/schema.c: a table changes by a new row with the next number, never by editing one that was released. */
#include "trail/schema.h"

#include "trail/digest_chains.h"
#include "trail/signing_keys.h"
#include "trail/trail_files.h"
#include "trail/trail_status.h"
#include "trail/trail_streams.h"
#include "trail/trail_tags.h"
#include "trail/trail_targets.h"
#include "trail/trails.h"

const struct migration schema_trail_migrations[] = {
	{ 61, trails_table },
	{ 62, trail_tags_table },
	{ 63, trail_targets_table },
	{ 64, trail_streams_table },
	{ 65, trail_status_table },
	{ 66, trail_files_table },
	{ 67, signing_keys_table },
	{ 68, digest_chains_table },
	{ 69, digest_heads_table },
	{ 70, region_streams_table },
};
const size_t schema_trail_migration_count = COUNT(schema_trail_migrations);
