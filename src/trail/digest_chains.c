/* trail/digest_chains.c: one statement a function. */
#include "trail/digest_chains.h"

#include "store/catalog.h"

const char digest_chains_table[] =
	"CREATE TABLE digest_chains ("
	" account TEXT NOT NULL,"
	" trail_id INTEGER NOT NULL,"
	" region TEXT NOT NULL,"
	" start_ms INTEGER NOT NULL,"
	" is_ending INTEGER NOT NULL,"
	" previous_bucket TEXT,"
	" previous_key TEXT,"
	" previous_hash TEXT,"
	" previous_signature TEXT,"
	" PRIMARY KEY (account, trail_id, region)"
	") STRICT, WITHOUT ROWID";

bool digest_chains_begin(struct catalog *catalog, const struct digest_chain *chain, struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO digest_chains (account, trail_id, region, start_ms, is_ending) VALUES (?1, ?2, ?3, ?4, 0)"
	                   " ON CONFLICT (account, trail_id, region) DO UPDATE SET is_ending = 0",
	                   "titi", chain->account, (int64_t)chain->trail_id, chain->region, chain->start_ms);
}

static bool read_all(struct rows *rows, struct arena *arena, struct digest_chain_list *list)
{
	size_t room = 0;

	*list = (struct digest_chain_list){0};
	while (rows_next(rows)) {
		if (list->count == room) {
			struct digest_chain *more = arena_array(arena, room ? 2 * room : 16, sizeof *more);
			if (room)
				memcpy(more, list->items, room * sizeof *more);
			list->items = more;
			room = room ? 2 * room : 16;
		}
		list->items[list->count++] = (struct digest_chain){
			.account = rows_text(rows, 0, arena), .trail_id = (uint64_t)rows_i64(rows, 1),
			.region = rows_text(rows, 2, arena), .start_ms = rows_i64(rows, 3), .is_ending = rows_i64(rows, 4) != 0,
			.previous_bucket = rows_text(rows, 5, arena), .previous_key = rows_text(rows, 6, arena),
			.previous_hash = rows_text(rows, 7, arena), .previous_signature = rows_text(rows, 8, arena),
		};
	}
	return rows_close(rows);
}

bool digest_chains_list(struct catalog *catalog, struct arena *arena, struct slice account, uint64_t trail_id,
                        struct digest_chain_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT account, trail_id, region, start_ms, is_ending, previous_bucket, previous_key,"
	                                 " previous_hash, previous_signature FROM digest_chains"
	                                 " WHERE account = ?1 AND trail_id = ?2 ORDER BY region",
	                                 "ti", account, (int64_t)trail_id);

	return read_all(&rows, arena, list);
}

bool digest_chains_list_due(struct catalog *catalog, struct arena *arena, int64_t start_ms, struct digest_chain_list *list,
                            struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT account, trail_id, region, start_ms, is_ending, previous_bucket, previous_key,"
	                                 " previous_hash, previous_signature FROM digest_chains"
	                                 " WHERE start_ms <= ?1 OR is_ending = 1 ORDER BY account, trail_id, region",
	                                 "i", start_ms);

	return read_all(&rows, arena, list);
}

bool digest_chains_end(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err)
{
	return catalog_run(catalog, err, "UPDATE digest_chains SET is_ending = 1 WHERE account = ?1 AND trail_id = ?2", "ti",
	                   account, (int64_t)trail_id);
}

bool digest_chains_advance(struct catalog *catalog, const struct digest_chain *next, int64_t from_ms, struct error *err)
{
	if (!catalog_run(catalog, err,
	                 "UPDATE digest_chains SET start_ms = ?5, previous_bucket = ?6, previous_key = ?7, previous_hash = ?8,"
	                 " previous_signature = ?9 WHERE account = ?1 AND trail_id = ?2 AND region = ?3 AND start_ms = ?4",
	                 "titiitttt", next->account, (int64_t)next->trail_id, next->region, from_ms, next->start_ms,
	                 next->previous_bucket, next->previous_key, next->previous_hash, next->previous_signature))
		return false;
	return catalog_changes(catalog) == 1
	    || fail(err, ERR_CONFLICT, "no chain of digests has a window that begins at %" PRId64, from_ms);
}

bool digest_chains_delete(struct catalog *catalog, const struct digest_chain *chain, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM digest_chains WHERE account = ?1 AND trail_id = ?2 AND region = ?3", "tit",
	                   chain->account, (int64_t)chain->trail_id, chain->region);
}
