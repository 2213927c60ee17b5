/* bucket/versions.c: rows. Which index a query uses is part of its text, because a plan that scans a key with a million
 * versions, or a bucket, would be a fault and not slow. */
#include "bucket/versions.h"

#include "bucket/buckets.h"
#include "bucket/dead_files.h"
#include "bucket/parts.h"
#include "store/catalog.h"

const char versions_table[] =
	"CREATE TABLE object_versions ("
	" account TEXT NOT NULL,"
	" bucket TEXT NOT NULL,"
	" key TEXT NOT NULL,"
	" position INTEGER NOT NULL,"
	" version_id TEXT NOT NULL,"
	" is_marker INTEGER NOT NULL,"
	" noncurrent_ms INTEGER,"                       /* NULL: the latest */
	" modified_ms INTEGER NOT NULL,"
	" bytes INTEGER NOT NULL,"
	" etag TEXT,"
	" storage_class TEXT,"
	" checksum_algorithm TEXT,"
	" checksum_type TEXT,"
	" checksum TEXT,"
	" file TEXT,"
	" sealed_key BLOB,"
	" parts_id TEXT,"
	" part_count INTEGER NOT NULL,"
	" headers TEXT,"
	" tags TEXT,"
	" lock_mode TEXT,"
	" retain_until_ms INTEGER NOT NULL,"
	" has_legal_hold INTEGER NOT NULL,"
	" PRIMARY KEY (account, bucket, key, position DESC)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX object_versions_listed ON object_versions (account, bucket, key)"
	" WHERE noncurrent_ms IS NULL AND is_marker = 0;"
	"CREATE INDEX object_versions_by_id ON object_versions (version_id) WHERE version_id <> 'null';"
	"CREATE INDEX object_versions_old_null ON object_versions (account, bucket, key)"
	" WHERE version_id = 'null' AND noncurrent_ms IS NOT NULL;"
	"CREATE INDEX object_versions_by_file ON object_versions (file) WHERE file IS NOT NULL;"
	"CREATE INDEX object_versions_by_parts ON object_versions (parts_id) WHERE parts_id IS NOT NULL";

#define SELECT_VERSIONS "SELECT " VERSIONS_COLUMNS " FROM object_versions v "

/* ---- ids ---- */

static const struct slice ALPHABET = S_INIT("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._");

struct slice versions_make_id(struct arena *arena, struct random *random)
{
	char *id = arena_alloc(arena, VERSION_ID_BYTES);

	random_text(random, ALPHABET, id, VERSION_ID_BYTES);
	return (struct slice){ id, VERSION_ID_BYTES };
}

bool versions_check_id(struct slice version_id, struct error *err)
{
	bool is_good = version_id.len == VERSION_ID_BYTES;

	for (size_t i = 0; is_good && i < version_id.len; i++)
		is_good = slice_find_byte(ALPHABET, version_id.ptr[i]) != SLICE_NPOS;
	return is_good || slice_equal(version_id, S("null"))
	    || fail_as(err, ERR_INVALID, "InvalidArgument", "Invalid version id specified");
}

/* ---- reading ---- */

void versions_read(struct rows *rows, struct arena *arena, struct version *version)
{
	*version = (struct version){
		.key = rows_text(rows, 0, arena),
		.version_id = rows_text(rows, 1, arena),
		.position = rows_i64(rows, 2),
		.is_marker = rows_i64(rows, 3) != 0,
		.is_latest = rows_is_null(rows, 4),
		.noncurrent_ms = rows_i64(rows, 4),
		.modified_ms = rows_i64(rows, 5),
		.content = {
			.bytes = rows_i64(rows, 6),
			.etag = rows_text(rows, 7, arena),
			.checksum_algorithm = rows_text(rows, 9, arena),
			.checksum_type = rows_text(rows, 10, arena),
			.checksum = rows_text(rows, 11, arena),
			.file = rows_text(rows, 12, arena),
			.sealed_key = rows_blob(rows, 13, arena),
			.parts_id = rows_text(rows, 14, arena),
			.part_count = rows_i64(rows, 15),
		},
		.attributes = {
			.storage_class = rows_text(rows, 8, arena),
			.headers = rows_text(rows, 16, arena),
			.tags = rows_text(rows, 17, arena),
			.lock_mode = rows_text(rows, 18, arena),
			.retain_until_ms = rows_i64(rows, 19),
			.has_legal_hold = rows_i64(rows, 20) != 0,
		},
	};
}

