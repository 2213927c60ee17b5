/* trail/digest_chains.c: few statements; what two threads might do to a chain at once is told apart by its rows. */
#include "trail/digest_chains.h"

#include "store/catalog.h"
#include "trail/trail_files.h"

const char digest_chains_table[] =
	"CREATE TABLE digest_chains ("
	" account TEXT NOT NULL,"
	" trail_id INTEGER NOT NULL,"
	" region TEXT NOT NULL,"
	" start_ms INTEGER NOT NULL,"
	" is_first INTEGER NOT NULL,"
	" ended_ms INTEGER NOT NULL,"
	" end_seq INTEGER NOT NULL,"
	" close_ms INTEGER NOT NULL,"
	" retry_at_ms INTEGER NOT NULL,"
	" retry_count INTEGER NOT NULL,"
	" PRIMARY KEY (account, trail_id, region)"
	") STRICT, WITHOUT ROWID";

const char digest_heads_table[] =
	"CREATE TABLE digest_heads ("
	" account TEXT NOT NULL,"
	" trail_id INTEGER NOT NULL,"
	" region TEXT NOT NULL,"
	" bucket TEXT NOT NULL,"
	" key TEXT NOT NULL,"
	" hash TEXT NOT NULL,"
	" signature TEXT NOT NULL,"
	" end_ms INTEGER NOT NULL,"
	" PRIMARY KEY (account, trail_id, region)"
	") STRICT, WITHOUT ROWID";

enum { SECOND_MS = 1000, LIST_ROOM_MIN = 16 };

static bool begin(struct catalog *catalog, struct slice account, uint64_t trail_id, struct slice region, int64_t start_ms,
                  int64_t ended_ms, struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO digest_chains (account, trail_id, region, start_ms, is_first, ended_ms, end_seq,"
	                   " close_ms, retry_at_ms, retry_count) VALUES (?1, ?2, ?3, ?4, 1, ?5, 0, 0, 0, 0)"
	                   " ON CONFLICT (account, trail_id, region) DO UPDATE SET ended_ms = ?5, end_seq = 0, close_ms = 0",
	                   "titii", account, (int64_t)trail_id, region, start_ms, ended_ms);
}

/* Digests of a region lie under the second in which they end: a chain that begins in the second in which the one before it
 * ended begins a second later. */
static bool find_start(struct catalog *catalog, struct slice account, uint64_t trail_id, int64_t now_ms, int64_t *start_ms,
                       struct error *err)
{
	int64_t last_end_ms;

	if (!digest_chains_last_end(catalog, account, trail_id, &last_end_ms, err))
		return false;
	*start_ms = now_ms - now_ms % SECOND_MS;
	if (*start_ms <= last_end_ms)
		*start_ms = last_end_ms + SECOND_MS;
	return true;
}

/* Regions that had digests before a pause have them again at once: without a call there, nothing else would begin them. */
static bool begin_elsewhere(struct catalog *catalog, struct slice account, uint64_t trail_id, int64_t start_ms,
                            struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO digest_chains (account, trail_id, region, start_ms, is_first, ended_ms, end_seq,"
	                   " close_ms, retry_at_ms, retry_count) SELECT account, trail_id, region, ?3, 1, 0, 0, 0, 0, 0 FROM digest_heads"
	                   " WHERE account = ?1 AND trail_id = ?2 AND EXISTS (SELECT 1 FROM trails WHERE account = ?1"
	                   " AND trail_id = ?2 AND is_multi_region = 1) ON CONFLICT (account, trail_id, region) DO NOTHING",
	                   "tii", account, (int64_t)trail_id, start_ms);
}

bool digest_chains_begin(struct catalog *catalog, struct slice account, uint64_t trail_id, struct slice region,
                         int64_t now_ms, struct error *err)
{
	int64_t start_ms;

	return find_start(catalog, account, trail_id, now_ms, &start_ms, err)
	    && begin(catalog, account, trail_id, region, start_ms, 0, err)
	    && begin_elsewhere(catalog, account, trail_id, start_ms, err)
	    && catalog_run(catalog, err,
	                   "UPDATE digest_chains SET ended_ms = 0, end_seq = 0, close_ms = 0, retry_at_ms = 0"
	                   " WHERE account = ?1 AND trail_id = ?2",
	                   "ti", account, (int64_t)trail_id);
}

