/* bucket/parts.c: rows keyed by the upload. The account of a shared copy may be another one, therefore it is in the key. */
#include "bucket/parts.h"

#include "auth/page.h"
#include "bucket/buckets.h"
#include "bucket/dead_files.h"
#include "store/catalog.h"

const char parts_table[] =
	"CREATE TABLE parts ("
	" account TEXT NOT NULL,"
	" parts_id TEXT NOT NULL,"
	" number INTEGER NOT NULL,"
	" bytes INTEGER NOT NULL,"
	" modified_ms INTEGER NOT NULL,"
	" etag TEXT NOT NULL,"
	" file TEXT,"
	" sealed_key BLOB,"
	" checksum_algorithm TEXT,"
	" checksum TEXT,"
	" PRIMARY KEY (account, parts_id, number)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX parts_by_file ON parts (file) WHERE file IS NOT NULL";

static struct slice file_of(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                            struct slice parts_id, int64_t number, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT file FROM parts WHERE account = ?1 AND parts_id = ?2 AND number = ?3", "tti",
	                                 bucket->account, parts_id, number);
	struct slice file = rows_next(&rows) ? rows_text(&rows, 0, arena) : SLICE_NONE;

	return rows_close(&rows) ? file : SLICE_NONE;
}

bool parts_put(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, struct slice parts_id,
               const struct part *part, int64_t now_ms, struct error *err)
{
	struct error failure = { 0 };
	struct slice replaced = file_of(catalog, arena, bucket, parts_id, part->number, &failure);

	if (failure.kind != ERR_NONE) {
		*err = failure;
		return false;
	}
	return catalog_run(catalog, err,
	                   "INSERT INTO parts (account, parts_id, number, bytes, modified_ms, etag, file, sealed_key,"
	                   " checksum_algorithm, checksum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
	                   " ON CONFLICT (account, parts_id, number) DO UPDATE SET bytes = excluded.bytes,"
	                   " modified_ms = excluded.modified_ms, etag = excluded.etag, file = excluded.file,"
	                   " sealed_key = excluded.sealed_key, checksum_algorithm = excluded.checksum_algorithm,"
	                   " checksum = excluded.checksum",
	                   "ttiiittbtt", bucket->account, parts_id, part->number, part->bytes, now_ms, part->etag, part->file,
	                   part->sealed_key, part->checksum_algorithm, part->checksum)
	    && dead_files_add(catalog, bucket->account, replaced, now_ms, err);
}

static void read_part(struct rows *rows, struct arena *arena, struct part *part)
{
	*part = (struct part){
		.number = rows_i64(rows, 0),
		.bytes = rows_i64(rows, 1),
		.modified_ms = rows_i64(rows, 2),
		.etag = rows_text(rows, 3, arena),
		.file = rows_text(rows, 4, arena),
		.sealed_key = rows_blob(rows, 5, arena),
		.checksum_algorithm = rows_text(rows, 6, arena),
		.checksum = rows_text(rows, 7, arena),
	};
}

bool parts_list(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, struct slice parts_id,
                int64_t after, size_t limit, struct part_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT number, bytes, modified_ms, etag, file, sealed_key, checksum_algorithm, checksum"
	                                 " FROM parts WHERE account = ?1 AND parts_id = ?2 AND number > ?3"
	                                 " ORDER BY number LIMIT ?4", "ttii", bucket->account, parts_id, after,
	                                 (int64_t)limit + 1);

	*list = (struct part_list){ 0 };
	while (rows_next(&rows)) {
		if (list->count == limit) {
			list->is_truncated = true;
			break;
		}
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		read_part(&rows, arena, &list->items[list->count++]);
	}
	return rows_close(&rows);
}

bool parts_delete(struct catalog *catalog, const struct bucket *bucket, struct slice parts_id, const struct part *part,
                  int64_t now_ms, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM parts WHERE account = ?1 AND parts_id = ?2 AND number = ?3", "tti",
	                   bucket->account, parts_id, part->number)
	    && dead_files_add(catalog, bucket->account, part->file, now_ms, err);
}

/* In two statements whatever their number: what nobody else names dies, then all go. */
bool parts_delete_all(struct catalog *catalog, const struct bucket *bucket, struct slice parts_id, int64_t now_ms,
                      struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO dead_files (account, file, died_ms) SELECT p.account, p.file, ?3 FROM parts p"
	                   " WHERE p.account = ?1 AND p.parts_id = ?2 AND p.file IS NOT NULL"
	                   " AND NOT EXISTS (SELECT 1 FROM object_versions v WHERE v.file = p.file)"
	                   " AND NOT EXISTS (SELECT 1 FROM parts o WHERE o.file = p.file"
	                   " AND NOT (o.account = p.account AND o.parts_id = p.parts_id)) ON CONFLICT DO NOTHING",
	                   "tti", bucket->account, parts_id, now_ms)
	    && catalog_run(catalog, err, "DELETE FROM parts WHERE account = ?1 AND parts_id = ?2", "tt", bucket->account,
	                   parts_id);
}

bool parts_share(struct catalog *catalog, const struct bucket *from, struct slice from_id, const struct bucket *to,
                 struct slice to_id, struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO parts (account, parts_id, number, bytes, modified_ms, etag, file, sealed_key,"
	                   " checksum_algorithm, checksum) SELECT ?3, ?4, number, bytes, modified_ms, etag, file, sealed_key,"
	                   " checksum_algorithm, checksum FROM parts WHERE account = ?1 AND parts_id = ?2", "tttt",
	                   from->account, from_id, to->account, to_id);
}
