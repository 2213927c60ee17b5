/* bucket/documents.c: one statement a function. */
#include "bucket/documents.h"

#include "bucket/buckets.h"
#include "store/catalog.h"

const char documents_table[] =
	"CREATE TABLE bucket_documents ("
	" account TEXT NOT NULL,"
	" bucket TEXT NOT NULL,"
	" kind INTEGER NOT NULL,"
	" text TEXT NOT NULL,"
	" modified_ms INTEGER NOT NULL,"
	" PRIMARY KEY (account, bucket, kind)"
	") STRICT, WITHOUT ROWID";

bool documents_put(struct catalog *catalog, const struct bucket *bucket, enum document_kind kind, struct slice text,
                   int64_t now_ms, struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO bucket_documents (account, bucket, kind, text, modified_ms) VALUES (?1, ?2, ?3, ?4, ?5)"
	                   " ON CONFLICT (account, bucket, kind) DO UPDATE SET text = excluded.text,"
	                   " modified_ms = excluded.modified_ms", "ttiti", bucket->account, bucket->name, (int64_t)kind, text,
	                   now_ms);
}

bool documents_find(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, enum document_kind kind,
                    struct document *document, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT text, modified_ms FROM bucket_documents"
	                                 " WHERE account = ?1 AND bucket = ?2 AND kind = ?3", "tti", bucket->account,
	                                 bucket->name, (int64_t)kind);

	*document = (struct document){ 0 };
	if (rows_next(&rows))
		*document = (struct document){ rows_text(&rows, 0, arena), rows_i64(&rows, 1) };
	return rows_close(&rows);
}

bool documents_delete(struct catalog *catalog, const struct bucket *bucket, enum document_kind kind, bool *was_there,
                      struct error *err)
{
	if (!catalog_run(catalog, err, "DELETE FROM bucket_documents WHERE account = ?1 AND bucket = ?2 AND kind = ?3", "tti",
	                 bucket->account, bucket->name, (int64_t)kind))
		return false;
	if (was_there)
		*was_there = catalog_changes(catalog) != 0;
	return true;
}

bool documents_delete_all(struct catalog *catalog, const struct bucket *bucket, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM bucket_documents WHERE account = ?1 AND bucket = ?2", "tt",
	                   bucket->account, bucket->name);
}