bool digest_chains_end(struct catalog *catalog, struct slice account, uint64_t trail_id, int64_t now_ms, struct error *err)
{
	return catalog_run(catalog, err, "UPDATE digest_chains SET retry_at_ms = 0 WHERE account = ?1 AND trail_id = ?2", "ti",
	                   account, (int64_t)trail_id)
	    && catalog_run(catalog, err,
	                   "UPDATE digest_chains SET ended_ms = ?3, end_seq = 0, close_ms = 0"
	                   " WHERE account = ?1 AND trail_id = ?2 AND ended_ms = 0",
	                   "tii", account, (int64_t)trail_id, now_ms);
}

bool digest_chains_end_elsewhere(struct catalog *catalog, struct slice account, uint64_t trail_id, struct slice home_region,
                                 int64_t now_ms, struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE digest_chains SET ended_ms = ?4, end_seq = 0, close_ms = 0, retry_at_ms = 0"
	                   " WHERE account = ?1 AND trail_id = ?2 AND region <> ?3 AND ended_ms = 0",
	                   "titi", account, (int64_t)trail_id, home_region, now_ms);
}

/* Any chain of the trail tells whether it is about to end. */
static bool find_sibling(struct catalog *catalog, const struct trail_file *file, bool *has_chain, bool *has_any,
                         int64_t *ended_ms, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT region = ?3, ended_ms FROM digest_chains"
	                                 " WHERE account = ?1 AND trail_id = ?2 ORDER BY region = ?3 DESC, ended_ms DESC LIMIT 1",
	                                 "tit", file->account, (int64_t)file->trail_id, file->region);

	*has_any = rows_next(&rows);
	if (*has_any) {
		*has_chain = rows_i64(&rows, 0) != 0;
		*ended_ms = rows_i64(&rows, 1);
	}
	return rows_close(&rows);
}

static bool has_left(struct catalog *catalog, const struct trail_file *file, bool *has_left, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT 1 FROM trails WHERE account = ?1 AND trail_id = ?2 AND is_multi_region = 0"
	                                 " AND region <> ?3",
	                                 "tit", file->account, (int64_t)file->trail_id, file->region);

	*has_left = rows_next(&rows);
	return rows_close(&rows);
}

static bool begin_with_file(struct catalog *catalog, const struct trail_file *file, int64_t ended_ms, struct error *err)
{
	bool is_over;
	int64_t start_ms;

	if (!has_left(catalog, file, &is_over, err)
	    || !find_start(catalog, file->account, file->trail_id, file->delivered_ms, &start_ms, err))
		return false;
	if (is_over && !ended_ms)
		ended_ms = file->delivered_ms;
	return begin(catalog, file->account, file->trail_id, file->region, start_ms, ended_ms, err);
}

bool digest_chains_list_file(struct catalog *catalog, const struct trail_file *file, struct error *err)
{
	bool has_chain = false, has_any = false;
	int64_t ended_ms = 0;

	if (!find_sibling(catalog, file, &has_chain, &has_any, &ended_ms, err))
		return false;
	return !has_any || (trail_files_insert(catalog, file, err)
	                    && (has_chain || begin_with_file(catalog, file, ended_ms, err)));
}

static struct digest_head read_head(struct rows *rows, int column, struct arena *arena)
{
	return (struct digest_head){
		.bucket = rows_text(rows, column, arena), .key = rows_text(rows, column + 1, arena),
		.hash = rows_text(rows, column + 2, arena), .signature = rows_text(rows, column + 3, arena),
		.end_ms = rows_i64(rows, column + 4),
	};
}

