/* bucket/uploads.c: one statement a function. */
#include "bucket/uploads.h"

#include "bucket/buckets.h"
#include "bucket/parts.h"
#include "store/catalog.h"

const char uploads_table[] =
	"CREATE TABLE uploads ("
	" account TEXT NOT NULL,"
	" bucket TEXT NOT NULL,"
	" key TEXT NOT NULL,"
	" upload_id TEXT NOT NULL,"
	" started_ms INTEGER NOT NULL,"
	" initiator TEXT,"
	" checksum_algorithm TEXT,"
	" checksum_type TEXT,"
	" storage_class TEXT,"
	" headers TEXT,"
	" tags TEXT,"
	" lock_mode TEXT,"
	" retain_until_ms INTEGER NOT NULL,"
	" has_legal_hold INTEGER NOT NULL,"
	" PRIMARY KEY (account, bucket, key, upload_id)"
	") STRICT, WITHOUT ROWID";

enum { ID_TIME_DIGITS = 12 };                   /* 48 bits of milliseconds */

struct slice uploads_make_id(struct arena *arena, struct random *random, int64_t now_ms)
{
	struct slice tail = versions_make_id(arena, random);

	return arena_format(arena, "%0*" PRIx64 "%.*s", ID_TIME_DIGITS, (uint64_t)now_ms & 0xffffffffffff, SLICE_ARG(tail));
}

bool uploads_insert(struct catalog *catalog, const struct bucket *bucket, const struct upload *upload, struct error *err)
{
	const struct attributes *attributes = &upload->attributes;

	return catalog_run(catalog, err,
	                   "INSERT INTO uploads (account, bucket, key, upload_id, started_ms, initiator, checksum_algorithm,"
	                   " checksum_type, storage_class, headers, tags, lock_mode, retain_until_ms, has_legal_hold)"
	                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
	                   "ttttitttttttii", bucket->account, bucket->name, upload->key, upload->upload_id, upload->started_ms,
	                   upload->initiator, upload->checksum_algorithm, upload->checksum_type, attributes->storage_class,
	                   attributes->headers, attributes->tags, attributes->lock_mode, attributes->retain_until_ms,
	                   (int64_t)attributes->has_legal_hold);
}

void uploads_read(struct rows *rows, struct arena *arena, struct upload *upload)
{
	*upload = (struct upload){
		.key = rows_text(rows, 0, arena),
		.upload_id = rows_text(rows, 1, arena),
		.started_ms = rows_i64(rows, 2),
		.initiator = rows_text(rows, 3, arena),
		.checksum_algorithm = rows_text(rows, 4, arena),
		.checksum_type = rows_text(rows, 5, arena),
		.attributes = {
			.storage_class = rows_text(rows, 6, arena),
			.headers = rows_text(rows, 7, arena),
			.tags = rows_text(rows, 8, arena),
			.lock_mode = rows_text(rows, 9, arena),
			.retain_until_ms = rows_i64(rows, 10),
			.has_legal_hold = rows_i64(rows, 11) != 0,
		},
	};
}

const struct upload *uploads_get(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                 struct slice key, struct slice upload_id, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT " UPLOADS_COLUMNS " FROM uploads u"
	                                 " WHERE u.account = ?1 AND u.bucket = ?2 AND u.key = ?3 AND u.upload_id = ?4", "tttt",
	                                 bucket->account, bucket->name, key, upload_id);
	struct upload *upload = NULL;

	if (rows_next(&rows)) {
		upload = arena_new(arena, struct upload);
		uploads_read(&rows, arena, upload);
	}
	if (!rows_close(&rows))
		return NULL;
	if (!upload)
		fail_as(err, ERR_NOT_FOUND, "NoSuchUpload",
		        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
		        "completed.");
	return upload;
}

bool uploads_delete(struct catalog *catalog, const struct bucket *bucket, struct slice key, struct slice upload_id,
                    struct error *err)
{
	return catalog_run(catalog, err,
	                   "DELETE FROM uploads WHERE account = ?1 AND bucket = ?2 AND key = ?3 AND upload_id = ?4", "tttt",
	                   bucket->account, bucket->name, key, upload_id);
}

static struct slice any_upload(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                               struct slice *key, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT key, upload_id FROM uploads WHERE account = ?1 AND bucket = ?2 LIMIT 1", "tt",
	                                 bucket->account, bucket->name);
	struct slice upload_id = SLICE_NONE;

	if (rows_next(&rows)) {
		*key = rows_text(&rows, 0, arena);
		upload_id = rows_text(&rows, 1, arena);
	}
	return rows_close(&rows) ? upload_id : SLICE_NONE;
}

bool uploads_delete_all(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, int64_t now_ms,
                        struct error *err)
{
	struct slice key = SLICE_NONE, upload_id;
	struct error failure = { 0 };

	while ((upload_id = any_upload(catalog, arena, bucket, &key, &failure)).ptr)
		if (!parts_delete_all(catalog, bucket, upload_id, now_ms, err)
		    || !uploads_delete(catalog, bucket, key, upload_id, err))
			return false;
	if (failure.kind != ERR_NONE)
		*err = failure;
	return failure.kind == ERR_NONE;
}