static const struct version *read_one(struct rows rows, struct arena *arena)
{
	struct version *version = NULL;

	if (rows_next(&rows)) {
		version = arena_new(arena, struct version);
		versions_read(&rows, arena, version);
	}
	return rows_close(&rows) ? version : NULL;
}

const struct version *versions_find_latest(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                           struct slice key, struct error *err)
{
	return read_one(catalog_query(catalog, err,
	                              SELECT_VERSIONS "WHERE v.account = ?1 AND v.bucket = ?2 AND v.key = ?3"
	                              " ORDER BY v.position DESC LIMIT 1", "ttt", bucket->account, bucket->name, key), arena);
}

/* The null version is the latest one, or one of few old ones, which have an index of their own. */
static const struct version *find_null(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                       struct slice key, struct error *err)
{
	const struct version *latest = versions_find_latest(catalog, arena, bucket, key, err);

	if (!latest || slice_equal(latest->version_id, S("null")))
		return latest;
	return read_one(catalog_query(catalog, err,
	                              "SELECT " VERSIONS_COLUMNS " FROM object_versions v INDEXED BY object_versions_old_null"
	                              " WHERE v.account = ?1 AND v.bucket = ?2 AND v.key = ?3 AND v.version_id = 'null'"
	                              " AND v.noncurrent_ms IS NOT NULL", "ttt", bucket->account, bucket->name, key), arena);
}

const struct version *versions_find(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                    struct slice key, struct slice version_id, struct error *err)
{
	if (slice_equal(version_id, S("null")))
		return find_null(catalog, arena, bucket, key, err);
	return read_one(catalog_query(catalog, err,
	                              "SELECT " VERSIONS_COLUMNS " FROM object_versions v INDEXED BY object_versions_by_id"
	                              " WHERE v.version_id = ?4 AND v.version_id <> 'null' AND v.account = ?1 AND v.bucket = ?2"
	                              " AND v.key = ?3", "tttt", bucket->account, bucket->name, key, version_id), arena);
}

const struct version *versions_find_by_parts(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                             struct slice key, struct slice parts_id, struct error *err)
{
	return read_one(catalog_query(catalog, err,
	                              "SELECT " VERSIONS_COLUMNS " FROM object_versions v INDEXED BY object_versions_by_parts"
	                              " WHERE v.parts_id = ?4 AND v.account = ?1 AND v.bucket = ?2 AND v.key = ?3", "tttt",
	                              bucket->account, bucket->name, key, parts_id), arena);
}

bool versions_any(struct catalog *catalog, const struct bucket *bucket, bool *is_any, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT 1 FROM object_versions WHERE account = ?1 AND bucket = ?2 LIMIT 1", "tt",
	                                 bucket->account, bucket->name);

	*is_any = rows_next(&rows);
	return rows_close(&rows);
}

/* ---- writing ---- */

/* The highest position of the key becomes that of an old version; *next is the one above it. */
static bool retire_latest(struct catalog *catalog, const struct bucket *bucket, const struct version *version,
                          int64_t *next, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT position FROM object_versions"
	                                 " WHERE account = ?1 AND bucket = ?2 AND key = ?3 ORDER BY position DESC LIMIT 1", "ttt",
	                                 bucket->account, bucket->name, version->key);
	int64_t latest = rows_next(&rows) ? rows_i64(&rows, 0) : 0;

	*next = latest + 1;
	if (!rows_close(&rows))
		return false;
	return latest == 0
	    || catalog_run(catalog, err,
	                   "UPDATE object_versions SET noncurrent_ms = ?5"
	                   " WHERE account = ?1 AND bucket = ?2 AND key = ?3 AND position = ?4", "tttii", bucket->account,
	                   bucket->name, version->key, latest, version->modified_ms);
}

