/* trail/trail_files.c: one statement a function; the key is in the order of digests. */
#include "trail/trail_files.h"

#include "store/catalog.h"

const char trail_files_table[] =
	"CREATE TABLE trail_files ("
	" account TEXT NOT NULL,"
	" trail_id INTEGER NOT NULL,"
	" region TEXT NOT NULL,"
	" delivered_ms INTEGER NOT NULL,"
	" bucket TEXT NOT NULL,"
	" key TEXT NOT NULL,"
	" hash TEXT NOT NULL,"
	" oldest_ms INTEGER NOT NULL,"
	" newest_ms INTEGER NOT NULL,"
	" PRIMARY KEY (account, trail_id, region, delivered_ms, bucket, key)"
	") STRICT, WITHOUT ROWID";

bool trail_files_insert(struct catalog *catalog, const struct trail_file *file, struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO trail_files (account, trail_id, region, delivered_ms, bucket, key, hash, oldest_ms,"
	                   " newest_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	                   "tititttii", file->account, (int64_t)file->trail_id, file->region, file->delivered_ms, file->bucket,
	                   file->key, file->hash, file->oldest_ms, file->newest_ms);
}

bool trail_files_list(struct catalog *catalog, struct arena *arena, struct slice account, uint64_t trail_id,
                      struct slice region, int64_t before_ms, struct trail_file_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT delivered_ms, bucket, key, hash, oldest_ms, newest_ms FROM trail_files"
	                                 " WHERE account = ?1 AND trail_id = ?2 AND region = ?3 AND delivered_ms < ?4"
	                                 " ORDER BY delivered_ms, bucket, key",
	                                 "titi", account, (int64_t)trail_id, region, before_ms);
	size_t room = 0;

	*list = (struct trail_file_list){0};
	while (rows_next(&rows)) {
		if (list->count == room) {
			struct trail_file *more = arena_array(arena, room ? 2 * room : 16, sizeof *more);
			if (room)
				memcpy(more, list->items, room * sizeof *more);
			list->items = more;
			room = room ? 2 * room : 16;
		}
		list->items[list->count++] = (struct trail_file){
			.account = account, .trail_id = trail_id, .region = region, .delivered_ms = rows_i64(&rows, 0),
			.bucket = rows_text(&rows, 1, arena), .key = rows_text(&rows, 2, arena), .hash = rows_text(&rows, 3, arena),
			.oldest_ms = rows_i64(&rows, 4), .newest_ms = rows_i64(&rows, 5),
		};
	}
	return rows_close(&rows);
}

bool trail_files_newest(struct catalog *catalog, struct slice account, uint64_t trail_id, struct slice region,
                        int64_t *newest_ms, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT max(delivered_ms) FROM trail_files"
	                                 " WHERE account = ?1 AND trail_id = ?2 AND region = ?3",
	                                 "tit", account, (int64_t)trail_id, region);

	*newest_ms = rows_next(&rows) ? rows_i64(&rows, 0) : 0;
	return rows_close(&rows);
}

bool trail_files_delete(struct catalog *catalog, struct slice account, uint64_t trail_id, struct slice region,
                        int64_t before_ms, struct error *err)
{
	return catalog_run(catalog, err,
	                   "DELETE FROM trail_files WHERE account = ?1 AND trail_id = ?2 AND region = ?3 AND delivered_ms < ?4",
	                   "titi", account, (int64_t)trail_id, region, before_ms);
}
