/* trail/trail_status.c: a row begins with the first try; each kind of try writes its own columns. */
#include "trail/trail_status.h"

#include "store/catalog.h"

const char trail_status_table[] =
	"CREATE TABLE trail_status ("
	" account TEXT NOT NULL,"
	" trail_id INTEGER NOT NULL,"
	" region TEXT NOT NULL,"
	" attempted_ms INTEGER NOT NULL,"
	" delivered_ms INTEGER NOT NULL,"
	" delivery_error TEXT,"
	" digested_ms INTEGER NOT NULL,"
	" digest_error TEXT,"
	" PRIMARY KEY (account, trail_id, region)"
	") STRICT, WITHOUT ROWID";

bool trail_status_find(struct catalog *catalog, struct arena *arena, const struct trail_status_key *key,
                       struct trail_status *status, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT attempted_ms, delivered_ms, delivery_error, digested_ms, digest_error"
	                                 " FROM trail_status WHERE account = ?1 AND trail_id = ?2 AND region = ?3",
	                                 "tit", key->account, (int64_t)key->trail_id, key->region);

	*status = (struct trail_status){0};
	if (rows_next(&rows))
		*status = (struct trail_status){
			.attempted_ms = rows_i64(&rows, 0), .delivered_ms = rows_i64(&rows, 1),
			.delivery_error = rows_text(&rows, 2, arena), .digested_ms = rows_i64(&rows, 3),
			.digest_error = rows_text(&rows, 4, arena),
		};
	return rows_close(&rows);
}

static bool begin_row(struct catalog *catalog, const struct trail_status_key *key, struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO trail_status (account, trail_id, region, attempted_ms, delivered_ms, delivery_error,"
	                   " digested_ms, digest_error) VALUES (?1, ?2, ?3, 0, 0, NULL, 0, NULL)"
	                   " ON CONFLICT (account, trail_id, region) DO NOTHING",
	                   "tit", key->account, (int64_t)key->trail_id, key->region);
}

bool trail_status_note_delivery(struct catalog *catalog, const struct trail_status_key *key, int64_t now_ms,
                                struct slice error, struct error *err)
{
	return begin_row(catalog, key, err)
	    && catalog_run(catalog, err,
	                   "UPDATE trail_status SET attempted_ms = ?4, delivery_error = ?5,"
	                   " delivered_ms = CASE WHEN ?5 IS NULL THEN ?4 ELSE delivered_ms END"
	                   " WHERE account = ?1 AND trail_id = ?2 AND region = ?3",
	                   "titit", key->account, (int64_t)key->trail_id, key->region, now_ms, error);
}

bool trail_status_note_digest(struct catalog *catalog, const struct trail_status_key *key, int64_t now_ms, struct slice error,
                              struct error *err)
{
	return begin_row(catalog, key, err)
	    && catalog_run(catalog, err,
	                   "UPDATE trail_status SET digest_error = ?5,"
	                   " digested_ms = CASE WHEN ?5 IS NULL THEN ?4 ELSE digested_ms END"
	                   " WHERE account = ?1 AND trail_id = ?2 AND region = ?3",
	                   "titit", key->account, (int64_t)key->trail_id, key->region, now_ms, error);
}

bool trail_status_delete_all(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM trail_status WHERE account = ?1 AND trail_id = ?2", "ti", account,
	                   (int64_t)trail_id);
}
