/* trail/trail_streams.c: one statement a function. */
#include "trail/trail_streams.h"

#include "store/catalog.h"

const char trail_streams_table[] =
	"CREATE TABLE trail_streams ("
	" account TEXT NOT NULL,"
	" trail_id INTEGER NOT NULL,"
	" region TEXT NOT NULL,"
	" name TEXT NOT NULL,"
	" cursor_seq INTEGER NOT NULL,"
	" is_ended INTEGER NOT NULL,"
	" retry_at_ms INTEGER NOT NULL,"
	" retry_count INTEGER NOT NULL,"
	" PRIMARY KEY (account, trail_id)"
	") STRICT, WITHOUT ROWID";

/* whose it is, and whether it ended, is in the row of the trail's own stream */
const char region_streams_table[] =
	"CREATE TABLE region_streams ("
	" account TEXT NOT NULL,"
	" trail_id INTEGER NOT NULL,"
	" region TEXT NOT NULL,"
	" cursor_seq INTEGER NOT NULL,"
	" retry_at_ms INTEGER NOT NULL,"
	" retry_count INTEGER NOT NULL,"
	" PRIMARY KEY (account, trail_id, region)"
	") STRICT, WITHOUT ROWID";

enum { BACKOFF_MS_MIN = 60000, BACKOFF_MS_MAX = 3600000, LIST_ROOM_MIN = 16 };

bool trail_streams_begin(struct catalog *catalog, const struct trail_stream *stream, struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO trail_streams (account, trail_id, region, name, cursor_seq, is_ended, retry_at_ms, retry_count)"
	                   " VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0) ON CONFLICT (account, trail_id) DO NOTHING",
	                   "titti", stream->account, (int64_t)stream->trail_id, stream->region, stream->name,
	                   (int64_t)stream->cursor_seq);
}

static void read_stream(struct rows *rows, struct arena *arena, struct trail_stream *stream)
{
	*stream = (struct trail_stream){
		.account = rows_text(rows, 0, arena), .trail_id = (uint64_t)rows_i64(rows, 1), .region = rows_text(rows, 2, arena),
		.name = rows_text(rows, 3, arena), .cursor_seq = (uint64_t)rows_i64(rows, 4), .is_ended = rows_i64(rows, 5) != 0,
		.retry_at_ms = rows_i64(rows, 6), .retry_count = rows_i64(rows, 7), .only_region = rows_text(rows, 8, arena),
		.apart = rows_text(rows, 9, arena),
	};
}

bool trail_streams_takes(const struct trail_stream *stream, struct slice region)
{
	struct slice rest = stream->apart, one;

	if (stream->only_region.ptr)
		return slice_equal(stream->only_region, region);
	while (rest.len > 0) {
		rest = slice_cut(rest, ',', &one);
		if (slice_equal(one, region))
			return false;
	}
	return true;
}

bool trail_streams_list(struct catalog *catalog, struct arena *arena, struct trail_stream_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT account, trail_id, region, name, cursor_seq, is_ended, retry_at_ms, retry_count,"
	                                 " NULL AS only_region,"
	                                 " (SELECT group_concat(p.region) FROM region_streams p WHERE p.account = s.account"
	                                 "  AND p.trail_id = s.trail_id)"
	                                 " FROM trail_streams s UNION ALL"
	                                 " SELECT p.account, p.trail_id, s.region, s.name, p.cursor_seq, s.is_ended, p.retry_at_ms,"
	                                 " p.retry_count, p.region, NULL FROM region_streams p JOIN trail_streams s"
	                                 " ON s.account = p.account AND s.trail_id = p.trail_id"
	                                 " ORDER BY 1, 2, only_region", "");
	size_t room = 0;

	*list = (struct trail_stream_list){ 0 };
	while (rows_next(&rows)) {
		if (list->count == room) {
			struct trail_stream *more = arena_array(arena, room ? 2 * room : LIST_ROOM_MIN, sizeof *more);
			if (room)
				memcpy(more, list->items, room * sizeof *more);
			list->items = more;
			room = room ? 2 * room : LIST_ROOM_MIN;
		}
		read_stream(&rows, arena, &list->items[list->count++]);
	}
	return rows_close(&rows);
}

