/* bucket/buckets.c: one statement a function; the quota of buckets is counted in auth/quotas.h. */
#include "bucket/buckets.h"

#include "auth/page.h"
#include "auth/quotas.h"
#include "bucket/documents.h"
#include "bucket/uploads.h"
#include "bucket/versions.h"
#include "store/catalog.h"

const char buckets_table[] =
	"CREATE TABLE buckets ("
	" account TEXT NOT NULL,"
	" name TEXT NOT NULL,"
	" region TEXT NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" versioning INTEGER NOT NULL,"
	" has_mfa_delete INTEGER NOT NULL,"
	" has_object_lock INTEGER NOT NULL,"
	" retention_mode TEXT,"
	" retention_days INTEGER NOT NULL,"
	" retention_years INTEGER NOT NULL,"
	" ownership INTEGER NOT NULL,"
	" public_access_block INTEGER NOT NULL,"
	" has_policy INTEGER NOT NULL,"
	" has_public_policy INTEGER NOT NULL,"
	" PRIMARY KEY (account, name)"
	") STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX buckets_by_name ON buckets (name)";

#define FROM_BUCKETS \
	"SELECT account, name, region, created_ms, versioning, has_mfa_delete, has_object_lock, ownership," \
	" public_access_block, has_policy, has_public_policy, retention_mode, retention_days, retention_years FROM buckets "

/* ---- names ---- */

enum { NAME_BYTES_MIN = 3, NAME_BYTES_MAX = 63 };

static bool is_lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Four groups of digits, whatever their values. */
static bool is_like_ipv4(struct slice name)
{
	size_t dots = 0;

	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] == '.')
			dots++;
		else if (name.ptr[i] < '0' || name.ptr[i] > '9')
			return false;
	}
	return dots == 3;
}

static bool is_reserved(struct slice name)
{
	static const struct slice prefixes[] = { S_INIT("xn--"), S_INIT("sthree-"), S_INIT("amzn-s3-demo-") };
	static const struct slice suffixes[] = {
		S_INIT("-s3alias"), S_INIT("--ol-s3"), S_INIT(".mrap"), S_INIT("--x-s3"), S_INIT("--table-s3"),
	};

	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (slice_has_prefix(name, prefixes[i]))
			return true;
	for (size_t i = 0; i < COUNT(suffixes); i++)
		if (slice_has_suffix(name, suffixes[i]))
			return true;
	return false;
}

bool buckets_check_name(struct slice name, struct error *err)
{
	bool is_good = name.len >= NAME_BYTES_MIN && name.len <= NAME_BYTES_MAX && is_lower_or_digit(name.ptr[0])
	            && is_lower_or_digit(name.ptr[name.len - 1]);

	for (size_t i = 0; is_good && i < name.len; i++) {
		char c = name.ptr[i];
		is_good = is_lower_or_digit(c) || c == '-' || (c == '.' && name.ptr[i - 1] != '.');
	}
	return (is_good && !is_like_ipv4(name) && !is_reserved(name))
	    || fail_as(err, ERR_INVALID, "InvalidBucketName", "The specified bucket is not valid.");
}

/* ---- rows ---- */

static void read_bucket(struct rows *rows, struct arena *arena, struct bucket *bucket)
{
	*bucket = (struct bucket){
		.account = rows_text(rows, 0, arena),
		.name = rows_text(rows, 1, arena),
		.region = rows_text(rows, 2, arena),
		.created_ms = rows_i64(rows, 3),
		.versioning = (enum versioning)rows_i64(rows, 4),
		.has_mfa_delete = rows_i64(rows, 5) != 0,
		.has_object_lock = rows_i64(rows, 6) != 0,
		.ownership = (enum ownership)rows_i64(rows, 7),
		.public_access_block = (unsigned)rows_i64(rows, 8),
		.has_policy = rows_i64(rows, 9) != 0,
		.has_public_policy = rows_i64(rows, 10) != 0,
		.retention = { rows_text(rows, 11, arena), rows_i64(rows, 12), rows_i64(rows, 13) },
	};
}

const struct bucket *buckets_find(struct catalog *catalog, struct arena *arena, struct slice name, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, FROM_BUCKETS "WHERE name = ?1", "t", name);
	struct bucket *bucket = NULL;

	if (rows_next(&rows)) {
		bucket = arena_new(arena, struct bucket);
		read_bucket(&rows, arena, bucket);
	}
	return rows_close(&rows) ? bucket : NULL;
}

const struct bucket *buckets_get(struct catalog *catalog, struct arena *arena, struct slice name, struct error *err)
{
	const struct bucket *bucket = buckets_find(catalog, arena, name, err);

	if (!bucket && err->kind == ERR_NONE)
		fail_as(err, ERR_NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist");
	return bucket;
}

static bool fail_exists(struct catalog *catalog, const struct bucket *bucket, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, "SELECT 1 FROM buckets WHERE account = ?1 AND name = ?2", "tt",
	                                 bucket->account, bucket->name);
	bool is_own = rows_next(&rows);

	if (!rows_close(&rows))
		return false;
	return is_own ? fail_as(err, ERR_CONFLICT, "BucketAlreadyOwnedByYou",
	                        "Your previous request to create the named bucket succeeded and you already own it.")
	              : fail_as(err, ERR_CONFLICT, "BucketAlreadyExists",
	                        "The requested bucket name is not available. The bucket namespace is shared by all users of the "
	                        "system. Please select a different name and try again.");
}

