/* bucket/stored_files.c: whole tables, row by row: nobody who is waiting for an answer may ask this. */
#include "bucket/stored_files.h"

#include "store/catalog.h"

static bool each_version(struct rows *rows, struct arena *arena,
                         bool (*each)(void *user, const struct stored_file *stored, struct error *err), void *user,
                         struct error *err)
{
	bool ok = true;

	while (ok && rows_next(rows)) {
		struct stored_file stored = {
			.account = rows_text(rows, 0, arena), .bucket = rows_text(rows, 1, arena), .key = rows_text(rows, 2, arena),
			.version_id = rows_text(rows, 3, arena), .file = rows_text(rows, 4, arena), .sealed_key = rows_blob(rows, 5, arena),
			.bytes = rows_i64(rows, 6),
		};
		ok = each(user, &stored, err);
	}
	return rows_close(rows) && ok;
}

static bool each_part(struct rows *rows, struct arena *arena,
                      bool (*each)(void *user, const struct stored_file *stored, struct error *err), void *user,
                      struct error *err)
{
	bool ok = true;

	while (ok && rows_next(rows)) {
		struct stored_file stored = {
			.account = rows_text(rows, 0, arena), .parts_id = rows_text(rows, 1, arena), .number = rows_i64(rows, 2),
			.file = rows_text(rows, 3, arena), .sealed_key = rows_blob(rows, 4, arena), .bytes = rows_i64(rows, 5),
		};
		ok = each(user, &stored, err);
	}
	return rows_close(rows) && ok;
}

bool stored_files_each(struct catalog *catalog, struct arena *arena,
                       bool (*each)(void *user, const struct stored_file *stored, struct error *err), void *user,
                       struct error *err)
{
	struct rows versions = catalog_query(catalog, err,
	                                     "SELECT account, bucket, key, version_id, file, sealed_key, bytes FROM object_versions"
	                                     " WHERE file IS NOT NULL", "");
	if (!each_version(&versions, arena, each, user, err))
		return false;
	struct rows parts = catalog_query(catalog, err,
	                                  "SELECT account, parts_id, number, file, sealed_key, bytes FROM parts WHERE file IS NOT NULL",
	                                  "");
	return each_part(&parts, arena, each, user, err);
}

/* The sum of no part is NULL, which is not 0. */
bool stored_files_each_incomplete(struct catalog *catalog, struct arena *arena,
                                  bool (*each)(void *user, const struct stored_file *stored, struct error *err), void *user,
                                  struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT v.account, v.bucket, v.key, v.version_id, NULL, NULL, v.bytes FROM object_versions v"
	                                 " WHERE (v.parts_id IS NOT NULL AND v.bytes IS NOT"
	                                 " (SELECT sum(p.bytes) FROM parts p WHERE p.account = v.account AND p.parts_id = v.parts_id))"
	                                 " OR (v.parts_id IS NULL AND v.file IS NULL AND v.bytes <> 0)", "");

	return each_version(&rows, arena, each, user, err);
}