static bool set_cursor(struct catalog *catalog, const struct trail_stream *stream, uint64_t from_seq, uint64_t to_seq,
                       struct error *err)
{
	if (stream->only_region.ptr)
		return catalog_run(catalog, err,
		                   "UPDATE region_streams SET cursor_seq = ?5, retry_at_ms = 0, retry_count = 0"
		                   " WHERE account = ?1 AND trail_id = ?2 AND region = ?3 AND cursor_seq = ?4",
		                   "titii", stream->account, (int64_t)stream->trail_id, stream->only_region, (int64_t)from_seq,
		                   (int64_t)to_seq);
	return catalog_run(catalog, err,
	                   "UPDATE trail_streams SET cursor_seq = ?4, retry_at_ms = 0, retry_count = 0"
	                   " WHERE account = ?1 AND trail_id = ?2 AND cursor_seq = ?3",
	                   "tiii", stream->account, (int64_t)stream->trail_id, (int64_t)from_seq, (int64_t)to_seq);
}

bool trail_streams_move(struct catalog *catalog, const struct trail_stream *stream, uint64_t from_seq, uint64_t to_seq,
                        struct error *err)
{
	if (!set_cursor(catalog, stream, from_seq, to_seq, err))
		return false;
	return catalog_changes(catalog) == 1
	    || fail(err, ERR_CONFLICT, "the stream of trail %.*s is not at sequence %" PRIu64, SLICE_ARG(stream->name), from_seq);
}

bool trail_streams_fail(struct catalog *catalog, const struct trail_stream *stream, int64_t retry_at_ms, struct error *err)
{
	if (stream->only_region.ptr)
		return catalog_run(catalog, err,
		                   "UPDATE region_streams SET retry_at_ms = ?4, retry_count = retry_count + 1"
		                   " WHERE account = ?1 AND trail_id = ?2 AND region = ?3",
		                   "titi", stream->account, (int64_t)stream->trail_id, stream->only_region, retry_at_ms);
	return catalog_run(catalog, err,
	                   "UPDATE trail_streams SET retry_at_ms = ?3, retry_count = retry_count + 1"
	                   " WHERE account = ?1 AND trail_id = ?2",
	                   "tii", stream->account, (int64_t)stream->trail_id, retry_at_ms);
}

bool trail_streams_part(struct catalog *catalog, const struct trail_stream *stream, struct slice region, int64_t retry_at_ms,
                        struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO region_streams (account, trail_id, region, cursor_seq, retry_at_ms, retry_count)"
	                   " VALUES (?1, ?2, ?3, ?4, ?5, 1)",
	                   "titii", stream->account, (int64_t)stream->trail_id, region, (int64_t)stream->cursor_seq, retry_at_ms);
}

bool trail_streams_give_up(struct catalog *catalog, const struct trail_stream *stream, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM region_streams WHERE account = ?1 AND trail_id = ?2 AND region = ?3", "tit",
	                   stream->account, (int64_t)stream->trail_id, stream->only_region);
}

bool trail_streams_retry(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err)
{
	return catalog_run(catalog, err, "UPDATE trail_streams SET retry_at_ms = 0 WHERE account = ?1 AND trail_id = ?2", "ti",
	                   account, (int64_t)trail_id)
	    && catalog_run(catalog, err, "UPDATE region_streams SET retry_at_ms = 0 WHERE account = ?1 AND trail_id = ?2", "ti",
	                   account, (int64_t)trail_id);
}

bool trail_streams_end(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err)
{
	return catalog_run(catalog, err, "UPDATE trail_streams SET is_ended = 1 WHERE account = ?1 AND trail_id = ?2", "ti",
	                   account, (int64_t)trail_id);
}

bool trail_streams_delete(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM trail_streams WHERE account = ?1 AND trail_id = ?2", "ti", account,
	                   (int64_t)trail_id)
	    && catalog_run(catalog, err, "DELETE FROM region_streams WHERE account = ?1 AND trail_id = ?2", "ti", account,
	                   (int64_t)trail_id);
}

int64_t trail_streams_backoff_ms(int64_t retry_count)
{
	int64_t wait_ms = BACKOFF_MS_MIN;

	for (int64_t i = 1; i < retry_count && wait_ms < BACKOFF_MS_MAX; i++)
		wait_ms *= 2;
	return wait_ms < BACKOFF_MS_MAX ? wait_ms : BACKOFF_MS_MAX;
}