bool versions_insert(struct catalog *catalog, const struct bucket *bucket, const struct version *version, struct error *err)
{
	const struct content *content = &version->content;
	const struct attributes *attributes = &version->attributes;
	int64_t position;

	return retire_latest(catalog, bucket, version, &position, err)
	    && catalog_run(catalog, err,
	                   "INSERT INTO object_versions (account, bucket, key, position, version_id, is_marker, modified_ms, bytes,"
	                   " etag, storage_class, checksum_algorithm, checksum_type, checksum, file, sealed_key, parts_id,"
	                   " part_count, headers, tags, lock_mode, retain_until_ms, has_legal_hold)"
	                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,"
	                   " ?21, ?22)",
	                   "tttitiiittttttbtitttii", bucket->account, bucket->name, version->key, position,
	                   version->version_id, (int64_t)version->is_marker, version->modified_ms, content->bytes,
	                   content->etag, attributes->storage_class, content->checksum_algorithm, content->checksum_type,
	                   content->checksum, content->file, content->sealed_key, content->parts_id, content->part_count,
	                   attributes->headers, attributes->tags, attributes->lock_mode, attributes->retain_until_ms,
	                   (int64_t)attributes->has_legal_hold);
}

static bool promote(struct catalog *catalog, const struct bucket *bucket, struct slice key, struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE object_versions SET noncurrent_ms = NULL"
	                   " WHERE account = ?1 AND bucket = ?2 AND key = ?3 AND position = (SELECT position FROM object_versions"
	                   " WHERE account = ?1 AND bucket = ?2 AND key = ?3 ORDER BY position DESC LIMIT 1)", "ttt",
	                   bucket->account, bucket->name, key);
}

bool versions_delete(struct catalog *catalog, const struct bucket *bucket, const struct version *version, int64_t now_ms,
                     struct error *err)
{
	const struct content *content = &version->content;

	return catalog_run(catalog, err,
	                   "DELETE FROM object_versions WHERE account = ?1 AND bucket = ?2 AND key = ?3 AND position = ?4", "ttti",
	                   bucket->account, bucket->name, version->key, version->position)
	    && (!version->is_latest || bucket->versioning == VERSIONING_NEVER || promote(catalog, bucket, version->key, err))
	    && dead_files_add(catalog, bucket->account, content->file, now_ms, err)
	    && (!content->parts_id.ptr || parts_delete_all(catalog, bucket, content->parts_id, now_ms, err));
}

bool versions_set_tags(struct catalog *catalog, const struct bucket *bucket, const struct version *version,
                       struct slice tags, struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE object_versions SET tags = ?5"
	                   " WHERE account = ?1 AND bucket = ?2 AND key = ?3 AND position = ?4", "tttit", bucket->account,
	                   bucket->name, version->key, version->position, tags);
}

bool versions_set_retention(struct catalog *catalog, const struct bucket *bucket, const struct version *version,
                            struct slice mode, int64_t retain_until_ms, struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE object_versions SET lock_mode = ?5, retain_until_ms = ?6"
	                   " WHERE account = ?1 AND bucket = ?2 AND key = ?3 AND position = ?4", "tttiti", bucket->account,
	                   bucket->name, version->key, version->position, mode, retain_until_ms);
}

bool versions_set_legal_hold(struct catalog *catalog, const struct bucket *bucket, const struct version *version,
                             bool has_legal_hold, struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE object_versions SET has_legal_hold = ?5"
	                   " WHERE account = ?1 AND bucket = ?2 AND key = ?3 AND position = ?4", "tttii", bucket->account,
	                   bucket->name, version->key, version->position, (int64_t)has_legal_hold);
}