bool buckets_insert(struct catalog *catalog, const struct bucket *bucket, struct error *err)
{
	struct error full = { 0 };

	if (!catalog_run(catalog, err,
	                 "INSERT INTO buckets (account, name, region, created_ms, versioning, has_mfa_delete, has_object_lock,"
	                 " retention_days, retention_years, ownership, public_access_block, has_policy, has_public_policy)"
	                 " VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, 0, 0, ?7, ?8, 0, 0) ON CONFLICT DO NOTHING",
	                 "tttiiiii", bucket->account, bucket->name, bucket->region, bucket->created_ms,
	                 (int64_t)bucket->versioning, (int64_t)bucket->has_object_lock, (int64_t)bucket->ownership,
	                 (int64_t)bucket->public_access_block))
		return false;
	if (catalog_changes(catalog) == 0)
		return fail_exists(catalog, bucket, err);
	if (quotas_take(catalog, bucket->account, QUOTA_BUCKETS, &full))
		return true;
	if (full.kind == ERR_CONFLICT)
		return fail_as(err, ERR_LIMIT, "TooManyBuckets", "You have attempted to create more buckets than allowed");
	*err = full;
	return false;
}

bool buckets_list(struct catalog *catalog, struct arena *arena, struct slice account, const struct buckets_wanted *wanted,
                  struct bucket_list *list, struct error *err)
{
	struct slice prefix = wanted->prefix.ptr ? wanted->prefix : S("");
	struct slice after = wanted->after.ptr ? wanted->after : S("");
	struct rows rows = catalog_query(catalog, err,
	                                 FROM_BUCKETS "WHERE account = ?1 AND name > ?2 AND name >= ?3 AND name < ?4"
	                                 " AND (?5 IS NULL OR region = ?5) ORDER BY name LIMIT ?6", "ttttti", account, after,
	                                 prefix, arena_format(arena, "%.*s\x7f", SLICE_ARG(prefix)), wanted->region,
	                                 (int64_t)wanted->limit + 1);

	*list = (struct bucket_list){ 0 };
	while (rows_next(&rows)) {
		if (list->count == wanted->limit) {
			list->is_truncated = true;
			break;
		}
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		read_bucket(&rows, arena, &list->items[list->count++]);
	}
	return rows_close(&rows);
}

bool buckets_set_versioning(struct catalog *catalog, const struct bucket *bucket, enum versioning versioning,
                            bool has_mfa_delete, struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE buckets SET versioning = ?3, has_mfa_delete = ?4 WHERE account = ?1 AND name = ?2", "ttii",
	                   bucket->account, bucket->name, (int64_t)versioning, (int64_t)has_mfa_delete);
}

bool buckets_set_object_lock(struct catalog *catalog, const struct bucket *bucket, const struct retention *retention,
                             struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE buckets SET has_object_lock = 1, retention_mode = ?3, retention_days = ?4, retention_years = ?5"
	                   " WHERE account = ?1 AND name = ?2", "tttii", bucket->account, bucket->name, retention->mode,
	                   retention->days, retention->years);
}

bool buckets_set_ownership(struct catalog *catalog, const struct bucket *bucket, enum ownership ownership, struct error *err)
{
	return catalog_run(catalog, err, "UPDATE buckets SET ownership = ?3 WHERE account = ?1 AND name = ?2", "tti",
	                   bucket->account, bucket->name, (int64_t)ownership);
}

bool buckets_set_public_access_block(struct catalog *catalog, const struct bucket *bucket, unsigned flags, struct error *err)
{
	return catalog_run(catalog, err, "UPDATE buckets SET public_access_block = ?3 WHERE account = ?1 AND name = ?2", "tti",
	                   bucket->account, bucket->name, (int64_t)flags);
}

bool buckets_set_policy(struct catalog *catalog, const struct bucket *bucket, bool has_policy, bool is_public,
                        struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE buckets SET has_policy = ?3, has_public_policy = ?4 WHERE account = ?1 AND name = ?2", "ttii",
	                   bucket->account, bucket->name, (int64_t)has_policy, (int64_t)is_public);
}

bool buckets_delete(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, int64_t now_ms,
                    struct error *err)
{
	bool is_any;

	if (!versions_any(catalog, bucket, &is_any, err))
		return false;
	if (is_any && bucket->versioning != VERSIONING_NEVER)
		return fail_as(err, ERR_CONFLICT, "BucketNotEmpty",
		               "The bucket you tried to delete is not empty. You must delete all versions in the bucket.");
	if (is_any)
		return fail_as(err, ERR_CONFLICT, "BucketNotEmpty", "The bucket you tried to delete is not empty");
	return uploads_delete_all(catalog, arena, bucket, now_ms, err) && documents_delete_all(catalog, bucket, err)
	    && catalog_run(catalog, err, "DELETE FROM buckets WHERE account = ?1 AND name = ?2", "tt", bucket->account,
	                   bucket->name)
	    && quotas_give_back(catalog, bucket->account, QUOTA_BUCKETS, err);
}