static struct digest_chain read_chain(struct rows *rows, struct arena *arena)
{
	return (struct digest_chain){
		.account = rows_text(rows, 0, arena), .trail_id = (uint64_t)rows_i64(rows, 1), .region = rows_text(rows, 2, arena),
		.start_ms = rows_i64(rows, 3), .is_first = rows_i64(rows, 4) != 0, .ended_ms = rows_i64(rows, 5),
		.end_seq = (uint64_t)rows_i64(rows, 6), .close_ms = rows_i64(rows, 7), .retry_at_ms = rows_i64(rows, 8),
		.retry_count = rows_i64(rows, 9), .head = read_head(rows, 10, arena),
	};
}

bool digest_chains_list(struct catalog *catalog, struct arena *arena, struct digest_chain_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT c.account, c.trail_id, c.region, c.start_ms, c.is_first, c.ended_ms, c.end_seq,"
	                                 " c.close_ms, c.retry_at_ms, c.retry_count, h.bucket, h.key, h.hash, h.signature, h.end_ms"
	                                 " FROM digest_chains c LEFT JOIN digest_heads h"
	                                 " ON h.account = c.account AND h.trail_id = c.trail_id AND h.region = c.region"
	                                 " ORDER BY c.account, c.trail_id, c.region", "");
	size_t room = 0;

	*list = (struct digest_chain_list){0};
	while (rows_next(&rows)) {
		if (list->count == room) {
			struct digest_chain *more = arena_array(arena, room ? 2 * room : LIST_ROOM_MIN, sizeof *more);
			if (room)
				memcpy(more, list->items, room * sizeof *more);
			list->items = more;
			room = room ? 2 * room : LIST_ROOM_MIN;
		}
		list->items[list->count++] = read_chain(&rows, arena);
	}
	return rows_close(&rows);
}

bool digest_chains_last_end(struct catalog *catalog, struct slice account, uint64_t trail_id, int64_t *end_ms,
                            struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT max(end_ms) FROM digest_heads WHERE account = ?1 AND trail_id = ?2", "ti",
	                                 account, (int64_t)trail_id);

	*end_ms = rows_next(&rows) ? rows_i64(&rows, 0) : 0;
	return rows_close(&rows);
}

bool digest_chains_any(struct catalog *catalog, struct slice account, uint64_t trail_id, bool *is_any, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT 1 FROM digest_chains WHERE account = ?1 AND trail_id = ?2 LIMIT 1", "ti",
	                                 account, (int64_t)trail_id);

	*is_any = rows_next(&rows);
	return rows_close(&rows);
}

bool digest_chains_is_ending(struct catalog *catalog, struct slice account, uint64_t trail_id, bool *is_ending,
                             struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT 1 FROM digest_chains WHERE account = ?1 AND trail_id = ?2 AND ended_ms > 0 LIMIT 1",
	                                 "ti", account, (int64_t)trail_id);

	*is_ending = rows_next(&rows);
	return rows_close(&rows);
}

bool digest_chains_head(struct catalog *catalog, struct arena *arena, struct slice account, uint64_t trail_id,
                        struct slice region, struct digest_head *head, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT bucket, key, hash, signature, end_ms FROM digest_heads"
	                                 " WHERE account = ?1 AND trail_id = ?2 AND region = ?3",
	                                 "tit", account, (int64_t)trail_id, region);

	*head = (struct digest_head){0};
	if (rows_next(&rows))
		*head = read_head(&rows, 0, arena);
	return rows_close(&rows);
}

bool digest_chains_list_heads(struct catalog *catalog, struct arena *arena, struct slice account, uint64_t trail_id,
                              struct digest_region_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT region, bucket, key, hash, signature, end_ms FROM digest_heads"
	                                 " WHERE account = ?1 AND trail_id = ?2 ORDER BY region", "ti", account, (int64_t)trail_id);
	size_t room = 0;

	*list = (struct digest_region_list){0};
	while (rows_next(&rows)) {
		if (list->count == room) {
			struct digest_region *more = arena_array(arena, room ? 2 * room : LIST_ROOM_MIN, sizeof *more);
			if (room)
				memcpy(more, list->items, room * sizeof *more);
			list->items = more;
			room = room ? 2 * room : LIST_ROOM_MIN;
		}
		list->items[list->count++] = (struct digest_region){ rows_text(&rows, 0, arena), read_head(&rows, 1, arena) };
	}
	return rows_close(&rows);
}

