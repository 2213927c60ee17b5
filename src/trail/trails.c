/* trail/trails.c: one statement a function. */
#include "trail/trails.h"

#include "store/catalog.h"

const char trails_table[] =
	"CREATE TABLE trails ("
	" account TEXT NOT NULL,"
	" region TEXT NOT NULL,"
	" name TEXT NOT NULL,"
	" trail_id INTEGER NOT NULL,"
	" bucket TEXT NOT NULL,"
	" prefix TEXT,"
	" target INTEGER NOT NULL,"
	" sns_name TEXT,"
	" sns_arn TEXT,"
	" log_group_arn TEXT,"
	" logs_role_arn TEXT,"
	" kms_key_arn TEXT,"
	" has_global_events INTEGER NOT NULL,"
	" is_multi_region INTEGER NOT NULL,"
	" has_validation INTEGER NOT NULL,"
	" has_custom_selectors INTEGER NOT NULL,"
	" selectors TEXT NOT NULL,"
	" insight_selectors TEXT,"
	" is_logging INTEGER NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" started_ms INTEGER NOT NULL,"
	" stopped_ms INTEGER NOT NULL,"
	" PRIMARY KEY (account, region, name)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX trails_logging ON trails (is_logging) WHERE is_logging = 1";

#define COLUMNS "account, region, name, trail_id, bucket, prefix, target, sns_name, sns_arn, log_group_arn, logs_role_arn," \
	" kms_key_arn, has_global_events, is_multi_region, has_validation, has_custom_selectors, selectors, insight_selectors," \
	" is_logging, created_ms, started_ms, stopped_ms"

bool trails_fail_exists(const struct trail *trail, struct error *err)
{
	return fail_as(err, ERR_CONFLICT, "TrailAlreadyExistsException", "Trail %.*s already exists for customer: %.*s",
	               SLICE_ARG(trail->name), SLICE_ARG(trail->account));
}

bool trails_insert(struct catalog *catalog, const struct trail *trail, struct error *err)
{
	if (!catalog_run(catalog, err,
	                 "INSERT INTO trails (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
	                 " ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22) ON CONFLICT (account, region, name) DO NOTHING",
	                 "tttittitttttiiiittiiii", trail->account, trail->region, trail->name, (int64_t)trail->trail_id, trail->bucket,
	                 trail->prefix, (int64_t)trail->target, trail->sns_name, trail->sns_arn, trail->log_group_arn,
	                 trail->logs_role_arn, trail->kms_key_arn, (int64_t)trail->has_global_events,
	                 (int64_t)trail->is_multi_region, (int64_t)trail->has_validation, (int64_t)trail->has_custom_selectors,
	                 trail->selectors, trail->insight_selectors, (int64_t)trail->is_logging, trail->created_ms,
	                 trail->started_ms, trail->stopped_ms))
		return false;
	return catalog_changes(catalog) == 1 || trails_fail_exists(trail, err);
}

static void read_trail(struct rows *rows, struct arena *arena, struct trail *trail)
{
	*trail = (struct trail){
		.account = rows_text(rows, 0, arena), .region = rows_text(rows, 1, arena), .name = rows_text(rows, 2, arena),
		.trail_id = (uint64_t)rows_i64(rows, 3), .bucket = rows_text(rows, 4, arena), .prefix = rows_text(rows, 5, arena),
		.target = (uint32_t)rows_i64(rows, 6), .sns_name = rows_text(rows, 7, arena), .sns_arn = rows_text(rows, 8, arena),
		.log_group_arn = rows_text(rows, 9, arena), .logs_role_arn = rows_text(rows, 10, arena),
		.kms_key_arn = rows_text(rows, 11, arena), .has_global_events = rows_i64(rows, 12) != 0,
		.is_multi_region = rows_i64(rows, 13) != 0, .has_validation = rows_i64(rows, 14) != 0,
		.has_custom_selectors = rows_i64(rows, 15) != 0, .selectors = rows_text(rows, 16, arena),
		.insight_selectors = rows_text(rows, 17, arena), .is_logging = rows_i64(rows, 18) != 0,
		.created_ms = rows_i64(rows, 19), .started_ms = rows_i64(rows, 20), .stopped_ms = rows_i64(rows, 21),
	};
}

static bool read_list(struct rows rows, struct arena *arena, struct trail_list *list)
{
	size_t room = 0;

	*list = (struct trail_list){ 0 };
	while (rows_next(&rows)) {
		if (list->count == room) {
			struct trail *more = arena_array(arena, room ? 2 * room : 8, sizeof *more);
			if (room)
				memcpy(more, list->items, room * sizeof *more);
			list->items = more;
			room = room ? 2 * room : 8;
		}
		read_trail(&rows, arena, &list->items[list->count++]);
	}
	return rows_close(&rows);
}

const struct trail *trails_find(struct catalog *catalog, struct arena *arena, struct slice account, struct slice region,
                                struct slice name, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT " COLUMNS " FROM trails WHERE account = ?1 AND region = ?2 AND name = ?3",
	                                 "ttt", account, region, name);
	struct trail *trail = NULL;

	if (rows_next(&rows)) {
		trail = arena_new(arena, struct trail);
		read_trail(&rows, arena, trail);
	}
	return rows_close(&rows) ? trail : NULL;
}

bool trails_list(struct catalog *catalog, struct arena *arena, struct slice account, struct trail_list *list,
                 struct error *err)
{
	return read_list(catalog_query(catalog, err, "SELECT " COLUMNS " FROM trails WHERE account = ?1 ORDER BY region, name", "t",
	                               account), arena, list);
}

bool trails_list_logging(struct catalog *catalog, struct arena *arena, struct trail_list *list, struct error *err)
{
	return read_list(catalog_query(catalog, err, "SELECT " COLUMNS " FROM trails WHERE is_logging = 1"
	                               " ORDER BY account, region, name", ""), arena, list);
}

bool trails_update(struct catalog *catalog, const struct trail *trail, struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE trails SET bucket = ?4, prefix = ?5, target = ?6, sns_name = ?7, sns_arn = ?8,"
	                   " log_group_arn = ?9, logs_role_arn = ?10, kms_key_arn = ?11, has_global_events = ?12,"
	                   " is_multi_region = ?13, has_validation = ?14, has_custom_selectors = ?15, selectors = ?16,"
	                   " insight_selectors = ?17, is_logging = ?18, started_ms = ?19, stopped_ms = ?20"
	                   " WHERE account = ?1 AND region = ?2 AND name = ?3",
	                   "tttttitttttiiiittiii", trail->account, trail->region, trail->name, trail->bucket, trail->prefix,
	                   (int64_t)trail->target, trail->sns_name, trail->sns_arn, trail->log_group_arn, trail->logs_role_arn,
	                   trail->kms_key_arn, (int64_t)trail->has_global_events, (int64_t)trail->is_multi_region,
	                   (int64_t)trail->has_validation, (int64_t)trail->has_custom_selectors, trail->selectors,
	                   trail->insight_selectors, (int64_t)trail->is_logging, trail->started_ms, trail->stopped_ms);
}

bool trails_delete(struct catalog *catalog, const struct trail *trail, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM trails WHERE account = ?1 AND region = ?2 AND name = ?3", "ttt",
	                   trail->account, trail->region, trail->name);
}
