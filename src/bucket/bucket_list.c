/* bucket/bucket_list.c: one walk for objects, versions and uploads; they differ in their query and in what a row is.
 *
 * The walk keeps the first key that may come next. Behind a key that is the key and a NUL byte, behind a group its common
 * prefix and a byte FF, which no UTF-8 has: so every step is one search in an index. */
#include "bucket/bucket_list.h"

#include "auth/page.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "store/catalog.h"

struct walk {
	struct catalog            *catalog;
	struct arena              *arena;
	const struct bucket       *bucket;
	const struct list_wanted  *wanted;
	struct listed             *listed;
	struct slice               prefix, delimiter;   /* "" for none */
	struct slice               from;                /* the first key that may come next */
	struct slice               end;                 /* behind all keys with the prefix */
	struct slice               id;                  /* phase of an unfinished key: the version or upload behind which it goes on */
	struct error              *err;

	struct rows (*query)(struct walk *walk);        /* keys from `from` to `end`, in order, key first in the row */
	void        (*add)(struct walk *walk, struct rows *rows);
};

static struct slice with_byte(struct arena *arena, struct slice text, char byte)
{
	char *joined = arena_alloc(arena, text.len + 1);

	if (text.len)
		memcpy(joined, text.ptr, text.len);
	joined[text.len] = byte;
	return (struct slice){ joined, text.len + 1 };
}

/* The common prefix that `key` is shown as; SLICE_NONE: it is shown itself. */
static struct slice group_of(const struct walk *walk, struct slice key)
{
	size_t at;

	if (walk->delimiter.len == 0 || !slice_has_prefix(key, walk->prefix))
		return SLICE_NONE;
	at = slice_find(slice_from(key, walk->prefix.len), walk->delimiter);
	return at == SLICE_NPOS ? SLICE_NONE : slice_sub(key, 0, walk->prefix.len + at + walk->delimiter.len);
}

static bool is_full(const struct walk *walk)
{
	return walk->listed->count + walk->listed->prefix_count == walk->wanted->limit;
}

static void add_prefix(struct walk *walk, struct slice group)
{
	struct listed *listed = walk->listed;

	listed->prefixes = page_grow(walk->arena, listed->prefixes, listed->prefix_count, sizeof *listed->prefixes);
	listed->prefixes[listed->prefix_count++] = group;
	listed->next = group;
	listed->next_id = SLICE_NONE;
	walk->from = with_byte(walk->arena, group, '\xff');
}

enum step { STEP_END, STEP_SEEK, STEP_FAILED };

/* Reads until the page is full, or a group begins, behind which the next query goes on. */
static enum step step(struct walk *walk)
{
	struct rows rows = walk->query(walk);
	enum step next = STEP_END;

	while (next == STEP_END && rows_next(&rows)) {
		struct slice key = rows_text(&rows, 0, walk->arena), group = group_of(walk, key);
		if (is_full(walk)) {
			walk->listed->is_truncated = true;
			break;
		}
		if (group.ptr) {
			add_prefix(walk, group);
			next = STEP_SEEK;
		} else {
			walk->add(walk, &rows);
		}
	}
	return rows_close(&rows) ? next : STEP_FAILED;
}

static void begin(struct walk *walk)
{
	const struct list_wanted *wanted = walk->wanted;
	struct slice after = wanted->after.ptr ? wanted->after : S(""), group;

	*walk->listed = (struct listed){ 0 };
	walk->prefix = wanted->prefix.ptr ? wanted->prefix : S("");
	walk->delimiter = wanted->delimiter.ptr ? wanted->delimiter : S("");
	walk->end = with_byte(walk->arena, walk->prefix, '\xff');
	walk->from = walk->prefix;
	if (after.len == 0 || slice_compare(after, walk->prefix) < 0)
		return;
	group = wanted->is_start_after ? SLICE_NONE : group_of(walk, after);
	walk->from = group.ptr ? with_byte(walk->arena, group, '\xff') : with_byte(walk->arena, after, '\0');
	if (!group.ptr)
		walk->id = wanted->after_id;
}

static bool run(struct walk *walk)
{
	enum step next = STEP_SEEK;

	if (walk->wanted->limit == 0)
		return true;
	while (next == STEP_SEEK)
		next = step(walk);
	return next == STEP_END;
}

/* ---- objects and versions ---- */

static struct rows query_objects(struct walk *walk)
{
	return catalog_query(walk->catalog, walk->err,
	                     "SELECT " VERSIONS_COLUMNS " FROM object_versions v INDEXED BY object_versions_listed"
	                     " WHERE v.account = ?1 AND v.bucket = ?2 AND v.key >= ?3 AND v.key < ?4"
	                     " AND v.noncurrent_ms IS NULL AND v.is_marker = 0 ORDER BY v.key", "tttt", walk->bucket->account,
	                     walk->bucket->name, walk->from, walk->end);
}

static struct rows query_versions(struct walk *walk)
{
	return catalog_query(walk->catalog, walk->err,
	                     "SELECT " VERSIONS_COLUMNS " FROM object_versions v"
	                     " WHERE v.account = ?1 AND v.bucket = ?2 AND v.key >= ?3 AND v.key < ?4"
	                     " ORDER BY v.key, v.position DESC", "tttt", walk->bucket->account, walk->bucket->name, walk->from,
	                     walk->end);
}

static void add_version(struct walk *walk, struct rows *rows)
{
	struct listed *listed = walk->listed;

	listed->versions = page_grow(walk->arena, listed->versions, listed->count, sizeof *listed->versions);
	versions_read(rows, walk->arena, &listed->versions[listed->count]);
	listed->next = listed->versions[listed->count].key;
	listed->next_id = listed->versions[listed->count].version_id;
	listed->count++;
}