/* After a change that names the chain as it was read. */
static bool was_there(struct catalog *catalog, const struct digest_chain *chain, struct error *err)
{
	return catalog_changes(catalog) == 1
	    || fail(err, ERR_CONFLICT, "the chain of digests of trail %" PRIu64 " in %.*s is not as it was", chain->trail_id,
	            SLICE_ARG(chain->region));
}

bool digest_chains_advance(struct catalog *catalog, const struct digest_chain *chain, const struct digest_head *head,
                           bool is_last, struct error *err)
{
	bool ok = is_last
		? catalog_run(catalog, err,
		              "DELETE FROM digest_chains WHERE account = ?1 AND trail_id = ?2 AND region = ?3 AND start_ms = ?4"
		              " AND ended_ms = ?5",
		              "titii", chain->account, (int64_t)chain->trail_id, chain->region, chain->start_ms, chain->ended_ms)
		: catalog_run(catalog, err,
		              "UPDATE digest_chains SET start_ms = ?6, is_first = 0, retry_at_ms = 0, retry_count = 0"
		              " WHERE account = ?1 AND trail_id = ?2 AND region = ?3 AND start_ms = ?4 AND ended_ms = ?5",
		              "titiii", chain->account, (int64_t)chain->trail_id, chain->region, chain->start_ms, chain->ended_ms,
		              head->end_ms);
	return ok && was_there(catalog, chain, err)
	    && catalog_run(catalog, err,
	                   "INSERT OR REPLACE INTO digest_heads (account, trail_id, region, bucket, key, hash, signature, end_ms)"
	                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	                   "tittttti", chain->account, (int64_t)chain->trail_id, chain->region, head->bucket, head->key,
	                   head->hash, head->signature, head->end_ms);
}

bool digest_chains_set_end(struct catalog *catalog, const struct digest_chain *chain, uint64_t end_seq, int64_t close_ms,
                           struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE digest_chains SET end_seq = ?5, close_ms = ?6"
	                   " WHERE account = ?1 AND trail_id = ?2 AND region = ?3 AND ended_ms = ?4",
	                   "titiii", chain->account, (int64_t)chain->trail_id, chain->region, chain->ended_ms, (int64_t)end_seq,
	                   close_ms)
	    && was_there(catalog, chain, err);
}

bool digest_chains_fail(struct catalog *catalog, const struct digest_chain *chain, int64_t retry_at_ms, struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE digest_chains SET retry_at_ms = ?5, retry_count = retry_count + 1"
	                   " WHERE account = ?1 AND trail_id = ?2 AND region = ?3 AND ended_ms = ?4",
	                   "titii", chain->account, (int64_t)chain->trail_id, chain->region, chain->ended_ms, retry_at_ms)
	    && was_there(catalog, chain, err);
}

bool digest_chains_forget(struct catalog *catalog, const struct digest_chain *chain, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM digest_chains WHERE account = ?1 AND trail_id = ?2 AND region = ?3", "tit",
	                   chain->account, (int64_t)chain->trail_id, chain->region)
	    && catalog_run(catalog, err, "DELETE FROM digest_heads WHERE account = ?1 AND trail_id = ?2 AND region = ?3", "tit",
	                   chain->account, (int64_t)chain->trail_id, chain->region)
	    && catalog_run(catalog, err, "DELETE FROM trail_files WHERE account = ?1 AND trail_id = ?2 AND region = ?3", "tit",
	                   chain->account, (int64_t)chain->trail_id, chain->region);
}

bool digest_chains_begin_behind(struct catalog *catalog, const struct digest_chain *chain, struct slice home_region,
                                struct slice name, int64_t end_ms, struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE digest_chains SET start_ms = ?5 WHERE account = ?1 AND region = ?2 AND is_first = 1"
	                   " AND start_ms < ?5 AND trail_id IN (SELECT trail_id FROM trail_streams WHERE account = ?1"
	                   " AND region = ?3 AND name = ?4)",
	                   "tttti", chain->account, chain->region, home_region, name, end_ms + SECOND_MS);
}
