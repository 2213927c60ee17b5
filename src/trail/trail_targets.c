/* trail/trail_targets.c: one statement a function. */
#include "trail/trail_targets.h"

#include "store/catalog.h"

const char trail_targets_table[] =
	"CREATE TABLE trail_targets ("
	" account TEXT NOT NULL,"
	" trail_id INTEGER NOT NULL,"
	" number INTEGER NOT NULL,"
	" bucket TEXT NOT NULL,"
	" prefix TEXT,"
	" PRIMARY KEY (account, trail_id, number)"
	") STRICT, WITHOUT ROWID";

bool trail_targets_insert(struct catalog *catalog, const struct trail_target *target, struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO trail_targets (account, trail_id, number, bucket, prefix) VALUES (?1, ?2, ?3, ?4, ?5)",
	                   "tiitt", target->account, (int64_t)target->trail_id, (int64_t)target->number, target->bucket,
	                   target->prefix);
}

bool trail_targets_add(struct catalog *catalog, const struct trail *trail, struct error *err)
{
	return trail_targets_insert(catalog, &(struct trail_target){
		.account = trail->account, .trail_id = trail->trail_id, .number = trail->target, .bucket = trail->bucket,
		.prefix = trail->prefix,
	}, err);
}

static const struct trail_target *read_target(struct rows *rows, struct arena *arena, struct slice account,
                                              uint64_t trail_id)
{
	struct trail_target *target = NULL;

	if (rows_next(rows)) {
		target = arena_new(arena, struct trail_target);
		*target = (struct trail_target){
			.account = arena_copy(arena, account), .trail_id = trail_id, .number = (uint32_t)rows_i64(rows, 0),
			.bucket = rows_text(rows, 1, arena), .prefix = rows_text(rows, 2, arena),
		};
	}
	return rows_close(rows) ? target : NULL;
}

const struct trail_target *trail_targets_find(struct catalog *catalog, struct arena *arena, struct slice account,
                                              uint64_t trail_id, uint32_t number, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT number, bucket, prefix FROM trail_targets"
	                                 " WHERE account = ?1 AND trail_id = ?2 AND number = ?3",
	                                 "tii", account, (int64_t)trail_id, (int64_t)number);

	return read_target(&rows, arena, account, trail_id);
}

const struct trail_target *trail_targets_newest(struct catalog *catalog, struct arena *arena, struct slice account,
                                                uint64_t trail_id, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT number, bucket, prefix FROM trail_targets"
	                                 " WHERE account = ?1 AND trail_id = ?2 ORDER BY number DESC LIMIT 1",
	                                 "ti", account, (int64_t)trail_id);

	return read_target(&rows, arena, account, trail_id);
}

bool trail_targets_delete_all(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM trail_targets WHERE account = ?1 AND trail_id = ?2", "ti", account,
	                   (int64_t)trail_id);
}