bool bucket_list_objects(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                         const struct list_wanted *wanted, struct listed *listed, struct error *err)
{
	struct walk walk = {
		.catalog = catalog, .arena = arena, .bucket = bucket, .wanted = wanted, .listed = listed, .err = err,
		.query = query_objects, .add = add_version,
	};

	begin(&walk);
	return run(&walk);
}

/* The rest of the key that the page before ended in. Its last version may have been deleted since, as clients do that
 * empty a bucket page by page: then all that is left of the key is shown. */
static struct rows query_rest(struct walk *walk, int64_t position)
{
	return catalog_query(walk->catalog, walk->err,
	                     "SELECT " VERSIONS_COLUMNS " FROM object_versions v"
	                     " WHERE v.account = ?1 AND v.bucket = ?2 AND v.key = ?3 AND v.position < ?4"
	                     " ORDER BY v.position DESC", "ttti", walk->bucket->account, walk->bucket->name, walk->wanted->after,
	                     position);
}

static bool list_rest(struct walk *walk)
{
	struct error failure = { 0 };
	const struct version *last = versions_find(walk->catalog, walk->arena, walk->bucket, walk->wanted->after, walk->id,
	                                           &failure);
	if (failure.kind != ERR_NONE) {
		*walk->err = failure;
		return false;
	}
	struct rows rows = query_rest(walk, last ? last->position : INT64_MAX);
	while (!walk->listed->is_truncated && rows_next(&rows)) {
		if (is_full(walk))
			walk->listed->is_truncated = true;
		else
			add_version(walk, &rows);
	}
	return rows_close(&rows);
}

bool bucket_list_versions(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                          const struct list_wanted *wanted, struct listed *listed, struct error *err)
{
	struct walk walk = {
		.catalog = catalog, .arena = arena, .bucket = bucket, .wanted = wanted, .listed = listed, .err = err,
		.query = query_versions, .add = add_version,
	};

	begin(&walk);
	if (wanted->limit && walk.id.ptr && slice_has_prefix(wanted->after, walk.prefix) && !list_rest(&walk))
		return false;
	return listed->is_truncated || run(&walk);
}

/* ---- uploads ---- */

static struct rows query_uploads(struct walk *walk)
{
	return catalog_query(walk->catalog, walk->err,
	                     "SELECT " UPLOADS_COLUMNS " FROM uploads u"
	                     " WHERE u.account = ?1 AND u.bucket = ?2 AND u.key >= ?3 AND u.key < ?4"
	                     " ORDER BY u.key, u.upload_id", "tttt", walk->bucket->account, walk->bucket->name, walk->from,
	                     walk->end);
}

static void add_upload(struct walk *walk, struct rows *rows)
{
	struct listed *listed = walk->listed;

	listed->uploads = page_grow(walk->arena, listed->uploads, listed->count, sizeof *listed->uploads);
	uploads_read(rows, walk->arena, &listed->uploads[listed->count]);
	listed->next = listed->uploads[listed->count].key;
	listed->next_id = listed->uploads[listed->count].upload_id;
	listed->count++;
}

static bool list_rest_of_uploads(struct walk *walk)
{
	struct rows rows = catalog_query(walk->catalog, walk->err,
	                                 "SELECT " UPLOADS_COLUMNS " FROM uploads u"
	                                 " WHERE u.account = ?1 AND u.bucket = ?2 AND u.key = ?3 AND u.upload_id > ?4"
	                                 " ORDER BY u.upload_id", "tttt", walk->bucket->account, walk->bucket->name,
	                                 walk->wanted->after, walk->id);

	while (!walk->listed->is_truncated && rows_next(&rows)) {
		if (is_full(walk))
			walk->listed->is_truncated = true;
		else
			add_upload(walk, &rows);
	}
	return rows_close(&rows);
}

bool bucket_list_uploads(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                         const struct list_wanted *wanted, struct listed *listed, struct error *err)
{
	struct walk walk = {
		.catalog = catalog, .arena = arena, .bucket = bucket, .wanted = wanted, .listed = listed, .err = err,
		.query = query_uploads, .add = add_upload,
	};

	begin(&walk);
	if (wanted->limit && walk.id.ptr && slice_has_prefix(wanted->after, walk.prefix) && !list_rest_of_uploads(&walk))
		return false;
	return listed->is_truncated || run(&walk);
}

/* ---- tokens ---- */

static const uint64_t TOKEN_SEED = 0x733374306b656e31;          /* another one when the meaning changes */

struct slice bucket_list_token(struct arena *arena, struct slice next)
{
	uint64_t check = hash64_seeded(next, TOKEN_SEED);
	char *plain = arena_alloc(arena, sizeof check + next.len);

	memcpy(plain, &check, sizeof check);
	if (next.len)
		memcpy(plain + sizeof check, next.ptr, next.len);
	return base64_text(arena, (struct slice){ plain, sizeof check + next.len });
}

bool bucket_list_token_read(struct arena *arena, struct slice token, struct slice *next, struct error *err)
{
	struct error ignored;
	struct slice plain = token.len && token.len <= S3_TOKEN_BYTES_MAX ? base64_decode(arena, token, &ignored) : SLICE_NONE;
	uint64_t check;

	if (plain.ptr && plain.len > sizeof check) {
		memcpy(&check, plain.ptr, sizeof check);
		*next = slice_from(plain, sizeof check);
		if (hash64_seeded(*next, TOKEN_SEED) == check)
			return true;
	}
	return fail_as(err, ERR_INVALID, "InvalidArgument", "The continuation token provided is incorrect");
}
